"""What a hub says, a hub understands: document → wire → normalise → read gives back the facts that were built from."""

import json

import msgspec
import pytest
from msgspec.structs import replace

from federation import read
from federation.build import activities as say
from federation.build.actor import document as actor_document
from federation.build.lines import title
from federation.build.thing import thing
from federation.normalise import document as normalised
from federation.signatures.keys import load_public_key, make_ed25519_pair, make_rsa_pair, public_text
from schemas.objects import RemoteObject
from schemas.records import Post
from schemas.things import Attachment, EventDetail, FindingDetail, Version
from tests.federation.build.samples import (
    ANA,
    BO,
    CALL,
    FINDING,
    FULL_EVENT,
    HUB,
    NOW,
    PICTURE,
    URLS,
    a_call,
    a_finding,
    a_poll,
    a_post,
    an_event,
    an_event_detail,
    every_event,
    every_other_thing,
    in_languages,
)


def wired(document: dict[str, object]) -> dict[str, object]:
    read_back: dict[str, object] = normalised(json.loads(msgspec.json.encode(document)))
    return read_back


def arrived(post: Post) -> RemoteObject:
    return read.thing(wired(thing(post, URLS)), followers=post.actor.followers)


def words(versions: list[Version]) -> list[Version]:
    return [replace(one, name=title(one.name), source="") for one in versions]


def media(attachments: list[Attachment]) -> list[Attachment]:
    return sorted(attachments, key=lambda one: not one.media_type.startswith("image/"))


@pytest.mark.parametrize("post", [*every_event(), *every_other_thing()], ids=lambda post: f"{post.kind}")
def test_what_all_things_share_arrives(post: Post) -> None:
    there = arrived(post)
    assert (there.id, there.kind, there.type, there.url) == (post.uri, post.kind, post.type, post.url)
    assert (there.audience, there.sensitive, there.area) == (post.audience, post.sensitive, post.area)
    assert (there.published, there.updated) == (post.published_at, post.updated_at)
    assert (there.context, there.in_reply_to) == (post.context, post.in_reply_to)
    assert there.attributed_to == post.actor.uri
    assert set(post.tags) <= set(there.tags)
    assert there.mentions == tuple(actor.uri for actor in post.mentions)
    assert list(there.attachments) == media(post.attachments)


@pytest.mark.parametrize("post", every_event())
def test_an_event_arrives_as_it_is(post: Post) -> None:
    there = arrived(post)
    assert post.event is not None
    assert there.event == expected(post, post.event)
    assert list(there.versions) == words(post.versions)


def expected(post: Post, event: EventDetail) -> EventDetail:
    """All but what only its own hub uses (queue, rule, sequence). Finer categories arrive as hashtags, and who holds it
    is said even where that is the author."""
    category = {"DIY_MAKER_SPACES": ("CRAFTS",)}.get(event.categories[0]) if event.categories else ("MEETING",)
    external = post.url if event.join_mode == "none" else event.external_url
    return replace(
        event,
        categories=category,
        organisers=event.organisers or (post.actor.uri,),
        waiting_list=False,
        external_url=external,
    )


def test_finer_categories_arrive_as_hashtags() -> None:
    assert {"diymakerspaces", "community", "repair"} <= set(arrived(an_event(FULL_EVENT)).tags)


def test_a_link_to_take_part_online_arrives() -> None:
    there = arrived(an_event(an_event_detail(place=None, online_url="https://meet.example/r")))
    assert there.event is not None
    assert (there.event.place, there.event.online_url) == (None, "https://meet.example/r")


@pytest.mark.parametrize("state", ["valid", "corrected", "retracted"])
def test_a_finding_arrives_as_it_is(state: str) -> None:
    post = a_finding(replace(FINDING, state=state), versions=in_languages("en", "de", "fr"))
    there = arrived(post)
    assert there.finding == post.finding
    assert list(there.versions) == words(post.versions)


def test_a_finding_without_a_claim_is_still_known_for_one() -> None:
    there = arrived(a_finding(FindingDetail(finding_kind="plan"), versions=in_languages("en")))
    assert there.finding == FindingDetail(finding_kind="plan", claim="Bring what is broken.")


@pytest.mark.parametrize("state", ["open", "filled", "closed", "withdrawn"])
@pytest.mark.parametrize("purpose", ["request", "offer"])
def test_a_call_arrives_as_it_is(state: str, purpose: str) -> None:
    post = a_call(replace(CALL, state=state, purpose=purpose), versions=in_languages("fr", "en"))
    there = arrived(post)
    assert there.call == post.call
    assert list(there.versions) == words(post.versions)


def test_a_post_arrives_in_its_language_with_its_warning() -> None:
    version = Version(language="fr", summary="bruit", content="<p>Salut</p>")
    there = arrived(a_post(versions=[version], attachments=[PICTURE], mentions=[BO]))
    assert (there.language, list(there.versions)) == ("fr", [version])


def test_a_poll_and_the_event_it_asks_for_arrive() -> None:
    event = an_event()
    there = arrived(a_poll(rsvp_for_id=event.id, in_reply_to=event.uri, audience="unlisted"))
    assert there.poll == a_poll().poll
    assert there.rsvp_for == event.uri


def test_a_vote_arrives_as_one() -> None:
    uri, question = "https://hub.example/activities/1", "https://other.example/q/1"
    said = say.vote(uri, ANA.uri, question, "Sat", note_id=f"{uri}#vote", to=[BO.uri])
    there = read.carried(read.activity(wired(said)))
    assert (there.vote, there.in_reply_to, there.audience) == ("Sat", question, "direct")


@pytest.mark.parametrize("audience", ["public", "unlisted", "followers", "direct"])
def test_the_audience_arrives(audience: str) -> None:
    assert arrived(a_post(audience=audience, mentions=[BO])).audience == audience


def test_a_create_arrives_with_what_it_carries() -> None:
    said = read.activity(wired(say.create("https://hub.example/activities/1", HUB.uri, thing(an_event(), URLS))))
    assert (said.type, said.actor, said.object_id) == ("Create", HUB.uri, an_event().uri)
    assert read.carried(said, followers=HUB.followers).kind == "event"


def test_an_actor_arrives_as_a_hub_with_its_keys() -> None:
    rsa, ed25519 = make_rsa_pair(), make_ed25519_pair()
    hub = replace(
        HUB,
        display_name="Hub Bern",
        display_names={"de": "Hub Bern", "fr": "Hub Berne"},
        summary="<p>Cooperative</p>",
        public_key=rsa.public_pem,
        multikey=public_text(load_public_key(ed25519.public_pem)),
        fields=[{"name": "Web", "value": "coop"}],
        published_at=NOW,
    )
    there = read.actor(wired(actor_document(hub, URLS)))
    assert there.is_hub
    assert (there.id, there.kind, there.name, there.url) == (hub.uri, hub.kind, hub.name, hub.url)
    assert (there.display_name, there.display_names) == ("Hub Bern", hub.display_names)
    assert (there.public_key, there.multikey) == (hub.public_key, hub.multikey)
    assert (there.followers, there.upcoming) == (hub.followers, f"{hub.uri}/upcoming")
    assert (there.webfinger, there.fields) == ("hub@hub.example", (("Web", "coop"),))
    assert not read.actor(wired(actor_document(ANA, URLS))).is_hub
