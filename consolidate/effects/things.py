"""The objects of a database in the making, whose names are worked out when asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from consolidate.model import ObjectId
from consolidate.names import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from consolidate.effects.journal import Journal

Tree: TypeAlias = Any
"""A pglast node. Handlers are chosen by the node's class, so its fields are known to be there."""

RELATIONS = frozenset(
    {
        "table",
        "view",
        "materialized view",
        "sequence",
        "index",
        "foreign table",
        "composite type",
    }
)
"""The kinds that share `pg_class`, so that no two of them have one name in one schema."""

ROUTINES = frozenset({"function", "procedure", "aggregate"})
ON_RELATION = frozenset({"table constraint", "trigger", "policy", "rule", "domain constraint"})
SYSTEM_SCHEMAS = frozenset({"pg_catalog", "information_schema", "pg_toast"})

_STANDARD_NAMES = {
    "bit": "bit",
    "bool": "boolean",
    "bpchar": "character",
    "float4": "real",
    "float8": "double precision",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "interval": "interval",
    "numeric": "numeric",
    "time": "time without time zone",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "timetz": "time with time zone",
    "varbit": "bit varying",
    "varchar": "character varying",
}
"""The types that `format_type()` spells as the SQL standard does, never with a schema."""

JSON_IS_STANDARD_SINCE = 17
"""PostgreSQL 17 made JSON a keyword and prints `json`; before, it is `pg_catalog.json`."""

_OTHER_TYPES = """
    aclitem any anyarray anycompatible anycompatiblearray anycompatiblemultirange
    anycompatiblenonarray anycompatiblerange anyelement anyenum anymultirange anynonarray
    anyrange box bytea char cid cidr circle cstring date datemultirange daterange event_trigger
    fdw_handler inet int4multirange int4range int8multirange int8range internal json jsonb
    jsonpath language_handler line lseg macaddr macaddr8 money name nummultirange numrange oid
    oidvector int2vector path pg_lsn pg_snapshot point polygon record refcursor regclass
    regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure
    regrole regtype text tid trigger tsmultirange tsquery tsrange tstzmultirange tstzrange
    tsvector txid_snapshot unknown uuid void xid xid8 xml
"""
SYSTEM_TYPES = frozenset((*_STANDARD_NAMES, *_OTHER_TYPES.split()))
"""The types of `pg_catalog`, which every search_path looks through first."""


ENUM = "enum"
DOMAIN = "domain"
"""Forms of a type; other types have none."""


@dataclass(frozen=True, slots=True)
class TypeUse:
    """A type as a column or an argument has it: without its length."""

    base: Thing | str
    """A type of the history, or the name of one of `pg_catalog`."""
    array: bool = False
    modified: bool = field(default=False, compare=False)
    """Whether it has a length or a precision, which tells no routines apart."""

    def spelled(self, major: int) -> str:
        """As `format_type()` spells it where names carry their schema."""
        if self is NOTHING:
            return "NONE"
        if isinstance(self.base, Thing):
            name = self.base.id.identity
        elif self.base == "json":
            name = "json" if major >= JSON_IS_STANDARD_SINCE else "pg_catalog.json"
        else:
            name = _STANDARD_NAMES.get(self.base, f"pg_catalog.{quote(self.base)}")
        return f"{name}[]" if self.array else name


NOTHING = TypeUse("NONE")
"""The left operand of a prefix operator."""


