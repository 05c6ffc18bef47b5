"""Reads who bears which name in a database, by what outlasts a renaming: object identifiers.

`ALTER … RENAME` and `SET SCHEMA` leave an object its OID, and a column its number. Names that
PostgreSQL changes along with another one are not read by themselves: those of a table's row type,
of an index that a constraint rests on, of what a child inherits, and of an extension's members.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

Key = tuple[int, int, int]
"""The catalog's OID, the object's, and the number of its part, or 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Something that has a name of its own."""

    word: str
    """What ALTER calls it; of a part, what the RENAME says before its name."""
    name: str
    """Its own name, as `quote_ident()` spells it."""
    schema: Key | None
    """The schema that it is in and can leave by itself."""
    object: ObjectId
    """As the catalog facts name it."""
    whole: Key | None
    """What it is a part of."""


_NAMED = """
WITH owned AS (  -- relations that go where another one goes
    SELECT objid FROM pg_depend WHERE deptype IN ('a', 'i')
        AND (classid, refclassid) = ('pg_class'::regclass, 'pg_class'::regclass)
), found (turn, class, object, part, word, name, schema, whole_class, whole) AS (
    SELECT 1, 'pg_authid'::regclass, oid, 0, 'ROLE', rolname, NULL::oid, NULL::regclass, NULL::oid
    FROM pg_roles WHERE rolname !~ '^pg_'
    UNION ALL
    SELECT 2, 'pg_namespace'::regclass, oid, 0, 'SCHEMA', nspname, NULL, NULL, NULL
    FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    UNION ALL
    SELECT 3, 'pg_type'::regclass, t.oid, 0, 'TYPE', typname, typnamespace, NULL, NULL
    FROM pg_type AS t LEFT JOIN pg_class AS c ON c.oid = typrelid
    WHERE typtype IN ('b', 'c', 'd', 'e', 'r') AND coalesce(relkind, 'c') = 'c'
        AND NOT EXISTS (SELECT FROM pg_type AS of WHERE of.typarray = t.oid)
    UNION ALL
    SELECT 4, 'pg_enum'::regclass, oid, 0, 'VALUE', enumlabel, NULL, 'pg_type'::regclass, enumtypid
    FROM pg_enum
    UNION ALL
    SELECT 5, 'pg_class'::regclass, c.oid, 0,
        CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
            WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'i' THEN 'INDEX' WHEN 'I' THEN 'INDEX'
            ELSE 'TABLE' END, relname,
        CASE WHEN relkind IN ('r', 'p')
            OR relkind NOT IN ('i', 'I') AND c.oid NOT IN (SELECT objid FROM owned)
            THEN relnamespace END, NULL, NULL
    FROM pg_class AS c
    WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f') OR relkind IN ('i', 'I')
        AND c.oid NOT IN (SELECT conindid FROM pg_constraint WHERE contype IN ('p', 'u', 'x'))
    UNION ALL
    SELECT 6, 'pg_class'::regclass, attrelid, attnum,
        CASE relkind WHEN 'c' THEN 'ATTRIBUTE' ELSE 'COLUMN' END, attname, NULL,
        CASE relkind WHEN 'c' THEN 'pg_type'::regclass ELSE 'pg_class'::regclass END,
        CASE relkind WHEN 'c' THEN reltype ELSE attrelid END
    FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid
    WHERE attnum > 0 AND NOT attisdropped AND attinhcount = 0
        AND reloftype = 0 AND relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
    UNION ALL
    SELECT 7, 'pg_constraint'::regclass, oid, 0, 'CONSTRAINT', conname, NULL,
        CASE WHEN conrelid <> 0 THEN 'pg_class'::regclass ELSE 'pg_type'::regclass END,
        CASE WHEN conrelid <> 0 THEN conrelid ELSE contypid END
    FROM pg_constraint
    WHERE contype <> 't' AND coninhcount = 0 AND (conrelid <> 0 OR contypid <> 0)
    UNION ALL
    SELECT 8, 'pg_trigger'::regclass, oid, 0, 'TRIGGER', tgname, NULL, 'pg_class'::regclass, tgrelid
    FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0
    UNION ALL
    SELECT 8, 'pg_policy'::regclass, oid, 0, 'POLICY', polname, NULL, 'pg_class'::regclass, polrelid
    FROM pg_policy
    UNION ALL
    SELECT 8, 'pg_rewrite'::regclass, oid, 0, 'RULE', rulename, NULL, 'pg_class'::regclass, ev_class
    FROM pg_rewrite WHERE rulename <> '_RETURN'
    UNION ALL
    SELECT 9, 'pg_proc'::regclass, oid, 0, 'ROUTINE', proname, pronamespace, NULL, NULL FROM pg_proc
    UNION ALL
    SELECT 9, 'pg_operator'::regclass, oid, 0, 'OPERATOR', '', oprnamespace, NULL, NULL
    FROM pg_operator
    UNION ALL
    SELECT 9, 'pg_opclass'::regclass, oid, 0, 'OPERATOR CLASS', opcname, opcnamespace, NULL, NULL
    FROM pg_opclass
    UNION ALL
    SELECT 9, 'pg_opfamily'::regclass, oid, 0, 'OPERATOR FAMILY', opfname, opfnamespace, NULL, NULL
    FROM pg_opfamily
    UNION ALL
    SELECT 9, 'pg_collation'::regclass, oid, 0, 'COLLATION', collname, collnamespace, NULL, NULL
    FROM pg_collation
    UNION ALL
    SELECT 9, 'pg_conversion'::regclass, oid, 0, 'CONVERSION', conname, connamespace, NULL, NULL
    FROM pg_conversion
    UNION ALL
    SELECT 9, 'pg_statistic_ext'::regclass, oid, 0, 'STATISTICS', stxname, stxnamespace, NULL, NULL
    FROM pg_statistic_ext
    UNION ALL
    SELECT 9, 'pg_ts_config'::regclass, oid, 0, 'TEXT SEARCH CONFIGURATION', cfgname, cfgnamespace,
        NULL, NULL FROM pg_ts_config
    UNION ALL
    SELECT 9, 'pg_ts_dict'::regclass, oid, 0, 'TEXT SEARCH DICTIONARY', dictname, dictnamespace,
        NULL, NULL FROM pg_ts_dict
    UNION ALL
    SELECT 9, 'pg_ts_parser'::regclass, oid, 0, 'TEXT SEARCH PARSER', prsname, prsnamespace,
        NULL, NULL FROM pg_ts_parser
    UNION ALL
    SELECT 9, 'pg_ts_template'::regclass, oid, 0, 'TEXT SEARCH TEMPLATE', tmplname, tmplnamespace,
        NULL, NULL FROM pg_ts_template
    UNION ALL
    SELECT 9, 'pg_language'::regclass, oid, 0, 'LANGUAGE', lanname, NULL, NULL, NULL
    FROM pg_language
    UNION ALL
    SELECT 9, 'pg_foreign_data_wrapper'::regclass, oid, 0, 'FOREIGN DATA WRAPPER', fdwname,
        NULL, NULL, NULL FROM pg_foreign_data_wrapper
    UNION ALL
    SELECT 9, 'pg_foreign_server'::regclass, oid, 0, 'SERVER', srvname, NULL, NULL, NULL
    FROM pg_foreign_server
    UNION ALL
    SELECT 9, 'pg_publication'::regclass, oid, 0, 'PUBLICATION', pubname, NULL, NULL, NULL
    FROM pg_publication
    UNION ALL
    SELECT 9, 'pg_event_trigger'::regclass, oid, 0, 'EVENT TRIGGER', evtname, NULL, NULL, NULL
    FROM pg_event_trigger
)
SELECT class::oid::bigint, object::bigint, part, word,
    CASE word WHEN 'VALUE' THEN quote_literal(found.name) ELSE quote_ident(found.name) END,
    'pg_namespace'::regclass::oid::bigint, found.schema::bigint, i.type, i.identity,
    whole_class::oid::bigint, whole::bigint
FROM found, LATERAL pg_identify_object(
        CASE word WHEN 'VALUE' THEN 'pg_type'::regclass ELSE class END,
        CASE word WHEN 'VALUE' THEN whole ELSE object END, part) AS i
WHERE (object >= 16384 OR class IN ('pg_authid'::regclass, 'pg_namespace'::regclass))
    AND i.identity IS NOT NULL
    AND i.schema IS DISTINCT FROM 'pg_toast'
    AND (class, object) NOT IN (SELECT classid, objid FROM pg_depend WHERE deptype = 'e')
ORDER BY turn, i.identity, found.name
"""


def read(connection: psycopg.Connection) -> Mapping[Key, Bearer]:
    """All that has a name, wholes before their parts."""
    found = {}
    for row in connection.execute(_NAMED).fetchall():
        class_, oid, part, word, name, schemas, schema, kind, identity, wholes, whole = row
        found[class_, oid, part] = Bearer(
            word=word,
            name=name,
            schema=None if schema is None else (schemas, schema, 0),
            object=ObjectId(kind, identity),
            whole=None if whole is None else (wholes, whole, 0),
        )
    return found
