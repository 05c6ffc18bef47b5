"""Tells what looks like a secret in a text: by its shape, or by the name that it is given.

A shape is one of the few whose issuers document them, and counts only if hardly anything else has
it. A name counts only together with a value that is no word. What is shown of a find is no more
than what all of its kind share.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class Secret:
    """One place in a text that looks like a secret."""

    kind: str
    """What it looks like, in words that follow `looks like`."""
    shown: str
    """As much of it as everything of its kind has, and an ellipsis."""
    start: int
    """Where it stands in the text."""
    text: str
    """All of it, to look it up elsewhere; never to be shown."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the secrets of one issuer look like."""

    kind: str
    marks: tuple[str, ...]
    """Some of them is part of each: what has none need not be looked at closer."""
    pattern: re.Pattern[str]
    """Its first group is what may be shown."""
    told: Callable[[re.Match[str]], str | None] = lambda _: ""
    """What the kind is called more exactly; None if this one is no secret after all."""


_PLACEHOLDER = re.compile(r"[*x.]+|.*\*{3}.*|[\[<{$%].*|your[-_ ]?password|password", re.IGNORECASE)
"""What stands in documentation where a password belongs."""


def _token(match: re.Match[str]) -> str | None:
    """What a JSON Web Token is for: a key that Supabase means to be public is no secret."""
    claims = _claims(match["claims"])
    if claims is None or claims.get("role") == "anon":
        return None
    return "a service_role key" if claims.get("role") == "service_role" else ""


def _claims(part: str) -> dict[str, Any] | None:
    try:
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _not_an_example(match: re.Match[str]) -> str | None:
    """AWS's own documentation has keys that end so."""
    return None if match[0].endswith("EXAMPLE") else ""


def _no_placeholder(match: re.Match[str]) -> str | None:
    return None if is_placeholder(match["password"]) else ""


_SHAPES = (
    # RFC 7519, section 3.1: three parts of base64url; two are JSON objects, and `{"` is `eyJ`.
    _Shape(
        "a JSON Web Token",
        ("eyJ",),
        re.compile(
            r"(?<![\w-])(eyJ)[\w-]{8,}\.(?P<claims>eyJ[\w-]{8,})\.[\w-]{16,}(?![\w-])", re.ASCII
        ),
        _token,
    ),
    # supabase.com/docs/guides/api/api-keys: `sb_publishable_` is public, this is not.
    _Shape("a Supabase secret key", ("sb_secret_",), re.compile(r"\b(sb_secret_)[\w-]{20,}")),
    # RFC 7468, sections 10 and 11, and what OpenSSH and OpenPGP (RFC 9580, 6.2.1) write likewise.
    _Shape(
        "a private key",
        ("-----BEGIN ",),
        re.compile(
            r"(-----BEGIN (?:[A-Z0-9]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----)"
            r"(?:[^-]{0,20000}-----END [A-Z0-9 ]{0,40}-----)?"
        ),
    ),
    # docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html: long-term and temporary.
    _Shape(
        "an AWS access key id",
        ("AKIA", "ASIA"),
        re.compile(r"(?<![A-Za-z0-9/+])(A[KS]IA)[A-Z2-7]{16}(?![A-Za-z0-9/+])"),
        _not_an_example,
    ),
    # github.blog/2021-04-05-behind-githubs-new-authentication-token-formats
    _Shape(
        "a GitHub token",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        re.compile(
            r"\b(?:(gh[pousr]_)[A-Za-z0-9]{36,251}|(github_pat_)[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b"
        ),
    ),
    # docs.stripe.com/keys: secret and restricted; what begins with `pk_` is publishable.
    _Shape(
        "a Stripe key",
        ("sk_live_", "rk_live_", "whsec_"),
        re.compile(r"\b([sr]k_live_|whsec_)[A-Za-z0-9+/=]{24,}"),
    ),
    # docs.slack.dev/authentication/tokens
    _Shape(
        "a Slack token",
        ("xoxb-", "xoxp-", "xoxa-", "xoxe", "xapp-"),
        re.compile(r"\b(xox[abp]-|xoxe(?:\.xox[bp])?-|xapp-)[0-9]+-[A-Za-z0-9-]{10,}"),
    ),
    # passlib.readthedocs.io (bcrypt, sha256_crypt, sha512_crypt), RFC 9106 (argon2)
    _Shape(
        "a password hash",
        ("$2", "$5$", "$6$", "$argon2"),
        re.compile(
            r"(?:(\$2[abxy]\$)\d\d\$[./A-Za-z0-9]{53}(?![./A-Za-z0-9])"
            r"|(\$[56]\$)(?:rounds=\d+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43,86}"
            r"|(\$argon2(?:id|i|d)\$)v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]{16,})"
        ),
    ),
    # postgresql.org/docs/current/catalog-pg-authid.html
    _Shape(
        "a password hash",
        ("SCRAM-SHA-256$",),
        re.compile(
            r"(SCRAM-SHA-256\$)\d+:[A-Za-z0-9+/=]{16,}\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}"
        ),
    ),
    # RFC 3986, section 3.2.1: user information with a password, which it calls deprecated.
    _Shape(
        "a URL with a password",
        ("://",),
        re.compile(r"\b([a-z][a-z0-9+.-]*://)[^\s:/?#@'\"]*:(?P<password>[^\s/?#@'\"]+)@[\w\[]"),
        _no_placeholder,
    ),
    # postgresql.org/docs/current/libpq-envars.html
    _Shape(
        "a password for psql",
        ("PGPASSWORD=",),
        re.compile(r"\b(PGPASSWORD=)(?P<password>[^\s'\"…]+)"),
        _no_placeholder,
    ),
    # postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE
    _Shape(
        "a connection string with a password",
        ("password=",),
        re.compile(
            r"\b((?:host|hostaddr|port|user|dbname)=)[^\n\"]{0,300}?\bpassword="
            r"(?P<password>[^\s'\"]+)"
        ),
        _no_placeholder,
    ),
)

