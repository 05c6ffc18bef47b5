"""What the bodies of functions and DO blocks refer to."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pglast

from consolidate.effects.references import References, constant, references, strings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.effects.things import Tree

_ASSIGNMENT_MODES = frozenset({3, 4, 5})
_EXPRESSION_MODE = 2
_TYPE = re.compile(
    r"""(?:constant\s+)?((?:"[^"]+"|[\w$]+)(?:\s*\.\s*(?:"[^"]+"|[\w$]+))*)""", re.IGNORECASE
)


def body_mentions(language: str, body: str, parameters: Sequence[str] = ()) -> References:
    """The names in a function body or a DO block.

    A body of another language than sql and plpgsql refers to nothing that we can see. One that
    no parser accepts is read word by word: every dotted name in it counts.

    Args:
        language: In lower case.
        body: The text between the dollar quotes.
        parameters: Names of the function's parameters, which the body may assign to.
    """
    match language:
        case "sql":
            return _sql(body)
        case "plpgsql":
            return _plpgsql(body, parameters)
        case _:
            return References()


def _sql(body: str) -> References:
    try:
        return references(*pglast.parse_sql(body))
    except pglast.Error:
        return _words(body)


def _plpgsql(body: str, parameters: Sequence[str]) -> References:
    tag = "$body$"
    while tag in body:
        tag = f"${tag[1:-1]}_$"
    # The header only has to make the names known: libpg_query refuses arrays of the user's types.
    header = ", ".join(f'"{p}" text' for p in dict.fromkeys(parameters) if '"' not in p)
    for returns in ("trigger", "void", "SETOF text", "text"):
        arguments = "" if returns == "trigger" else header
        try:
            parsed = pglast.parse_plpgsql(
                f"CREATE FUNCTION f({arguments}) RETURNS {returns} LANGUAGE plpgsql"
                f" AS {tag}{body}{tag}"
            )
        except (pglast.Error, json.JSONDecodeError, RecursionError):
            continue
        return _joined(_parsed(parsed, body))
    return _words(body)


def _parsed(tree: Any, body: str) -> Iterator[References]:  # noqa: ANN401 - JSON
    """What the expressions, declarations and dynamic statements in the JSON refer to."""
    if isinstance(tree, list):
        for item in tree:
            yield from _parsed(item, body)
        return
    if not isinstance(tree, dict):
        return
    for key, value in tree.items():
        match key:
            case "PLpgSQL_expr":
                yield _expression(value["query"], value.get("parseMode", 0))
            case "PLpgSQL_stmt_dynexecute" | "PLpgSQL_stmt_dynfors":
                yield _dynamic(value)
                yield from _parsed(value, body)
            case "PLpgSQL_type":
                yield _declared(value.get("typname", ""))
            case "PLpgSQL_rec" if "lineno" in value:
                yield _record(value, body)
            case _:
                yield from _parsed(value, body)


def _expression(text: str, mode: int) -> References:
    if mode in _ASSIGNMENT_MODES:
        text = text.partition(":=")[2] or text.partition("=")[2]
    if mode in _ASSIGNMENT_MODES or mode == _EXPRESSION_MODE:
        text = f"SELECT {text}"
    return _sql(text)


def _dynamic(statement: dict[str, Any]) -> References:
    """The SQL of an EXECUTE whose text is a constant."""
    expression = statement.get("query", {}).get("PLpgSQL_expr", {})
    try:
        parsed: Tree = pglast.parse_sql(f"SELECT {expression.get('query', '')}")
        text = constant(parsed[0].stmt.targetList[0].val)
        return _sql(text) if text is not None else References()
    except (pglast.Error, AttributeError, TypeError):
        return References()


def _declared(type_name: str) -> References:
    """A declared type; `t%ROWTYPE` and `t.c%TYPE` refer to the table."""
    name, _, suffix = type_name.partition("%")
    parts = _dotted(name)
    if suffix.lower() == "type":
        parts = parts[:-1]
    return References(names=[parts] if parts and parts != ("UNKNOWN",) else [])


def _record(record: dict[str, Any], body: str) -> References:
    """The type of a composite variable, which the parser's JSON leaves out."""
    lines = body.split("\n")
    number = record["lineno"] - 1
    line = lines[number] if number < len(lines) else ""
    found = re.search(
        rf"\b{re.escape(record['refname'])}\b\"?\s+{_TYPE.pattern}", line, re.IGNORECASE
    )
    return _declared(found[1]) if found else References()


def _words(text: str) -> References:
    """Every dotted name of the text."""
    try:
        tokens = pglast.parser.scan(text)
    except pglast.Error:
        return References()
    names: list[tuple[str, ...]] = []
    parts: list[str] = []
    dot = False
    for token in tokens:
        word = text[token.start : token.end + 1]
        if token.name == "ASCII_46" and parts:
            dot = True
        elif token.name == "IDENT" or token.kind == "UNRESERVED_KEYWORD":
            if not dot:
                parts = []
                names.append(())
            parts.append(word[1:-1].replace('""', '"') if word[0] == '"' else word.lower())
            names[-1] = tuple(parts)
            dot = False
        else:
            parts, dot = [], False
    return References(names=list(dict.fromkeys(names)))


def _dotted(text: str) -> tuple[str, ...]:
    return tuple(
        p.strip()[1:-1] if p.strip().startswith('"') else p.strip().lower()
        for p in text.split(".")
        if p.strip()
    )


def _joined(parts: Iterator[References]) -> References:
    whole = References()
    for part in parts:
        for kind in fields(References):
            getattr(whole, kind.name).extend(getattr(part, kind.name))
    return whole


def do_block(node: Tree) -> tuple[str, str]:
    """Language and body of a DO statement."""
    language, body = "plpgsql", ""
    for option in node.args:
        if option.defname == "language":
            language = option.arg.sval.lower()
        elif option.defname == "as":
            body = option.arg.sval
    return language, body


__all__ = ["body_mentions", "do_block", "references", "strings"]
