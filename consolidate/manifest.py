"""Spells and reads `manifest.json`: what went into an output, and where each part comes from.

It holds neither a time nor a path of this machine, so that the same input gives the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from consolidate import layout
from consolidate.definitions import Became, DefiningStatements
from consolidate.errors import InputProblem
from consolidate.fates import DataStatements, Fate
from consolidate.kept import KeptFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PATH = "manifest.json"
FORMAT = "consolidate/manifest@1"
REPORT = "REPORT.md"
CHECKLIST = "TESTING_CHECKLIST.md"
OUTSIDE = frozenset({PATH, REPORT, CHECKLIST, "report.html"})
"""Files at the top of an output whose hashes the manifest does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One file that was read."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One file that was written."""

    path: str
    sha256: str
    new: bool
    """Whether it was added after the consolidation, and has no legacy behind it."""
    sources: tuple[str, ...]
    """Legacy files, sorted."""
    units: tuple[str, ...] = ()
    """What a migration makes, in apply order; the next consolidation keeps it there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeObject:
    """One object, and where it comes from."""

    object: str
    kind: str
    path: str
    rung: str
    sources: tuple[str, ...]
    """`file:line`, in apply order."""
    reason: str = ""
    """Why it is in the server's words, if it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traceless:
    """A legacy file none of whose statements went into the output, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What `manifest.json` says."""

    platform: str
    """A built-in platform's name, or `sha256:…` of the prelude."""
    server: str
    """Where it was rendered, such as `embedded://18`."""
    major: int
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    objects: tuple[MadeObject, ...]
    data: tuple[DataStatements, ...]
    """What became of each data statement, in legacy order."""
    files_without_trace: tuple[Traceless, ...]
    quarantine: tuple[Traceless, ...]
    """Legacy files that were set aside."""
    definitions: tuple[DefiningStatements, ...] = ()
    """What became of each statement that is not about rows, in legacy order."""
    kept: tuple[KeptFile, ...] = ()
    """The files of the output before it, as far as this one was to keep them."""
    line: str = ""
    """The last legacy migration that is consolidated."""

    @property
    def through(self) -> str:
        """The line, where a tail follows; else empty."""
        has_tail = any(one.path.startswith(layout.TAIL) for one in self.outputs)
        return self.line if has_tail else ""

    def text(self) -> str:
        """The file's text."""
        document = asdict(self)
        document["kept"] = [{"path": k.path, "units": sorted(k.units)} for k in self.kept]
        server, major = document.pop("server"), document.pop("major")
        document |= {"format": FORMAT, "rendered_on": {"server": server, "major": major}}
        return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def digest(text: str) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    return sha256(text.encode(errors="surrogateescape")).hexdigest()


def edited(tree: Mapping[str, str], told: Manifest) -> list[str]:
    """The files of an output that its manifest lists otherwise, or that are gone, sorted."""
    found = {path: digest(text) for path, text in tree.items()}
    return sorted(one.path for one in told.outputs if found.get(one.path) != one.sha256)


def foreign(paths: Iterable[str], told: Manifest) -> list[str]:
    """The files of an output that its manifest does not know, sorted."""
    return sorted({*paths} - OUTSIDE - {one.path for one in told.outputs})


# -- reading ----------------------------------------------------------------------------------


def found_in(tree: Mapping[str, str], folder: str = "The folder") -> str:
    """The text of the manifest of an output.

    Args:
        tree: Some files of a folder, by path.
        folder: Its name, for messages.

    Raises:
        InputProblem: There is none.
    """
    if PATH not in tree:
        raise InputProblem(
            f"{folder} holds no {PATH}: it is no output of this program.",
            hint="Write one with `consolidate run`, or name it with --output.",
        )
    return tree[PATH]


