"""What our own JSON API takes and answers about relations: follows, who comes to an event, answers to calls."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from schemas.limits import ADDRESS_BYTES, ANSWER_CHARS, CALL_EFFORT_HOURS, CALL_PLACES, LINE_CHARS
from schemas.published import Answer, Person

Who = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=ADDRESS_BYTES,
        pattern=r"^[^\x00]*$",
        description="a handle, or the address (id) of an account",
        examples=["@hub@hub.example", "https://hub.example/actors/hub"],
    ),
]


class Wish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what is asked for: unknown fields are refused."""


class FollowWish(Wish, frozen=True, kw_only=True):
    """Whom to follow."""

    who: Who


class RsvpWish(Wish, frozen=True, kw_only=True):
    """Whether one comes; the organisers see who said so."""

    state: Literal["going", "maybe", "declined"]
    note: Annotated[str, Meta(max_length=LINE_CHARS, description="to the organisers")] = ""


class CoHostWish(Wish, frozen=True, kw_only=True):
    """Whether one holds an event together with who asked."""

    agrees: bool


class AnswerWish(Wish, frozen=True, kw_only=True):
    """What one offers to do; only those who made the call read it."""

    text: Annotated[str, Meta(min_length=1, max_length=ANSWER_CHARS, description="plain text; blank lines part it")]
    quantity: Annotated[int, Meta(ge=1, le=CALL_PLACES, description="for how many people")] = 1
    hours: Annotated[int, Meta(ge=1, le=CALL_EFFORT_HOURS)] | None = None


class Followed(Answer, frozen=True, kw_only=True):
    """Whom one follows; `pending` until the other side agrees."""

    who: Person
    state: Literal["pending", "accepted"]
    since: datetime


class Attending(Answer, frozen=True, kw_only=True):
    """An answer to an event; `asked` until its organiser agrees, `waiting` for a seat. Guests have a name only."""

    who: Person | None = None
    name: str = ""
    state: Literal["going", "maybe", "waiting", "asked", "declined"]
    note: str = ""
    answered: datetime


class Answered(Answer, frozen=True, kw_only=True):
    """An answer to a call; `text` is safe HTML."""

    id: str
    who: Person
    text: str
    quantity: int
    hours: int | None = None
    state: Literal["offered", "accepted", "rejected", "withdrawn"]
    answered: datetime
    decided: datetime | None = None
