"""Writes the query that projects one catalog: no OID in it, nor anything made of one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from consolidate.catalog import physical
from consolidate.catalog.bookkeeping import COLUMN_OPTION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_NAMED_BY_CAST: Final = {
    "pg_class": "regclass",
    "pg_type": "regtype",
    "pg_proc": "regprocedure",
    "pg_operator": "regoperator",
    "pg_namespace": "regnamespace",
    "pg_authid": "regrole",
    "pg_collation": "regcollation",
}
"""A cast says what `pg_identify_object` says of these, several times as fast."""

HASH: Final = 32
"""Characters of one hash."""

_FIRST_MADE: Final = 16384
"""The first OID that is not given by initdb."""

_OWN_NUMBER: Final = "'(ConstraintTrigger(?:_[ac])?)_\\d+', '\\1'"
"""Internal triggers have their own OID in their names."""

_HIDDEN_SCHEMA: Final = "'^pg_(toast|temp_)'"
_HIDDEN: Final = "'(^| |,)(pg_toast|pg_(toast_)?temp(_\\d+)?)(\\.|$)'"
"""Toast tables are named by OIDs, and temporary objects are gone with their session."""

_THIS_DATABASE: Final = "(SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())"


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns of a catalog that refer to another one, as `pg_get_catalog_foreign_keys()` says."""

    columns: tuple[str, ...]
    target: str
    is_array: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Catalog:
    """What the server says of one of its catalogs; `described` gives the same one for the same."""

    name: str
    columns: Mapping[str, str]
    """Those that may be read, with their types."""
    references: Sequence[Reference]
    has_objects: bool
    """Whether its rows are objects that `pg_identify_object` knows."""

    @property
    def single(self) -> Mapping[str, Reference]:
        """The references of one column, by it."""
        return {ref.columns[0]: ref for ref in self.references if len(ref.columns) == 1}

    @property
    def numbers(self) -> Mapping[str, str]:
        """The columns that hold numbers of columns, and where the OID of their relation stands."""
        listed = {ref.columns[1]: ref.columns[0] for ref in self.references if ref.columns[1:]}
        also = {
            c: of for (name, c), of in physical.ALSO_COLUMN_NUMBERS.items() if name == self.name
        }
        return listed | {c: of for c, of in also.items() if c in self.columns}

    @property
    def addresses(self) -> Mapping[str, tuple[str, str, str]]:
        """Addresses of objects of any catalog: what to call them, and their three columns."""
        found: dict[str, tuple[str, str, str]] = {}
        for ending in ("id", "oid"):
            for prefix in ("", "ref"):
                catalog, row = f"{prefix}class{ending}", f"{prefix}obj{ending}"
                if catalog in self.columns and row in self.columns:
                    part = f"{prefix}objsubid"
                    part = f"r.{part}" if part in self.columns else "0"
                    found[f"{prefix}object"] = (f"r.{catalog}", f"r.{row}", part)
        return found


@cache
def described(
    name: str,
    columns: tuple[tuple[str, str], ...],
    references: tuple[Reference, ...],
    *,
    has_objects: bool,
) -> Catalog:
    """A catalog, so that the queries about it are written once in a process."""
    return Catalog(name=name, columns=dict(columns), references=references, has_objects=has_objects)


@cache
def query(catalog: Catalog, *, fixed: bool) -> str:
    """A query of JSON texts, one for each row: kind and identity of its object, and its columns.

    Beside each stands the kind of object that the row is, if it is one that somebody made; and, of
    rows that `hashes` finds, their hash.

    What has no meaning is not in it (see `physical`); references are spelled as identities, numbers
    of columns as their names, expressions as SQL, rights and options in alphabetical order.

    Args:
        catalog: What to project.
        fixed: Whether the rows that `hashes` finds are wanted, too.
    """
    values = ", ".join(f'{value} AS "{name}"' for name, value in _values(catalog))
    conditions = [*_of_this_database(catalog), *_seen(catalog)]
    if not fixed:
        conditions.append(_is_not_fixed(catalog))
    return (
        f"SELECT json_build_array(coalesce(o.type, ''), {_identity(catalog)}, "
        f"(SELECT to_json(v) FROM (SELECT {values}) AS v))::text, {_made(catalog)}, "
        f"CASE WHEN NOT {_is_not_fixed(catalog)} THEN {_hash(catalog)} END "
        f"FROM {_source(catalog)} AS r "
        f"CROSS JOIN LATERAL pg_identify_object({', '.join(_address(catalog))}) AS o "
        f"WHERE {' AND '.join(conditions)}"
    )


@cache
def hashes(catalog: Catalog) -> str:
    """A query of the hashes of all rows whose projection depends on nothing else, as one text.

    Those are rows about built-in objects that refer to none but built-in objects, and that hold no
    expression, in which anything may be referred to.
    """
    conditions = [*_of_this_database(catalog), f"NOT {_is_not_fixed(catalog)}"]
    return (
        f"SELECT coalesce(string_agg({_hash(catalog)}, ''), '') FROM {_source(catalog)} AS r "
        f"WHERE {' AND '.join(conditions)}"
    )


