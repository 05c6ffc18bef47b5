"""What a server must have is known before anything is replayed, and `auto` chooses by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from consolidate import requirements, servers, statements
from consolidate.errors import EnvironmentProblem
from consolidate.model import Migration
from consolidate.servers import choose
from consolidate.servers.offer import Extension, Offer

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from consolidate.requirements import Need
    from consolidate.servers.interface import Cluster


def extension(
    *versions: str, schema: str | None = None, requires: tuple[str, ...] = (), trusted: bool = False
) -> Extension:
    return Extension(
        default=versions[-1],
        versions=frozenset(versions),
        schema=schema,
        requires=requires,
        trusted=trusted,
    )


@dataclass(frozen=True)
class Having:
    """A server that is never started."""

    url: str
    extensions: dict[str, Extension] = field(default_factory=dict)
    icu: bool = False
    superuser: bool = True
    major: int = 18
    side_by_side = True
    guest = False
    allow_cluster_changes = True

    def offer(self) -> Offer:
        return Offer(
            version="18.4",
            role="clerk",
            superuser=self.superuser,
            extensions=self.extensions,
            icu=self.icu,
            locale="C.UTF-8",
        )

    def cluster(self) -> AbstractContextManager[Cluster]:
        raise AssertionError


POOR = Having("poor://1")
RICH = Having(
    "rich://1",
    {
        "uuid-ossp": extension("1.0", "1.1"),
        "citext": extension("1.6", trusted=True),
        "cron": extension("1.5", schema="pg_catalog"),
        "earth": extension("1.1", requires=("cube",)),
    },
    icu=True,
)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is installed on this machine."""
    monkeypatch.setattr(requirements, "at_hand", lambda: iter(()))


def needs(text: str) -> tuple[Need, ...]:
    migration = Migration(number=1, path="a.sql", version="", text=text, sha256="")
    return requirements.needs([statements.parse(migration)])


def problems(text: str, *asked: Having) -> tuple[str, ...]:
    with pytest.raises(EnvironmentProblem) as caught:
        requirements.require(needs(text), asked)
    assert caught.value.exit_code == 4
    return caught.value.problems


TEXT = """\
CREATE EXTENSION plpgsql;
CREATE EXTENSION IF NOT EXISTS "uuid-ossp" SCHEMA public;
  create extension citext;
"""


def test_every_extension_that_is_lacking_is_told_with_its_place_and_who_has_it() -> None:
    requirements.require(needs(TEXT), [RICH])
    with pytest.raises(EnvironmentProblem, match=r"does not have: citext, uuid-ossp\.") as caught:
        requirements.require(needs(TEXT), [POOR, RICH])
    assert caught.value.problems == (
        "a.sql:2:1: poor://1 lacks uuid-ossp; rich://1 has it",
        "a.sql:3:3: poor://1 lacks citext; rich://1 has it",
    )
    assert caught.value.hint.startswith("`--server rich://1` has all of it.")


def test_what_no_server_of_this_machine_has_is_told_with_where_to_get_it() -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        requirements.require(
            needs(f"{TEXT}CREATE EXTENSION postgis; CREATE EXTENSION pg_net"), [RICH]
        )
    assert caught.value.hint.startswith(
        "No server of this machine has pg_net or postgis: name one that does with --server, such as"
        " an image (docker://IMAGE). "
    )


def test_who_has_it_may_be_installed_and_not_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "at_hand", lambda: iter((POOR, RICH)))
    assert problems("CREATE EXTENSION citext", POOR) == (
        "a.sql:1:1: poor://1 lacks citext; rich://1 has it",
    )


@pytest.mark.parametrize(
    ("statement", "lacking"),
    [
        ("CREATE EXTENSION citext VERSION '1.7'", "version 1.7 of citext, and has 1.6"),
        ("CREATE EXTENSION cron SCHEMA public", "cron in schema public: it stands in pg_catalog"),
        ("CREATE EXTENSION earth CASCADE", "cube, which earth requires"),
        ("CREATE EXTENSION postgis", "postgis"),
    ],
)
def test_versions_schemas_and_what_an_extension_requires_count_too(
    statement: str, lacking: str
) -> None:
    (told,) = problems(statement, RICH)
    assert told.startswith(f"a.sql:1:1: rich://1 lacks {lacking}")


