"""From a file's bytes to its text, whatever encoding the file says it is in."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from consolidate import findings
from consolidate.errors import InputProblem
from consolidate.model import Finding, Severity, SourceSpan

_UTF16 = {codecs.BOM_UTF16_LE: "UTF-16LE", codecs.BOM_UTF16_BE: "UTF-16BE"}
_DECLARED = re.compile(
    rb"""^[ \t]* (?: \\encoding[ \t]+ | set[ \t]+client_encoding[ \t]*(?:=|[ \t]to[ \t])[ \t]* )
         (?P<quote>['"]?) (?P<name>[A-Za-z0-9_-]+) (?P=quote)""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_UNICODE = {"utf8", "utf-8", "unicode"}
_CODECS = {
    **{f"latin{n}": f"iso8859-{n}" for n in (1, 2, 3, 4)},
    **{f"latin{n}": f"iso8859-{part}" for n, part in ((5, 9), (6, 10), (7, 13), (8, 14), (9, 15))},
    **{f"iso_8859_{n}": f"iso8859-{n}" for n in (5, 6, 7, 8)},
    **{f"win{n}": f"cp{n}" for n in (866, 874, *range(1250, 1259))},
    "latin10": "iso8859-16",
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
    "euc_jp": "euc-jp",
    "euc_kr": "euc-kr",
    "sjis": "cp932",
    "big5": "big5",
    "gbk": "gbk",
    "gb18030": "gb18030",
    "uhc": "cp949",
}
"""PostgreSQL's names of encodings, less their spelling, and Python's codecs for them."""


class Decoded(NamedTuple):
    """A file's text, and what a reviewer should know of how it was read."""

    text: str
    findings: tuple[Finding, ...] = ()


def decode_migration(data: bytes, path: str) -> Decoded:
    r"""The text of a migration that is UTF-8, marked as UTF-16, or says its encoding itself.

    A file says so by `SET client_encoding` or psql's `\encoding`. Since its text is sent as
    UTF-8, that is what these say in the text that is returned.

    Raises:
        InputProblem: The bytes are in none of these; its one problem names the first wrong byte.
    """
    for mark, name in _UTF16.items():
        if data.startswith(mark):
            return _decoded(data[len(mark) :], path, name, name, "its byte order mark")
    try:
        return Decoded(decode(data, path, hint=_SAY_SO))
    except InputProblem:
        declared = {match["name"].decode().lower() for match in _DECLARED.finditer(data)}
        names = sorted(declared - _UNICODE)
        if len(names) != 1 or len(declared) > 1 or _codec(names[0]) is None:
            raise
        said = _DECLARED.sub(_as_utf8, data)
        return _decoded(said, path, _codec(names[0]) or "", names[0].upper(), "it")


def _codec(name: str) -> str | None:
    return _CODECS.get(name) or _CODECS.get(name.replace("-", "_"))


def _as_utf8(match: re.Match[bytes]) -> bytes:
    start = match.start("name") - match.start()
    return match[0][:start] + b"UTF8" + match[0][start + len(match["name"]) :]


def _decoded(data: bytes, path: str, codec: str, name: str, source: str) -> Decoded:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(codec).count("\n") + 1
        problem = (
            f"{path}:{line}:1: byte {error.start} is not {name}, as {source} says: {error.reason}"
        )
        raise InputProblem(
            f"{path} is not {name}", problems=(problem,), hint="Save it as UTF-8."
        ) from error
    finding = Finding(
        code=findings.NOT_UTF8,
        severity=Severity.WARNING,
        message=f"{path} is read as {name}, as {source} says",
        span=SourceSpan(path, 0, 0, 1, 1),
        help="Save it as UTF-8 if that is not what it is.",
    )
    return Decoded(text, (finding,))


_SAY_SO = "Save it as UTF-8, or say what it is in its first line: SET client_encoding = 'LATIN1';"


def decode(data: bytes, path: str, *, hint: str = "Save it as UTF-8.") -> str:
    """The text of UTF-8 bytes, without a byte order mark; line ends stay as they are.

    Args:
        data: The bytes.
        path: Of what they are, as it is told.
        hint: What to do if they are something else.

    Raises:
        InputProblem: The bytes are not UTF-8; its one problem names the first wrong byte.
    """
    mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    try:
        return data[mark:].decode()
    except UnicodeDecodeError as error:
        at = mark + error.start
        line = data.count(b"\n", 0, at) + 1
        column = len(data[max(mark, data.rfind(b"\n", 0, at) + 1) : at].decode()) + 1
        raise InputProblem(
            f"{path} is not UTF-8",
            problems=(
                (
                    f"{path}:{line}:{column}: byte {at} (0x{data[at]:02x}) is not UTF-8: "
                    f"{error.reason}"
                ),
            ),
            hint=hint,
        ) from error
