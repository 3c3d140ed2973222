"""A call as it goes over the wire: a Note that says everything to people, and a ValueFlows Intent that hubs can satisfy
(FEP-0837)."""

from federation import sanitise
from federation.build import lines, markup, parts
from federation.build.amounts import amount
from federation.build.parts import Document
from federation.build.urls import Urls
from federation.build.words import call_prefix, words
from schemas.records import Post
from schemas.things import CallDetail, Version

TAG = "CoopCall"
_UNIT, _HOURS = "one", "hour"


def document(post: Post, urls: Urls) -> Document:
    """The Note of a post of that kind. Raises ValueError for a post without a call.

    No `name` and no `summary`: readers would take them for a vote or a content warning.
    """
    call = post.call
    if call is None:
        raise ValueError(f"{post.uri} is no call")

    def content(version: Version) -> str:
        return sanitise.html(_text(post, call, version, urls))

    return (
        parts.at_context("place", "call", "quote")
        | parts.head(post)
        | parts.addressed(post, urls)
        | parts.dated(post)
        | ({"endTime": parts.instant(call.deadline)} if call.deadline else {})
        | {"sensitive": post.sensitive}
        | parts.in_languages("content", post.versions, content)
        | parts.source(post.versions[0])
        | parts.tagged(post, urls, also=(TAG,))
        | ({"location": parts.place(call.place)} if call.place else {})
        | {"attachment": parts.media(post.attachments)}
        | parts.thread(post, urls)
        | {"purpose": call.purpose, "unitBased": False, "publishes": intent(post, call, urls)}
        | {"coop:call": _own(post, call)}
        | parts.quotable(post, urls)
        | parts.own_versions(post.versions)
    )


def intent(post: Post, call: CallDetail, urls: Urls) -> Document:
    """The primary Intent: so many people, so many hours each, until when. Numbers are strings in ValueFlows."""
    free = max(call.places - call.places_taken, 0) if call.places else None
    available = free if call.state == "open" else 0
    told: Document = {
        "type": "Intent",
        "id": call.intent_uri or urls.intent(post.uri),
        "action": "work",
        "resourceQuantity": amount(_UNIT, call.places),
        "availableQuantity": amount(_UNIT, available),
    }
    if call.effort_hours:
        told["effortQuantity"] = amount(_HOURS, call.effort_hours)
    times = {"hasBeginning": call.begins, "hasEnd": call.ends, "due": call.deadline}
    return told | {key: parts.instant(moment) for key, moment in times.items() if moment}


def _text(post: Post, call: CallDetail, version: Version, urls: Urls) -> str:
    """Title, text, facts, link and tag: a reader of notes needs nothing else to answer."""
    spoken = words(version.language)
    kind = spoken.call if call.purpose == "request" else spoken.offer
    facts = (f"{markup.plain(label)}{markup.plain(value)}" for label, value in lines.call_facts(call, version.language))
    return "".join(
        (
            markup.paragraph(markup.strong(call_prefix(call.state, version.language) + kind + version.name)),
            version.content or markup.paragraph(markup.plain(version.summary)),
            markup.bullets(facts),
            markup.paragraph(markup.link(post.url)),
            markup.paragraph(markup.hashtag(urls.tag(TAG), TAG)),
        )
    )


def _own(post: Post, call: CallDetail) -> Document:
    mail = f"mailto:{call.contact}" if call.contact else None
    doors = [mail if door == "mail" else door for door in call.respond_by]
    told: Document = {
        "title": {version.language: version.name for version in post.versions},
        "skills": [{"name": skill} for skill in call.skills],
        "commitment": call.effort,
        "onSite": call.place is not None,
        "remote": call.remote,
        "topics": [post.area] if post.area else [],
        "state": call.state,
        "respondBy": [door for door in doors if door],
        "contact": call.contact,
        "timezone": call.zone,
        "placesTaken": call.places_taken,
    }
    return told | ({"places": call.places} if call.places else {})
