"""What is found in the output: in its plan, its wording, its rows and its proof."""

from __future__ import annotations

from consolidate.findings.meaning import Meaning
from consolidate.model import Severity

MEANINGS = (
    Meaning(
        "CON301",
        "An object stands in an earlier file than the mapping asks for",
        Severity.INFO,
        "Something in the earlier file needs it, and files apply from the first to the last.",
        "Read the reason; change the mapping if another split is better.",
    ),
    Meaning(
        "CON302",
        "An object stands in a later file than the mapping asks for",
        Severity.INFO,
        "It needs something in the later file, which can not come earlier.",
        "Read the reason; change the mapping if another split is better.",
    ),
    Meaning(
        "CON303",
        "A part of a table is added by a statement of its own",
        Severity.INFO,
        "A foreign key, a default, a constraint or a sequence's owner stands apart from its table,"
        " as an ALTER: what it needs is made later, or needs the table in turn.",
        "Usually nothing. Otherwise order the groups differently.",
    ),
    Meaning(
        "CON304",
        "Something about a statement that a reviewer should know",
        Severity.INFO,
        "It is written otherwise than its author had it, such as without a CONCURRENTLY, and builds"
        " the same.",
        "Read it.",
    ),
    Meaning(
        "CON305",
        "Objects that need each other are made in another way",
        Severity.INFO,
        "No order fits a circle. A view gets its query when it is there, a body is not checked,"
        " or all of the circle stands as the history made it.",
        "Usually nothing: the database is the same.",
    ),
    Meaning(
        "CON306",
        "A part of an object stands with it, though the mapping asks for it elsewhere",
        Severity.INFO,
        "PostgreSQL makes the part with the object, or one of the two needs the other first: a"
        " column and its table, a sequence and the identity that it is for.",
        "Take the line out of the mapping, or ask for the whole object there.",
    ),
    Meaning(
        "CON307",
        "A group has no file, since nothing that it asks for stands there",
        Severity.INFO,
        "All that it claims had to go elsewhere; what was moved and why is told beside this.",
        "Take the group out of the mapping, or order the groups so that its file can hold them.",
    ),
    Meaning(
        "CON308",
        "A migration of the tail has a version at or below the baseline's last",
        Severity.WARNING,
        "The tail is applied after the baseline. A runner that goes by the versions in the names"
        " would apply this migration earlier, or never where the baseline is there already.",
        "Give the groups of the mapping earlier versions, or none. Where the output before this one"
        " gave them, give the migration a later version while no database has applied it;"
        " `--regroup` gives the baseline new ones, which databases that have it take for others.",
    ),
    Meaning(
        "CON401",
        "Rows that the mapping wants in seed/ stay in migrations/",
        Severity.INFO,
        "Seeds are loaded after all migrations, those behind the line included. Loaded then, these"
        " rows would not be the same, or something would be missing before.",
        "Read the reason; the database would differ otherwise.",
    ),
    Meaning(
        "CON402",
        "Nothing was consolidated: the whole history stands as it was, in one file",
        Severity.WARNING,
        "No shorter wording gave the same database. As it was can not be wrong, only long.",
        "Read which objects did not come out the same. Setting aside what made them, or a newer"
        " version of this program, may help. Please report it.",
    ),
    Meaning(
        "CON403",
        "A seed that the mapping wants to be loadable twice is not",
        Severity.WARNING,
        "`on_conflict: nothing` passes over rows by a key. The statement that is named has none to"
        " go by.",
        "Give the table a key, or the rows keys of their own; or load the file once.",
    ),
    Meaning(
        "CON404",
        "Something that looks like a secret is written again",
        Severity.WARNING,
        "It stands in the rows, or in a role's statement, and the output builds the same database."
        " The value is masked where it is told.",
        "Change it where it is in use, and take it out of the history; if it is public, nothing.",
    ),
    Meaning(
        "CON405",
        "Rows stand in another seed than the mapping wants",
        Severity.WARNING,
        "They need rows of that one, which is loaded later, or one statement writes the rows of"
        " both. Whoever loads seeds by their tags gets rows that belong to another tag.",
        "Rename the files so that what others need comes first; or let one file hold these tables.",
    ),
    Meaning(
        "CON406",
        "A value that every replay draws anew is drawn otherwise than its author did",
        Severity.WARNING,
        "The rows stand as values, and of this column only what the replays held is known: such as"
        " a text that a random key is a part of, or a time some days after `now()`. The output"
        " writes a new key, or the time, in its place, and the proof compares such cells by type"
        " alone.",
        "Look at the column in the output, and give it what it needs by a migration of your own; or"
        " let the history write these rows by INSERT and UPDATE, whose words are kept.",
    ),
    Meaning(
        "CON501",
        "What takes a migration back fails, or leads to another database",
        Severity.WARNING,
        "What the authors wrote to go back was tried on a server: it fails there, or the database"
        " is not the one from before the migration.",
        "Nothing for the output, whose rollbacks do not rest on it. Do not rely on it where the"
        " legacy files are still in use.",
    ),
)
