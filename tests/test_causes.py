"""Following failures to their root; what the server says is given, no server is asked."""

from __future__ import annotations

import pytest

from consolidate import causes, effects, statements
from consolidate.model import History, Migration, Refused, Runner
from consolidate.replay import Failure

Files = dict[str, str]


def _migration(number: int, path: str, text: str) -> Migration:
    return Migration(number=number, path=path, version="", text=text, sha256="")


def find(files: Files, failing: Files, refused: Files | None = None) -> list[str]:
    """The causes, a line each, where files fail with these messages at their first statement."""
    migrations = tuple(_migration(n, path, text) for n, (path, text) in enumerate(files.items(), 1))
    parsed = statements.parse_all(History(runner=Runner.PLAIN, migrations=migrations))
    first = {file[0].path: file[0] for file in parsed}
    failures = [
        Failure(statement=first[path], place=f"{path}:1:1", message=message, sqlstate="")
        for path, message in failing.items()
    ]
    gone = [
        Refused(migration=_migration(0, path, text), problems=(f"{path}:1:1: no SQL",))
        for path, text in (refused or {}).items()
    ]
    read = effects.run(statement for file in parsed for statement in file)
    return [str(cause) for cause in causes.find(gone, failures, read)]


def test_what_nothing_creates_is_one_cause_for_all_that_use_it() -> None:
    files = {
        "1": "ALTER TABLE people ADD a int;",
        "2": "CREATE VIEW v AS SELECT * FROM people;",
        "3": "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1 FROM people'",
        "4": "GRANT SELECT ON v TO PUBLIC;",
    }
    no_people = 'relation "people" does not exist'
    failing = {"1": no_people, "2": no_people, "4": 'relation "v" does not exist'}
    (told,) = find(files, failing)
    assert told == (
        "1:1:1: table public.people is used by 3 files and created by none;"
        " so 2 other files fail: 2, 4"
    )


def test_what_the_server_thinks_was_meant_is_told_with_it() -> None:
    near = 'Perhaps you meant to reference the column "people.name".'
    files = {"1": "CREATE TABLE people (name text);", "2": "UPDATE people SET name = nane;"}
    (told,) = find(files, {"2": f'column "nane" does not exist {near}'})
    assert told == f"2:1:1: column nane is used by 1 file and created by none ({near})"


@pytest.mark.parametrize(
    ("made", "used", "message"),
    [
        ("CREATE TABLE t ();", "ALTER TABLE t ADD a int;", 'relation "t" does not exist'),
        ("CREATE TABLE t ();", "DROP TABLE public.t;", 'table "t" does not exist'),
        ("CREATE TYPE m AS ENUM ();", "CREATE TABLE x (a m);", 'type "m" does not exist'),
        ("CREATE SCHEMA s;", "CREATE TABLE s.x ();", 'schema "s" does not exist'),
        ("CREATE ROLE r;", "GRANT r TO postgres;", 'role "r" does not exist'),
        (
            "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
            "SELECT f(1);",
            "function f(integer) does not exist. No function matches the given name",
        ),
        (
            "CREATE TABLE y (); ALTER TABLE y ADD c int;",
            "CREATE INDEX ON y (c);",
            'column "c" does not exist',
        ),
        (
            "ALTER TABLE y ADD c int;",
            "ALTER TABLE y DROP c;",
            'column "c" of relation "y" does not exist',
        ),
    ],
)
def test_what_a_failing_file_would_have_made_is_laid_to_that_file(
    made: str, used: str, message: str
) -> None:
    assert find({"1": made, "2": used}, {"1": "it is broken", "2": message}) == [
        "1:1:1: it is broken; so 1 other file fails: 2"
    ]


def test_what_a_file_that_does_not_parse_seems_to_make_is_laid_to_it() -> None:
    refused = {"1": "CREATE TABEL t ();", "2": "CREATE TABLE x (;"}
    failing = {"3": 'relation "t" does not exist', "4": 'relation "u" does not exist'}
    files = {"3": "ALTER TABLE t ADD a int;", "4": "ALTER TABLE u ADD a int;"}
    assert find(files, failing, refused) == [
        "1:1:1: no SQL; so 1 other file fails: 3",
        "2:1:1: no SQL",
        "4:1:1: table public.u is used by 1 file and created by none",
    ]


def test_what_is_made_only_later_is_told_with_who_makes_it() -> None:
    files = {"1": "ALTER TABLE t ADD a int;", "2": "CREATE TABLE t ();"}
    assert find(files, {"1": 'relation "t" does not exist'}) == [
        '1:1:1: relation "t" does not exist (2 makes it; is the order right?)'
    ]


@pytest.mark.parametrize(
    ("used", "made", "message"),
    [
        ("ALTER TABLE t ADD a int;", "CREATE TABLE IF NOT EXISTS t ();", 'relation "t"'),
        ("SELECT nextval('s');", "CREATE SEQUENCE IF NOT EXISTS s;", 'relation "s"'),
        ("CREATE TABLE s.x ();", "CREATE SCHEMA IF NOT EXISTS s;", 'schema "s"'),
        ("UPDATE y SET c = 1;", "ALTER TABLE y ADD IF NOT EXISTS c int;", 'column "c"'),
        ("REFRESH MATERIALIZED VIEW m;", "CREATE MATERIALIZED VIEW IF NOT EXISTS m AS SELECT 1;",
         'relation "m"'),
    ],
)  # fmt: skip
def test_what_is_made_later_unless_it_exists_is_made_later(
    used: str, made: str, message: str
) -> None:
    assert find({"1": used, "2": made}, {"1": f"{message} does not exist"}) == [
        f"1:1:1: {message} does not exist (2 makes it; is the order right?)"
    ]


def test_what_a_failing_file_would_have_made_unless_it_existed_is_laid_to_that_file() -> None:
    files = {"1": "ALTER TABLE t ADD a int;", "2": "CREATE TABLE IF NOT EXISTS t (); SELECT x;"}
    failing = {"1": 'relation "t" does not exist', "2": "it is broken"}
    assert find(files, failing) == ["2:1:1: it is broken; so 1 other file fails: 1"]


def test_files_that_wait_for_each_other_end_somewhere() -> None:
    files = {
        "1": "CREATE TABLE a (); ALTER TABLE b ADD x int;",
        "2": "CREATE TABLE b (); ALTER TABLE a ADD x int;",
    }
    told = find(files, {"1": 'relation "b" does not exist', "2": 'relation "a" does not exist'})
    assert len(told) in {1, 2}
    assert all("does not exist" in line for line in told)


def test_many_files_are_counted_after_the_first_dozen() -> None:
    files = {f"f{n:02}": "ALTER TABLE t ADD a int;" for n in range(20)}
    (told,) = find(files, dict.fromkeys(files, 'relation "t" does not exist'))
    assert told.endswith("so 19 other files fail: " + ", ".join(list(files)[1:13]) + ", and 7 more")
