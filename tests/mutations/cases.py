"""Single differences as data: one change each to the database that `setup.sql` builds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML

_FOLDER: Final = Path(__file__).parent

CLUSTER: Final = tuple(
    statement
    for statement in (_FOLDER / "cluster.sql").read_text(encoding="utf-8").split(";\n")
    if statement.strip()
)
"""What the cluster must hold before `SETUP`; a tablespace is made outside a transaction."""

UNDONE: Final = tuple(
    statement
    for statement in (_FOLDER / "cluster_undone.sql").read_text(encoding="utf-8").split(";\n")
    if statement.strip()
)
"""Takes it back, once no database needs it."""

SETUP: Final = (_FOLDER / "setup.sql").read_text(encoding="utf-8")
"""Builds the database that every change is made to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """One entry of a YAML file in this folder."""

    family: str
    """The file it stands in. What stands in `rows.yaml` is seen by the rows and by no fact."""
    name: str
    """What it changes."""
    change: str
    object: str | dict[int, str]
    """In a mapping, by the first major version."""
    attribute: str
    """Of the difference, as facts (or rows) name it; empty for an object as a whole."""
    setup: str = ""
    """What both databases hold besides `SETUP`."""
    also: list[str] | dict[int, list[str]] | tuple[()] = ()
    """What else differs, as `object · attribute`; in a mapping, by the first major version."""
    contains: bool = False
    """Whether more may differ than what is listed."""
    left: str | None = None
    right: str | None = None
    """The values before and after, where they are worth saying."""
    since: int = 0
    """The first major version that has the feature; an older one refuses."""
    needs: str = ""
    """The extension without which the change is refused; `icu` stands for that library."""

    @property
    def witness(self) -> str:
        """Who has to name it: `rows` for what changes rows or positions alone, else `facts`."""
        return "rows" if self.family == "rows" else "facts"

    @property
    def of_rows(self) -> bool:
        """Whether it changes rows or positions of sequences, and nothing else."""
        return self.witness == "rows"

    def place(self, major: int) -> str:
        """The difference that must be there, as `object · attribute`."""
        named = self.object
        if isinstance(named, dict):
            named = [name for since, name in named.items() if since <= major][-1]
        return f"{named} · {self.attribute}".strip()

    def expected(self, major: int) -> set[str]:
        """All differences that must be there."""
        also = self.also
        if isinstance(also, dict):
            also = [line for since, lines in also.items() if since <= major for line in lines]
        return {self.place(major), *(line.strip() for line in also)}


def load() -> tuple[Mutation, ...]:
    """All mutations, family by family."""
    yaml = YAML(typ="safe")
    return tuple(
        Mutation(family=path.stem, **entry)
        for path in sorted(_FOLDER.glob("*.yaml"))
        for entry in yaml.load(path.read_text(encoding="utf-8"))
    )
