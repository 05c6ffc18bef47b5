"""Reading SQL texts as migrations, and spelling effects so that a test can state them whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from consolidate import effects, statements
from consolidate.model import Migration

if TYPE_CHECKING:
    from pathlib import Path

    from consolidate.effects import Effect
    from consolidate.model import ObjectId, Statement

Spelled = dict[str, list[str]]


class Parse(Protocol):
    """The statements of several files."""

    def __call__(self, *files: str) -> tuple[Statement, ...]: ...


class Read(Protocol):
    """The spelled effects of the statements of several files, without their needs."""

    def __call__(self, *files: str, before: str = "", major: int = 18) -> list[Spelled]: ...


@pytest.fixture(scope="session")
def parse() -> Parse:
    def parse_files(*files: str) -> tuple[Statement, ...]:
        return tuple(
            statement
            for number, text in enumerate(files, 1)
            for statement in statements.parse(
                Migration(number=number, path=f"{number}.sql", version="", text=text, sha256="")
            )
            if statement.sql
        )

    return parse_files


@pytest.fixture(scope="session")
def read(parse: Parse) -> Read:
    def read_files(*files: str, before: str = "", major: int = 18) -> list[Spelled]:
        found = effects.run(parse(*files), before=parse(before), scope=effects.Scope(major=major))
        return [_spelled(effect) for effect in found]

    return read_files


@pytest.fixture(scope="session")
def needs(parse: Parse) -> Read:
    """Like `read`, but only the needs, those of being in a schema left away."""

    def read_files(*files: str, before: str = "", major: int = 18) -> list[Spelled]:
        found = effects.run(parse(*files), before=parse(before), scope=effects.Scope(major=major))
        return [_needs(effect) for effect in found]

    return read_files


@pytest.fixture(scope="session")
def procrastinate(procrastinate_sql: Path) -> tuple[str, ...]:
    """The migrations of procrastinate in the order in which its authors apply them."""
    found = sorted(procrastinate_sql.glob("migrations/*.sql"))
    return tuple(path.read_bytes().decode() for path in found)


def _spelled(effect: Effect) -> Spelled:
    fields: Spelled = {
        "creates": _names(effect.creates),
        "replaces": _names(effect.replaces),
        "alters": [f"{thing}: {aspect}" for thing, aspect in effect.alters],
        "drops": _names(effect.drops),
        "renames": [f"{old} -> {new}" for old, new in effect.renames],
        "mentions": [
            f"{m.by or 'statement'} {'~>' if m.uncertain else '->'} {m.on}" for m in effect.mentions
        ],
        "writes": _names(effect.writes_rows),
        "reads": _names(effect.reads_rows),
        "session": [f"{name} = {value}" for name, value in effect.session],
        "transaction": [effect.transaction] if effect.transaction else [],
        "outside": ["transaction"] if effect.outside_transaction else [],
        "opaque": [effect.opaque] if effect.opaque else [],
        "unread": list(effect.unread),
    }
    return {key: value for key, value in fields.items() if value}


def _needs(effect: Effect) -> Spelled:
    found: Spelled = {}
    for need in effect.needs:
        if need.on.kind != "schema":
            by = str(need.by or "statement")
            found.setdefault(by, []).append(f"{need.on} ({need.why})")
    return found


def _names(things: tuple[ObjectId, ...]) -> list[str]:
    return [str(thing) for thing in things]
