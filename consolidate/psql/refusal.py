"""What a command or variable of psql can not be done for."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - a decision, which the caller puts a place to
    """Why something of psql is not carried out, and what to do instead."""
