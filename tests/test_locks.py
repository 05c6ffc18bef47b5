"""The strongest lock that a statement takes on a table."""

from __future__ import annotations

import pglast
import pytest

from consolidate import locks
from consolidate.quietly import quietly

LOCKS = [
    ("DROP TABLE IF EXISTS public.a, b", {"public.a": "ACCESS EXCLUSIVE", "b": "ACCESS EXCLUSIVE"}),
    ('DROP TRIGGER x ON public."A a"', {'public."A a"': "ACCESS EXCLUSIVE"}),
    ("DROP FUNCTION public.f(integer)", {}),
    ("ALTER TABLE t ALTER a SET STATISTICS 5", {"t": "SHARE UPDATE EXCLUSIVE"}),
    ("ALTER TABLE t ALTER a SET STATISTICS 5, ALTER b SET DEFAULT 1", {"t": "ACCESS EXCLUSIVE"}),
    ("ALTER TABLE t DISABLE TRIGGER x", {"t": "SHARE ROW EXCLUSIVE"}),
    (
        "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES u",
        {"t": "SHARE ROW EXCLUSIVE", "u": "SHARE ROW EXCLUSIVE"},
    ),
    (
        "ALTER TABLE t ATTACH PARTITION p DEFAULT",
        {"t": "SHARE UPDATE EXCLUSIVE", "p": "ACCESS EXCLUSIVE"},
    ),
    (
        "ALTER TABLE t DETACH PARTITION p",
        {"t": "ACCESS EXCLUSIVE", "p": "ACCESS EXCLUSIVE"},
    ),
    ("ALTER TABLE t RENAME COLUMN a TO b", {"t": "ACCESS EXCLUSIVE"}),
    ("CREATE POLICY p ON t", {"t": "ACCESS EXCLUSIVE"}),
    ("CREATE INDEX i ON t (a)", {"t": "SHARE"}),
    ("CREATE OR REPLACE VIEW v AS SELECT 1", {"v": "ACCESS EXCLUSIVE"}),
    ("ALTER DOMAIN d DROP DEFAULT", {}),
    (
        quietly(["public.t"], ["DELETE FROM public.t;"]),
        {"public.t": "EXCLUSIVE"},
    ),
]


@pytest.mark.parametrize(("sql", "expected"), LOCKS)
def test_a_statement_locks_the_tables_that_it_names(sql: str, expected: dict[str, str]) -> None:
    (raw,) = pglast.parse_sql(sql)
    assert dict(locks.taken(raw.stmt)) == expected
