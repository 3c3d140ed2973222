"""The JSON with which people publish a call for collaboration."""

from typing import Annotated

from msgspec import Meta

from schemas.drafts.parts import (
    Area,
    BaseDraft,
    BornOf,
    Line,
    MediumDraft,
    Name,
    PlaceDraft,
    Tags,
    Versions,
    WallTime,
    Zone,
)
from schemas.limits import CALL_EFFORT_HOURS, CALL_PLACES, SKILLS
from schemas.things import AnswerDoor, CallPurpose


class CallDraft(BaseDraft, frozen=True, kw_only=True, tag="call"):
    """A call: who is looking for whom, for what, until when."""

    versions: Versions
    purpose: Annotated[CallPurpose, Meta(description="`request`: we look for people; `offer`: we can do it")] = (
        "request"
    )
    skills: Annotated[tuple[Name, ...], Meta(max_length=SKILLS, examples=[["carpentry", "planning"]])] = ()
    effort: Annotated[Line, Meta(description="in words", examples=["two weekends in May"])] = ""
    effort_hours: Annotated[int, Meta(ge=1, le=CALL_EFFORT_HOURS, description="hours per person")] | None = None
    place: PlaceDraft | None = None
    remote: Annotated[bool, Meta(description="whether it can be done from anywhere")] = False
    zone: Zone | None = None
    deadline: Annotated[WallTime, Meta(description="last moment to answer, wall time in `zone`")] | None = None
    begins: Annotated[WallTime, Meta(description="when the work begins, wall time in `zone`")] | None = None
    ends: Annotated[WallTime, Meta(description="when the work ends, wall time in `zone`")] | None = None
    places: Annotated[int, Meta(ge=1, le=CALL_PLACES, description="people needed; absent: any number")] | None = None
    respond_by: Annotated[tuple[AnswerDoor, ...], Meta(min_length=1, description="ways to answer")] = (
        "reply",
        "offer",
        "web",
    )
    contact: Annotated[Line, Meta(description="whom to ask; public; a mail address if one may answer by mail")] = ""
    area: Area | None = None
    born_of: BornOf | None = None
    tags: Tags = ()
    image: MediumDraft | None = None
