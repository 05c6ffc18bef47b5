from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from consolidate import readmes
from consolidate.config import Seed
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from tests.render.conftest import Maker

LEGACY = {"1.sql": "CREATE TABLE a (b int);", "2.sql": "INSERT INTO a VALUES (1);"}


@pytest.fixture
def texts(make: Maker) -> dict[str, str]:
    make.file("1_a", make.step("public.a", "A;", "0001#1"), title="Keys | and *more*")
    make.file("2_b", make.step("public.b", "B;", outside=True))
    make.file(
        "01_rows",
        make.step("a", "R;", "0002#1", kind="rows", type_="ROWS", family="public.a"),
        phase="",
        title="Seed rows (reference)",
    )
    truth = make.truth(LEGACY, sizes={"public.a": 5}, inserted={"0002#1": {"public.a": 5}})
    seed = Seed(file="01_rows", tables=("a",), tag="reference", line=1)
    return dict(readmes.build(make.plan(), truth, asked=[seed]))


def test_the_migrations_are_listed_with_their_legacy_files(texts: dict[str, str]) -> None:
    text = texts["migrations/README.md"]
    assert "| `01_core/1_a.sql` | Keys \\| and \\*more\\* | `1.sql` |\n" in text
    assert "2 files that build what 2 legacy migrations built" in text
    assert "01_rows" not in text


def test_files_outside_a_transaction_are_listed_apart(texts: dict[str, str], make: Maker) -> None:
    told = "\n\nApply these without `-1`"
    assert told in texts["migrations/README.md"]
    assert "\n\n- `migrations/01_core/2_b.sql`\n\n#" in texts["migrations/README.md"]
    make.files[:] = make.files[:1]
    assert told not in readmes.build(make.plan(), make.truth(LEGACY))["migrations/README.md"]


def test_the_seeds_tell_tables_rows_and_tag(texts: dict[str, str]) -> None:
    text = texts["seed/README.md"]
    assert "| `01_rows.sql` | Seed rows (reference) | `reference` | `public.a` | 5 |\n" in text
    assert text.endswith("## Empty without them\n\n- `public.a`\n")


def test_the_seeds_can_be_loaded_by_tag(texts: dict[str, str]) -> None:
    command = "psql -X -1 -v ON_ERROR_STOP=1 -f seed/01_rows.sql"
    assert f"those before it:\n\n```sh\n# reference\n{command}\n```\n" in texts["seed/README.md"]


def test_seeds_that_can_be_loaded_again_are_named(texts: dict[str, str], make: Maker) -> None:
    told = (
        "These can be loaded again; rows that are there already are passed over, and kept as they"
    )
    assert told not in texts["seed/README.md"]
    seed = Seed(file="01_rows", tables=("a",), on_conflict="nothing", line=1)
    text = readmes.build(make.plan(), make.truth(LEGACY), asked=[seed])["seed/README.md"]
    assert f"{told} are:\n\n- `seed/01_rows.sql`\n" in text
    plan = make.plan()
    files = tuple(replace(file, once=("UPDATE again",)) for file in plan.files)
    plan = replace(plan, files=files)
    text = readmes.build(plan, make.truth(LEGACY), asked=[seed])["seed/README.md"]
    assert told not in text
    assert "loaded once only" in text
    assert "- `seed/01_rows.sql`\n    - UPDATE again\n" in text
    assert "By tag" not in text


def test_on_supabase_the_seeds_say_what_config_toml_needs(make: Maker) -> None:
    make.file("01_rows", make.step("a", "R;", "0002#1", type_="ROWS"), phase="")
    text = readmes.build(make.plan(), make.truth(LEGACY))["seed/README.md"]
    assert "config.toml" not in text
    platform = [ObjectId("schema", "auth"), ObjectId("role", "service_role")]
    truth = make.truth(LEGACY, platform=platform)
    text = readmes.build(make.plan(), truth)["seed/README.md"]
    toml = text.partition("```toml\n")[2].partition("```")[0]
    assert tomllib.loads(toml) == {
        "db": {"seed": {"enabled": True, "sql_paths": ["./seeds/01_rows.sql"]}}
    }
    assert "`supabase db push` loads none of them" in text


def test_without_seeds_there_is_no_seed_readme(make: Maker) -> None:
    make.file("1_a", make.step("public.a", "A;", "0001#1"))
    assert "seed/README.md" not in readmes.build(make.plan(), make.truth(LEGACY))


def test_rollbacks_are_listed_from_the_last_to_the_first(texts: dict[str, str]) -> None:
    lines = [
        line for line in texts["rollback/README.md"].splitlines() if "_rollback.sql` |" in line
    ]
    assert [line.split("`")[1] for line in lines] == [
        "seed/01_rows_rollback.sql",
        "01_core/2_b_rollback.sql",
        "01_core/1_a_rollback.sql",
    ]


def test_the_procedure_has_its_six_steps_and_the_setting(texts: dict[str, str]) -> None:
    text = texts["rollback/README.md"]
    steps = ["**Stop**", "**Back up**", "**Roll back**", "**Verify**", "**Restart**", "**Monitor**"]
    places = [text.index(step) for step in steps]
    assert places == sorted(places)
    assert "consolidate.allow_data_loss=on" in text
    assert "emergency_rollback.sql" in text


def test_a_backtick_in_a_name_does_not_end_its_code_span(make: Maker) -> None:
    make.file("1_a``b", make.step("public.a", "A;"))
    text = readmes.build(make.plan(), make.truth())["migrations/README.md"]
    assert "| ``` 01_core/1_a``b.sql ``` |" in text
