"""The statement that gives one attribute of a relation or of its column its former value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.wording import former_types
from consolidate.wording.change import Change, NoWayBack, foreign_options, set_or_reset, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ALTERED = {
    "table": "TABLE",
    "foreign table": "FOREIGN TABLE",
    "view": "VIEW",
    "materialized view": "MATERIALIZED VIEW",
    "index": "INDEX",
}

_SWITCHES = {
    "unlogged": ("SET UNLOGGED", "SET LOGGED"),
    "access method": ("SET ACCESS METHOD {}", "SET ACCESS METHOD heap"),
    "tablespace": ("SET TABLESPACE {}", "SET TABLESPACE pg_default"),
    "force row security": ("FORCE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY"),
    "of type": ("OF {}", "NOT OF"),
}
"""What ALTER TABLE says with a value, and what without."""

_IDENTITIES = {None: "DEFAULT", "full": "FULL", "nothing": "NOTHING"}

_OF_INDEX = {
    "clustered": ("CLUSTER ON {}", "SET WITHOUT CLUSTER"),
    "replica identity": ("REPLICA IDENTITY USING INDEX {}", ""),  # else the table says what is
}

_SEQUENCE = {
    "type": "AS {}",
    "increment": "INCREMENT BY {}",
    "minimum": "MINVALUE {}",
    "maximum": "MAXVALUE {}",
    "start": "START WITH {}",
    "cache": "CACHE {}",
}

_COLUMN = {
    "not null": ("SET NOT NULL", "DROP NOT NULL"),
    "default": ("SET DEFAULT {}", "DROP DEFAULT"),
    "compression": ("SET COMPRESSION {}", "SET COMPRESSION default"),
    "statistics target": ("SET STATISTICS {}", "SET STATISTICS -1"),
}

_STORED_INLINE = {"numeric", "inet", "cidr"}
"""Types of varying length that are `main` by default; the others are `extended`."""

_INDEXED = re.compile(r' ON (?:ONLY )?((?:"(?:[^"]|"")*"|[^\s"])+) USING ')


def of_relation(change: Change) -> str:
    """The statement for a table, view or materialized view; empty where another one does it.

    Raises:
        NoWayBack: There is none.
    """
    attribute = change.attribute
    head = f"ALTER {_ALTERED[change.object.kind]} {change.object.identity}"
    if attribute in {"partition of", "partition bound"}:
        return _attached(change)
    if attribute == "populated":  # one that was is refreshed when all rows are back
        refresh = f"REFRESH MATERIALIZED VIEW {change.object.identity} WITH NO DATA;"
        return "" if change.old == "true" else refresh
    return "\n".join(f"{head} {action};" for action in _actions(change))


def _actions(change: Change) -> Iterator[str]:
    """What ALTER says."""
    attribute = change.attribute
    if attribute in _SWITCHES:
        yield change.chosen(*_SWITCHES[attribute])
    elif attribute.startswith("server option "):
        yield foreign_options(change)
    elif attribute.startswith(("option ", "toast option ")):
        toast = "toast." if attribute.startswith("toast ") else ""
        yield set_or_reset(f"{toast}{change.option}", change.old)
    elif attribute == "row security":
        if change.old is not None:  # what was enabled is worded, and disabled, by itself
            yield "ENABLE ROW LEVEL SECURITY"
    elif attribute == "replica identity":
        if change.old in _IDENTITIES:  # an index says by itself that it is one
            yield f"REPLICA IDENTITY {_IDENTITIES[change.old]}"
    elif attribute == "inherits":
        yield from _inherits(change)
    else:
        raise unknown(change)


def _inherits(change: Change) -> Iterator[str]:
    had, has = (value.split(", ") if value else [] for value in (change.old, change.new))
    if set(had) == set(has):
        raise NoWayBack("the order of its parents is that in which they were added")
    yield from (f"NO INHERIT {parent}" for parent in has if parent not in had)
    yield from (f"INHERIT {parent}" for parent in had if parent not in has)


def _attached(change: Change) -> str:
    """What puts a table back into its partitioned table; taking it out of another is worded apart.

    Told once, for the parent where that changed, else for the bound.
    """
    had, has = change.before.get("partition of"), change.after.get("partition of")
    if had is None or (change.attribute == "partition bound" and had != has):
        return ""
    bound = change.before["partition bound"]
    return f"ALTER TABLE {had} ATTACH PARTITION {change.object.identity} {bound};"


def of_index(change: Change) -> str:
    """The statement for an index; what only its table's ALTER can say, that says.

    Raises:
        NoWayBack: There is none.
    """
    attribute, own = change.attribute, change.object.identity
    if attribute in _OF_INDEX:
        given, default = _OF_INDEX[attribute]
        action = default if change.old is None else given.format(names.parted(own, ".")[1])
        table = indexed(change.before["definition"])
        return f"ALTER TABLE {table} {action};" if action else ""
    if attribute.startswith("option "):
        return f"ALTER INDEX {own} {set_or_reset(change.option, change.old)};"
    if attribute == "tablespace":
        return f"ALTER INDEX {own} {change.chosen(*_SWITCHES[attribute])};"
    if attribute.startswith("statistics target of column "):
        number = attribute.rpartition(" ")[2]
        return f"ALTER INDEX {own} ALTER COLUMN {number} SET STATISTICS {change.old or -1};"
    raise unknown(change)


def indexed(definition: str) -> str:
    """The table that an index's definition names; empty if it is no such definition."""
    match = _INDEXED.search(definition)
    return match[1] if match else ""


