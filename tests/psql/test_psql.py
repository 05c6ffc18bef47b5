"""What psql would send for a script, and what is refused; no psql is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consolidate import psql, statements
from consolidate.errors import InputProblem
from consolidate.model import Migration
from consolidate.places import Places, SourceText
from consolidate.psql.refusal import Refusal

SCRIPTS = {
    "b.sql": "CREATE TABLE b ();\n",
    "open.sql": "SELECT 'open' -- no semicolon",
    "rows.sql": "COPY t FROM stdin;\n1\n2",
    "sets.sql": "\\set x 1\n",
    "circle.sql": "\\i middle.sql",
    "middle.sql": "\\i circle.sql",
    "bad.sql": "SELECT 1;\n\\gexec\n",
    "if.sql": "\\if 1\n",
}
ROWS = {
    "t.csv": "a,1\r\nb,2",
    "it's.txt": "1\n",
    "ended.txt": "1\n\\.\n",
    "inside.txt": "1\n\\.\n2",
}


class Files:
    """Files by their names."""

    def script(self, name: str, asked_by: str, *, beside: bool) -> SourceText:
        assert asked_by in {"a.sql", *SCRIPTS}
        if name not in SCRIPTS:
            raise Refusal(f"{name} is not {'beside it' if beside else 'there'}")
        return SourceText(path=name, text=SCRIPTS[name])

    def rows(self, name: str, asked_by: str) -> str:
        assert asked_by == "a.sql"
        if name not in ROWS:
            raise Refusal(f"{name} is not there")
        return ROWS[name]


def expanded(text: str) -> psql.Expanded:
    return psql.expand(SourceText(path="a.sql", text=text), Files())


def sent(text: str) -> str:
    return expanded(text).source.text


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(InputProblem) as caught:
        expanded(text)
    return caught.value.problems


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1;",
        "",
        ";;\n",
        "SELECT ':x', $$:x$$, a[1:n], b::text, f(c := 1) -- :x\n",
        "SELECT E'\\'', '\\', $$\\i x$$, \"a\\b\" /* \\i x */ -- \\i x",
        "COPY t FROM stdin;\n\\N\t:x\n\\i x\n\\.\nSELECT 1;",
        "COPY t FROM stdin;\n\\N",
        "SELECT :x, :'x', :\"x\" \\;",
    ],
)
def test_what_asks_nothing_of_psql_is_left_alone(text: str) -> None:
    if text.endswith("\\;"):
        assert problems(text)
        text = text.removesuffix("\\;")
    source = SourceText(path="a.sql", text=text)
    assert psql.expand(source, Files()).source is source


@pytest.mark.parametrize(
    ("value", "reference", "text"),
    [
        ("app", ":x.t", "app.t"),
        ("'it''s'", ":'x'", "'it''s'"),
        ("'a''b\"c'", ':"x"', '"a\'b""c"'),
        (r"'a\\b'", ":'x'", r" E'a\\b'"),
        ("a b  c", ":x", "abc"),
        ("'a b' c", ":'x'", "'a bc'"),
        (r"'\n\t\x41\101\''", ":'x'", "'\n\tAA'''"),
        ("", ":'x'", "''"),
        ('"A b"', ":x", '"A b"'),
        ("1;", "(:x)", "(1;)"),
        ("1 -- 2", ":x", "1--2"),
        ("app", "a[1:x]", "a[1app]"),
        ("app", "1::x", "1::x"),
        ("app", "f(a:=:x)", "f(a:=app)"),
        ("app", "$$:x$$ ':x' \":x\" /*:x*/", "$$:x$$ ':x' \":x\" /*:x*/"),
        ("app", ":y :xx", ":y :xx"),
        ("app", ":{?x} :{?y}", "TRUE FALSE"),
        ("app", r"\:x \:", ":x :"),
    ],
)
def test_a_variable_stands_for_its_value(value: str, reference: str, text: str) -> None:
    if "--" in value:
        (problem,) = problems(f"\\set x {value}\n{reference}")
        assert "leaves it so" in problem
    else:
        assert sent(f"\\set x {value}\n{reference}") == f"\n{text}"


def test_a_value_may_name_other_variables_but_not_itself() -> None:
    assert sent("\\set a 1\n\\set b ':a + :b'\nSELECT :b;") == "\n\nSELECT 1 + :b;"


def test_an_argument_takes_what_a_variable_holds_now() -> None:
    text = "\\set a 1\n\\set b :a:'a'\\set a 2\n\\set c ':a'\nSELECT :b, :c, :a;\\unset a\n:a"
    assert sent(text) == "\n\n\nSELECT 1'1', 2, 2;\n:a"


def test_settings_of_psql_itself_are_only_variables() -> None:
    assert sent("\\set ON_ERROR_STOP on\n\\set QUIET\n\\set AUTOCOMMIT on\nSELECT 1;") == (
        "\n\n\nSELECT 1;"
    )


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (r"\set AUTOCOMMIT off", "AUTOCOMMIT changes what a statement or a transaction is"),
        (r"\set SINGLELINE", "SINGLELINE changes what a statement"),
        (r"\set a-b 1", "a-b can not be the name of a variable"),
        (r"\set x `date`", "`date` asks a shell; configure a placeholder for it, backquotes"),
        (r"\set x 'open", "an argument with an open quote"),
        ("\\set x '''open'\nSELECT :x;", ":x is a variable whose value opens a string"),
        ("\\set x '/* '\nSELECT :x;", ":x is a variable whose value opens a string"),
        ("\\set x '\\\\i b'\nSELECT :x;", ":x is a variable whose value has a backslash"),
        ("\\set x stdin\nCOPY t FROM :x;", ":x is a variable that holds a part of a COPY"),
    ],
)
def test_a_variable_that_can_not_be_followed_is_refused(command: str, why: str) -> None:
    (problem,) = problems(command)
    assert problem.partition(": ")[2].startswith(why)


@pytest.mark.parametrize(
    "command",
    [
        "restrict abc",
        "unrestrict abc",
        "echo 'it''s' `date` :x",
        "qecho",
        "pset format unaligned",
        "timing on",
        "x",
        "a",
        "t on",
        "o /dev/null",
        "dt+ public.*",
        "d t",
        "df",
        "l",
        "z",
        "set",
        "encoding",
        "?",
        "setenv PAGER less",
    ],
)
def test_commands_that_only_print_are_taken_out(command: str) -> None:
    assert sent(f"-- a\n\\{command}\r\nSELECT 1;\\{command} \\\\ SELECT 2;\n") == (
        "-- a\n\r\nSELECT 1; SELECT 2;\n"
    )


@pytest.mark.parametrize(
    "command",
    [
        *("c db", "connect - bob", "gset", "gexec", "e", "r", "! ls", "cd x", "q", "password"),
        *("prompt 'x' y", "getenv a b", "lo_import f", "watch 1", "crosstabview", "bind 1", "g x"),
        *(".", "gx (a=b)", "g", "nothing_known", "i", ";"),
    ],
)
def test_other_commands_are_refused_with_advice(command: str) -> None:
    (problem,) = problems(f"SELECT 1;\n  \\{command}\nSELECT 2;")
    assert problem.startswith(f"a.sql:2:3: \\{command.split(maxsplit=1)[0]} ")
    assert "; " in problem


def test_all_that_is_refused_is_told_at_once() -> None:
    assert problems("\\c a\n\\i gone.sql\n\\ir gone.sql\nSELECT 1 \\gset\n\\c b\n") == (
        (
            r"a.sql:1:1: \c is a command of psql, which is not SQL; a history is of one database"
            " and one session; take the line out if it connects to that one, and what belongs to"
            " others with it"
        ),
        "a.sql:2:1: gone.sql is not there",
        "a.sql:3:1: gone.sql is not beside it",
        (
            r"a.sql:4:10: \gset is a command of psql, which is not SQL; its value comes from"
            " elsewhere; configure a placeholder for it"
        ),
        problems("\\c b")[0].replace(":1:1:", ":5:1:"),
    )


def test_g_ends_a_statement() -> None:
    assert sent("SELECT 1 \\g\nSELECT 2\\gx\n") == "SELECT 1 ;\nSELECT 2;\n"
    assert "write it again" in problems("SELECT 1;\n\\g")[0]
    assert "end it with a semicolon" in problems("COPY t FROM stdin \\g\n1\n\\.\n")[0]


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        *(("true", True), ("t", True), ("1", True), ("on", True), ("Yes", True), ("y", True)),
        *(("false", False), ("F", False), ("0", False), ("off", False), ("no", False)),
        *((":{?set}", True), (":{?unset}", False), (":set", True), (":'quoted'", True)),
    ],
)
def test_only_the_branch_that_holds_is_left(value: str, *, holds: bool) -> None:
    sets = "\\set set 1\n" if "set" in value else "\\set quoted on\n" if "quoted" in value else ""
    if "quoted" in value:
        assert "neither true nor false" in problems(f"{sets}\\if {value}\n\\endif\n")[0]
        return
    text = f"{sets}-- 0\n\\if {value}\nSELECT 1;\n\\else\nSELECT 2;\n\\endif\nSELECT 3;\n"
    left = sent(text).removeprefix("\n")
    assert left == f"-- 0\n\nSELECT {1 if holds else 2};\n\nSELECT 3;\n"


def test_what_does_not_hold_is_not_even_looked_at() -> None:
    text = (
        "\\if false\n\\c x\n\\set x 1\n\\if :nonsense\n\\else\n\\i gone\n\\endif\nSELECT ');\n"
        "';\n\\elif on\nSELECT 1;\n\\elif :nonsense\nSELECT 2;\n\\else\n\\gexec\n\\endif\n:x"
    )
    assert sent(text) == "\nSELECT 1;\n\n:x"


def test_a_branch_may_stand_inside_a_statement() -> None:
    assert sent("SELECT \\if 1\n 1\n\\else\n 2\n\\endif\n;") == "SELECT \n 1\n\n;"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("\\if 1\nSELECT 1;", r"1:1: \if has no \endif; add it"),
        ("\\endif\n", r"1:1: \endif without an \if; take it out, or write the \if before it"),
        (
            "\\if 1\n\\else\n\\else\n\\endif",
            r"3:1: \else behind \else; write it before, or nest it",
        ),
        ("\\if 1\n\\else\n\\elif 1\n\\endif", r"3:1: \elif behind \else; write it before, or"),
        ("\\if maybe\n\\endif", "1:1: maybe is neither true nor false; keep what holds for your"),
        ("\\if\n\\endif", "1:1: nothing is neither true nor false"),
        ("\\if :unset\n\\endif", "1:1: :unset is neither true nor false"),
        ("\\i if.sql\n\\endif", r"1:1: \if has no \endif; add it"),
    ],
)
def test_branches_that_do_not_fit_are_refused(text: str, why: str) -> None:
    assert why in problems(text)[0]


def test_an_included_file_stands_in_place_of_the_command() -> None:
    source = expanded("SELECT 1;\n\\i b.sql\n  SELECT :x; \\ir sets.sql\nSELECT :x;").source
    assert source.text == ("SELECT 1;\nCREATE TABLE b ();\n\n  SELECT :x; \n\nSELECT 1;")
    places = Places(source)
    told = {word: places.place(source.text.index(word)) for word in ("CREATE", "SELECT :x")}
    assert told == {"CREATE": "b.sql:1:1", "SELECT :x": "a.sql:3:3"}
    assert expanded("\\i b.sql\n\\i sets.sql;").included == {"b.sql", "sets.sql"}


def test_the_end_of_an_included_file_ends_its_statement() -> None:
    assert sent("\\i open.sql\nSELECT 2;") == "SELECT 'open' -- no semicolon\n;\nSELECT 2;"
    assert sent("\\i rows.sql\nSELECT 2;") == "COPY t FROM stdin;\n1\n2\n\\.\nSELECT 2;"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("\\i circle.sql", r"middle.sql:1:1: \i in a circle, circle.sql → middle.sql → circle.sql"),
        ("SELECT 1\n\\i b.sql\n;", r"a.sql:2:1: \i in the middle of a statement; end that with a"),
        ("\\i bad.sql", r"bad.sql:2:1: \gexec is a command of psql"),
    ],
)
def test_an_include_that_can_not_be_done_is_refused_where_it_stands(text: str, why: str) -> None:
    assert problems(text)[0].startswith(why)


def test_a_file_may_be_included_twice() -> None:
    assert sent("\\i b.sql\n\\i b.sql").count("CREATE TABLE b") == 2


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (
            "\\copy t (a, b) from 't.csv' with (format csv)",
            "COPY t (a, b) FROM STDIN with (format csv);\na,1\r\nb,2\n\\.",
        ),
        ("\\copy from from t.csv csv;", "COPY from FROM STDIN csv;\na,1\r\nb,2\n\\."),
        ("\\copy s.\"from\" FROM 'it''s.txt';", 'COPY s."from" FROM STDIN;\n1\n\\.'),
        ("\\copy t from ended.txt", "COPY t FROM STDIN;\n1\n\\."),
        ("\\copy t from stdin\n:x\\n\n\\.", "COPY t FROM STDIN;\n:x\\n\n\\."),
        ("\\copy t to 'file'", ""),
        ("\\copy (select 1 from t) to stdout", ""),
    ],
)
def test_a_copy_brings_its_rows(command: str, text: str) -> None:
    assert sent(f"\\set x 1\n{command}\nSELECT 1;") == f"\n{text}\nSELECT 1;"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("\\copy t from program 'ls'", r"\copy from a program; write `COPY … FROM stdin;`"),
        ("\\copy t from pstdin", r"\copy from what psql itself is fed; "),
        ("\\copy binary t from 'x'", r"\copy of a binary file; "),
        ("\\copy (delete from t returning *) to 'x'", r"\copy of a statement that writes; "),
        ("\\copy t", r"\copy without FROM or TO; "),
        ("\\copy t from", r"\copy from nothing; "),
        ("\\copy t from gone.csv", "gone.csv is not there"),
        ("\\copy t from inside.txt", r"\copy from a file with a line \. inside; "),
        ("SELECT 1 \\copy t from t.csv", r"\copy in the middle of a statement; "),
    ],
)
def test_a_copy_from_elsewhere_is_refused(command: str, why: str) -> None:
    (problem,) = problems(command)
    assert problem.split(": ", 1)[1].startswith(why)


def test_an_encoding_is_set_for_the_session() -> None:
    assert sent("\\encoding LATIN1\n") == "SET client_encoding = 'LATIN1';\n"


def test_strings_with_escapes_say_so_themselves() -> None:
    text = (
        "SET standard_conforming_strings = off;\nSELECT 'it\\'s; \\\\', 'a''b', E'\\'', AS'\\n';\n"
        "SELECT 'c''d\\';';\n"
        "SET standard_conforming_strings = on;\nSELECT '\\';"
    )
    assert sent(text) == text.replace("'it", "E'it").replace("AS'", "AS E'").replace("'c'", "E'c'")


_PIECES = st.lists(
    st.sampled_from(
        [
            *("SELECT 'ü;\\' ;\n", "-- \\c x\n", "$$ \\i x $$", "/* :x */", '"\\d"', "E'\\''", ";"),
            *("\\echo hi\n", "\\set x 1\n", ":x", "a::b", "\\if 1\n", "\\if 0\n", "\\else\n"),
            *(
                "\\endif\n",
                "\\i b.sql\n",
                "\\copy t from t.csv\n",
                "COPY t FROM stdin;\n\\N\n\\.\n",
            ),
        ]
    ),
    max_size=12,
)


@given(_PIECES)
def test_what_is_sent_is_what_was_written_and_every_place_is_true(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        source = expanded(text).source
    except InputProblem:
        return
    places = Places(source)
    texts = {"a.sql": text, **SCRIPTS}
    for at, character in enumerate(source.text):
        path, line, column = places.place(at).rsplit(":", 2)
        written = texts[path].split("\n")[int(line) - 1][int(column) - 1 :] + "\n"
        copied = written[0] == character
        assert copied or written[0] in {"\\", ":"}
    for statement in _parsed(source):
        assert "\\echo" not in statement
        assert "\\set" not in statement


def _parsed(source: SourceText) -> list[str]:
    migration = Migration(
        number=1, path="a.sql", version="", text=source.text, origins=source.origins, sha256=""
    )
    try:
        parsed = statements.parse(migration)
    except InputProblem:
        return []
    assert "".join(statement.text for statement in parsed) == source.text
    return [statement.text for statement in parsed]
