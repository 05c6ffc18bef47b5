"""Which tables' rows the migrations behind the line need in front of them."""

from __future__ import annotations

import pytest

from consolidate import statements, tailrows
from consolidate.model import Manner, Migration, Statement

HEAD = """\
CREATE TABLE countries (code text PRIMARY KEY, name text);
CREATE TABLE cities (id int PRIMARY KEY, country text REFERENCES countries);
CREATE TABLE marks (name text);
ALTER TABLE marks RENAME TO tags;
CREATE VIEW named AS SELECT name FROM countries;
CREATE FUNCTION fill() RETURNS void LANGUAGE sql AS 'UPDATE tags SET name = name';
CREATE TABLE log (line text);
CREATE TYPE mood AS ENUM ('calm');
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE moods (mood mood, number int DEFAULT one());
"""
RIVERS = "CREATE TABLE rivers (country text REFERENCES countries)"
READS = "reads or writes them"
POINTED = "writes rows that point at them"
POINTING = "changes rows that they point at"
TABLE = "changes their table"
BENEATH = "changes what their table needs"


def parsed(text: str, path: str) -> tuple[Statement, ...]:
    return statements.parse(Migration(number=1, path=path, version="", text=text, sha256=""))


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("UPDATE countries SET name = 'x'", {"countries": READS, "cities": POINTING}),
        ("DELETE FROM countries", {"countries": READS, "cities": POINTING}),
        ("DELETE FROM cities", {"countries": POINTED, "cities": READS}),
        ("INSERT INTO cities VALUES (1, 'de')", {"countries": POINTED, "cities": READS}),
        ("INSERT INTO tags VALUES ('x')", {"tags": READS}),
        ("INSERT INTO log SELECT name FROM named", {"countries": READS, "log": READS}),
        ("CREATE MATERIALIZED VIEW m AS SELECT * FROM tags", {"tags": READS}),
        ("DO $$ BEGIN UPDATE tags SET name = 'x'; END $$", {"tags": READS}),
        ("SELECT fill()", {"tags": READS}),
        ("ALTER TABLE tags ADD n int", {"tags": TABLE}),
        ("ALTER TABLE tags ALTER name SET NOT NULL", {"tags": TABLE}),
        ("ALTER TABLE tags RENAME name TO title", {"tags": TABLE}),
        ("DROP TABLE tags", {"tags": TABLE}),
        ("ALTER TABLE tags RENAME TO words; UPDATE words SET name = 'x'", {"tags": TABLE}),
        ("CREATE TRIGGER t BEFORE INSERT ON tags EXECUTE FUNCTION checked()", {"tags": TABLE}),
        (
            "ALTER TABLE log ADD FOREIGN KEY (line) REFERENCES countries",
            {"log": TABLE, "countries": TABLE},
        ),
        (RIVERS, {}),
        ("ALTER TYPE mood RENAME VALUE 'calm' TO 'quiet'", {"moods": BENEATH}),
        (
            "CREATE OR REPLACE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 2'",
            {"moods": BENEATH},
        ),
        ("ALTER TYPE mood ADD VALUE 'cross'; COMMENT ON TYPE mood IS 'x'", {}),
        (f"{RIVERS}; INSERT INTO rivers VALUES ('de')", {"countries": POINTED}),
        ("COMMENT ON TABLE tags IS 'x'; GRANT SELECT ON tags TO PUBLIC", {}),
        ("ALTER TABLE tags ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON tags USING (true)", {}),
        ("CREATE INDEX i ON tags (name); DROP INDEX i", {}),
        ("CREATE VIEW v AS SELECT * FROM tags; DROP VIEW named", {}),
        ("CREATE FUNCTION g() RETURNS void LANGUAGE sql AS 'DELETE FROM tags'", {}),
    ],
)
def test_rows_that_a_tail_needs_are_known_by_their_table(
    tail: str, expected: dict[str, str]
) -> None:
    found = tailrows.needed((), parsed(HEAD, "1.sql"), parsed(tail, "2.sql"), Manner())
    told = {f"public.{name}" for name in ("countries", "cities", "tags", "log", "moods")}
    assert {name: why for name, why in found.items() if name in told} == {
        f"public.{name}": f"2.sql:1, which stays as it is, {why}" for name, why in expected.items()
    }
