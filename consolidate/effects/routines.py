"""Functions, procedures, aggregates and DO blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import lookup, resolve, session, targets
from consolidate.effects.bodies import body_mentions, body_of
from consolidate.effects.effect import Reason
from consolidate.effects.references import references, strings
from consolidate.effects.things import Signature, Thing

if TYPE_CHECKING:
    from consolidate.effects.bodies import Body
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
    _shell_type(draft, node)
    draft.need_type(made, node.returnType, Reason.SIGNATURE)
    _body(draft, made, node)


_OF_MACHINES = frozenset({"c", "internal"})


def _shell_type(draft: Draft, node: Tree) -> None:
    """A function in C makes its result type known, if that is not (`compute_return_type`)."""
    languages = {o.arg.sval.lower() for o in node.options or () if o.defname == "language"}
    if not languages & _OF_MACHINES or node.returnType is None or node.returnType.pct_type:
        return
    name = strings(node.returnType.names)
    if resolve.type_name(draft.world, name, make=False) is None:
        where, last = resolve.place(draft.world, name)
        draft.create("type", last, where, form="shell")


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
            world.scope = session.under_setting(world.scope, option.arg, world.start)
    if node.sql_body:
        # BEGIN ATOMIC is parsed when it is created: PostgreSQL records all it needs.
        draft.refer(references(node.sql_body), made, Reason.BODY)
    elif language == "sql":
        # A body in quotes is checked when it is created, but PostgreSQL records nothing.
        found = body_mentions("sql", text)
        if draft.world.checks_bodies:
            draft.refer(found.certain, made, Reason.BODY, tracked=False)
        _mention(draft, found, made)
    else:
        names = [p.name for p in node.parameters or () if p.name]
        _mention(draft, body_mentions(language, text, names), made)
    world.scope = outer


def _mention(draft: Draft, found: Body, by: Thing | None) -> None:
    draft.mention(found.certain, by)
    draft.mention(found.uncertain, by, uncertain=True)
    draft.unread += found.unread
    if found.flaw is not None and by is not None and not draft.world.checks_bodies:
        draft.flaw = found.flaw._replace(refused=False)
    else:
        draft.flaw = found.flaw


def create_aggregate(draft: Draft, node: Tree) -> None:
    """CREATE [OR REPLACE] AGGREGATE, in the form of before 8.2 too."""
    where, name = resolve.place(draft.world, strings(node.defnames))
    options = lookup.types_in(node.definition)
    if node.oldstyle:
        types = _old_arguments(options.get("basetype"))
        inputs = resolve.inputs(draft.world, types)
        signature = lookup.signature(draft.world, inputs)
    else:
        parameters = (node.args[0] if node.args else None) or ()
        types = tuple(parameter.argType for parameter in parameters)
        signature = _signature(draft, parameters)
    existing = _existing(draft, where, name, signature) if node.replace else None
    made = existing or draft.create("aggregate", name, where, signature=signature)
    if existing:
        draft.replace(made)
    for type_ in types:
        draft.need_type(made, type_, Reason.SIGNATURE)
    for option, value in options.items():
        if option in _SUPPORT:
            for function in draft.routines(strings(value.names)):
                draft.need(made, function, Reason.BODY)
        elif option in _STATES:
            draft.need_type(made, value, Reason.SIGNATURE)


_SUPPORT = frozenset(
    {
        *("sfunc", "finalfunc", "combinefunc", "serialfunc", "deserialfunc"),
        *("msfunc", "minvfunc", "mfinalfunc", "sfunc1"),
    }
)
_STATES = frozenset({"stype", "mstype", "stype1"})


def _old_arguments(basetype: Tree | None) -> tuple[Tree, ...]:
    """`basetype = 'ANY'` is an aggregate over rows, without an argument."""
    names = strings(getattr(basetype, "names", None))
    return () if not names or names[-1].lower() == "any" else (basetype,)


def alter_function(draft: Draft, node: Tree) -> None:
    """ALTER FUNCTION: volatility, SET, cost and so on."""
    kind = targets.ROUTINE_KINDS.get(node.objtype.name, "function")
    made = resolve.routine_or_assumed(draft.world, node.func, kind)
    for action in node.actions:
        draft.alter(made, action.defname)


def run_block(draft: Draft, node: Tree) -> None:
    """DO: what it does depends on the state it meets, so only its names are known."""
    language, body = body_of(node)
    found = body_mentions(language, body)
    _mention(draft, found, None)
    draft.try_out(found.commands)
    draft.opaque = f"DO runs {language} code, whose effects only a server knows"
    if found.sets:
        draft.opaque += "; it changes settings, which may decide what later names mean"


def call(draft: Draft, node: Tree) -> None:
    """CALL: the procedure may do anything."""
    draft.refer(references(node.funccall), None, Reason.QUERY)
    name = ".".join(strings(node.funccall.funcname))
    draft.opaque = f"CALL {name}: what a procedure does only a server knows"


HANDLERS = {
    "CreateFunctionStmt": create_function,
    "AlterFunctionStmt": alter_function,
    "DoStmt": run_block,
    "CallStmt": call,
}
DEFINES = {"OBJECT_AGGREGATE": create_aggregate}
