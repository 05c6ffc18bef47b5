"""What expressions, queries and whole statements refer to by name, before any look-up."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from pglast import ast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from consolidate.effects.things import Thing, Tree


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of a FROM clause."""

    alias: str
    relation: Tree | Thing | None
    """A RangeVar, a known object, or None: a sub-select, a function, a WITH query."""


Frame = tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function call."""

    name: tuple[str, ...]
    arguments: int
    bare: tuple[int, ...] = ()
    """Positions of arguments that are strings without a type."""
    given: tuple[Given, ...] = ()
    """What tells the type of each argument."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column reference with the FROM clauses it can mean, innermost first."""

    fields: tuple[str, ...]
    """`*` for a star."""
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A name in a string that PostgreSQL resolves when it reads the statement."""

    type: str
    """`regclass`, `regtype`, `regproc`, `regprocedure`, …; SEQUENCE if a function takes it for
    one, LATE if it is resolved each time."""
    text: str


SEQUENCE = "sequence"
"""What `nextval('s')` takes its argument for, which is a `regclass`."""
LATE = "text"
"""What the name of a sequence is cast to that is looked up each time: `nextval('s'::text)`."""


Given: TypeAlias = "Tree | Column | None"
"""What tells the type of an expression: the TypeName of its cast, or the column that it is; None
if nothing of the kind does."""


@dataclass(frozen=True, slots=True)
class Operation:
    """The use of an operator."""

    name: tuple[str, ...]
    operands: tuple[Given, Given]
    bare: tuple[int, ...]
    """Positions of operands that are strings without a type."""


@dataclass(slots=True)
class References:
    """Names in the order in which they occur."""

    relations: list[Tree] = field(default_factory=list)
    types: list[Tree] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    compared: list[Column] = field(default_factory=list)
    """Columns that meet a string without a type, which takes on theirs."""
    fields: list[tuple[Column, str]] = field(default_factory=list)
    """Columns of a composite type, each with a field of it."""
    natural: list[tuple[Frame, Frame]] = field(default_factory=list)
    """Both sides of each NATURAL JOIN."""
    literals: list[Literal] = field(default_factory=list)
    names: list[tuple[str, ...]] = field(default_factory=list)
    """Dotted names of objects of unknown kind, as in DROP and in bodies nobody can parse."""
    made: list[str] = field(default_factory=list)
    """The bare names of the relations that they make, transition tables included."""

    @property
    def are_none(self) -> bool:
        """Whether nothing is referred to, as by most defaults."""
        return self == _NONE

    def extend(self, other: References) -> None:
        """Adds what another text refers to."""
        for kind in _KINDS:
            getattr(self, kind).extend(getattr(other, kind))


_NONE = References()
_KINDS = tuple(kind.name for kind in fields(References))


def references(*nodes: Tree, frame: Frame = ()) -> References:
    """What the nodes refer to.

    Args:
        nodes: Expressions, queries or statements; None is skipped.
        frame: What unqualified columns can mean, as for an expression on one table.
    """
    found = References()
    walk = _Walk(found)
    for node in nodes:
        walk.visit(node, frozenset(), (frame,) if frame else ())
    return found


_LITERAL_TYPES = frozenset(
    {"regclass", "regtype", "regproc", "regprocedure", "regrole", "regnamespace"}
)
_SEQUENCE_FUNCTIONS = frozenset(
    {"nextval", "currval", "setval", "pg_sequence_last_value", "pg_get_serial_sequence"}
)
_OF_A_TABLE = "pg_get_serial_sequence"
"""The one of these that is given a table, whose column has the sequence."""
_MAKING = frozenset({"CompositeTypeStmt", "CreateSeqStmt", "CreateStmt", "IntoClause", "ViewStmt"})
_QUERIES = frozenset({"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"})


class _Walk:
    def __init__(self, found: References) -> None:
        self._found = found
        self._joined: dict[int, tuple[Tree, Frame]] = {}
        """What JOINs read that were looked at, each with the node, so that its id stays its own."""

    def visit(self, node: Tree, hidden: frozenset[str], frames: tuple[Frame, ...]) -> None:
        if isinstance(node, tuple):
            for item in node:
                if type(item) is not ast.A_Const:
                    self.visit(item, hidden, frames)
            return
        special = self._SPECIAL.get(type(node).__name__)
        if special is not None:
            special(self, node, hidden, frames)
        else:
            self._inside(node, hidden, frames)

    def _inside(self, node: Tree, hidden: frozenset[str], frames: tuple[Frame, ...]) -> None:
        for slot in _slots(type(node).__name__):
            inner = getattr(node, slot)
            if inner is not None:
                self.visit(inner, hidden, frames)

    def _range_var(self, node: Tree, hidden: frozenset[str], _: tuple[Frame, ...]) -> None:
        if node.schemaname or node.relname not in hidden:
            self._found.relations.append(node)

    def _column(self, node: Tree, _: frozenset[str], frames: tuple[Frame, ...]) -> None:
        column = _column(node, frames)
        self._found.columns += [column] if column is not None else []

    def _call(self, node: Tree, hidden: frozenset[str], frames: tuple[Frame, ...]) -> None:
        name = strings(node.funcname)
        arguments = node.args or ()
        bare = tuple(n for n, argument in enumerate(arguments) if is_bare(argument))
        given = tuple(_given(argument, frames) for argument in arguments)
        self._found.calls.append(Call(name, len(arguments), bare, given))
        if name[-1] in _SEQUENCE_FUNCTIONS and arguments:
            text = constant(arguments[0])
            if text is not None:
                kind = "regclass" if name[-1] == _OF_A_TABLE else SEQUENCE
                self._found.literals.append(Literal(kind, text))
            elif (text := _cast_constant(arguments[0])) is not None:
                self._found.literals.append(Literal(LATE, text))
        self._inside(node, hidden, frames)

    def _type(self, node: Tree, hidden: frozenset[str], frames: tuple[Frame, ...]) -> None:
        if node.names:
            self._found.types.append(node)
        self._inside(node, hidden, frames)

    def _cast(self, node: Tree, hidden: frozenset[str], frames: tuple[Frame, ...]) -> None:
        target = node.typeName.names[-1].sval
        text = constant(node.arg)
        if target in _LITERAL_TYPES and text is not None:
            self._found.literals.append(Literal(target, text))
        self._inside(node, hidden, frames)

    def _operator(self, node: Tree, hidden: frozenset[str], frames: tuple[Frame, ...]) -> None:
        sides = (node.lexpr, node.rexpr)
        self._meet(sides, frames)
        if node.kind.name == "AEXPR_OP":
            left, right = (_given(side, frames) for side in sides)
            bare = tuple(n for n, side in enumerate(sides) if is_bare(side))
            self._found.operations.append(Operation(strings(node.name), (left, right), bare))
        self._inside(node, hidden, frames)

    def _case(self, node: Tree, hidden: frozenset[str], frames: tuple[Frame, ...]) -> None:
        if node.arg is not None:
            self._meet((node.arg, *(when.expr for when in node.args)), frames)
        self._meet((node.defresult, *(when.result for when in node.args)), frames)
        self._inside(node, hidden, frames)

    def _choice(self, node: Tree, hidden: frozenset[str], frames: tuple[Frame, ...]) -> None:
        self._meet(node.args, frames)
        self._inside(node, hidden, frames)

    def _meet(self, sides: Iterable[Tree], frames: tuple[Frame, ...]) -> None:
        """A string without a type takes on that of a column it is compared or mixed with."""
        known = tuple(sides)
        if any(is_bare(side) for side in known):
            columns = (_column(side, frames) for side in known)
            self._found.compared += [column for column in columns if column is not None]

    def _indirection(self, node: Tree, hidden: frozenset[str], frames: tuple[Frame, ...]) -> None:
        column = _column(node.arg, frames)
        if column is not None and type(node.indirection[0]).__name__ == "String":
            self._found.fields.append((column, node.indirection[0].sval))
        self._inside(node, hidden, frames)

    def _join(self, node: Tree, hidden: frozenset[str], frames: tuple[Frame, ...]) -> None:
        if node.usingClause or node.isNatural:
            left, right = (self._sources(side, hidden) for side in (node.larg, node.rarg))
            merged = _merged(node.larg)
            for name in strings(node.usingClause):
                sides = (right,) if name in merged else (left, right)
                self._found.columns += [Column((name,), (side,)) for side in sides]
            if node.isNatural:
                self._found.natural.append((left, right))
        self._inside(node, hidden, frames)

    def _sources(self, node: Tree, hidden: frozenset[str]) -> Frame:
        """What a FROM clause, or a side of a JOIN, reads; the left side of one is a beginning."""
        if isinstance(node, tuple):
            return tuple(chain.from_iterable(self._sources(item, hidden) for item in node))
        if type(node).__name__ != "JoinExpr":
            source = _source(node, hidden)
            return (source,) if source is not None else ()
        known = self._joined.get(id(node))
        if known is None:
            alias = (Source(node.alias.aliasname, None),) if node.alias else ()
            sides = (self._sources(node.larg, hidden), self._sources(node.rarg, hidden))
            known = self._joined[id(node)] = (node, (*sides[0], *sides[1], *alias))
        return known[1]

    def _drop(self, node: Tree, hidden: frozenset[str], frames: tuple[Frame, ...]) -> None:
        for item in node.objects or ():
            if isinstance(item, tuple):
                self._found.names.append(strings(item))
            else:
                self.visit(item, hidden, frames)

    def _named_type(self, node: Tree, _: frozenset[str], __: tuple[Frame, ...]) -> None:
        self._found.names.append(strings(node.typeName))

    def _named_domain(self, node: Tree, hidden: frozenset[str], frames: tuple[Frame, ...]) -> None:
        self._found.names.append(strings(node.domainname))
        self._inside(node, hidden, frames)

    def _making(self, node: Tree, hidden: frozenset[str], frames: tuple[Frame, ...]) -> None:
        slots = ("relation", "rel", "view", "sequence", "typevar")
        relations = (getattr(node, slot, None) for slot in slots)
        self._found.made += [made.relname for made in relations if made is not None]
        self._inside(node, hidden, frames)

    def _renaming(self, node: Tree, hidden: frozenset[str], frames: tuple[Frame, ...]) -> None:
        self._found.made.append(node.newname)
        self._inside(node, hidden, frames)

    def _transition(self, node: Tree, _: frozenset[str], __: tuple[Frame, ...]) -> None:
        self._found.made.append(node.name)

    def _locking(self, _: Tree, __: frozenset[str], ___: tuple[Frame, ...]) -> None:
        """FOR UPDATE OF names what the FROM clause has by its alias."""

    def _query(self, node: Tree, hidden: frozenset[str], frames: tuple[Frame, ...]) -> None:
        if node.withClause:
            hidden |= {query.ctename for query in node.withClause.ctes}
        slots = ("relation", "fromClause", "usingClause", "sourceRelation")
        read = (self._sources(getattr(node, slot, None), hidden) for slot in slots)
        sources = tuple(chain.from_iterable(read))
        self._inside(node, hidden, (sources, *frames) if sources else frames)

    _SPECIAL: ClassVar[
        Mapping[str, Callable[[_Walk, Tree, frozenset[str], tuple[Frame, ...]], None]]
    ] = {
        "RangeVar": _range_var,
        "ColumnRef": _column,
        "FuncCall": _call,
        "TypeName": _type,
        "TypeCast": _cast,
        "A_Expr": _operator,
        "CaseExpr": _case,
        "CoalesceExpr": _choice,
        "A_Indirection": _indirection,
        "JoinExpr": _join,
        "DropStmt": _drop,
        "CreateEnumStmt": _named_type,
        "AlterEnumStmt": _named_type,
        "CreateDomainStmt": _named_domain,
        **dict.fromkeys(_MAKING, _making),
        "LockingClause": _locking,
        "RenameStmt": _renaming,
        "TriggerTransition": _transition,
        **dict.fromkeys(_QUERIES, _query),
    }


@cache
def _slots(kind: str) -> tuple[str, ...]:
    """The fields of a class of nodes that hold others; none, if there is no such class.

    Texts, numbers and the kinds of things refer to nothing, and are most of the fields.
    """
    slots = dict(getattr(getattr(ast, kind, None), "__slots__", {}))
    pointers = ((name, slot.c_type) for name, slot in slots.items())
    return tuple(name for name, held in pointers if held.endswith("*") and held != "char*")


def _column(node: Tree, frames: tuple[Frame, ...]) -> Column | None:
    """The column that an expression is, if it is nothing more."""
    if type(node).__name__ != "ColumnRef":
        return None
    fields = tuple(f.sval if type(f).__name__ == "String" else "*" for f in node.fields)
    return Column(fields, frames)


def _given(node: Tree, frames: tuple[Frame, ...]) -> Given:
    return node.typeName if type(node).__name__ == "TypeCast" else _column(node, frames)


def is_bare(node: Tree) -> bool:
    """Whether it is a string without a type, or a list or an array that holds one."""
    if isinstance(node, tuple):
        return any(is_bare(item) for item in node)
    match type(node).__name__:
        case "A_Const":
            return type(node.val).__name__ == "String"
        case "A_ArrayExpr":
            return is_bare(node.elements or ())
        case _:
            return False


def _merged(node: Tree) -> tuple[str, ...]:
    """The columns that a side of a JOIN has by its own USING, for which its sources were asked."""
    is_merged = type(node).__name__ == "JoinExpr" and not node.alias
    return strings(node.usingClause) if is_merged else ()


def _source(node: Tree, hidden: frozenset[str]) -> Source | None:
    """An entry of a FROM clause that is no JOIN."""
    match type(node).__name__:
        case "RangeVar":
            alias = node.alias.aliasname if node.alias else node.relname
            known = node.schemaname or node.relname not in hidden
            return Source(alias, node if known else None)
        case "RangeSubselect" | "RangeFunction" | "RangeTableFunc":
            return Source(node.alias.aliasname if node.alias else "", None)
        case _:
            return None


def strings(names: Iterable[Tree] | None) -> tuple[str, ...]:
    """The texts of a list of String nodes, which is how PostgreSQL keeps dotted names."""
    return tuple([n.sval for n in names or () if type(n).__name__ == "String"])


def _cast_constant(node: Tree) -> str | None:
    return constant(node.arg) if type(node).__name__ == "TypeCast" else None


def constant(node: Tree) -> str | None:
    """The text of a string constant; also of one cast to regclass."""
    kind = type(node).__name__
    if kind == "A_Const" and type(node.val).__name__ == "String":
        return str(node.val.sval)
    if kind == "TypeCast" and node.typeName.names[-1].sval == "regclass":
        return constant(node.arg)
    return None
