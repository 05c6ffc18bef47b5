"""Rights as differences: the statements are run on a tiny model of PostgreSQL's rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pglast import ast

from consolidate.model import Difference, DifferenceKind, Fact, ObjectId, Snapshot
from consolidate.wording import owners, rights
from consolidate.wording.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.wording.rights import RightsChange

TABLE = ObjectId("table", "public.t")
OTHER = ObjectId("table", "public.u")
VIEW = ObjectId("view", "public.v")
FUNCTION = ObjectId("function", "public.f(integer, text)")
COLUMN = ObjectId("table column", "public.t.a")
ALL = frozenset(
    {
        *("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"),
        "MAINTAIN",
    }
)
"""What ALL means for a table since PostgreSQL 17."""

Held = dict[tuple[str, str], bool]
"""Grantee and privilege, and whether it may be passed on."""

OWNER: Held = {("owner", privilege): False for privilege in ALL}


def spelled(text: str) -> Held:
    """`reader: SELECT INSERT*, PUBLIC: SELECT`; a star is the grant option."""
    return {
        (grantee.strip(), word.rstrip("*")): word.endswith("*")
        for part in text.split(",")
        if part
        for grantee, _, words in [part.partition(":")]
        for word in words.split()
    }


def snapshot(held: Mapping[ObjectId, Held]) -> Snapshot:
    facts = {Fact(name, "exists", "yes") for name in held}
    facts |= {
        Fact(
            name, f"grant {privilege} to {grantee} by owner", "with grant option" if on else "plain"
        )
        for name, rights_ in held.items()
        for (grantee, privilege), on in rights_.items()
    }
    return Snapshot(major=18, facts=frozenset(facts))


def changes(
    built: Mapping[ObjectId, Held], truth: Mapping[ObjectId, Held]
) -> tuple[RightsChange, ...]:
    return rights.changes(snapshot(truth), snapshot(built), lambda _: "here")


def one(built: str, truth: str, name: ObjectId = TABLE, owner: Held = OWNER) -> RightsChange:
    """The one change from some rights to others, the owner's aside; proven both ways."""
    current, target = owner | spelled(built), owner | spelled(truth)
    (change,) = changes({name: current}, {name: target})
    assert change.objects == (name,)
    assert after(current, change.forward) == target
    assert after(target, change.backward) == current
    return change


def after(held: Held, statements: Iterable[str], everything: frozenset[str] = ALL) -> Held:
    """What the rights are when the statements ran."""
    held = dict(held)
    for sql in statements:
        tree = parsed(sql)
        order = tree.action if isinstance(tree, ast.AlterDefaultPrivilegesStmt) else tree
        assert isinstance(order, ast.GrantStmt)
        named = {p.priv_name.upper() for p in order.privileges or () if p.priv_name} or everything
        for grantee in order.grantees or ():
            who = "PUBLIC" if grantee.roletype.name == "ROLESPEC_PUBLIC" else grantee.rolename
            for privilege in named:
                _apply(held, order, (who, privilege))
    return held


def _apply(held: Held, order: ast.GrantStmt, right: tuple[str, str]) -> None:
    if order.is_grant:
        held[right] = held.get(right, False) or bool(order.grant_option)
    elif order.grant_option:
        if right in held:
            held[right] = False
    else:
        held.pop(right, None)


def test_equal_rights_need_no_statement() -> None:
    held = OWNER | spelled("reader: SELECT*")
    assert changes({TABLE: held}, {TABLE: held}) == ()


def test_what_is_missing_is_granted_and_what_is_too_much_is_revoked_by_name() -> None:
    change = one("reader: SELECT INSERT", "reader: SELECT DELETE UPDATE")
    assert change.forward == (
        "REVOKE INSERT ON TABLE public.t FROM reader;",
        "GRANT DELETE, UPDATE ON TABLE public.t TO reader;",
    )
    assert change.backward == (
        "REVOKE DELETE, UPDATE ON TABLE public.t FROM reader;",
        "GRANT INSERT ON TABLE public.t TO reader;",
    )


