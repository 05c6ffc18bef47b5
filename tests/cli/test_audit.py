"""`consolidate audit`, typed: formats, exit codes, settings, and no secret anywhere."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING

import pytest

from consolidate.cli.app import run_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Ran = tuple[int, str, str]
    Run = Callable[..., Ran]

SECRET = "sk_live_" + "Q" * 24


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "legacy_migrations"
    folder.mkdir()
    (folder / "1_init.sql").write_text(
        f"CREATE TABLE t (a text);\nINSERT INTO t VALUES ('{SECRET}');\n"
        "CREATE ROLE app PASSWORD 'hunter2 of ours';\n"
    )
    (folder / "2_drop.sql").write_text("DROP TABLE t;\n")
    monkeypatch.chdir(tmp_path)
    for name in ("CONSOLIDATE_FORMAT", "CONSOLIDATE_FAIL_ON", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def ran(*arguments: str) -> Ran:
        monkeypatch.setattr("sys.argv", ["consolidate", "audit", *arguments])
        code = run_app()  # `main` would leave the signals of this process ignored
        gc.enable()
        out, err = capsys.readouterr()
        return code, out, err

    return ran


@pytest.mark.usefixtures("project")
def test_the_last_line_is_the_summary_and_warnings_are_no_failure(run: Run) -> None:
    code, out, err = run()
    assert code == 0
    assert out.splitlines()[-1].startswith("Audit: 2 files, 4 statements; 0 errors, 3 warnings,")
    assert "  CON210  1:1  drops public.t" in out
    assert "history: 2 files in legacy_migrations, runner plain" in err


@pytest.mark.parametrize(
    ("said", "expected"), [("error", 0), ("warning", 1), ("info", 1), ("never", 0)]
)
@pytest.mark.usefixtures("project")
def test_the_exit_code_is_1_from_a_severity_on(run: Run, said: str, expected: int) -> None:
    assert run("--fail-on", said)[0] == expected


def test_the_configuration_says_it_too_and_the_command_line_comes_first(
    run: Run, project: Path
) -> None:
    (project / "mappings.yaml").write_text(
        "audit: {ignore: [CON121], severity: {CON210: error}, fail_on: error}\n"
    )
    code, out, _ = run()
    assert (code, "CON121" in out) == (1, False)
    assert run("--fail-on", "never")[0] == 0
    (project / "mappings.yaml").write_text(
        'audit: {ignore: [CON999], severity: {CON210: bad}, naming: "(", fail_on: no}\n'
    )
    code, _, err = run()
    assert code == 3
    for place in ("1:18: audit.ignore.0", "audit.severity.CON210", "audit.naming", "audit.fail_on"):
        assert place in err


def test_a_file_that_does_not_parse_fails_with_its_places(run: Run, project: Path) -> None:
    (project / "legacy_migrations/3.sql").write_text("SELEC 1;\nSELECT 2;\nSELEC 3;\n")
    code, out, _ = run()
    assert code == 1
    assert '  CON120  1:1  syntax error at or near "SELEC"' in out
    assert '  CON120  3:1  syntax error at or near "SELEC"' in out
    code, out, _ = run("--quarantine", "3.sql")
    assert (code, "CON120" in out) == (0, False)


SECRETS = (
    *("AKIA" + "Q7" * 8, "ghp_" + "a1" * 18, "zzTop-123", "hunter22xyz", "MIIEowIBAAKCAQEA"),
    *("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0." + "s" * 43, "Unquoted1", "Unparsed2", "Listed33"),
)
"""Each in another place; any of them found in an answer is a leak."""


@pytest.fixture
def exposed(project: Path) -> None:
    aws, github, role, url, pem, token, bare, unparsed, listed = SECRETS
    key = f"-----BEGIN RSA PRIVATE KEY-----\n{pem}\n-----END RSA PRIVATE KEY-----"
    (project / "legacy_migrations/3_more.sql").write_text(
        f"-- postgres://u:{url}@h\nCREATE TABLE s (k text, v text);\n"
        f"INSERT INTO s VALUES ('{aws}', '{github}'), ('k', '{key}'), ('{token}', '');\n"
        f"INSERT INTO s VALUES ('smtp_password', '{listed}');\n"
        f"ALTER ROLE app PASSWORD '{role}';\nALTER ROLE app PASSWORD {bare};\n"
        f'ALTER ROLE app PASSWORD "{unparsed}";\nCREATE TABLE "{aws}" (a int);\n'
        f'DROP TABLE "{aws}";\nSELECT 1 FROM "{github}" WHERE;\nINSERT INTO "{token}" VALUES (1);\n'
    )


@pytest.mark.usefixtures("exposed")
@pytest.mark.parametrize("shown", ["text", "json", "markdown", "sarif", "github"])
def test_no_format_shows_a_secret(run: Run, shown: str) -> None:
    code, out, err = run("--format", shown, "--fail-on", "never")
    assert code == 0
    assert "CON223" in out
    assert [one for one in (*SECRETS, SECRET, "hunter2") if one in out + err] == []


@pytest.mark.usefixtures("exposed")
def test_every_secret_is_told(run: Run) -> None:
    told = json.loads(run("--format", "json")[1])
    assert sum(one["code"] == "CON223" for one in told["findings"]) == 2 + len(SECRETS)


@pytest.mark.usefixtures("project")
def test_places_are_seen_from_where_it_runs(run: Run) -> None:
    told = json.loads(run("--format", "sarif")[1])
    uris = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in told["runs"][0]["results"]
    }
    assert "legacy_migrations/2_drop.sql" in uris
    assert "file=legacy_migrations/2_drop.sql,line=1,col=1" in run("--format", "github")[1]


@pytest.mark.usefixtures("project")
def test_what_ends_it_is_told_as_sarif_too(run: Run) -> None:
    code, out, err = run("gone", "--format", "sarif")
    told = json.loads(out)
    (ran,) = told["runs"]
    (invocation,) = ran["invocations"]
    assert (code, invocation["exitCode"], invocation["executionSuccessful"]) == (3, 3, False)
    assert ran["results"] == []
    (notification,) = invocation["toolExecutionNotifications"]
    assert "is not a folder" in notification["message"]["text"]
    assert "is not a folder" in err


@pytest.mark.usefixtures("project")
def test_it_says_the_same_bytes_again(run: Run) -> None:
    assert run("--format", "json")[:2] == run("--format", "json")[:2]


def test_the_extensions_of_the_platform_are_there(run: Run, project: Path) -> None:
    (project / "legacy_migrations/3_ids.sql").write_text(
        "CREATE TABLE ids (a uuid DEFAULT uuid_generate_v4());\n"
    )
    assert "uuid_generate_v4 of extension uuid-ossp" in run("--platform", "plain")[1]
    assert "uuid_generate_v4" not in run("--platform", "supabase")[1]


@pytest.mark.usefixtures("project")
def test_json_has_the_size_of_each_file(run: Run) -> None:
    told = json.loads(run("--format", "json")[1])
    assert [file["bytes"] for file in told["files"]] == [128, 14]
