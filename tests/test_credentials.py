"""What looks like a secret, and what only nearly does.

The texts are put together here, so that no scanner takes this file for a leak.
"""

from __future__ import annotations

import base64
import json

import pytest

from consolidate import credentials


def token(**claims: str) -> str:
    """A JSON Web Token with these claims and no signature that anybody made."""
    parts = ({"alg": "HS256", "typ": "JWT"}, claims)
    encoded = (base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in parts)
    return ".".join([*(part.decode() for part in encoded), "s" * 43])


LOOKS_LIKE = [
    (token(sub="1"), "a JSON Web Token", "eyJ…"),
    (token(iss="supabase", role="service_role"), "a service_role key", "eyJ…"),
    ("sb_secret_" + "a1B2_" * 6, "a Supabase secret key", "sb_secret_…"),
    (
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
        "a private key",
        "-----BEGIN RSA PRIVATE KEY-----…",
    ),
    ("-----BEGIN PRIVATE KEY-----", "a private key", "-----BEGIN PRIVATE KEY-----…"),
    ("-----BEGIN PGP PRIVATE KEY BLOCK-----", "a private key", None),
    ("-----BEGIN OPENSSH PRIVATE KEY-----", "a private key", None),
    ("AKIA" + "Z2" * 8, "an AWS access key id", "AKIA…"),
    ("ASIA" + "Q7" * 8, "an AWS access key id", "ASIA…"),
    ("ghp_" + "a1" * 18, "a GitHub token", "ghp_…"),
    ("github_pat_" + "a1" * 11 + "_" + "b" * 59, "a GitHub token", "github_pat_…"),
    ("sk_live_" + "a1" * 12, "a Stripe key", "sk_live_…"),
    ("rk_live_" + "a1" * 12, "a Stripe key", "rk_live_…"),
    ("whsec_" + "a1" * 16, "a Stripe key", "whsec_…"),
    ("xoxb-" + "123-456-" + "a1" * 12, "a Slack token", "xoxb-…"),
    ("xapp-" + "1-A123-456-" + "a1" * 12, "a Slack token", "xapp-…"),
    ("$2b$12$" + "a" * 53, "a password hash", "$2b$…"),
    ("$6$rounds=5000$salt$" + "a" * 86, "a password hash", "$6$…"),
    ("$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$" + "a" * 43, "a password hash", "$argon2id$…"),
    (
        "SCRAM-SHA-256$4096:" + "a" * 24 + "$" + "b" * 43 + "=:" + "c" * 43 + "=",
        "a password hash",
        "SCRAM-SHA-256$…",
    ),
    ("postgres://app:hunter2@db.example.org/app", "a URL with a password", "postgres://…"),
    ("redis://:hunter2@[::1]:6379", "a URL with a password", "redis://…"),
    ("postgres://u:p@h", "a URL with a password", "postgres://…"),
    ("host=db user=app password=hunter2", "a connection string with a password", "host=…"),
]


@pytest.mark.parametrize(("text", "kind", "shown"), LOOKS_LIKE)
@pytest.mark.parametrize("around", ["{}", '{{"key": "{}"}}', "before {} behind"])
def test_a_secret_is_found_and_masked(text: str, kind: str, shown: str | None, around: str) -> None:
    whole = around.format(text)
    assert credentials.may_hold_some(whole)
    (found,) = credentials.secrets(whole)
    assert found.kind == kind
    assert whole.startswith(found.text, found.start)
    assert shown in {None, found.shown}
    assert len(found.shown) < 40
    assert found.shown.removesuffix("…") in found.text