def test_a_grantee_that_is_left_with_nothing_loses_all() -> None:
    change = one("reader: SELECT INSERT, PUBLIC: SELECT", "PUBLIC: SELECT")
    assert change.forward == ("REVOKE ALL ON TABLE public.t FROM reader;",)


@pytest.mark.parametrize(
    ("built", "truth"),
    [
        ("", f"reader: {' '.join(sorted(ALL))}"),
        (f"reader: {' '.join(sorted(ALL))}", "reader: SELECT"),
        ("reader: SELECT", "reader: SELECT MAINTAIN"),
        ("reader: MAINTAIN", "writer: MAINTAIN"),
        ("reader: SELECT* MAINTAIN", "reader: SELECT"),
        ("reader: MAINTAIN*", "reader: MAINTAIN"),
        ("reader: SELECT MAINTAIN*", "reader: INSERT"),
        ("", "reader: SELECT MAINTAIN*"),
        ("", "reader: SELECT* MAINTAIN"),
    ],
)
def test_maintain_is_never_spelled(built: str, truth: str) -> None:
    change = one(built, truth)
    assert not [sql for sql in (*change.forward, *change.backward) if "MAINTAIN" in sql]


def test_maintain_alone_is_all_less_the_rest() -> None:
    rest = ", ".join(sorted(ALL - {"MAINTAIN"}))
    assert one("", "reader: MAINTAIN").forward == (
        "GRANT ALL ON TABLE public.t TO reader;",
        f"REVOKE {rest} ON TABLE public.t FROM reader;",
    )


def test_a_grant_option_comes_and_goes_without_the_right() -> None:
    change = one("reader: SELECT", "reader: SELECT*")
    assert change.forward == ("GRANT SELECT ON TABLE public.t TO reader WITH GRANT OPTION;",)
    assert change.backward[-1] == ("REVOKE GRANT OPTION FOR SELECT ON TABLE public.t FROM reader;")
    assert not [sql for sql in change.backward if sql.startswith("REVOKE SELECT")]


def test_grantees_of_one_order_share_a_statement() -> None:
    assert one("", "reader: SELECT, writer: SELECT INSERT, PUBLIC: SELECT").forward == (
        "GRANT SELECT ON TABLE public.t TO PUBLIC, reader;",
        "GRANT INSERT, SELECT ON TABLE public.t TO writer;",
    )


def test_grantees_whose_orders_would_be_turned_round_do_not() -> None:
    # in one statement with anna's, zoe's GRANT would come before the REVOKE ALL that undoes it
    change = one("zoe: SELECT MAINTAIN", "anna: SELECT, zoe: SELECT")
    assert change.forward == (
        "GRANT SELECT ON TABLE public.t TO anna;",
        "REVOKE ALL ON TABLE public.t FROM zoe;",
        "GRANT SELECT ON TABLE public.t TO zoe;",
    )


def test_objects_in_one_place_share_their_statements() -> None:
    truth = OWNER | spelled("reader: SELECT")
    built = {TABLE: OWNER, OTHER: OWNER, VIEW: OWNER}
    (change,) = changes(built, dict.fromkeys(built, truth))
    assert change.objects == (TABLE, OTHER, VIEW)
    assert change.forward == ("GRANT SELECT ON TABLE public.t, public.u, public.v TO reader;",)


def test_objects_apart_do_not_share() -> None:
    truth, built = OWNER | spelled("reader: SELECT"), {TABLE: OWNER, OTHER: OWNER}
    wanted, given = snapshot(dict.fromkeys(built, truth)), snapshot(built)
    found = rights.changes(wanted, given, lambda name: name)
    assert [change.objects for change in found] == [(TABLE,), (OTHER,)]


def test_objects_with_other_ways_back_do_not_share() -> None:
    target = OWNER | spelled("reader: SELECT")
    built = {TABLE: OWNER, OTHER: OWNER | spelled("reader: SELECT*")}
    assert len(changes(built, dict.fromkeys(built, target))) == 2


def test_a_routine_is_named_with_its_arguments() -> None:
    owner: Held = {("owner", "EXECUTE"): False}
    (change,) = changes({FUNCTION: owner | spelled("PUBLIC: EXECUTE")}, {FUNCTION: owner})
    assert change.forward == ("REVOKE ALL ON FUNCTION public.f(integer, text) FROM PUBLIC;",)
    assert change.backward == ("GRANT EXECUTE ON FUNCTION public.f(integer, text) TO PUBLIC;",)


