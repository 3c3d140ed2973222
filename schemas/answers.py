"""Answers to calls, as our database knows them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from schemas.records import Record


class Answer(Record, frozen=True, kw_only=True):
    """An answer to a call, private to the answerer and the call's owner."""

    id: int
    call_id: int
    actor_id: int
    door: Literal["reply", "offer", "web", "mail"]
    offer_uri: str | None
    agreement_uri: str | None
    reply_id: int | None
    content: str
    quantity: int
    hours: int | None
    state: Literal["offered", "accepted", "rejected", "withdrawn"]
    answered_at: datetime
    decided_at: datetime | None
    decided_by: int | None
    shortlisted: bool = False
    thanked_at: datetime | None = None
