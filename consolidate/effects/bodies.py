"""What the bodies of functions and DO blocks refer to."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pglast
from pglast.parser import ParseError

from consolidate.effects import declarations, dynamic
from consolidate.effects.flaws import Flaw, flaw_of
from consolidate.effects.references import References, references
from consolidate.names import fold
from consolidate.nesting import is_too_deep
from consolidate.parser import parse_sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.effects.dynamic import Text
    from consolidate.effects.things import Tree

_ASSIGNMENT_MODES = frozenset({3, 4, 5})
_EXPRESSION_MODE = 2
_TRIVIAL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?|\d+|'[^'\\]*'")
"""A variable, its field, a number or a string: they refer to no object."""
_EXECUTING = frozenset({"PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors"})
_WITHOUT_TEXT = frozenset({"c", "internal"})
"""Languages whose functions are named in a library instead of written down."""


@dataclass(slots=True)
class Body:
    """What a text refers to that PostgreSQL looks up only when it runs."""

    certain: References = field(default_factory=References)
    uncertain: References = field(default_factory=References)
    """What is in the texts of EXECUTE, or was read word by word."""
    commands: list[Tree] = field(default_factory=list)
    """The statements that it runs, less those that only read."""
    unread: list[str] = field(default_factory=list)
    """What of it can not be read, and why."""
    sets: bool = False
    """Whether it changes a setting of the session."""
    flaw: Flaw | None = None
    """Why no parser takes it as a whole."""


def body_mentions(language: str, body: str, parameters: Sequence[str] = ()) -> Body:
    """The names in a function body or a DO block.

    A body of another language than sql and plpgsql refers to nothing that we can see. One that
    no parser accepts is read word by word: every dotted name in it counts, uncertainly.

    Args:
        language: In lower case.
        body: The text between the dollar quotes.
        parameters: Names of the function's parameters, which the body may assign to.
    """
    found = Body()
    if language == "sql":
        found.flaw = _sql(found, body)
    elif language == "plpgsql":
        _plpgsql(found, body, parameters)
    elif language not in _WITHOUT_TEXT:
        found.unread.append(f"{language} code is not read")
    return found


def _sql(found: Body, text: str) -> Flaw | None:
    if is_too_deep(text):
        found.unread.append("the SQL of a body is nested too deeply")
        return None
    try:
        said = _said(text)
    except (pglast.Error, RecursionError) as error:
        _word_by_word(found, text, "the SQL of a body can not be parsed")
        why, at = error.args if isinstance(error, ParseError) else (str(error), None)
        return Flaw(why, at, refused=isinstance(error, ParseError))
    found.certain.extend(said.named)
    found.commands += said.commands
    found.sets |= said.sets
    return None


class _Said(NamedTuple):
    """What commands say, whatever there is when they run."""

    named: References
    commands: tuple[Tree, ...]
    """Those that may do more than read."""
    sets: bool


@lru_cache(maxsize=1 << 12)
def _said(sql: str) -> _Said:
    """What is in a text; bodies have many in common."""
    commands = [raw.stmt for raw in parse_sql(sql)]
    named = references(*commands)
    sets = any(type(command).__name__ == "VariableSetStmt" for command in commands)
    return _Said(
        named=named,
        commands=tuple(command for command in commands if not _only_reads(command)),
        sets=sets or any(call.name[-1] == "set_config" for call in named.calls),
    )


def _only_reads(node: Tree) -> bool:
    return type(node).__name__ == "SelectStmt" and not node.withClause


def _word_by_word(found: Body, text: str, reason: str, known: Sequence[str] = ()) -> None:
    found.uncertain.extend(declarations.words(text, known))
    found.unread.append(reason)


def _plpgsql(found: Body, body: str, parameters: Sequence[str]) -> None:
    said: tuple[str, ...] = ()
    for simplify in (declarations.Plain, declarations.without_types):
        plain = simplify(body)
        tree, said = _tree(plain.text, parameters)
        if tree is not None:
            found.certain.names += plain.types
            for expression in plain.defaults:
                _sql(found, f"SELECT {expression}")
            try:
                _PlpgsqlReader(found, body).read(tree)
            except RecursionError:
                found.unread.append("a body that is nested too deeply")
            found.certain.names = list(dict.fromkeys(found.certain.names))
            return
    _word_by_word(found, body, "a body of plpgsql that can not be parsed", parameters)
    found.flaw = flaw_of(
        body, said, lambda text: _tree(declarations.without_types(text).text, parameters)[1]
    )


def _tree(body: str, parameters: Sequence[str]) -> tuple[Any, tuple[str, ...]]:
    """The parser's JSON; or else None, and what it says of the body, whatever that returns."""
    tag = "$body$"
    while tag in body:
        tag = f"${tag[1:-1]}_$"
    # The header only has to make the names known: libpg_query refuses arrays of the user's types.
    header = ", ".join(f'"{p}" text' for p in dict.fromkeys(parameters) if '"' not in p)
    said = []
    for returns in ("trigger", "void", "SETOF text", "text"):
        arguments = "" if returns == "trigger" else header
        try:
            return pglast.parse_plpgsql(
                f"CREATE FUNCTION f({arguments}) RETURNS {returns} LANGUAGE plpgsql"
                f" AS {tag}{body}{tag}"
            ), ()
        except (pglast.Error, json.JSONDecodeError, RecursionError) as error:
            said.append(str(error.args[0]) if isinstance(error, ParseError) else "")
    return None, tuple(said)


