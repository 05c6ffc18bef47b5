"""The stable codes of findings and what each means; nothing here decides when one is raised.

CON1xx: history, CON2xx: effects, CON3xx: plan, CON4xx: wording and rows, CON5xx: proof. What each
means stands in the modules of this package, by its code.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from consolidate.findings import effects, history, output
from consolidate.findings.meaning import Meaning

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME_NOT_READ = "CON101"
FOLDER_NOT_READ = "CON102"
OLD_INIT_NOT_READ = "CON103"
VERSION_TWICE = "CON104"
PLACEHOLDER_UNUSED = "CON105"
NOT_IN_ORDER_FILE = "CON106"
ORDERED_BY_NUMBER = "CON107"
DOWN_NOT_APPLIED = "CON108"
REPLACED_BY_BASELINE = "CON109"
INCLUDED = "CON110"
NOT_UTF8 = "CON111"
LEFT_OPEN = "CON112"
DOWN_NOT_READ = "CON113"
RUNNER_STOPS = "CON114"

SYNTAX_ERROR = "CON120"
NAME_UNCONVENTIONAL = "CON121"
PREFIX_TWICE = "CON122"
NO_WAY_BACK = "CON123"
ROWS_AMONG_DDL = "CON124"
NO_STATEMENT = "CON125"
SUPPRESSES_NOTHING = "CON126"
OUTSIDE_TRANSACTION = "CON127"

OPAQUE_STATEMENT = "CON201"
STATEMENT_NOT_UNDERSTOOD = "CON202"

TABLE_DROPPED = "CON210"
COLUMN_DROPPED = "CON211"
ALL_ROWS_REMOVED = "CON212"
DROPPED_ALONG = "CON213"
READERS_WAIT = "CON214"
WRITERS_WAIT = "CON215"
IDLE_IF_NOT_EXISTS = "CON220"
MADE_AND_DROPPED = "CON221"
SHADOWED = "CON222"
SECRET = "CON223"  # noqa: S105 - the code of a finding
NEVER_CREATED = "CON224"
NAMED_ONLY = "CON225"
NEVER_USED = "CON226"

HOISTED = "CON301"
MOVED = "CON302"
KEY_SPLIT = "CON303"
NOTE = "CON304"
OPENED = "CON305"
PART_STAYS = "CON306"
EMPTY_GROUP = "CON307"
OVERTAKEN = "CON308"
SEED_STAYS = "CON401"
WHOLE_HISTORY = "CON402"
SEED_NOT_REPEATABLE = "CON403"
EXPOSED = "CON404"
SEED_MOVED = "CON405"
MADE_UP = "CON406"

DOWN_LEADS_ELSEWHERE = "CON501"

MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {one.code: one for one in (*history.MEANINGS, *effects.MEANINGS, *output.MEANINGS)}
)
"""What every code means."""

CODES: Mapping[str, str] = MappingProxyType({code: one.title for code, one in MEANINGS.items()})
"""Every code with its title."""


def explained(code: str) -> str:
    """What a code means, why it matters and what to do: a text of some lines.

    Raises:
        KeyError: There is no such code.
    """
    return MEANINGS[code].text


__all__ = ["CODES", "MEANINGS", "Meaning", "explained"]
