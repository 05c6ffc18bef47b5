"""What the helpers of these tests know of."""

from __future__ import annotations

LIST = (
    ("20250101_000000", "initial_schema"),
    ("20250102_120000", "rooms_table"),
    ("20250111_000000", "check_migration_status"),
    ("20250112_000000", "verify_schema_integrity"),
)
"""The migrations of `check_migration_status()`."""

CHECKS = (
    "foreign key indexes",
    "row level security",
    "policies",
    "indexes",
    "constraints",
    "triggers",
    "primary keys",
    "sequences",
)
"""Of `verify_schema_integrity()`, in the order in which it answers."""
