"""What a mail address looks like here: plain, without a name around it."""

from __future__ import annotations

import re

_MAIL = re.compile(r"[^\s@<>\"(),:;\[\]\\]+@[\w-]+(\.[\w-]+)+")


def is_mail_address(text: str) -> bool:
    """Whether this is a plain mail address, without a name around it."""
    return _MAIL.fullmatch(text) is not None
