from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consolidate import nesting, partial, statements
from consolidate.errors import InputProblem
from consolidate.model import History, Migration, Origin, Runner, Statement


def migration(text: str, *, number: int = 42, path: str = "a.sql") -> Migration:
    return Migration(number=number, path=path, version="", text=text, sha256="")


def parse(text: str) -> tuple[Statement, ...]:
    parsed = statements.parse(migration(text))
    assert "".join(statement.text for statement in parsed) == text
    return parsed


def commands(text: str) -> list[str]:
    return [statement.sql for statement in parse(text)]


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(InputProblem) as caught:
        statements.parse(migration(text))
    return caught.value.problems


def test_a_statement_owns_the_comments_before_it_and_its_semicolon() -> None:
    first, second, rest = parse("-- one\nSELECT 1 ;\n\n/* two */ SELECT 2;\n-- end\n")
    assert (first.text, first.sql) == ("-- one\nSELECT 1 ;", "SELECT 1")
    assert (second.text, second.sql) == ("\n\n/* two */ SELECT 2;", "SELECT 2")
    assert (rest.text, rest.sql, rest.kind, rest.tree) == ("\n-- end\n", "", "", None)
    assert [first.id, second.id, rest.id] == ["0042#1", "0042#2", "0042#3"]
    assert [first.kind, first.place] == ["SelectStmt", "a.sql:2"]
    assert str(second.span) == "a.sql:4:11"
    assert str(rest.span) == "a.sql:4:20"


def test_a_comment_before_the_semicolon_stays_in_the_text_and_out_of_the_command() -> None:
    only, _ = parse("SELECT 1 -- why; not\n  /* two /* nested */ */ ;\n")
    assert only.sql == "SELECT 1"
    assert only.text == "SELECT 1 -- why; not\n  /* two /* nested */ */ ;"


def test_a_comment_sign_in_a_string_is_no_comment() -> None:
    assert commands("SELECT '-- no' -- yes\n;") == ["SELECT '-- no'"]
    assert commands('SELECT "/*" FROM t /* yes */;') == ['SELECT "/*" FROM t']
    assert commands("SELECT $a$ /* no */ $a$;") == ["SELECT $a$ /* no */ $a$"]


def test_spans_and_trees_count_characters_where_the_text_is_not_ascii() -> None:
    text = "-- größe 🔑\nSELECT 'ü🔑', raum FROM räume; SELECT 'é', x"
    first, second = parse(text)
    for statement in (first, second):
        assert text[statement.span.start : statement.span.end] == statement.sql
    assert second.sql.index("x") == second.tree.targetList[1].location  # type: ignore[union-attr]


def test_the_last_command_needs_no_semicolon() -> None:
    first, last = parse("SELECT 1; SELECT 2 -- end;\n")
    assert (first.text, last.text, last.sql) == ("SELECT 1;", " SELECT 2 -- end;\n", "SELECT 2")


def test_empty_commands_are_no_statements() -> None:
    assert commands(";;SELECT 1;;\n;") == ["SELECT 1", ""]
    assert commands(";;") == [""]


def test_a_file_of_comments_is_one_rest() -> None:
    (rest,) = parse("-- nothing; yet\n/* or ; here */\n")
    assert (rest.kind, str(rest.span)) == ("", "a.sql:1:1")
    assert parse("") == ()


def test_a_no_break_space_belongs_to_a_name() -> None:
    assert commands("SELECT 1 AS x\xa0 ;") == ["SELECT 1 AS x\xa0"]


def test_the_body_of_a_standard_function_is_not_cut() -> None:
    body = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END"
    assert commands(f"{body}; SELECT 3;") == [body, "SELECT 3"]


def test_a_dollar_quote_holds_other_dollar_quotes_and_semicolons() -> None:
    block = "DO $a$ BEGIN EXECUTE $b$ SELECT ';$$;' $b$; END $a$"
    assert commands(f"{block};SELECT 2") == [block, "SELECT 2"]