class _PlpgsqlReader:
    """Walks the JSON of one body."""

    def __init__(self, found: Body, body: str) -> None:
        self._found = found
        self._lines = body.split("\n")
        self._assignments: list[tuple[str, str]] = []
        """The variables that are given a value, each with the expression, as a SELECT."""
        self._variables: dict[str, list[Text]] = {}
        """The texts that they may hold."""
        self._executed: list[tuple[int, dict[str, Any]]] = []
        """The texts of EXECUTE with their lines, to be read when all assignments are known."""

    def read(self, tree: Any) -> None:  # noqa: ANN401 - JSON
        """All that the body refers to."""
        self._walk(tree)
        for name, assigned in self._assignments if self._executed else ():
            node = _parsed(assigned)
            text = dynamic.text_of(node, {}) if node is not None else (dynamic.Hole.TEXT,)
            self._variables.setdefault(name, []).append(text)
        for line, expression in self._executed:
            self._execute(line, expression)

    def _walk(self, tree: Any) -> None:  # noqa: ANN401 - JSON
        if isinstance(tree, list):
            for item in tree:
                self._walk(item)
        elif isinstance(tree, dict):
            for key, value in tree.items():
                if isinstance(value, (dict, list)):
                    self._visit(key, value)

    def _visit(self, key: str, value: Any) -> None:  # noqa: ANN401 - JSON
        match key:
            case "PLpgSQL_expr":
                if not _TRIVIAL.fullmatch(value["query"]):
                    _sql(self._found, _expression(value))
            case "PLpgSQL_type":
                self._found.certain.names += declarations.declared(value.get("typname", ""))
            case "PLpgSQL_rec" if "lineno" in value:
                self._found.certain.names += self._record(value)
            case "PLpgSQL_var" if "lineno" not in value:
                pass  # `found`, `tg_op` and the parameters are declared in no line of the body
            case "PLpgSQL_var" if "default_val" in value:
                assigned = _expression(value["default_val"]["PLpgSQL_expr"])
                self._assignments.append((value["refname"], assigned))
                self._walk(value)
            case "PLpgSQL_stmt_assign":
                expression = value["expr"]["PLpgSQL_expr"]
                target = re.split(r":?=", expression["query"], maxsplit=1)[0].strip()
                self._assignments.append((fold(target), _expression(expression)))
                self._walk(value)
            case _:
                self._executes(key, value)
                self._walk(value)

    def _executes(self, key: str, value: Any) -> None:  # noqa: ANN401 - JSON
        """Remembers the text of EXECUTE, of FOR … IN EXECUTE, and of OPEN and RETURN likewise."""
        if not isinstance(value, dict):
            return
        query = value.get("query" if key in _EXECUTING else "dynquery")
        if query is not None:
            self._executed.append((value.get("lineno", 0), query["PLpgSQL_expr"]))

    def _execute(self, line: int, expression: dict[str, Any]) -> None:
        for text in self._texts(expression):
            read, reason = dynamic.read(text)
            self._found.uncertain.extend(read)
            if reason is not None:
                self._found.unread.append(f"line {line} of a body executes {reason}")

    def _texts(self, expression: dict[str, Any]) -> Sequence[Text]:
        """What the expression may come to: a variable has had every text it was given."""
        known = self._variables.get(fold(expression["query"].strip()))
        if known is not None:
            return known
        node = _parsed(_expression(expression))
        return (dynamic.text_of(node, self._variables),) if node is not None else ()

    def _record(self, record: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
        """The type of a composite variable, which the parser's JSON leaves out."""
        number = record["lineno"] - 1
        line = self._lines[number] if number < len(self._lines) else ""
        return declarations.type_behind(record["refname"], line)


def _expression(value: dict[str, Any]) -> str:
    text, mode = str(value["query"]), value.get("parseMode", 0)
    if mode in _ASSIGNMENT_MODES:
        text = text.partition("=")[2]
    return f"SELECT {text}" if mode in {*_ASSIGNMENT_MODES, _EXPRESSION_MODE} else text


def _parsed(query: str) -> Tree | None:
    """The expression of a SELECT."""
    if is_too_deep(query):
        return None
    try:
        parsed: Tree = parse_sql(query)
        return parsed[0].stmt.targetList[0].val
    except (pglast.Error, AttributeError, IndexError, TypeError, RecursionError):
        return None


def body_of(node: Tree) -> tuple[str, str]:
    """Language and body of a DO statement, or of a function or procedure that is in quotes."""
    language, body = "plpgsql", ""
    for option in (getattr(node, "args", None) or node.options) or ():
        if option.defname == "language":
            language = option.arg.sval.lower()
        elif option.defname == "as":
            body = option.arg.sval if hasattr(option.arg, "sval") else option.arg[0].sval
    return language, body


__all__ = ["Body", "body_mentions", "body_of"]
