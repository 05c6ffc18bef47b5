from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from consolidate import inventory, manifest, platforms
from consolidate.errors import InputProblem
from consolidate.kept import KeptFile
from consolidate.model import ObjectId
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.render.conftest import Maker

LEGACY = {
    "2.sql": "CREATE TABLE a ();\n\nALTER TABLE a ADD b int;",
    "1.sql": "-- nothing\n",
    "3.sql": "CREATE TABLE gone ();",
}
TREE = {
    "migrations/01_core/1_a.sql": "A;\n",
    "rollback/01_core/1_a_rollback.sql": "DROP;\n",
    "migrations/README.md": "é\n",
    "manifest.json": "{}",
    "REPORT.md": "x",
}


def build(make: Maker, **changes: Any) -> str:  # noqa: ANN401
    make.files.clear()
    made = (ObjectId("implied sequence", "public.a_id_seq"), ObjectId("index", "public.i"))
    make.file(
        "1_a",
        make.step("public.a", "A;", "0001#2", "0001#1", members=made, rung=Rung.SERVER),
    )
    arguments = {"server": "embedded://18", "major": 18, **changes}
    return inventory.build(make.plan(), make.truth(LEGACY), TREE, make.history(LEGACY), **arguments)


def loaded(make: Maker, **changes: Any) -> Mapping[str, Any]:  # noqa: ANN401
    document = json.loads(build(make, **changes))
    assert isinstance(document, dict)
    return document


def test_it_is_sorted_and_the_same_twice(make: Maker) -> None:
    text = build(make)
    assert text == build(make)
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"


def test_it_names_its_format_and_where_it_was_rendered(make: Maker) -> None:
    document = loaded(make)
    assert document["format"] == "consolidate/manifest@1"
    assert document["rendered_on"] == {"major": 18, "server": "embedded://18"}


def test_inputs_are_the_legacy_files_and_the_configuration(make: Maker) -> None:
    document = loaded(make, config=("mappings.yaml", "c0ffee"))
    assert [entry["path"] for entry in document["inputs"]] == [
        *("1.sql", "2.sql", "3.sql", "mappings.yaml")
    ]
    assert document["inputs"][0]["sha256"] == sha256(b"-- nothing\n").hexdigest()
    assert document["inputs"][3]["sha256"] == "c0ffee"


def test_outputs_are_all_files_but_the_manifest_and_the_reports(make: Maker) -> None:
    outputs = {entry["path"]: entry for entry in loaded(make)["outputs"]}
    assert outputs.keys() == TREE.keys() - {"manifest.json", "REPORT.md"}
    assert outputs["migrations/README.md"]["sha256"] == sha256("é\n".encode()).hexdigest()
    for path in ("migrations/01_core/1_a.sql", "rollback/01_core/1_a_rollback.sql"):
        assert outputs[path]["sources"] == ["2.sql"]
        assert outputs[path]["new"] is False
    assert outputs["migrations/README.md"]["sources"] == []


def test_every_object_tells_its_rung_and_its_lines_in_apply_order(make: Maker) -> None:
    assert loaded(make)["objects"] == [
        {
            "kind": kind,
            "object": name,
            "path": "migrations/01_core/1_a.sql",
            "reason": "",
            "rung": "server",
            "sources": ["2.sql:1", "2.sql:3"],
        }
        for kind, name in (("index", "public.i"), ("table", "public.a"))
    ]


@pytest.mark.parametrize(
    ("prelude", "name"),
    [
        ("", "plain"),
        (platforms.prelude("supabase"), "supabase"),
        ("SELECT 1", "sha256:" + sha256(b"SELECT 1").hexdigest()),
    ],
)
def test_the_platform_is_named_or_hashed(make: Maker, prelude: str, name: str) -> None:
    truth = replace(make.truth(), prelude=prelude)
    text = inventory.build(make.plan(), truth, {}, make.history({}), server="x", major=18)
    assert manifest.parse(text).platform == name


def test_reading_gives_back_what_was_written(make: Maker) -> None:
    text = build(make, config=("mappings.yaml", "c0ffee"))
    assert manifest.parse(text).text() == text


# -- files without a trace --------------------------------------------------------------------


def reasons(make: Maker, **trace: Any) -> dict[str, str]:  # noqa: ANN401
    make.file("1_a", make.step("public.a", "A;", "0001#1"))
    truth = make.truth(LEGACY, trace=make.trace(**trace))
    text = inventory.build(make.plan(), truth, {}, make.history(LEGACY), server="x", major=18)
    return {entry.path: entry.reason for entry in manifest.parse(text).files_without_trace}


