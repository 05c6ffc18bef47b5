from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from consolidate import config, mappings
from consolidate.config import Config, Group, Legacy, Rollback, Seed
from consolidate.errors import InputProblem
from consolidate.model import ObjectId, Runner
from consolidate.patterns import ObjectPattern

RUNNERS = ", ".join(f"'{r}'" for r in list(Runner)[:-1]) + f" or '{list(Runner)[-1]}'"
KINDS = "docker://IMAGE, local://MAJOR, embedded://18, embedded://16, postgresql://… or auto"
SCHEMA = Path(__file__).parent.parent / "schemas" / "mappings.schema.json"
EMPTY = "the file is empty: `consolidate init` writes what it may begin with"

FULL = """\
legacy: {path: sql, order: order.txt, runner: supabase, placeholders: {"$%X%$": "BIGINT", v: 007}}
output: built
platform: supabase
servers: ["embedded://18", "docker://postgres:17"]
phases: [00_initial, 01_core_tables]
groups:
  - name: keys_tables
    phase: 01_core_tables
    version: 20250105_000000
    title: Keys and their audit
    files: [20250713_keys_table.sql, "2025071[4-7]_key_*.sql"]
    objects: ["public.key_*", "type public.access_level_enum"]
  # the file before it
  - name: first
    phase: 00_initial
    version: "20250104_000000"
seeds:
  - {file: 01_reference_data, tables: [building_types, room_types], tag: reference}
  - {file: 02_test_users, tables: [profiles], on_conflict: nothing}
rollback: {cascade: true, if_exists: false}
quarantine: ["old/*.sql"]
"""


def load(folder: Path, text: str | bytes) -> Config:
    file = folder / "mappings.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return config.load(file)


def problems(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(InputProblem, match=r"mappings\.yaml") as caught:
        load(folder, text)
    where = f"{folder.as_posix()}/mappings.yaml:"
    assert all(problem.startswith(where) for problem in caught.value.problems)
    return [problem.removeprefix(where) for problem in caught.value.problems]


def pattern(text: str) -> ObjectPattern:
    return ObjectPattern.parse(text)


def test_everything_that_can_be_configured_is_read(tmp_path: Path) -> None:
    here = (tmp_path / "mappings.yaml").as_posix()
    assert load(tmp_path, FULL) == Config(
        legacy=Legacy(
            path="sql",
            order="order.txt",
            runner=Runner.SUPABASE,
            placeholders={"$%X%$": "BIGINT", "v": "007"},
        ),
        output="built",
        platform="supabase",
        servers=("embedded://18", "docker://postgres:17"),
        phases=("00_initial", "01_core_tables"),
        groups=(
            Group(
                name="keys_tables",
                phase="01_core_tables",
                version="20250105_000000",
                title="Keys and their audit",
                files=("20250713_keys_table.sql", "2025071[4-7]_key_*.sql"),
                objects=(pattern("public.key_*"), pattern("type public.access_level_enum")),
                line=7,
                places={
                    "20250713_keys_table.sql": f"{here}:11:13",
                    "2025071[4-7]_key_*.sql": f"{here}:11:38",
                    "public.key_*": f"{here}:12:15",
                    "type public.access_level_enum": f"{here}:12:31",
                },
            ),
            Group(name="first", phase="00_initial", version="20250104_000000", line=14),
        ),
        seeds=(
            Seed(
                file="01_reference_data",
                tables=("building_types", "room_types"),
                tag="reference",
                line=18,
                places={"building_types": f"{here}:18:40", "room_types": f"{here}:18:56"},
            ),
            Seed(
                file="02_test_users",
                tables=("profiles",),
                on_conflict="nothing",
                line=19,
                places={"profiles": f"{here}:19:36"},
            ),
        ),
        rollback=Rollback(cascade=True, if_exists=False),
        quarantine=("old/*.sql",),
    )


def test_what_is_not_said_is_as_without_a_file(tmp_path: Path) -> None:
    assert load(tmp_path, "output: output\n") == config.DEFAULT
    assert load(tmp_path, "\ufeffrollback: {}\r\nlegacy: {}\r\n") == config.DEFAULT
    assert config.DEFAULT.phases == (
        *("00_initial", "01_core_tables", "02_infrastructure", "03_enhancements"),
    )


def test_a_legacy_history_can_be_just_its_folder(tmp_path: Path) -> None:
    assert load(tmp_path, "legacy: db/sql") == replace(config.DEFAULT, legacy=Legacy(path="db/sql"))


def test_a_platform_can_be_a_prelude_file(tmp_path: Path) -> None:
    loaded = load(tmp_path, "platform: db/prelude.sql")
    assert (loaded.platform, loaded.prelude) == ("plain", "db/prelude.sql")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match=r"gone\.yaml can not be read: No such file"):
        config.load(tmp_path / "gone.yaml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", f"1:1: {EMPTY}"),
        ("# nothing\n", f"1:1: {EMPTY}"),
        ("---\n# nothing\n", f"3:1: {EMPTY}"),
        ("null\n", "1:1: must be a mapping"),
        ("- a\n", "1:1: must be a mapping"),
        ("output: [a,\nb: 2", "2:5: expected ',' or ']', but got '<stream end>'"),
        ("output: a\n\tb: c", "2:1: found character '\\t' that cannot start any token"),
        ("output: *x", "1:9: found undefined alias 'x'"),
        (
            "groups: &a [*a]",
            "1:13: groups.0: aliases such as *a are not supported: write out what line 1 has",
        ),
        (
            "phases: [&a 00_initial]\noutput: out\nlegacy:\n  path: *a\n",
            "4:9: legacy.path: aliases such as *a are not supported: write out what line 1 has",
        ),
        (
            "rollback: &a {cascade: true}\noutput: &a out\nlegacy: {order: o, path: *a}\n",
            "3:26: legacy.path: aliases such as *a are not supported: write out what line 2 has",
        ),
        ("output: a\noutput: b\n", "2:1: output: the key stands twice, first in line 1"),
        ("? [a]\n: b\n", "1:3: a key must be a word"),
        ("a\n---\nb", "2:1: but found another document"),
        (b"output: \xe9", "1:9: byte 8 (0xe9) is not UTF-8: unexpected end of data"),
        (
            "output: \x01",
            (
                "1:1: unacceptable character #x0001: special characters are not allowed in"
                ' "<unicode string>", position 8'
            ),
        ),
    ],
)
def test_a_file_that_is_no_proper_yaml_is_told_by_its_place(
    tmp_path: Path, text: str | bytes, told: str
) -> None:
    assert problems(tmp_path, text) == [told]


