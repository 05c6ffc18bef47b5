"""A few hundred nearly valid texts, the same in every run; `make fuzz` tries others for longer."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from consolidate import effects
from tests.fuzz import checks, texts


@settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(texts.pieces())
def test_no_text_at_all_brings_the_reading_down(pieces: list[tuple[str, str]]) -> None:
    checks.check_pieces(pieces)


def test_what_the_texts_are_made_of_is_read() -> None:
    unread = [one for one in texts.STATEMENTS if not checks.check(one)]
    assert unread == []
    assert len(texts.STATEMENTS) > 400


def test_a_column_without_its_table_is_read_though_the_server_refuses_it() -> None:
    assert checks.check("COMMENT ON COLUMN alone IS 'x';")


def test_the_checks_notice_what_can_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setitem(effects.HANDLERS, "CheckPointStmt", broken)
    with pytest.raises(AssertionError, match="could not be read"):
        checks.check("checkpoint")