@pytest.mark.parametrize(
    "text",
    [
        token(iss="supabase", role="anon"),  # meant to be public
        "eyJhbGciOiJIUzI1NiJ9",  # a header alone
        "eyJhbGciOiJIUzI1NiJ9.eyJub3QganNvbiBhdCBhbGw." + "s" * 43,
        "sb_publishable_" + "a1B2_" * 6,
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----",
        "BEGIN PRIVATE KEY",
        "AKIA" + "IOSFODNN7EXAMPLE",  # AWS's documentation has it
        "AKIA" + "Z2" * 9,
        "akia" + "z2" * 8,
        "ghp_short",
        "pk_live_" + "a1" * 12,
        "sk_test_" + "a1" * 12,
        "sk_live_",
        "xoxb-token",
        "$2 and $5 off",
        "$2b$12$" + "a" * 20,
        "https://example.org/a:b@c",
        "https://user@example.org",
        "https://example.org:8080/@home",
        "postgres://app:***@db.example.org",
        "postgres://app:[YOUR-PASSWORD]@db.example.org",
        "postgres://app:${DB_PASSWORD}@db.example.org",
        "postgres://app:password@db.example.org",
        "mailto:a@example.org",
        "password",
        "d41d8cd98f00b204e9800998ecf8427e",
        "00000000-0000-0000-0000-000000000001",
    ],
)
def test_what_only_resembles_one_is_not_told(text: str) -> None:
    assert list(credentials.secrets(f"a {text} b")) == []


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("api_secret = 'hunter2'", "api_secret", "hunter2"),
        ("SET app.jwt_secret TO 'Ab12cd'", "app.jwt_secret", "Ab12cd"),
        ('{"SMTP_PASSWORD": "hunter2"}', "SMTP_PASSWORD", "hunter2"),
        ("EXECUTE 'SET api_key = ''a1b2c3d4'', x'", "api_key", "a1b2c3d4"),
        ("password => 'correct-Horse'", "password", "correct-Horse"),
        ("aws_secret_access_key='wJalr/K7MDENG+bPx'", "aws_secret_access_key", "wJalr/K7MDENG+bPx"),
    ],
)
def test_a_value_that_is_given_the_name_of_a_secret_is_one(
    text: str, name: str, value: str
) -> None:
    (found,) = credentials.secrets(text)
    assert (found.kind, found.text, found.shown) == (f"the value of {name}", value, "***")
    assert value not in credentials.hidden(text)
    assert credentials.may_hold_some(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", "magic_link"),  # of an enumeration
        ("reset_password", "Reset"),
        ("wrong_password", "WrongPassword"),
        ("password", "varchar(255)"),
        ("password", "changeme"),  # a word; it is told where a role has it
        ("password", "<your password>"),
        ("api_key", "sk_***"),  # masked
        ("password_changed", "2024-01-01T10"),
        ("reset_password", "2024-01-01T10:00:00Z"),
        ("reset_password", "c0ffee00-0000-4000-8000-000000000001"),
        ("reset_password", "https://example.org/Reset1"),
        ("reset_password", "help1@example.org"),
        ("stripe_secret", "sk_test_" + "a1" * 12),
        ("api_key", "pk_live_" + "a1" * 12),
        ("primary_key", "hunter2"),
        ("password", "short"),
    ],
)
def test_a_name_alone_makes_no_secret(name: str, value: str) -> None:
    assert not credentials.is_secret(name, value)


def test_a_private_key_is_hidden_with_all_of_its_lines() -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----"
    assert credentials.hidden(f"a {key} b") == "a -----BEGIN RSA PRIVATE KEY-----… b"


def test_one_within_another_is_hidden_with_it() -> None:
    url = "host=h password=x://y:hunter2@z tail"
    assert "hunter2" not in credentials.hidden(url)


def test_several_in_one_text_are_all_found() -> None:
    text = " ".join(text for text, _, _ in LOOKS_LIKE)
    assert len(list(credentials.secrets(text))) == len(LOOKS_LIKE)


def test_a_text_is_shown_without_its_secrets() -> None:
    key = "AKIA" + "Q" * 16
    assert credentials.hidden(f"a {key}, b {key}; c") == "a AKIA…, b AKIA…; c"
    assert credentials.hidden("nothing of the kind") == "nothing of the kind"
