"""One pass over a script as psql makes it: statements, variables, commands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from consolidate import lexer
from consolidate.model import PsqlArgument
from consolidate.places import Places
from consolidate.psql import arguments, commands, copying
from consolidate.psql.branches import WORDS, Branches
from consolidate.psql.refusal import Refusal
from consolidate.psql.variables import Variables, literal

if TYPE_CHECKING:
    from consolidate.lexer import Token
    from consolidate.places import Composer, SourceText
    from consolidate.psql.files import Files

_FIRST_WORD = re.compile(r"\s*([A-Za-z0-9_]+)")
_COMMAND = re.compile(r"\\([;:]|[^\s\\]*)")
_SETENV = re.compile(r"\s*(\w+)\s+['\"]?([^:'\"\s][^'\"\n]*?)['\"]?\s*")
"""A variable of the environment and its value, if that is no variable of psql."""
_HAVE_A_MEANING = frozenset({"set", "unset", "encoding", "g", "gx"})
_OF_A_COPY = re.compile(r"\b(?:copy|stdin)\b", re.IGNORECASE)


@dataclass(slots=True)
class Session:
    """What one psql knows while it works through a file and those that it includes."""

    files: Files
    composer: Composer
    variables: Variables = field(default_factory=Variables)
    escapes: bool = False
    """Whether backslashes in plain strings are escapes."""
    included: set[str] = field(default_factory=set)
    arguments: list[PsqlArgument] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Script:
    """One file on its way through psql."""

    def __init__(self, session: Session, source: SourceText, within: tuple[str, ...]) -> None:
        self._session = session
        self._source = source
        self._text = source.text
        self._places = Places(source)
        self._within = within
        """The files that are being read, this one last."""
        self._branches = Branches()
        self._passed = 0
        """Up to where the text was copied or left out."""
        self._statement: list[Token] = []
        """The tokens of the current statement, without comments."""
        self._rows_are_open = False
        r"""Whether the last COPY's rows end with the file instead of a `\.`."""

    def run(self) -> None:
        """Appends what the script sends to the session's text."""
        at: int | None = 0
        while at is not None:
            try:
                at = self._until_a_jump(at)
            except _Stopped:
                return
        self._pass(len(self._text), len(self._text))
        if self._branches.opened_at is not None:
            self._problem(self._branches.opened_at, r"\if has no \endif; add it")
        if len(self._within) > 1:
            self._end_as_psql_does()

    def _end_as_psql_does(self) -> None:
        """Ends what an included file leaves open, since its end does so, too."""
        open_end = "" if self._text.endswith("\n") else "\n"
        if self._rows_are_open:
            self._put(open_end + "\\.", len(self._text))
        elif self._statement:
            self._put(open_end + ";", len(self._text))

    def _until_a_jump(self, start: int) -> int | None:
        """Reads tokens up to one that changes where to go on; that place, or None at the end."""
        for token in lexer.tokens(self._text, start):
            if token.kind == "backslash":
                return self._do(token)
            if self._branches.active and token.kind != "comment":
                at = self._send(token)
                if at is not None:
                    return at
        return None

    def _send(self, token: Token) -> int | None:
        """Takes notice of what the server gets; where to go on, if not behind it."""
        if token.kind == "semicolon":
            statement, self._statement = self._statement, []
            is_copy = lexer.copies_from_stdin(self._text, statement, token.start)
            return self._skip_rows(token.start) if is_copy else None
        self._statement.append(token)
        if token.kind == "variable":
            self._replace(token)
        elif token.kind == "word":
            turned = lexer.turns_escapes_on(self._text, token)
            self._session.escapes = self._session.escapes if turned is None else turned
        elif token.kind == "string" and self._session.escapes:
            return self._escape(token.start)
        return None

    def _escape(self, start: int) -> int:
        """Spells out what the parser, which reads strings as standard SQL, would not see."""
        end = lexer.escaped_string_end(self._text, start)
        if "\\" in self._text[start:end]:
            self._pass(start, start)
            self._put(" E" if self._text[max(start - 1, 0)].isalnum() else "E", start)
        return end

    def _skip_rows(self, semicolon: int) -> int:
        block = lexer.rows_behind(self._text, semicolon)
        if block is None:
            self._problem(semicolon + 1, lexer.BEHIND_COPY)
            raise _Stopped
        self._rows_are_open = block.end == block.close
        return block.close

    def _replace(self, token: Token) -> None:
        reference = self._slice(token)
        try:
            text = self._session.variables.expand(reference)
        except Refusal as refusal:
            self._problem(token.start, f"{reference} is {refusal}")
            return
        if text is None:
            return
        if reference[1].isalnum() and _OF_A_COPY.search(text):
            what = f"{reference} is a variable that holds a part of a COPY; write it out"
            self._problem(token.start, what)
        self._pass(token.start, token.end)
        self._put(text, token.start)

    def _do(self, token: Token) -> int:
        """Carries a command out; where to go on behind it."""
        match = _COMMAND.match(self._text, token.start)
        name = match[1] if match else ""
        start = token.start + 1 + len(name)
        if not self._branches.active and name not in WORDS:
            return arguments.skip(self._text, start)
        try:
            return self._obey(name, token.start, start)
        except Refusal as refusal:
            self._problem(token.start, str(refusal))
            end = arguments.rest_of_line(self._text, start)
            self._pass(token.start, end)
            rest = self._text[start:end]
            self._left_out("", rest, token.start)
            self._read_on(name, token.start, rest)
            return end

    def _read_on(self, name: str, at: int, rest: str) -> None:
        """Does what lets the rest of a file be told apart behind a command that is not done."""
        if name in commands.SENDS and self._statement:
            self._put(";", at)
            self._statement = []
        elif name == "set" and (variable := _FIRST_WORD.match(rest)):
            self._session.variables.assume(variable[1])

    def _obey(self, name: str, at: int, start: int) -> int:
        if name in WORDS:
            return self._branch(name, at, start)
        if name == ":":  # how psql spells a colon that begins no variable
            self._pass(at, at + 1)
            return start
        if name == "copy":
            return self._copy(at, start)
        if name in {"i", "include", "ir", "include_relative"}:
            return self._include(name, at, start)
        if commands.prints_only(name):
            end = arguments.skip(self._text, start)
            self._pass(at, end)
            self._left_out(*_told(name, self._text[start:end]), at)
            return end
        if name in _HAVE_A_MEANING:
            read = arguments.read(self._text, start, self._session.variables.argument)
            sql = self._meaning(name, read.words)
            self._pass(at, read.end)
            if name == "set" and read.words:
                variable = read.words[0]
                value = self._session.variables.argument(f":{variable}") or ""
                self._left_out(variable, value, at)
            self._put(sql, at)
            return read.end
        advice = commands.REFUSED.get(name, commands.UNKNOWN)
        raise Refusal(rf"\{name} is a command of psql, which is not SQL; {advice}")

    def _branch(self, name: str, at: int, start: int) -> int:
        end = arguments.skip(self._text, start)

        def condition() -> str:
            read = arguments.read(self._text, start, self._session.variables.argument)
            return " ".join(read.words)

        # What a branch in force holds is copied before it ends, what another holds is left out.
        self._pass(at, end)
        self._branches.obey(name, at, condition)
        self._passed = end
        return end

    def _meaning(self, name: str, words: tuple[str, ...]) -> str:
        """Does what a command does to the session; the SQL that stands for it."""
        match name, words:
            case "set", (variable, *values):
                self._session.variables.set(variable, "".join(values))
            case "unset", (variable, *_):
                self._session.variables.unset(variable)
            case "encoding", (encoding, *_):
                self._between_statements(name)
                return f"SET client_encoding = {literal(encoding)};"
            case (("g" | "gx"), ()):
                return self._go()
            case (("g" | "gx"), _):
                raise Refusal(
                    rf"\{name} with a file or options; end the statement with a semicolon"
                )
            case _:  # without arguments, they print
                pass
        return ""

    def _left_out(self, variable: str, value: str, at: int) -> None:
        """Remembers what a command was told that is no part of the text, and where."""
        here, end = self._places.span(at, at), self._session.composer.length
        place = replace(here, start=end, end=end)
        self._session.arguments.append(PsqlArgument(variable, value, place))

    def _go(self) -> str:
        if not self._statement:
            raise Refusal(r"\g without a statement, which runs the last one again; write it again")
        end = self._statement[-1].end
        if lexer.copies_from_stdin(self._text, self._statement, end):
            raise Refusal(r"\g behind a COPY … FROM stdin; end it with a semicolon")
        self._statement = []
        return ";"

    def _include(self, name: str, at: int, start: int) -> int:
        read = arguments.read(self._text, start, self._session.variables.argument)
        if not read.words:
            raise Refusal(rf"\{name} without a file; name it, or take the line out")
        self._between_statements(name)
        asked = read.words[0].rstrip(";")
        beside = name in {"ir", "include_relative"}
        source = self._session.files.script(asked, self._source.path, beside=beside)
        if source.path in self._within:
            circle = " → ".join([*self._within[self._within.index(source.path) :], source.path])
            raise Refusal(rf"\{name} in a circle, {circle}; take one of them out")
        self._pass(at, read.end)
        self._session.included.add(source.path)
        Script(self._session, source, (*self._within, source.path)).run()
        return read.end

    def _copy(self, at: int, start: int) -> int:
        end = arguments.rest_of_line(self._text, start)
        command = copying.read(self._text[start:end])
        if command.sql:
            self._between_statements("copy")
        if command.file is not None:
            rows = self._session.files.rows(command.file, self._source.path)
            self._pass(at, end)
            self._put(copying.block(command.sql, rows), at)
            return end
        self._pass(at, end)
        self._put(command.sql, at)
        if not command.sql:
            return end
        return self._skip_rows(end - 1)

    def _between_statements(self, name: str) -> None:
        if self._statement:
            raise Refusal(
                rf"\{name} in the middle of a statement; end that with a semicolon before it"
            )

    def _pass(self, start: int, end: int) -> None:
        """Copies up to a place, and leaves out what follows up to another."""
        if self._branches.active:
            self._session.composer.copy(self._source, self._places, self._passed, start)
        self._passed = end

    def _put(self, text: str, at: int) -> None:
        self._session.composer.put(text, self._places.span(at, at))

    def _problem(self, at: int, message: str) -> None:
        self._session.problems.append(f"{self._places.place(at)}: {message}")

    def _slice(self, token: Token) -> str:
        return self._text[token.start : token.end]


def _told(name: str, rest: str) -> tuple[str, str]:
    """The variable that a command gives a value to, if it does, and the rest of what it is told."""
    given = _SETENV.fullmatch(rest) if name == "setenv" else None
    return (given[1], given[2]) if given else ("", rest)


class _Stopped(Exception):  # noqa: N818 - no error, but an end
    """What follows can not be told apart any more."""
