"""Flyway's conventions: `V1_2__name.sql` in any folder below, with `R__`, `U1_2__` and `B1_2__`.

They are those of `ResourceNameParser.java` and `MigrationVersion.java`: versions are compared part
by part as numbers, and zeros at their end do not count. Repeatable files come last, by description.
On an empty database the newest baseline replaces all up to its version. Between files Flyway sets
the role and the search_path back. A file of which every statement refuses a transaction is applied
without one (`ParserSqlScript.java`); one that has others, too, is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from consolidate import findings, lexer
from consolidate.history import in_code, plain
from consolidate.history.convention import Bookkeeping, Convention, Parts
from consolidate.history.numbered import not_read
from consolidate.history.sources import Listing, Source, peek, place, relative, used_twice
from consolidate.model import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_NAME = re.compile(r"(?:([VUB]?)([0-9]+(?:[._][0-9]+)*)|(R))__(.*)\.sql")
_NO_TRANSACTION = re.compile(r"^\s*executeInTransaction\s*=\s*false\b", re.MULTILINE)

_Version = tuple[int, ...]


class _Named(NamedTuple):
    """One file, by its name."""

    kind: str
    version: _Version
    description: str
    file: Path


def recognises(folder: Path) -> str:
    """By a versioned name; without its `V` where the project has set the prefix to nothing."""
    for file in plain.files(folder):
        match = _NAME.fullmatch(file.name)
        if match and match[1] == "V":
            return f"{file.name} is named as Flyway wants it"
    names = [file.name for file in plain.files(folder)]
    if names and all((match := _NAME.fullmatch(name)) and match[1] == "" for name in names):
        return f"{names[0]} and all others are named as Flyway wants it with an empty prefix"
    return ""


def listing(folder: Path) -> Listing:
    """Baseline, versioned files by version, repeatable ones by description."""
    named, passed_over = _read(folder)
    downs = {n.version: n.file for n in named if n.kind == "U"}
    baselines = sorted((n for n in named if n.kind == "B"), key=lambda n: n.version)
    versioned = sorted((n for n in named if n.kind == "V"), key=lambda n: (n.version, n.file))
    repeated = sorted((n for n in named if n.kind == "R"), key=lambda n: n.description)
    first = baselines[-1:]
    since = [n for n in versioned if not first or n.version > first[0].version]
    replaced = [*baselines[:-1], *(n for n in versioned if n not in since)]
    sources = tuple(
        Source(
            relative(folder, n.file),
            n.file,
            ".".join(map(str, n.version)),
            _in_transaction(n.file),
            downs.get(n.version) if n.kind == "V" else None,
        )
        for n in (*first, *since, *repeated)
    )
    twice = used_twice(source for source in sources if source.version)
    return Listing(sources, (*passed_over, *_replaced(folder, replaced, first)), twice)


def _read(folder: Path) -> tuple[list[_Named], list[Finding]]:
    named = []
    passed_over = []
    for file in plain.files(folder):
        path = relative(folder, file)
        if match := _NAME.fullmatch(file.name):
            kind = match[3] or match[1] or "V"
            named.append(_Named(kind, _version(match[2] or ""), match[4], file))
        elif finding := not_read(path, "Flyway reads only names like V1_2__name.sql"):
            passed_over.append(finding)
    code = (f for f in plain.walk(folder) if re.match(r"[VRB].*__", f.name))
    return named, [*passed_over, *in_code.passed_over(folder, code)]


def _version(text: str) -> _Version:
    parts = [int(part) for part in re.split(r"[._]", text) if part]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def _in_transaction(file: Path) -> bool:
    conf = file.with_name(f"{file.name}.conf")
    text = peek(conf) if conf.is_file() else ""
    return not _NO_TRANSACTION.search(text)


_OUTSIDE = re.compile(
    r"(?:create|drop)(?: unique)? index concurrently|(?:create|drop) (?:database|tablespace)"
    r"|(?:create|drop) subscription|alter system|reindex(?: verbose)? (?:schema|database|system)"
    r"|vacuum|discard all"
)
"""As the patterns of `PostgreSQLParser.java` have it."""


def parts(text: str) -> Parts:
    """All of the file; without a transaction where no statement of it could be in one."""
    statements = list(_statements(text))
    alone = bool(statements) and all(_OUTSIDE.match(one) for one in statements)
    return Parts(up=text, transactional=not alone)


def _statements(text: str) -> Iterator[str]:
    """The words with which each statement begins, in lower case."""
    words: list[str] = []
    for token in lexer.tokens(text):
        if token.kind == "semicolon":
            if words:
                yield " ".join(words)
            words = []
        elif token.kind != "comment":
            words.append(text[token.start : token.end].lower())
    if words:
        yield " ".join(words)


def _replaced(
    folder: Path, replaced: Iterable[_Named], baseline: Sequence[_Named]
) -> Iterable[Finding]:
    for known in replaced:
        path = relative(folder, known.file)
        yield Finding(
            code=findings.REPLACED_BY_BASELINE,
            severity=Severity.INFO,
            message=f"{path} is not read: on an empty database {baseline[0].file.name} replaces it",
            span=place(path),
        )


BOOKKEEPING = Bookkeeping(
    "flyway_schema_history",
    """CREATE TABLE flyway_schema_history (
    installed_rank INT NOT NULL,
    version VARCHAR(50),
    description VARCHAR(200) NOT NULL,
    type VARCHAR(20) NOT NULL,
    script VARCHAR(1000) NOT NULL,
    checksum INTEGER,
    installed_by VARCHAR(100) NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT now(),
    execution_time INTEGER NOT NULL,
    success BOOLEAN NOT NULL,
    CONSTRAINT flyway_schema_history_pk PRIMARY KEY (installed_rank)
);
CREATE INDEX flyway_schema_history_s_idx ON flyway_schema_history (success);""",
)
"""As `PostgreSQLDatabase.java` makes it."""

CONVENTION = Convention(
    recognises=recognises,
    listing=listing,
    parts=parts,
    bookkeeping=BOOKKEEPING,
)
