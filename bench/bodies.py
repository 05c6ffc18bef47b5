"""The functions that a made-up team writes: from one line to a page, in PL/pgSQL and in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.world import Dice, Table

Body = tuple[str, str]
"""Language and text."""

_REMARKS = ("as asked for", "für die Übersicht", "see the wiki — page 7", "temporary!")

_COUNTS: tuple[tuple[int, Body], ...] = (
    (
        3,
        (
            "plpgsql",
            """
BEGIN
  -- {remark}
  RETURN (SELECT count(*) + {least} FROM {table});
END
""",
        ),
    ),
    (
        2,
        (
            "plpgsql",
            """
DECLARE
  found_rows bigint;
  newest {table}.id%TYPE;
BEGIN
  SELECT count(*), max(id::text) INTO found_rows, newest FROM {table} WHERE id IS NOT NULL;
  IF found_rows < {least} THEN
    RAISE NOTICE 'only % rows up to %', found_rows, newest;
    RETURN 0;
  ELSIF found_rows > {least} * 1000 THEN
    RAISE EXCEPTION 'too many rows: %', found_rows USING HINT = '{remark}';
  END IF;
  RETURN found_rows - {least};
END
""",
        ),
    ),
    (
        2,
        (
            "plpgsql",
            """
DECLARE
  entry record;
  total bigint := 0;
  seen integer := {least};
BEGIN
  -- {remark}
  FOR entry IN
    SELECT id, row_number() OVER (ORDER BY id) AS place FROM {table} WHERE id IS NOT NULL
  LOOP
    IF entry.place % 2 = 0 THEN
      total := total + entry.place;
    ELSE
      seen := seen + 1;
      CONTINUE WHEN seen > 100;
    END IF;
    total := total + coalesce(length(entry.id::text), 0);
  END LOOP;
  RETURN total + seen;
EXCEPTION
  WHEN division_by_zero OR numeric_value_out_of_range THEN
    RETURN -1;
END
""",
        ),
    ),
    (
        1,
        (
            "plpgsql",
            """
DECLARE
  counted bigint;
  wanted text := quote_ident('{table}');
BEGIN
  EXECUTE format('SELECT count(*) FROM %I WHERE id IS NOT NULL', '{table}') INTO counted;
  IF counted = 0 THEN
    EXECUTE 'SELECT count(*) + $1 FROM ' || wanted INTO counted USING {least};
  END IF;
  PERFORM set_config('bench.counted', counted::text, true);
  RETURN counted;
END
""",
        ),
    ),
    (
        2,
        (
            "sql",
            """
  -- {remark}
  WITH numbered AS (
    SELECT id, row_number() OVER (ORDER BY id) AS place FROM {table}
  )
  SELECT coalesce(sum(n.place), 0)::bigint + {least}
  FROM numbered n
  WHERE EXISTS (SELECT 1 FROM {table} t WHERE t.id = n.id)
""",
        ),
    ),
)

_TOUCHES: tuple[tuple[int, str], ...] = (
    (
        2,
        """
BEGIN
  -- {remark}, version {version}
  RETURN NEW;
END
""",
    ),
    (
        1,
        """
DECLARE
  changed boolean := NEW IS DISTINCT FROM OLD;
BEGIN
  -- version {version}
  IF TG_OP = 'UPDATE' AND NOT changed THEN
    RETURN NULL;
  END IF;
  IF NEW.id <> OLD.id THEN
    RAISE EXCEPTION 'the key of % stays as it is', TG_TABLE_NAME;
  END IF;
  PERFORM pg_notify('{table}', json_build_object('id', NEW.id, 'at', TG_OP)::text);
  RETURN NEW;
END
""",
    ),
)


def counting(dice: Dice, name: str, table: Table) -> str:
    """A function that counts the rows of a table in some way; each can replace the others."""
    language, text = dice.weighted(_COUNTS)
    body = text.format(table=table.name, least=dice.below(1000), remark=dice.one(_REMARKS))
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS bigint LANGUAGE {language} AS $${body}$$"


def touching(dice: Dice, name: str, table: Table, version: int) -> str:
    """A function for the trigger of a table."""
    text = dice.weighted(_TOUCHES)
    body = text.format(table=table.name, version=version, remark=dice.one(_REMARKS))
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
