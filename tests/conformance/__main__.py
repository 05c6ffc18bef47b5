"""Prints of each case whether our output is proven and the wrong one is not.

.venv/bin/python -m tests.conformance
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.conformance.suite import CASES, suite


def main() -> int:
    """1 unless all cases pass."""
    with tempfile.TemporaryDirectory() as folder:
        tried = suite(Path(folder))
        ours = "proven" if tried.ours.equivalent else "NOT proven"
        passed = 0
        for case in CASES:
            told = tried.is_told(case)
            passed += told and tried.ours.equivalent
            wrong = "told" if told else "NOT TOLD"
            sys.stdout.write(f"  {case.folder.name:<36} ours {ours}, the wrong output {wrong}\n")
    sys.stdout.write(f"{passed} of {len(CASES)}\n")
    return 0 if passed == len(CASES) else 1


if __name__ == "__main__":
    sys.exit(main())