def _counting(catalog: Catalog) -> Mapping[str, str]:
    """The columns whose values count, in one way or another."""
    denied = physical.COLUMNS.get(catalog.name, {})
    return {
        column: type_
        for column, type_ in catalog.columns.items()
        if column == "oid" or (column not in denied and type_ not in physical.TYPES)
    }


def _hash(catalog: Catalog) -> str:
    """A hash of the row as it is stored."""
    row = ", ".join(f"r.{column}" for column in _counting(catalog))
    return f"md5(ROW({row})::text)"


def _is_not_fixed(catalog: Catalog) -> str:
    """Whether a row's projection depends on what somebody made."""
    made: list[str] = []
    for column, type_ in _counting(catalog).items():
        reference = catalog.single.get(column)
        if (catalog.name, column) in physical.RESOLVED and reference is not None:
            made.append(f"r.{column} <> 0")  # another row stands for it
        elif reference is not None and reference.is_array:
            made.append(f"({_FIRST_MADE} <= ANY (r.{column}::oid[])) IS TRUE")
        elif reference is not None or type_ == "oid":
            made.append(f"r.{column}::oid >= {_FIRST_MADE}")
        elif type_ == "pg_node_tree":
            made.append(f"r.{column} IS NOT NULL")
    return f"({' OR '.join(made) or 'true'})"


def _made(catalog: Catalog) -> str:
    """The kind of a row that is an object which somebody made by its own name."""
    if not catalog.has_objects:
        return "NULL"
    return (
        f"CASE WHEN r.oid >= {_FIRST_MADE} AND NOT EXISTS (SELECT FROM pg_depend AS d "
        f"WHERE d.classid = 'pg_catalog.{catalog.name}'::regclass AND d.objid = r.oid "
        "AND d.objsubid = 0 AND d.deptype IN ('e', 'i')) THEN o.type END"
    )


def _source(catalog: Catalog) -> str:
    """The catalog, with ranks beside the numbers that they stand for."""
    ranks = [
        f"row_number() OVER (PARTITION BY {by} ORDER BY {column}) AS {_rank(column)}"
        for (name, column), by in physical.RANKS.items()
        if name == catalog.name
    ]
    columns = [f"r.{column}" for column in catalog.columns]
    kept = physical.ROWS.get(catalog.name, "true")
    return (
        f"(SELECT {', '.join([*columns, *ranks])} FROM pg_catalog.{catalog.name} AS r WHERE {kept})"
    )


def _rank(column: str) -> str:
    return f"rank_of_{column}"


def _address(catalog: Catalog) -> tuple[str, str, str]:
    """The object that a row is, or else is about: what its first reference points at."""
    itself = f"'pg_catalog.{catalog.name}'::regclass"
    if catalog.name == "pg_largeobject_metadata":
        return "'pg_largeobject'::regclass", "r.oid", "0"
    if catalog.name == "pg_attribute":
        # the columns of an index keep names that were given to them first
        part = "CASE WHEN EXISTS (SELECT FROM pg_index AS i WHERE i.indexrelid = r.attrelid) "
        return "'pg_class'::regclass", "r.attrelid", f"{part} THEN 0 ELSE r.attnum END"
    if catalog.has_objects:
        return itself, "r.oid", "0"
    if "object" in catalog.addresses:
        return catalog.addresses["object"]
    single = [ref for ref in catalog.single.values() if not ref.is_array]
    if not single:
        return itself, "NULL", "0"
    when = " ".join(f"WHEN r.{ref.columns[0]} <> 0 THEN '{ref.target}'::regclass" for ref in single)
    columns = ", ".join(f"nullif(r.{ref.columns[0]}, 0)" for ref in single)
    return f"CASE {when} END", f"coalesce({columns})", "0"


def _identity(catalog: Catalog) -> str:
    """The object's identity; of what has none but an OID or differs by nature, what stands for it.

    Settings of all roles in all databases are about no object.
    """
    plain = f"regexp_replace(o.identity, {_OWN_NUMBER})"
    content = (
        "SELECT 'md5 ' || md5(lo_get(l.oid)) FROM pg_largeobject_metadata AS l "
        f"WHERE l.oid = {_address(catalog)[1]} AND pg_has_role(l.lomowner, 'USAGE')"
    )
    return (
        "CASE o.type WHEN 'database' THEN 'database' "
        f"WHEN 'large object' THEN coalesce(({content}), 'md5 (hidden)') "
        f"ELSE coalesce({plain}, '') END"
    )


def _seen(catalog: Catalog) -> Iterator[str]:
    """Nothing of toast tables and temporary objects."""
    yield f"coalesce(o.schema, '') !~ {_HIDDEN_SCHEMA}"
    yield f"coalesce(o.identity, '') !~ {_HIDDEN}"
    for name, (class_, row, part) in catalog.addresses.items():
        if name != "object":  # what it refers to may be hidden as well
            other = f"SELECT i.schema FROM pg_identify_object({class_}, {row}, {part}) AS i"
            yield f"coalesce(({other}), '') !~ {_HIDDEN_SCHEMA}"


