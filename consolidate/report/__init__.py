"""Views of plans, findings and verdicts; they show what was decided elsewhere."""

from __future__ import annotations
