"""What `pg_dump` says about a database: a witness that we did not write, and its entries.

Nothing is judged here by parsing SQL; the text is only freed from what may differ between two
dumps of equal databases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING, Final

from psycopg.conninfo import make_conninfo

from consolidate.catalog.bookkeeping import cleared
from consolidate.catalog.dump_lists import with_sorted_lists
from consolidate.catalog.dump_text import Header, Section, Token, sections, spelled
from consolidate.catalog.row_labels import excerpts, shortened
from consolidate.model import Difference, DifferenceKind, ObjectId
from consolidate.waivers import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from consolidate.servers.interface import Cluster
    from consolidate.waivers import Waived

_RESTRICT_KEY: Final = "--restrict-key=consolidate"

_DATABASE: Final = "the_database"
"""Stands for the dumped database's name in normalised text."""

# The order of their statements follows the history, not the state: ACL items, settings of roles
# and databases, memberships.
_UNORDERED: Final = frozenset(
    {"ACL", "DATABASE PROPERTIES", "DEFAULT ACL", "PARAMETER", "ROLE", "ROLE MEMBERSHIP"}
)

_SESSION: Final = re.compile(r"SET (?!SESSION AUTHORIZATION)|SELECT pg_catalog\.set_config\(")
_ACCESS_METHOD: Final = re.compile(r"SET default_table_access_method = (.*);")
_NAME: Final = r'("(?:[^"]|"")*"|[^\s;]+)'
_GLOBALS: Final = (
    ("ROLE", re.compile(rf"(?:CREATE|ALTER|COMMENT ON|SECURITY LABEL ON) ROLE {_NAME}")),
    ("TABLESPACE", re.compile(rf"(?:CREATE|ALTER|COMMENT ON) TABLESPACE {_NAME}")),
    ("TABLESPACE", re.compile(rf"(?:GRANT|REVOKE) .* ON TABLESPACE {_NAME}")),
    ("PARAMETER", re.compile(rf"(?:GRANT|REVOKE) .* ON PARAMETER {_NAME}")),
    ("ROLE MEMBERSHIP", re.compile(rf"GRANT {_NAME} TO ")),
)
_SECRETIVE: Final = ("ROLE ", "SERVER ", "SUBSCRIPTION ", "USER MAPPING ")
_PASSWORD: Final = re.compile(
    r"(\bpassword(?:\s+(?=')|\s*=\s*))(?:'(?:[^']|'')*'|[^\s',]+)", re.IGNORECASE
)

_LINES: Final = 6
_LINE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of an archive's table of contents."""

    dump_id: int
    classid: int
    """The catalog's OID, 0 where the entry is no catalog row of its own (ACL, COMMENT …)."""
    oid: int
    """The row's OID, 0 if `classid` is. `ROW SECURITY` carries its table's."""
    dependencies: tuple[int, ...]
    """Dump ids, as `pg_restore` lists them; an id may stand there twice or name no entry."""
    name: str
    """The tag, such as `rooms rooms_pkey`; line ends in names are blanks here."""
    type: str
    """Such as `TABLE`, `FK CONSTRAINT`, `SEQUENCE OWNED BY`, `ACL`."""
    schema: str | None
    owner: str | None
    text: str
    """The statements without the session settings that stand between entries."""
    tablespace: str | None = None
    access_method: str | None = None
    """Of tables and materialized views whose access method is not `heap`."""


def archive(cluster: Cluster, database: str) -> bytes:
    """The schema of a database as `pg_dump -Fc` writes it, of which all else is printed.

    Raises:
        EnvironmentProblem: The tool failed.
    """
    return cluster.tool("pg_dump", "-s", "-Fc", *_of(database))


def schema_dump(cluster: Cluster, database: str, archived: bytes | None = None) -> str:
    """The normalised `pg_dump -s -C` of a database, after its cluster's `pg_dumpall -g`.

    An archive is printed by the code that prints a dump as text, so both are the same text.
    Passwords are in it, as stored; `compare` never shows them.

    Args:
        cluster: Where the database is.
        database: Its name.
        archived: Its archive, if it was made for another purpose already.

    Raises:
        EnvironmentProblem: A tool failed.
    """
    cluster_wide = cluster.tool("pg_dumpall", "-g", _RESTRICT_KEY)
    archived = archived or archive(cluster, database)
    schema = cluster.tool("pg_restore", "-C", "-f", "-", stdin=archived)
    return normalise(f"{cluster_wide.decode()}\n{schema.decode()}")


