"""What audits of a few lines of SQL have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from consolidate import partial, request
from consolidate.audit import Audit, Subject, audit
from consolidate.config import Auditing
from consolidate.model import Runner

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path


class Audited(Protocol):
    """Audits files with these texts, by name."""

    def __call__(
        self,
        files: Mapping[str, str | bytes],
        settings: Auditing = ...,
        *,
        runner: str = ...,
        ordered: bool = ...,
        aside: Collection[str] = ...,
    ) -> Audit: ...


@pytest.fixture
def audited(tmp_path: Path) -> Audited:
    def made(
        files: Mapping[str, str | bytes],
        settings: Auditing = Auditing(),  # noqa: B008 - it is frozen
        *,
        runner: str = "plain",
        ordered: bool = False,
        aside: Collection[str] = (),
    ) -> Audit:
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            data = text if isinstance(text, bytes) else text.encode()
            (tmp_path / path).write_bytes(data)
        read = request.read(
            request.Request(
                folder=tmp_path, no_config=True, platform="plain", runner=Runner(runner)
            )
        )
        every = partial.reads(read.history, read.files)
        subject = Subject(
            runner=read.history.runner,
            files=tuple(one for one in every if one.migration.path not in aside),
            aside=tuple(one for one in every if one.migration.path in aside),
            prelude=read.prelude,
            findings=(*read.history.stops, *read.history.findings),
            ordered=ordered,
        )
        return audit(subject, settings, platform="plain")

    return made
