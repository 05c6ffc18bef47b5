"""Each format for other programs: the same bytes as ever, and readable by a parser."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import networkx as nx
import pytest

from consolidate import network
from consolidate.pictures import dot, graphml, mermaid, svg
from tests.story.told import graph_of, parsed

if TYPE_CHECKING:
    from consolidate.network import Network

EXPECTED = Path(__file__).parent / "expected"
HISTORY = (
    "create table rooms (id int primary key);\n"
    'create table "Schlüssel <&> ""\\{|}" (id int primary key, room int references rooms);\n'
    "create function f() returns void language plpgsql as 'begin delete from rooms; end';\n"
    "insert into auth.users default values;\n"
    "create view v as select f() from auth.users;\ndrop view v;\n"
)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def whole() -> Network:
    return network.build(graph_of(HISTORY), parsed(HISTORY))


@pytest.fixture(scope="module")
def end(whole: Network) -> Network:
    return network.at_the_end(whole)


def _same(text: str, name: str) -> None:
    assert text == (EXPECTED / name).read_text(encoding="utf-8")


def test_graphml_is_read_back_with_everything(whole: Network) -> None:
    text = graphml.text(whole)
    _same(text, "history.graphml")
    found = nx.read_graphml(io.BytesIO(text.encode()))
    assert {*found.nodes} == {node.id for node in whole.nodes}
    assert [*found.edges] == [(edge.start, edge.end) for edge in whole.edges]
    (late,) = (data for *_, data in found.edges(data=True) if data["reasons"] == "mention")
    told = {"reasons": "mention", "evidence": "mention 1.sql:3", "late": True, "ended": False}
    assert late == told
    assert found.nodes["view public.v"]["ended"] is True


STRING = r'"(?:[^"\\\n]|\\["\\])*"'
ATTRIBUTES = rf"\[\w+=(?:{STRING}|\w+)(?:, \w+=(?:{STRING}|\w+))*\]"
LINE = re.compile(
    rf"  (?:rankdir=LR|node {ATTRIBUTES}|label={STRING}|{STRING}(?: -> {STRING})? {ATTRIBUTES});"
)


def test_dot_keeps_to_its_grammar(whole: Network) -> None:
    text = dot.text(whole, told='some "left" out')
    _same(text, "history.dot")
    first, *lines, last = text.splitlines()
    assert (first, last) == ("digraph dependencies {", "}")
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert LINE.fullmatch('  "a" b [label="x"];') is None


def test_mermaid_spells_what_its_syntax_needs(end: Network) -> None:
    text = mermaid.text(end, told="2 of 3")
    _same(text, "end.mmd")
    box = r'n\d+(?:\["[^"<>&`\\]+"\]|\(\["[^"<>&`\\]+"\]\))'
    arrow = r'n\d+ (?:-->|-\.->)\|"[^"|]+"\| n\d+'
    lines = text.splitlines()
    assert lines[:2] == ["flowchart LR", "  %% 2 of 3"]
    assert [line for line in lines[2:] if not re.fullmatch(rf"  (?:{box}|{arrow})", line)] == []


def test_svg_is_xml_that_asks_for_nothing(end: Network) -> None:
    text = svg.text(end, told="2 of 3", centres=["table public.rooms"])
    _same(text, "end.svg")
    root = ET.fromstring(text)  # noqa: S314 - we have just written it
    titles = [title.text for title in root.iter(f"{SVG}title")]
    assert titles[:2] == [
        "function public.f() → table public.rooms\nmention 1.sql:3",
        'table public."Schlüssel <&> ""\\{|}" → table public.rooms\nforeign key 1.sql:2',
    ]
    assert sum(1 for _ in root.iter(f"{SVG}polyline")) == len(end.edges)
    assert len(titles) == len(end.edges) + len(end.nodes)
    assert not re.search(r"href|script|@import|https?://(?!www\.w3\.org)", text)


def test_nothing_is_drawn_as_nothing() -> None:
    nothing = network.Network(nodes=(), edges=())
    assert ET.fromstring(svg.text(nothing)).tag == f"{SVG}svg"  # noqa: S314 - as above
    assert mermaid.text(nothing) == "flowchart LR\n"
    assert nx.read_graphml(io.BytesIO(graphml.text(nothing).encode())).number_of_nodes() == 0


def test_names_with_control_characters_can_be_written() -> None:
    odd = 'create table "a\x01\n\ud800" ();'.encode(errors="ignore").decode()
    found = network.build(graph_of(odd), parsed(odd))
    for text in (graphml.text(found), svg.text(found)):
        assert ET.fromstring(text) is not None  # noqa: S314 - as above
    assert "\\x01\\n" in dot.text(found).replace("\\\\", "\\")