def in_order(things: Iterable[Thing]) -> list[Thing]:
    """By name: a set of objects has no order of its own that two runs would share."""
    return sorted(things, key=lambda thing: thing.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What tells overloaded routines apart, and what a call of one may look like."""

    inputs: tuple[TypeUse, ...]
    required: int
    """How many of `inputs` have no default."""
    variadic: bool = False
    major: int

    def accepts(self, count: int) -> bool:
        """Whether a call with that many arguments can mean this routine."""
        most = len(self.inputs)
        return self.required <= count <= most or (self.variadic and count >= most - 1)


_LINKS = frozenset({"auto", "needs"})
_OTHER_TIES = frozenset({"parents", "of", "signature"})
_TIES = _LINKS | _OTHER_TIES
"""The fields that tie an object to others."""


class Links(set["Thing"]):
    """What one object hangs on; each of those remembers it in `bears`.

    Made by `_links`: every object has two, mostly empty, which no constructor is called for.
    """

    __slots__ = ("owner",)
    owner: Thing

    def add(self, thing: Thing, /) -> None:
        """Hangs the owner on one more."""
        thing.bears[self.owner] = None
        if thing not in self:
            journal = self.owner.journal
            if journal is not None and journal.is_open:
                journal.record(partial(super().discard, thing))
            super().add(thing)

    def discard(self, thing: object, /) -> None:
        """Lets the owner no longer hang on it."""
        if found := self & {thing}:
            self._record(partial(super().update, found))
            super().discard(thing)

    def clear(self) -> None:
        """Lets the owner hang on nothing."""
        self._record(partial(super().update, tuple(self)))
        super().clear()

    def __ior__(self, more: AbstractSet[Thing]) -> Self:  # type: ignore[override,misc]
        for thing in more:
            self.add(thing)
        return self

    def __isub__(self, less: AbstractSet[Thing]) -> Self:  # type: ignore[override,misc]
        for thing in tuple(less):
            self.discard(thing)
        return self

    def _record(self, undo: Callable[[], object]) -> None:
        if self.owner.journal is not None:
            self.owner.journal.record(undo)


def _links(owner: Thing, on: Iterable[Thing] = ()) -> Links:
    made = Links(on)
    made.owner = owner
    for thing in made:
        thing.bears[owner] = None
    return made


@dataclass(eq=False, init=False)
class Thing:
    """One object. Its identity follows the names of its schema, table and argument types.

    A field that nobody gives is the class's own: most objects have but a few of them.
    """

    kind: str
    name: str
    within: Thing | None = None
    """The schema, or the relation of a column, constraint, trigger, policy or rule."""
    of: Thing | None = None
    """An index's table; the column that owns a sequence."""
    type: TypeUse | None = None
    """A column's or a domain's."""
    signature: Signature | None = None
    form: str = ""
    """A constraint's `contype`; `partition`, `partitioned`; a column's `identity`; the access
    method of an operator class or family; a type's `enum` or `domain`; `shell` of a type or an
    operator that is not defined yet; …"""
    columns: tuple[Thing, ...] = ()
    """A constraint's or an index's, where they are plain columns; those that the key of a
    partitioned table reads, whose partitions have bounds."""
    labels: tuple[str, ...] = ()
    """What an index calls its columns, expressions included; the values of an enum; what is left
    open of a constraint."""
    parents: tuple[Thing, ...] = ()
    """What a table inherits from, or is a partition of; a partition's index has one too."""
    assumed: bool = False
    """No statement created it: it is known only because a statement used it."""
    temporary: bool = False
    inherited: bool = False
    """A column that only its parents declare, so that it goes with the last of them."""
    auto: set[Thing] = field(default_factory=set)
    """What takes this object along when it is dropped (`pg_depend` types a, i, P and S)."""
    needs: set[Thing] = field(default_factory=set)
    """What can be dropped only with CASCADE while this object is there (`pg_depend` type n)."""
    bears: dict[Thing, None] = field(default_factory=dict, repr=False)
    """What has or once had this object among its `auto`, `needs` or `parents`, as its `of` or in
    its signature: where to look for what hangs on it, instead of in the whole world."""

    journal: Journal | None = field(default=None, repr=False)
    """Where changes are written down, once the object is known to a world."""
    spelled: tuple[int, ObjectId] | None = field(default=None, repr=False)
    """Its kind and identity, as long as no name has changed since."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - any field's
        """Takes the fields as they are: nothing of a new object is written down for ROLLBACK."""
        own = self.__dict__
        own.update(given, bears={})
        own["auto"] = _links(self, given.get("auto", ()))
        own["needs"] = _links(self, given.get("needs", ()))
        for name in _OTHER_TIES & given.keys():
            if given[name] is not None:
                self._tied(name, given[name])

    def __setattr__(self, name: str, value: Any) -> None:  # noqa: ANN401 - any field's
        journal = self.journal
        if journal is not None and journal.is_open:
            journal.record(partial(object.__setattr__, self, name, getattr(self, name)))
        if name in _TIES and value is not None:
            value = self._tied(name, value)
        object.__setattr__(self, name, value)

    def _tied(self, name: str, value: Any) -> Any:  # noqa: ANN401 - any field's
        """Lets what the object hangs on remember it."""
        if name in _LINKS:
            return (
                value if isinstance(value, Links) and value.owner is self else _links(self, value)
            )
        others: Iterable[Thing]
        if name == "signature":
            others = [use.base for use in value.inputs if isinstance(use.base, Thing)]
            if self.journal is not None:
                self.journal.names += 1
        else:
            others = value if name == "parents" else (value,)
        for other in others:
            other.bears[self] = None
        return value

    @property
    def identity(self) -> str:
        """As `pg_identify_object()` spells it now."""
        spell = _SPELLINGS.get(self.kind)
        if spell is not None:
            return spell(self)
        name = quote(self.name)
        if self.within is None:
            return name
        arguments = f"({','.join(_inputs(self))})" if self.signature else ""
        return f"{self.within.id.identity}.{name}{arguments}"

    @property
    def id(self) -> ObjectId:
        """Kind and identity."""
        journal, spelled = self.journal, self.spelled
        if journal is None:
            return ObjectId(self.kind, self.identity)
        names = journal.names
        if spelled is None or spelled[0] != names:
            spelled = (names, ObjectId(self.kind, self.identity))
            self.__dict__["spelled"] = spelled
        return spelled[1]

    @property
    def schema(self) -> Thing:
        """The schema it lives in; itself, where it lives in none."""
        around = self
        while around.within is not None:
            around = around.within
        return around

    def is_named_after(self, things: Container[Thing]) -> bool:
        """Whether the name of one of the things is part of this one's identity."""
        inputs = self.signature.inputs if self.signature else ()
        return (
            self in things
            or (self.within is not None and self.within.is_named_after(things))
            or any(isinstance(t.base, Thing) and t.base.is_named_after(things) for t in inputs)
        )

    @property
    def is_system(self) -> bool:
        """Whether it belongs to PostgreSQL itself."""
        around = self  # the schema, without a call: it is asked at every need
        while around.within is not None:
            around = around.within
        return around.kind == "schema" and around.name in SYSTEM_SCHEMAS


def _inputs(thing: Thing) -> tuple[str, ...]:
    given = thing.signature
    return tuple(t.spelled(given.major) for t in given.inputs) if given else ()


def _operator(thing: Thing) -> str:
    where = f"{thing.within.identity}." if thing.within else ""
    return f"{where}{thing.name}({','.join(_inputs(thing))})"


def _around(thing: Thing) -> str:
    return thing.within.id.identity if thing.within else ""


def _per_access_method(thing: Thing) -> str:
    where = f"{thing.within.identity}." if thing.within else ""
    return f"{where}{quote(thing.name)} USING {quote(thing.form)}"


_SPELLINGS: Mapping[str, Callable[[Thing], str]] = {
    **dict.fromkeys(ON_RELATION, lambda thing: f"{quote(thing.name)} on {_around(thing)}"),
    **dict.fromkeys(
        ("publication namespace", "publication relation"),
        lambda thing: f"{_around(thing)} in publication {quote(thing.name)}",
    ),
    "cast": lambda thing: f"({' AS '.join(_inputs(thing))})",
    "default value": lambda thing: f"for {_around(thing)}",
    "default acl": lambda thing: thing.name,
    "large object": lambda thing: thing.name,
    "operator": _operator,
    "operator class": _per_access_method,
    "operator family": _per_access_method,
    "parameter ACL": lambda thing: thing.name,
    "transform": lambda thing: f"for {_inputs(thing)[0]} language {quote(thing.name)}",
    "user mapping": lambda thing: (
        f"{quote(thing.name)} on server {thing.within.name if thing.within else ''}"
    ),
}
"""The kinds whose identity is no dotted name (`getObjectIdentityParts`)."""
