"""What came since the history ran, and is in the way of what a rollback puts back.

A file of `since/` holds the cases of one subject:

    name      what is in the way
    before    what the platform brought
    history   what the history does
    since     what is done after it
    said      what the rollback says, and then changes nothing
    stays     what has rows still once it may lose some
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from ruamel.yaml import YAML

from consolidate import layout
from consolidate.applying import LIFTED
from consolidate.empty_database import platform
from consolidate.servers import open_server
from tests.rollbacks import histories

pytestmark = pytest.mark.pg

SERVERS = ("embedded://16", "embedded://18")
_HERE = Path(__file__).parent / "since"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One entry of a YAML file."""

    subject: str
    name: str
    before: str
    history: str
    since: str
    said: str
    stays: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.name}"


CASES = tuple(
    Case(subject=file.stem, **entry)
    for file in sorted(_HERE.glob("*.yaml"))
    for entry in YAML(typ="safe").load(file.read_text(encoding="utf-8"))
)


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_is_named_and_counted_before_anything_changes(
    case: Case, server: str, tmp_path: Path
) -> None:
    own = histories.Case(family=case.subject, name="own", before=case.before, history=case.history)
    done = histories.built([own], tmp_path, server)
    with platform(open_server(server), done.truth.prelude) as (_, connection):
        database = histories.Database(done, connection)
        empty = database.state()
        database.apply(database.files[0])
        connection.execute(case.since.encode())
        filled = database.state()
        back = database.text(layout.rollback_of(database.files[0]))

        with pytest.raises(psycopg.errors.RaiseException) as refused:
            connection.execute(back.encode())

        assert refused.value.diag.message_primary == case.said.strip()
        connection.execute(b"RESET default_transaction_read_only")
        assert database.state() == filled
        connection.execute(f"{LIFTED}\n{back}".encode())
        assert database.state().catalog == empty.catalog
        assert connection.execute(case.stays.encode()).fetchall()