@pytest.mark.parametrize(
    ("first", "told"),
    [
        ("", "`consolidate config schema` prints"),
        ("# yaml-language-server: $schema=mappings.schema.json", "db/mappings.schema.json says"),
        ("# yaml-language-server: $schema=../m.json", "m.json says"),
        ("#yaml-language-server:$schema=https://example.org/m", "https://example.org/m says"),
    ],
)
def test_the_schema_that_is_named_is_the_one_that_the_file_names(first: str, told: str) -> None:
    with pytest.raises(InputProblem) as caught:
        mappings.parsed(f"# ours\n{first}\noutputs: a\n", "db/mappings.yaml")
    assert caught.value.hint == f"{told} what may stand in it."


def test_a_configuration_in_another_encoding_is_to_be_saved_as_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "mappings.yaml"
    path.write_bytes(b"output: \xe9")
    with pytest.raises(InputProblem) as caught:
        config.load(path)
    assert caught.value.hint == "Save it as UTF-8."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("outputs: a", '1:1: outputs: unknown key, did you mean "output"?'),
        ("legacy: {ordr: a}", '1:10: legacy.ordr: unknown key, did you mean "order"?'),
        (
            "rollback: {zzz: a}",
            "1:12: rollback.zzz: unknown key, known are cascade, if_exists",
        ),
        (
            "groups:\n- {name: a, phase: 00_initial, fils: []}",
            '2:32: groups.0.fils: unknown key, did you mean "files"?',
        ),
        ("groups: [{name: a}]", "1:10: groups.0.phase: is missing"),
        ("groups: [a]", "1:10: groups.0: must be a mapping"),
        ("groups: a", "1:9: groups: must be a list"),
        ("groups:", "1:8: groups: must be a list"),
        ("legacy: [a]", "1:9: legacy: must be a mapping"),
        ("legacy: {placeholders: a}", "1:24: legacy.placeholders: must be a mapping"),
        (
            "legacy: {placeholders: {'': a}}",
            "1:25: legacy.placeholders.: the key must not be empty",
        ),
        (
            "audit: {severity: {CON999: error}}",
            "1:20: audit.severity.CON999: the key must be the code of a finding, such as CON210",
        ),
        ("legacy: {runner: liquibase}", f"1:18: legacy.runner: must be {RUNNERS}"),
        ("output: true", "1:9: output: must be a text"),
        ("output: {}", "1:9: output: must be a text"),
        (
            'quarantine: ["\\ud800"]',
            "1:14: quarantine.0: half of a character (a lone surrogate) is no text",
        ),
        (
            'legacy: {placeholders: {"\\ud800": a}}',
            "1:25: legacy.placeholders: half of a character (a lone surrogate) is no text",
        ),
        ("rollback: {cascade: no}", "1:21: rollback.cascade: must be true or false"),
        ("servers: []", "1:10: servers: must not be empty"),
        (
            "servers: [pg]",
            f"1:11: servers.0: must be {KINDS}",
        ),
        ("phases: [a]", "1:10: phases.0: must look like 01_core_tables"),
        ("seeds: [{file: a, tables: [t]}]", "1:16: seeds.0.file: must look like 01_reference_data"),
        ("seeds: [{file: 01_a, tables: []}]", "1:30: seeds.0.tables: must not be empty"),
        (
            "seeds: [{file: 01_a, tables: [t], on_conflict: update}]",
            "1:48: seeds.0.on_conflict: must be 'nothing'",
        ),
        (
            "groups: [{name: A-b, phase: 00_initial}]",
            "1:17: groups.0.name: must be lower-case letters, digits and underscores",
        ),
        (
            "groups: [{name: a, phase: 00_initial, version: 2025}]",
            "1:48: groups.0.version: must look like 20250105_000000",
        ),
        (
            "groups: [{name: a, phase: 00_initial, objects: [rooms]}]",
            "1:49: groups.0.objects.0: write schema.name, or put a kind in front of the name",
        ),
        (
            "groups: [{name: a, phase: 00_initial, objects: [tabel public.a]}]",
            '1:49: groups.0.objects.0: there is no kind "tabel", did you mean "table"?',
        ),
        (
            "platform: No Such",
            "1:11: platform: must be the name of a platform, or of a .sql file in the project",
        ),
    ],
)
def test_a_wrong_value_is_told_by_its_place(tmp_path: Path, text: str, told: str) -> None:
    assert problems(tmp_path, text) == [told]


