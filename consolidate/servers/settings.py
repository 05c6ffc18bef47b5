"""The settings that make the clusters of all engines alike, and cheap to make."""

from __future__ import annotations

INITDB = (
    *("-E", "UTF8", "--locale=C.UTF-8"),
    "--wal-segsize=1",  # 15 MB less to copy for every cluster
)
"""The arguments of initdb that say what a cluster is like."""

_ALWAYS = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "md5",
    "wal_level": "logical",  # or else CREATE PUBLICATION warns
    "max_connections": "20",
    "max_locks_per_transaction": "2048",  # one transaction may drop all that a long history made
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "autovacuum": "off",
    "autovacuum_max_workers": "1",  # whoever may connect has a share of the table of locks
    "jit": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}
_SINCE = {
    18: {
        "md5_password_warnings": "off",
        "autovacuum_worker_slots": "1",
        "io_method": "sync",  # three processes less to start
    }
}


def settings(major: int, **more: str) -> tuple[str, ...]:
    """The arguments of the program `postgres` of one major version."""
    named = _ALWAYS | more
    for first, since in _SINCE.items():
        if major >= first:
            named |= since
    return tuple(part for name, value in named.items() for part in ("-c", f"{name}={value}"))
