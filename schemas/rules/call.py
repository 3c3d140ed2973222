"""Rules for calls: where the work is, until when to answer, and that an answer can arrive."""

from datetime import datetime

from schemas import reasons
from schemas.drafts import CallDraft
from schemas.mail_addresses import is_mail_address
from schemas.rules import parts
from schemas.rules.parts import Problems, problem
from schemas.times import is_zone


def check(draft: CallDraft, now: datetime, *, new: bool) -> Problems:
    """All that is wrong with a call. Only a `new` one must have its deadline still to come."""
    yield from parts.audience(draft)
    yield from parts.versions(draft.versions)
    yield from parts.lines("skills", draft.skills)
    yield from parts.once("skills", tuple(skill.casefold() for skill in draft.skills))
    yield from parts.line("effort", draft.effort)
    yield from parts.place(draft.place)
    if draft.place is None and not draft.remote:
        yield problem("place", reasons.WHERE_OR_REMOTE)
    yield from _times(draft, now, new=new)
    yield from parts.once("respond_by", draft.respond_by)
    yield from parts.line("contact", draft.contact)
    if "mail" in draft.respond_by and not is_mail_address(draft.contact):
        yield problem("contact", reasons.NO_MAIL_ADDRESS)
    yield from parts.area(draft.area)
    yield from parts.web_address("born_of", draft.born_of)
    yield from parts.tags(draft.tags)
    yield from parts.medium("image", draft.image)


def _times(draft: CallDraft, now: datetime, *, new: bool) -> Problems:
    given = [name for name in ("deadline", "begins", "ends") if getattr(draft, name) is not None]
    if draft.zone is not None and not is_zone(draft.zone):
        yield problem("zone", reasons.NO_ZONE)
    if given and draft.zone is None:
        yield problem("zone", reasons.ZONE_NEEDED)
    for name in given:
        yield from parts.moment(name, getattr(draft, name), draft.zone, now)
    deadline = parts.instant(draft.deadline, draft.zone)
    if new and deadline is not None and deadline <= now:
        yield problem("deadline", reasons.IN_THE_PAST)
    begins, ends = parts.instant(draft.begins, draft.zone), parts.instant(draft.ends, draft.zone)
    if begins and ends and ends <= begins:
        yield problem("ends", reasons.ENDS_BEFORE_START)