@pytest.mark.parametrize("path", ["/etc", "../up", "a/../../b", "''"])
@pytest.mark.parametrize(
    "text",
    ["legacy: %s", "legacy: {order: %s}", "output: %s", "quarantine: [%s]"],
)
def test_a_path_may_not_leave_the_project(tmp_path: Path, text: str, path: str) -> None:
    (told,) = problems(tmp_path, text % path)
    assert told.endswith("must be a path inside the project, relative to its folder")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "phases: [01_a, 00_b]",
            "1:16: phases.1: must come after 01_a: folders apply in order of their names",
        ),
        (
            "phases: [01_a, 01_a]",
            "1:16: phases.1: must come after 01_a: folders apply in order of their names",
        ),
        (
            "phases: [01_a]\ngroups:\n- {name: a, phase: 00_initial}",
            "3:20: groups.0.phase: there is no phase 00_initial in 01_a",
        ),
        (
            "groups:\n- {name: a, phase: 00_initial}\n- {name: a, phase: 01_core_tables}",
            "3:10: groups.1.name: a stands twice, first in line 2",
        ),
        (
            "seeds:\n- {file: 01_a, tables: [t]}\n- {file: 01_a, tables: [u]}",
            "3:10: seeds.1.file: 01_a stands twice, first in line 2",
        ),
        (
            "seeds:\n- {file: 01_a, tables: [t, u, public.t]}",
            "2:31: seeds.0.tables.2: public.t stands twice, first in line 2",
        ),
        (
            (
                "groups:\n"
                "- {name: a, phase: 01_core_tables, version: 20250105_000000}\n"
                "- {name: b, phase: 00_initial, version: 20250105_000000}"
            ),
            (
                "2:45: groups.0.version: must be later than 20250105_000000 in line 3,"
                " whose file applies before"
            ),
        ),
        (
            (
                "groups:\n"
                "- {name: a, phase: 00_initial, version: 20250105_000001}\n"
                "- {name: c, phase: 00_initial}\n"
                "- {name: b, phase: 00_initial, version: 20250105_000000}"
            ),
            (
                "4:41: groups.2.version: must be later than 20250105_000001 in line 2,"
                " whose file applies before"
            ),
        ),
        ("output: legacy_migrations/x", "1:9: output: must lie apart from legacy_migrations"),
        ("legacy: a/b\noutput: a", "2:9: output: must lie apart from a/b"),
        ("legacy: {path: output}", "1:1: output: must lie apart from output"),
    ],
)
def test_values_that_contradict_each_other_are_told(tmp_path: Path, text: str, told: str) -> None:
    assert problems(tmp_path, text) == [told]


