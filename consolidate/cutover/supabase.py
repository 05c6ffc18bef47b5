"""The cutover of the Supabase CLI's history table, and its undo, as SQL text.

The table is `supabase_migrations.schema_migrations (version text primary key, statements text[],
name text)`; hosted projects have further columns. By `FindPendingMigrations` of the CLI
(`pkg/migration/apply.go`) a version there without a local file stops every `db push`, and so does a
local file without a row that sorts before one: so all the legacy rows have to go and all the
consolidated ones to come, at once. The CLI takes no lock but the table's.

The legacy rows are kept in a table beside it, whole: only the database knows what the CLI, the
dashboard or a hand wrote into the other columns. PostgreSQL's DDL is transactional, so the copy
comes and goes with the rest.

The text is SQL alone, without psql's commands, so that a dashboard's editor runs it as well. After
an error the rest of a transaction is refused and its COMMIT is a ROLLBACK, whatever runs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from consolidate.names import literal
from consolidate.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.export.exported import Recorded

TABLE = "supabase_migrations.schema_migrations"
KEPT = "supabase_migrations.schema_migrations_before_consolidation"

_PER_LINE = 5
_SEPARATOR = "\x1f"
"""Between statements where they are hashed; PostgreSQL's `chr(31)`."""

_BEGIN = f"""\
BEGIN;
SET LOCAL lock_timeout = '4s';
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL row_security = off;  -- rows that a policy hides would be an error, not be missed

LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutover:
    """From which rows to which."""

    before: tuple[str, ...]
    """The versions that are there, sorted."""
    after: tuple[Recorded, ...]
    """In apply order, in which versions rise."""
    warnings: tuple[str, ...]
    """Why something else may be there, a line each."""

    def sql(self) -> str:
        """The transaction that replaces the rows, or changes nothing."""
        legacy, rows = counted(len(self.before), "row"), counted(len(self.after), "row")
        about = (
            f"-- Replaces the {legacy} of the legacy history in {TABLE}\n"
            f"-- by the {rows} of the consolidated one, in one transaction, or changes nothing.\n"
            f"-- The legacy rows are kept in {KEPT}."
        )
        return "\n".join(
            [
                about,
                _BEGIN,
                self._expected_before(),
                f"CREATE TABLE {KEPT} AS\n    TABLE {TABLE};\n",
                f"DELETE FROM {TABLE};\n",
                self._insert(),
                self._expected_after(),
                "COMMIT;\n",
            ]
        )

    def undo(self) -> str:
        """The transaction that puts the kept rows back, or changes nothing."""
        about = (
            f"-- Puts the rows of the legacy history back into {TABLE}\n"
            f"-- from {KEPT}, in one transaction,\n"
            "-- or changes nothing."
        )
        return "\n".join(
            [
                about,
                _BEGIN,
                self._expected_before_undo(),
                f"DELETE FROM {TABLE};\n",
                f"INSERT INTO {TABLE}\n    TABLE {KEPT};\n",
                _check(
                    [("kept", _versions_in(KEPT))],
                    "IF present IS DISTINCT FROM kept THEN\n"
                    "    RAISE EXCEPTION 'undo: the rows did not come back; nothing is changed';\n"
                    "END IF;",
                ),
                f"DROP TABLE {KEPT};\n",
                "COMMIT;\n",
            ]
        )

    def _versions(self) -> tuple[str, ...]:
        return tuple(one.version for one in self.after)

    def _expected_before(self) -> str:
        kept = (
            f"IF to_regclass({literal(KEPT)}) IS NOT NULL THEN\n"
            f"    RAISE EXCEPTION 'cutover: {KEPT}"
            " is there from an earlier cutover; nothing is changed'\n"
            "        USING HINT = 'Drop it if nobody will undo that one.';\n"
            "END IF;"
        )
        already = (
            "IF present IS DISTINCT FROM expected AND present @> consolidated THEN\n"
            "    RAISE EXCEPTION 'cutover: this database is cut over already;"
            " nothing is changed';\n"
            "END IF;\n"
        )
        return _check(
            [("expected", _array(self.before)), ("consolidated", _array(self._versions()))],
            already + _require_expected("cutover", "the legacy history") + kept,
        )

    def _expected_before_undo(self) -> str:
        kept = (
            f"IF to_regclass({literal(KEPT)}) IS NULL THEN\n"
            f"    RAISE EXCEPTION 'undo: {KEPT}"
            " is not there; nothing is changed';\n"
            "END IF;"
        )
        return _check(
            [("expected", _array(self._versions()))],
            _require_expected("undo", "the consolidated history") + kept,
        )

    def _insert(self) -> str:
        rows = ",\n".join(
            f"    ({literal(one.version)}, {literal(one.name)}, {_statements(one.statements)})"
            for one in self.after
        )
        return f"INSERT INTO {TABLE} (version, name, statements) VALUES\n{rows};\n"

    def _expected_after(self) -> str:
        """Holds every row against a hash taken here, so that nothing is lost on the way."""
        rows = ",\n".join(
            f"            ({literal(one.version)}, {literal(one.name)},\n"
            f"             {literal(_digest(one.statements))})"
            for one in self.after
        )
        return f"""\