def test_rights_on_a_column_name_the_column_behind_each_privilege() -> None:
    change = one("", "reader: SELECT UPDATE", COLUMN, {})
    assert change.forward == ("GRANT SELECT (a), UPDATE (a) ON TABLE public.t TO reader;",)
    assert change.backward == ("REVOKE ALL (a) ON TABLE public.t FROM reader;",)


def test_the_columns_of_one_relation_share_a_statement() -> None:
    others = (ObjectId("table column", "public.t.B"), ObjectId("table column", "public.u.a"))
    built: dict[ObjectId, Held] = {one: {} for one in (COLUMN, *others)}
    found = changes(built, dict.fromkeys(built, spelled("reader: SELECT UPDATE")))
    assert [change.forward for change in found] == [
        ('GRANT SELECT ("B", a), UPDATE ("B", a) ON TABLE public.t TO reader;',),
        ("GRANT SELECT (a), UPDATE (a) ON TABLE public.u TO reader;",),
    ]


def test_a_columns_name_may_hold_a_dot() -> None:
    change = one("", "reader: SELECT", ObjectId("table column", 'public.t."a.b"'), {})
    assert change.forward == ('GRANT SELECT ("a.b") ON TABLE public.t TO reader;',)


@pytest.mark.parametrize("kind", ["view", "materialized view", "foreign table"])
def test_rights_on_columns_of_other_relations_are_worded_alike(kind: str) -> None:
    change = one("", "reader: SELECT", ObjectId(f"{kind} column", "public.v.a"), {})
    assert change.forward == ("GRANT SELECT (a) ON TABLE public.v TO reader;",)


def test_rights_on_what_only_one_side_has_are_no_change() -> None:
    held = OWNER | spelled("reader: SELECT")
    assert changes({}, {TABLE: held}) == ()
    assert changes({TABLE: held}, {}) == ()


# -- default privileges -------------------------------------------------------------------


def default(kind: str, schema: str = "") -> ObjectId:
    where = f" in schema {schema}" if schema else ""
    return ObjectId("default acl", f"for role owner{where} on {kind}")


def test_default_privileges_of_a_schema_start_from_nothing() -> None:
    (change,) = changes({}, {default("tables", "s"): spelled("reader: SELECT")})
    head = "ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA s"
    assert change.forward == (f"{head} GRANT SELECT ON TABLES TO reader;",)
    assert change.backward == (f"{head} REVOKE ALL ON TABLES FROM reader;",)


def test_a_schema_has_no_default_rights_for_everybody_to_take_away() -> None:
    (change,) = changes({}, {default("functions", "s"): spelled("reader: EXECUTE")})
    head = "ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA s"
    assert change.forward == (f"{head} GRANT EXECUTE ON FUNCTIONS TO reader;",)


def test_default_privileges_without_a_schema_start_from_postgresqls_own() -> None:
    (change,) = changes({}, {default("functions"): spelled("owner: EXECUTE, reader: EXECUTE")})
    head = "ALTER DEFAULT PRIVILEGES FOR ROLE owner"
    assert change.forward == (
        f"{head} REVOKE ALL ON FUNCTIONS FROM PUBLIC;",
        f"{head} GRANT EXECUTE ON FUNCTIONS TO reader;",
    )
    assert change.backward == (
        f"{head} GRANT EXECUTE ON FUNCTIONS TO PUBLIC;",
        f"{head} REVOKE ALL ON FUNCTIONS FROM reader;",
    )


def test_nobody_but_the_owner_has_rights_on_tables_by_default() -> None:
    (change,) = changes({}, {default("tables"): OWNER | spelled("reader: SELECT")})
    assert change.forward == (
        "ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT SELECT ON TABLES TO reader;",
    )


def test_default_privileges_that_the_platform_set_can_be_taken_away() -> None:
    (change,) = changes({default("tables", "s"): spelled("reader: SELECT INSERT")}, {})
    assert change.forward == (
        "ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA s REVOKE ALL ON TABLES FROM reader;",
    )