_WORDS = (
    *("password", "passwd", "passphrase", "secret", "api_key", "apikey", "api-key"),
    *("secret_key", "access_key", "private_key", "signing_key", "encryption_key"),
    *("api_token", "auth_token", "access_token", "refresh_token", "bearer_token", "bot_token"),
)
"""What the names of secrets end with."""
_NAME = re.compile(rf"(?:{'|'.join(_WORDS)})\Z", re.IGNORECASE)
_GIVEN = re.compile(
    rf"(?P<word>{'|'.join(_WORDS)})[\"']?\s*(?:=>|:=|=|:|\sto\s)\s*[eE]?(?P<quote>''|[\"'])"
    r"(?P<value>[^\s\"']{1,500})(?P=quote)",
    re.IGNORECASE,
)
"""A value that a text gives to such a name: in an UPDATE or a SET, in JSON, in a body."""
_DECLARED = re.compile(
    rf"(?P<word>{'|'.join(_WORDS)})[\"']?\s+(?:constant\s+)?"
    r"[a-z_\"][\w.%\"]*(?:\s+varying)?(?:\s*\([\d\s,]*\))?(?:\[\d*\])*"
    r"(?:\s+collate\s+[\w.\"]+)?(?:\s+not\s+null)?\s*(?::=|=|\bdefault\b)"
    r"\s*[eE]?(?P<quote>''|')(?P<value>[^\s\"']{1,500})(?P=quote)",
    re.IGNORECASE,
)
"""The same behind a type, as of a variable of PL/pgSQL, a parameter or a column."""
_PASSED = re.compile(
    r"\b(?P<function>crypt|create_secret"
    r"|(?:pgp_sym_(?:en|de)crypt(?:_bytea)?|hmac|update_secret)(?P<second>))\s*\("
    r"(?(second)(?:[^(),']|'[^']*'|\([^()]*\)){1,500},)\s*[eE]?(?P<quote>''|')"
    r"(?P<value>[^'\n]{1,500})(?P=quote)",
    re.IGNORECASE,
)
"""What functions of pgcrypto and of Supabase's vault take for a password, a key or a secret."""
_BEFORE = re.compile(r"[\w.-]*\Z")
_NO_SECRET = re.compile(
    r"[\d\s:.,+TZ/-]+"  # a number or a moment
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # what an identifier looks like
    r"|[\w.+-]+@[\w.-]+|[\w+.-]+://.*|/.*"  # an address
    r"|\w+\([\d,]*\)",  # a type, a call
    re.IGNORECASE,
)
_JUDGED = ("eyJ", "pk_", "sk_test_", "rk_test_", "sb_publishable_")
"""How values begin whose shape says whether they are secret; keys for tests are public here."""
_LONG_ENOUGH = 6
_KINDS = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9]"), re.compile(r"[^\w./:-]"))

