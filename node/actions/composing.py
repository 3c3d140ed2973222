"""From a draft to what is kept: wall times become instants, Markdown becomes HTML, names become actors. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from federation.build.urls import Urls
from node.actions.surroundings import Surroundings
from schemas.drafts import CallDraft, EventDraft, FindingDraft, PostDraft
from schemas.drafts.parts import MediumDraft, PlaceDraft
from schemas.licences import address_of
from schemas.limits import CORRECTIONS
from schemas.records import Actor, Medium
from schemas.things import Attachment, CallDetail, Correction, EventDetail, FindingDetail, Link, Place, Poll, PollOption
from schemas.times import local_to_instant, wall_time

MOVED = "moved"


def event_detail(
    draft: EventDraft,
    around: Surroundings,
    author: Actor,
    *,
    starts: datetime | None = None,
    rrule: str | None = None,
    before: EventDetail | None = None,
) -> EventDetail:
    """When and where. `starts`: the wall time of another date of a series. `before`: what is changed; what only the
    organisers' list and the calendar know is taken over from it, and its SEQUENCE (RFC 5545) goes one up."""
    first = wall_time(draft.starts)
    begins = starts or first
    ends = wall_time(draft.ends) - first + begins if draft.ends else None
    detail = EventDetail(
        starts_at=local_to_instant(begins, draft.zone),
        starts_local=begins,
        zone=draft.zone,
        ends_at=local_to_instant(ends, draft.zone) if ends else None,
        ends_local=ends,
        status=draft.status,
        place=place_of(draft.place),
        online_url=draft.online_url,
        capacity=draft.capacity,
        waiting_list=draft.waiting_list,
        join_mode=draft.join_mode,
        external_url=draft.external_url,
        categories=draft.categories,
        organisers=organisers(draft, around, author),
        uid=draft.uid,
        told_at=draft.told_at,
        rrule=rrule,
    )
    return detail if before is None else changed_event(detail, before)


def changed_event(detail: EventDetail, before: EventDetail) -> EventDetail:
    """A changed event: `moved` remembers where it was moved from, any other status forgets it."""
    previous = None
    if detail.status == MOVED:
        previous = before.starts_at if detail.starts_at != before.starts_at else before.previous_start
    return msgspec.structs.replace(
        detail, previous_start=previous, rrule=before.rrule, sequence=before.sequence + 1, going=before.going
    )


def organisers(draft: EventDraft, around: Surroundings, author: Actor) -> tuple[str, ...]:
    """Who holds it and who else does, by id; none where it is only who publishes it."""
    held = [around.people[name].uri for name in draft.organisers] or [author.uri]
    together = (*held, *(around.people[name].uri for name in draft.co_hosts))
    return tuple(dict.fromkeys(together)) if draft.organisers or draft.co_hosts else ()


def finding_detail(draft: FindingDraft, now: datetime, before: FindingDetail | None = None) -> FindingDetail:
    """What was learnt. A change may say what it puts right; that a finding is retracted is not changed by editing."""
    corrections = before.corrections if before else ()
    state = before.state if before else "valid"
    if before and draft.correction.strip():
        corrections = (*corrections, Correction(at=now, text=draft.correction.strip()))[-CORRECTIONS:]
        state = "corrected" if state == "valid" else state
    return FindingDetail(
        finding_kind=draft.finding_kind,
        claim=draft.claim.strip(),
        reasons=draft.reasons,
        scope=draft.scope,
        born_of=draft.born_of,
        sources=tuple(Link(url=source.url, name=source.name) for source in draft.sources),
        contributors=draft.contributors,
        license=address_of(draft.license) if draft.license else None,
        state=state,
        corrections=corrections,
        retraction=before.retraction if before else "",
        retracted_at=before.retracted_at if before else None,
    )


def call_detail(draft: CallDraft, intent_uri: str, before: CallDetail | None = None) -> CallDetail:
    """Who is sought, for what, until when; state and places taken are not changed by editing it."""

    def instant(written: str | None) -> datetime | None:
        return local_to_instant(wall_time(written), draft.zone) if written and draft.zone else None

    return CallDetail(
        purpose=draft.purpose,
        skills=draft.skills,
        effort=draft.effort,
        effort_hours=draft.effort_hours,
        remote=draft.remote,
        place=place_of(draft.place),
        deadline=instant(draft.deadline),
        begins=instant(draft.begins),
        ends=instant(draft.ends),
        zone=draft.zone or "UTC",
        places=draft.places,
        places_taken=before.places_taken if before else 0,
        respond_by=draft.respond_by,
        contact=draft.contact,
        state=before.state if before else "open",
        intent_uri=intent_uri,
    )


def place_of(draft: PlaceDraft | None) -> Place | None:
    """A place as it was entered; its address on the wire comes from the store."""
    return msgspec.convert(msgspec.structs.asdict(draft), Place) if draft else None


def poll_of(draft: PostDraft, now: datetime, before: Poll | None = None) -> Poll | None:
    """A poll that runs from now on; while its answers stay the same, votes and end stay too."""
    if draft.poll is None:
        return None
    if before and [one.name for one in before.options] == list(draft.poll.options):
        return before
    return Poll(
        options=tuple(PollOption(name=name) for name in draft.poll.options),
        multiple=draft.poll.multiple,
        hide_totals=draft.poll.hide_totals,
        ends_at=now + timedelta(minutes=draft.poll.minutes),
        voters=0,
    )


def attachments_of(drafts: Sequence[MediumDraft], media: Mapping[int, Medium], urls: Urls) -> list[Attachment]:
    """The media as they are served; each once."""
    chosen = {int(draft.media_id): draft for draft in drafts if draft.media_id}
    return [_attachment(draft, media[media_id], urls) for media_id, draft in chosen.items()]


def _attachment(draft: MediumDraft, medium: Medium, urls: Urls) -> Attachment:
    kept = (medium.focus_x, medium.focus_y)
    return Attachment(
        url=urls.media(medium.path or ""),
        preview_url=urls.media(medium.preview_path) if medium.preview_path else None,
        media_type=medium.media_type,
        alt=draft.alt or medium.alt,
        credit=draft.credit.strip(),
        license=address_of(draft.license) if draft.license else None,
        blurhash=medium.blurhash,
        width=medium.width,
        height=medium.height,
        focus=draft.focus or ((kept[0], kept[1]) if kept[0] is not None and kept[1] is not None else None),
        widths=tuple(medium.widths),
        avif=medium.avif,
        media_id=medium.id,
    )
