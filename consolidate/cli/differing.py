"""What `consolidate diff` does: compares, shows what differs, answers with an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import comparison
from consolidate.cli.options import Page
from consolidate.cli.talk import Talk
from consolidate.masking import masked
from consolidate.report import comparison as report
from consolidate.report import console, terminal
from consolidate.trouble import ServerTrouble
from consolidate.verdict import Level

if TYPE_CHECKING:
    from consolidate.cli.options import Document
    from consolidate.comparison import Asked

YES, NO = 0, 1


def diff(asked: Asked, answer: Document) -> int:
    """Compares what was asked for."""
    talk = Talk(answer)
    phase = ""
    with talk.progress() as progress:
        prepared = comparison.prepare(asked)
        for line in prepared.talk:
            talk.say(line)

        def begin(what: str) -> None:
            nonlocal phase
            phase = what
            progress(what)

        try:
            verdicts = comparison.compare(prepared, begin)
        except ServerTrouble as trouble:
            trouble.during(phase)
            raise
    told = report.Told(masked(asked.left), masked(asked.right), verdicts)
    match answer.format:
        case Page.JSON:
            console.write(report.as_json(told))
        case Page.MARKDOWN:
            console.write(report.as_markdown(told))
        case _:
            terminal.comparison_view(told, console.make(color=answer.colored))
    return NO if told.level is Level.DIFFERENT else YES
