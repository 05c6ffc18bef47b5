"""No repair is made that the graph does not force: each names what would be broken without it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from consolidate import findings
from consolidate.circles import CirclesFound
from consolidate.model import ObjectId
from consolidate.placement import PartsFound
from tests.arrange.test_arrange import arranged, other, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import DrawFn

    from consolidate.plan import Plan
    from consolidate.wording.units import Unit

_KINDS = [("function", "FUNCTION"), ("view", "VIEW"), ("type", "TYPE"), ("schema", "SCHEMA")]
_MOVED = re.compile(r"(.+) is (hoisted|moved on) from (\S+) to (\S+): (.+)")
_NEED = re.compile(r"(?P<user>.+) needs it|it needs (?P<needed>.+)")
_SPLIT = re.compile(r"(.+) stands apart from its table: it needs (.+)")

Needs = dict[ObjectId, set[ObjectId]]


@st.composite
def _wished(draw: DrawFn) -> tuple[list[Unit], dict[str, list[Unit]], Needs]:
    """Units in the order of their history, the files that they are wanted in, and their needs."""
    units: list[Unit] = []
    needs: Needs = {}
    for number in range(draw(st.integers(2, 10))):
        is_table = draw(st.booleans())
        unit = (
            table(f"u{number}", number, key=f"k{number}")
            if is_table
            else other(f"public.u{number}", *draw(st.sampled_from(_KINDS)), number)
        )
        earlier = [one.object for one in units]
        needs[unit.object] = draw(st.sets(st.sampled_from(earlier), max_size=2) if earlier else _NO)
        units.append(unit)
    tables = [unit.object for unit in units if unit.keys]
    for unit in units:
        for key in unit.keys:
            needs[key.object] = {draw(st.sampled_from(tables)), unit.object}
    wished: dict[str, list[Unit]] = {"a": [], "b": [], "c": []}
    for unit in units:
        wished[draw(st.sampled_from("abc"))].append(unit)
    return units, wished, needs


_NO: st.SearchStrategy[set[ObjectId]] = st.just(set())


def _places(plan: Plan) -> Mapping[str, str]:
    return {str(step.unit.object): file.path for file in plan.files for step in file.steps}


@settings(max_examples=50, deadline=None)
@given(_wished())
def test_what_is_moved_names_a_need_that_would_not_be_met(
    drawn: tuple[list[Unit], dict[str, list[Unit]], Needs],
) -> None:
    units, wished, needs = drawn
    plan = arranged(units, wished, needs)
    placed = _places(plan)
    edges = {(str(on), str(user)) for user, all_on in needs.items() for on in all_on}
    for finding in plan.findings:
        if finding.code not in {findings.HOISTED, findings.MOVED}:
            continue
        found = _MOVED.fullmatch(finding.message)
        assert found
        name, how, wish, place, why = found.groups()
        need = _NEED.fullmatch(why)
        assert need
        assert placed[name] == place != wish
        if how == "hoisted":
            assert (name, need["user"]) in edges
            assert placed[need["user"]] == place < wish, "there its user would not find it"
        else:
            assert (need["needed"], name) in edges
            assert placed[need["needed"]] == place > wish, "there it would not find what it needs"


@settings(max_examples=50, deadline=None)
@given(_wished())
def test_a_key_is_split_only_if_its_target_comes_later_or_needs_it_in_turn(
    drawn: tuple[list[Unit], dict[str, list[Unit]], Needs],
) -> None:
    units, wished, needs = drawn
    plan = arranged(units, wished, needs)
    placed = _places(plan)
    split = {step.unit.object for step in plan.steps if step.unit.type == "FK CONSTRAINT"}
    graph: nx.DiGraph[str] = nx.DiGraph()
    for user, all_on in needs.items():
        holder = next((u.object for u in units for key in u.keys if key.object == user), user)
        if user not in split:
            graph.add_edges_from((str(on), str(holder)) for on in all_on if on != holder)
    told = [f.message for f in plan.findings if f.code == findings.KEY_SPLIT]
    assert len(told) == len(split)
    for message in told:
        found = _SPLIT.fullmatch(message)
        assert found
        own = found[1].rpartition(" on ")[2]
        first, *rest = re.split(", which needs ", found[2])
        if ", which comes later, in " in found[2]:
            target, _, path = found[2].partition(", which comes later, in ")
            assert placed[target] == path > placed[f"table {own}"]
        else:
            assert rest[-1] == f"table {own}", "a circle ends where it began"
            way = [first, *rest]
            assert all(graph.has_edge(on, user) for user, on in pairwise(way))


@st.composite
def _with_defaults(draw: DrawFn) -> tuple[list[Unit], dict[str, list[Unit]], Needs]:
    """The same without foreign keys; some of the tables' defaults call a function."""
    units, wished, needs = draw(_wished())
    functions = [unit.object for unit in units if unit.type == "FUNCTION"]
    for unit in units:
        for key in unit.keys:
            del needs[key.object]
            if functions:
                name = ObjectId("default value", f"for {unit.object.identity}.a")
                needs[name] = {draw(st.sampled_from(functions)), unit.object}
    return units, wished, needs


@settings(max_examples=50, deadline=None)
@given(_with_defaults())
def test_no_more_circles_are_opened_than_there_are(
    drawn: tuple[list[Unit], dict[str, list[Unit]], Needs],
) -> None:
    """Defaults that call functions that read the table: without one of them the circle is there."""
    units, wished, needs = drawn
    parent = {
        name: ObjectId("table", name.identity.removeprefix("for ").rpartition(".")[0])
        for name in needs
        if name.kind == "default value"
    }
    try:
        arranged(units, wished, needs, parent=parent)
    except PartsFound:
        return  # there is no circle
    except CirclesFound as raised:
        circles = raised.circles
    else:
        return
    graph: nx.DiGraph[ObjectId] = nx.DiGraph()
    for user, all_on in needs.items():
        holder = parent.get(user, user)
        if not any(user in circle.parts for circle in circles):
            graph.add_edges_from((on, holder) for on in all_on if on != holder)
    assert nx.is_directed_acyclic_graph(graph), "these are enough"
    for circle in circles:
        (part,) = circle.parts
        (on,) = needs[part] - {parent[part]}
        assert nx.has_path(graph, parent[part], on), "none of them is too many"
        assert circle.told.startswith(f"{parent[part]} needs {on}")
        assert circle.told.endswith(f" needs {parent[part]}")
