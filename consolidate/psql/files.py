"""What psql asks of the file system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from consolidate.places import SourceText


class Files(Protocol):
    """The files that a history may ask psql to read."""

    def script(self, name: str, asked_by: str, *, beside: bool) -> SourceText:
        r"""The file of an `\i`; that of an `\ir` is looked for beside the file that asks.

        Raises:
            Refusal: There is no such file in the legacy folder, or it can not be read.
        """

    def rows(self, name: str, asked_by: str) -> str:
        r"""The file of a `\copy`.

        Raises:
            Refusal: As above.
        """
