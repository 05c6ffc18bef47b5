"""What must hold for any text at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from consolidate import effects, graph, lexer, psql, statements
from consolidate.errors import InputProblem
from consolidate.model import Migration
from consolidate.places import SourceText
from consolidate.psql.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.effects import Effect
    from consolidate.model import Statement


class _NoFiles:
    def script(self, name: str, asked_by: str, *, beside: bool) -> NoReturn:
        del asked_by, beside
        raise Refusal(f"there is no {name}")

    def rows(self, name: str, asked_by: str) -> NoReturn:
        del asked_by
        raise Refusal(f"there is no {name}")


def check_pieces(pieces: Sequence[tuple[str, str]]) -> int:
    """Reads pieces as one text, and together those that are SQL by themselves; how many are.

    Raises:
        AssertionError: As `check` does.
    """
    check("".join(part for pair in pieces for part in pair))
    good = [piece for piece, _ in pieces if check(piece)]
    check("\n;\n".join(good))
    return len(good)


def check(text: str) -> bool:
    """Reads a text as a migration; whether it could be parsed.

    Raises:
        AssertionError: Something does not hold.
        Exception: Whatever the program itself raised where it must raise nothing.
    """
    assert list(lexer.tokens(text)) == sorted(lexer.tokens(text), key=lambda token: token.start)
    lexer.prepare(text)
    try:
        source = psql.expand(SourceText(path="x.sql", text=text), _NoFiles()).source
    except InputProblem:
        source = SourceText(path="x.sql", text=text)
    read = _parsed(Migration(number=1, path="x.sql", version="", text=source.text, sha256=""))
    if not read:
        return False
    assert "".join(statement.text for statement in read) == source.text
    places = [(statement.span.line, statement.span.column) for statement in read]
    assert places == sorted(places)
    _check_effects([statement for statement in read if statement.sql])
    return True


def _parsed(migration: Migration) -> tuple[Statement, ...]:
    try:
        return statements.parse(migration)
    except InputProblem:
        return ()


def _check_effects(read: Sequence[Statement]) -> None:
    found = effects.run(read)
    assert [effect.statement for effect in found] == [statement.id for statement in read]
    unread = [effect.opaque for effect in found if _is_unread(effect)]
    assert not unread, unread
    built = graph.build(found)
    built.findings()
    built.surviving()
    built.vanished()
    _check_rollback(read, found)


def _is_unread(effect: Effect) -> bool:
    return any(word in (effect.opaque or "") for word in ("could not be read", "not understood"))


def _check_rollback(read: Sequence[Statement], once: Sequence[Effect]) -> None:
    """What was tried and rolled back leaves nothing behind, and is read the same again."""
    if any(statement.kind in _OF_SESSIONS for statement in read):
        return
    begin, rollback = _parsed(
        Migration(number=2, path="x.sql", version="", text="begin; rollback", sha256="")
    )
    found = effects.run((begin, *read, rollback, *read))
    assert all(effect.undone for effect in found[1 : len(read) + 1])
    assert found[len(read) + 2 :] == tuple(once)


_OF_SESSIONS = frozenset({"TransactionStmt", "DiscardStmt", "PrepareStmt", "DeallocateStmt"})
"""What ends transactions, or is not part of them."""
