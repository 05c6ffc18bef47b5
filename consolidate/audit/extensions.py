"""What extensions bring: objects that no statement of a history makes.

Where it is not known what an extension brings, it may bring anything but a table of `public`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.functions import BY_EXTENSION, TYPES_BY_EXTENSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.model import ObjectId

_FUNCTIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **BY_EXTENSION,
        "postgis": frozenset({"st_makepoint", "st_setsrid", "st_dwithin", "st_distance"}),
        "timescaledb": frozenset({"create_hypertable"}),
    }
)
"""Functions that everybody calls without a schema, by who brings them."""
CLASSES: Mapping[str, str] = MappingProxyType(
    {"gin_trgm_ops": "pg_trgm", "gist_trgm_ops": "pg_trgm", "gin__int_ops": "intarray"}
)
"""Operator classes that everybody names without a schema, and who brings them."""


def bringing(function: str) -> frozenset[str]:
    """The extensions that are known to bring a function."""
    return frozenset(one for one, brought in _FUNCTIONS.items() if function in brought)


def may_bring(function: str, extensions: frozenset[str]) -> bool:
    """Whether one of these extensions brings a function, or may do so.

    Of an extension that is not known anything may come but what is known to be another one's.
    """
    known = bringing(function)
    return bool(known & extensions if known else extensions - BY_EXTENSION.keys())


def brings(name: ObjectId, extensions: frozenset[str]) -> bool:
    """Whether one of these extensions brings the object, or may do so.

    An extension's tables stand in a schema of its own, as a rule, which it brings along.
    """
    schema, bare = names.parted(name.identity.partition("(")[0], ".")
    bare = bare.strip('"')
    if name.kind == "type":
        return any(bare in TYPES_BY_EXTENSION.get(one, {bare}) for one in extensions)
    unknown = extensions - TYPES_BY_EXTENSION.keys()
    if name.kind in {"function", "procedure", "aggregate", "operator"}:
        return bool(extensions - {"plpgsql"})
    if name.kind == "schema":
        return bool(unknown) and bare in {*unknown, *(one.removeprefix("pg_") for one in unknown)}
    return bool(unknown) and (schema not in {"public", ""} or bare in _TABLES)


_TABLES = frozenset({"geography_columns", "geometry_columns", "raster_columns", "spatial_ref_sys"})
"""Relations that PostGIS puts beside the user's own."""
