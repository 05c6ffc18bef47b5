"""The built-in platforms are plain SQL that two runs apply alike."""

from __future__ import annotations

import pytest
from pglast import ast, parse_sql

from consolidate.errors import UsageProblem
from consolidate.platforms import names, prelude


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
