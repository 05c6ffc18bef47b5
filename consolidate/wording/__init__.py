"""How each object of the truth is written: the ladder from the authors' words downwards."""

from __future__ import annotations
