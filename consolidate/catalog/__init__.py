"""Witnesses of what a database holds: facts of its catalog, and the comparison of two sets."""

from __future__ import annotations
