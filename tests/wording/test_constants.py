"""Constants, and which of their spellings are one value."""

from __future__ import annotations

import pytest

from consolidate.wording.constants import Constant, constant, is_chosen, same
from consolidate.wording.trees import parsed


def value(expression: str) -> object:
    return parsed(f"SELECT {expression}").targetList[0].val


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1", "1"),
        ("-1", "-1"),
        ("0", "0"),
        ("1.50", "1.50"),
        ("99999999999", "99999999999"),
        ("'it''s'", "it's"),
        ("E'a\\nb'", "a\nb"),
        ("$$x$$", "x"),
        ("''", ""),
        ("true", "t"),
        ("false", "f"),
        ("'1'::int", "1"),
        ("date '2025-01-01'", "2025-01-01"),
        ("CAST('x' AS varchar(3))", "x"),
    ],
)
def test_a_constant_is_known_through_its_casts(expression: str, expected: str) -> None:
    assert constant(value(expression)) == Constant(expected)


def test_null_is_a_constant_and_no_text() -> None:
    assert constant(value("NULL::text")) == Constant(None)


@pytest.mark.parametrize("expression", ["now()", "a", "1 + 1", "ARRAY[1]", "(SELECT 1)", "-a"])
def test_an_expression_is_no_constant(expression: str) -> None:
    assert constant(value(expression)) is None
    assert not is_chosen(value(expression))


@pytest.mark.parametrize(
    "expression",
    ["1", "CASE WHEN a THEN 'x' ELSE NULL END", "(CASE a WHEN 1 THEN 'x' END)::text"],
)
def test_a_value_may_be_chosen_among_constants(expression: str) -> None:
    assert is_chosen(value(expression))


def test_a_case_that_works_a_value_out_does_not_choose() -> None:
    assert not is_chosen(value("CASE WHEN a THEN 'x' ELSE b END"))
    assert not is_chosen(value("CASE WHEN a THEN b + 1 END"))


@pytest.mark.parametrize(
    ("one", "other", "base"),
    [
        ("1", "1.0", "numeric"),
        ("01", "1", "integer"),
        ("1e2", "100", "double precision"),
        ("yes", "t", "boolean"),
        ("0", "f", "boolean"),
        ("2024-09-03", "2024-09-03 00:00:00+00", "timestamp with time zone"),
        ("2024-09-03 16:00+02", "2024-09-03 14:00:00+00", "timestamp with time zone"),
        ("2024-09-03T16:00", "2024-09-03 16:00:00", "timestamp without time zone"),
        ("09:00", "09:00:00", "time without time zone"),
        ('{"b": 1, "a": [2]}', '{"a":[2],"b":1}', "jsonb"),
        ("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a0eebc999c0b4ef8bb6d6bb9bd380a11", "uuid"),
        ("x", "x  ", "character"),
        ("\\xAB", "\\xab", "bytea"),
        (None, None, "text"),
    ],
)
def test_spellings_of_one_value_are_the_same(one: str, other: str, base: str) -> None:
    assert same(one, other, base)


@pytest.mark.parametrize(
    ("one", "other", "base"),
    [
        ("1", "1.0", "text"),
        ("t", "true", "text"),
        ("", None, "text"),
        ("1", "2", "integer"),
        ("x", "1", "integer"),
        ('{"a": 1}', '{"a":1}', "json"),
        ('{"a": 1}', '{"a": "1"}', "jsonb"),
        ("f", "t", "boolean"),
        ("o", "f", "boolean"),
        ("2024-09-03 16:00+02", "2024-09-03 16:00:00+00", "timestamp with time zone"),
        ("soon", "2024-09-03", "date"),
    ],
)
def test_other_values_are_not(one: str, other: str | None, base: str) -> None:
    assert not same(one, other, base)
