"""The variables of psql: their values, and how they are put into SQL."""

from __future__ import annotations

import re

from consolidate import lexer
from consolidate.psql.refusal import Refusal

_NAME = re.compile(f"{lexer.WITHIN_NAME}+")
_BOOLEANS = {"true": True, "false": False, "yes": True, "no": False}
_SWITCHES = {"on": True, "off": False, "1": True, "0": False, "of": False}
_MEANINGFUL = {"AUTOCOMMIT": True, "SINGLELINE": False}
"""Variables that change which text is a statement or a transaction, with what they must stay."""


class Variables:
    r"""What `\set` has set so far; nothing is set when a file begins."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def set(self, name: str, value: str) -> None:
        """Sets a variable.

        Raises:
            Refusal: The name can not be one, or the variable changes how psql reads SQL.
        """
        if not _NAME.fullmatch(name):
            raise Refusal(f"{name} can not be the name of a variable")
        if name in _MEANINGFUL and boolean(value or "on") is not _MEANINGFUL[name]:
            raise Refusal(
                f"{name} changes what a statement or a transaction is; "
                "take the line out and write BEGIN, COMMIT and semicolons where they belong"
            )
        self._values[name] = value

    def assume(self, name: str) -> None:
        """Lets a variable whose value is not known stand for its own name."""
        if name not in _MEANINGFUL:
            self._values[name] = name

    def unset(self, name: str) -> None:
        """Forgets a variable."""
        self._values.pop(name, None)

    def expand(self, reference: str, *, within: frozenset[str] = frozenset()) -> str | None:
        """What stands for `:name`, `:'name'`, `:"name"` or `:{?name}` in SQL.

        None if psql would leave it alone, as it does where the variable is not set. The value of a
        plain `:name` may name other variables; those that it came from are left alone.

        Raises:
            Refusal: The value does not end where it began: in no string, name or comment.
        """
        value, name = self._value(reference)
        if value is None or not _NAME.fullmatch(reference[1:]):
            return value
        return self._nested(value, within | {name})

    def argument(self, reference: str) -> str | None:
        """The same for an argument of a command, where a value is not looked at again."""
        return self._value(reference)[0]

    def _value(self, reference: str) -> tuple[str | None, str]:
        name = reference.strip(":'\"{?}")
        if reference.startswith(":{"):
            return ("TRUE" if name in self._values else "FALSE"), name
        value = self._values.get(name)
        if value is None:
            return None, name
        if reference.startswith(":'"):
            return literal(value), name
        return (quoted(value) if reference.startswith(':"') else value), name

    def _nested(self, value: str, within: frozenset[str]) -> str:
        pieces = []
        done = 0
        last = None
        for token in lexer.tokens(value + ";"):
            last = token
            if token.kind == "backslash":
                raise Refusal("a variable whose value has a backslash outside of strings")
            if token.kind == "variable" and token.end <= len(value):
                reference = value[token.start : token.end]
                known = self._value(reference)[1] in within
                text = None if known else self.expand(reference, within=within)
                pieces += [value[done : token.start], reference if text is None else text]
                done = token.end
        if last is None or last.kind != "semicolon" or last.start != len(value):
            raise Refusal("a variable whose value opens a string, name or comment and leaves it so")
        return "".join([*pieces, value[done:]])


def literal(value: str) -> str:
    """A string constant as libpq's PQescapeLiteral writes it."""
    doubled = value.replace("'", "''")
    if "\\" in value:
        return " E'" + doubled.replace("\\", "\\\\") + "'"
    return f"'{doubled}'"


def quoted(value: str) -> str:
    """A name as libpq's PQescapeIdentifier writes it: always in quotes."""
    return '"' + value.replace('"', '""') + '"'


def boolean(text: str) -> bool:
    """A truth value as psql's ParseVariableBool reads it.

    Raises:
        Refusal: It is none.
    """
    word = text.strip().lower()
    for known, meant in _BOOLEANS.items():
        if word and known.startswith(word):
            return meant
    if word in _SWITCHES:
        return _SWITCHES[word]
    raise Refusal(
        f"{text or 'nothing'} is neither true nor false; "
        "keep what holds for your database, or configure a placeholder for it"
    )
