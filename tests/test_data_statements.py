"""A history full of data statements: how they are worded, what is told of them, and the proof."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from consolidate import pipeline
from consolidate.fates import Fate, fates
from tests.engines import consolidated

if TYPE_CHECKING:
    from pathlib import Path

    from consolidate.fates import DataStatements
    from consolidate.pipeline import Consolidated

SERVER = "embedded://18"

PRELUDE = """\
CREATE SCHEMA house;
CREATE TABLE house.plans (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO house.plans VALUES (1, 'free'), (2, 'pro'), (3, 'old');
"""

FIRST = """\
CREATE TABLE rooms (id int PRIMARY KEY, name text NOT NULL, seats int);
CREATE TABLE settings (key text PRIMARY KEY, value jsonb NOT NULL);
CREATE TABLE prices (id int PRIMARY KEY, net numeric NOT NULL, gross numeric);
CREATE TABLE desks (id serial PRIMARY KEY, label text NOT NULL);
CREATE TABLE kinds (code text PRIMARY KEY, kind text);
CREATE TABLE watched (id int PRIMARY KEY, state text NOT NULL);
CREATE TABLE log (state text, at timestamptz DEFAULT now());
CREATE TABLE jobs (name text PRIMARY KEY, due timestamptz NOT NULL, ran timestamptz DEFAULT now());
CREATE TABLE copies (room text);
CREATE TABLE gone (id int);
CREATE TABLE staff (id int PRIMARY KEY, surname text, nick text);
CREATE TABLE levels (id int PRIMARY KEY, level text);
CREATE TABLE emptied (word text);
CREATE TABLE shown (id int PRIMARY KEY, state text);
CREATE TABLE seen (state text);
CREATE SEQUENCE tickets;

-- All rooms
INSERT INTO rooms VALUES
  (1, 'Court', 100), -- the big one
  (2, 'Ofice', 4),
  -- never built
  (3, 'Annex', 2);
INSERT INTO settings (key, value) VALUES ('theme', '{"dark":  true}'), ('lang', '"en"');
INSERT INTO prices VALUES (1, 10, NULL), (2, 20, NULL);
INSERT INTO desks (label) VALUES ('left'), ('right'), ('middle');
INSERT INTO kinds VALUES ('c', 'court '), ('o', 'OFFICE');
INSERT INTO staff (id, nick, surname) VALUES (1, 'mc', 'Chen'), -- of 2023
  (2, NULL, 'Rivera');
INSERT INTO levels VALUES (1, 'aaa');
INSERT INTO gone VALUES (1);
INSERT INTO emptied VALUES ('first');
INSERT INTO shown VALUES (1, 'then');
INSERT INTO seen SELECT state FROM shown;
INSERT INTO watched VALUES (1, 'new');
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO log (state) VALUES (NEW.state); RETURN NULL; END $$;
CREATE TRIGGER note AFTER UPDATE ON watched FOR EACH ROW EXECUTE FUNCTION note();
"""

SECOND = """\
-- a typo
UPDATE rooms SET name = 'Office' WHERE id = 2;
DELETE FROM rooms WHERE name LIKE 'Ann%';
ALTER TABLE rooms ADD COLUMN open boolean NOT NULL DEFAULT true;
UPDATE rooms SET open = false WHERE id = 1;
INSERT INTO settings (key, value) VALUES ('lang', '"de"'), ('zone', '"UTC"')
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
UPDATE prices SET gross = net * 2;
DELETE FROM desks WHERE label = 'right';
ALTER TABLE kinds ADD COLUMN proper text;
UPDATE kinds SET proper = lower(trim(kind));
ALTER TABLE kinds DROP COLUMN kind;
UPDATE watched SET state = 'old';
INSERT INTO copies SELECT name FROM rooms;
UPDATE rooms SET seats = 99 WHERE id = 99;
DROP TABLE gone;
DO $$ BEGIN
    INSERT INTO jobs (name, due) VALUES ('sweep', now() + interval '1 hour');
END $$;
INSERT INTO jobs (name, due, ran) VALUES ('mail', now() - interval '1 day', DEFAULT);
SELECT setval('tickets', 500);
TRUNCATE emptied;
INSERT INTO emptied VALUES ('second');
UPDATE shown SET state = 'now';
ALTER TABLE staff RENAME COLUMN surname TO "Name";
ALTER TABLE staff DROP COLUMN nick;
ALTER TABLE staff RENAME TO people;
ALTER TABLE levels ALTER COLUMN level TYPE int USING length(level);
DO $$ BEGIN
    UPDATE house.plans SET name = 'gratis' WHERE id = 1;
    DELETE FROM house.plans WHERE id = 3;
    INSERT INTO house.plans VALUES (4, 'team');
END $$;
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[pipeline.Job, Consolidated]:
    folder: Path = tmp_path_factory.mktemp("history")
    (folder / "1.sql").write_text(FIRST)
    (folder / "2.sql").write_text(SECOND)
    request = pipeline.Request(folder=folder, platform="plain", servers=(SERVER,))
    prepared = replace(pipeline.prepare(request), prelude=PRELUDE)
    job = pipeline.screened(prepared, lambda _: None)
    return job, consolidated(job)


@pytest.fixture(scope="module")
def text(built: tuple[pipeline.Job, Consolidated]) -> str:
    _, done = built
    return "\n".join(done.tree[file.path] for file in done.plan.files)


@pytest.fixture(scope="module")
def told(built: tuple[pipeline.Job, Consolidated]) -> dict[str, DataStatements]:
    """What became of each statement, by its first line."""
    _, done = built
    return {one.lines.partition("-")[0]: one for one in fates(done.plan, done.truth)}


def line(text: str, words: str) -> int:
    return next(n for n, one in enumerate(text.splitlines(), 1) if one.startswith(words))


@pytest.mark.pg
def test_it_is_proven(built: tuple[pipeline.Job, Consolidated]) -> None:
    job, done = built
    known = {job.servers[0].url: done.truth}
    (verdict,) = pipeline.prove_everywhere(job, done.tree, known, tuple, lambda _: None)
    assert [str(difference) for difference in verdict.differences] == []
    assert verdict.equivalent
    assert done.unsettled == ()


@pytest.mark.pg
def test_constants_and_deletions_are_folded_into_the_authors_rows(text: str) -> None:
    assert (
        "-- All rooms\nINSERT INTO rooms VALUES\n"
        "  (1, 'Court', 100, false), -- the big one\n  (2, 'Office', 4, true);\n"
    ) in text
    assert "UPDATE rooms" not in text
    assert "DELETE FROM rooms" not in text
    assert """VALUES ('theme', '{"dark":  true}'), ('lang', '"de"');""" in text
    assert """VALUES ('zone', '"UTC"')\n    ON CONFLICT (key) DO UPDATE""" in text


@pytest.mark.pg
def test_what_is_worked_out_stays_as_long_as_it_holds(text: str) -> None:
    assert "UPDATE prices SET gross = net * 2;" in text
    assert "UPDATE kinds" not in text, "its column is gone"


@pytest.mark.pg
def test_rows_that_drew_numbers_and_that_triggers_saw_are_not_folded(text: str) -> None:
    assert "DELETE FROM desks WHERE label = 'right';" in text
    assert "UPDATE watched SET state = 'old';" in text


@pytest.mark.pg
def test_what_somebody_saw_before_it_was_corrected_is_not_folded(text: str) -> None:
    assert "INSERT INTO shown VALUES (1, 'then');" in text
    assert "INSERT INTO seen SELECT state FROM shown;" in text
    assert "UPDATE shown SET state = 'now';" in text


@pytest.mark.pg
def test_what_a_truncate_took_is_not_written_at_all(
    text: str, told: dict[str, DataStatements]
) -> None:
    assert "INSERT INTO emptied VALUES ('second');" in text
    assert "('first')" not in text
    assert "TRUNCATE" not in text
    truncate = f"2.sql:{line(SECOND, 'TRUNCATE')}"
    first = told[f"1.sql:{line(FIRST, 'INSERT INTO emptied')}"]
    assert (first.fate, first.reason) == (Fate.GONE, f"its rows were removed by {truncate}")


@pytest.mark.pg
def test_listed_rows_are_kept_under_the_names_and_types_of_today(text: str) -> None:
    assert """INSERT INTO people (id, "Name") VALUES (1, 'Chen'), -- of 2023\n""" in text
    assert "  (2, 'Rivera');" in text
    assert "INSERT INTO levels VALUES (1, 3);" in text


@pytest.mark.pg
def test_rows_of_the_platform_are_changed_and_not_written_again(text: str) -> None:
    assert "UPDATE house.plans SET name = 'gratis' WHERE id = 1;" in text
    assert "DELETE FROM house.plans WHERE id = 3;" in text
    assert "INSERT INTO house.plans (id, name) VALUES\n    (4, 'team');" in text


@pytest.mark.pg
def test_volatile_cells_keep_their_expression(text: str) -> None:
    assert "('mail', now() - interval '1 day')" in text
    assert "now() + interval" not in text, "what a block says is not looked into"


@pytest.mark.pg
def test_every_data_statement_is_told_with_its_fate(told: dict[str, DataStatements]) -> None:
    found = {place: (one.command, one.fate) for place, one in told.items()}
    first, second = FIRST, SECOND
    expected = {
        f"1.sql:{line(first, 'INSERT INTO rooms')}": ("INSERT", Fate.KEPT),
        f"1.sql:{line(first, 'INSERT INTO gone')}": ("INSERT", Fate.GONE),
        f"2.sql:{line(second, 'UPDATE rooms SET name')}": ("UPDATE", Fate.FOLDED),
        f"2.sql:{line(second, 'DELETE FROM rooms')}": ("DELETE", Fate.FOLDED),
        f"2.sql:{line(second, 'UPDATE rooms SET open')}": ("UPDATE", Fate.FOLDED),
        f"2.sql:{line(second, 'INSERT INTO settings')}": ("INSERT", Fate.KEPT),
        f"2.sql:{line(second, 'UPDATE prices')}": ("UPDATE", Fate.KEPT),
        f"2.sql:{line(second, 'DELETE FROM desks')}": ("DELETE", Fate.KEPT),
        f"2.sql:{line(second, 'UPDATE watched')}": ("UPDATE", Fate.KEPT),
        f"2.sql:{line(second, 'INSERT INTO copies')}": ("INSERT", Fate.KEPT),
        f"2.sql:{line(second, 'UPDATE rooms SET seats')}": ("UPDATE", Fate.NO_EFFECT),
        f"2.sql:{line(second, 'DO $$')}": ("DO", Fate.VALUES),
        f"2.sql:{line(second, 'INSERT INTO jobs')}": ("INSERT", Fate.VALUES),
        f"2.sql:{line(second, 'SELECT setval')}": ("SELECT", Fate.VALUES),
    }
    assert {place: found.get(place) for place in expected} == expected
    assert told[f"2.sql:{line(second, 'INSERT INTO jobs')}"].reason == (
        f"2.sql:{line(second, 'DO $$')}: a DO block writes them, which may do more than that"
    )


@pytest.mark.pg
def test_the_manifest_holds_them_all(built: tuple[pipeline.Job, Consolidated]) -> None:
    _, done = built
    (found,) = [text for path, text in done.tree.items() if path == "manifest.json"]
    listed = json.loads(found)["data"]
    commands = {"INSERT", "UPDATE", "DELETE", "TRUNCATE", "DO $$", "SELECT s"}
    expected = sum(one.startswith(tuple(commands)) for one in (FIRST + SECOND).splitlines())
    assert sum(one["statements"] for one in listed) == expected
    assert all(one["fate"] for one in listed)
