"""What everybody expects of a command line: help, versions, completion, settings, secrets."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command

import consolidate
from consolidate import config
from consolidate.cli.app import app
from consolidate.cli.requests import request
from consolidate.runner import Runner
from tests.cli.conftest import HISTORY, PROGRAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cli.conftest import Project

    Make = Callable[..., Project]

USAGE, INPUT, ENVIRONMENT = 2, 3, 4

HEAVY = {
    "docker", "graphlay", "jinja2", "logging", "networkx", "pglast", "psycopg", "pydantic",
    "pygments", "rich", "ruamel", "testcontainers",
}  # fmt: skip
"""What takes long to import, and nothing that help needs."""


def _commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401 - typer's are private
    """The program, its groups and its commands, each with what is typed for it."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from _commands(below, (*path, name))


COMMANDS = dict(_commands(get_command(app)))


def _id(value: object) -> str:
    return " ".join(value) or "consolidate" if isinstance(value, tuple) else ""


# -- help ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS, ids=_id)
def test_help_loads_nothing_that_takes_long(command: tuple[str, ...]) -> None:
    program = (
        "import sys\nfrom consolidate.cli import main\nsys.argv[0] = 'consolidate'\n"
        "try:\n    main()\nfinally:\n"
        "    print(*sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, *command, "--help"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = set(ran.stderr.split())
    assert "consolidate.cli.app" in loaded
    loaded |= {name.partition(".")[0] for name in loaded}
    assert loaded & (HEAVY | {"consolidate.model", "consolidate.cli.commands"}) == set()


@pytest.mark.parametrize("command", COMMANDS, ids=_id)
def test_help_has_examples_and_exit_codes_and_takes_the_short_option(
    command: tuple[str, ...], project: Make
) -> None:
    here = project({})
    told = here.run(*command, "--help")
    assert (told.returncode, told.stderr) == (0, "")
    examples = told.stdout.partition("Examples:\n")[2].partition("\n\n")[0].splitlines()
    assert examples
    assert all(line.startswith(f"  consolidate {' '.join(command)}") for line in examples)
    words = " ".join(told.stdout.split())
    assert "Exit codes: 0 yes; 1 the answer is no; 2 usage; 3 input" in words
    assert here.run(*command, "-h").stdout == told.stdout


@pytest.mark.parametrize("command", COMMANDS, ids=_id)
def test_the_examples_in_help_are_command_lines_that_make_sense(command: tuple[str, ...]) -> None:
    for line in COMMANDS[command].epilog.splitlines():
        _, *words = line.partition(" > ")[0].split()
        named = COMMANDS[()]
        while words and words[0] in getattr(named, "commands", {}):
            named = named.commands[words.pop(0)]
        assert named.make_context("x", words).args == []


def test_help_groups_commands_and_options_and_names_defaults_and_environment(project: Make) -> None:
    here = project({})
    program = here.run("--help").stdout
    headings = re.findall(r"^(\S.*):$", program, re.MULTILINE)
    assert headings[:3] == ["Consolidate", "Project", "This machine"]
    run = here.run("run", "--help").stdout
    headings = re.findall(r"^(\S.*):$", run, re.MULTILINE)
    assert headings == [
        *("Arguments", "History", "Servers", "Project", "Answer", "Options", "Examples"),
    ]
    words = " ".join(run.split())
    assert "[env var: CONSOLIDATE_FORMAT; default: text]" in words
    assert "[env var: CONSOLIDATE_SERVER]" in words


@pytest.mark.parametrize("columns", [30, 50, 80, 200])
@pytest.mark.parametrize("command", [(), ("run",)], ids=_id)
def test_help_is_as_wide_as_the_terminal(
    command: tuple[str, ...], columns: int, project: Make
) -> None:
    told = project({}, COLUMNS=str(columns)).run(*command, "--help").stdout
    text, _, _ = told.partition("Examples:")  # these are to be copied
    options = [line for line in text.splitlines() if not re.match(r"  (-\w, )?--", line)]
    assert max(map(len, options)) <= columns
    assert max(map(len, told.splitlines())) <= max(columns, 80)


# -- what was meant -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (["plna"], "did you mean 'plan'?"),
        (["config", "shwo"], "did you mean 'show'?"),
        (["run", "--ouput", "x"], "did you mean --output?"),
        (["--forma", "json", "plan"], "did you mean --format, after the command?"),
        (["-q", "plan"], "it stands after the command"),
        (["plan", "--format", "jsn"], "did you mean json?"),
        (["plan", "--color", "allways"], "did you mean always?"),
        (["plan", "--runner", "golang_migrate"], "did you mean golang-migrate?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_slip_of_the_pen_is_told_with_what_may_have_been_meant(
    arguments: list[str], meant: str, project: Make
) -> None:
    ran = project({}).run(*arguments)
    assert (ran.returncode, ran.stdout) == (USAGE, "")
    error, hint = ran.stderr.splitlines()
    assert error.startswith("error: ")
    assert error.endswith(meant)
    assert hint.startswith("hint: consolidate ")


def test_nothing_is_suggested_where_nothing_is_near(project: Make) -> None:
    ran = project({}).run("squash", "--everything")
    assert ran.stderr.splitlines()[0] == "error: No such command 'squash'"


def test_a_wrong_command_line_is_json_too_where_json_is_asked_for(project: Make) -> None:
    here = project({})
    for arguments in (["--format", "json", "--ouput"], ["--ouput", "--format=json"]):
        ran = here.run("run", *arguments)
        answer = json.loads(ran.stdout)
        assert answer["format"] == "consolidate/error@1"
        assert ran.returncode == answer["exit_code"] == USAGE
    told = project({}, CONSOLIDATE_FORMAT="json").run("run", "--ouput")
    assert json.loads(told.stdout)["message"] == "No such option: --ouput; did you mean --output?"
    assert project({}, CONSOLIDATE_FORMAT="json").run("run", "--x", "--format", "text").stdout == ""


# -- versions -----------------------------------------------------------------------------------


def test_the_version_is_told_in_a_line(project: Make) -> None:
    ran = project({}).run("--version")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == f"consolidate {consolidate.__version__}\n"


def test_the_versions_of_all_that_counts_are_told(project: Make) -> None:
    here = project({})
    answer = json.loads(here.run("version", "--format", "json").stdout)
    assert answer.pop("format") == "consolidate/version@1"
    assert re.fullmatch(r"\d+(\.\d+)*", answer.pop("libpq"))
    assert answer == {
        "consolidate": consolidate.__version__,
        "python": platform.python_version(),
        "pglast": metadata.version("pglast"),
        "postgresql_grammar": "18",
        "psycopg": metadata.version("psycopg"),
    }
    told = here.run("version")
    assert told.stdout.splitlines()[0].split() == ["consolidate", consolidate.__version__]
    assert len(told.stdout.splitlines()) == 6


# -- completion ---------------------------------------------------------------------------------


def _asked(shell: str, line: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """What the program says to a shell that completes a line."""
    asked = {
        "_CONSOLIDATE_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(line.count(" ")),
        "_TYPER_COMPLETE_ARGS": line,
        "HOME": str(home),
    }
    surroundings = {**os.environ, **asked, **more}
    return subprocess.run([PROGRAM], capture_output=True, text=True, check=False, env=surroundings)


def _completed(shell: str, line: str, home: Path, **more: str) -> list[str]:
    ran = _asked(shell, line, home, **more)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout.splitlines()


def test_the_shells_complete_commands_options_and_values(tmp_path: Path) -> None:
    assert _completed("bash", "consolidate ver", tmp_path) == ["verify", "version"]
    assert _completed("bash", "consolidate config s", tmp_path) == ["show", "schema"]
    assert _completed("bash", "consolidate plan --form", tmp_path) == ["--format"]
    assert _completed("bash", "consolidate plan --format j", tmp_path) == ["json"]
    assert _completed("bash", "consolidate plan --runner sq", tmp_path) == [
        one for one in Runner if one.startswith("sq")
    ]
    fish = _completed("fish", "consolidate pl", tmp_path, _TYPER_COMPLETE_FISH_ACTION="get-args")
    assert [line.partition("\t")[0] for line in fish] == ["plan"]
    zsh = "\n".join(_completed("zsh", "consolidate pl", tmp_path))
    assert zsh.startswith("_arguments '*: :((")
    assert '"plan":' in zsh


@pytest.mark.parametrize(("line", "code"), [("consolidate pl", 0), ("consolidate plan x", 1)])
def test_fish_completes_files_where_the_program_has_nothing_to_say(
    line: str, code: int, tmp_path: Path
) -> None:
    ran = _asked("fish", line, tmp_path, _TYPER_COMPLETE_FISH_ACTION="is-args")
    assert (ran.returncode, ran.stdout, ran.stderr) == (code, "", "")


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_the_installed_script_completes_a_command_in_bash(tmp_path: Path) -> None:
    bash = Path(str(shutil.which("bash")))
    surroundings = {
        **os.environ,
        "HOME": str(tmp_path),
        "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
        "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",
    }

    def run(*command: str) -> str:
        return subprocess.run(
            command, capture_output=True, text=True, check=True, env=surroundings
        ).stdout

    run("consolidate", "--install-completion", "bash")
    script = tmp_path / ".bash_completions" / "consolidate.sh"
    assert str(script) in (tmp_path / ".bashrc").read_text(encoding="utf-8")
    assert run("consolidate", "--show-completion", "bash").strip() == script.read_text().strip()
    typed = (
        f"source '{script}'; COMP_WORDS=(consolidate verif); COMP_CWORD=1;"
        ' _consolidate_completion consolidate; echo "${COMPREPLY[@]}"'
    )
    assert run(str(bash), "--norc", "-c", typed).split() == ["verify"]


# -- settings and where they come from ------------------------------------------------------------


CONFIG = """\
legacy: legacy
platform: plain
servers: ["postgresql://clerk:geheim@court/x?password=geheim"]
rollback:
  if_exists: false
"""


def _shown(here: Project, *arguments: str) -> dict[str, tuple[Any, str]]:
    ran = here.run("config", "show", "--format", "json", *arguments)
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert answer["format"] == "consolidate/config@1"
    return {one["key"]: (one["value"], one["origin"]) for one in answer["settings"]}


def _keys(schema: dict[str, Any]) -> Iterator[str]:
    """Every key, of sections those in them."""
    for key, value in schema["properties"].items():
        named = [one["$ref"] for one in (value, *value.get("anyOf", ())) if "$ref" in one]
        inner = [schema["$defs"][name.rpartition("/")[2]] for name in named]
        below = [name for one in inner for name in one.get("properties", ())]
        yield from [f"{key}.{name}" for name in below] or [key]


def test_every_key_is_shown_with_its_value_and_where_that_comes_from(project: Make) -> None:
    here = project(HISTORY)
    here.write("mappings.yaml", CONFIG)
    shown = _shown(here)
    assert shown["legacy.path"] == ("legacy", "mappings.yaml:1:9")
    assert shown["platform"] == ("plain", "mappings.yaml:2:11")
    assert shown["rollback.if_exists"] == (False, "mappings.yaml:5:14")
    assert shown["rollback.cascade"] == (False, "default")
    assert shown["output"] == ("output", "default")
    assert list(shown) == [*_keys(json.loads(config.schema())), "--prelude"]
    lines = here.run("config", "show").stdout.splitlines()
    assert lines[0] == "configuration: mappings.yaml"
    assert [line.split()[0] for line in lines[2:]] == list(shown)


def test_the_command_line_comes_before_the_environment_and_that_before_the_file(
    project: Make,
) -> None:
    twins = {"CONSOLIDATE_SERVER": "embedded://16 embedded://18", "CONSOLIDATE_OUTPUT": "elsewhere"}
    here = project(HISTORY, **twins)
    here.write("mappings.yaml", CONFIG)
    shown = _shown(here, "--output", "typed", "--quarantine", "x.sql")
    both = ["embedded://16", "embedded://18"]
    assert shown["servers"] == (both, "environment, CONSOLIDATE_SERVER")
    assert shown["output"] == ("typed", "command line, --output")
    assert shown["quarantine"] == (["x.sql"], "command line, --quarantine")
    assert shown["platform"][1] == "mappings.yaml:2:11"
    assert _shown(here, "legacy")["legacy.path"] == ("legacy", "command line, argument")
    plain = _shown(here, "--no-config")
    assert plain["platform"] == (None, "default")
    assert plain["output"] == ("elsewhere", "environment, CONSOLIDATE_OUTPUT")


def test_a_bad_configuration_is_told_with_its_places(project: Make) -> None:
    here = project(HISTORY)
    here.write("mappings.yaml", "legacy: legacy\nplattform: x\nrollback: {cascade: 7}\n")
    ran = here.run("config", "show")
    assert (ran.returncode, ran.stdout) == (INPUT, "")
    assert '  mappings.yaml:2:1: plattform: unknown key, did you mean "platform"?\n' in ran.stderr
    assert "  mappings.yaml:3:21: rollback.cascade: must be true or false\n" in ran.stderr


def test_the_schema_is_the_committed_one(project: Make) -> None:
    committed = Path(__file__).parents[2] / "schemas/mappings.schema.json"
    assert project({}).run("config", "schema").stdout == committed.read_text(encoding="utf-8")


def test_the_configuration_is_found_up_to_the_root_of_the_repository(project: Make) -> None:
    here = project(HISTORY)
    here.write("mappings.yaml", CONFIG)
    (here.folder / "deep" / "down").mkdir(parents=True)
    ran = here.run("config", "show", "-C", "deep/down")
    assert ran.stdout.startswith("configuration: none\n")  # no repository: only where we are
    (here.folder / ".git").mkdir()
    ran = here.run("config", "show", "--directory", "deep/down")
    assert ran.stdout.startswith("configuration: ../../mappings.yaml\n")
    (here.folder / "deep" / ".git").write_text("gitdir: elsewhere\n")
    ran = here.run("config", "show", "-C", "deep/down")
    assert ran.stdout.startswith("configuration: none\n")
    ran = here.run("config", "show", "-C", "deep/down", "-c", "../../mappings.yaml")
    assert ran.stdout.startswith("configuration: ../../mappings.yaml\n")
    ran = here.run("config", "show", "--no-config")
    assert ran.stdout.startswith("configuration: none\n")


def test_a_configuration_from_the_environment_gives_way_to_the_command_line(project: Make) -> None:
    here = project(HISTORY, CONSOLIDATE_CONFIG="other.yaml")
    here.write("other.yaml", "legacy: legacy\n")
    here.write("third.yaml", "legacy: legacy\n")
    told = [
        here.run("config", "show", *a).stdout for a in ([], ["-c", "third.yaml"], ["--no-config"])
    ]
    assert [one.splitlines()[0] for one in told] == [
        "configuration: other.yaml",
        "configuration: third.yaml",
        "configuration: none",
    ]
    ran = here.run("config", "show", "-c", "third.yaml", "--no-config")
    assert ran.returncode == USAGE
    assert "say the opposite" in ran.stderr


def test_a_folder_that_is_not_there_is_told(project: Make) -> None:
    ran = project({}).run("config", "show", "-C", "nowhere")
    assert (ran.returncode, ran.stdout) == (USAGE, "")
    assert "nowhere: No such file or directory" in ran.stderr


# -- secrets ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_command_shows_a_password(form: str, project: Make) -> None:
    url = "postgresql://clerk:geheim@127.0.0.1:1/x?sslpassword=geheim"
    here = project(HISTORY)
    here.write("mappings.yaml", f'legacy: legacy\nservers: ["{url}"]\n')
    log = ["--log-file", "log.txt", "-v"]
    for arguments in (
        ["config", "show", *log],
        ["config", "show", "--server", url, *log],
        ["plan", *log],
        ["run", "--no-config", "legacy", "--server", url, *log],
        ["plan", "a", url],
        ["plan", f"--server{url}"],
        ["plan", "--server", "postgresql://clerk:geheim@court:x/y", *log],
    ):
        ran = here.run(*arguments, "--format", form)
        assert ran.stdout + ran.stderr
        assert "geheim" not in ran.stdout + ran.stderr, arguments
    logged = (here.folder / "log.txt").read_text(encoding="utf-8")
    assert "geheim" not in logged
    assert "clerk:***@court" in logged


def test_a_password_on_the_command_line_is_not_in_the_next_one_that_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    typed = ["consolidate", "plan", "--server", "postgresql://clerk:geheim@court/x"]
    monkeypatch.setattr(sys, "argv", typed)
    next_one = request().command
    assert next_one == "consolidate plan --server 'postgresql://clerk:***@court/x'"
