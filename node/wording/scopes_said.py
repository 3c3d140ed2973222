"""What scopes mean, in plain words and in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from node.wording.language import gettext
from schemas.reasons import msgid

WHOLE = {
    "read": msgid("Read all that you can read here: posts, messages, notices, lists and settings."),
    "write": msgid("Do in your name what you can do here: publish, change and delete posts, react, answer, report."),
    "follow": msgid("Change whom you follow, mute and block."),
    "push": msgid("Send you notices while the app is closed."),
    "profile": msgid("Learn your name and see your picture."),
}
READ_PARTS = msgid("Read: {parts}.")
WRITE_PARTS = msgid("Change in your name: {parts}.")
STAFF = msgid("Do in your name what your office allows: see people and reports, take measures.")
PARTS = {
    "accounts": msgid("profiles"),
    "blocks": msgid("whom you block"),
    "bookmarks": msgid("bookmarks"),
    "collections": msgid("collections of people"),
    "conversations": msgid("conversations"),
    "favourites": msgid("what you like"),
    "filters": msgid("filters"),
    "follows": msgid("whom you follow"),
    "lists": msgid("lists"),
    "media": msgid("pictures and other media"),
    "mutes": msgid("whom you mute"),
    "notifications": msgid("notices"),
    "reports": msgid("reports"),
    "search": msgid("search results"),
    "statuses": msgid("posts"),
}


def in_words(scopes: Sequence[str], language: str) -> list[str]:
    """A sentence for each thing the scopes allow, the broad ones first; what a broad one contains is not said again."""
    said = [gettext(language, words) for name, words in WHOLE.items() if name in scopes]
    for verb, words in (("read", READ_PARTS), ("write", WRITE_PARTS)):
        parts = [one.partition(":")[2] for one in scopes if one.startswith(f"{verb}:") and verb not in scopes]
        if parts:
            said.append(gettext(language, words, parts=", ".join(gettext(language, PARTS[one]) for one in parts)))
    if any(one.startswith("admin:") for one in scopes):
        said.append(gettext(language, STAFF))
    return said
