"""Writing an output, interrupted before every single thing that is asked of the file system."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import consolidate
from tests.render.test_files import NEW, OLD

ROOT = Path(consolidate.__file__).parents[1]

CODE = """
import json, os, pathlib, shutil, signal, sys
from consolidate import files, interrupts

base, old, new = pathlib.Path(sys.argv[1]), *json.load(sys.stdin)
output = base / "above" / "output"
asked = {"open", "os.mkdir", "os.rename", "os.rmdir", "os.remove", "os.scandir", "shutil.rmtree"}
left = 0

def audit(event, _):
    global left
    if event in asked and left:
        left -= 1
        if not left:
            signal.raise_signal(signal.SIGINT)

def state():
    if not output.exists():
        return "nothing"
    return {(): "new"}.get(files.differences(new, output)) or (
        "old" if files.differences(old, output) == () else "half"
    )

def once(number):
    global left
    if old:
        files.write_tree(output, old)
    left, ended = number, "done"
    try:
        files.write_tree(output, new)
    except interrupts.Interrupted:
        ended = "interrupted"
    ended, left = "done" if left else ended, 0
    beside = [path.name for path in base.rglob(".*")]
    print(json.dumps([ended, state(), (base / "above").exists(), beside]), flush=True)
    return ended == "done"

sys.addaudithook(audit)
interrupts.install()
done = 0
for number in range(1, 1000):
    child = os.fork()
    if not child:
        os._exit(once(number))
    done = os.waitpid(child, 0)[1]
    shutil.rmtree(base / "above")  if (base / "above").exists() else None
    if done:
        break
"""


def outcomes(folder: Path, old: dict[str, str]) -> list[tuple[str, str, bool, list[str]]]:
    """How it ended, what the output then was, whether its parent was there, and what beside it.

    One line for each moment of interruption, the last one for none.
    """
    ran = subprocess.run(
        [sys.executable, "-c", CODE, folder],
        input=json.dumps([old, NEW]),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr == ""
    return [tuple(json.loads(line)) for line in ran.stdout.splitlines()]


@pytest.mark.parametrize(("old", "before"), [(OLD, "old"), ({}, "nothing")], ids=["over", "first"])
def test_there_is_the_old_output_or_the_new_one_and_nothing_beside_it(
    old: dict[str, str], before: str, tmp_path: Path
) -> None:
    *interrupted, last = outcomes(tmp_path, old)
    assert last == ("done", "new", True, [])
    assert len(interrupted) > 15
    for ended, state, above, beside in interrupted:
        assert (ended, beside) == ("interrupted", [])
        assert state in {before, "new"}
        assert above == (state != "nothing")
    states = [state for _, state, *_ in interrupted]
    assert states == sorted(states, key=[before, "new"].index)