def of_sequence(change: Change) -> str:
    """The statement for a sequence.

    Raises:
        NoWayBack: There is none.
    """
    head = f"ALTER SEQUENCE {change.object.identity}"
    match change.attribute:
        case "cycle":
            return f"{head} {change.chosen('CYCLE', 'NO CYCLE')};"
        case "owned by":
            return f"{head} OWNED BY {change.chosen('{}', 'NONE')};"
        case "unlogged":
            return f"{head} {change.chosen('SET UNLOGGED', 'SET LOGGED')};"
        case attribute if attribute in _SEQUENCE:  # in one statement, for one limits another
            had = change.before
            said = (
                word.format(had[name])
                for name, word in _SEQUENCE.items()
                if had.get(name) != change.after.get(name) and name in had
            )
            return f"{head} {' '.join(said)};"
        case _:
            raise unknown(change)


def of_column(change: Change) -> str:
    """The statement for the column of a relation; empty where another one does it.

    Raises:
        NoWayBack: There is none.
    """
    relation, column = names.parted(change.object.identity, ".")
    kind = _ALTERED[change.object.kind.removesuffix(" column")]
    head = f"ALTER {kind} {relation} ALTER COLUMN {column}"
    if change.attribute in _COLUMN:
        return f"{head} {change.chosen(*_COLUMN[change.attribute])};"
    if change.attribute.startswith("option "):
        return f"{head} {set_or_reset(change.option, change.old)};"
    if change.attribute.startswith("server option "):
        return f"{head} {foreign_options(change)};"
    if (action := _ACTIONS.get(change.attribute)) is None:
        raise unknown(change)
    said = action(change)
    return f"{head} {said};" if said else ""


def _type(change: Change) -> str:
    """The former type; what the cells lost by the other one stays lost."""
    if change.attribute == "collation" and change.before["type"] != change.after["type"]:
        return ""
    wanted = change.before["type"]
    if collation := change.before.get("collation"):
        wanted += f" COLLATE {collation}"
    if change.object.kind.startswith("foreign"):
        return f"TYPE {wanted}"
    column = names.parted(change.object.identity, ".")[1]
    types = change.after["type"], change.before["type"]
    said = f"TYPE {wanted} USING {former_types.cast(column, *types, change.casts)}"
    had, has = change.before.get("default"), change.after.get("default")
    if had != has and None not in (had, has):  # it can not be cast, and the former one is set later
        return f"DROP DEFAULT, ALTER COLUMN {column} {said}"
    return said


def _storage(change: Change) -> str:
    if change.old is not None:
        return f"SET STORAGE {change.old}"
    if change.major >= 16:  # noqa: PLR2004 - the major that learned DEFAULT
        return "SET STORAGE DEFAULT"
    plain = change.before["type"].partition("(")[0]
    return f"SET STORAGE {'main' if plain in _STORED_INLINE else 'extended'}"


def _identity(change: Change) -> str:
    if change.old is None:
        return "DROP IDENTITY"
    verb = "SET" if change.new else "ADD"
    return f"{verb} GENERATED {change.old.upper()}{'' if change.new else ' AS IDENTITY'}"


def _expression(change: Change) -> str:
    if "generated" not in change.after or "generated" not in change.before:
        raise NoWayBack("a column that is there is never made a generated one")
    if change.major < 17:  # noqa: PLR2004 - the major that learned it
        raise NoWayBack("PostgreSQL changes the expression of a generated column since 17")
    return f"SET EXPRESSION AS ({change.old})"


_ACTIONS: dict[str, Callable[[Change], str]] = {
    "type": _type,
    "collation": _type,
    "storage": _storage,
    "identity": _identity,
    "generated": _expression,
    "expression": _expression,
}
