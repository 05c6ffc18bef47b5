"""The statement that gives one attribute of anything but a relation its former value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.wording.change import Change, NoWayBack, foreign_options, set_or_reset, unknown
from consolidate.wording.rights import on_this_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.model import ObjectId

_LISTS = {
    *("search_path", "temp_tablespaces", "local_preload_libraries", "session_preload_libraries"),
    *("shared_preload_libraries", "unix_socket_directories"),
}
"""Settings that are lists of names."""

_SETTING = re.compile(r"setting (\S+?)( in database)?")

_ENABLED = {
    "origin": "ENABLE",
    "disabled": "DISABLE",
    "replica": "ENABLE REPLICA",
    "always": "ENABLE ALWAYS",
}

_LABEL = re.compile(r"'(?:[^']|'')*'")


def setting(name: ObjectId, attribute: str, value: str | None) -> str | None:
    """The statement that gives a role or the database a setting; None for other attributes."""
    match = _SETTING.fullmatch(attribute)
    if match is None:
        return None
    parameter, in_database = match.groups()
    action = f"RESET {parameter}"
    if value is not None:  # the catalog has lists as SQL spells them
        action = f"SET {parameter} TO {value if parameter in _LISTS else names.literal(value)}"
    if name.kind == "database":
        return on_this_database(f"ALTER DATABASE %I {_escaped(action)}")
    if in_database:
        role = _escaped(name.identity)
        return on_this_database(f"ALTER ROLE {role} IN DATABASE %I {_escaped(action)}")
    return f"ALTER ROLE {name.identity} {action};"


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def of_hook(change: Change) -> str:
    """When a trigger, rule or event trigger fires.

    Raises:
        NoWayBack: Another attribute is asked for.
    """
    if change.attribute != "enabled" or change.old is None:
        raise unknown(change)
    word = _ENABLED[change.old]
    if change.object.kind == "event trigger":
        return f"ALTER EVENT TRIGGER {change.object.identity} {word};"
    own, table = names.parted(change.object.identity, " on ")
    return f"ALTER TABLE {table} {word} {change.object.kind.upper()} {own};"


# -- types ------------------------------------------------------------------------------------


def of_type(change: Change) -> str:
    """What changed of an enum or a domain.

    Raises:
        NoWayBack: There is none; in particular, PostgreSQL has no DROP VALUE.
    """
    head = f"ALTER DOMAIN {change.object.identity}"
    match change.attribute:
        case "labels":
            raise NoWayBack(f"PostgreSQL can not drop a value of an enum: {_more(change)}")
        case "default":
            return f"{head} {change.chosen('SET DEFAULT {}', 'DROP DEFAULT')};"
        case "not null":
            return f"{head} {change.chosen('SET NOT NULL', 'DROP NOT NULL')};"
        case _:
            raise unknown(change)


def _more(change: Change) -> str:
    """The values that were added; one that has another name was renamed before all else."""
    had, has = _LABEL.findall(change.old or ""), _LABEL.findall(change.new or "")
    return ", ".join(label for label in has if label not in had)


def of_attribute(change: Change) -> str:
    """What changed of an attribute of a composite type.

    Raises:
        NoWayBack: Another thing than its type.
    """
    if change.attribute not in {"type", "collation"}:
        raise unknown(change)
    if change.attribute == "collation" and change.before["type"] != change.after["type"]:
        return ""
    whole, own = names.parted(change.object.identity, ".")
    collation = change.before.get("collation")
    tail = f" COLLATE {collation}" if collation else ""
    return f"ALTER TYPE {whole} ALTER ATTRIBUTE {own} TYPE {change.before['type']}{tail};"


# -- what belongs to the whole database or server -----------------------------------------------

_ROLE = {
    "superuser": ("SUPERUSER", "NOSUPERUSER"),
    "create role": ("CREATEROLE", "NOCREATEROLE"),
    "create database": ("CREATEDB", "NOCREATEDB"),
    "login": ("LOGIN", "NOLOGIN"),
    "replication": ("REPLICATION", "NOREPLICATION"),
    "bypass row security": ("BYPASSRLS", "NOBYPASSRLS"),
    "connection limit": ("CONNECTION LIMIT {}", "CONNECTION LIMIT -1"),
    "valid until": ("VALID UNTIL '{}'", "VALID UNTIL 'infinity'"),
}

_DATABASE = {
    "connection limit": ("CONNECTION LIMIT {}", "CONNECTION LIMIT -1"),
    "template": ("IS_TEMPLATE true", "IS_TEMPLATE false"),
    "no connections": ("ALLOW_CONNECTIONS false", "ALLOW_CONNECTIONS true"),
}


def of_role(change: Change) -> str:
    """What changed of a role.

    Raises:
        NoWayBack: Its password, of which the catalog keeps a digest, or its end, once there is one.
    """
    said = setting(change.object, change.attribute, change.old)
    if said is not None:
        return said
    head = f"ALTER ROLE {change.object.identity}"
    match change.attribute:
        case "inherit":
            return f"{head} {'INHERIT' if change.old == 'true' else 'NOINHERIT'};"
        case "password" if change.old is None:
            return f"{head} PASSWORD NULL;"
        case "password":
            raise NoWayBack("only its author knows the former password")
        case "valid until" if change.old is None:
            raise NoWayBack("PostgreSQL can not take away the end of a role's validity again")
        case attribute if attribute in _ROLE:
            return f"{head} {change.chosen(*_ROLE[attribute])};"
        case _:
            raise unknown(change)


def of_database(change: Change) -> str:
    """What changed of the database.

    Raises:
        NoWayBack: What is given to it when it is made.
    """
    said = setting(change.object, change.attribute, change.old)
    if said is not None:
        return said
    if change.attribute not in _DATABASE:
        raise unknown(change)
    return on_this_database(f"ALTER DATABASE %I {change.chosen(*_DATABASE[change.attribute])}")


def of_tablespace(change: Change) -> str:
    """An option of a tablespace."""
    action = set_or_reset(change.option, change.old)
    return f"ALTER TABLESPACE {change.object.identity} {action};"


def _changed(change: Change) -> Iterator[str]:
    """All attributes that are others now."""
    for attribute in {*change.before, *change.after}:
        if change.before.get(attribute) != change.after.get(attribute):
            yield attribute


def of_extension(change: Change) -> str:
    """Where an extension is.

    Raises:
        NoWayBack: Its version or its members changed.
    """
    if change.attribute == "schema":
        return f"ALTER EXTENSION {change.object.identity} SET SCHEMA {change.old};"
    if change.attribute == "version":
        raise NoWayBack(f"an extension has no way back to version {change.old}")
    if {"schema", "version"} & {*_changed(change)}:
        return ""  # so have the names of its members
    raise unknown(change)


# -- foreign data, publications, text search, operators -----------------------------------------


def of_foreign(change: Change) -> str:
    """What changed of a foreign-data wrapper, a server or a user mapping.

    Raises:
        NoWayBack: What is given to it when it is made, or a secret.
    """
    kind = change.object.kind
    head = f"ALTER {kind.replace('-', ' ').upper()} {change.object.identity}"
    if kind == "user mapping":
        user, server = names.parted(change.object.identity, " on server ")
        head = f"ALTER USER MAPPING FOR {user} SERVER {server}"
    if change.attribute.startswith("option "):
        return f"{head} {foreign_options(change)};"
    if change.attribute in {"handler", "validator"} and kind != "server":
        word = change.attribute.upper()
        function = (change.old or "").partition("(")[0]
        return f"{head} {f'{word} {function}' if function else f'NO {word}'};"
    if change.attribute == "version" and change.old is not None:
        return f"{head} VERSION {names.literal(change.old)};"
    raise unknown(change)


def of_publication(change: Change) -> str:
    """What a publication publishes.

    Raises:
        NoWayBack: It became one of all tables, or ceased to be.
    """
    head = f"ALTER PUBLICATION {change.object.identity}"
    match change.attribute:
        case "publish":
            return f"{head} SET (publish = {names.literal(change.old or '')});"
        case "via root":
            return f"{head} SET (publish_via_partition_root = {change.chosen('true', 'false')});"
        case "generated columns":
            return f"{head} SET (publish_generated_columns = {change.chosen('stored', 'none')});"
        case _:
            raise unknown(change)


def of_dictionary(change: Change) -> str:
    """The options of a text search dictionary.

    Raises:
        NoWayBack: Its template.
    """
    if change.attribute != "options":
        raise unknown(change)
    had, has = (dict(_OPTION.findall(value or "")) for value in (change.old, change.new))
    said = [f"{name} = {value}" for name, value in had.items() if has.get(name) != value]
    said += [name for name in has if name not in had]
    return f"ALTER TEXT SEARCH DICTIONARY {change.object.identity} ({', '.join(said)});"


_OPTION = re.compile(r"(\"(?:[^\"]|\"\")*\"|\w+) = (E?'(?:[^']|'')*'|[^\s,']+)")


def of_configuration(change: Change) -> str:
    """Which dictionaries a text search configuration asks.

    Raises:
        NoWayBack: Its parser.
    """
    if not change.attribute.startswith("mapping "):
        raise unknown(change)
    head = f"ALTER TEXT SEARCH CONFIGURATION {change.object.identity}"
    token = change.attribute.removeprefix("mapping ")
    if change.old is None:
        return f"{head} DROP MAPPING FOR {token};"
    verb = "ADD" if change.new is None else "ALTER"
    return f"{head} {verb} MAPPING FOR {token} WITH {change.old};"


def of_operator(change: Change) -> str:
    """The estimators of an operator.

    Raises:
        NoWayBack: Anything else.
    """
    if change.attribute not in {"restrict", "join"}:
        raise unknown(change)
    function = (change.old or "").partition("(")[0] or "NONE"
    word = change.attribute.upper()
    return f"ALTER OPERATOR {change.object.identity} SET ({word} = {function});"


def of_family(change: Change) -> str:
    """A member of an operator family.

    Raises:
        NoWayBack: An operator that was there sorted by another family.
    """
    word, number, types = change.attribute.split(" ", 2)
    head = f"ALTER OPERATOR FAMILY {change.object.identity}"
    if change.old is None:
        return f"{head} DROP {word.upper()} {number} {types};"
    if word == "function":
        return f"{head} ADD FUNCTION {number} {types} {change.old};"
    if " for order by " in change.old:
        raise unknown(change)
    return f"{head} ADD OPERATOR {number} {change.old.partition('(')[0]} {types};"


def of_statistics(change: Change) -> str:
    """How exact a statistics object is.

    Raises:
        NoWayBack: Its definition.
    """
    if change.attribute != "target":
        raise unknown(change)
    return f"ALTER STATISTICS {change.object.identity} SET STATISTICS {change.old or -1};"


BY_KIND: dict[str, Callable[[Change], str]] = {
    "trigger": of_hook,
    "rule": of_hook,
    "event trigger": of_hook,
    "type": of_type,
    "composite type column": of_attribute,
    "role": of_role,
    "database": of_database,
    "tablespace": of_tablespace,
    "extension": of_extension,
    "foreign-data wrapper": of_foreign,
    "server": of_foreign,
    "user mapping": of_foreign,
    "publication": of_publication,
    "text search dictionary": of_dictionary,
    "text search configuration": of_configuration,
    "operator": of_operator,
    "operator family": of_family,
    "statistics object": of_statistics,
}
"""What words the changes of each kind."""
