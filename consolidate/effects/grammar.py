"""What of PostgreSQL's grammar has no handler in this package, and why.

All that PostgreSQL's parser knows and that is neither here nor in a family's table is forgotten:
a test walks the parser's own lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_STATEMENTS: Mapping[str, str] = {
    "PLAssignStmt": "an assignment in a PL/pgSQL body, which only PL/pgSQL asks the parser for",
    "RawStmt": "what the parser wraps every statement in",
    "ReplicaIdentityStmt": "the value of a clause of ALTER TABLE",
    "ReturnStmt": "the body of a function in SQL, which is read with the function",
    "SetOperationStmt": "made of UNION and its like by the analysis, behind the parser",
}
"""Node classes whose names say they are statements, though no file can have one."""

NOT_WRITTEN_IN_ALTER_TABLE: Mapping[str, str] = {
    "AT_AddColumnToView": "what CREATE OR REPLACE VIEW does to the columns of its view",
    "AT_AddIndex": "what ADD PRIMARY KEY and its like turn into",
    "AT_AddIndexConstraint": "what ADD CONSTRAINT … USING INDEX turns into",
    "AT_CookedColumnDefault": "what CREATE TABLE … LIKE turns into",
    "AT_ReAddComment": "what ALTER COLUMN … TYPE does to comments",
    "AT_ReAddConstraint": "what ALTER COLUMN … TYPE does to constraints",
    "AT_ReAddDomainConstraint": "what ALTER COLUMN … TYPE does to domains",
    "AT_ReAddIndex": "what ALTER COLUMN … TYPE does to indexes",
    "AT_ReAddStatistics": "what ALTER COLUMN … TYPE does to statistics",
}
"""Clauses that PostgreSQL makes up behind the parser."""

NOT_WRITTEN_OBJECT_TYPES: Mapping[str, str] = {
    "OBJECT_AMOP": "a part of an operator family, which ALTER OPERATOR FAMILY speaks of",
    "OBJECT_AMPROC": "a part of an operator family, which ALTER OPERATOR FAMILY speaks of",
    "OBJECT_DEFACL": "the name that pg_get_object_address() has for default privileges",
    "OBJECT_DEFAULT": "the name that pg_get_object_address() has for a column's default",
    "OBJECT_PUBLICATION_NAMESPACE": "a part of a publication, which ALTER PUBLICATION speaks of",
    "OBJECT_PUBLICATION_REL": "a part of a publication, which ALTER PUBLICATION speaks of",
    "OBJECT_USER_MAPPING": "what has statements of its own, of which each is a node class",
}
"""Kinds of objects that COMMENT, DROP, OWNER, RENAME, SET SCHEMA, GRANT and the like never name."""
