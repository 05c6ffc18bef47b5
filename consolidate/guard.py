"""Writes the check at the head of the first migration: is this database still empty?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import names
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.plan import Plan
    from consolidate.truth import Truth

MOST = 10
"""Objects that the check looks for."""

_LOOKUPS = (
    ("to_regclass", ("table", "foreign table", "view", "materialized view", "sequence")),
    ("to_regtype", ("type",)),
    ("to_regprocedure", ("function", "procedure")),
    ("to_regnamespace", ("schema",)),
)
"""PostgreSQL's functions that return NULL for a name which is not there, best first."""

_SUPABASE = {ObjectId("schema", "auth"), ObjectId("role", "service_role")}
"""What every Supabase project starts with."""

_COMMENT = "-- Only for a database that holds none of this yet; the check leaves nothing behind."

_ADVICE = """\
    advice CONSTANT text := 'These files build a new database. '
        'Where the old migrations ran, record these as applied instead of applying them.';"""

_HISTORY_CHECK = """\
    IF pg_catalog.to_regclass('supabase_migrations.schema_migrations') IS NOT NULL THEN
        EXECUTE 'SELECT pg_catalog.count(*) FROM supabase_migrations.schema_migrations'
            INTO applied;
        IF applied > 0 THEN
            RAISE EXCEPTION '% migrations are already recorded in this database', applied
                USING HINT = advice;
        END IF;
    END IF;"""
"""The table may be missing, so its name is only looked up when the check runs."""


def guard(plan: Plan, truth: Truth) -> str:
    """A DO block that raises where the history, or the one it replaces, was applied before.

    It only reads, so it leaves nothing behind. It is empty where the plan makes nothing that
    PostgreSQL could be asked for.
    """
    declared, checks = [_ADVICE], []
    function, found = _main_objects(plan, truth)
    if found:
        declared.append("    found text;")
        checks.append(_objects_check(function, found))
    if on_supabase(truth):
        declared.append("    applied bigint;")
        checks.append(_HISTORY_CHECK)
    if not checks:
        return ""
    body = "\n".join(["DECLARE", *declared, "BEGIN", *checks, "END"])
    tag = "$guard$"
    while tag in body:
        tag = f"{tag[:-1]}_$"
    return f"{_COMMENT}\nDO {tag}\n{body}\n{tag};"


def on_supabase(truth: Truth) -> bool:
    """Whether the empty database is a Supabase project's."""
    return truth.platform.facts.objects >= _SUPABASE


def _main_objects(plan: Plan, truth: Truth) -> tuple[str, Sequence[str]]:
    """The first objects of the best kind that the legacy history made and the platform lacks."""
    known = {*truth.platform.facts.objects, *truth.renames.today}
    made = sorted(
        (step.unit.ordinal, member)
        for step in plan.steps
        for member in step.members
        if member not in known
    )
    for function, kinds in _LOOKUPS:
        for kind in kinds:
            found = list(dict.fromkeys(m.identity for _, m in made if m.kind == kind))
            if found:
                return function, found[:MOST]
    return "", ()


def _objects_check(function: str, found: Sequence[str]) -> str:
    listed = ",\n        ".join(names.literal(name) for name in found)
    return f"""\
    SELECT pg_catalog.string_agg(name, ', ' ORDER BY number) INTO found
    FROM pg_catalog.unnest(ARRAY[
        {listed}
    ]) WITH ORDINALITY AS main (name, number)
    WHERE pg_catalog.{function}(name) IS NOT NULL;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'this database already holds what these migrations make: %', found
            USING HINT = advice;
    END IF;"""
