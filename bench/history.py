"""Writes a history as teams write them: long, messy, and the same for the same seed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bench import moves
from bench.world import Dice, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED = 20250101

STATEMENTS = 10
"""About how many statements a file has, when nobody says it."""

_MOVES: tuple[tuple[int, Callable[[World], list[str]]], ...] = (
    (14, moves.new_table),
    (14, moves.add_column),
    (14, moves.change_column),
    (2, moves.rename_table),
    (10, moves.add_index),
    (6, moves.enum),
    (7, moves.view),
    (8, moves.function),
    (5, moves.trigger),
    (6, moves.policy),
    (6, moves.rights),
    (5, moves.comment),
    (8, moves.seed),
    (5, moves.change_rows),
    (5, moves.constraint),
    (4, moves.point_at),
    (3, moves.drop_table),
)
_WORDS = ("add", "fix", "update", "more", "hotfix", "feature", "cleanup", "wip")

_FIRST = ("CREATE ROLE bench_app", "CREATE ROLE bench_reader")


def generate(
    count: int, seed: int = SEED, each: int = STATEMENTS
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The files of a history in apply order: name, and statements without their semicolons.

    A longer history begins with the shorter ones of the same seed.

    Args:
        count: How many files.
        seed: What all chance comes from.
        each: About how many statements a file has.
    """
    world = World(Dice(seed))
    for number in range(1, count + 1):
        statements = [] if number > 1 else [*_FIRST, *moves.new_table(world)]
        alone = number > 1 and world.dice.happens(0.02)
        if alone:
            statements = moves.rebuild_index(world)
        while not alone and len(statements) < each - 1:
            statements += world.dice.weighted(_MOVES)(world)
        yield f"{number:05d}_{world.dice.one(_WORDS)}.sql", tuple(statements)


def write(folder: Path, count: int, seed: int = SEED, each: int = STATEMENTS) -> int:
    """Writes the files into a folder; returns the number of statements."""
    folder.mkdir(parents=True, exist_ok=True)
    total = 0
    for name, statements in generate(count, seed, each):
        text = "".join(f"{statement};\n\n" for statement in statements)
        (folder / name).write_text(f"-- {name}\n\n{text}", encoding="utf-8")
        total += len(statements)
    return total


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("files", type=int)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    write(asked.folder, asked.files, asked.seed)
