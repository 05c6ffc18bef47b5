"""Cutting and splicing SQL along its tokens."""

from __future__ import annotations

import pglast
import pytest
from pglast import ast, parser

from consolidate.wording.text import (
    Span,
    clause_end,
    element_list,
    foreign_key_spans,
    replaced,
    tokens,
    without,
)
from consolidate.wording.trees import parsed


def elements(sql: str) -> list[str]:
    listed = element_list(sql)
    assert listed is not None
    assert sql[listed.open] + sql[listed.close] == "()"
    return [element.of(sql) for element in listed.elements]


def keys(sql: str) -> list[tuple[str, str]]:
    """Column and text of every foreign key."""
    return [(column, span.of(sql)) for _, column, span in _found(sql)]


def less_keys(sql: str) -> str:
    """The CREATE TABLE without its foreign keys; it must still be SQL without any."""
    left = without(sql, [span for _, _, span in _found(sql)])
    assert _found(pglast.split(left)[0]) == []
    return left


def _found(sql: str) -> list[tuple[ast.Constraint, str, Span]]:
    tree = parsed(sql)
    assert isinstance(tree, ast.CreateStmt)
    return foreign_key_spans(sql, tree)


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("a int, b int", ["a int", "b int"]),
        ("  a int  ", ["a int"]),
        ("", []),
        ("a numeric(3, 2), b int[3]", ["a numeric(3, 2)", "b int[3]"]),
        ("a text DEFAULT f(g(1, 2), (3)), b int", ["a text DEFAULT f(g(1, 2), (3))", "b int"]),
        ("a text DEFAULT 'x, (y', b int", ["a text DEFAULT 'x, (y'", "b int"]),
        ("a text DEFAULT $$x, (y$$, b int", ["a text DEFAULT $$x, (y$$", "b int"]),
        ('"a, (b" int, "c""," int', ['"a, (b" int', '"c""," int']),
        ("a int, -- of (b, c)\n b int", ["a int", "b int"]),
        ("a int /* b), c */, d int", ["a int", "d int"]),
        ("a int /* inside */ NOT NULL", ["a int /* inside */ NOT NULL"]),
        ("é text DEFAULT 'ü, (', b int", ["é text DEFAULT 'ü, ('", "b int"]),
        ("a int, CHECK (a IN (1, 2))", ["a int", "CHECK (a IN (1, 2))"]),
        ("a int[] DEFAULT ARRAY[1, 2], b int", ["a int[] DEFAULT ARRAY[1, 2]", "b int"]),
    ],
)
def test_a_list_is_split_at_its_own_commas_only(listed: str, expected: list[str]) -> None:
    assert elements(f"CREATE TABLE t ({listed}) WITH (fillfactor = 70, n = 1)") == expected


def test_a_parenthesis_in_the_tables_name_opens_no_list() -> None:
    assert elements('CREATE TABLE "t(a, b" (c int)') == ["c int"]


def test_where_nothing_is_closed_there_is_no_list() -> None:
    assert element_list("CREATE TABLE t OF u") is None
    assert element_list("CREATE TABLE t (a int") is None


def test_tokens_leave_comments_out() -> None:
    sql = "SELECT '-- text' -- told\n, 1 /* twice */"
    assert [sql[t.start : t.end + 1] for t in tokens(sql)] == ["SELECT", "'-- text'", ",", "1"]


def test_spans_are_cut_in_any_order() -> None:
    spans = [Span(0, 1), Span(4, 6), Span(2, 3)]
    assert without("abcdefg", spans) == without("abcdefg", spans[::-1]) == "bdg"
    assert without("abc", []) == "abc"


def test_spans_are_replaced_by_texts_of_any_length() -> None:
    changes = [(Span(0, 1), "long"), (Span(2, 3), ""), (Span(4, 4), "!")]
    assert replaced("abcd", changes) == replaced("abcd", changes[::-1]) == "longbd!"


@pytest.mark.parametrize(
    "key",
    [
        "REFERENCES p",
        "REFERENCES s.p (id)",
        'REFERENCES "p, (" ("i)d")',
        "REFERENCES p ON DELETE SET NULL",
        "REFERENCES p ON DELETE SET DEFAULT ON UPDATE CASCADE",
        "REFERENCES p MATCH FULL ON DELETE SET NULL (a) ON UPDATE SET NULL",
        "REFERENCES p DEFERRABLE",
        "REFERENCES p DEFERRABLE INITIALLY DEFERRED",
        "REFERENCES p NOT DEFERRABLE INITIALLY IMMEDIATE",
        "REFERENCES p ON DELETE SET NULL DEFERRABLE",
        "CONSTRAINT k REFERENCES p (id)",
        'CONSTRAINT "references" REFERENCES p',
    ],
)
@pytest.mark.parametrize(
    "behind",
    [
        "",
        " NOT NULL",
        " NULL",
        " DEFAULT 3",
        " CHECK (a IN (1, 2))",
        " UNIQUE",
        " PRIMARY KEY",
        ' COLLATE "C"',
        " CONSTRAINT c NOT NULL",
        " GENERATED ALWAYS AS IDENTITY",
    ],
)
def test_a_columns_key_ends_where_the_next_clause_begins(key: str, behind: str) -> None:
    sql = f"CREATE TABLE t (é text DEFAULT 'ü, (', a int {key}{behind}, b int)"
    assert keys(sql) == [("a", f" {key}")]
    assert less_keys(sql) == f"CREATE TABLE t (é text DEFAULT 'ü, (', a int{behind}, b int)"


