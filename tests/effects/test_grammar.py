"""Walks the parser's own lists, so that what a new grammar brings is not forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pglast import ast, enums, parse_sql
from pglast.parser import ParseError

from consolidate import effects
from consolidate.effects import alterations, definitions, grammar, targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.effects import Effect
    from consolidate.model import Statement

    Parse = Callable[..., tuple[Statement, ...]]

HERE = Path(__file__).parent
NODES = {name for name in vars(ast) if name.endswith("Stmt")}

NOT_RUN_BY_THE_SERVER_TESTS = """
    alter database d set work_mem = 1; alter database d refresh collation version;
    alter database d with connection limit 3; create database d owner bob tablespace t;
    drop database d; drop database if exists nothing_of_this_name; alter system set work_mem = 1;
    create tablespace t owner bob location '/nowhere'; alter tablespace t set (seq_page_cost = 1);
    drop tablespace t; alter table all in tablespace a set tablespace b; load 'library';
    create subscription s connection 'x' publication p; alter subscription s disable;
    drop subscription s; import foreign schema far from server s into public; checkpoint;
    do 'begin end'; call p(1); drop owned by bob; reassign owned by bob to eve; vacuum t;
    security label on table t is 'x'; create event trigger e on sql_drop execute function f();
    alter event trigger e disable; create extension citext; alter extension citext update;
    alter extension citext add table t; copy t to stdout; discard plans; listen n; notify n;
    unlisten n; alter sequence q restart; alter function f() volatile; lock table t;
    merge into t using u on t.a = u.a when matched then delete; refresh materialized view v;
    reindex table t; set constraints all deferred; show work_mem; truncate t; delete from t;
    update t set a = 1; create role r; alter role r login; alter role r set work_mem = 1;
    drop role r; grant r to bob
