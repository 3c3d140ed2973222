"""Why a file is not taken, in sentences that its owner may read."""

from __future__ import annotations

from schemas.reasons import msgid

UNKNOWN_TYPE = msgid("Files of this kind are not taken here.")
BROKEN = msgid("This file is damaged, or not what it seems to be.")
EMPTY_FILE = msgid("This file is empty.")
TOO_HEAVY = msgid("This file is too large: {max} MB at most.")
TOO_MANY_PIXELS = msgid("This picture is too large: {max} million pixels at most.")
TOO_LONG = msgid("This is too long: {max} minutes at most.")
TOO_COSTLY = msgid("Processing this file takes too much time or memory. A smaller one will do.")
NOT_CONVERTED = msgid("Films of other servers are shown only if they are MP4 (H.264) already.")
NOT_THERE = msgid("The server that had this file does not give it.")


class MediaRefused(Exception):
    """A file that is not taken. `reason` is a msgid with {named} gaps for `values`."""

    def __init__(self, reason: str, **values: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values

    def __str__(self) -> str:
        return self.reason.format(**self.values)