DO $check$
DECLARE
    wrong text;
BEGIN
    SELECT string_agg(coalesce(version, wanted), ', ' ORDER BY coalesce(version, wanted))
    INTO wrong
    FROM {TABLE}
    FULL JOIN (VALUES
{rows}
        ) AS expected (wanted, wanted_name, digest)
        ON wanted = version AND wanted_name = name
        AND digest = encode(sha256(convert_to(array_to_string(statements, chr(31)), 'UTF8')), 'hex')
    WHERE version IS NULL OR wanted IS NULL;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'cutover: these rows are not as sent: %; nothing is changed', wrong;
    END IF;
    IF {_versions_in(KEPT)}
        IS DISTINCT FROM {_array(self.before)} THEN
        RAISE EXCEPTION 'cutover: the legacy rows were not kept; nothing is changed';
    END IF;
END
$check$;
"""


def _check(constants: Sequence[tuple[str, str]], body: str) -> str:
    """A block that knows the versions that are `present`, and raises if they are not as said."""
    declared = "".join(f"    {name} CONSTANT text[] := {value};\n" for name, value in constants)
    indented = "".join(f"    {line}\n" for line in body.splitlines())
    return f"""\
DO $check$
DECLARE
{declared}    present CONSTANT text[] := {_versions_in(TABLE)};
BEGIN
{indented}END
$check$;
"""


def _versions_in(table: str) -> str:
    return f'ARRAY(\n        SELECT version FROM {table} ORDER BY version COLLATE "C")'


def _require_expected(what: str, which: str) -> str:
    def only_in(left: str, right: str) -> str:
        return (
            "coalesce(nullif(array_to_string(ARRAY(\n"
            f"            SELECT v FROM unnest({left}) AS v WHERE v <> ALL ({right})), ', '), ''),"
            " 'none')"
        )

    return (
        "IF present IS DISTINCT FROM expected THEN\n"
        f"    RAISE EXCEPTION '{what}: the table does not hold {which}; nothing is changed."
        " Missing: %. Unexpected: %.',\n"
        f"        {only_in('expected', 'present')},\n"
        f"        {only_in('present', 'expected')};\n"
        "END IF;\n"
    )


def _array(versions: Sequence[str]) -> str:
    """A constant array of texts, a few to a line."""
    if not versions:
        return "'{}'::text[]"
    rows = [versions[at : at + _PER_LINE] for at in range(0, len(versions), _PER_LINE)]
    listed = ",\n".join("        " + ", ".join(map(literal, row)) for row in rows)
    return f"ARRAY[\n{listed}]"


def _statements(texts: Sequence[str]) -> str:
    """A constant array of statements, each as it is between its dollar signs."""
    if not texts:
        return "'{}'::text[]"
    return "ARRAY[\n" + ",\n".join(map(_dollar_quoted, texts)) + "\n    ]"


def _dollar_quoted(text: str) -> str:
    number = 0
    while (tag := f"$statement{number or ''}$") in text + "$":
        number += 1
    return f"{tag}{text}{tag}"


def _digest(texts: Sequence[str]) -> str:
    return sha256(_SEPARATOR.join(texts).encode()).hexdigest()