def test_a_rule_of_several_commands_is_one_statement() -> None:
    rule = "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM u; DELETE FROM v)"
    assert commands(f"{rule};") == [rule]


def test_an_escape_string_may_hold_a_quote_and_a_semicolon() -> None:
    assert commands(r"SELECT E'it\'s; \\'; SELECT 'plain\';") == [
        r"SELECT E'it\'s; \\'",
        r"SELECT 'plain\'",
    ]
    continued = "SELECT E'a' -- more\n  '\\';' -- end"
    assert commands(continued + ";") == ["SELECT E'a' -- more\n  '\\';'"]


def test_windows_line_ends_are_kept() -> None:
    first, rest = parse("-- a\r\nSELECT 1;\r\n")
    assert (first.text, rest.text, first.place) == ("-- a\r\nSELECT 1;", "\r\n", "a.sql:2")


def test_copy_rows_belong_to_their_statement() -> None:
    text = dedent("""\
        COPY public.t (a, b) FROM stdin; -- two rows
        1\tit's; -- no
        2\t\\N
        \\.

        SELECT 1;
        """)
    copy, select, _ = parse(text)
    assert copy.sql == "COPY public.t (a, b) FROM stdin"
    assert copy.copy_data == "1\tit's; -- no\n2\t\\N\n"
    assert copy.text.endswith("\\N\n\\.")
    assert (copy.kind, select.sql, select.place) == ("CopyStmt", "SELECT 1", "a.sql:6")
    assert select.copy_data is None


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("COPY t FROM STDIN;\n\\.\n", ""),
        ("COPY t FROM STDIN;\n1\n2", "1\n2"),
        (
            "copy\n  t /* from x */ from\nStdin with (format csv) ;\r\n1\r\n\\.\r\nSELECT 1;",
            "1\r\n",
        ),
        ('COPY "copy (x)" FROM STDIN;\na\\.b\n\\.\n', "a\\.b\n"),
        ("COPY t FROM STDIN", None),
        ("COPY t FROM 'stdin';", None),
        ("COPY t TO STDOUT; SELECT 1 FROM stdin;", None),
        ("COPY (SELECT 1 FROM stdin) TO '/x';", None),
    ],
)
def test_copy_rows_end_where_psql_ends_them(text: str, rows: str | None) -> None:
    assert parse(text)[0].copy_data == rows


def test_two_copy_blocks_keep_their_own_rows() -> None:
    parsed = parse("COPY a FROM stdin;\n1\n\\.\nCOPY b FROM stdin;\n2\n\\.\n")
    assert [statement.copy_data for statement in parsed] == ["1\n", "2\n", None]


def test_a_command_behind_a_copy_on_its_line_is_refused() -> None:
    assert problems("COPY t FROM stdin; SELECT 1;\n1\n\\.\n") == (
        "a.sql:1:19: something behind a COPY … FROM stdin; begin a new line, where its rows begin",
    )


def test_what_of_psql_is_left_over_is_refused() -> None:
    text = "\\restrict abc\nSELECT '\\no';\nSELECT 1 \\gexec\n\\.\n"
    assert problems(text) == (
        r"a.sql:1:1: \restrict is a command of psql, which is not SQL; take it out",
        r"a.sql:3:10: \gexec is a command of psql, which is not SQL; take it out",
        r"a.sql:4:1: \. is a command of psql, which is not SQL; take it out",
    )


