"""The stable codes of findings and what each means; nothing here decides when one is raised.

CON1xx: history, CON2xx: effects, CON3xx: plan, CON4xx: wording and rows, CON5xx: proof.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

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

OPAQUE_STATEMENT = "CON201"
STATEMENT_NOT_UNDERSTOOD = "CON202"

HOISTED = "CON301"
MOVED = "CON302"
KEY_SPLIT = "CON303"
NOTE = "CON304"
SEED_STAYS = "CON401"
WHOLE_HISTORY = "CON402"
SEED_NOT_REPEATABLE = "CON403"
EXPOSED = "CON404"
SEED_MOVED = "CON405"

DOWN_LEADS_ELSEWHERE = "CON501"

CODES: Mapping[str, str] = MappingProxyType(
    {
        NAME_NOT_READ: "A file whose name the runner does not recognise is not applied",
        FOLDER_NOT_READ: "A folder that the runner does not look into",
        OLD_INIT_NOT_READ: "An init file from before 2021-12-09, which the Supabase CLI skips",
        VERSION_TWICE: "Two files share one version, so the runner can not apply the second",
        PLACEHOLDER_UNUSED: "A placeholder that occurs in no file",
        NOT_IN_ORDER_FILE: "SQL files that the order file does not name are not read",
        ORDERED_BY_NUMBER: "The files are in order of their numbers, not of their letters",
        DOWN_NOT_APPLIED: "A file that by its name takes another one back is not applied",
        REPLACED_BY_BASELINE: "A file that a baseline replaces on an empty database",
        INCLUDED: "Files that another one includes are no migrations of their own",
        NOT_UTF8: "A file in another encoding than UTF-8",
        LEFT_OPEN: "A transaction that its file never commits has no effect",
        DOWN_NOT_READ: "What takes a migration back can not be read, or is no SQL",
        OPAQUE_STATEMENT: "A statement whose effects only a server can tell",
        STATEMENT_NOT_UNDERSTOOD: "A name or clause that was not read as PostgreSQL would read it",
        HOISTED: "An object stands in an earlier file than the mapping asks for",
        MOVED: "An object stands in a later file than the mapping asks for",
        KEY_SPLIT: "A foreign key is added by a statement of its own",
        NOTE: "Something about a statement that a reviewer should know",
        SEED_STAYS: "Rows that the mapping wants in seed/ stay in migrations/",
        SEED_NOT_REPEATABLE: "A seed that the mapping wants to be loadable twice is not",
        EXPOSED: "Something that looks like a secret is written again",
        SEED_MOVED: "Rows stand in another seed than the mapping wants",
        WHOLE_HISTORY: "Nothing was consolidated: the whole history stands as it was, in one file",
        DOWN_LEADS_ELSEWHERE: "What takes a migration back fails, or leads to another database",
    }
)
"""Every code with its title."""
