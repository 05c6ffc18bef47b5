"""The signals that end a program, in programs of their own."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

import consolidate

ROOT = Path(consolidate.__file__).parents[1]
HEAD = """
import os, signal, sys, threading
from contextlib import contextmanager
from consolidate import interrupts
interrupts.install()

def interrupt(number=signal.SIGINT):
    signal.raise_signal(number)

@contextmanager
def context():
    print("in", flush=True)
    try:
        yield
    finally:
        interrupt()
        print("out", flush=True)
"""


def run(code: str) -> tuple[int, list[str]]:
    """Exit code, and what was printed, errors included."""
    ran = subprocess.run(
        [sys.executable, "-c", HEAD + dedent(code)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout.splitlines()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_unwinds_without_a_traceback(number: signal.Signals) -> None:
    code = f"""
    try:
        interrupt({number:d})
    finally:
        print("unwound", interrupts.came(), flush=True)
    """
    assert run(code) == (128 + number, [f"unwound {number:d}"])


def test_the_second_ends_the_program_where_it_is() -> None:
    code = """
    try:
        interrupt()
    finally:
        interrupt(signal.SIGTERM)
        print("never")
    """
    assert run(code) == (143, ["ended at once"])
    ended = "ended at once; what is left of the throwaway servers goes by itself"
    assert run(f"interrupts.servers_begin()\n{dedent(code)}") == (143, [ended])


def test_when_all_is_done_it_changes_nothing() -> None:
    assert run("interrupts.close(); interrupt(); print('on')") == (0, ["on"])


def test_what_is_held_is_not_cut_in_two() -> None:
    code = """
    with interrupts.held():
        with interrupts.held():
            interrupt()
            print("whole", flush=True)
        print("the outer one, too", flush=True)
    print("never")
    """
    assert run(code) == (130, ["whole", "the outer one, too"])


def test_holding_does_not_keep_a_second_one_off() -> None:
    code, told = run("with interrupts.held(): interrupt(); interrupt(); print('never')")
    assert (code, told[0][:13]) == (130, "ended at once")


def test_another_thread_holds_nothing() -> None:
    code = """
    held = threading.Event(), threading.Event()
    def work():
        with interrupts.held():
            held[0].set()
            held[1].wait()
    thread = threading.Thread(target=work)
    thread.start()
    held[0].wait()
    try:
        interrupt()
        print("never")
    finally:
        held[1].set()
    """
    assert run(code) == (130, [])


@pytest.mark.parametrize("inside", ["pass", "raise KeyError", "sys.exit(7)"])
def test_a_context_is_left_whole_however_it_ends(inside: str) -> None:
    code = f"""
    with interrupts.left_whole(context()):
        {inside}
    print("never")
    """
    assert run(code) == (130, ["in", "out"])


def test_a_context_that_swallows_an_error_may_do_so() -> None:
    code = """
    import contextlib
    with interrupts.left_whole(contextlib.suppress(KeyError)):
        raise KeyError
    print("on")
    """
    assert run(code) == (0, ["on"])


def test_what_is_said_of_it() -> None:
    code = """
    end = interrupts.Interrupted(signal.SIGTERM)
    print(end)
    interrupts.servers_begin()
    print(end)
    end.written = "output"
    print(end)
    """
    assert run(code)[1] == [
        "ended by SIGTERM; nothing was written",
        "ended by SIGTERM; the throwaway servers are gone and nothing was written",
        "ended by SIGTERM; the throwaway servers are gone and output is written",
    ]


def test_one_that_no_wait_of_the_main_thread_was_broken_by_is_seen_soon() -> None:
    """As if it had come just before the wait: the main thread blocks it, so another gets it."""
    code = """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    waiting = threading.Lock()
    try:
        threading.Timer(0.2, os.kill, [os.getpid(), signal.SIGINT]).start()
        for _ in range(2):
            waiting.acquire(timeout=60)
    finally:
        print("woken", interrupts.came(), flush=True)
    """
    assert run(code) == (130, ["woken 2"])