_MARKS = tuple(mark for shape in _SHAPES for mark in shape.marks)
_SHORTEST = (
    *(w for w in _WORDS if not any(other in w and other != w for other in _WORDS)),
    *("crypt", "hmac"),
)
"""The words without those that have another one within them, and what the functions have."""


def is_placeholder(password: str) -> bool:
    """Whether it only stands where a password belongs, as in documentation."""
    return _PLACEHOLDER.fullmatch(password) is not None


def is_secret(name: str, value: str) -> bool:
    """Whether a value is likely a secret because of the name that it is given.

    A word is none, since it may be a value of an enumeration or a text that is shown: letters of
    one case alone, whatever joins them. Nor is a date, an address, a UUID or a number.
    """
    if _NAME.search(name) is None or len(value) < _LONG_ENOUGH or any(map(str.isspace, value)):
        return False
    if is_placeholder(value) or value.startswith(_JUDGED) or _NO_SECRET.fullmatch(value):
        return False
    if not any(map(str.isdigit, value)) and any(word in value.lower() for word in _WORDS):
        return False
    return sum(kind.search(value) is not None for kind in _KINDS) > 1


def is_name(text: str) -> bool:
    """Whether a secret is likely what has this name."""
    return _NAME.search(text) is not None


def named(name: str, value: str, start: int) -> Secret:
    """A value that is a secret because of its name, of which nothing can be shown."""
    return Secret(f"the value of {name}", "***", start, value)


def may_hold_some(text: str) -> bool:
    """Whether a text is worth a closer look; much faster than that look."""
    return any(map(text.__contains__, _MARKS)) or any(map(text.lower().__contains__, _SHORTEST))


def secrets(text: str) -> Iterator[Secret]:
    """What looks like a secret in a text, kind by kind."""
    for shape in _SHAPES:
        if not any(mark in text for mark in shape.marks):
            continue
        for match in shape.pattern.finditer(text):
            told = shape.told(match)
            if told is not None:
                shown = next((group for group in match.groups() if group), "")
                yield Secret(told or shape.kind, f"{shown}…", match.start(), match[0])
    yield from _given(text)
    for match in _PASSED.finditer(text):
        if not is_placeholder(match["value"]):
            kind = f"a secret that {match['function'].lower()} is given"
            yield Secret(kind, "***", match.start("value"), match["value"])


def _given(text: str) -> Iterator[Secret]:
    """The values that a text gives to the names of secrets."""
    for match in chain(_GIVEN.finditer(text), _DECLARED.finditer(text)):
        before = _BEFORE.search(text, max(0, match.start() - 60), match.start())
        name = (before[0] if before else "") + match["word"]
        if is_secret(name, match["value"]):
            yield named(name, match["value"], match.start("value"))


def hidden(text: str) -> str:
    """A text that can be shown: of each secret in it no more is left than all of its kind share."""
    if may_hold_some(text):
        shown, done = [], 0
        for secret in sorted(secrets(text), key=lambda one: (one.start, -len(one.text))):
            if secret.start >= done:  # else it begins within another one
                shown += [text[done : secret.start], secret.shown]
            done = max(done, secret.start + len(secret.text))
        text = "".join([*shown, text[done:]])
    return text
