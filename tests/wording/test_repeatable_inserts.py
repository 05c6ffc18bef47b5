"""ON CONFLICT DO NOTHING in the authors' words; that it helps is for a server to show."""

from __future__ import annotations

import pytest

from consolidate.wording.repeatable import repeatable


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("INSERT INTO a VALUES (1);", "INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING;"),
        ("INSERT INTO a DEFAULT VALUES;", "INSERT INTO a DEFAULT VALUES ON CONFLICT DO NOTHING;"),
        (
            "-- two\ninsert into a (id)\nvalues (1),\n  (2) -- last\n;",
            "-- two\ninsert into a (id)\nvalues (1),\n  (2)\nON CONFLICT DO NOTHING -- last\n;",
        ),
        (
            "INSERT INTO a VALUES ('it;s') RETURNING id, (SELECT 1 AS returning) AS returning;",
            (
                "INSERT INTO a VALUES ('it;s') ON CONFLICT DO NOTHING "
                "RETURNING id, (SELECT 1 AS returning) AS returning;"
            ),
        ),
        (
            "INSERT INTO a SELECT 1 AS returning FROM b;",
            "INSERT INTO a SELECT 1 AS returning FROM b ON CONFLICT DO NOTHING;",
        ),
        (
            "WITH x AS (SELECT 1) INSERT INTO a SELECT * FROM x JOIN y ON true;",
            (
                "WITH x AS (SELECT 1) INSERT INTO a SELECT * FROM x JOIN y ON true "
                "ON CONFLICT DO NOTHING;"
            ),
        ),
        (
            "INSERT INTO a VALUES ('ü');\n\n-- and\nINSERT INTO b VALUES (2);",
            (
                "INSERT INTO a VALUES ('ü') ON CONFLICT DO NOTHING;\n\n"
                "-- and\nINSERT INTO b VALUES (2) ON CONFLICT DO NOTHING;"
            ),
        ),
    ],
)
def test_the_clause_stands_where_the_grammar_wants_it(sql: str, expected: str) -> None:
    found = repeatable(sql)
    assert found.sql == expected
    assert found.why_not == ()


@pytest.mark.parametrize("action", ["NOTHING", "UPDATE SET b = excluded.b"])
def test_an_insert_that_says_what_to_do_keeps_its_words(action: str) -> None:
    sql = f"INSERT INTO a VALUES (1) ON CONFLICT (id) DO {action} RETURNING id;"
    assert repeatable(sql).sql == sql
    assert repeatable(repeatable("INSERT INTO a VALUES (1);").sql) == repeatable(
        "INSERT INTO a VALUES (1);"
    )


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("UPDATE a SET b = 1;", "UPDATE has no ON CONFLICT"),
        ("DELETE FROM a;", "DELETE has no ON CONFLICT"),
        ("SELECT f();", "SELECT has no ON CONFLICT"),
        (
            "WITH x AS (DELETE FROM b RETURNING id) INSERT INTO a SELECT id FROM x;",
            "INSERT has a WITH that writes",
        ),
    ],
)
def test_what_can_not_have_the_clause_is_told_and_left(sql: str, why: str) -> None:
    found = repeatable(f"INSERT INTO c VALUES (1);\n{sql}")
    assert found.why_not == (why,)
    assert found.sql == f"INSERT INTO c VALUES (1) ON CONFLICT DO NOTHING;\n{sql}"
