"""What a server must have is known before it starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from consolidate import requirements, statements
from consolidate.errors import EnvironmentProblem
from consolidate.model import Migration
from consolidate.servers import choose, open_server

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from consolidate.servers.interface import Cluster

TEXT = """\
CREATE EXTENSION plpgsql;
CREATE EXTENSION IF NOT EXISTS "uuid-ossp" SCHEMA public;
  create extension citext;
"""


@dataclass
class Having:
    """A server that is never started."""

    url: str
    names: frozenset[str]

    def extensions(self) -> frozenset[str]:
        return self.names

    def cluster(self) -> AbstractContextManager[Cluster]:
        raise AssertionError


def require(*servers: Having) -> None:
    migration = Migration(number=1, path="a.sql", version="", text=TEXT, sha256="")
    requirements.require([statements.parse(migration)], servers)


def test_every_extension_that_is_lacking_is_told_with_its_place_and_who_has_it() -> None:
    poor = Having("poor://1", frozenset({"plpgsql"}))
    rich = Having("rich://1", frozenset({"plpgsql", "uuid-ossp", "citext"}))
    require(rich)
    with pytest.raises(EnvironmentProblem, match=r"2 extensions .*: citext, uuid-ossp") as caught:
        require(poor, rich)
    assert caught.value.exit_code == 4
    assert caught.value.problems == (
        "a.sql:2:1: poor://1 lacks uuid-ossp; rich://1 has it",
        "a.sql:3:3: poor://1 lacks citext; rich://1 has it",
    )


@pytest.mark.parametrize("major", [18, 16])
def test_the_embedded_server_has_plpgsql_and_no_contrib(major: int) -> None:
    offered = open_server(f"embedded://{major}").extensions()
    assert "plpgsql" in offered
    assert "citext" not in offered


@pytest.mark.parametrize(
    ("wanted", "url", "reason"),
    [
        (None, "embedded://18", "it needs nothing installed"),
        (16, "embedded://16", "the project runs on PostgreSQL 16"),
        (15, "embedded://16", "the project runs on PostgreSQL 15; this is the nearest"),
        (17, "embedded://18", "the project runs on PostgreSQL 17; this is the nearest"),
        (19, "embedded://18", "the project runs on PostgreSQL 19; this is the nearest"),
    ],
)
def test_the_server_is_the_projects_major_or_the_next(
    wanted: int | None, url: str, reason: str
) -> None:
    choice = choose("auto", wanted=wanted)
    assert choice.url == url
    assert choice.reason.startswith(reason)
