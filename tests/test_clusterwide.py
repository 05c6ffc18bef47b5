"""On a server that others use, nothing is changed that does not belong to our database."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from consolidate import clusterwide, statements
from consolidate.errors import EnvironmentProblem
from consolidate.model import Migration
from tests.test_requirements import Having


@dataclass(frozen=True)
class Guest(Having):
    url: str = field(default="postgresql://court", init=False)
    guest = True
    allow_cluster_changes: bool = False


OURS = Having("embedded://18")
REFUSING, ALLOWING = Guest(), Guest(allow_cluster_changes=True)


def require(text: str, *servers: Having) -> None:
    migration = Migration(number=1, path="a.sql", version="", text=text, sha256="")
    clusterwide.require([statements.parse(migration)], servers)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE ROLE clerk",
        "CREATE USER clerk",
        "ALTER ROLE clerk SET search_path = keys",
        "ALTER ROLE clerk NOLOGIN",
        "DROP ROLE clerk",
        "GRANT clerk TO judge",
        "COMMENT ON ROLE clerk IS 'x'",
        "ALTER ROLE clerk RENAME TO judge",
        "REASSIGN OWNED BY clerk TO judge",
        "DO $$ BEGIN IF true THEN CREATE ROLE clerk; END IF; END $$",
    ],
)
def test_roles_are_made_where_it_is_allowed_only(statement: str) -> None:
    require(statement, OURS, ALLOWING)
    with pytest.raises(EnvironmentProblem, match=r"^postgresql://court is not ours") as caught:
        require(f"SELECT 1;\n{statement};", OURS, REFUSING)
    assert caught.value.exit_code == 4
    (told,) = caught.value.problems
    assert told == f"a.sql:2:1: {statement}"
    assert "--allow-cluster-changes" in caught.value.hint


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE DATABASE d",
        "DROP DATABASE d",
        "ALTER DATABASE d SET work_mem = '1MB'",
        "ALTER DATABASE d OWNER TO judge",
        "ALTER DATABASE d RENAME TO e",
        "GRANT CONNECT ON DATABASE d TO clerk",
        "COMMENT ON DATABASE d IS 'x'",
        "ALTER SYSTEM SET work_mem = '1MB'",
        "CREATE TABLESPACE t LOCATION '/t'",
        "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
        "DO $$ BEGIN EXECUTE 'ALTER SYSTEM SET work_mem = 1'; END $$",
    ],
)
def test_what_is_not_ours_stays_as_it_is_whatever_is_allowed(statement: str) -> None:
    require(statement, OURS)
    for guest in (REFUSING, ALLOWING):
        with pytest.raises(EnvironmentProblem) as caught:
            require(statement, guest)
        assert "can be thrown away" in caught.value.hint


@pytest.mark.parametrize(
    "statement",
    [
        "GRANT SELECT ON keys TO clerk",
        "ALTER TABLE keys OWNER TO clerk",
        "COMMENT ON TABLE keys IS 'create role'",
        "CREATE USER MAPPING FOR clerk SERVER s",
        "DO $$ BEGIN CREATE USER MAPPING FOR clerk SERVER s; END $$",
        "DROP OWNED BY clerk",
        "SET ROLE clerk",
    ],
)
def test_what_stays_within_the_database_is_nobodys_business(statement: str) -> None:
    require(statement, REFUSING)
