"""The built-in platforms are plain SQL that two runs apply alike."""

from __future__ import annotations

import pytest
from pglast import ast, parse_sql

from consolidate.errors import UsageProblem
from consolidate.platforms import names, prelude, recognise


def _statements() -> list[ast.Node]:
    return [raw.stmt for raw in parse_sql(prelude("supabase")) if raw.stmt is not None]


def test_the_platforms_are_plain_and_supabase() -> None:
    assert names() == ("plain", "supabase")


def test_plain_adds_nothing() -> None:
    assert prelude("plain") == ""


def test_an_unknown_platform_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageProblem) as caught:
        prelude("firebase")
    assert "firebase" in caught.value.message
    assert "plain, supabase" in caught.value.hint


def test_supabase_brings_no_rows_and_no_transactions_of_its_own() -> None:
    kinds = {type(statement) for statement in _statements()}
    assert not kinds & {ast.InsertStmt, ast.CopyStmt, ast.TransactionStmt, ast.CreateExtensionStmt}


def test_supabase_has_the_roles_of_the_api() -> None:
    roles = {s.role: s for s in _statements() if isinstance(s, ast.CreateRoleStmt)}
    assert {"anon", "authenticated", "service_role", "authenticator"} <= roles.keys()
    options = {option.defname for option in roles["service_role"].options or ()}
    assert "bypassrls" in options


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["SELECT 1", "CREATE POLICY p ON t USING (auth.uid() = id)"], "auth.uid"),
        (["ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES auth.users"], "auth.users"),
        (["INSERT INTO storage.buckets VALUES ('x')"], "storage.buckets"),
        (["CREATE SCHEMA IF NOT EXISTS auth", "SELECT auth.uid()"], ""),
        (["SELECT auth.uid()", "create schema auth"], ""),
        (["SELECT my_auth.users.id, author.users"], ""),
    ],
)
def test_supabase_is_recognised_by_what_no_project_makes_by_itself(
    texts: list[str], found: str
) -> None:
    name, why = recognise(texts)
    assert (name, why.removeprefix("the history speaks of ")) == (
        ("supabase", found) if found else ("plain", "")
    )