def test_a_file_without_a_statement_has_no_trace(make: Maker) -> None:
    found = reasons(make)
    assert found["1.sql"] == "it holds no statement"
    assert found["3.sql"] == "nothing in the result goes back to it"
    assert "2.sql" not in found


def test_a_table_that_was_dropped_is_named_and_its_belongings_are_not(make: Maker) -> None:
    vanished = {
        ObjectId("table", "public.gone"): ["0003#1"],
        ObjectId("index", "public.gone_pkey"): ["0003#1"],
        ObjectId("table", "public.other"): ["0001#1"],
    }
    assert reasons(make, vanished=vanished)["3.sql"] == "superseded: table public.gone did not last"


def test_no_oid_of_a_toast_table_gets_into_the_manifest(make: Maker) -> None:
    vanished = {ObjectId("index", "pg_toast.pg_toast_16407_index"): ["0003#1"]}
    assert reasons(make, vanished=vanished)["3.sql"] == "nothing in the result goes back to it"


def test_what_was_defined_again_is_named(make: Maker) -> None:
    touches = {ObjectId("function", "public.f()"): ["0003#1"]}
    assert reasons(make, touches=touches)["3.sql"] == (
        "superseded: later statements say what becomes of function public.f()"
    )


# -- broken manifests -------------------------------------------------------------------------


def test_text_that_is_no_json_is_told_with_its_place() -> None:
    with pytest.raises(InputProblem, match=r"out/manifest\.json is not JSON") as caught:
        manifest.parse('{\n "a" 1}', "out/manifest.json")
    assert caught.value.problems[0].startswith("out/manifest.json:2:6: ")


@pytest.mark.parametrize(
    "text", ["[]", "{}", '{"format": "consolidate/manifest@2"}', '{"format": 1}', "3"]
)
def test_another_format_is_refused(text: str) -> None:
    with pytest.raises(InputProblem, match="is not a consolidate/manifest@1"):
        manifest.parse(text)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"platform": None}, "platform is no text"),
        ({"rendered_on": []}, "rendered_on is no object"),
        ({"rendered_on": {"server": "x", "major": True}}, "major is no whole number"),
        ({"inputs": [1]}, "an entry of inputs is no object"),
        ({"inputs": [{"path": "a"}]}, "sha256 is missing"),
        ({"outputs": {}}, "outputs is no list"),
        (
            {"outputs": [{"path": "a", "sha256": "", "new": 0, "sources": []}]},
            "new is neither true nor false",
        ),
        (
            {"outputs": [{"path": "a", "sha256": "", "new": False, "sources": [1]}]},
            "sources is no text",
        ),
    ],
)
def test_damage_is_named(make: Maker, change: Mapping[str, Any], message: str) -> None:
    document = {**loaded(make), **change}
    with pytest.raises(InputProblem, match=f"is damaged: {message}"):
        manifest.parse(json.dumps(document))


def test_a_missing_part_is_named(make: Maker) -> None:
    document = {key: value for key, value in loaded(make).items() if key != "objects"}
    with pytest.raises(InputProblem, match="objects is missing"):
        manifest.parse(json.dumps(document))


# -- what the next consolidation keeps ------------------------------------------------------

OLD = KeptFile(phase="01_core", version="20240101_000000", name="old", units=frozenset({"role r"}))
LINE = "3.sql"
INPUTS = {path: sha256(text.encode()).hexdigest() for path, text in LEGACY.items()}


def in_a_baseline(make: Maker, **changes: Any) -> manifest.Manifest:  # noqa: ANN401
    """What a manifest says whose file has a name as the program gives it."""
    text = build(make, **changes).replace("01_core/1_a.sql", "01_core/20250101_000000_a.sql")
    return manifest.parse(text)


def test_of_other_inputs_each_file_keeps_what_is_in_it(make: Maker) -> None:
    told = in_a_baseline(make, kept=[OLD])
    (found,) = manifest.remembered(told, INPUTS | {"4.sql": "f" * 64}, LINE)
    assert manifest.remembered(told, INPUTS, "2.sql") == (found,)  # the line has moved
    assert (found.path, found.units) == (
        "migrations/01_core/20250101_000000_a.sql",
        frozenset({"table public.a"}),
    )


def test_of_the_same_inputs_the_same_is_kept_once_more(make: Maker) -> None:
    assert manifest.remembered(in_a_baseline(make, kept=[OLD]), INPUTS, LINE) == (OLD,)
    assert manifest.remembered(in_a_baseline(make), INPUTS, LINE) == ()


def test_an_older_manifest_has_nothing_to_keep(make: Maker) -> None:
    document = dict(loaded(make))
    del document["kept"]
    for output in document["outputs"]:
        del output["units"]
    assert manifest.remembered(manifest.parse(json.dumps(document)), {}, LINE) == ()
