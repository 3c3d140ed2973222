"""What other programs say, in their own shapes (`tests/documents`): how each ends, what it does here, and that hearing
it again does nothing more."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from federation import normalise
from node.settings import Settings
from node.store.calls import answers
from node.store.events import rsvps
from node.store.people import actors, follows
from node.store.posts import posts
from schemas.objects import ActorKind, RemoteActor
from schemas.records import Actor, Post
from schemas.things import CallDetail, Poll, PollOption
from tests.factories import a_post, a_remote_object, an_event_detail
from tests.node.inbox.conftest import Hub, known

DOCUMENTS = Path(__file__).parents[2] / "documents"
HUB = "https://hub.example"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The hub to which these documents were sent."""
    return msgspec.structs.replace(settings, base_url=HUB)


def document(name: str) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.json.decode((DOCUMENTS / f"{name}.json").read_bytes())["document"]
    return said


async def met(hub: Hub, uri: str, kind: ActorKind = "Person", *, followed: bool = True) -> Actor:
    """An actor as it is known once its signature was checked, followed by our member."""
    host, name = "/".join(uri.split("/")[:3]), re.split(r"[/@=]", uri)[-1]
    actor = await actors.upsert_remote(
        hub.db,
        RemoteActor(
            id=uri,
            kind=kind,
            name=name,
            url=uri,
            inbox=f"{host}/inbox",
            followers=f"{uri}/followers",
            featured=f"{uri}/collections/featured",
        ),
    )
    if followed:
        await hub.follow(actor)
    return actor


async def ours(hub: Hub) -> dict[str, Post]:
    """What these documents are about: an event, a post, a finding, a call and a poll."""
    made = {}
    for kind, number in (("event", 17), ("post", 3), ("finding", 12), ("call", 9)):
        uri = hub.node.urls.thing(kind, number)  # type: ignore[arg-type]
        fields: dict[str, Any] = {"id": number, "uri": uri, "url": uri}
        if kind == "call":
            fields["call"] = CallDetail(intent_uri=f"{uri}#primary", places=2)
        made[kind] = await a_post(hub.db, hub.actor, kind=kind, **fields)  # type: ignore[arg-type]
    return made


Done = tuple[str, str | None]
TAKEN: Done = ("accepted", None)


async def hear_twice(hub: Hub, name: str, expected: Done = TAKEN, *, again: Done | None = None) -> None:
    """It ends so; heard again it ends so too (or as `again` says), and nothing is different."""
    assert await hub.hear(document(name)) == expected, name
    before = await hub.memory()
    assert await hub.hear(document(name)) == (again or expected), name
    assert await hub.memory() == before, name


async def there(hub: Hub, uri: str) -> Post:
    found = await posts.find_by_uri(hub.db, uri)
    assert found is not None, uri
    return found


async def state_of(hub: Hub, actor: Actor) -> str | None:
    """What an actor answered to our event."""
    found = await rsvps.find(hub.db, 17, actor.id)
    return found.state if found else None


async def mastodon(hub: Hub) -> None:
    ana = await met(hub, "https://m.example/users/ana")
    await met(hub, "https://m.example/actor", "Application", followed=False)
    await ours(hub)
    for name in ("note", "unlisted", "followers_only", "direct", "question", "quote"):
        await hear_twice(hub, f"mastodon/create_{name}")
    audiences = [(await there(hub, f"{ana.uri}/statuses/{number}")).audience for number in (1, 3, 2, 4)]
    assert audiences == ["public", "unlisted", "followers", "direct"]
    await hear_twice(hub, "mastodon/add_featured")
    await hear_twice(hub, "mastodon/update_question")
    assert (await there(hub, f"{ana.uri}/statuses/9")).poll == normalised_poll("mastodon/update_question")
    await hear_twice(hub, "mastodon/announce")
    await hear_twice(hub, "mastodon/flag")
    assert await hub.db.fetchval("SELECT from_host FROM reports") == "m.example"
    assert await hub.hear(document("mastodon/follow")) == TAKEN
    assert await hub.hear(document("mastodon/follow")) == TAKEN
    assert len(await hub.said("Accept")) == 2  # the first may have been lost
    await hear_twice(hub, "mastodon/delete_note", again=("ignored", "not known here"))
    await hear_twice(hub, "mastodon/create_note", ("ignored", "deleted before"))
    await hear_twice(hub, "mastodon/block")
    assert await follows.find(hub.db, ana.id, hub.actor.id) is None
    await hear_twice(hub, "mastodon/delete_actor")
    assert f"gone {ana.uri}" in await hub.jobs()


