"""The text of a new mapping, as YAML reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consolidate import mappings, yamlplaces
from consolidate.drafts.document import document, scalar
from consolidate.drafts.groups import DraftedGroup
from consolidate.runner import Runner
from tests.drafts.again import HEAD

GROUPS = (
    DraftedGroup(
        name="keys_tables",
        phase="01_core_tables",
        version="20250101_000000",
        objects=("table public.keys", 'policy "It\'s: #1" on public.keys'),
        reason="2 tables: made in a\nb.sql",
    ),
)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_is_read_back_as_it_is(text: str) -> None:
    assert yamlplaces.read(f"- {scalar(text)}\n").value == [text]


@pytest.mark.parametrize(
    "text", ['table public."User"', "function public.f(integer, text)", "policy own on public.a"]
)
def test_names_stand_bare_where_yaml_takes_them_so(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize("text", ["on", "No", "~", "1_000", "20250101_000000", "a: b", "a #b", ""])
def test_what_yaml_takes_for_something_else_is_quoted(text: str) -> None:
    assert scalar(text) == f"'{text}'"


def test_a_document_says_what_was_chosen_and_every_group() -> None:
    head = replace(
        HEAD,
        runner=Runner.SUPABASE,
        recognised="there is a config.toml",
        order="order.txt",
        through="20250101_a.sql",
        servers=("embedded://18",),
        quarantine=("auto",),
    )
    text = document(head, GROUPS)
    read, _ = mappings.parsed(text, "mappings.yaml")
    assert (read.legacy.path, read.legacy.runner, read.legacy.order) == (
        "migrations",
        Runner.SUPABASE,
        "order.txt",
    )
    assert read.legacy.through == "20250101_a.sql"
    assert (read.output, read.platform, read.servers) == ("output", "plain", ("embedded://18",))
    assert (read.quarantine, read.phases) == (("auto",), HEAD.phases)
    assert [(g.name, g.phase, g.version, g.objects) for g in read.groups] == [
        (g.name, g.phase, g.version, g.objects) for g in GROUPS
    ]
    lines = text.splitlines()
    assert lines[0] == "# yaml-language-server: $schema=mappings.schema.json"
    assert "  # Recognised: there is a config.toml." in lines
    assert r"  # 2 tables: made in a\nb.sql" in lines


def test_what_was_not_asked_for_is_left_open() -> None:
    text = document(HEAD, GROUPS)
    read, document_ = mappings.parsed(text, "mappings.yaml")
    assert ("servers",) not in document_.keys
    assert ("quarantine",) not in document_.keys
    assert read.servers == ("auto",)
    assert '# servers: ["embedded://18"]' in text.splitlines()


def test_what_is_commented_out_can_be_used() -> None:
    text = document(HEAD, GROUPS)
    shown = text[text.index("# Rows that are kept out") :].splitlines()
    keys = [line.removeprefix("# ") for line in shown if line.startswith(("# seeds", "#   - "))]
    keys += [line.removeprefix("# ") for line in shown if line.startswith(("# roll", "# quar"))]
    read, _ = mappings.parsed("\n".join([text, *keys, ""]), "mappings.yaml")
    assert (len(read.seeds), read.quarantine) == (1, ("*_broken.sql",))


def test_without_groups_the_list_is_empty() -> None:
    read, _ = mappings.parsed(document(HEAD, ()), "mappings.yaml")
    assert read.groups == ()
