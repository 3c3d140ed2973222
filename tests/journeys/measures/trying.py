"""Every way by which something new arrives from whom a measure is on, or reaches them: whether it has an effect."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import msgspec

from federation.build import activities as say
from node.actions import move as moving
from node.outbox import new_activity_id, tell
from node.remote import look_at_origin
from node.store.people import actors
from tests.journeys.measures.hubs import Person, a_person, know, number_at, post_at
from tests.journeys.measures.scene import API, Scene, link_there, uploaded
from tests.node.mastodon.streaming.listening import Ear, listening

Check = Callable[[], Awaitable[bool]]


class Tried(msgspec.Struct, frozen=True):
    """What was done, and whether it had an effect once nothing waits any more."""

    way: str
    check: Check


def there_is(person: Person, question: str, *about: object) -> Check:
    """Whether a row is in the database where somebody lives."""

    async def ask() -> bool:
        return bool(await person.hub.one(f"SELECT EXISTS ({question})", *about))

    return ask


async def arrive(scene: Scene) -> list[Tried]:
    """What x does in their app at home, and what comes of it here."""
    x, ana, word = scene.x, scene.three.ana, scene.word
    thread = await scene.at(x, "our thread")
    new = await x.says(f"{word} #{scene.tag} once more")
    reply = await x.says(f"{ana.handle} {word}, I still think", in_reply_to_id=str(thread))
    shown = await x.says(f"{word} again", media_ids=[await uploaded(x)])
    await x.does(f"/api/v1/statuses/{await scene.at(x, 'post')}", {"status": f"{word} otherwise #{scene.tag}"}, "PUT")
    await x.does(f"/api/v1/statuses/{await scene.at(x, 'doomed')}", method="DELETE")
    known = "SELECT FROM posts WHERE uri = $1 AND deleted_at IS NULL"
    told = "SELECT FROM notifications n JOIN posts p ON p.id = n.post_id WHERE p.uri = $1 AND NOT n.filtered"
    changed = "SELECT FROM posts WHERE uri = $1 AND versions::text LIKE '%otherwise%'"
    gone = "SELECT FROM posts WHERE uri = $1 AND deleted_at IS NOT NULL"
    picture = """
        SELECT FROM posts p JOIN post_media m ON m.post_id = p.id JOIN media d ON d.id = m.media_id
         WHERE p.uri = $1 AND d.state = 'ready'
    """
    return [
        Tried("Create", there_is(ana, known, new["uri"])),
        Tried("reply", there_is(ana, known, reply["uri"])),
        Tried("notification", there_is(ana, told, reply["uri"])),
        Tried("media", there_is(ana, picture, shown["uri"])),
        Tried("Update", there_is(ana, changed, scene.uris["post"])),
        Tried("Delete", there_is(ana, gone, scene.uris["doomed"])),
        *(await _react(scene, thread)),
        *(await _take_part(scene)),
    ]


async def act_here(scene: Scene) -> list[Tried]:
    """What x, who lives here, does in their app, and what comes of it here and beyond."""
    x, ana, cy = scene.x, scene.three.ana, scene.three.cy
    answer = await x.client.post("/api/v1/statuses", {"status": f"{scene.word} #{scene.tag} once more"})
    uri = answer.json.get("uri", "")
    liked = await x.client.post(f"/api/v1/statuses/{await scene.at(x, 'our poll')}/favourite", {})
    read = await x.client.get("/api/v1/timelines/home")
    known = "SELECT FROM posts WHERE uri = $1"

    async def their_app() -> bool:
        return read.status == 200

    async def their_like() -> bool:
        return liked.status == 200

    return [
        Tried("their app", their_app),
        Tried("their like", their_like),
        Tried("their post", there_is(ana, known, uri)),
        Tried("their post elsewhere", there_is(cy, known, uri)),
    ]


async def _react(scene: Scene, thread: int) -> list[Tried]:
    x, ana, bo, di = scene.x, scene.three.ana, scene.three.bo, scene.three.di
    await x.does(f"/api/v1/statuses/{thread}/unfavourite")
    await x.does(f"/api/v1/accounts/{await number_at(x, di)}/block")
    await x.does(f"/api/v1/statuses/{thread}/reblog")
    await x.does(f"/api/v1/statuses/{await scene.at(x, 'our poll')}/favourite")
    await x.does(f"/api/v1/accounts/{await number_at(x, bo)}/follow")
    quoting = await x.says("As ana says", quoted_status_id=str(thread))
    about = {"account_id": str(await number_at(x, ana)), "status_ids": [str(thread)], "forward": True}
    await x.does("/api/v1/reports", about | {"comment": scene.word})
    liked = "SELECT FROM reactions r JOIN posts p ON p.id = r.post_id WHERE r.actor_id = $1 AND p.uri = $2"
    boosted = "SELECT FROM posts b JOIN posts p ON p.id = b.boost_of_id WHERE b.actor_id = $1 AND p.uri = $2"
    followed = "SELECT FROM follows WHERE follower_id = $1 AND followed_id = $2"
    unliked = there_is(ana, f"{liked} AND r.kind = 'like'", scene.x_here, scene.uris["our thread"])

    async def undone() -> bool:
        return not await unliked()

    return [
        Tried("Undo", undone),
        Tried("Block", there_is(ana, "SELECT FROM blocks WHERE blocker_id = $1 AND blocked_id = $2", scene.x_here,
                                di.id)),
        Tried("Announce", there_is(ana, boosted, scene.x_here, scene.uris["our thread"])),
        Tried("Like", there_is(ana, liked, scene.x_here, scene.uris["our poll"])),
        Tried("Follow", there_is(ana, followed, scene.x_here, bo.id)),
        Tried("quote", there_is(x, "SELECT FROM quotes q JOIN posts p ON p.id = q.post_id WHERE p.uri = $1 "
                                   "AND q.state = 'accepted'", quoting["uri"])),
        Tried("Flag", there_is(ana, "SELECT FROM reports WHERE content = $1", scene.word)),
    ]  # fmt: skip


async def _take_part(scene: Scene) -> list[Tried]:
    x, ana = scene.x, scene.three.ana
    await x.does(f"{API}/events/{await scene.at(x, 'our event')}/rsvp", {"state": "going"}, "PUT")
    await x.does(f"{API}/calls/{await scene.at(x, 'our call')}/answers", {"text": scene.word})
    poll = (await x.client.get(f"/api/v1/statuses/{await scene.at(x, 'our poll')}")).json["poll"]["id"]
    await x.does(f"/api/v1/polls/{poll}/votes", {"choices": [0]})
    found = {
        "Join": ("rsvps", "event_id", "our event"),
        "Offer": ("answers", "call_id", "our call"),
        "vote": ("votes", "post_id", "our poll"),
    }
    return [
        Tried(
            way,
            there_is(
                ana,
                f"SELECT FROM {table} r JOIN posts p ON p.id = r.{column} WHERE r.actor_id = $1 AND p.uri = $2",
                scene.x_here,
                scene.uris[name],
            ),
        )
        for way, (table, column, name) in found.items()
    ]


async def pass_on(scene: Scene) -> list[Tried]:
    """Others, beyond, pass on what x said since: by a boost, as a hub does, as a group with the whole activity, by a
    quote; and somebody there answers it, so that the thread would be looked up."""
    cy, x, bo = scene.three.cy, scene.x, scene.three.bo
    said = [await x.says(f"{scene.word} number {number}") for number in range(4)]
    await scene.three.settled()
    boosted, grouped, quoted, answered = [one["uri"] for one in said]
    await cy.does(f"/api/v1/statuses/{await post_at(cy.hub, boosted)}/reblog")
    await _announce_whole(scene, grouped)
    await cy.says("As they say", quoted_status_id=str(await post_at(cy.hub, quoted)))
    await cy.says(f"{bo.handle} they are right", in_reply_to_id=str(await post_at(cy.hub, answered)))
    known = "SELECT FROM posts p JOIN actors a ON a.id = p.actor_id WHERE p.uri = $1 AND may_see(p, $2)"
    ways = {"boost from beyond": boosted, "group post": grouped, "quote from beyond": quoted, "thread": answered}
    return [Tried(f"new {way}", there_is(bo, known, uri, bo.id)) for way, uri in ways.items()]


async def _announce_whole(scene: Scene, uri: str) -> None:
    cy, bo = scene.three.cy, scene.three.bo
    whole = msgspec.json.decode(await scene.x.hub.one("SELECT document FROM activities WHERE object_uri = $1", uri))
    async with cy.hub.db.transaction():
        itself = await actors.hub(cy.hub.db)
        _, own = new_activity_id(cy.hub.node.urls)
        at_cy = await actors.get(cy.hub.db, await know(cy.hub, bo.uri))
        said = say.announce(own, itself.uri, uri, published=datetime.now(UTC), to=[bo.uri]) | {"object": whole}
        await tell(cy.hub.db, itself, said, audience="direct", to=[at_cy])
    cy.hub.node.wake()


async def move(scene: Scene) -> Tried:
    """They go to another account there, and who followed them with them. The last thing they do."""
    x, there, bo = scene.x, scene.three.there, scene.three.bo
    new = await a_person(there)
    await there.db.execute("UPDATE actors SET also_known_as = ARRAY[$2] WHERE id = $1", new.id, x.uri)
    async with there.db.transaction():
        await moving.move_out(there.node, there.db, x.viewer, x.viewer.actor, await actors.get(there.db, new.id))
    there.node.wake()
    followed = "SELECT FROM follows f JOIN actors a ON a.id = f.followed_id WHERE f.follower_id = $1 AND a.uri = $2"
    return Tried("Move", there_is(bo, followed, bo.id, new.uri))


async def reach(scene: Scene) -> list[Tried]:
    """What people here do, and what comes of it where x lives."""
    x, ana = scene.x, scene.three.ana
    said = await ana.says("News for all who follow")
    named = await ana.says(f"{x.handle} news for you", visibility="direct")
    followed = await ana.client.post(f"/api/v1/accounts/{scene.x_here}/follow", {})
    liked = await ana.client.post(f"/api/v1/statuses/{await scene.at(ana, 'picture')}/favourite", {})
    about = {"account_id": str(scene.x_here), "comment": f"about {scene.word}", "forward": True}
    await ana.client.post("/api/v1/reports", about)
    known = "SELECT FROM posts WHERE uri = $1"
    assert followed.status in (200, 403, 404, 422) and liked.status in (200, 404)
    ana_there = "(SELECT id FROM actors WHERE uri = $1)"
    return [
        Tried("our post to followers", there_is(x, f"{known} AND EXISTS (SELECT FROM follows WHERE follower_id = $2 "
                                                   "AND followed_id = posts.actor_id)", said["uri"], x.id)),
        Tried("our message to them", there_is(x, known, named["uri"])),
        Tried("our follow", there_is(x, f"SELECT FROM follows WHERE follower_id = {ana_there} AND followed_id = $2",
                                     ana.uri, x.id)),
        Tried("our like", there_is(x, f"SELECT FROM reactions r JOIN posts p ON p.id = r.post_id "
                                      f"WHERE r.actor_id = {ana_there} AND p.uri = $2",
                                      ana.uri, scene.uris["picture"])),
        Tried("our report", there_is(x, "SELECT FROM reports WHERE content = $1", about["comment"])),
    ]  # fmt: skip


async def served(scene: Scene) -> list[Tried]:
    """Whether the server of x is shown a new thing of ours, signed; and whether its people are looked up from here."""
    ana, there = scene.three.ana, scene.three.there
    quiet = await ana.says("Nobody is told of this", visibility="unlisted")

    async def fetched() -> bool:
        return (await look_at_origin(there.node, quiet["uri"])).state == "there"

    new = await a_person(there)
    found = (await ana.client.get("/api/v2/search", q=new.handle, resolve=True, type="accounts")).json
    stranger = await a_person(there)
    await stranger.does(f"/api/v1/accounts/{await number_at(stranger, ana)}/follow")
    card = await link_there(scene)

    async def looked_up() -> bool:
        return bool(found["accounts"])

    async def carded() -> bool:
        return bool((await ana.client.get(f"/api/v1/statuses/{card['id']}")).json["card"])

    key = there_is(ana, "SELECT FROM actors WHERE uri = $1", stranger.uri)
    return [Tried("our object", fetched), Tried("look-up", looked_up), Tried("key", key), Tried("new card", carded)]


STREAMS = {"user": "bo", "list {list}": "bo", "public": "ana", "hashtag {tag}": "ana"}
"""Bo follows them, ana does not."""


async def streamed(scene: Scene, act: Callable[[], Awaitable[None]]) -> dict[str, bool]:
    """Which streams bring something of x while something happens. Words of cy, which nobody keeps out, come last."""
    async with AsyncExitStack() as stack:
        ears = []
        for name, reader in STREAMS.items():
            client = getattr(scene.three, reader).client
            opened = name.format(tag=scene.tag, list=scene.list)
            ears.append((name.split()[0], await stack.enter_async_context(listening(client, opened))))
        await act()
        await scene.three.settled()
        last = await scene.three.cy.says(f"That is all. #{scene.tag}")
        return {f"{name} stream": await _heard(scene, ear, last["uri"]) for name, ear in ears}


async def _heard(scene: Scene, ear: Ear, last: str) -> bool:
    found = False
    while True:
        ((_, event, what),) = await ear.heard()
        if event == "update":
            found = found or scene.word in what["account"]["display_name"]
            if what["uri"] == last:
                return found
