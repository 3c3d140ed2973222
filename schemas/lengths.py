"""How long a text counts, the same for every door: what somebody has to say, not how long addresses happen to be."""

import re

from schemas.limits import URL_COUNTS_AS

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_FAR_HANDLE = re.compile(r"(?<![\w/])(@\w+(?:[.-]\w+)*)@[\w.-]*\w")


def counted(text: str) -> int:
    """The characters of a text: each web address as URL_COUNTS_AS, of a handle only what stands before its host."""
    return len(_FAR_HANDLE.sub(r"\1", _ADDRESS.sub("x" * URL_COUNTS_AS, text)))