def entries(cluster: Cluster, database: str, archived: bytes | None = None) -> tuple[Entry, ...]:
    """The entries of `pg_dump -s`, in its order, with what only `pg_restore -v` prints.

    Headers are told from look-alikes in bodies and strings by lexing, not by their shape. What
    `pg_dump` prints as bare code has no comments, so nothing else can look like a header. The
    arguments are those of `schema_dump`.

    Raises:
        EnvironmentProblem: A tool failed.
    """
    archived = archived or archive(cluster, database)
    text = cluster.tool("pg_restore", "-v", "-f", "-", stdin=archived).decode()
    return tuple(
        Entry(
            dump_id=header.dump_id,
            classid=header.classid,
            oid=header.oid,
            dependencies=header.dependencies,
            name=header.name,
            type=header.type,
            schema=header.schema,
            owner=header.owner,
            text="\n".join(map(spelled, section.statements)),
            tablespace=header.tablespace,
            access_method=header.access_method,
        )
        for section in _without_session(sections(text))
        if (header := section.header) and header.dump_id is not None
    )


def normalise(text: str) -> str:
    """Takes from a dump what may differ between equal databases.

    Comments, blank lines, psql lines and session settings go, but never inside a string or a
    body; one header line per entry stays (`-- Name: keys; Type: TABLE; Schema: public`), and the
    statements of `pg_dumpall` get one. The database's name becomes a fixed word. Rights of one
    object, settings of a role or the database, and lists that mean the same in every order (see
    `dump_lists`) are sorted. A table's access method, a session setting in the dump, moves into
    its header. Columns are not sorted and no name is changed.

    Normalising twice changes nothing more.
    """
    blocks: list[str] = []
    for section in _without_session(sections(text)):
        for header, statements in _titled(section):
            header_, statements_ = _without_database(header, statements)
            units = list(_units(header_.type, statements_))
            if header.type in _UNORDERED:
                units.sort()
            blocks.append("\n".join((_title(header_), *units)))
    return "".join(f"{block}\n" for block in blocks)


def compare(left: str, right: str, waived: Waived = NOTHING) -> tuple[Difference, ...]:
    """How two normalised dumps differ, entry by entry; the order of entries does not count.

    An entry is named as `pg_restore -l` would list it, such as `TABLE public.keys`; where it
    stands on both sides, the lines that differ are shown.
    """
    if left == right:
        return ()
    ours, theirs = (_by_identity(text, waived) for text in (left, right))
    differences: list[Difference] = []
    for identity in sorted(ours.keys() | theirs.keys()):
        one, two = ours.get(identity), theirs.get(identity)
        if one == two:
            continue
        kind = DifferenceKind.CHANGED
        if one is None or two is None:
            kind = DifferenceKind.EXTRA if one is None else DifferenceKind.MISSING
        left_text, right_text = _shown(identity, one, two)
        differences.append(
            Difference(
                kind=kind,
                object=ObjectId("dump", identity),
                attribute="" if one is None or two is None else "text",
                left=left_text,
                right=right_text,
            )
        )
    return tuple(differences)


def _of(database: str) -> tuple[str, str]:
    # A bare name that holds `=` would be read as a connection string.
    return "-d", make_conninfo(dbname=database)


def _without_session(found: Iterable[Section]) -> Iterator[Section]:
    """The sections without session settings, non-default access methods in the headers."""
    access_method: str | None = None
    for section in found:
        kept = tuple(
            told
            for statement in section.statements
            if not _SESSION.match(spelled(statement)) and (told := cleared(statement))
        )
        header = section.header
        if header and access_method and _has_access_method(header, kept):
            header = replace(header, access_method=access_method)
        for statement in section.statements:
            if setting := _ACCESS_METHOD.fullmatch(spelled(statement)):
                access_method = None if setting[1] == "heap" else setting[1]
        yield Section(header, kept)


def _has_access_method(header: Header, statements: Sequence[Sequence[Token]]) -> bool:
    """Whether an entry takes the session's access method: one with storage, made by CREATE."""
    if header.type not in {"TABLE", "MATERIALIZED VIEW"} or not statements:
        return False
    return ("word", "PARTITION") not in statements[0]


def _titled(section: Section) -> Iterator[tuple[Header, tuple[tuple[Token, ...], ...]]]:
    """The section; the statements of one without a header, by what they are about."""
    if section.header:
        yield section.header, section.statements
        return
    about = sorted(((_global(s), s) for s in section.statements), key=lambda pair: pair[0])
    for (type_, name), pairs in groupby(about, key=lambda pair: pair[0]):
        header = Header(
            name=name, type=type_, schema=None, owner=None, tablespace=None, access_method=None
        )
        yield header, tuple(statement for _, statement in pairs)