def _of_this_database(catalog: Catalog) -> Iterator[str]:
    """Nothing of other databases."""
    for ref in catalog.references:
        if ref.target == "pg_database":
            yield f"r.{ref.columns[0]} IN (0, {_THIS_DATABASE})"
    for class_, row, _ in catalog.addresses.values():
        yield f"({class_} <> 'pg_database'::regclass OR {row} = {_THIS_DATABASE})"


def _values(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """The columns that count, and what says their values."""
    denied = physical.COLUMNS.get(catalog.name, {})
    addressed = {
        column.removeprefix("r.") for address in catalog.addresses.values() for column in address
    }
    for column, type_ in catalog.columns.items():
        if column == "oid" or column in denied or column in addressed:
            continue
        if type_ not in physical.TYPES:
            yield column, _guarded(catalog, column, _value(catalog, column, type_))
    for name, address in catalog.addresses.items():
        if name != "object":
            yield name, _identified(*address)


def _guarded(catalog: Catalog, column: str, value: str) -> str:
    if (catalog.name, column) in physical.SECRETS:
        return f"'md5 ' || md5({value}::text)"
    return value


def _value(catalog: Catalog, column: str, type_: str) -> str:
    """What says the value of a column without an OID, a place on disk or an accidental order."""
    place = catalog.name, column
    at = f"r.{column}"
    if place in physical.RESOLVED:
        return physical.RESOLVED[place]
    if place in physical.RANKS:
        return f"r.{_rank(column)}"
    if column in catalog.numbers:
        return _column_names(f"r.{catalog.numbers[column]}", at, is_array=type_ != "smallint")
    if column in catalog.single:
        return _referenced(catalog.single[column], at, in_order=place not in physical.UNORDERED)
    return _plain(catalog, column, type_)


def _plain(catalog: Catalog, column: str, type_: str) -> str:
    """What says the value of a column that refers to nothing."""
    at = f"r.{column}"
    match type_:
        case "aclitem[]":
            return _rights(at, physical.DEFAULT_RIGHTS.get(column))
        case "pg_node_tree":
            return f"pg_get_expr({at}, {_relation(catalog)})"
        case "name" if catalog.name == "pg_trigger":
            return f"regexp_replace({at}, {_OWN_NUMBER})"
        case _ if (catalog.name, column) in physical.UNORDERED:
            kept = f"o !~ '^{COLUMN_OPTION}='"
            return f"ARRAY(SELECT o FROM unnest({at}) AS o WHERE {kept} ORDER BY o)"
        case _:
            return f"{at}::text"


def _relation(catalog: Catalog) -> str:
    """The relation whose columns an expression names: that whose columns are numbered beside it."""
    numbered = list(catalog.numbers.values())
    related = [c for c, ref in catalog.single.items() if ref.target == "pg_class"]
    return next((f"r.{column}" for column in numbered + related), "0")


def _rights(at: str, default: str | None) -> str:
    """The rights in alphabetical order; nothing where they are those that nobody had to grant."""
    ordered = f"ARRAY(SELECT a::text FROM unnest({at}) AS a ORDER BY 1)"
    if default is None:
        return ordered
    standard = f"acldefault({default})"
    return (
        f"CASE WHEN {at} IS NOT NULL AND NOT ({at} @> {standard} AND {standard} @> {at}) "
        f"THEN {ordered} END"
    )


def _referenced(reference: Reference, at: str, *, in_order: bool) -> str:
    if not reference.is_array:
        return f"CASE WHEN {at} <> 0 THEN {_named(reference.target, at)} END"
    if in_order and reference.target in _NAMED_BY_CAST:
        return f"{at}::oid[]::{_NAMED_BY_CAST[reference.target]}[]::text[]"
    name = f"CASE WHEN e.oid <> 0 THEN {_named(reference.target, 'e.oid')} ELSE '-' END"
    order = "e.n" if in_order else name
    unnested = f"unnest({at}::oid[]) WITH ORDINALITY AS e(oid, n)"
    return f"(SELECT array_agg({name} ORDER BY {order}) FROM {unnested})"


def _named(target: str, at: str) -> str:
    if cast := _NAMED_BY_CAST.get(target):
        return f"{at}::oid::{cast}::text"
    if target == "pg_database":
        return "'database'"
    return _identified(f"'pg_catalog.{target}'::regclass", at, "0")


def _identified(class_: str, row: str, part: str) -> str:
    found = (
        f"SELECT i.type || ' ' || i.identity FROM pg_identify_object({class_}, {row}, {part}) AS i"
    )
    return f"regexp_replace(({found}), {_OWN_NUMBER})"


def _column_names(relation: str, at: str, *, is_array: bool) -> str:
    numbers = f"unnest({at}::int2[])" if is_array else f"(VALUES ({at}))"
    if is_array:
        numbers += " WITH ORDINALITY"
    alias = "k(number, n)" if is_array else "k(number)"
    order = " ORDER BY k.n" if is_array else ""
    return (
        f"(SELECT array_agg(coalesce((SELECT c.attname::text FROM pg_attribute AS c "
        f"WHERE c.attrelid = {relation} AND c.attnum = k.number), '-'){order}) "
        f"FROM {numbers} AS {alias})"
    )