def test_all_that_is_wrong_is_told_at_once_in_order_of_its_place(tmp_path: Path) -> None:
    text = """\
        output: ../x
        groups:
          - name: a
            phase: 09_x
            name: b
            fils: []
          - {name: a, phase: 00_initial, version: x}
        zzz: 1
        """
    assert [told.partition(": ")[0] for told in problems(tmp_path, text)] == [
        *("1:17", "4:20", "5:13", "6:13", "7:20", "7:51", "8:9"),
    ]


def test_the_committed_schema_is_current() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == config.schema()
    properties = json.loads(config.schema())["properties"]
    assert [entry.get("type") for entry in properties["legacy"]["anyOf"]] == ["string", None]
    assert all(entry["description"] for entry in properties.values())


@pytest.mark.parametrize(
    ("text", "kind", "name", "specificity"),
    [
        ("public.keys", "", "public.keys", 3),
        ("public.key_*", "", "public.key_*", 2),
        ("public.*", "", "public.*", 2),
        ('public."Odd Name"', "", 'public."Odd Name"', 3),
        ("table *", "table", "*", 1),
        ("type public.level", "type", "public.level", 3),
        ("materialized view  public.v?", "materialized view", "public.v?", 2),
        ("table constraint keys_* on public.keys", "table constraint", "keys_* on public.keys", 2),
        ("publication relation *", "publication relation", "*", 1),
        ("text search dictionary *", "text search dictionary", "*", 1),
        ('policy "May read"', "policy", '"May read"', 3),
        ("function public.f(integer, text)", "function", "public.f(integer, text)", 3),
        ("keys_pkey on public.keys", "", "keys_pkey on public.keys", 3),
        ("role app_*", "role", "app_*", 2),
    ],
)
def test_an_object_pattern_is_a_kind_and_a_name(
    text: str, kind: str, name: str, specificity: int
) -> None:
    parsed = pattern(text)
    assert (parsed.kind, parsed.name, parsed.specificity) == (kind, name, specificity)
    assert pattern(parsed.text) == parsed


@pytest.mark.parametrize("text", ["", "*", "rooms", "tables public.a", "table", "Table public"])
def test_a_pattern_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"schema\.name|there is no kind"):
        pattern(text)


@pytest.mark.parametrize(
    ("text", "kind", "identity"),
    [
        ("public.key_*", "table", "public.key_orders"),
        ("public.key_*", "view", "public.key_orders"),
        ("table *", "table", "app.x"),
        ("public.f", "function", "public.f(integer, text)"),
        ("function public.f(integer, text)", "function", "public.f(integer, text)"),
        ("public.f(*)", "function", "public.f()"),
        ("trigger trg_*", "trigger", "trg_a on public.keys"),
        ("trigger trg_a on public.keys", "trigger", "trg_a on public.keys"),
        ("trigger * on public.keys", "trigger", "trg_a on public.keys"),
        ("trg_a on public.keys", "trigger", "trg_a on public.keys"),
        ('policy "read on all"', "policy", '"read on all" on public.keys'),
        ("public.a[b]", "table", "public.a[b]"),
        ("public.a?c", "table", "public.abc"),
        ("schema audit", "schema", "audit"),
    ],
)
def test_a_pattern_matches(text: str, kind: str, identity: str) -> None:
    assert pattern(text).matches(ObjectId(kind, identity))


@pytest.mark.parametrize(
    ("text", "kind", "identity"),
    [
        ("public.key_*", "table", "app.key_orders"),
        ("public.key", "table", "public.keys"),
        ("public.keys", "trigger", "trg_a on public.keys"),
        ("table public.keys", "view", "public.keys"),
        ("table *", "view", "public.x"),
        ("public.f(text)", "function", "public.f(integer)"),
        ("public.f", "function", "public.f2(integer)"),
        ("public.a.c", "table", "public.abc"),
        ("publicXkeys.*", "table", "public.keys"),
        ("policy read", "policy", '"read on all" on public.keys'),
    ],
)
def test_a_pattern_does_not_match(text: str, kind: str, identity: str) -> None:
    assert not pattern(text).matches(ObjectId(kind, identity))
