"""What the projection must know of PostgreSQL's catalogs: which of their columns are no meaning.

Everything else it finds by asking the server. Each entry says why it is here: the same database,
made in another way, has another value there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

CATALOGS: Final = {
    "pg_statistic": "filled by ANALYZE, by itself too",
    "pg_statistic_ext_data": "filled by ANALYZE, by itself too",
    "pg_shdepend": "of all databases, and nothing but owners, rights and policies' roles again",
    "pg_largeobject": "it is in the identities of large objects, see projecting",
    "pg_replication_origin": "of the whole cluster, named by subscriptions' OIDs",
}
"""Catalogs that are left out."""

TYPES: Final = frozenset({"xid", "xid8", "cid", "pg_lsn"})
"""Types whose values count what a server did, whatever column they stand in."""

COLUMNS: Final = {
    "pg_class": {
        **dict.fromkeys(("relfilenode", "relrewrite"), "files on disk"),
        **dict.fromkeys(("relpages", "reltuples", "relallvisible", "relallfrozen"), "counts"),
        **dict.fromkeys(
            ("relhasindex", "relhasrules", "relhastriggers", "relhassubclass"),
            "hints that outlive what they hint at",
        ),
        "relnatts": "counts dropped columns",
    },
    "pg_attribute": {
        **dict.fromkeys(("atthasmissing", "attmissingval"), "how a column got its first values"),
        "attcacheoff": "of a running session",
        "attndims": "int[][] is int[]; PostgreSQL does not enforce it, nor does pg_dump show it",
    },
    "pg_type": {
        "typarray": "names of array types depend on what had the name before",
        "typndims": "as attndims",
    },
    "pg_index": {"indcheckxmin": "of transactions that run"},
    "pg_collation": {"collversion": "of the operating system"},
    "pg_database": {
        "datname": "two databases of one cluster do not share it",
        "datcollversion": "of the operating system",
        "datlastsysoid": "of initdb",
    },
}
"""Columns that are left out; `oid` is left out everywhere."""

ROWS: Final = {
    "pg_attribute": "r.attnum > 0 AND NOT r.attisdropped",
    "pg_type": "NOT EXISTS (SELECT FROM pg_type AS e WHERE e.typarray = r.oid)",
    "pg_database": "r.datname = current_database()",
}
"""Rows that count: no holes left by dropped columns, no array types, no other database."""

RANKS: Final = {
    ("pg_attribute", "attnum"): "attrelid",
    ("pg_enum", "enumsortorder"): "enumtypid",
    ("pg_inherits", "inhseqno"): "inhrelid",
    ("pg_ts_config_map", "mapseqno"): "mapcfg, maptokentype",
}
"""Columns of which the order counts and not the number, and what they order the rows of."""

UNORDERED: Final = {
    ("pg_class", "reloptions"),
    ("pg_attribute", "attoptions"),
    ("pg_attribute", "attfdwoptions"),
    ("pg_proc", "proconfig"),
    ("pg_db_role_setting", "setconfig"),
    ("pg_tablespace", "spcoptions"),
    ("pg_foreign_data_wrapper", "fdwoptions"),
    ("pg_foreign_server", "srvoptions"),
    ("pg_foreign_table", "ftoptions"),
    ("pg_user_mapping", "umoptions"),
    ("pg_event_trigger", "evttags"),
    ("pg_policy", "polroles"),
    ("pg_subscription", "subpublications"),
}
"""Lists whose order follows the history."""

SECRETS: Final = {
    ("pg_authid", "rolpassword"),
    ("pg_user_mapping", "umoptions"),
    ("pg_subscription", "subconninfo"),
}
"""Of these, only digests leave the server."""

DEFAULT_RIGHTS: Final[Mapping[str, str]] = {
    "relacl": "CASE r.relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", r.relowner",
    "attacl": "'c', 0",
    "proacl": "'f', r.proowner",
    "typacl": "'T', r.typowner",
    "nspacl": "'n', r.nspowner",
    "datacl": "'d', r.datdba",
    "fdwacl": "'F', r.fdwowner",
    "srvacl": "'S', r.srvowner",
    "lanacl": "'l', r.lanowner",
    "spcacl": "'t', r.spcowner",
    "lomacl": "'L', r.lomowner",
    "paracl": "'p', 10",
}
"""What `acldefault` is asked for where nobody granted anything; a right granted and revoked again
leaves that written out."""

ALSO_COLUMN_NUMBERS: Final = {
    ("pg_constraint", "confdelsetcols"): "conrelid",
    ("pg_publication_rel", "prattrs"): "prrelid",
}
"""Numbers of columns that `pg_get_catalog_foreign_keys()` does not list, and of which relation."""

RESOLVED: Final = {
    ("pg_class", "reltoastrelid"): (
        "(SELECT array_agg(o ORDER BY o) FROM pg_class AS t, unnest(t.reloptions) AS o"
        " WHERE t.oid = r.reltoastrelid)"
    ),
    ("pg_class", "relpartbound"): "pg_get_expr(r.relpartbound, r.oid)",
    ("pg_attribute", "attname"): (
        "CASE WHEN NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indexrelid = r.attrelid)"
        " THEN r.attname END"
    ),
    ("pg_collation", "collencoding"): (
        "nullif(nullif(r.collencoding, -1), (SELECT d.encoding FROM pg_database AS d"
        " WHERE d.datname = current_database()))"
    ),
    ("pg_constraint", "connoinherit"): "CASE WHEN r.contype IN ('c', 'n') THEN r.connoinherit END",
    ("pg_rewrite", "ev_action"): "pg_get_ruledef(r.oid)",
    ("pg_rewrite", "ev_qual"): "NULL",  # in pg_get_ruledef
    ("pg_trigger", "tgqual"): "CASE WHEN r.tgqual IS NOT NULL THEN pg_get_triggerdef(r.oid) END",
    ("pg_proc", "prosqlbody"): "pg_get_function_sqlbody(r.oid)",
}
"""What stands for a column: of a hidden toast table, its options (it stays when the wide column has
gone, under a name made of an OID); no name of an index's column (it stays when the table's is
renamed); NO INHERIT of what can have it (of a partition's key it says which of the two was there
first); no encoding of a collation for the database's own, which -1, any, is as good as; of an
expression that needs more than a relation, its text."""
