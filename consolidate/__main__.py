"""Lets `python -m consolidate` do what `consolidate` does."""

from __future__ import annotations

from consolidate.cli import main

main()