def normalised_poll(name: str) -> Poll:
    said = normalise.document(document(name))["object"]
    options = [PollOption(name=one["name"], votes=one["replies"]["totalItems"]) for one in said["oneOf"]]
    ends = datetime.fromisoformat(said["endTime"])
    return Poll(options=tuple(options), ends_at=ends, closed="closed" in said, voters=said["votersCount"])


async def mastodon_undoes(hub: Hub) -> None:
    ana = await met(hub, "https://m.example/users/ana")
    made = await ours(hub)
    undone = document("mastodon/undo_like")["object"]
    await hub.says(ana, "Like", undone["object"], id=undone["id"])
    assert await hub.db.fetchval("SELECT count(*) FROM reactions") == 1
    await hear_twice(hub, "mastodon/undo_like", again=("ignored", "nothing to undo"))
    undone = document("mastodon/undo_announce")["object"]
    assert await hub.says(ana, "Announce", undone["object"], id=undone["id"]) == TAKEN
    await hear_twice(hub, "mastodon/undo_announce", again=("ignored", "nothing to undo"))
    assert await hub.db.fetchval("SELECT count(*) FROM reactions") == 0
    assert (await there(hub, made["event"].uri)).boosts_count == 0


async def gotosocial(hub: Hub) -> None:
    kim = await met(hub, "https://gts.example/users/kim")
    await hub.db.execute("DELETE FROM follows")
    await follows.insert(hub.db, hub.actor.id, kim.id, f"{HUB}/activities/4", accepted=False)
    await hear_twice(hub, "gotosocial/accept_follow", again=("ignored", "nothing was pending"))
    assert f"backfill {kim.id}" in await hub.jobs()
    await hear_twice(hub, "gotosocial/create_note")
    await hear_twice(hub, "gotosocial/delete_note", again=("ignored", "not known here"))


async def pleroma(hub: Hub) -> None:
    await met(hub, "https://p.example/users/lo")
    await ours(hub)
    await hear_twice(hub, "pleroma/create_note")
    await hear_twice(hub, "pleroma/akkoma_bubble_quote")
    await hear_twice(hub, "pleroma/chat_message", ("ignored", "Create of ChatMessage"))
    await hear_twice(hub, "pleroma/emoji_react")
    assert await hub.db.fetchval("SELECT emoji FROM reactions") == "🌱"
    await hear_twice(hub, "pleroma/undo_emoji_react", again=("ignored", "nothing to undo"))
    assert (await there(hub, f"{HUB}/events/17")).likes_count == 0


async def misskey(hub: Hub) -> None:
    await met(hub, "https://k.example/users/9abc")
    await ours(hub)
    await hear_twice(hub, "misskey/create_note")
    await hear_twice(hub, "misskey/question")
    await hear_twice(hub, "misskey/like_reaction")
    assert (await there(hub, f"{HUB}/posts/3")).likes_count == 1
    like = document("misskey/like_reaction")
    del like["id"]  # an embedded object may come without its id
    neko = await known(hub.db, "https://k.example/users/9abc")
    assert await hub.says(neko, "Undo", like) == TAKEN
    assert (await there(hub, f"{HUB}/posts/3")).likes_count == 0


async def friendica(hub: Hub) -> None:
    largo = await met(hub, "https://f.example/profile/max")
    await ours(hub)
    await hear_twice(hub, "friendica/create_event")
    assert (await there(hub, "https://f.example/objects/1")).kind == "event"
    await hear_twice(hub, "friendica/invite_event")
    await hear_twice(hub, "friendica/tentative_accept_event")
    assert await state_of(hub, largo) == "maybe"
    await hear_twice(hub, "friendica/reject_event")
    assert await state_of(hub, largo) == "declined"
    said = document("friendica/tentative_accept_event") | {"type": "Accept", "id": "https://f.example/objects/1/Accept"}
    assert await hub.hear(said) == TAKEN
    assert await state_of(hub, largo) == "going"
    assert await hub.said("Accept") == []  # its server waits for no answer


async def hubzilla(hub: Hub) -> None:
    uta = await met(hub, "https://z.example/channel/uta", followed=False)
    await ours(hub)
    await hear_twice(hub, "hubzilla/invite_event")
    kept = await there(hub, "https://z.example/event/1")
    assert (kept.kind, kept.audience, [one.id for one in kept.mentions]) == ("event", "direct", [hub.actor.id])
    await hear_twice(hub, "hubzilla/create_event")
    await hear_twice(hub, "hubzilla/tentative_accept_invite")
    assert await state_of(hub, uta) == "maybe"
    await hear_twice(hub, "hubzilla/add_to_conversation", ("ignored", "no collection we keep"))