def _global(statement: Iterable[Token]) -> tuple[str, str]:
    text = spelled(statement)
    for type_, pattern in _GLOBALS:
        if found := pattern.match(text):
            # A header is one line, also for a role whose name is not.
            return type_, found[1].replace("\n", " ")
    return "GLOBAL", "-"


def _title(header: Header) -> str:
    title = f"-- Name: {header.name}; Type: {header.type}; Schema: {header.schema or '-'}"
    if header.type == "DEFAULT ACL":  # several owners' entries have one name
        title += f"; Owner: {header.owner}"
    if header.tablespace:
        title += f"; Tablespace: {header.tablespace}"
    if header.access_method:
        title += f"; Access method: {header.access_method}"
    return title


def _without_database(
    header: Header, statements: tuple[tuple[Token, ...], ...]
) -> tuple[Header, tuple[tuple[Token, ...], ...]]:
    """Puts the fixed word for the database's name, in the entries about the database."""
    if header.type in {"DATABASE", "DATABASE PROPERTIES"}:
        name = _DATABASE
    elif header.name.startswith("DATABASE ") and not header.schema:
        name = f"DATABASE {_DATABASE}"
    else:
        return header, statements
    return replace(header, name=name), tuple(tuple(_renamed(s)) for s in statements)


def _renamed(statement: Iterable[Token]) -> Iterator[Token]:
    expected = False
    for kind, piece in statement:
        if expected and kind in {"word", "quoted"}:
            yield "word", _DATABASE
            expected = False
        else:
            yield kind, piece
            expected = piece == "DATABASE" or (expected and kind == "space")


def _units(type_: str, statements: Iterable[tuple[Token, ...]]) -> Iterator[str]:
    """The statements as text; one with what changes the grantor around it is one unit."""
    unit: list[str] = []
    for statement in statements:
        text = spelled(with_sorted_lists(type_, statement))
        unit.append(text)
        if text.startswith("RESET SESSION AUTHORIZATION"):
            yield "\n".join(unit)
            unit = []
        elif not unit[0].startswith("SET SESSION AUTHORIZATION"):
            yield text
            unit = []
    if unit:
        yield "\n".join(unit)


def _by_identity(text: str, waived: Waived) -> dict[str, str]:
    found: dict[str, str] = {}
    for section in sections(text):
        statements = [waived.statement(spelled(statement)) for statement in section.statements]
        kept = [statement for statement in statements if statement]
        if section.header and (kept or not statements):
            identity = _identity(section.header)
            block = "\n".join((_title(section.header), *kept))
            found[identity] = f"{found[identity]}\n{block}" if identity in found else block
    return found


def _identity(header: Header) -> str:
    name = f"{header.schema}.{header.name}" if header.schema else header.name
    owner = f" of {header.owner}" if header.type == "DEFAULT ACL" else ""
    return f"{header.type} {name}{owner}"


def _shown(identity: str, left: str | None, right: str | None) -> tuple[str | None, str | None]:
    """The lines that differ, or the first lines of an entry that stands on one side only."""
    secretive = identity.startswith(_SECRETIVE)
    ours, theirs = _lines_that_differ(left or "", right or "")
    if secretive:
        hidden = [_hidden(line) for line in ours], [_hidden(line) for line in theirs]
        if hidden[0] == hidden[1] and ours:
            return _joined(hidden[0]), f"{_joined(hidden[1])} (another password)"
        ours, theirs = hidden
    if left is None or right is None:
        return (None, _joined(theirs[1:])) if left is None else (_joined(ours[1:]), None)
    if len(ours) == len(theirs) == 1:
        return excerpts(ours[0], theirs[0], _LINE)
    return _joined(ours), _joined(theirs)


def _lines_that_differ(left: str, right: str) -> tuple[list[str], list[str]]:
    one, two = left.splitlines(), right.splitlines()
    ours: list[str] = []
    theirs: list[str] = []
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag != "equal":
            ours += map(str.strip, one[start:end])
            theirs += map(str.strip, two[other_start:other_end])
    return ours, theirs


def _joined(lines: Sequence[str]) -> str:
    if not lines:
        return "(no such line)"
    shown = [shortened(line, _LINE) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        shown.append(f"… and {len(lines) - _LINES} more lines")
    return " ⏎ ".join(shown)


def _hidden(text: str) -> str:
    return _PASSWORD.sub(r"\1'…'", text)
