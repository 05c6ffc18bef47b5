"""Functions, procedures, aggregates and DO blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import resolve, session, targets
from consolidate.effects.bodies import body_mentions, do_block
from consolidate.effects.effect import Reason
from consolidate.effects.references import references, strings
from consolidate.effects.things import Signature, Thing

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Tree

_OUTPUT = frozenset({"FUNC_PARAM_OUT", "FUNC_PARAM_TABLE"})


def create_function(draft: Draft, node: Tree) -> None:
    """CREATE [OR REPLACE] FUNCTION or PROCEDURE."""
    world = draft.world
    where, name = resolve.place(world, strings(node.funcname))
    parameters = node.parameters or ()
    signature = _signature(draft, parameters)
    made = _existing(draft, where, name, signature) if node.replace else None
    if made is not None:
        draft.replace(made)
        made.signature = signature
        made.assumed = False
    else:
        kind = "procedure" if node.is_procedure else "function"
        made = draft.create(kind, name, where, signature=signature)
    for parameter in parameters:
        draft.need_type(made, parameter.argType, Reason.SIGNATURE)
        draft.refer(references(parameter.defexpr), made, Reason.DEFAULT)
    draft.need_type(made, node.returnType, Reason.SIGNATURE)
    _body(draft, made, node)


def _signature(draft: Draft, parameters: tuple[Tree, ...]) -> Signature:
    """Only input parameters belong to the identity (`proargtypes`)."""
    given = [p for p in parameters if p.mode.name not in _OUTPUT]
    return Signature(
        inputs=resolve.inputs(draft.world, [p.argType for p in given]),
        required=sum(1 for p in given if p.defexpr is None and not _is_variadic(p)),
        variadic=any(_is_variadic(p) for p in given),
        major=draft.world.scope.major,
    )


def _is_variadic(parameter: Tree) -> bool:
    return bool(parameter.mode.name == "FUNC_PARAM_VARIADIC")


def _existing(draft: Draft, where: Thing, name: str, signature: Signature) -> Thing | None:
    return next(
        (
            t
            for t in draft.world.all("routine", where, name)
            if t.signature and t.signature.inputs == signature.inputs
        ),
        None,
    )


def _body(draft: Draft, made: Thing, node: Tree) -> None:
    """What the body refers to, under the search_path that the function itself sets."""
    world = draft.world
    language, text = "sql" if node.sql_body else "", ""
    outer = world.scope
    for option in node.options or ():
        if option.defname == "language":
            language = option.arg.sval.lower()
        elif option.defname == "as":
            text = option.arg[0].sval
        elif option.defname == "set":
            world.scope = session.under_setting(world.scope, option.arg)
    if node.sql_body:
        # BEGIN ATOMIC is parsed when it is created: PostgreSQL records all it needs.
        draft.refer(references(node.sql_body), made, Reason.BODY)
    elif language == "sql":
        # A body in quotes is checked when it is created, but PostgreSQL records nothing.
        found = body_mentions("sql", text)
        if draft.world.checks_bodies:
            draft.refer(found, made, Reason.BODY, tracked=False)
        draft.mention(found, made)
    else:
        names = [p.name for p in node.parameters or () if p.name]
        draft.mention(body_mentions(language, text, names), made)
    world.scope = outer


def create_aggregate(draft: Draft, node: Tree) -> None:
    """CREATE AGGREGATE; other objects that DEFINE makes are not understood yet."""
    if node.kind.name != "OBJECT_AGGREGATE":
        kind = node.kind.name.removeprefix("OBJECT_").lower().replace("_", " ")
        draft.opaque = f"CREATE {kind.upper()} is not understood"
        return
    where, name = resolve.place(draft.world, strings(node.defnames))
    parameters = node.args[0] if node.args else ()
    signature = _signature(draft, parameters or ())
    existing = _existing(draft, where, name, signature) if node.replace else None
    made = existing or draft.create("aggregate", name, where, signature=signature)
    if existing:
        draft.replace(made)
    for parameter in parameters or ():
        draft.need_type(made, parameter.argType, Reason.SIGNATURE)
    for option in node.definition:
        if option.defname in {"sfunc", "finalfunc", "combinefunc", "serialfunc", "deserialfunc"}:
            for function in resolve.routines(draft.world, strings(option.arg.names)):
                draft.need(made, function, Reason.BODY)
        elif option.defname == "stype":
            draft.need_type(made, option.arg, Reason.SIGNATURE)


def alter_function(draft: Draft, node: Tree) -> None:
    """ALTER FUNCTION: volatility, SET, cost and so on."""
    kind = targets.ROUTINE_KINDS.get(node.objtype.name, "function")
    made = resolve.routine_or_assumed(draft.world, node.func, kind)
    for action in node.actions:
        draft.alter(made, action.defname)


def run_block(draft: Draft, node: Tree) -> None:
    """DO: what it does depends on the state it meets, so only its names are known."""
    language, body = do_block(node)
    found = body_mentions(language, body)
    draft.mention(found, None)
    draft.opaque = f"DO runs {language} code, whose effects only a server knows"


def call(draft: Draft, node: Tree) -> None:
    """CALL: the procedure may do anything."""
    draft.refer(references(node.funccall), None, Reason.QUERY)
    name = ".".join(strings(node.funccall.funcname))
    draft.opaque = f"CALL {name}: what a procedure does only a server knows"


HANDLERS = {
    "CreateFunctionStmt": create_function,
    "DefineStmt": create_aggregate,
    "AlterFunctionStmt": alter_function,
    "DoStmt": run_block,
    "CallStmt": call,
}
