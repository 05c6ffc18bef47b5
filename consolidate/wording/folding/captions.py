"""Tells what tools put over statements, ourselves among them, from what authors say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consolidate.model import Statement

_OF_TOOLS = re.compile(
    r"""--\s*(?:
        [A-Z][a-z]+(?:Table|Tables|ForeignKey|PrimaryKey|Index)         # Prisma: -- AlterTable
        | (?:modify|rename)\s"[^"]+"\stable                             # Atlas: -- modify "t" table
        | >\s*statement-breakpoint                                      # drizzle-kit
    )\s*""",
    re.VERBOSE,
)

_HEADER = re.compile(r"\A(?:--[^\n]*\n){1,2}-- Rollback: rollback/[^\n]*\n(?:--[^\n]*\n)*\n?")
"""What `render` puts at the head of each file."""


def without_header(text: str) -> str:
    """The text of a file's first statement less the header of an output that is consolidated again.

    It tells where the file once came from, and is no author's comment on the statement.
    """
    return _HEADER.sub("", text)


def remark(words: str, statement: Statement) -> str:
    """The comment lines right above a statement, less what a tool put there.

    Args:
        words: The statement with all comments above it, as `verbatim.own_words` gives it.
        statement: The statement.
    """
    lead = words[: -len(statement.sql) - 1]
    block = lead.rstrip("\n").rpartition("\n\n")[2]
    lines = [line.strip() for line in block.splitlines()]
    told = all(line.startswith("--") for line in lines)
    return without_captions("\n".join(lines)) if told else ""


def without_captions(remark: str) -> str:
    """A remark's lines less those that only repeat what kind of statement stands below.

    They label a statement that is not there any more once it is merged into another one.
    """
    return "\n".join(line for line in remark.splitlines() if not _OF_TOOLS.fullmatch(line))
