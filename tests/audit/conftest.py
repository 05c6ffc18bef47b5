"""What audits of a few lines of SQL have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from consolidate import request
from consolidate.audit import Audit, Subject, audit
from consolidate.config import Auditing
from consolidate.model import Runner

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Audited(Protocol):
    """Audits files with these texts, by name."""

    def __call__(
        self,
        files: Mapping[str, str],
        settings: Auditing = ...,
        *,
        runner: str = ...,
        ordered: bool = ...,
    ) -> Audit: ...


@pytest.fixture
def audited(tmp_path: Path) -> Audited:
    def made(
        files: Mapping[str, str],
        settings: Auditing = Auditing(),  # noqa: B008 - it is frozen
        *,
        runner: str = "plain",
        ordered: bool = False,
    ) -> Audit:
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8")
        read = request.read(
            request.Request(
                folder=tmp_path, no_config=True, platform="plain", runner=Runner(runner)
            )
        )
        subject = Subject(
            history=read.history,
            files=read.files,
            refused=read.history.refused,
            prelude=read.prelude,
            findings=read.history.findings,
            ordered=ordered,
        )
        return audit(subject, settings, platform="plain")

    return made
