"""What `federation/build/` writes, `federation/read/` reads: two hubs understand each other exactly."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from federation import read, trust, vocabulary
from federation.build import activities, thing
from federation.build.actor import document as actor_document
from federation.build.urls import Urls
from federation.normalise import document
from federation.signatures.keys import make_rsa_pair
from schemas.objects import RemoteObject
from schemas.records import Actor, Post, PostKind
from schemas.things import (
    Attachment,
    CallDetail,
    Correction,
    EventDetail,
    FindingDetail,
    Link,
    Place,
    Poll,
    PollOption,
    Version,
)

URLS = Urls("https://hub.example")
NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
HALL = Place(
    name="Halle",
    street="Gasse 1",
    postal_code="3011",
    locality="Bern",
    country="CH",
    latitude=46.95,
    longitude=7.44,
    uri=URLS.place(4),
)
EVENT = EventDetail(
    starts_at=datetime(2026, 3, 7, 13, tzinfo=UTC),
    starts_local=datetime(2026, 3, 7, 14),
    zone="Europe/Zurich",
    ends_at=datetime(2026, 3, 7, 16, tzinfo=UTC),
    ends_local=datetime(2026, 3, 7, 17),
    place=HALL,
    online_url="https://meet.example/r",
    capacity=40,
    waiting_list=False,
    categories=("COMMUNITY",),
    organisers=(URLS.hub(),),
    going=3,
)
FINDING = FindingDetail(
    finding_kind="experience",
    claim="Rechnungen sanken",
    reasons=("Gemessen", "Verglichen"),
    scope="Drei Häuser",
    born_of=URLS.thing("event", 1),
    sources=(Link(url="https://doi.example/x", name="Doe"),),
    contributors=("Ana",),
    license="https://creativecommons.org/licenses/by-sa/4.0/",
    state="corrected",
    corrections=(Correction(at=NOW, text="Zwölf statt elf"), Correction(at=NOW, text="Nur in Städten")),
)
CALL = CallDetail(
    skills=("Schreinern",),
    effort="zwei Wochenenden",
    effort_hours=20,
    remote=True,
    place=HALL,
    deadline=datetime(2026, 4, 15, 21, 59, tzinfo=UTC),
    begins=datetime(2026, 5, 1, tzinfo=UTC),
    ends=datetime(2026, 5, 31, tzinfo=UTC),
    zone="Europe/Zurich",
    places=2,
    places_taken=1,
    respond_by=("reply", "offer"),
    contact="ana@hub.example",
    intent_uri=URLS.intent(URLS.thing("call", 9)),
)


def the_hub() -> Actor:
    """The actor of a hub."""
    at = URLS.hub()
    return Actor(
        id=1,
        uri=at,
        kind="Organization",
        local=True,
        role_here="hub",
        name="hub",
        host="hub.example",
        display_name="Hub Bern",
        url=URLS.profile("hub"),
        inbox=URLS.inbox(at),
        followers=URLS.followers(at),
        public_key_id=URLS.main_key(at),
        public_key=make_rsa_pair().public_pem,
        created_at=NOW,
        updated_at=NOW,
    )


HUB = the_hub()
VERSIONS = [
    Version(language="de", name="Name", summary="Kurz & gut", content="<p>Lang</p>", changed_at=NOW),
    Version(language="en", name="Title", summary="Short", content="<p>Long</p>"),
]
IMAGE = Attachment(url="https://hub.example/media/a.jpg", media_type="image/jpeg", alt="Bild", width=640, height=480)
CREDITED = msgspec.structs.replace(IMAGE, credit="Ana Peeters", license="https://creativecommons.org/licenses/by/4.0/")


def a_post(kind: PostKind, **fields: Any) -> Post:
    """A post of the hub in two languages."""
    types = {"event": "Event", "finding": "Article", "call": "Note", "post": "Note"}
    usual: dict[str, Any] = {
        "id": 9,
        "uri": URLS.thing(kind, 9),
        "url": URLS.thing(kind, 9),
        "type": types[kind],
        "local": True,
        "actor": HUB,
        "audience": "public",
        "versions": VERSIONS,
        "language": "de",
        "tags": ["Reparatur"],
        "area": "housing",
        "attachments": [CREDITED],
        "published_at": NOW,
        "updated_at": NOW,
        "received_at": NOW,
    }
    return Post(kind=kind, **(usual | fields))


def over_the_wire(post: Post) -> RemoteObject:
    """The post in a Create, as bytes, checked and read by another hub."""
    sent = msgspec.json.encode(activities.create(URLS.activity(5), HUB.uri, thing.thing(post, URLS)))
    doc = document(msgspec.json.decode(sent))
    assert vocabulary.check(doc).effect == "inbox_create"
    activity = read.activity(doc)
    assert trust.may_say(HUB.uri, activity) == trust.TAKE
    return read.carried(activity, followers=HUB.followers)


@pytest.mark.parametrize("kind", ["event", "finding", "call"])
def test_the_words_arrive_as_they_were(kind: PostKind) -> None:
    found = over_the_wire(a_post(kind, event=EVENT, finding=FINDING, call=CALL))
    assert (found.kind, found.language, list(found.versions)) == (kind, "de", VERSIONS)
    assert (found.audience, found.attributed_to, found.published, found.area) == ("public", HUB.uri, NOW, "housing")
    assert found.url == found.id == URLS.thing(kind, 9)
    assert "reparatur" in found.tags


@pytest.mark.parametrize("status", ["scheduled", "tentative", "postponed", "moved", "cancelled"])
def test_an_event_arrives_whole_in_each_of_its_states(status: Any) -> None:
    sent = msgspec.structs.replace(EVENT, status=status, previous_start=NOW if status == "moved" else None)
    assert over_the_wire(a_post("event", event=sent)).event == sent


@pytest.mark.parametrize(
    "changed",
    [
        {"ends_at": None, "ends_local": None},
        {"place": None},
        {"online_url": None},
        {"place": None, "online_url": None, "capacity": None},
        {"join_mode": "restricted"},
        {"join_mode": "external", "external_url": "https://tickets.example/1"},
    ],
)
def test_an_event_arrives_whole_in_each_of_its_forms(changed: dict[str, Any]) -> None:
    sent = msgspec.structs.replace(EVENT, **changed)
    assert over_the_wire(a_post("event", event=sent)).event == sent


def test_an_event_at_which_nobody_registers_is_one_elsewhere_too() -> None:
    found = over_the_wire(a_post("event", event=msgspec.structs.replace(EVENT, join_mode="none"))).event
    assert found is not None
    assert found.join_mode == "none"


@pytest.mark.parametrize("state", ["valid", "corrected", "retracted"])
def test_a_finding_arrives_whole(state: Any) -> None:
    sent = msgspec.structs.replace(FINDING, state=state)
    if state == "retracted":
        sent = msgspec.structs.replace(sent, retraction="Falsch gezählt", retracted_at=NOW)
    assert over_the_wire(a_post("finding", finding=sent)).finding == sent


@pytest.mark.parametrize("state", ["open", "filled", "closed", "withdrawn"])
@pytest.mark.parametrize("changed", [{}, {"places": None, "places_taken": 0}, {"place": None}, {"effort_hours": None}])
def test_a_call_arrives_whole(state: Any, changed: dict[str, Any]) -> None:
    sent = msgspec.structs.replace(CALL, state=state, **changed)
    assert over_the_wire(a_post("call", call=sent)).call == sent


@pytest.mark.parametrize("kind", ["event", "finding", "call"])
def test_what_it_came_from_arrives(kind: PostKind) -> None:
    details: dict[str, Any] = {"event": EVENT, "finding": FindingDetail(claim="So"), "call": CALL}
    origin = "https://lyon.example/findings/4"
    sent = a_post(kind, born_of=origin, **{kind: details[kind]})
    assert over_the_wire(sent).born_of == origin
    assert over_the_wire(msgspec.structs.replace(sent, born_of=sent.uri)).born_of is None


def test_media_arrive_with_what_describes_them() -> None:
    assert over_the_wire(a_post("post", versions=VERSIONS[:1])).attachments == (CREDITED,)
    assert over_the_wire(a_post("event", event=EVENT)).attachments == (CREDITED,)


@pytest.mark.parametrize("audience", ["public", "unlisted", "followers", "direct"])
def test_an_audience_arrives_as_it_was_meant(audience: Any) -> None:
    recipients = ["https://b.example/u/bo"]
    assert over_the_wire(a_post("post", audience=audience, recipients=recipients)).audience == audience


def test_the_poll_of_an_event_is_known_as_such() -> None:
    poll = Poll(options=(PollOption(name="Ja", votes=2), PollOption(name="Nein")), ends_at=NOW, voters=2)
    event_uri = URLS.thing("event", 1)
    found = over_the_wire(a_post("post", type="Question", poll=poll, rsvp_for_id=1, in_reply_to=event_uri))
    assert (found.rsvp_for, found.poll, found.type) == (event_uri, poll, "Question")


def test_a_hub_is_known_as_a_hub() -> None:
    found = read.actor(document(actor_document(HUB, URLS)))
    assert (found.is_hub, found.id, found.name, found.kind) == (True, HUB.uri, "hub", "Organization")
    assert (found.public_key_id, found.followers, found.shared_inbox) == (
        HUB.public_key_id,
        HUB.followers,
        URLS.shared_inbox,
    )


def test_what_is_gone_reads_as_gone() -> None:
    with pytest.raises(read.Unwanted, match="gone"):
        read.thing(document(thing.tombstone(URLS.thing("event", 1), "Event", NOW)))