def test_who_is_no_superuser_may_create_what_is_trusted_only() -> None:
    guest = Having("guest://1", RICH.extensions, superuser=False)
    requirements.require(needs("CREATE EXTENSION citext"), [guest])
    (told,) = problems('CREATE EXTENSION "uuid-ossp"', guest)
    assert "lacks the right of role clerk to create uuid-ossp: it takes a superuser" in told


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE COLLATION german (provider = icu, locale = 'de')",
        "CREATE COLLATION german (locale = 'de', provider = 'icu')",
        'CREATE TABLE t (a text COLLATE "de-x-icu")',
    ],
)
def test_icu_is_asked_for_by_its_name_or_by_a_locale_of_its(statement: str) -> None:
    assert problems(statement, POOR) == ("a.sql:1:1: poor://1 lacks collations of ICU",)
    requirements.require(needs(statement), [RICH])


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE COLLATION c (provider = libc, locale = 'C')",
        'CREATE COLLATION c FROM "C"',
        "CREATE EXTENSION plpgsql",
        "SELECT 'icu'",
    ],
)
def test_what_every_server_has_is_not_asked_for(statement: str) -> None:
    assert needs(statement) == ()


# -- auto -------------------------------------------------------------------------------------

EMBEDDED = (Having("embedded://18"), Having("embedded://16", major=16))
LOCAL_15 = Having("local://15", RICH.extensions, major=15)
DOCKER_17 = Having("docker://postgres:17", RICH.extensions, major=17)


def chosen(
    monkeypatch: pytest.MonkeyPatch, *there: Having, wanted: int | None = None, text: str = ""
) -> tuple[str, str]:
    monkeypatch.setattr(servers, "at_hand", lambda: iter((*there, *EMBEDDED)))
    asked = needs(text)
    choice = choose(wanted=wanted, lacks=lambda one: requirements.lacking(asked, one))
    return choice.server.url, choice.reason


@pytest.mark.parametrize(
    ("wanted", "url", "reason"),
    [
        (None, "embedded://18", "it needs nothing installed, and is the newest major version"),
        (16, "embedded://16", "the project runs on PostgreSQL 16"),
        (15, "embedded://16", "the project runs on PostgreSQL 15; this is the nearest"),
        (17, "embedded://18", "the project runs on PostgreSQL 17; this is the nearest"),
        (19, "embedded://18", "the project runs on PostgreSQL 19; this is the nearest"),
    ],
)
def test_auto_is_the_projects_major_or_the_next(
    wanted: int | None, url: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, why = chosen(monkeypatch, wanted=wanted)
    assert found == url
    assert why.startswith(reason)


def test_auto_is_dockers_official_image_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(monkeypatch, LOCAL_15, DOCKER_17) == (
        "docker://postgres:17",
        "Docker answers and has this image",
    )


def test_auto_is_what_is_installed_here_where_that_is_as_new_as_any(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    local_18 = Having("local://18")
    assert chosen(monkeypatch, local_18, LOCAL_15)[0] == "local://18"
    assert chosen(monkeypatch, LOCAL_15)[0] == "embedded://18"
    assert chosen(monkeypatch, LOCAL_15, wanted=15)[0] == "local://15"


def test_auto_has_what_the_history_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(monkeypatch, LOCAL_15, text="CREATE EXTENSION citext") == (
        "local://15",
        "embedded://18 lacks citext; embedded://16 lacks citext",
    )


def test_auto_lacks_the_least_where_nobody_has_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "CREATE EXTENSION citext; CREATE EXTENSION postgis"
    assert chosen(monkeypatch, LOCAL_15, text=text) == (
        "local://15",
        "no other lacks less than postgis",
    )
    assert chosen(monkeypatch, LOCAL_15, wanted=17, text=text) == (
        "local://15",
        "the project runs on PostgreSQL 17; no other lacks less than postgis",
    )


def test_auto_that_finds_nobody_who_has_it_is_the_one_it_would_be_anyway(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, why = chosen(monkeypatch, LOCAL_15, text="CREATE EXTENSION postgis")
    assert found == "embedded://18"
    assert why.startswith("it needs nothing installed")
