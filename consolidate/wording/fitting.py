"""Counts the rows that a constraint has no room for which a rollback puts back, before it does.

PostgreSQL names one of them, or none. These rows came while the constraint was not there, so that
they are nothing that the history wrote: the rollback has taken that away already.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import AlterTableType, ConstrType

from consolidate import names
from consolidate.wording.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from consolidate.model import ObjectId

_BLOCK = """\
-- Refuses where rows that came since are against what is put back.
DO $guard$
DECLARE
    one record;
    found bigint;
    risks text;
BEGIN
    PERFORM set_config('row_security', 'off', true);
    FOR one IN
        SELECT * FROM (VALUES
{listed}
        ) AS r (relation, against, condition)
    LOOP
        EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', one.relation);
        EXECUTE format('SELECT count(*) FROM %s AS own WHERE %s', one.relation,
            one.condition) INTO found;
        CONTINUE WHEN found = 0;
        risks := concat_ws(', ', risks, format('%s, against %s (%s %s)', one.relation,
            one.against, found, CASE found WHEN 1 THEN 'row' ELSE 'rows' END));
        IF current_setting('consolidate.allow_data_loss', true) = 'on' THEN
            EXECUTE format('DELETE FROM %s AS own WHERE %s', one.relation, one.condition);
        END IF;
    END LOOP;
    IF risks IS NOT NULL AND current_setting('consolidate.allow_data_loss', true) = 'on' THEN
        RAISE WARNING 'this rollback loses rows: %', risks;
    ELSIF risks IS NOT NULL THEN
        RAISE EXCEPTION 'this rollback would lose rows: %', risks
            USING HINT = 'Let them fit what is put back, or '
            'PGOPTIONS=''-c consolidate.allow_data_loss=on'' psql … lets them go.';
    END IF;
END
$guard$;"""

_CHECK = re.compile(r"\bCHECK \((.*)\)( NO INHERIT)?;\s*", re.DOTALL)


def fitted(statements: Iterable[str], stays: Collection[ObjectId]) -> Iterator[str]:
    """Statements, those that put constraints back behind what looks for rows that are against them.

    Args:
        statements: Those that take something back, in their order.
        stays: What is there before and after the rollback: nothing else has rows of others.
    """
    relations = {name.identity for name in stays}
    for looks, run in groupby(
        ((_asked(one, relations), one) for one in statements), key=lambda pair: bool(pair[0])
    ):
        pairs = [*run]
        if looks:
            listed = ",\n".join(f"            ({asked})" for asked, _ in pairs)
            yield names.retagged(_BLOCK.replace("{listed}", listed), "guard")
        yield from (one for _, one in pairs)


def _asked(statement: str, relations: Collection[str]) -> str:
    """The relation, what is put back there, and the condition of the rows that are against it."""
    if not statement.startswith(_WATCHED) or ";\n" in statement:
        return ""
    tree = parsed(statement)
    relation = _called(tree.relation)
    match tree:
        case ast.AlterTableStmt(cmds=[command]):
            found = _of_command(statement, command, relation)
        case ast.IndexStmt():
            found = _of_index(tree, relation)
        case _:
            found = None
    if found is None or relation not in relations:
        return ""
    return ", ".join(map(names.literal, (relation, *found)))


_WATCHED = ("ALTER TABLE", "CREATE UNIQUE INDEX")


def _called(table: Any) -> str:  # noqa: ANN401 - see `trees`
    return ".".join(names.quote(part) for part in (table.schemaname, table.relname) if part)


def _of_index(tree: Any, relation: str) -> tuple[str, str] | None:  # noqa: ANN401
    """What is put back, and the condition of the rows that are against it."""
    keys = [names.quote(one.name) for one in tree.indexParams if one.name]
    if tree.whereClause is not None or len(keys) < len(tree.indexParams):
        return None  # of expressions, and of some rows only: the server tells
    condition = _twice(relation, keys, nulls=tree.nulls_not_distinct)
    return names.quote(tree.idxname), condition


def _of_command(statement: str, command: Any, relation: str) -> tuple[str, str] | None:  # noqa: ANN401
    if command.subtype == AlterTableType.AT_SetNotNull:
        column = names.quote(command.name)
        return f"NOT NULL of {column}", f"own.{column} IS NULL"
    constraint = command.def_
    if command.subtype != AlterTableType.AT_AddConstraint or constraint.skip_validation:
        return None
    condition = _condition(statement, constraint, relation)
    return (names.quote(constraint.conname), condition) if condition else None


def _condition(statement: str, constraint: Any, relation: str) -> str:  # noqa: ANN401
    """Which rows are against a constraint; empty where only the server can tell."""
    keys = [names.quote(key.sval) for key in constraint.keys or ()]
    match constraint.contype:
        case ConstrType.CONSTR_CHECK if found := _CHECK.search(statement):
            return f"NOT ({found[1]})"
        case ConstrType.CONSTR_PRIMARY if not constraint.without_overlaps:
            missing = " OR ".join(f"own.{key} IS NULL" for key in keys)
            return f"{missing} OR {_twice(relation, keys)}"
        case ConstrType.CONSTR_UNIQUE if not constraint.without_overlaps:
            return _twice(relation, keys, nulls=constraint.nulls_not_distinct)
        case ConstrType.CONSTR_FOREIGN if not constraint.fk_with_period:
            return _pointing_nowhere(constraint)
        case _:
            return ""


def _twice(relation: str, keys: Sequence[str], *, nulls: bool = False) -> str:
    """All rows of a key but one."""
    told = ", ".join(keys)
    filled = "" if nulls else f" WHERE num_nulls({told}) = 0"
    return (
        "(own.tableoid, own.ctid) IN (SELECT r.relation, r.place FROM (SELECT tableoid, ctid, "
        f"row_number() OVER (PARTITION BY {told} ORDER BY tableoid, ctid) "
        f"FROM {relation}{filled}) AS r (relation, place, number) WHERE number > 1)"
    )


def _pointing_nowhere(constraint: Any) -> str:  # noqa: ANN401
    own = [f"own.{names.quote(one.sval)}" for one in constraint.fk_attrs]
    theirs = [f"there.{names.quote(one.sval)}" for one in constraint.pk_attrs]
    same = " AND ".join(f"{a} = {b}" for a, b in zip(theirs, own, strict=True))
    table = _called(constraint.pktable)
    return (
        f"num_nulls({', '.join(own)}) = 0 "
        f"AND NOT EXISTS (SELECT FROM {table} AS there WHERE {same})"
    )