"""
"""What a shared cluster should not go through, and what says nothing of objects."""


def test_every_statement_of_the_grammar_has_a_handler_or_a_reason_for_none() -> None:
    assert len(NODES) > 110
    assert NODES - effects.HANDLERS.keys() == grammar.NO_STATEMENTS.keys()
    assert effects.HANDLERS.keys() <= NODES


def test_every_handler_reads_a_statement_of_these_tests(parse: Parse) -> None:
    texts = [(HERE / name).read_text() for name in ("identities.sql", "rarer.sql")]
    statements = parse(*texts, NOT_RUN_BY_THE_SERVER_TESTS)
    assert {statement.kind for statement in statements} == effects.HANDLERS.keys()
    unread = ("not understood", "could not be read")
    opaque = [e.opaque for e in effects.run(statements) if e.opaque]
    assert [reason for reason in opaque if any(word in reason for word in unread)] == []


def test_every_clause_of_alter_table_is_read_or_never_written() -> None:
    clauses = {member.name for member in enums.AlterTableType}
    assert clauses - alterations.CLAUSES == grammar.NOT_WRITTEN_IN_ALTER_TABLE.keys()
    assert clauses >= alterations.CLAUSES


def test_every_kind_of_object_is_found_or_never_written() -> None:
    kinds = {member.name for member in enums.ObjectType}
    assert {
        k for k in kinds if not targets.is_covered(k)
    } == grammar.NOT_WRITTEN_OBJECT_TYPES.keys()


def test_every_kind_that_the_grammar_defines_by_options_is_read() -> None:
    spelled = (
        *(
            "aggregate x (int) (sfunc = f)",
            "operator + (leftarg = int)",
            "type x",
            "collation x (a = b)",
        ),
        *(f"text search {kind} x (a = b)" for kind in ("parser", "dictionary", "template")),
        "text search configuration x (copy = b)",
    )
    trees: list[Any] = [parse_sql(f"create {text}")[0].stmt for text in spelled]
    assert {tree.kind.name for tree in trees} == definitions.DEFINES.keys()


OBJECTS = {
    "OBJECT_ACCESS_METHOD": ("access method x", "access method x"),
    "OBJECT_AGGREGATE": ("aggregate s.x(int)", "aggregate s.x(integer)"),
    "OBJECT_ATTRIBUTE": ("", ""),
    "OBJECT_CAST": ("cast (int as s.x)", "cast (integer AS s.x)"),
    "OBJECT_COLLATION": ("collation s.x", "collation s.x"),
    "OBJECT_COLUMN": ("column s.t.x", "table column s.t.x"),
    "OBJECT_CONVERSION": ("conversion s.x", "conversion s.x"),
    "OBJECT_DATABASE": ("database x", "database x"),
    "OBJECT_DOMAIN": ("domain s.x", "type s.x"),
    "OBJECT_DOMCONSTRAINT": ("constraint x on domain s.d", "domain constraint x on s.d"),
    "OBJECT_EVENT_TRIGGER": ("event trigger x", "event trigger x"),
    "OBJECT_EXTENSION": ("extension x", "extension x"),
    "OBJECT_FDW": ("foreign data wrapper x", "foreign-data wrapper x"),
    "OBJECT_FOREIGN_SERVER": ("server x", "server x"),
    "OBJECT_FOREIGN_TABLE": ("foreign table s.x", "foreign table s.x"),
    "OBJECT_FUNCTION": ("function s.x(int)", "function s.x(integer)"),
    "OBJECT_INDEX": ("index s.x", "index s.x"),
    "OBJECT_LANGUAGE": ("language x", "language x"),
    "OBJECT_LARGEOBJECT": ("large object 42", "large object 42"),
    "OBJECT_MATVIEW": ("materialized view s.x", "materialized view s.x"),
    "OBJECT_OPCLASS": ("operator class s.x using hash", "operator class s.x USING hash"),
    "OBJECT_OPERATOR": ("operator s.+ (int, int)", "operator s.+(integer,integer)"),
    "OBJECT_OPFAMILY": ("operator family s.x using hash", "operator family s.x USING hash"),
    "OBJECT_PARAMETER_ACL": ("parameter x.y", "parameter ACL x.y"),
    "OBJECT_POLICY": ("policy x on s.t", "policy x on s.t"),
    "OBJECT_PROCEDURE": ("procedure s.x(int)", "procedure s.x(integer)"),
    "OBJECT_PUBLICATION": ("publication x", "publication x"),
    "OBJECT_ROLE": ("role x", "role x"),
    "OBJECT_ROUTINE": ("routine s.x(int)", "function s.x(integer)"),
    "OBJECT_RULE": ("rule x on s.t", "rule x on s.t"),
    "OBJECT_SCHEMA": ("schema x", "schema x"),
    "OBJECT_SEQUENCE": ("sequence s.x", "sequence s.x"),
    "OBJECT_STATISTIC_EXT": ("statistics s.x", "statistics object s.x"),
    "OBJECT_SUBSCRIPTION": ("subscription x", "subscription x"),
    "OBJECT_TABCONSTRAINT": ("constraint x on s.t", "table constraint x on s.t"),
    "OBJECT_TABLE": ("table s.x", "table s.x"),
    "OBJECT_TABLESPACE": ("tablespace x", "tablespace x"),
    "OBJECT_TRANSFORM": ("transform for s.x language l", "transform for s.x language l"),
    "OBJECT_TRIGGER": ("trigger x on s.t", "trigger x on s.t"),
    "OBJECT_TSCONFIGURATION": (
        "text search configuration s.x",
        "text search configuration s.x",
    ),
    "OBJECT_TSDICTIONARY": ("text search dictionary s.x", "text search dictionary s.x"),
    "OBJECT_TSPARSER": ("text search parser s.x", "text search parser s.x"),
    "OBJECT_TSTEMPLATE": ("text search template s.x", "text search template s.x"),
    "OBJECT_TYPE": ("type s.x", "type s.x"),
    "OBJECT_VIEW": ("view s.x", "view s.x"),
}
"""How the grammar names an object of each kind, and how the server does."""

COMMANDS = {
    "comment on {} is 'x'": "comment",
    "security label on {} is 'x'": "security label",
    "alter {} owner to bob": "owner",
    "alter {} set schema z": "schema",
    "alter {} rename to y": "rename",
    "alter {} depends on extension e": "extension",
    "alter extension e add {}": "extension",
    "grant all on {} to bob": "rights",
    "drop {}": "",
}


ONLY_THE_SERVER_KNOWS = {"alter extension x set schema z"}


def _spelled(kind: str, command: str) -> str:
    sql = command.format(OBJECTS[kind][0])
    return sql.replace("on server", "on foreign server") if "grant" in sql else sql


def _accepted() -> Iterator[tuple[str, str, str]]:
    for kind in OBJECTS:
        for command, aspect in COMMANDS.items():
            sql = _spelled(kind, command)
            try:
                parse_sql(sql)
            except ParseError:
                continue
            yield kind, sql, aspect


def test_every_command_finds_every_kind_of_object_that_the_grammar_gives_it(
    parse: Parse,
) -> None:
    accepted = list(_accepted())
    assert len(accepted) > 200
    wrong = []
    for kind, sql, aspect in accepted:
        effect = effects.of(parse(sql)[0])
        opaque = effect.opaque and sql not in ONLY_THE_SERVER_KNOWS
        if not _is_about(effect, OBJECTS[kind][1], aspect) or opaque:
            wrong.append((sql, effect.alters, effect.drops, effect.opaque))
    assert wrong == []
    assert {kind for kind, _, _ in accepted} == _writable() - {"OBJECT_ATTRIBUTE"}


def _writable() -> set[str]:
    kinds = {member.name for member in enums.ObjectType}
    return kinds - grammar.NOT_WRITTEN_OBJECT_TYPES.keys()


def _is_about(effect: Effect, identity: str, aspect: str) -> bool:
    if not aspect:
        return [str(one) for one in effect.drops] == [identity]
    if identity.startswith("parameter ACL"):
        return [str(one) for one in effect.creates] == [identity]
    return (identity, aspect) in [(str(one), what) for one, what in effect.alters]
