"""What a history asks of a server before it can be replayed there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem
from consolidate.servers import at_hand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from consolidate.model import Statement
    from consolidate.servers.interface import Server
    from consolidate.servers.offer import Offer

_ICU = "ICU"
_EVERYWHERE = "plpgsql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one statement asks for that not every server has."""

    place: str
    """`file:line:col`."""
    name: str
    """Of the extension, or `ICU`."""
    version: str | None = None
    """The extension's, where the statement names one."""
    schema: str | None = None
    """Likewise."""

    def lacking(self, offer: Offer) -> str:
        """What a server that offers this lacks, in words that follow `lacks`; empty if nothing."""
        if self.name == _ICU:
            return "" if offer.icu else "collations of ICU"
        extension = offer.extensions.get(self.name)
        if extension is None:
            return self.name
        absent = [name for name in extension.requires if name not in offer.extensions]
        bound = extension.schema not in {None, self.schema} and self.schema is not None
        reasons = {
            f"version {self.version} of {self.name}, and has "
            f"{', '.join(sorted(extension.versions))}": self.version is not None
            and self.version not in extension.versions,
            f"{self.name} in schema {self.schema}: it stands in {extension.schema} only": bound,
            f"{', '.join(absent)}, which {self.name} requires": bool(absent),
            f"the right of role {offer.role} to create {self.name}: it takes a superuser": not (
                offer.superuser or extension.trusted
            ),
        }
        return next((reason for reason, holds in reasons.items() if holds), "")


def needs(files: Iterable[Sequence[Statement]]) -> tuple[Need, ...]:
    """What the statements of a history ask for, in apply order.

    Only what stands in the statements themselves is seen; what a DO block or a function asks for
    shows in the replay.
    """
    return tuple(need for file in files for statement in file for need in _of(statement))


def _of(statement: Statement) -> Iterator[Need]:
    place = str(statement.span)
    match statement.kind:
        case "CreateExtensionStmt":
            name = str(getattr(statement.tree, "extname", ""))
            options = _options(getattr(statement.tree, "options", None))
            if name != _EVERYWHERE:
                version, schema = options.get("new_version"), options.get("schema")
                yield Need(place=place, name=name, version=version, schema=schema)
        case "DefineStmt" if (
            _options(getattr(statement.tree, "definition", None)).get("provider") == "icu"
        ):
            yield Need(place=place, name=_ICU)
        case _ if '-x-icu"' in statement.sql:
            yield Need(place=place, name=_ICU)
        case _:
            pass


def _options(elements: Iterable[object] | None) -> Mapping[str, str]:
    """The options of a statement that are names or texts."""
    found = {}
    for element in elements or ():
        value = getattr(element, "arg", None)
        names = getattr(value, "names", None)  # a bare word is read as the name of a type
        text = getattr(names[-1] if names else value, "sval", None)
        if text is not None:
            found[str(getattr(element, "defname", ""))] = str(text)
    return found


def lacking(asked: Sequence[Need], server: Server) -> tuple[str, ...]:
    """All that a server lacks, each in words that follow `lacks`.

    Raises:
        EnvironmentProblem: It can not be brought up.
    """
    if not asked:
        return ()
    offer = server.offer()
    return tuple(dict.fromkeys(told for need in asked if (told := need.lacking(offer))))


def require(asked: Sequence[Need], servers: Sequence[Server]) -> None:
    """Finds out whether the servers have all that is asked for.

    Raises:
        EnvironmentProblem: A server lacks something; with the place of each, and who has it.
    """
    problems: list[str] = []
    names: set[str] = set()
    for server in servers if asked else ():
        for need in asked:
            told = need.lacking(server.offer())
            if told:
                having = [other.url for other in _others(server, servers) if _has(other, need)]
                verb = "has" if len(having) == 1 else "have"
                instead = f"; {' and '.join(having)} {verb} it" if having else ""
                problems.append(f"{need.place}: {server.url} lacks {told}{instead}")
                names.add(need.name)
    if problems:
        raise EnvironmentProblem(
            f"The history needs what the server does not have: {', '.join(sorted(names))}.",
            problems=tuple(problems),
            hint=_hint(asked, servers),
        )


def _others(server: Server, servers: Sequence[Server]) -> Iterator[Server]:
    """The other servers that are configured, then those of this machine."""
    seen = {server.url}
    for other in (*servers, *at_hand()):
        if other.url not in seen:
            seen.add(other.url)
            yield other


def _has(server: Server, need: Need) -> bool:
    try:
        return not need.lacking(server.offer())
    except EnvironmentProblem:
        return False


def _hint(asked: Sequence[Need], servers: Sequence[Server]) -> str:
    everything = [
        other.url
        for other in _others(servers[0], servers)
        if all(_has(other, need) for need in asked)
    ]
    if everything:
        instead = f"`--server {everything[0]}` has all of it."
    else:
        known = (servers[0], *_others(servers[0], servers))
        nowhere = [need.name for need in asked if not any(_has(one, need) for one in known)]
        which = " or ".join(sorted(set(nowhere))) if nowhere else "all of it"
        instead = (
            f"No server of this machine has {which}: name one that does with --server, such as an"
            " image (docker://IMAGE)."
        )
    return f"{instead} `--quarantine auto` sets aside the files that need more."
