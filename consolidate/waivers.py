"""What a user may ask not to be held to; each waiver says it to every witness in its own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from consolidate.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from consolidate.model import Difference

_Test = Callable[["Difference"], bool]


def _no(_: Difference) -> bool:
    return False


def _as_it_is(statement: str) -> str:
    return statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One kind of difference that does not count, because somebody said so by its name."""

    name: str
    meaning: str
    """What does not count, in words that follow 'Do not compare'."""
    facts: _Test = _no
    projection: _Test = _no
    rows: _Test = _no
    dump: Callable[[str], str] = _as_it_is
    """What is left of one of a dump's statements; empty if nothing is."""


_GRANTS: Final = re.compile(
    r"(GRANT|REVOKE) .+ ON |ALTER DEFAULT PRIVILEGES |(RE)?SET SESSION AUTHORIZATION"
)
_OWNER: Final = re.compile(r"ALTER .+ OWNER TO [^;]+;")
_PASSWORD: Final = re.compile(r" PASSWORD '(?:[^']|'')*'")
_SERVER: Final = re.compile(
    r"(CREATE|ALTER|COMMENT ON|SECURITY LABEL ON) (ROLE|TABLESPACE) "
    r"|(GRANT|REVOKE) .+ ON (TABLESPACE|PARAMETER) |GRANT \S+ TO \S+( |;)"
)
_OF_THE_SERVER: Final = {"role", "role membership", "tablespace", "parameter ACL"}
_DATABASE: Final = re.compile(
    r"(CREATE|ALTER|COMMENT ON|SECURITY LABEL ON) DATABASE |(GRANT|REVOKE) .+ ON DATABASE "
)
_COLLATIONS: Final = "pg_collation"
_COLUMNS: Final = re.compile(r"(CREATE [^(]*\(\n)(.*?)(\n\).*)", re.DOTALL)


def _without_comment(statement: str) -> str:
    return "" if statement.startswith("COMMENT ON ") else statement


def _without_grant(statement: str) -> str:
    return "" if _GRANTS.match(statement) else statement


def _without_owner(statement: str) -> str:
    return "" if _OWNER.fullmatch(statement) else statement


def _without_password(statement: str) -> str:
    return _PASSWORD.sub("", statement)


def _without_server(statement: str) -> str:
    return "" if _SERVER.match(statement) else statement


def _without_database(statement: str) -> str:
    return "" if _DATABASE.match(statement) else statement


def _in_any_order(statement: str) -> str:
    """A list of columns line by line in alphabetical order."""
    found = _COLUMNS.fullmatch(statement)
    if found is None:
        return statement
    lines = sorted(line.removesuffix(",") for line in found[2].splitlines())
    return found[1] + "\n".join(lines) + found[3]


def _of_rights(found: Difference) -> bool:
    catalog, _, column = found.attribute.partition(".")
    listed = {"pg_default_acl", "pg_init_privs", "pg_parameter_acl"}
    return column.endswith("acl") or catalog in listed or found.object.kind == "default acl"


def _of_supporting_index(found: Difference) -> bool:
    if found.attribute.startswith("pg_depend"):
        values = f"{found.left} {found.right}"
        return found.object.kind == "table constraint" and "index " in values
    return found.attribute in {"pg_constraint.conindid", "pg_trigger.tgconstrindid"}


_ALL: Final = (
    Waiver(
        name="column-order",
        meaning="the order of columns",
        facts=lambda d: d.attribute == "position",
        projection=lambda d: d.attribute == "pg_attribute.attnum",
        dump=_in_any_order,
    ),
    Waiver(
        name="comments",
        meaning="comments",
        facts=lambda d: d.attribute in {"comment", "comments", "member comments"},
        projection=lambda d: d.attribute.startswith(("pg_description", "pg_shdescription")),
        dump=_without_comment,
    ),
    Waiver(
        name="owner",
        meaning="who owns what; the rights of owners stay compared, see privileges",
        facts=lambda d: d.attribute == "owner",
        projection=lambda d: d.attribute.endswith(("owner", ".datdba")),
        dump=_without_owner,
    ),
    Waiver(
        name="passwords",
        meaning="passwords of roles, as they are stored",
        facts=lambda d: d.object.kind == "role" and d.attribute == "password",
        projection=lambda d: d.attribute == "pg_authid.rolpassword",
        dump=_without_password,
    ),
    Waiver(
        name="privileges",
        meaning="rights and default privileges",
        facts=lambda d: d.attribute.startswith("grant ") or d.object.kind == "default acl",
        projection=_of_rights,
        dump=_without_grant,
    ),
    Waiver(
        name="roles",
        meaning="what belongs to the server: roles, memberships, tablespaces, rights on parameters",
        facts=lambda d: d.object.kind in _OF_THE_SERVER,
        projection=lambda d: (
            d.object.kind in _OF_THE_SERVER or d.attribute.startswith("pg_db_role_setting")
        ),
        dump=_without_server,
    ),
    Waiver(
        name="database",
        meaning="what is said of the database itself: owner, locale, settings, comment, rights",
        facts=lambda d: d.object.kind == "database",
        projection=lambda d: d.object.kind == "database",
        dump=_without_database,
    ),
    Waiver(
        name="sequence-positions",
        meaning="where sequences stand",
        rows=lambda d: d.object.kind == "sequence",
    ),
    Waiver(
        name="supporting-index",
        meaning="which of several unique indexes a foreign key leans on",
        facts=lambda d: d.attribute == "supporting index",
        projection=_of_supporting_index,
    ),
    Waiver(
        name="system-collations",
        meaning="collations that initdb took over from the operating system",
        facts=lambda d: d.object.kind == "built-in objects" and d.object.identity == _COLLATIONS,
        projection=lambda d: (
            d.object.kind == "collation" and d.object.identity.startswith("pg_catalog.")
        ),
    ),
    Waiver(name="dump", meaning="dumps: the check is skipped"),
    Waiver(name="rows", meaning="rows and sequences: the check is skipped"),
    Waiver(name="rollback", meaning="rollbacks: the check is skipped"),
)

WAIVERS: Final = {waiver.name: waiver for waiver in _ALL}
"""By the names that users say."""


@dataclass(frozen=True, slots=True)
class Waived:
    """The waivers that hold; by default none."""

    names: tuple[str, ...] = ()
    """Sorted."""

    @classmethod
    def of(cls, names: Iterable[str]) -> Waived:
        """The waivers of these names.

        Raises:
            UsageProblem: There is none of such a name.
        """
        wanted = sorted(set(names))
        unknown = [name for name in wanted if name not in WAIVERS]
        if unknown:
            raise UsageProblem(
                f"there is no waiver {', '.join(map(repr, unknown))}",
                hint=f"waivers are {', '.join(WAIVERS)}",
            )
        return cls(tuple(wanted))

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def kept(self, witness: str, found: Iterable[Difference]) -> tuple[Difference, ...]:
        """What still counts of the differences that `facts`, `projection` or `rows` see."""
        tests: Sequence[_Test] = [getattr(WAIVERS[name], witness) for name in self.names]
        return tuple(one for one in found if not any(test(one) for test in tests))

    def statement(self, text: str) -> str:
        """What still counts of a dump's statement."""
        for name in self.names:
            text = WAIVERS[name].dump(text)
        return text


NOTHING: Final = Waived()
"""No waiver holds."""
