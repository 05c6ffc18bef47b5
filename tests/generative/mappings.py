"""Random mappings: phases, and groups that ask for files, for names, for globs and for kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from consolidate.config import Config, Group
from consolidate.patterns import KINDS, ObjectPattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn

    from consolidate.model import ObjectId

_PHASES = ("00_one", "01_two", "02_three", "03_four")


@st.composite
def mappings(draw: DrawFn, objects: Sequence[ObjectId], files: Sequence[str]) -> Config:
    """A mapping of some of a history's objects, as it stands in no order that these know.

    Args:
        draw: Chooses.
        objects: What the history builds.
        files: The names of its files.
    """
    phases = _PHASES[: draw(st.integers(1, len(_PHASES)))]
    known = sorted(one for one in objects if one.kind in KINDS)
    groups = tuple(
        Group(
            name=f"g{number}",
            phase=draw(st.sampled_from(phases)),
            files=tuple(draw(st.lists(st.sampled_from(files), max_size=2))),
            objects=tuple(draw(st.lists(_patterns(known), max_size=5))),
            line=number,
        )
        for number in range(draw(st.integers(1, 6)))
    )
    return Config(phases=phases, groups=groups)


@st.composite
def _patterns(draw: DrawFn, objects: Sequence[ObjectId]) -> ObjectPattern:
    """One object by its name, those that have its first letter in their schema, or its kind."""
    one = draw(st.sampled_from(objects))
    schema, _, name = one.identity.partition(".")
    match draw(st.sampled_from(("name", "glob", "kind"))):
        case "kind":
            return ObjectPattern(one.kind, "*")
        case "glob" if name:
            return ObjectPattern(draw(st.sampled_from(("", one.kind))), f"{schema}.{name[0]}*")
        case _:
            return ObjectPattern(one.kind, one.identity)
