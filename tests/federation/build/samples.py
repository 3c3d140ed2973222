"""Records to build documents from, without a database: a hub, its people, and one thing of each kind."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

from msgspec.structs import replace

from federation.build.urls import Urls
from schemas.records import Actor, Post
from schemas.things import (
    Attachment,
    CallDetail,
    EventDetail,
    FindingDetail,
    Link,
    Place,
    Poll,
    PollOption,
    Version,
)

URLS = Urls("https://hub.example")
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 10, tzinfo=UTC)


def an_actor(name: str = "hub", **fields: Any) -> Actor:
    """A local actor; with `uri`, one of another server."""
    uri = fields.pop("uri", URLS.actor(name))
    usual: dict[str, Any] = {
        "id": 1,
        "uri": uri,
        "kind": "Organization" if name == "hub" else "Person",
        "local": uri.startswith(URLS.base_url),
        "role_here": "hub" if name == "hub" else "member",
        "name": name,
        "host": uri.split("/")[2],
        "url": URLS.profile(name),
        "inbox": f"{uri}/inbox",
        "followers": f"{uri}/followers",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Actor(**(usual | fields))


HUB = an_actor()
ANA = an_actor("ana")
BO = an_actor("bo", uri="https://other.example/users/bo", url="https://other.example/@bo")

PICTURE = Attachment(
    url=URLS.media("ab/bench.webp"),
    media_type="image/webp",
    alt="A bench with tools",
    blurhash="LEHV6nWB2yk8pyo0adR*.7kCMdnj",
    width=800,
    height=600,
    focus=(0.0, -0.5),
)
DATA = Attachment(url=URLS.media("cd/data.csv"), media_type="text/csv", alt="All readings")

HALL = Place(
    name="Halle",
    street="Gasse 1",
    postal_code="3011",
    locality="Bern",
    region="BE",
    country="CH",
    latitude=46.95,
    longitude=7.44,
    uri=URLS.place(4),
)
MEETING = "https://meet.example/r?a=1&b=2"

WORDS = {
    "de": Version(
        language="de",
        name="Repair-Café",
        content="<p>Bring <strong>Kaputtes</strong> mit. Und Freunde.</p>",
        source="Bring **Kaputtes** mit. Und Freunde.",
    ),
    "en": Version(language="en", name="Repair café", summary="Bring what is broken.", content="<p>Bring it.</p>"),
    "fr": Version(language="fr", name="Repair café", content="<p>Apportez ce qui est cassé !</p>"),
    "es": Version(language="es", name="Café de reparación", content="<p>Trae lo roto.</p>"),
    "und": Version(language="und", name="Repair", content="<p>Repair.</p>"),
}


def in_languages(*languages: str) -> list[Version]:
    """Versions in these languages, the first of them primary."""
    return [WORDS[language] for language in languages]


def a_post(kind: str = "post", number: int = 17, **fields: Any) -> Post:
    """A post of the hub, or of `actor`."""
    uri = URLS.thing(kind, number)  # type: ignore[arg-type]
    usual: dict[str, Any] = {
        "id": number,
        "uri": uri,
        "url": uri,
        "kind": kind,
        "type": {"event": "Event", "finding": "Article", "boost": "Announce"}.get(kind, "Note"),
        "local": True,
        "actor": HUB,
        "audience": "public",
        "versions": in_languages("de", "en"),
        "context": URLS.context(number),
        "published_at": NOW,
        "updated_at": NOW,
        "received_at": NOW,
    }
    return Post(**(usual | fields))


def an_event_detail(**fields: Any) -> EventDetail:
    """Saturday afternoon in Zürich."""
    usual: dict[str, Any] = {
        "starts_at": datetime(2026, 3, 7, 13, tzinfo=UTC),
        "starts_local": datetime(2026, 3, 7, 14),
        "zone": "Europe/Zurich",
        "ends_at": datetime(2026, 3, 7, 16, tzinfo=UTC),
        "ends_local": datetime(2026, 3, 7, 17),
        "place": HALL,
    }
    return EventDetail(**(usual | fields))


def an_event(detail: EventDetail | None = None, **fields: Any) -> Post:
    """An event with a picture, a tag and an area."""
    usual: dict[str, Any] = {"attachments": [PICTURE], "tags": ["repair"], "area": "items-sharing"}
    return a_post("event", event=detail or an_event_detail(), **(usual | fields))


FULL_EVENT = an_event_detail(
    online_url=MEETING,
    capacity=40,
    going=3,
    categories=("DIY_MAKER_SPACES", "COMMUNITY"),
    organisers=(HUB.uri, BO.uri),
)

FINDING = FindingDetail(
    finding_kind="open question",
    claim="Bills fall by a third.",
    reasons=("Measured for two winters.", "Three houses, one result."),
    scope="Shared houses",
    born_of=URLS.thing("event", 17),
    sources=(Link(url="https://doi.org/10.1000/x", name="Doe 2024"), Link(url="https://other.example/findings/3")),
    contributors=("Ana", "@bo@other.example"),
    license="https://creativecommons.org/licenses/by-sa/4.0/",
)

CALL = CallDetail(
    skills=("carpentry", "planning"),
    effort="two weekends in May",
    effort_hours=20,
    place=HALL,
    zone="Europe/Zurich",
    deadline=datetime(2026, 4, 15, 21, 59, tzinfo=UTC),
    begins=datetime(2026, 5, 1, 7, tzinfo=UTC),
    ends=datetime(2026, 5, 31, 16, tzinfo=UTC),
    places=2,
    places_taken=1,
    respond_by=("reply", "offer", "web", "mail"),
    contact="calls@hub.example",
    intent_uri=URLS.intent(URLS.thing("call", 9)),
)


def a_finding(detail: FindingDetail = FINDING, **fields: Any) -> Post:
    """A finding with data before its picture, which has to change places."""
    usual: dict[str, Any] = {"attachments": [DATA, PICTURE], "tags": ["energy"], "area": "housing"}
    return a_post("finding", 12, finding=detail, **(usual | fields))


def a_call(detail: CallDetail = CALL, **fields: Any) -> Post:
    """A call for two people."""
    return a_post("call", 9, call=detail, **({"tags": ["wood"], "area": "housing"} | fields))


def a_poll(**fields: Any) -> Post:
    """A question with two answers."""
    poll = Poll(options=(PollOption(name="Sat", votes=2), PollOption(name="Sun", votes=1)), ends_at=LATER, voters=3)
    return a_post("post", 5, **({"type": "Question", "poll": poll} | fields))


def every_event() -> list[Post]:
    """Events of all statuses, in all kinds of places, in several languages, with and without a picture."""
    statuses = ("scheduled", "tentative", "postponed", "moved", "cancelled")
    wheres = ({"place": HALL}, {"place": None, "online_url": MEETING}, {"online_url": MEETING}, {"place": None})
    tongues = (("de",), ("en", "de", "fr"), ("fr", "en"), ("es",), ("und",))
    made = [
        an_event(an_event_detail(status=status, **where), versions=in_languages(*tongue), attachments=list(pictures))
        for status, where, tongue, pictures in product(statuses, wheres, tongues, ((), (PICTURE,), (DATA, PICTURE)))
    ]
    modes = [
        an_event(
            an_event_detail(join_mode=mode, external_url="https://tickets.example/1" if mode == "external" else None)
        )
        for mode in ("free", "restricted", "invite", "external", "none")
    ]
    bare = Place(name="Somewhere")
    odd = [
        an_event(FULL_EVENT, updated_at=LATER),
        an_event(an_event_detail(ends_at=None, ends_local=None)),
        an_event(an_event_detail(place=bare), tags=[], area=None, attachments=[]),
        an_event(an_event_detail(status="moved", previous_start=NOW)),
        an_event(an_event_detail(capacity=10, going=12)),
        an_event(actor=ANA, mentions=[BO], versions=[Version(language="en", name="Q&A <b>now</b> 1 < 2")]),
    ]
    return made + modes + odd


def every_other_thing() -> list[Post]:
    """Findings, calls, posts and polls in their states and languages."""
    tongues = (("de",), ("en", "de", "fr"), ("fr", "en"), ("es",), ("und",))
    findings = [
        a_finding(replace(FINDING, state=state), versions=in_languages(*tongue))
        for state, tongue in product(("valid", "corrected", "retracted"), tongues)
    ]
    calls = [
        a_call(replace(CALL, state=state, purpose=purpose), versions=in_languages(*tongue))
        for state, purpose, tongue in product(("open", "filled", "closed", "withdrawn"), ("request", "offer"), tongues)
    ]
    bare = [
        a_finding(FindingDetail(), attachments=[], tags=[], area=None),
        a_call(CallDetail(remote=True), tags=[], area=None),
        a_call(attachments=[PICTURE]),
    ]
    text = Version(language="en", summary="noise", content="<p>Hello</p>")
    posts = [
        a_post(versions=[text], attachments=[DATA, PICTURE], mentions=[BO, ANA], tags=["hello"], sensitive=True),
        a_post(versions=[Version(language="und", content="<p>?</p>")], in_reply_to="https://other.example/notes/1"),
        a_poll(),
        a_poll(rsvp_for_id=17, in_reply_to=URLS.thing("event", 17), audience="unlisted"),
    ]
    return findings + calls + bare + posts
