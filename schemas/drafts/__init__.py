"""What people send to publish something: JSON tagged by `kind`, the same for the API, the command and the web form."""

from schemas.drafts.call import CallDraft
from schemas.drafts.event import EventDraft
from schemas.drafts.finding import FindingDraft
from schemas.drafts.post import PostDraft

Draft = EventDraft | FindingDraft | CallDraft | PostDraft

KINDS: dict[str, type[EventDraft | FindingDraft | CallDraft | PostDraft]] = {
    "event": EventDraft,
    "finding": FindingDraft,
    "call": CallDraft,
    "post": PostDraft,
}

__all__ = ["KINDS", "CallDraft", "Draft", "EventDraft", "FindingDraft", "PostDraft"]