def test_a_statement_tells_the_file_that_it_was_included_from() -> None:
    text = "SELECT 1;\nSELECT 2; SELECT three;\nSELECT 4;"
    origins = (
        Origin(start=0, path="a.sql", line=1, column=1),
        Origin(start=10, path="b.sql", line=7, column=3),
        Origin(start=text.index("three"), path="b.sql", line=9, column=5, filled=True),
        Origin(start=text.index(";\nSELECT 4"), path="b.sql", line=9, column=9),
        Origin(start=text.index("SELECT 4"), path="a.sql", line=3, column=1),
    )
    parsed = statements.parse(replace(migration(text), origins=origins))
    assert [str(s.span) for s in parsed] == ["a.sql:1:1", "b.sql:7:3", "b.sql:7:13", "a.sql:3:1"]
    assert {s.path for s in parsed} == {"a.sql"}
    assert [text[s.span.start : s.span.end] for s in parsed] == [s.sql for s in parsed]
    assert "".join(s.text for s in parsed) == text


@pytest.mark.parametrize("setting", ["= off", "TO 'off'", "=false", "to 0"])
def test_a_backslash_is_refused_while_strings_are_not_standard(setting: str) -> None:
    text = f"SET standard_conforming_strings {setting};\nSELECT 'it\\'s';\n"
    (problem,) = problems(text)
    assert problem.startswith("a.sql:2:8: a backslash in a string while standard_conforming")


@pytest.mark.parametrize(
    "text",
    [
        "SET standard_conforming_strings = off; SELECT 'a', E'\\'';",
        "SET standard_conforming_strings = on; SELECT '\\';",
        "SET standard_conforming_strings = off; SET standard_conforming_strings = on; SELECT '\\';",
    ],
)
def test_backslashes_that_mean_one_thing_are_fine(text: str) -> None:
    assert parse(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SELECT 1;\n-- é\n  SELCT 2;", 'a.sql:3:3: syntax error at or near "SELCT"'),
        ("SELECT 'é', FROM t", 'a.sql:1:13: syntax error at or near "FROM"'),
        ("SELECT (\n\n", "a.sql:1:9: syntax error at end of input"),
        (
            "SELECT 'a\n;",
            "a.sql:1:8: unterminated quoted string",
        ),
        (
            "SELECT $$a",
            "a.sql:1:8: unterminated dollar-quoted string",
        ),
        ("SELECT 1 /* a", "a.sql:1:10: unterminated /* comment"),
        ("SELECT 1;\n\ufeffSELECT 2;", "a.sql:2:1: a byte order mark inside the file"),
        ("SELECT 1;\n\0SELECT 2;", "a.sql:2:1: a NUL character; is the file UTF-16?"),
        (
            "SELECT :x;",
            (
                'a.sql:1:8: syntax error at or near ":"'
                " (:x is no variable that is set; configure a placeholder for it)"
            ),
        ),
        (
            """SELECT :'é';""",
            (
                'a.sql:1:8: syntax error at or near ":"'
                " (:'é' is no variable that is set; configure a placeholder for it)"
            ),
        ),
    ],
)
def test_an_error_tells_file_line_and_column(text: str, problem: str) -> None:
    assert problems(text) == (problem,)


def test_the_errors_of_all_files_are_told_at_once() -> None:
    texts = ["SELECT 1;", "SELCT;", "\\x\n\\y\n", "SELECT ;"]
    history = History(
        runner=Runner.PLAIN,
        migrations=tuple(
            migration(text, number=n, path=f"{n}.sql") for n, text in enumerate(texts, 1)
        ),
    )
    with pytest.raises(InputProblem, match="2 of 4 migrations can not be parsed") as caught:
        statements.parse_all(history)
    assert [problem.partition(": ")[0] for problem in caught.value.problems] == [
        "2.sql:1:1",
        "3.sql:1:1",
        "3.sql:2:1",
    ]


def test_all_statements_of_a_history_are_numbered_by_file() -> None:
    history = History(
        runner=Runner.PLAIN,
        migrations=(migration("SELECT 1;", number=1), migration("SELECT 2; SELECT 3", number=2)),
    )
    parsed = statements.parse_all(history)
    assert [[s.id for s in file] for file in parsed] == [["0001#1"], ["0002#1", "0002#2"]]


