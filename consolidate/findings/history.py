"""What is found when a history is read: which files there are, and in what shape."""

from __future__ import annotations

from consolidate.findings.meaning import Meaning
from consolidate.model import Severity

MEANINGS = (
    Meaning(
        "CON101",
        "A file that is not read as a migration, by its name or since it is written in code",
        Severity.WARNING,
        "The runner passes over a name that it does not recognise in silence, so the database lacks"
        " what the file makes; what is not applied is no part of the history here either. A"
        " migration in code, such as Go, JavaScript or Python, is applied by its runner, but what"
        " it does can not be read here: it is missing from the history. A name such as"
        " `1_a.mysql.up.sql` says that the file is for another database.",
        "Rename it, or name it in an order file if it was applied all the same. For one in code"
        " that changes the database, write SQL of the same effect into a file of its own, and name"
        " that in its place in an order file.",
    ),
    Meaning(
        "CON102",
        "A folder that the runner does not look into",
        Severity.WARNING,
        "Most runners read one flat folder. The files below are never applied by them, though they"
        " look like migrations.",
        "Move the files, or name them in an order file if they were applied all the same.",
    ),
    Meaning(
        "CON103",
        "An init file from before 2021-12-09, which the Supabase CLI skips",
        Severity.WARNING,
        "The CLI leaves out an old first init file, since every new Supabase database already has"
        " what it makes.",
        "Name it in an order file if your database was made with it.",
    ),
    Meaning(
        "CON104",
        "Two files share one version, so the runner can not record the second",
        Severity.WARNING,
        "A runner records each version once: it refuses both files, fails on the second, or takes"
        " that for applied and passes over it. Which of the two a database has seen depends on when"
        " it was made. Where the runner refuses both it is an error; the files are audited in order"
        " of their paths.",
        "Leave out the one that was never applied, with an order file; one that names both says in"
        " which order they were.",
    ),
    Meaning(
        "CON105",
        "A placeholder that occurs in no file",
        Severity.WARNING,
        "`mappings.yaml` replaces a text that stands nowhere. A slip in its spelling leaves the"
        " real placeholder in the SQL.",
        "Remove it, or correct its spelling.",
    ),
    Meaning(
        "CON106",
        "SQL files that the order file does not name are not read",
        Severity.INFO,
        "An order file is the whole list: what it does not name has no effect.",
        "Nothing, if that is meant.",
    ),
    Meaning(
        "CON107",
        "The files are in order of their numbers, not of their letters",
        Severity.INFO,
        "No runner was recognised, and names such as `9_a.sql` and `10_b.sql` sort differently as"
        " numbers and as letters. The order decides what the history builds.",
        "Nothing, if they were applied so; else give an order file.",
    ),
    Meaning(
        "CON108",
        "A file that by its name takes another one back is not applied",
        Severity.INFO,
        "A name such as `x.down.sql` beside `x.sql` says that the file undoes the other. Applied"
        " after it, it would leave nothing.",
        "Nothing; or name it in an order file if it was applied all the same.",
    ),
    Meaning(
        "CON109",
        "A file that a baseline replaces on an empty database",
        Severity.INFO,
        "Flyway applies the newest baseline and what comes after it; older files are for databases"
        " that are older than the baseline.",
        "Nothing.",
    ),
    Meaning(
        "CON110",
        "Files that another one includes are no migrations of their own",
        Severity.INFO,
        "A file that another one includes by `\\i` or `\\ir` is applied there. Once more as a"
        " migration of its own, it would fail or do everything twice.",
        "Nothing, if that is meant; otherwise give an order file that names all of them.",
    ),
    Meaning(
        "CON111",
        "A file in another encoding than UTF-8",
        Severity.WARNING,
        "It is read as its byte order mark, or the file itself, says. A runner that takes it for"
        " UTF-8 fails, or stores other letters.",
        "Nothing, if its letters come out right; saving it as UTF-8 ends the question.",
    ),
    Meaning(
        "CON112",
        "A transaction that its file never commits has no effect",
        Severity.WARNING,
        "An open transaction is taken back by psql when the file ends, without an error: everything"
        " behind the BEGIN is lost in silence.",
        "Add the COMMIT, if it was committed by hand.",
    ),
    Meaning(
        "CON113",
        "What takes a migration back can not be read, or is no SQL",
        Severity.WARNING,
        "A way back that nobody ever went tends to be broken, and it is needed in a hurry. Its"
        " runner would stop on it.",
        "Nothing for the output, which never applies it. Correct it if you mean to keep it.",
    ),
    Meaning(
        "CON114",
        "Something that the runner stops on before it applies anything",
        Severity.ERROR,
        "A journal names a file that is not there, a plan has a line that is none, a folder lacks"
        " its SQL: the history can not be applied as its runner would, and what is said of it is"
        " said of the files that are there.",
        "Correct it, say who applies it with `--runner`, or name the files in the order in which"
        " they were applied with `--order`.",
    ),
    Meaning(
        "CON120",
        "Something in a file that can not be read",
        Severity.ERROR,
        "It is no SQL to the parser, which is that of PostgreSQL 18; or the file includes one that"
        " is not there, asks something of psql that is not done, such as `\\gexec`, is in no known"
        " encoding, or is not as its runner wants it; or its name is not UTF-8. A file with one"
        " error in it is not applied at all by a runner that sends it as a whole, and half of it by"
        " one that does not. The rest of the file is audited as far as it can be told apart.",
        "Correct it at the place that is named. A placeholder of the project's own tooling gets its"
        " value under `legacy: {placeholders: …}`.",
    ),
    Meaning(
        "CON121",
        "A file name that does not follow the convention",
        Severity.INFO,
        "Files apply in the order of their names; a name of one shape sorts the same in every tool,"
        " and says what the migration does. The convention is that of `audit: {naming: …}`, by"
        " default `YYYYMMDD_HHMMSS_descriptive_name.sql` or what the runner itself would write.",
        "Nothing, where the file was applied: runners know it by this name. The suggested name is"
        " one that keeps the order; consolidating gives all files such names.",
    ),
    Meaning(
        "CON122",
        "Two files begin with the same date or number",
        Severity.WARNING,
        "Which of them applies first is left to the rest of their names, which nobody chose for"
        " that. Two branches that were merged often end so, and each was tested alone.",
        "Give the later one a version of its own, if it is not applied yet.",
    ),
    Meaning(
        "CON123",
        "A migration that nothing takes back",
        Severity.INFO,
        "Without a down script, the way back from a migration that goes wrong is written in a"
        " hurry, or it is a backup. Where most have none that is told once, for the whole history.",
        "Write one; `consolidate run` writes and proves a rollback for each file of its output.",
    ),
    Meaning(
        "CON124",
        "Rows that are listed among changes of the schema",
        Severity.INFO,
        "A file that makes tables and fills them, too, can not be applied without its rows. Whoever"
        " wants the schema alone, such as for tests or for another customer, has to cut it.",
        "Keep rows in files of their own; `seeds:` in `mappings.yaml` puts them into `seed/`.",
    ),
    Meaning(
        "CON125",
        "A file without a statement",
        Severity.INFO,
        "It changes nothing, and yet it is a version that every database records.",
        "Nothing, if it is meant to hold a place.",
    ),
    Meaning(
        "CON126",
        "A comment that suppresses no finding",
        Severity.WARNING,
        "What it was written for is gone, its code is misspelt, or it is not in the form that is"
        " read: small letters, a colon behind `consolidate`, `ignore` or `ignore-file`, codes with"
        " commas between them. Left there, it hides the next finding that comes along, or none.",
        "Remove it, or write it so: `-- consolidate: ignore CON210, CON211 why`.",
    ),
    Meaning(
        "CON127",
        "A statement that PostgreSQL refuses in a transaction",
        Severity.WARNING,
        "CREATE INDEX CONCURRENTLY, VACUUM, CREATE DATABASE and their like run outside of"
        " transactions only. In a file that the runner wraps into one they fail, which is an error;"
        " elsewhere the file can not be taken back as a whole when something in it fails.",
        "Give it a file of its own, and tell the runner not to wrap that.",
    ),
)
