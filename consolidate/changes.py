"""What became of some files since their hashes were taken down: changed, new, gone or renamed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The paths of files that are not as they were, each sorted."""

    changed: tuple[str, ...]
    """Another text under the same name."""
    new: tuple[str, ...]
    gone: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    """The same text under another name: the old one and the new one."""

    def told(self, what: str) -> Iterator[str]:
        """A phrase for each kind of change, with the files.

        Args:
            what: What the files are, such as `legacy files`.
        """
        renamed = [f"{old} → {new}" for old, new in self.renamed]
        kinds = {"changed": self.changed, "new": self.new, "gone": self.gone, "renamed": renamed}
        for kind, paths in kinds.items():
            if paths:
                yield f"{what} {kind} since: {', '.join(paths)}"


def changes(then: Mapping[str, str], now: Mapping[str, str]) -> Changes:
    """What became of files.

    Args:
        then: The hash of each as it was, by path.
        now: The same as they are. Of several with one text the first that is gone became the first
            that is new.
    """
    gone = sorted(then.keys() - now.keys())
    renamed: dict[str, str] = {}
    for path in sorted(now.keys() - then.keys()):
        old = next((one for one in gone if then[one] == now[path] and one not in renamed), None)
        if old is not None:
            renamed[old] = path
    return Changes(
        changed=tuple(sorted(p for p in then.keys() & now.keys() if then[p] != now[p])),
        new=tuple(sorted(now.keys() - then.keys() - {*renamed.values()})),
        gone=tuple(path for path in gone if path not in renamed),
        renamed=tuple(renamed.items()),
    )
