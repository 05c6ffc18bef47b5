"""Words where a sequence shall stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import names

if TYPE_CHECKING:
    from consolidate.catalog.rows import SequencePosition


def put(place: SequencePosition) -> str:
    """The statement that puts a sequence there, wherever it stands."""
    return f"SELECT pg_catalog.setval({names.literal(place.identity)}, {_wanted(place)});"


def put_forward(place: SequencePosition) -> str:
    """The statement that lets a sequence go on to there, but never back."""
    return (
        f"SELECT pg_catalog.setval({names.literal(place.identity)}, {_wanted(place)}) "
        f"FROM {place.identity} WHERE (last_value, is_called) < ({_wanted(place)});"
    )


def put_if_there(place: SequencePosition) -> str:
    """The statement that puts a sequence there, if it was made again."""
    return (
        f"SELECT pg_catalog.setval(oid::pg_catalog.regclass, {_wanted(place)}) FROM "
        f"pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass({names.literal(place.identity)});"
    )


def _wanted(place: SequencePosition) -> str:
    return f"{place.last_value}, {'true' if place.is_called else 'false'}"