def parse(text: str, path: str = PATH) -> Manifest:
    """What a manifest says.

    Args:
        text: The file's text.
        path: Its name, for messages.

    Raises:
        InputProblem: It is no manifest of this format.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputProblem(
            f"{path} is not JSON",
            problems=(f"{path}:{error.lineno}:{error.colno}: {error.msg}",),
            hint=_HINT,
        ) from error
    found = document.get("format") if isinstance(document, dict) else None
    if found != FORMAT:
        told = f"its format is {found!r}" if found else "it names no format"
        raise InputProblem(f"{path} is not a {FORMAT}: {told}", hint=_HINT)
    try:
        return _manifest(document)
    except (KeyError, TypeError, ValueError) as error:
        raise InputProblem(f"{path} is damaged: {_what(error)}", hint=_HINT) from error


_HINT = (
    "Take it back from version control. Without that, move the folder away, have"
    " `consolidate run` write it anew, and put back the migrations that your team has added."
)


def _what(error: KeyError | TypeError | ValueError) -> str:
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)


def _manifest(document: dict[str, Any]) -> Manifest:
    rendered_on = _record(document["rendered_on"], "rendered_on")
    return Manifest(
        platform=_text(document, "platform"),
        server=_text(rendered_on, "server"),
        major=_number(rendered_on, "major"),
        inputs=tuple(
            Input(path=_text(r, "path"), sha256=_text(r, "sha256"))
            for r in _records(document, "inputs")
        ),
        outputs=tuple(
            Output(
                path=_text(r, "path"),
                sha256=_text(r, "sha256"),
                new=_flag(r, "new"),
                sources=_texts(r, "sources"),
                units=_texts({"units": [], **r}, "units"),  # as it once was
            )
            for r in _records(document, "outputs")
        ),
        objects=tuple(
            MadeObject(
                object=_text(r, "object"),
                kind=_text(r, "kind"),
                path=_text(r, "path"),
                rung=_text(r, "rung"),
                sources=_texts(r, "sources"),
                reason=_text({"reason": "", **r}, "reason"),  # as it once was
            )
            for r in _records(document, "objects")
        ),
        data=tuple(
            DataStatements(
                lines=_text(r, "lines"),
                statements=_number(r, "statements"),
                command=_text(r, "command"),
                tables=_texts(r, "tables"),
                fate=Fate(_text(r, "fate")),
                into=_texts(r, "into"),
                reason=_text(r, "reason"),
                beside=_texts(r, "beside"),
            )
            for r in _records({"data": [], **document}, "data")  # as it once was
        ),
        definitions=tuple(
            DefiningStatements(
                lines=_text(r, "lines"),
                statements=_number(r, "statements"),
                became=Became(_text(r, "became")),
                into=_texts(r, "into"),
                reason=_text(r, "reason"),
            )
            for r in _records({"definitions": [], **document}, "definitions")  # as it once was
        ),
        files_without_trace=tuple(
            Traceless(path=_text(r, "path"), reason=_text(r, "reason"))
            for r in _records(document, "files_without_trace")
        ),
        quarantine=tuple(
            Traceless(path=_text(r, "path"), reason=_text(r, "reason"))
            for r in _records({"quarantine": [], **document}, "quarantine")  # as it once was
        ),
        kept=_kept(
            (_text(r, "path"), _texts(r, "units"))
            for r in _records({"kept": [], **document}, "kept")  # as it once was
        ),
        line=_text({"line": "", **document}, "line"),  # as it once was
    )


def remembered(told: Manifest, inputs: Mapping[str, str], line: str) -> tuple[KeptFile, ...]:
    """The files that the next consolidation keeps, so that it changes only what it must.

    From the same inputs, up to the same line, it is to make the same output once more, and so keeps
    what that one kept.

    Args:
        told: What the output says that is there.
        inputs: The SHA-256 of every file that is read now, the configuration among them.
        line: The last legacy migration that is consolidated now.
    """
    if told.line == line and {one.path: one.sha256 for one in told.inputs} == dict(inputs):
        return told.kept
    return _kept((one.path, one.units) for one in told.outputs)


def _kept(files: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[KeptFile, ...]:
    found = (KeptFile.of(path, frozenset(units)) for path, units in files if units)
    return tuple(one for one in found if one is not None)


def _record(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{where} is no object")
    return value


def _records(record: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return [_record(item, f"an entry of {key}") for item in _list(record, key)]


def _list(record: dict[str, Any], key: str) -> list[Any]:
    value = record[key]
    if not isinstance(value, list):
        raise TypeError(f"{key} is no list")
    return value


def _texts(record: dict[str, Any], key: str) -> tuple[str, ...]:
    return tuple(_text({key: item}, key) for item in _list(record, key))


def _text(record: dict[str, Any], key: str) -> str:
    value = record[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} is no text")
    return value


def _flag(record: dict[str, Any], key: str) -> bool:
    value = record[key]
    if not isinstance(value, bool):
        raise TypeError(f"{key} is neither true nor false")
    return value


def _number(record: dict[str, Any], key: str) -> int:
    value = record[key]
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{key} is no whole number")
    return value
