"""What is found in the effects of statements: what they do to objects and rows, and to others."""

from __future__ import annotations

from consolidate.findings.meaning import Meaning
from consolidate.model import Severity

MEANINGS = (
    Meaning(
        "CON201",
        "A statement whose effects only a server can tell",
        Severity.INFO,
        "SQL that is put together while it runs, and calls of functions that change the schema, can"
        " not be read in the text. What they do is missing from everything that is read there.",
        "Nothing: the server is asked when the history is replayed.",
    ),
    Meaning(
        "CON202",
        "A name or clause that was not read as PostgreSQL would read it",
        Severity.WARNING,
        "The static reading has met something that it does not know.",
        "Nothing for the proof, which does not rest on it; grouping may be worse. Please report"
        " it.",
    ),
    Meaning(
        "CON210",
        "A table is dropped, with the rows that it may hold",
        Severity.WARNING,
        "Rows do not come back: a rollback can make the table again, and no more. So it is with"
        " DROP DATABASE and DROP OWNED. A table that the same file made is not told.",
        "Make sure that nothing reads it any more, and that a backup has its rows.",
    ),
    Meaning(
        "CON211",
        "A column is dropped, with the values that it may hold",
        Severity.WARNING,
        "The values do not come back. A program that is still running and names the column fails"
        " from then on. A column that the same file made is not told.",
        "Stop using it first, drop it a release later.",
    ),
    Meaning(
        "CON212",
        "All rows of a table are removed or overwritten",
        Severity.WARNING,
        "TRUNCATE, and DELETE without WHERE or with one that is always true, take whatever the"
        " table holds by then, not only what the history has put there. An UPDATE like that is a"
        " note, for the columns that an earlier file made.",
        "Make sure that the table is empty or expendable on every database; else name the rows.",
    ),
    Meaning(
        "CON213",
        "A DROP … CASCADE takes other objects along",
        Severity.WARNING,
        "CASCADE drops whatever depends on the object, and says so in a notice only. What is named"
        " here is what the history had made by then; a database may have more.",
        "Drop the dependent objects by name, and leave CASCADE out: what was forgotten then fails.",
    ),
    Meaning(
        "CON214",
        "A table is locked against readers while all of it is read or written",
        Severity.WARNING,
        "Under ACCESS EXCLUSIVE nobody reads the table, and the lock is held until the transaction"
        " ends. Changing a column's type, SET NOT NULL, a key or a CHECK on rows that are there,"
        " SET TABLESPACE, ATTACH PARTITION for its partition and VACUUM FULL take as long as the"
        " table is large, LOCK TABLE as long as the transaction; so does DETACH PARTITION, which is"
        " a note. A table that the same file made is not told.",
        "Do it in steps: add a constraint NOT VALID and validate it later, build an index"
        " CONCURRENTLY and attach it with USING INDEX, fill a new column before the old one goes.",
    ),
    Meaning(
        "CON215",
        "A table is locked against writers while all of it is read",
        Severity.INFO,
        "CREATE INDEX and a foreign key on rows that are there let readers through and keep writers"
        " waiting, for as long as the table is large; LOCK TABLE from SHARE on, as long as the"
        " transaction. A table that the same file made is not told.",
        "CREATE INDEX CONCURRENTLY in a file of its own; a foreign key NOT VALID, and VALIDATE"
        " CONSTRAINT later.",
    ),
    Meaning(
        "CON220",
        "IF NOT EXISTS does nothing: the object is there already",
        Severity.WARNING,
        "PostgreSQL looks at the name alone. Where the definition is another one, it is passed over"
        " in silence, and the file says what is not so.",
        "Compare it with the statement that made the object; take it out, or write the ALTER that"
        " was meant.",
    ),
    Meaning(
        "CON221",
        "An object that the history makes and drops again",
        Severity.INFO,
        "It is nowhere in the end, and yet every new database makes it first. What other statements"
        " say of it is churn. What goes as a part of that, such as an index or the tables of a"
        " schema, is not told besides, nor what one file makes and drops itself.",
        "Nothing: consolidating leaves it out.",
    ),
    Meaning(
        "CON222",
        "Earlier definitions that a later one replaces",
        Severity.INFO,
        "CREATE OR REPLACE, and DROP followed by CREATE, leave the last text in force. Whoever"
        " finds an earlier one with a search reads, and copies, what does not hold.",
        "Nothing: consolidating keeps the last one.",
    ),
    Meaning(
        "CON223",
        "Something that looks like a secret",
        Severity.WARNING,
        "Whoever can read the repository, now or in a copy from years ago, has it. What is shown of"
        " it here is no more than all of its kind share.",
        "Change it where it is in use, and let the deployment supply it. If it is public or made"
        " up, say so in a comment that suppresses this finding.",
    ),
    Meaning(
        "CON224",
        "An object that is used and never created",
        Severity.WARNING,
        "Neither the history nor the platform makes it before it is needed, so that the history"
        " does not apply to an empty database: somebody made it by hand, or a file is missing. So"
        " it is with a column, constraint, trigger or policy of a table that the history does make."
        " Where dynamic SQL may have made it before, that is told with its place, as a note.",
        "Add what made it, or supply it with `--prelude FILE`; if a platform brings it, name that"
        " with `--platform`.",
    ),
    Meaning(
        "CON225",
        "An object that a function or a block names and nothing creates",
        Severity.INFO,
        "PostgreSQL looks names in bodies up only when these run: the history applies, and the call"
        " fails one day. It may also be made at run time.",
        "Look whether the function still works; it is often a leftover of a rename or of a drop.",
    ),
    Meaning(
        "CON226",
        "An object that nothing in the history uses",
        Severity.INFO,
        "Told for what is only there for others: types, domains, sequences and trigger functions."
        " Programs may use it all the same.",
        "Drop it in a new migration, if nobody does.",
    ),
)
