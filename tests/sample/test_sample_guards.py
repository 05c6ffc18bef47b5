"""The sample's files refuse to do harm: where the history ran before, and to a stranger's rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import psycopg
import pytest

from consolidate.layout import EMERGENCY, rollback_of
from tests.sample_build import MAJORS

if TYPE_CHECKING:
    from tests.sample_build import Copy, Sample

majors = pytest.mark.parametrize("major", MAJORS)


class Stranger(NamedTuple):
    """A row that no history put there, and the file whose rollback would drop it."""

    file: str
    table: str
    insert: str

    def __str__(self) -> str:
        return self.table


STRANGERS = (
    Stranger(
        "20250101_120000_people_tables.sql",
        "public.departments",
        "INSERT INTO public.departments (name) VALUES ('Strangers')",
    ),
    Stranger(
        "20250102_000000_rooms_table.sql",
        "public.building_types",
        "INSERT INTO public.building_types (name) VALUES ('Strange')",
    ),
    Stranger(
        "20250103_000000_schedules_table.sql",
        "public.term_assignments",
        "INSERT INTO public.term_assignments (term_code, judge) VALUES ('2024-FALL', 'A stranger')",
    ),
    Stranger(
        "20250104_000000_capacities_table.sql",
        "public.capacities",
        "INSERT INTO public.capacities (room_type, max_people) VALUES ('office', 1)",
    ),
    Stranger(
        "20250105_000000_keys_tables.sql",
        "public.key_requests",
        "INSERT INTO public.key_requests (requested_by) VALUES ('A stranger')",
    ),
    Stranger(
        "20250106_000000_tickets_table.sql",
        "public.tickets",
        "INSERT INTO public.tickets (title, form_no) VALUES ('A stranger came by', 1)",
    ),
    Stranger(
        "20250106_120000_notifications_tables.sql",
        "public.notifications",
        "INSERT INTO public.notifications (title) VALUES ('A stranger came by')",
    ),
    Stranger(
        "20250107_000000_audit_log.sql",
        "public.audit_log_2024",
        "INSERT INTO public.audit_log (table_name, action, changed_at) "
        "VALUES ('strangers', 'INSERT', '2024-06-01')",
    ),
)


@pytest.mark.parametrize("stranger", STRANGERS, ids=str)
def test_a_rollback_refuses_to_drop_a_strangers_row(stranger: Stranger, sample: Sample) -> None:
    with sample.output(MAJORS[0]).copy() as copy:
        number = next(n for n, path in enumerate(sample.files) if path.endswith(stranger.file))
        for path in reversed(sample.files[number + 1 :]):
            copy.apply(sample.tree[rollback_of(path)])
        copy.apply(stranger.insert)
        _refuses_then_obeys(copy, stranger.table, sample.tree[rollback_of(sample.files[number])])


def test_the_emergency_rollback_refuses_to_drop_a_strangers_row(sample: Sample) -> None:
    with sample.output(MAJORS[0]).copy() as copy:
        copy.apply("INSERT INTO public.notifications (title) VALUES ('A stranger came by')")
        _refuses_then_obeys(copy, "public.notifications", sample.tree[EMERGENCY])


def _refuses_then_obeys(copy: Copy, table: str, rollback: str) -> None:
    before = copy.facts(), copy.rows()
    with pytest.raises(psycopg.errors.RaiseException, match="would lose rows") as refusal:
        copy.apply(rollback)
    assert refusal.value.diag.message_primary == (f"this rollback would lose rows: {table} (1 row)")
    assert (copy.facts(), copy.rows()) == before
    copy.apply(f"SET consolidate.allow_data_loss = 'on';\n{rollback}")
    assert copy.answers(f"SELECT to_regclass('{table}') IS NULL") == ["True"]


def test_every_rollback_that_drops_tables_has_met_a_stranger(sample: Sample) -> None:
    dropping = [path for path in sample.files if _dropped(sample.tree[rollback_of(path)])]
    assert [path.rpartition("/")[2] for path in dropping] == [s.file for s in STRANGERS]


def test_every_dropped_table_is_guarded(sample: Sample) -> None:
    for path in (*map(rollback_of, sample.files), EMERGENCY):
        text = sample.tree[path]
        assert [
            table
            for table in _dropped(text)
            if f"        ('{table}', 'dropped', " not in text
            and f"            '{table}'" not in text
        ] == [], path


def _dropped(rollback: str) -> list[str]:
    return re.findall(r"^DROP TABLE IF EXISTS (.+);$", rollback, re.MULTILINE)


@majors
@pytest.mark.parametrize("history", ["legacy", "output"])
def test_the_first_file_refuses_where_the_tables_are(
    history: str, major: int, sample: Sample
) -> None:
    built = sample.legacy(major) if history == "legacy" else sample.output(major)
    with built.copy() as copy:
        before = copy.facts()
        with pytest.raises(psycopg.errors.RaiseException, match="already holds") as refusal:
            copy.apply(sample.tree[sample.files[0]])
        assert "public.profiles" in str(refusal.value.diag.message_primary)
        assert copy.facts() == before


_RECORDS = (
    "CREATE SCHEMA IF NOT EXISTS supabase_migrations; "
    "CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY)"
)


@majors
def test_the_first_file_refuses_where_migrations_are_recorded(major: int, sample: Sample) -> None:
    with sample.output(major).platform() as copy:
        copy.apply(f"{_RECORDS}; INSERT INTO supabase_migrations.schema_migrations VALUES ('1')")
        before = copy.facts()
        with pytest.raises(psycopg.errors.RaiseException, match="1 migrations are already rec"):
            copy.apply(sample.tree[sample.files[0]])
        assert copy.facts() == before


@majors
def test_the_first_file_applies_where_none_is_recorded(major: int, sample: Sample) -> None:
    with sample.output(major).platform() as copy:
        copy.apply(_RECORDS)
        copy.apply(sample.tree[sample.files[0]])
        assert copy.answers("SELECT to_regtype('public.email_address') IS NOT NULL") == ["True"]
