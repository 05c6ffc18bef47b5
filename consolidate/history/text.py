"""From a file's bytes to its text."""

from __future__ import annotations

import codecs

from consolidate.errors import InputProblem


def decode(data: bytes, path: str) -> str:
    """The text of UTF-8 bytes, without a byte order mark; line ends stay as they are.

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
            hint="Save it as UTF-8.",
        ) from error