def test_not_enforced_belongs_to_the_key() -> None:
    assert keys("CREATE TABLE t (a int REFERENCES p NOT ENFORCED NOT NULL)") == [
        ("a", " REFERENCES p NOT ENFORCED")
    ]


def test_a_table_may_be_named_by_an_unreserved_keyword() -> None:
    sql = "CREATE TABLE t (a int REFERENCES generated (id) NOT NULL)"
    assert keys(sql) == [("a", " REFERENCES generated (id)")]


def test_what_stands_before_a_columns_key_stays() -> None:
    sql = "CREATE TABLE t (a text CHECK (a <> 'REFERENCES x') NOT NULL REFERENCES p DEFAULT '')"
    left = "CREATE TABLE t (a text CHECK (a <> 'REFERENCES x') NOT NULL DEFAULT '')"
    assert less_keys(sql) == left


def test_two_keys_of_one_column_are_two_spans() -> None:
    sql = "CREATE TABLE t (a int REFERENCES p REFERENCES q ON DELETE CASCADE)"
    assert keys(sql) == [("a", " REFERENCES p"), ("a", " REFERENCES q ON DELETE CASCADE")]
    assert less_keys(sql) == "CREATE TABLE t (a int)"


@pytest.mark.parametrize(
    ("sql", "left"),
    [
        ("(a int, FOREIGN KEY (a) REFERENCES p)", "(a int)"),
        ("(FOREIGN KEY (a) REFERENCES p, a int)", "(a int)"),
        ("(a int, CONSTRAINT k FOREIGN KEY (a) REFERENCES p, b int)", "(a int, b int)"),
        (
            "(a int, FOREIGN KEY (a) REFERENCES p, FOREIGN KEY (a) REFERENCES q ON DELETE CASCADE)",
            "(a int)",
        ),
        ("(\n    FOREIGN KEY (a) REFERENCES p,\n    a int\n)", "(\n    a int\n)"),
        ("(a int REFERENCES p, FOREIGN KEY (a) REFERENCES q)", "(a int)"),
        ("(LIKE u, FOREIGN KEY (a) REFERENCES p) INHERITS (v)", "(LIKE u) INHERITS (v)"),
    ],
)
def test_a_key_of_the_table_takes_one_comma_along(sql: str, left: str) -> None:
    assert less_keys(f"CREATE TABLE t {sql}") == f"CREATE TABLE t {left}"


def test_keys_at_the_head_of_the_table_can_all_go() -> None:
    head = "FOREIGN KEY (a) REFERENCES p,\n    FOREIGN KEY (a, b) REFERENCES q"
    sql = f"CREATE TABLE t (\n    {head}, a int, b int)"
    assert less_keys(sql).split() == ["CREATE", "TABLE", "t", "(", "a", "int,", "b", "int)"]


def test_each_key_can_be_taken_out_without_the_other() -> None:
    sql = "CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES p, FOREIGN KEY (a) REFERENCES q)"
    first, second = (without(sql, [span]) for _, _, span in _found(sql))
    assert first == "CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES q)"
    assert second == "CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES p)"


def test_a_comment_behind_a_key_stays() -> None:
    sql = "CREATE TABLE t (a int REFERENCES p -- the parent, of (a)\n, b int)"
    assert less_keys(sql) == "CREATE TABLE t (a int -- the parent, of (a)\n, b int)"


def test_a_comment_before_a_key_swallows_nothing() -> None:
    left = less_keys("CREATE TABLE t (a int -- note\n    REFERENCES p NOT NULL, b int)")
    first, second = parsed(left).tableElts
    assert [constraint.contype.name for constraint in first.constraints] == ["CONSTR_NOTNULL"]
    assert second.colname == "b"


def test_a_table_of_a_key_alone_keeps_it() -> None:
    sql = "CREATE TABLE t PARTITION OF q (FOREIGN KEY (a) REFERENCES p) FOR VALUES IN (1)"
    assert keys(sql) == []


def test_where_there_is_no_key_nothing_is_found() -> None:
    assert keys("CREATE TABLE t (a int, b text DEFAULT 'REFERENCES p')") == []
    assert keys("CREATE TABLE t OF u") == []


@pytest.mark.parametrize(
    ("column", "expression"),
    [
        ("a int DEFAULT 3", "3"),
        ("a int DEFAULT 3 NOT NULL", "3"),
        ("a text DEFAULT 'x NOT NULL' NOT NULL", "'x NOT NULL'"),
        ("a int DEFAULT (1 + f(NULL)) CHECK (a > 0)", "(1 + f(NULL))"),
        ("a timestamptz DEFAULT now() CONSTRAINT c UNIQUE", "now()"),
        ("a int DEFAULT 3 REFERENCES p ON DELETE SET DEFAULT", "3"),
        ("a int[] DEFAULT ARRAY[NULL, 1] PRIMARY KEY", "ARRAY[NULL, 1]"),
    ],
)
def test_a_default_ends_where_the_next_clause_begins(column: str, expression: str) -> None:
    place = column.index("DEFAULT")
    end = clause_end(column, place, len(column), "DEFAULT")
    assert column[place:end] == f"DEFAULT {expression}"


def test_a_clause_ends_at_its_limit() -> None:
    text = "a int DEFAULT 3 , b int"
    assert clause_end(text, 6, text.index(","), "DEFAULT") == len("a int DEFAULT 3")


@pytest.mark.parametrize("sql", ["SELECT 'ä' AS é, $ö$ß$ö$, ü$1", "SELECT $é$ $ä$ x $é$, 'ñ'"])
def test_letters_beyond_ascii_do_not_move_the_tokens(sql: str) -> None:
    assert tokens(sql) == [t for t in parser.scan(sql) if "COMMENT" not in t.name]