async def smithereen(hub: Hub) -> None:
    one = await met(hub, "https://s.example/users/1")
    await ours(hub)
    await hear_twice(hub, "smithereen/tentative_join")
    assert await state_of(hub, one) == "maybe"
    await hear_twice(hub, "smithereen/add_wall_post", ("ignored", "no collection we keep"))
    undone = document("smithereen/tentative_join")
    assert await hub.says(one, "Undo", undone) == TAKEN
    assert await state_of(hub, one) == "declined"


async def mobilizon(hub: Hub) -> None:
    ana, _ = await met(hub, "https://mz.example/@ana"), await met(hub, "https://mz.example/@coop", "Group")
    await ours(hub)
    assert await hub.hear(document("mobilizon/join")) == TAKEN
    (accepted,) = await hub.said("Accept")
    assert accepted["object"]["id"] == document("mobilizon/join")["id"]
    await hear_twice(hub, "mobilizon/leave")
    assert await state_of(hub, ana) == "declined"
    assert await hub.said("Reject") == []  # who leaves needs no answer
    await hear_twice(hub, "mobilizon/create_own_event")
    event = await there(hub, "https://mz.example/events/U1")
    await rsvps.put(hub.db, event.id, hub.member.id, "asked", "button", activity_uri=f"{HUB}/activities/9")
    await hear_twice(hub, "mobilizon/accept_join", again=("ignored", "nothing was asked"))
    assert (await rsvps.counts(hub.db, event.id)) == {"going": 1}
    assert (await there(hub, event.uri)).event.going == event.event.going  # type: ignore[union-attr]
    await hear_twice(hub, "mobilizon/reject_join", again=("ignored", "nothing was asked"))
    assert (await rsvps.counts(hub.db, event.id)) == {"declined": 1}
    await hear_twice(hub, "mobilizon/announce_event")
    assert await hub.db.fetchval("SELECT count(*) FROM posts WHERE kind = 'boost'") == 1
    await hear_twice(hub, "mobilizon/create_member", ("ignored", "Create of Member"))
    await hear_twice(hub, "mobilizon/invite_member", ("ignored", "an invitation to something else"))


async def gancio(hub: Hub) -> None:
    await met(hub, "https://g.example/federation/u/relay", "Application")
    await hear_twice(hub, "gancio/create_event")
    uri = document("gancio/create_event")["object"]["id"]
    assert (await there(hub, uri)).kind == "event"
    await hear_twice(hub, "gancio/update_event")
    await hear_twice(hub, "gancio/delete_event", again=("ignored", "not known here"))
    assert await posts.find_by_uri(hub.db, uri) is None
    await hear_twice(hub, "gancio/delete_event_as_event", ("ignored", "not known here"))


async def lemmy(hub: Hub) -> None:
    kai = await met(hub, "https://l.example/u/kai", followed=False)
    coops = await met(hub, "https://l.example/c/coops", "Group")
    page = document("lemmy/create_page")["object"]
    await hear_twice(hub, "lemmy/create_page", ("ignored", "nobody here follows its author"))
    thing = a_remote_object(kai, id=page["id"], text="A page")  # as its origin shows it, when the group passes it on
    assert await posts.upsert_remote(hub.db, thing, kai) is not None
    await hear_twice(hub, "lemmy/announce_create_page")
    await hear_twice(hub, "lemmy/announce_page")  # the second form, for others
    boosts = await hub.db.fetch("SELECT actor_id FROM posts WHERE kind = 'boost'")
    assert [row["actor_id"] for row in boosts] == [coops.id]
    await hear_twice(hub, "lemmy/announce_dislike", ("ignored", "passes on what only its own server can tell"))
    await hear_twice(hub, "lemmy/lock", ("ignored", "unknown type"))
    await hear_twice(hub, "lemmy/private_message", ("ignored", "Create of ChatMessage"))
    inner = {
        "id": "https://l.example/a/1",
        "type": "Delete",
        "actor": "https://mods.example/u/mo",
        "object": page["id"],
    }
    assert await hub.says(coops, "Announce", inner) == TAKEN
    assert f"recheck {page['id']}" in await hub.jobs()


