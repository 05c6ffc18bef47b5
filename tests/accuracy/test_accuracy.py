"""The static model is held against a server, and each measure falls where the model is broken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bench import accuracy, edges
from bench.depend import Edge, Recorded
from bench.edges import IMPLIED, JUDGED, Beyond
from consolidate import effects, pipeline, statements
from consolidate.effects import Need, Reason
from consolidate.model import Manner, Migration, ObjectId, SetAside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from psycopg import Connection

    from bench.accuracy import Judged
    from consolidate.effects import Effect
    from consolidate.model import StatementId
    from consolidate.servers.interface import Cluster
    from consolidate.trace import Trace

    Spoil = Callable[[Effect], Effect]

ROOT = Path(__file__).parents[2]
HISTORY = Path(__file__).parent / "history.sql"

PETS = ObjectId("table", "app.pets")
WEIGHT = ObjectId("function", "app.weight(app.mood)")


@dataclass(frozen=True, slots=True)
class Seen:
    """One history as it is read, and as a server saw it."""

    effects: Sequence[Effect]
    texts: Mapping[StatementId, str]
    trace: Trace
    recorded: Recorded

    def judged(self, spoil: Spoil | None = None) -> Judged:
        """The judgement, on effects that are spoilt one by one."""
        found = [spoil(effect) if spoil else effect for effect in self.effects]
        return accuracy.held("history", found, self.texts, self.trace, self.recorded)


@pytest.fixture(scope="module")
def cached() -> dict[str, Seen]:
    return {}


@pytest.fixture
def seen(
    cached: dict[str, Seen],
    database: Callable[..., tuple[Cluster, str]],
    connect: Callable[[Cluster, str], Connection[Any]],
) -> Seen:
    if not cached:
        text = HISTORY.read_text(encoding="utf-8")
        migration = Migration(number=1, path="h.sql", version="", text=text, sha256="")
        parsed = statements.parse(migration)
        connection = connect(*database(18))
        watched = accuracy.observe(connection, [parsed], Manner())
        read = effects.run(parsed, scope=effects.Scope(major=18))
        cached["history"] = Seen(read, {s.id: s.sql.lower() for s in parsed}, *watched)
    return cached["history"]


def place(beginning: str) -> str:
    """Where the statement that begins so stands."""
    found = [n for n, line in enumerate(HISTORY.read_text().splitlines(), 1)
             if line.startswith(beginning)]  # fmt: skip
    return f"h.sql:{found[0]}:1"


def lines(one: Judged) -> str:
    return "\n".join(accuracy.lines(one))


def test_of_a_history_with_every_kind_of_edge_nothing_is_missed(seen: Seen) -> None:
    one = seen.judged()
    assert one.failures == ()
    assert one.edges.missed == ()
    assert one.edges.known > 180
    assert one.agreement.disagreements == ()
    assert one.provenance.orphans == ()


def test_every_kind_of_edge_beside_the_servers_is_judged_and_has_a_case(seen: Seen) -> None:
    one = seen.judged()
    assert set(one.edges.implied) == set(IMPLIED)
    assert set(one.edges.surplus) == set(JUDGED)


def test_the_page_tells_the_judgement_of_every_kind() -> None:
    page = (ROOT / "docs/explain/static-model.md").read_text(encoding="utf-8")
    for kind, why in (*IMPLIED.items(), *JUDGED.items()):
        assert f"| {kind} | {why} |" in page


def test_what_an_opaque_statement_made_is_apart_and_has_its_statement_from_the_trace(
    seen: Seen,
) -> None:
    one = seen.judged()
    assert {why: [str(e) for e in found] for why, found in one.edges.beyond.items()} == {
        Beyond.OPAQUE: [
            "table app.found → schema app",
            "table column app.base.d → type app.mood",
            "table column attic.heir.d → type app.mood",
            "table constraint card on app.cards → index app.pets_pkey",
            "table constraint card on app.cards → table column app.cards.pet",
            "table constraint card on app.cards → table column app.pets.id",
            "table constraint cards_pet_fkey on app.cards → index app.pets_pkey",
            "table constraint cards_pet_fkey on app.cards → table app.cards",
            "table constraint cards_pet_fkey on app.cards → table app.pets",
            "table constraint cards_pet_fkey on app.cards → table column app.cards.pet",
            "table constraint cards_pet_fkey on app.cards → table column app.pets.id",
        ]
    }
    assert one.provenance.traced == 5


def test_how_many_statements_are_left_out_is_told_below_the_table_and_why(seen: Seen) -> None:
    one = seen.judged()
    commands = sum(bool(text) for text in seen.texts.values())
    assert one.agreement.compared + len(one.agreement.opaque) == commands
    told = lines(one)
    assert f"can tell what they do: {len(one.agreement.opaque)} of {commands} statements" in told
    reasons = [effect.opaque for effect in seen.effects if effect.opaque]
    assert sorted(one.left_out) == sorted(set(reasons))
    assert all(f": {reason}" in told for reason in reasons)
    assert "left out" not in lines(replace(one, left_out={}))


def test_files_that_are_set_aside_are_told_below_the_table(seen: Seen) -> None:
    aside = (SetAside(path="2.sql", reason="x"), SetAside(path="3.sql", reason="x"))
    told = lines(replace(seen.judged(), aside=aside))
    assert "  set aside, and not replayed: 2 files: 2.sql, 3.sql" in told


def without(by: str, on: ObjectId) -> Spoil:
    """Takes the needs of one object for another out of the model."""

    def spoilt(effect: Effect) -> Effect:
        kept = (n for n in effect.needs if (n.by and n.by.identity, n.on) != (by, on))
        return effect._replace(needs=tuple(kept))

    return spoilt


def test_an_edge_that_the_model_lacks_lowers_the_recall_and_is_named(seen: Seen) -> None:
    one = seen.judged(without("app.people_weight_note_idx", WEIGHT))
    assert one.edges.recall < 1
    assert "missed: index app.people_weight_note_idx → function app.weight(app.mood)" in lines(one)
    assert one.failures == ()

    def lose(effect: Effect) -> Effect:
        return effect._replace(needs=tuple(n for n in effect.needs if n.on.kind != "type"))

    assert seen.judged(lose).failures[0].startswith("recall ")


def test_an_edge_of_which_the_server_knows_nothing_is_surplus_and_named(seen: Seen) -> None:
    view = ObjectId("view", "app.calm")

    def spoilt(effect: Effect) -> Effect:
        more = (Need(by=view, on=WEIGHT, why=Reason.QUERY),) if view in effect.creates else ()
        return effect._replace(needs=(*effect.needs, *more))

    one = seen.judged(spoilt)
    assert one.failures == ("an edge of a kind that nobody judged: query",)
    told = f"view app.calm → function app.weight(app.mood) ({place('CREATE VIEW app.calm')})"
    assert f"surplus, query: {told}" in lines(one)
    assert "NOT JUDGED" in lines(one)


def test_too_many_of_them_miss_the_goal(seen: Seen) -> None:
    def spoilt(effect: Effect) -> Effect:
        more = tuple(Need(by=n, on=WEIGHT, why=Reason.ROLE) for n in effect.creates)
        return effect._replace(needs=(*effect.needs, *more))

    assert seen.judged(spoilt).failures[0].startswith("surplus ")


def test_an_object_that_the_model_does_not_see_made_is_a_disagreement_and_nobodys(
    seen: Seen,
) -> None:
    def spoilt(effect: Effect) -> Effect:
        return effect._replace(creates=tuple(n for n in effect.creates if n != PETS))

    one = seen.judged(spoilt)
    assert [str(d) for d in one.agreement.disagreements] == [
        f"{place('CREATE TABLE app.pets')}: created table app.pets, says the server only"
    ]
    assert one.agreement.agreeing == one.agreement.compared - 1
    assert one.provenance.orphans == (PETS,)
    assert one.failures[-1] == "1 objects without a creating statement"


def test_what_the_model_says_and_the_server_did_not_see_is_a_disagreement(seen: Seen) -> None:
    where = place("COMMENT ON TABLE app.pets")
    view = ObjectId("view", "app.calm")

    def told(spoil: Spoil) -> list[str]:
        def spoilt(effect: Effect) -> Effect:
            return spoil(effect) if str(effect.place) == where else effect

        return [str(difference) for difference in seen.judged(spoilt).agreement.disagreements]

    dropped = told(lambda effect: effect._replace(drops=(view,)))
    altered = told(lambda effect: effect._replace(alters=(*effect.alters, (view, "default"))))
    assert f"{where}: dropped view app.calm, says the model only" in dropped
    assert altered == [f"{where}: altered relation app.calm, says the model only"]


def test_a_change_that_the_model_overlooks_is_a_disagreement(seen: Seen) -> None:
    def spoilt(effect: Effect) -> Effect:
        return effect._replace(alters=(), renames=())

    one = seen.judged(spoilt)
    assert "agreement " in "".join(one.failures)
    told = [str(d) for d in one.agreement.disagreements]
    commented, moved = place("COMMENT ON TABLE app.pets"), place("ALTER TABLE app.heir SET SCHEMA")
    assert f"{commented}: altered relation app.pets, says the server only" in told
    assert f"{moved}: renamed table attic.heir, says the server only" in told


def test_the_program_fails_where_one_of_several_histories_misses_a_goal(
    seen: Seen, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def histories(*_: object) -> Iterator[tuple[str, pipeline.Request]]:
        for name in ("bad", "good"):
            yield name, pipeline.Request(config=Path("mappings.yaml"))

    def judge(name: str, _: object) -> Judged:
        bad = without("app.people_pkey", PETS) if name == "good" else _blind
        return seen.judged(bad)

    monkeypatch.setattr(accuracy, "histories", histories)
    monkeypatch.setattr(accuracy, "judge", judge)
    monkeypatch.setattr(pipeline, "prepare", lambda request: request)
    monkeypatch.setattr(pipeline, "screened", lambda job, _: job)

    assert accuracy.main([]) == 1
    assert "  MISSED: recall " in capsys.readouterr().out


def _blind(effect: Effect) -> Effect:
    return effect._replace(needs=())


@pytest.mark.pg
def test_the_program_takes_any_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "1.sql").write_text("CREATE TABLE t (a int PRIMARY KEY);", encoding="utf-8")

    assert accuracy.main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith(f"{tmp_path.name}\n")


@pytest.mark.pg
def test_of_the_sample_every_edge_is_known_and_every_statement_agrees() -> None:
    request = pipeline.Request(config=ROOT / "mappings.yaml", servers=(accuracy.SERVER,))
    one = accuracy.judge("sample", pipeline.prepare(request))
    assert one.failures == ()
    assert [str(edge) for edge in one.edges.missed] == []
    assert [str(difference) for difference in one.agreement.disagreements] == []
    assert set(one.edges.beyond) == {Beyond.OPAQUE}


def test_what_no_statement_names_only_the_server_knows() -> None:
    column, mood = ObjectId("view column", "public.v.m"), ObjectId("type", "public.mood")
    edge = Edge(column, mood)
    recorded = Recorded(edges=frozenset({edge}), brought=frozenset())

    def compared(text: str) -> edges.Compared:
        return edges.compare({}, recorded, is_opaque=lambda _: False, spelled=lambda _: text)

    assert compared("create view v as select max(m) as m from t").beyond == {
        Beyond.INFERRED: (edge,)
    }
    assert compared("create view v as select f(m)::mood as m from t").missed == (edge,)


def test_what_an_extension_brought_along_is_apart() -> None:
    column, text = ObjectId("table column", "public.t.c"), ObjectId("type", "public.citext")
    member = Edge(text, ObjectId("schema", "public"))
    edge = Edge(column, text)
    recorded = Recorded(edges=frozenset({edge, member}), brought=frozenset({text}))
    one = edges.compare({}, recorded, is_opaque=lambda _: False, spelled=lambda _: "citext")
    assert (one.missed, one.beyond) == ((), {Beyond.EXTENSION: (edge,)})