def test_a_schemas_default_privileges_with_maintain_grant_no_more_than_that() -> None:
    name, target = default("tables", "s"), spelled("reader: SELECT MAINTAIN")
    (change,) = changes({}, {name: target})
    assert after({}, change.forward) == target


def test_default_privileges_on_large_objects_are_worded() -> None:
    name = default("large objects")
    target = spelled("owner: SELECT UPDATE, reader: SELECT")
    (change,) = changes({}, {name: target})
    assert change.forward == (
        "ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT SELECT ON LARGE OBJECTS TO reader;",
    )


def test_default_privileges_that_take_from_the_owner_are_worded() -> None:
    target = {right: on for right, on in OWNER.items() if right[1] != "DELETE"}
    (change,) = changes({}, {default("tables"): target})
    assert after(OWNER, change.forward) == target


# -- any rights ---------------------------------------------------------------------------

GRANTEES = ("PUBLIC", "reader", "writer")
PLAIN = sorted(ALL - {"MAINTAIN"})[:4]


def held_by(privileges: Iterable[str], options: tuple[bool, ...]) -> st.SearchStrategy[Held]:
    keys = st.tuples(st.sampled_from(GRANTEES), st.sampled_from(sorted(privileges)))
    return st.dictionaries(keys, st.sampled_from(options))


ANY_RIGHTS = st.one_of(
    st.tuples(*[held_by(PLAIN, (False, True))] * 2),
    st.tuples(*[held_by([*PLAIN, "MAINTAIN"], (False,))] * 2),
)


def proven(current: Held, target: Held) -> None:
    found = changes({TABLE: current}, {TABLE: target})
    assert bool(found) == (current != target)
    for change in found:
        assert after(current, change.forward) == target
        assert after(target, change.backward) == current
        assert not [sql for sql in (*change.forward, *change.backward) if "MAINTAIN" in sql]


@given(ANY_RIGHTS)
def test_forward_gives_the_target_and_backward_the_start(pair: tuple[Held, Held]) -> None:
    proven(OWNER | pair[0], OWNER | pair[1])


@given(st.tuples(*[held_by([*PLAIN, "MAINTAIN"], (False, True))] * 2))
def test_so_it_is_where_maintain_and_grant_options_meet(pair: tuple[Held, Held]) -> None:
    proven(OWNER | pair[0], OWNER | pair[1])


def test_the_model_notices_a_statement_that_is_left_out() -> None:
    change = one("reader: SELECT INSERT", "reader: SELECT DELETE")
    start = OWNER | spelled("reader: SELECT INSERT")
    target = OWNER | spelled("reader: SELECT DELETE")
    for number in range(len(change.forward)):
        left = [sql for n, sql in enumerate(change.forward) if n != number]
        assert after(start, left) != target


# -- owners -------------------------------------------------------------------------------


def owner_difference(name: ObjectId, attribute: str = "owner") -> Difference:
    return Difference(
        kind=DifferenceKind.CHANGED, object=name, attribute=attribute, left="alice", right="bob"
    )


@pytest.mark.parametrize(
    ("name", "head"),
    [
        (TABLE, "ALTER TABLE public.t"),
        (VIEW, "ALTER VIEW public.v"),
        (FUNCTION, "ALTER FUNCTION public.f(integer, text)"),
        (ObjectId("server", "s"), "ALTER SERVER s"),
        (ObjectId("schema", '"S"'), 'ALTER SCHEMA "S"'),
    ],
)
def test_an_owner_is_changed_there_and_back(name: ObjectId, head: str) -> None:
    change = owners.owner_change(owner_difference(name), snapshot({}))
    assert change is not None
    assert change.forward == (f"{head} OWNER TO alice;",)
    assert change.backward == (f"{head} OWNER TO bob;",)


def test_other_differences_are_no_change_of_owner() -> None:
    assert owners.owner_change(owner_difference(TABLE, "comment"), snapshot({})) is None
    assert (
        owners.owner_change(owner_difference(ObjectId("trigger", "x on public.t")), snapshot({}))
        is None
    )
