"""What the last consolidation put where stays there, and what is new joins it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from consolidate.behind import NOTHING, Behind
from consolidate.catalog.depend import Dependencies
from consolidate.config import Config, Group
from consolidate.groups.wishes import wishes
from consolidate.kept import KeptFile
from consolidate.patterns import ObjectPattern
from consolidate.relations import Relations
from tests.render.conftest import Maker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.wording.units import Unit

PHASES = ("00_a", "01_b", "02_c")
OLD = "01_b/20240101_000100_old_tables"
VIEWS = "02_c/20240101_000200_views"


def kept(**files: tuple[str, ...]) -> tuple[KeptFile, ...]:
    found = {
        "old": KeptFile.of(f"migrations/{OLD}.sql", frozenset(files.get("old", ()))),
        "views": KeptFile.of(f"migrations/{VIEWS}.sql", frozenset(files.get("views", ()))),
    }
    return tuple(one for name, one in found.items() if name in files and one is not None)


def table(name: str) -> Unit:
    return Maker.step(f"public.{name}", "").unit


def view(name: str) -> Unit:
    return Maker.step(f"public.{name}", "", kind="view", type_="VIEW").unit


def placed(
    units: list[Unit],
    files: tuple[KeptFile, ...],
    needs: Mapping[Unit, Unit] | None = None,
    groups: tuple[Group, ...] = (),
    behind: Behind = NOTHING,
) -> dict[str, str]:
    """The file of each unit, below `migrations/` and without `.sql`."""
    truth = Maker().truth({"20250606_new.sql": "SELECT 1;"})
    depend = Dependencies(
        needs={one.object: frozenset({other.object}) for one, other in (needs or {}).items()},
        parent={},
    )
    truth = replace(truth, depend=depend)
    known = Config(phases=PHASES, kept=files, groups=groups, behind=behind)
    found = wishes(truth, units, known, Relations(truth, units))
    return {
        name.identity.removeprefix("public."): one.slot.path.removeprefix("migrations/")[:-4]
        for name, one in found.placements.items()
    }


def test_what_was_there_stays_under_its_version_though_the_line_moves() -> None:
    files = kept(old=("table public.a", "table public.b"))
    assert placed([table("a"), table("b")], files) == {"a": OLD, "b": OLD}


def test_a_small_new_table_joins_the_tables_that_it_is_tied_to() -> None:
    a, new, lone = table("a"), table("new"), table("lone")
    found = placed([a, new, lone], kept(old=("table public.a",)), {new: a})
    assert found["new"] == OLD
    assert found["lone"] == "01_b/20240101_000200_lone_table"


def test_a_file_that_would_be_too_large_stays_as_it_is() -> None:
    many = [table(f"t{number}") for number in range(25)]
    new = table("new")
    found = placed([*many, new], kept(old=tuple(str(one.object) for one in many)), {new: many[0]})
    assert set(found.values()) == {OLD, "01_b/20240101_000200_new_table"}


def test_several_new_tables_that_belong_together_get_a_file_of_their_own() -> None:
    a = table("a")
    new = [table(f"n{number}") for number in range(6)]
    needs = dict.fromkeys(new[1:], new[0]) | {new[0]: a}
    found = placed([a, *new], kept(old=("table public.a",)), needs)
    assert found["a"] == OLD
    assert len({found[f"n{number}"] for number in range(6)}) == 1
    assert found["n0"] != OLD


def test_a_new_view_joins_the_views() -> None:
    one, other = view("one"), view("other")
    found = placed([one, other], kept(views=("view public.one",)))
    assert found == {"one": VIEWS, "other": VIEWS}


def test_what_hangs_on_a_table_follows_it() -> None:
    a = table("a")
    index = Maker.step("public.i", "", kind="index", type_="INDEX", family="public.a").unit
    assert placed([a, index], kept(old=("table public.a",)))["i"] == OLD


def test_a_phase_that_is_no_more_is_forgotten() -> None:
    (old,) = kept(old=("table public.a",))
    gone = KeptFile(phase="07_gone", version=old.version, name=old.name, units=old.units)
    assert placed([table("a")], (gone,)) == {"a": "01_b/20250606_000100_a_table"}


def test_where_there_is_no_room_for_a_new_file_all_get_new_versions() -> None:
    tight = (
        KeptFile.of(f"migrations/{OLD}.sql", frozenset({"table public.a"})),
        KeptFile.of("migrations/02_c/20240101_000101_views.sql", frozenset({"view public.v"})),
    )
    files = tuple(one for one in tight if one is not None)
    found = placed([table("a"), table("lone"), view("v")], files)
    assert found == {
        "a": "01_b/20250606_000100_old_tables",
        "lone": "01_b/20250606_000200_lone_table",
        "v": "02_c/20250606_000300_views",
    }


def test_versions_are_below_the_tail_but_for_those_that_the_output_had() -> None:
    behind = Behind(path="20250606_000010_x.sql", version="20250606_000010")
    assert placed([table("a")], (), behind=behind) == {"a": "01_b/20250606_000001_a_table"}
    behind = Behind(path="20240101_x.sql", version="20240101_000000")
    assert placed([table("a")], kept(old=("table public.a",)), behind=behind) == {"a": OLD}


@pytest.mark.parametrize(
    ("version", "expected"), [(None, "20240101_000100"), ("20230303_000000", "20230303_000000")]
)
def test_a_group_keeps_its_version_by_its_name_unless_it_is_given_one(
    version: str | None, expected: str
) -> None:
    asked = Group(
        name="old_tables",
        phase="01_b",
        version=version,
        objects=(ObjectPattern.parse("table public.z"),),
        line=1,
    )
    found = placed([table("z")], kept(old=("table public.a",)), groups=(asked,))
    assert found == {"z": f"01_b/{expected}_old_tables"}


def test_a_version_that_is_given_changes_no_more_than_it_must() -> None:
    asked = Group(
        name="mine",
        phase="01_b",
        version="20240101_000130",
        objects=(ObjectPattern.parse("table public.z"),),
        line=1,
    )
    files = kept(old=("table public.a",), views=("view public.v",))
    units = [table("z"), table("a"), view("v")]
    found = placed(units, files, groups=(asked,))
    assert found == {
        "z": "01_b/20240101_000130_mine",
        "a": "01_b/20240101_000131_old_tables",
        "v": VIEWS,
    }


def test_what_a_mapping_has_no_group_for_stays_where_it_was() -> None:
    asked = Group(
        name="mine", phase="00_a", objects=(ObjectPattern.parse("table public.z"),), line=1
    )
    files = kept(old=("table public.a", "table public.z"))
    found = placed([table("z"), table("a")], files, groups=(asked,))
    assert found == {"z": "00_a/20240101_000059_mine", "a": OLD}


def test_what_was_in_a_group_is_not_kept_there_once_that_asks_for_it_no_more() -> None:
    asked = Group(
        name="old_tables", phase="01_b", objects=(ObjectPattern.parse("table public.z"),), line=1
    )
    files = kept(old=("table public.a", "table public.z"))
    found = placed([table("z"), table("a")], files, groups=(asked,))
    assert found["z"] == OLD
    assert found["a"] != OLD


def test_a_file_of_its_own_is_not_called_after_a_group() -> None:
    asked = Group(
        name="a_table", phase="01_b", objects=(ObjectPattern.parse("table public.z"),), line=1
    )
    assert placed([table("z"), table("a")], (), groups=(asked,))["a"].endswith("_a_table_2")


@pytest.mark.parametrize("path", ["seed/01_a.sql", "migrations/README.md", "migrations/x/a.sql"])
def test_only_migrations_with_a_version_are_kept(path: str) -> None:
    assert KeptFile.of(path, frozenset()) is None


def test_a_file_is_where_it_was() -> None:
    (old,) = kept(old=())
    assert old.path == f"migrations/{OLD}.sql"
