from __future__ import annotations

from pathlib import Path

import pytest

from consolidate.catalog import dump
from consolidate.errors import UsageProblem
from consolidate.model import Difference, DifferenceKind, ObjectId
from consolidate.waivers import NOTHING, WAIVERS, Waived

TABLE = "-- Name: {name}; Type: TABLE; Schema: public\nCREATE TABLE public.{name} (\n{body}\n);\n"


def _entry(header: str, *statements: str) -> str:
    """An entry of a normalised dump; its header is `name; type; schema`."""
    name, type_, schema = header.split("; ")
    return "\n".join((f"-- Name: {name}; Type: {type_}; Schema: {schema}", *statements, ""))


def _changed(kind: str, attribute: str, left: str = "1", right: str = "2") -> Difference:
    return Difference(
        kind=DifferenceKind.CHANGED,
        object=ObjectId(kind, "public.t"),
        attribute=attribute,
        left=left,
        right=right,
    )


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageProblem, match="'colum-order'") as raised:
        Waived.of(["colum-order", "rows"])
    assert "column-order" in raised.value.hint


def test_names_are_sorted_and_said_once() -> None:
    assert Waived.of(["rows", "owner", "rows"]).names == ("owner", "rows")
    assert "owner" in Waived.of(["owner"])
    assert "owner" not in NOTHING


@pytest.mark.parametrize(
    ("name", "witness", "found"),
    [
        ("column-order", "facts", _changed("table column", "position")),
        ("column-order", "projection", _changed("table column", "pg_attribute.attnum")),
        ("comments", "facts", _changed("table", "comment")),
        ("comments", "projection", _changed("table", "pg_description.description")),
        ("owner", "facts", _changed("table", "owner")),
        ("owner", "projection", _changed("table", "pg_class.relowner")),
        ("passwords", "facts", _changed("role", "password")),
        ("passwords", "projection", _changed("role", "pg_authid.rolpassword")),
        ("privileges", "facts", _changed("table", "grant SELECT to a by b")),
        ("privileges", "projection", _changed("table", "pg_class.relacl")),
        ("privileges", "projection", _changed("default acl", "pg_depend.refobject")),
        ("roles", "facts", _changed("role membership", "by a")),
        ("roles", "projection", _changed("role", "pg_authid.rolcanlogin")),
        ("database", "facts", _changed("database", "collate")),
        ("database", "projection", _changed("database", "pg_database.datcollate")),
        ("sequence-positions", "rows", _changed("sequence", "last value")),
        (
            "system-collations",
            "projection",
            Difference(
                kind=DifferenceKind.EXTRA,
                object=ObjectId("collation", 'pg_catalog."de_DE"'),
                attribute="pg_collation",
                left=None,
                right="collname=de_DE",
            ),
        ),
        ("supporting-index", "facts", _changed("table constraint", "supporting index")),
        ("supporting-index", "projection", _changed("table constraint", "pg_constraint.conindid")),
        (
            "supporting-index",
            "projection",
            _changed("table constraint", "pg_depend.refobject", "index public.a", "index public.b"),
        ),
    ],
)
def test_a_waiver_holds_for_every_witness_and_for_nothing_else(
    name: str, witness: str, found: Difference
) -> None:
    other = _changed("table column", "type")
    assert Waived.of([name]).kept(witness, [found, other]) == (other,)
    assert NOTHING.kept(witness, [found]) == (found,)
    deaf = [one for one in WAIVERS if Waived.of([one]).kept(witness, [found])]
    assert len(deaf) >= len(WAIVERS) - 2, "no more than two waivers say the same"


@pytest.mark.parametrize(
    ("name", "left", "right"),
    [
        (
            "column-order",
            TABLE.format(name="t", body="    a integer,\n    b text"),
            TABLE.format(name="t", body="    b text,\n    a integer"),
        ),
        ("comments", _entry("TABLE t; COMMENT; public", "COMMENT ON TABLE t IS 'x';"), ""),
        (
            "owner",
            _entry("t; TABLE; public", "SELECT 1;", "ALTER TABLE public.t OWNER TO a;"),
            _entry("t; TABLE; public", "SELECT 1;", "ALTER TABLE public.t OWNER TO b;"),
        ),
        (
            "passwords",
            _entry("a; ROLE; -", "ALTER ROLE a WITH LOGIN PASSWORD 'x';"),
            _entry("a; ROLE; -", "ALTER ROLE a WITH LOGIN PASSWORD 'y''z';"),
        ),
        ("privileges", _entry("TABLE t; ACL; public", "GRANT ALL ON TABLE public.t TO a;"), ""),
        ("roles", _entry("a; ROLE; -", "CREATE ROLE a;", "ALTER ROLE a WITH LOGIN;"), ""),
        ("roles", _entry("a; ROLE MEMBERSHIP; -", "GRANT a TO b;"), ""),
        (
            "database",
            _entry("d; DATABASE; -", "ALTER DATABASE d OWNER TO a;"),
            _entry("d; DATABASE; -", "ALTER DATABASE d OWNER TO b;"),
        ),
    ],
)
def test_a_waiver_holds_for_dumps(name: str, left: str, right: str) -> None:
    assert dump.compare(left, right)
    assert dump.compare(left, right, Waived.of([name])) == ()


def test_another_column_is_no_matter_of_order() -> None:
    left = TABLE.format(name="t", body="    a integer,\n    b text")
    right = TABLE.format(name="t", body="    b text,\n    a bigint")
    assert dump.compare(left, right, Waived.of(["column-order"]))


def test_the_reference_lists_them_all() -> None:
    page = Path(__file__).parents[1] / "docs" / "reference" / "diff.md"
    rows = [f"| `{one.name}` | {one.meaning} |" for one in WAIVERS.values()]
    assert page.read_text(encoding="utf-8").endswith("\n".join(rows) + "\n")
