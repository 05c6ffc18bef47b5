"""Turn a messy PostgreSQL migration history into a short one that is proven the same."""

from __future__ import annotations

__version__ = "0.1.0"
