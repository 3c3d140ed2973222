"""A thing of another server: post, event, finding, call, poll or vote, from Note, Article, Event, Question and more."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from federation import audience, sanitise
from federation.read import call, event, finding, media, poll, tags
from federation.read.errors import BadDocument, Unwanted
from federation.read.fields import (
    Document,
    documents,
    flag,
    moment,
    reference,
    references,
    required_id,
    same_host,
    same_origin,
    slug,
    text,
    unique,
)
from federation.read.text import language_of, versions
from federation.terms import THINGS
from schemas.languages import canonical
from schemas.limits import READ_LINKS, READ_RECIPIENTS
from schemas.objects import RemoteActivity, RemoteObject
from schemas.things import CallDetail, EventDetail, FindingDetail, Kind, Version


class _Details(msgspec.Struct, frozen=True):
    kind: Kind = "post"
    event: EventDetail | None = None
    finding: FindingDetail | None = None
    call: CallDetail | None = None


def thing(doc: Document, *, followers: str | None = None, received: datetime | None = None) -> RemoteObject:
    """Read a normalised thing.

    `followers`: its author's followers collection, if known. `received` stands in for a missing `published`. Raises
    Unwanted for what is no post, BadDocument without an id or an author, or with an author of another origin. An
    event without name or start, and a malformed call or finding, are plain posts.
    """
    doc = event.inside_group(doc) or doc
    kind = _wanted_type(doc)
    found_id = required_id(doc)
    vote = poll.vote(doc)
    if "#" in found_id and vote is None:
        raise BadDocument("id", "has a fragment")
    author = _author(doc, found_id)
    details = _details(doc)
    said = _titled(versions(doc), call.titles(doc)) if details.call else versions(doc)
    to, cc = references(doc, "to", READ_RECIPIENTS), references(doc, "cc", READ_RECIPIENTS)
    published = moment(doc, "published") or moment(doc, "updated") or received or datetime.now(UTC)
    return RemoteObject(
        id=found_id,
        type=kind,
        kind=details.kind,
        attributed_to=author,
        organisers=details.event.organisers if details.event else (),
        url=page_url(doc, found_id),
        versions=said,
        language=language_of(said),
        to=to,
        cc=cc,
        audience=audience.of(to, cc, followers),
        published=published,
        updated=max(moment(doc, "updated") or published, published),
        sensitive=flag(doc, "sensitive"),
        in_reply_to=reference(doc, "inReplyTo"),
        context=reference(doc, "context"),
        replies=reference(doc, "replies"),
        tags=tags.hashtags(doc),
        mentions=tags.mentions(doc),
        emoji=tags.emoji(doc),
        links=tags.links(doc),
        attachments=media.attachments(doc),
        **_quoting(doc, followers),
        event=details.event,
        finding=details.finding,
        call=details.call,
        poll=poll.poll(doc) if kind == "Question" else None,
        vote=vote,
        rsvp_for=reference(doc, "coop:rsvpFor") if kind == "Question" else None,
        **_belonging(doc, details, found_id),
    )


def carried(activity: RemoteActivity, *, followers: str | None = None) -> RemoteObject:
    """The thing inside a Create or Update: what it leaves unsaid its activity says, and the narrower audience counts.

    Only after `trust.may_say` answered `take`. Raises like `thing`, and BadDocument if nothing is embedded.
    """
    doc = activity.object
    if doc is None:
        raise BadDocument("object", "not embedded")
    unsaid = {"attributedTo": [activity.actor]} if "attributedTo" not in doc and "actor" not in doc else {}
    if "to" not in doc and "cc" not in doc:
        unsaid |= {"to": list(activity.to), "cc": list(activity.cc)}
    found = thing(unsaid | doc, followers=followers, received=activity.published)
    if not activity.to and not activity.cc:
        return found
    narrowed = audience.narrower(found.audience, audience.of(activity.to, activity.cc, followers))
    return found if narrowed == found.audience else msgspec.structs.replace(found, audience=narrowed)


def page_url(doc: Document, own_id: str) -> str:
    """The page for people: the first HTML address on the host of the id, else the id itself (case 19)."""
    links = documents(doc, "url", READ_LINKS)
    pages = [one for one in links if text(one, "mediaType").partition(";")[0].strip() in ("", "text/html")]
    found = (sanitise.url(text(one, "href")) for one in sorted(pages, key=lambda one: not text(one, "mediaType")))
    return next((one for one in found if one and same_host(one, own_id)), own_id)


def _quoting(doc: Document, followers: str | None) -> dict[str, Any]:
    """What it quotes, the stamp that allows it, and who may quote it (FEP-044f)."""
    return {
        "quote": tags.quote(doc),
        "quote_authorization": reference(doc, "quoteAuthorization"),
        "quote_policy": tags.quote_policy(doc, followers),
    }


def _wanted_type(doc: Document) -> str:
    kind = text(doc, "type")
    if not kind:
        raise BadDocument("type", "missing")
    if kind not in THINGS:
        raise Unwanted("gone" if kind == "Tombstone" else f"type {kind[:40]}")
    return kind


def _author(doc: Document, own_id: str) -> str:
    """The first author; a document vouches for authors of its own origin only."""
    named = references(doc, "attributedTo", READ_RECIPIENTS) or unique([reference(doc, "actor")], 1)
    if not named:
        raise BadDocument("attributedTo", "missing")
    if not same_origin(named[0], own_id):
        raise BadDocument("attributedTo", "has another origin than the id")
    return named[0]


def _details(doc: Document) -> _Details:
    match doc.get("type"):
        case "Event" if text(doc, "name") or doc.get("nameMap"):
            found = event.detail(doc)
            return _Details("event", event=found) if found else _Details()
        case "Article":
            learnt = finding.detail(doc)
            return _Details("finding", finding=learnt) if learnt else _Details()
        case "Note" | "Proposal":
            asked = call.detail(doc)
            return _Details("call", call=asked) if asked else _Details()
    return _Details()


def _titled(said: tuple[Version, ...], titles: dict[str, str]) -> tuple[Version, ...]:
    """Calls carry their title beside the text."""
    named = {canonical(tag) or tag: title for tag, title in titles.items()}
    first = next(iter(titles.values()), "")
    return tuple(one if one.name else msgspec.structs.replace(one, name=named.get(one.language, first)) for one in said)


def _belonging(doc: Document, details: _Details, own_id: str) -> dict[str, Any]:
    """The area it is about, and of a thing what it came from; nothing comes from itself."""
    said = reference(doc, "coop:origin") or (details.finding.born_of if details.finding else None)
    born_of = said if details.kind != "post" and said != own_id else None
    return {"area": _area(doc), "born_of": born_of}


def _area(doc: Document) -> str | None:
    """Hubs compare areas by name, the last segment of the area's id."""
    said = reference(doc, "coop:area")
    return slug(said.rpartition("/")[2]) if said else None
