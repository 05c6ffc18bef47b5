"""Sorts the lists inside a dump's statements whose order follows the history, not the state.

PostgreSQL keeps them in arrays, in the order in which their items were named, and takes no notice
of it: the options of anything, a policy's roles, an event trigger's tags, a function's settings.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from consolidate.catalog.dump_text import Token

Statement: TypeAlias = "tuple[Token, ...]"

_LIST: Final = (("space", " "), ("other", "("))
_CLAUSE: Final = ("space", "\n    ")
"""What stands before each clause of a function, and nowhere in a body that is no string."""


def with_sorted_lists(type_: str, statement: Statement) -> Statement:
    """A statement of an entry of that type, with the items of such lists in alphabetical order."""
    rule = _BY_TYPE.get(type_)
    return tuple(_options(rule(statement) if rule else statement))


def _options(statement: Statement) -> Iterator[Token]:
    """Sorts the items of option lists.

    `SET (…)` is one only in ALTER: an UPDATE in a rule may have a row there, and `WITH (` occurs
    in no query.
    """
    openers = {"WITH", "OPTIONS"} | ({"SET"} if statement[0][1] == "ALTER" else set())
    yield from _lists_behind(statement, openers)


def _tags(statement: Statement) -> Statement:
    return tuple(_lists_behind(statement, {"IN"}))


def _lists_behind(statement: Statement, openers: set[str]) -> Iterator[Token]:
    position = 0
    while position < len(statement):
        kind, piece = statement[position]
        yield kind, piece
        position += 1
        if kind == "word" and piece in openers and statement[position : position + 2] == _LIST:
            items, position = _items(statement, position + 2)
            yield "other", f" ({', '.join(sorted(items))})"


def _items(statement: Sequence[Token], position: int) -> tuple[list[str], int]:
    """The items of the list that begins there, and the position behind its parenthesis."""
    items, depth = [""], 1
    while depth:
        kind, piece = statement[position]
        position += 1
        if kind == "other":
            depth += (piece == "(") - (piece == ")")
            if piece == "," and depth == 1:
                items.append("")
                continue
        if depth:
            items[-1] += piece
    return [item.strip() for item in items], position


def _roles(statement: Statement) -> Statement:
    """Sorts the roles between a policy's `TO` and what follows them."""
    if ("word", "TO") not in statement:
        return statement
    start = statement.index(("word", "TO")) + 2
    end = start
    while statement[end][1] not in {" ", ";"} or statement[end - 1] == ("other", ","):
        end += 1
    names = sorted(token for token in statement[start:end] if token[0] in {"word", "quoted"})
    listed = [token for name in names for token in (("other", ","), ("space", " "), name)]
    return (*statement[:start], *listed[2:], *statement[end:])


def _settings(statement: Statement) -> Statement:
    """Sorts a function's `SET` clauses, which stand together, each on a line of its own."""
    starts = [at for at, token in enumerate(statement) if token == _CLAUSE]
    if not starts:
        return statement
    ends = [*starts[1:], len(statement)]
    clauses = [statement[start:end] for start, end in zip(starts, ends, strict=True)]
    settings = iter(sorted(filter(_is_setting, clauses)))
    placed = (next(settings) if _is_setting(clause) else clause for clause in clauses)
    return (*statement[: starts[0]], *chain.from_iterable(placed))


def _is_setting(clause: Statement) -> bool:
    return clause[1] == ("word", "SET")


_BY_TYPE: Final[Mapping[str, Callable[[Statement], Statement]]] = {
    "EVENT TRIGGER": _tags,
    "FUNCTION": _settings,
    "POLICY": _roles,
    "PROCEDURE": _settings,
}