async def mitra(hub: Hub) -> None:
    vi = await met(hub, "https://mi.example/users/vi")
    await ours(hub)
    await hear_twice(hub, "mitra/create_note_with_proof")
    await hear_twice(hub, "mitra/offer_agreement")
    offered = await answers.find_by_offer(hub.db, document("mitra/offer_agreement")["id"])
    assert offered is not None and (offered.call_id, offered.state) == (9, "offered")
    call = await posts.upsert_remote(hub.db, a_remote_object(vi, kind="call"), vi)
    assert call is not None
    await answers.insert(
        hub.db, call.id, hub.member.id, "web", content="", offer_uri=f"{HUB}/activities/3", quantity=1, hours=12
    )
    await hear_twice(hub, "mitra/accept_offer", again=("ignored", "settled before"))
    assert [one.state for one in await answers.list_of(hub.db, call.id)] == ["accepted"]
    assert await hub.notices() == ["answer_decided"]


async def wordpress(hub: Hub) -> None:
    author = await met(hub, "https://wp.example/?author=1")
    await hear_twice(hub, "wordpress/create_article")
    await hear_twice(hub, "wordpress_event_bridge/create_event")
    event = await there(hub, "https://wp.example/?p=7")
    await hear_twice(hub, "wordpress_event_bridge/announce_reminder")
    await rsvps.put(hub.db, event.id, hub.member.id, "asked", "button", activity_uri=f"{HUB}/activities/9")
    await hear_twice(hub, "wordpress_event_bridge/ignore_join", again=("ignored", "no answer to anything of ours"))
    assert await rsvps.counts(hub.db, event.id) == {}
    assert await hub.notices() == ["rsvp"]
    assert event.actor.id == author.id


async def others(hub: Hub) -> None:
    for uri, kind in (
        ("https://bf.example/pub/actors/ro", "Person"),
        ("https://ghost.example/.ghost/activitypub/users/index", "Person"),
        ("https://mb.example/u/ra", "Person"),
        ("https://pt.example/accounts/ed", "Person"),
        ("https://pie.example/u/jo", "Person"),
        ("https://px.example/users/sam", "Person"),
    ):
        await met(hub, uri, kind)  # type: ignore[arg-type]
    await hear_twice(hub, "ghost/create_article")
    await hear_twice(hub, "mbin/create_page")
    await hear_twice(hub, "peertube/create_video")
    await hear_twice(hub, "peertube/view", ("ignored", "activity View"))
    await hear_twice(hub, "piefed/create_event")
    await hear_twice(hub, "pixelfed/create_photo")
    await hear_twice(hub, "pixelfed/story", ("ignored", "Add of Story"))
    await hear_twice(hub, "bonfire/create_event")
    await hear_twice(hub, "bonfire/economic_event", ("ignored", "Create of EconomicEvent"))
    kinds = await hub.db.fetch("SELECT kind, count(*) AS n FROM posts GROUP BY kind")
    assert {row["kind"]: row["n"] for row in kinds}["event"] == 2


@pytest.mark.parametrize(
    "program",
    [
        mastodon, mastodon_undoes, gotosocial, pleroma, misskey, friendica, hubzilla, smithereen, mobilizon, gancio,
        lemmy, mitra, wordpress, others,
    ],
    ids=lambda program: program.__name__,
)  # fmt: skip
async def test_what_it_says_ends_as_it_should_and_counts_once(
    hub: Hub, program: Callable[[Hub], Awaitable[None]]
) -> None:
    await program(hub)


async def test_an_event_that_nobody_here_follows_is_not_kept(hub: Hub) -> None:
    await met(hub, "https://g.example/federation/u/relay", "Application", followed=False)
    await hear_twice(hub, "gancio/create_event", ("ignored", "nobody here follows its author"))
    assert await posts.find_by_uri(hub.db, document("gancio/create_event")["object"]["id"]) is None


async def test_a_join_to_an_event_that_is_full_is_answered_by_no(hub: Hub) -> None:
    ana = await met(hub, "https://mz.example/@ana", followed=False)
    uri = f"{HUB}/events/17"
    full = an_event_detail(capacity=1, waiting_list=False)
    event = await a_post(hub.db, hub.actor, kind="event", event=full, id=17, uri=uri, url=uri)
    await rsvps.put(hub.db, event.id, hub.member.id, "going", "button")
    assert await hub.hear(document("mobilizon/join")) == ("ignored", "This event is full.")
    (refused,) = await hub.said("Reject")
    assert (refused["object"]["id"], refused["to"]) == (document("mobilizon/join")["id"], [ana.uri])
