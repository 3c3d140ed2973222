"""Drafts that passed every check → the values of our records. Handles, media and areas are the caller's to resolve."""

from collections.abc import Callable
from datetime import datetime

from schemas.calendar_rules import occurrences, rrule_text
from schemas.drafts import CallDraft, EventDraft, FindingDraft, PostDraft
from schemas.drafts.parts import PlaceDraft
from schemas.languages import canonical
from schemas.licences import address_of
from schemas.rules.event import rule
from schemas.things import CallDetail, EventDetail, FindingDetail, Link, Place, Version
from schemas.times import local_to_instant, wall_time


def versions(draft: EventDraft | FindingDraft | CallDraft, render: Callable[[str], str]) -> tuple[Version, ...]:
    """The language versions; `render` turns an author's Markdown into safe HTML."""
    return tuple(
        Version(
            language=canonical(one.language) or one.language,
            name=one.name.strip(),
            summary=one.summary.strip(),
            content=render(one.text),
            source=one.text,
        )
        for one in draft.versions
    )


def post_version(draft: PostDraft, language: str, render: Callable[[str], str]) -> Version:
    """The one version of a post; `language` stands where the draft names none."""
    spoken = canonical(draft.language) if draft.language else None
    return Version(
        language=spoken or language, summary=draft.summary.strip(), content=render(draft.text), source=draft.text
    )


def place(given: PlaceDraft | None) -> Place | None:
    """The place, as yet without the id under which it is served."""
    if given is None:
        return None
    return Place(
        name=given.name.strip(),
        street=given.street.strip(),
        postal_code=given.postal_code.strip(),
        locality=given.locality.strip(),
        region=given.region.strip(),
        country=given.country,
        latitude=given.latitude,
        longitude=given.longitude,
    )


def events(draft: EventDraft, organisers: tuple[str, ...]) -> tuple[EventDetail, ...]:
    """One detail per date of the event or series, in order. `organisers`: ids, co-hosts included."""
    starts = wall_time(draft.starts)
    if draft.repeat is None:
        return (_event(draft, organisers, starts, None),)
    series = rule(draft.repeat)
    text = rrule_text(starts, series)
    return tuple(_event(draft, organisers, each, text) for each in occurrences(starts, series))


def _event(draft: EventDraft, organisers: tuple[str, ...], starts: datetime, rrule: str | None) -> EventDetail:
    lasting = wall_time(draft.ends) - wall_time(draft.starts) if draft.ends else None
    ends = starts + lasting if lasting is not None else None
    return EventDetail(
        starts_at=local_to_instant(starts, draft.zone),
        starts_local=starts,
        zone=draft.zone,
        ends_at=local_to_instant(ends, draft.zone) if ends else None,
        ends_local=ends,
        status=draft.status,
        place=place(draft.place),
        online_url=draft.online_url,
        capacity=draft.capacity,
        waiting_list=draft.waiting_list,
        join_mode=draft.join_mode,
        external_url=draft.external_url,
        categories=draft.categories,
        organisers=organisers,
        rrule=rrule,
    )


def finding(draft: FindingDraft) -> FindingDetail:
    """What was learnt, the licence by its address."""
    return FindingDetail(
        finding_kind=draft.finding_kind,
        claim=draft.claim.strip(),
        reasons=tuple(reason.strip() for reason in draft.reasons),
        scope=draft.scope.strip(),
        born_of=draft.born_of,
        sources=tuple(Link(url=source.url, name=source.name.strip()) for source in draft.sources),
        contributors=tuple(name.strip() for name in draft.contributors),
        license=address_of(draft.license) if draft.license else None,
    )


def call(draft: CallDraft) -> CallDetail:
    """Who is looking for whom; times become instants."""
    return CallDetail(
        purpose=draft.purpose,
        skills=tuple(skill.strip() for skill in draft.skills),
        effort=draft.effort.strip(),
        effort_hours=draft.effort_hours,
        remote=draft.remote,
        place=place(draft.place),
        deadline=_instant(draft.deadline, draft.zone),
        begins=_instant(draft.begins, draft.zone),
        ends=_instant(draft.ends, draft.zone),
        places=draft.places,
        respond_by=draft.respond_by,
        contact=draft.contact.strip(),
    )


def _instant(written: str | None, zone: str | None) -> datetime | None:
    return local_to_instant(wall_time(written), zone) if written and zone else None
