from __future__ import annotations

import pytest

from consolidate import effects, nesting, statements
from consolidate.errors import InputProblem
from consolidate.model import Migration


def _migration(text: str) -> Migration:
    return Migration(number=1, path="a.sql", version="", text=text, sha256="")


MANY = nesting.DEEPEST + 1
DEEP = {
    "operators": "select " + "+".join(["1"] * (MANY + 1)),
    "casts": "select 1" + "::int" * MANY,
    "unions": "select 1" + " union select 1" * MANY,
    "joins": "select * from t" + " join t using (a)" * MANY,
    "some in parentheses": f"select 1{' + 1' * 7000} + (1{' + 1' * 7000})",
    "with strings and comments between": "select '+'" + " || '+' /* + */" * MANY,
}
WIDE = {
    "conditions": "select 1 where " + " and ".join(["a = 1"] * MANY),
    "columns": "select " + ", ".join(["a + 1"] * MANY),
    "rows": "insert into t values " + ", ".join(["(-1, a - 1)"] * MANY),
    "branches": "select case " + "when a = 1 then -1 " * MANY + "end",
    "characters": f"select '{'+' * MANY}', \"{'-' * MANY}\", $$ {'*' * MANY} $$ -- {'/' * MANY}",
    "calls": "select " + ", ".join(["f(a = 1)"] * MANY),
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_what_would_break_the_parsers_stack_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(InputProblem) as caught:
        statements.parse(_migration(f"select 1;\n{text}"))
    (problem,) = caught.value.problems
    assert problem.startswith("a.sql:2:1: more than 12000 operators within each other")


@pytest.mark.parametrize("text", WIDE.values(), ids=WIDE)
def test_what_is_long_is_not_deep(text: str) -> None:
    assert not nesting.is_too_deep(text)


def test_what_closes_too_often_is_the_parsers_to_tell() -> None:
    assert not nesting.is_too_deep(")" * MANY + "=" * 2 + ", = " * MANY)


def test_a_thousand_levels_are_read() -> None:
    deep = {
        "create view v as select a" + " + 1" * 1000 + " from t": "table public.t (query)",
        "create view w as " + "select * from (" * 300 + "table t" + ") x" * 300: "table public.t",
    }
    for text in deep:
        effect = effects.of(statements.parse(_migration(text))[0])
        assert effect.opaque is None
        assert "table public.t" in {str(need.on) for need in effect.needs}


def test_what_is_deeper_than_the_walk_goes_is_opaque_and_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(effects, "_DEEPEST", 0)
    text = "create view v as select a" + " + 1" * 2000 + " from t; create table u (a int)"
    first, second = effects.run(statements.parse(_migration(text)))
    assert first.opaque == "ViewStmt could not be read: it is nested too deeply"
    assert [str(name) for name in second.creates] == ["table public.u", "table column public.u.a"]


def test_a_body_that_is_too_deep_is_not_read_and_says_so() -> None:
    body = "+".join(["1"] * (MANY + 1))
    text = f"create function f() returns int language sql as 'select {body}'"
    (effect,) = effects.run(statements.parse(_migration(text)))
    assert effect.unread == ("the SQL of a body is nested too deeply",)
