"""`consolidate config`: what is in force, and what may stand in a `mappings.yaml`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

from consolidate.cli.declaring import PROJECT, Group, command
from consolidate.cli.options import Answer, History, Project, Servers, Target, Waivers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from consolidate.settings import Setting

_OPTIONS = {
    "folder": "legacy.path",
    "order": "legacy.order",
    "runner": "legacy.runner",
    "output": "output",
    "platform": "platform",
    "server": "servers",
    "quarantine": "quarantine",
    "waive": "waive",
}
"""The options and arguments that come before a key."""


@command(
    panel="Commands",
    examples=[
        "consolidate config show",
        "consolidate config show --server embedded://16 --format json",
    ],
)
def show(  # noqa: PLR0913 - a group of options each
    *,
    context: typer.Context,
    history: History,
    servers: Servers,
    project: Project,
    target: Target,
    waivers: Waivers,
    answer: Answer,
) -> None:
    """Show what is in force for every key, and where that comes from.

    The command line comes before the environment, that before mappings.yaml, and that before the
    defaults. Exit code 3, with all places, when mappings.yaml can not be used.
    """
    from consolidate import discovery
    from consolidate.cli import usage
    from consolidate.phrases import one_line_each
    from consolidate.report import console, machine
    from consolidate.settings import over, settings

    del servers, target, waivers  # what is said of them stands in the context
    usage.require_one_configuration(no_config=project.no_config)
    path = None if project.no_config else discovery.find(project.config, folder=history.folder)
    said = {one.key: one for one in _said(context)}
    found = settings(path)
    for key in said.keys() & {"quarantine", "waive"}:  # options that add to their keys
        (there,) = (one for one in found if one.key == key)
        said[key] = _both(there, said[key])
    shown = [*over(found, said), *_without_a_key(context)]
    if answer.as_json:
        console.write(machine.document("consolidate/config@1", _fields(path, shown)))
        return
    table = "".join(_table([(one.key, _text(one), one.origin) for one in shown]))
    told = f"configuration: {path.as_posix() if path else 'none'}\n\n{table}"
    console.write(one_line_each(told))


@command(panel="Commands", examples=["consolidate config schema > mappings.schema.json"])
def schema() -> None:
    """Print the JSON Schema of mappings.yaml, for editors."""
    from consolidate import config as configuration
    from consolidate.report import console

    console.write(configuration.schema())


config = Group(
    name="config",
    help="Show the configuration that is in force, or its schema.",
    panel=PROJECT,
    examples=("consolidate config show", "consolidate config schema"),
    commands=(show, schema),
)


def _said(context: typer.Context) -> Iterator[Setting]:
    """What the command line and the environment say of keys."""
    from consolidate.cli import usage
    from consolidate.settings import Setting

    for parameter in context.command.params:
        origin = usage.origin(context, parameter)
        if origin and parameter.name in _OPTIONS:
            value = _shown(context.params[parameter.name])
            yield Setting(key=_OPTIONS[parameter.name], value=value, origin=origin)


def _without_a_key(context: typer.Context) -> Iterator[Setting]:
    """The prelude, which only an option or the environment names."""
    from consolidate.cli import usage
    from consolidate.settings import DEFAULT, Setting

    (parameter,) = (one for one in context.command.params if one.name == "prelude")
    yield Setting(
        key="--prelude",
        value=_shown(context.params["prelude"]),
        origin=usage.origin(context, parameter) or DEFAULT,
    )


def _both(there: Setting, said: Setting) -> Setting:
    from consolidate.settings import DEFAULT, Setting

    origin = said.origin if there.origin == DEFAULT else f"{there.origin}; {said.origin}"
    return Setting(key=said.key, value=[*there.value, *said.value], origin=origin)


def _shown(value: Any) -> Any:  # noqa: ANN401 - whatever an option holds
    """As JSON has it."""
    if isinstance(value, list | tuple):
        return [_shown(one) for one in value]
    return None if value is None else str(value)


def _fields(path: Path | None, shown: list[Setting]) -> dict[str, Any]:
    return {
        "configuration": path.as_posix() if path else None,
        "settings": [
            {"key": one.key, "value": _masked(one.value), "origin": one.origin} for one in shown
        ],
    }


def _masked(value: Any) -> Any:  # noqa: ANN401 - whatever JSON has
    from consolidate.masking import masked_text

    if isinstance(value, list):
        return [_masked(one) for one in value]
    return masked_text(value) if isinstance(value, str) else value


def _text(one: Setting) -> str:
    """The value in a line: of groups and seeds, their names."""
    value = _masked(one.value)
    if isinstance(value, list):
        named = [v if isinstance(v, str) else v.get("name", v.get("file")) for v in value]
        return ", ".join(named) or "none"
    if value is None or value == {}:
        return "none"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _table(rows: list[tuple[str, str, str]]) -> Iterator[str]:
    """Columns as wide as what is in them; the value stands last, since it may be long."""
    keys = max(len(key) for key, _, _ in rows)
    origins = max(len(origin) for _, _, origin in rows)
    for key, value, origin in rows:
        yield f"{key:<{keys}}  {origin:<{origins}}  {value}\n"
