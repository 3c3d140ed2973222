"""The letters that somebody may switch off one by one: what they are called, and whether those get them who have not
chosen. A kind of notice needs no more than a line here to go out by mail."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from schemas.reasons import msgid


class Letters(msgspec.Struct, frozen=True, kw_only=True):
    """`usual`: everybody gets them who has not chosen; `needs`: the permission without which nobody ever does."""

    label: str
    usual: bool = True
    needs: str | None = None


KINDS: Mapping[str, Letters] = {
    "digest": Letters(label=msgid("A letter once a week with what is on, what was learnt and what waits for you")),
    "mention": Letters(label=msgid("Somebody mentions you")),
    "reply": Letters(label=msgid("Somebody replies to you")),
    "follow_request": Letters(label=msgid("Somebody would like to follow you")),
    "match": Letters(label=msgid("A call fits what you can and want to do")),
    "answer": Letters(label=msgid("Somebody answers your call")),
    "answer_decided": Letters(label=msgid("Your answer to a call is decided about")),
    "co_host": Letters(label=msgid("Somebody asks you to hold an event together")),
    "follow": Letters(label=msgid("Somebody follows you"), usual=False),
    "report": Letters(label=msgid("Somebody reports something (for those who look after the hub)"), needs="see_cases"),
}

OF_NOTICES = tuple(kind for kind in KINDS if kind != "digest")
"""Kinds of notices (node.store.notifications) that go out by mail."""

USUAL = tuple(kind for kind in OF_NOTICES if KINDS[kind].usual)

SECRET = ("confirm_address", "reset_password")
"""Letters that hold a key: nobody but their reader may see them."""
