"""What a hub may do without: each by itself, switched off by its stewards. Meetings, posts and members are no modules:
a hub is made of them."""

from __future__ import annotations

from typing import Final

from schemas.reasons import msgid

MODULES: Final = ("findings", "calls", "map", "people", "mail_answers", "polls", "register")

WHY_OFF: Final = {
    "findings": msgid("This hub does not use findings."),
    "calls": msgid("This hub does not use calls."),
    "map": msgid("This hub does not use the map."),
    "people": msgid("This hub keeps no list of people."),
    "mail_answers": msgid("At this hub one does not answer meetings by mail."),
    "polls": msgid("This hub does not ask by polls."),
    "register": msgid("This hub keeps no register of members here."),
}

_BELOW: Final = {
    "/findings": "findings",
    "/findings.atom": "findings",
    "/new/finding": "findings",
    "/api/allmende/v1/findings": "findings",
    "/calls": "calls",
    "/calls.atom": "calls",
    "/new/call": "calls",
    "/api/allmende/v1/calls": "calls",
    "/map": "map",
    "/people": "people",
    "/api/v1/directory": "people",
    "/admin/members": "register",
    "/settings/membership": "register",
}
_FIRST: Final = frozenset(base.split("/")[1] for base in _BELOW)
_OF_EVENTS: Final = {
    "poster": "mail_answers",
    "answer.svg": "mail_answers",
    "answer-by-mail": "mail_answers",
    "findings": "findings",
    "poll": "polls",
}


def module_of(path: str) -> str | None:
    """Which module an address belongs to."""
    if "/events/" in path or "/calls/" in path:
        last = path.rstrip("/").rpartition("/")[2]
        if last in _OF_EVENTS:
            return _OF_EVENTS[last]
    if path[1:].partition("/")[0] not in _FIRST:
        return None
    return next((module for base, module in _BELOW.items() if path == base or path.startswith(f"{base}/")), None)


def module_of_kind(kind: str) -> str:
    """The module to which things of a kind belong; no module's name for those every hub has."""
    return f"{kind}s"
