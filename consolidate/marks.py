"""By what we know the folders that we have written, and what else may stand in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import additions, manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

STRANGERS = manifest.OUTSIDE - {manifest.PATH}
"""Reports at the top of an output, which come and go without the manifest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The file at the top of a folder by which we know our own."""

    path: str
    listed: Callable[[str], frozenset[str]]
    """The other files that it speaks of, from its text; InputProblem if it is none of ours."""
    strangers: frozenset[str]
    """What may stand beside them."""
    option: str
    """The option that names such a folder."""
    added: Callable[[Iterable[str], str], frozenset[str]] = lambda _paths, _text: frozenset()
    """Which of the folder's files its team has added, from the mark's text."""


def _additions(paths: Iterable[str], text: str) -> frozenset[str]:
    return additions.of_the_team(paths, manifest.parse(text))


def _outputs(text: str) -> frozenset[str]:
    return frozenset(output.path for output in manifest.parse(text).outputs)


OUTPUT = Mark(
    path=manifest.PATH,
    listed=_outputs,
    strangers=STRANGERS,
    option="--output",
    added=_additions,
)
"""What marks a consolidated history."""
