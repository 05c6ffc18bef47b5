"""Tells the captions that migration tools put over their statements from what authors say."""

from __future__ import annotations

import re

_OF_TOOLS = re.compile(
    r"""--\s*(?:
        [A-Z][a-z]+(?:Table|Tables|ForeignKey|PrimaryKey|Index)         # Prisma: -- AlterTable
        | (?:modify|rename)\s"[^"]+"\stable                             # Atlas: -- modify "t" table
        | >\s*statement-breakpoint                                      # drizzle-kit
    )\s*""",
    re.VERBOSE,
)


def without_captions(remark: str) -> str:
    """A remark's lines less those that only repeat what kind of statement stands below.

    They label a statement that is not there any more once it is merged into another one.
    """
    return "\n".join(line for line in remark.splitlines() if not _OF_TOOLS.fullmatch(line))
