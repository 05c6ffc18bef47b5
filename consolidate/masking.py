"""Hides passwords in what is shown, wherever a URL may stand."""

from __future__ import annotations

import re

_SEVERAL = re.compile(r",(?=[a-z]+://)")
_IN_AUTHORITY = re.compile(r"(?<=://)([^:@/?,]*):(?:[^?,]*@|[^/@]*@)")
"""libpq takes as password what stands before the first @; who forgets to escape one, or a slash,
has it hidden up to the last."""
_IN_QUERY = re.compile(r"(?<=[?&])((?:ssl)?password=)[^&,\s]*")
_IN_TEXT = re.compile(r"(?<![\w+])(?!docker:)[a-z]+://\S+")


def masked(url: str) -> str:
    """A URL, whatever is wrong with it, or several with commas between them, that can be shown."""
    return ",".join(_masked(one) for one in _SEVERAL.split(url))


def masked_text(text: str) -> str:
    """A text that can be shown, whatever URLs stand in it."""
    return _IN_TEXT.sub(lambda found: masked(found[0]), text) if "://" in text else text


def _masked(url: str) -> str:
    return _IN_QUERY.sub(r"\1***", _IN_AUTHORITY.sub(r"\1:***@", url))