def test_statements_are_found_behind_letters_of_two_bytes() -> None:
    rows = [f"INSERT INTO t VALUES ({n}, 'naïve \\{n}'); -- r\n" for n in range(300)]
    parsed = statements.parse(migration("".join(rows)))
    assert [one.sql for one in parsed[:300]] == [row.partition(";")[0] for row in rows]
    assert [one.text for one in parsed] == [
        rows[0].removesuffix(" -- r\n"),
        *(f" -- r\n{row.removesuffix(' -- r' + chr(10))}" for row in rows[1:]),
        " -- r\n",
    ]


# Pieces that end a command, pieces that stand between commands, and what they are made of.
_COMMANDS = st.sampled_from(
    [
        "SELECT 1",
        "SELECT 'a;''b' || E'\\';' || U&'\\00e9'",
        'CREATE TABLE "Ö;d""d" (a int /* in ; */, -- x;\n b text)',
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT ';'; END",
        "DO $x$ BEGIN PERFORM $$;/*$$; -- ü\n END $x$",
        "INSERT INTO räume VALUES ('🔑; \\', $é$;$é$)",
        "SELECT E'a'\r\n '\\';'",
        "SELECT a$b$ FROM t$1 WHERE 2 >-1",
    ]
)
_ROWS = st.sampled_from(["1\t'\n", "/*\n", "\\\\.\n", "ü;\r\n", "", "$$\n"])
_COPY = st.lists(_ROWS, max_size=3).map(
    lambda rows: "COPY t FROM stdin; -- rows\n" + "".join(rows) + "\\.\n"
)
_BLANKS = [" ", "\n", "\r\n", "\t", "-- é; '\n", "/* ; /* nested ' */ $$ */", "--\r\n", "/**/"]
_BLANK_IN_COMMAND = st.lists(st.sampled_from(_BLANKS), max_size=4).map("".join)
_BLANK = st.lists(st.sampled_from([*_BLANKS, ";"]), max_size=4).map("".join)
_CLOSED = st.tuples(_COMMANDS, _BLANK_IN_COMMAND, st.just(";")).map("".join)
_STEP = st.tuples(_BLANK, st.one_of(_CLOSED, _COPY))


@given(st.lists(_STEP, max_size=6), _BLANK, st.one_of(st.just(""), _COMMANDS))
def test_no_character_is_lost_and_no_command_is_cut(
    steps: list[tuple[str, str]], rest: str, last: str
) -> None:
    parsed = parse("".join(blank + command for blank, command in steps) + rest + last)
    assert len([s for s in parsed if s.sql]) == len(steps) + bool(last)
    for statement in parsed:
        assert statement.text.count(statement.sql)
        assert bool(statement.sql) == bool(statement.kind) == (statement.tree is not None)


@pytest.mark.parametrize("placeholder", ["${schema}", "{{ schema }}", "$%SCHEMA%$", "@schema@"])
def test_a_placeholder_of_the_projects_tooling_is_told_as_one(placeholder: str) -> None:
    migration = Migration(
        number=1, path="a.sql", version="", text=f"CREATE TABLE {placeholder}.t ();", sha256=""
    )
    with pytest.raises(InputProblem) as caught:
        statements.parse(migration)
    (problem,) = caught.value.problems
    assert problem.startswith("a.sql:1:14: syntax error at or near ")
    assert f"({placeholder} is for the project's own tooling to fill in" in problem


def test_a_statement_too_deep_for_the_parser_is_told_among_what_can_be_read() -> None:
    deep = f"SELECT {'1 + ' * (nesting.DEEPEST + 1)}1"
    _, found, wrong = partial.in_part(migration(f"SELECT 1;\n{deep};\nSELECT FROM FROM;"))

    assert [(one.place.line, "operators within each other" in one.message) for one in wrong] == [
        (2, True),
        (3, False),
    ]
    assert [statement.kind for statement in found] == ["SelectStmt", "", ""]
