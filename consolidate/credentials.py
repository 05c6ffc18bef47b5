"""Tells what looks like a secret in a text, by the few shapes whose issuers document them.

A shape counts only if hardly anything else has it: what is merely called a password is not told.
What is shown of a find is no more than what all of its kind share.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
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


_PLACEHOLDER = re.compile(r"[*x.]+|[\[<{$%].*|your[-_ ]?password|password", re.IGNORECASE)
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
        re.compile(r"(-----BEGIN (?:[A-Z0-9]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----)"),
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
)

_MARKS = tuple(mark for shape in _SHAPES for mark in shape.marks)


def is_placeholder(password: str) -> bool:
    """Whether it only stands where a password belongs, as in documentation."""
    return _PLACEHOLDER.fullmatch(password) is not None


def may_hold_some(text: str) -> bool:
    """Whether a text is worth a closer look; much faster than that look."""
    return any(mark in text for mark in _MARKS)


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


def hidden(text: str) -> str:
    """A text that can be shown: of each secret in it no more is left than all of its kind share."""
    if may_hold_some(text):
        for secret in sorted(secrets(text), key=lambda one: one.start, reverse=True):
            end = secret.start + len(secret.text)
            text = f"{text[: secret.start]}{secret.shown}{text[end:]}"
    return text
