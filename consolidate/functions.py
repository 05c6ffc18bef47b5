"""The names of the functions that PostgreSQL and contrib bring, and of the types of extensions.

What is in `pg_catalog` needs no schema, whatever the search_path. The names are those of PostgreSQL
15 to 18 together: which version a history is for is not known here.
"""

from __future__ import annotations

from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _read() -> Mapping[str, frozenset[str]]:
    text = (files(__package__) / "functions.txt").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    owner = ""
    for line in text.splitlines():
        if line.startswith(" "):
            found[owner].update(line.split())
        elif not line.startswith("#"):
            owner = line
            found[owner] = set()
    return {owner: frozenset(brought) for owner, brought in found.items()}


_BY_OWNER = _read()
BUILT_IN: frozenset[str] = _BY_OWNER["pg_catalog"]
"""What is there in every database."""
BY_EXTENSION: Mapping[str, frozenset[str]] = {
    owner: brought for owner, brought in _BY_OWNER.items() if owner != "pg_catalog"
}
"""What an extension brings, and what those bring that it requires."""
TYPES_BY_EXTENSION: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "citext": frozenset({"citext"}),
        "cube": frozenset({"cube"}),
        "hstore": frozenset({"hstore"}),
        "intarray": frozenset({"query_int"}),
        "isn": frozenset({"ean13", "isbn", "isbn13", "ismn", "ismn13", "issn", "issn13", "upc"}),
        "ltree": frozenset({"lquery", "ltree", "ltxtquery"}),
        "pg_trgm": frozenset({"gtrgm"}),
        "seg": frozenset({"seg"}),
        "vector": frozenset({"halfvec", "sparsevec", "vector"}),
        **dict.fromkeys(
            (
                *("adminpack", "amcheck", "autoinc", "bloom", "btree_gin", "btree_gist"),
                *("dict_int", "dict_xsyn", "earthdistance", "file_fdw", "fuzzystrmatch"),
                *("insert_username", "moddatetime", "pageinspect", "pg_buffercache"),
                *("pg_freespacemap", "pg_prewarm", "pg_stat_statements", "pg_visibility"),
                *("pgcrypto", "pgrowlocks", "pgstattuple", "plpgsql", "postgres_fdw", "refint"),
                *("sslinfo", "tcn", "tsm_system_rows", "tsm_system_time", "unaccent"),
                *("uuid-ossp",),
            ),
            frozenset(),
        ),
    }
)
"""The types that extensions of PostgreSQL's contrib, and a few others, bring."""
