"""Cases about tables that were altered: small histories, and how their tables are written.

They are made as those about rows are, see `row_cases`; `expected.sql` holds the statements that
make the case's tables and constraints.

    .venv/bin/python -m tests.cases.table_cases [CASE…]
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.cases import row_cases

KINDS = frozenset({"TABLE", "CONSTRAINT", "FK CONSTRAINT", "CHECK CONSTRAINT", "SEQUENCE"})
CASES = row_cases.cases_in(Path(__file__).parent / "tables")

if __name__ == "__main__":
    row_cases.write(CASES, sys.argv[1:], KINDS)
