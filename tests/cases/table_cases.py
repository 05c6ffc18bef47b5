"""Cases about objects that were altered: small histories, and how these objects are written.

They are made as those about rows are, see `row_cases`; `expected.sql` holds the statements that
make the case's tables, constraints and what else stands in its schema.

    .venv/bin/python -m tests.cases.table_cases [CASE…]
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.cases import row_cases

KINDS = frozenset(
    {
        *("TABLE", "CONSTRAINT", "FK CONSTRAINT", "CHECK CONSTRAINT", "SEQUENCE", "INDEX"),
        *("TYPE", "DOMAIN", "FUNCTION", "VIEW", "MATERIALIZED VIEW"),
        *("TRIGGER", "POLICY", "ROW SECURITY"),
    }
)
CASES = row_cases.cases_in(Path(__file__).parent / "tables")

if __name__ == "__main__":
    row_cases.write(CASES, sys.argv[1:], KINDS)
