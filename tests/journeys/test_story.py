"""The story of two hubs: they follow each other, publish, change, answer, boost, delete and block. Told once as it
should be, once with SIGKILLs, once with the peer away for a while, and once with every message delivered twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import msgspec

from node.actions import answer, attend, edit, follow, publish, react, withdraw
from node.node import Node
from node.remote import learn_actor
from node.store.calls import answers
from node.store.db import Db
from node.store.events import rsvps
from node.store.members import accounts
from node.store.people import actors, blocks
from node.store.posts import posts
from node.store.queues import queues
from schemas.check import decode
from schemas.drafts import Draft
from schemas.records import Actor, Post, Viewer
from tests.journeys.conftest import Hub, eventually

MakeHub = Callable[..., Awaitable[Hub]]
EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"


def example(name: str, **changes: Any) -> Draft:
    """A complete example of the documentation, published as the hub."""
    fields = msgspec.json.decode((EXAMPLES / f"{name}.json").read_bytes())
    return decode(fields | {"acting_as": "hub"} | changes)


@asynccontextmanager
async def doing(hub: Hub) -> AsyncIterator[tuple[Node, Db, Viewer]]:
    """One transaction of deeds by the hub's steward, acting as the hub; the workers hear of it."""
    async with hub.node() as node:
        async with node.database.pool.acquire() as db, db.transaction():
            actor = await actors.find_local(db, "ada")
            assert actor is not None
            account = await accounts.find_by_actor(db, actor.id)
            assert account is not None
            yield node, db, Viewer(account=account, actor=actor, acting=await actors.hub(db), scopes=("*",))
        node.wake()


async def met(one: Hub, other: Hub) -> None:
    """`one` follows `other`."""
    async with one.node() as node:
        other_actor = await learn_actor(node, f"{other.base_url}/actors/hub")
    assert other_actor is not None
    async with doing(one) as (node, db, viewer):
        await follow.follow(node, db, viewer.acting, other_actor)

    async def accepted() -> bool:
        async with doing(one) as (_, db, viewer):
            found = await db.fetchval("SELECT state FROM follows WHERE follower_id = $1", viewer.acting.id)
            return bool(found == "accepted")

    await eventually(accepted, f"{one.name} follows {other.name}")


async def published(hub: Hub, draft: Draft) -> Post:
    async with doing(hub) as (node, db, viewer):
        return await publish.publish(node, db, viewer, draft)


async def copy_of(hub: Hub, uri: str) -> Post | None:
    async with hub.node() as node, node.database.pool.acquire() as db:
        return await posts.find_by_uri(db, uri)


async def arrived(hub: Hub, uri: str, check: Callable[[Post], bool] = lambda post: True) -> Post:
    """Wait until this hub holds a thing as it should be."""
    found: list[Post] = []

    async def there() -> bool:
        post = await copy_of(hub, uri)
        if post is None or not check(post):
            return False
        found.append(post)
        return True

    await eventually(there, f"{uri} arrives at {hub.name}")
    return found[-1]


async def comes(hub: Hub, event_uri: str, wish: Literal["going", "maybe", "declined"]) -> None:
    """The hub's member ada answers an event she knows."""
    async with doing(hub) as (node, db, viewer):
        event = await posts.find_by_uri(db, event_uri)
        assert event is not None
        await attend.attend(node, db, viewer.actor, event.id, wish, "button")


async def list_of(hub: Hub, event_uri: str) -> dict[str, int]:
    async with doing(hub) as (_, db, _viewer):
        event = await posts.find_by_uri(db, event_uri)
        return await rsvps.counts(db, event.id) if event else {}


async def answer_state(hub: Hub, call_uri: str) -> list[str]:
    async with doing(hub) as (_, db, _viewer):
        call = await posts.find_by_uri(db, call_uri)
        return [one.state for one in await answers.list_of(db, call.id)] if call else []


async def is_(ask: Callable[[], Awaitable[object]], value: object, what: str) -> None:
    async def so() -> bool:
        return await ask() == value

    await eventually(so, what)


async def settled(*hubs: Hub) -> None:
    """Nothing waits anywhere, and nothing was given up."""

    async def quiet() -> bool:
        for hub in hubs:
            async with hub.node() as node, node.database.pool.acquire() as db:
                depths = await queues.depths(db)
            if depths.arrivals or depths.deliveries or depths.dead:
                return False
        return True

    await eventually(quiet, "nothing waits")


async def try_again_now(*hubs: Hub) -> None:
    """The back-off is not what is tested: let it be over."""
    for hub in hubs:
        async with hub.node() as node:
            async with node.database.pool.acquire() as db:
                await db.execute("UPDATE deliveries SET next_at = now()")
                await db.execute("UPDATE arrivals SET next_at = now() WHERE done_at IS NULL")
                await db.execute("UPDATE hosts SET open_until = now()")
            node.wake()


Disturb = Callable[[], Awaitable[None]]


async def nothing() -> None:
    """No disturbance."""


async def tell_the_story(bern: Hub, lyon: Hub, disturb: Disturb = nothing) -> None:
    """Bern publishes; Lyon reads, answers, boosts. `disturb` happens between the deed and its arrival, each time."""
    event, finding, call = await everything_is_published(bern, lyon, disturb)
    await a_member_comes(bern, lyon, event, disturb)
    await a_call_is_answered(bern, lyon, call, disturb)
    await things_change(bern, lyon, event, finding, disturb)
    await a_thing_is_praised_and_deleted(bern, lyon, finding, disturb)
    await settled(bern, lyon)


async def everything_is_published(bern: Hub, lyon: Hub, disturb: Disturb) -> tuple[Post, Post, Post]:
    event = await published(bern, example("event"))
    finding = await published(bern, example("finding"))
    call = await published(bern, example("call"))
    await disturb()
    copy = await arrived(lyon, event.uri)
    assert copy.kind == "event" and copy.event is not None and event.event is not None
    assert (copy.event.starts_at, copy.event.zone) == (event.event.starts_at, event.event.zone)
    assert [version.language for version in copy.versions] == [version.language for version in event.versions]
    assert (await arrived(lyon, finding.uri)).kind == "finding"
    assert (await arrived(lyon, call.uri)).kind == "call"
    return event, finding, call


async def a_member_comes(bern: Hub, lyon: Hub, event: Post, disturb: Disturb) -> None:
    await comes(lyon, event.uri, "going")
    await disturb()
    await is_(lambda: list_of(bern, event.uri), {"going": 1}, "the RSVP is in the list")
    await is_(lambda: list_of(lyon, event.uri), {"going": 1}, "the Accept came back")


async def a_call_is_answered(bern: Hub, lyon: Hub, call: Post, disturb: Disturb) -> None:
    async with doing(lyon) as (node, db, viewer):
        known = await posts.find_by_uri(db, call.uri)
        assert known is not None
        await answer.answer(node, db, viewer.actor, known.id, "<p>We can help.</p>")
    await disturb()
    await is_(lambda: answer_state(bern, call.uri), ["offered"], "the answer arrived")
    async with doing(bern) as (node, db, viewer):
        own = await posts.find_by_uri(db, call.uri)
        assert own is not None
        offered = (await answers.list_of(db, own.id))[0]
        await answer.decide(node, db, viewer.account.id, offered.id, "accepted")
    await disturb()
    await is_(lambda: answer_state(lyon, call.uri), ["accepted"], "the acceptance arrived")


async def things_change(bern: Hub, lyon: Hub, event: Post, finding: Post, disturb: Disturb) -> None:
    async with doing(bern) as (node, db, viewer):
        await edit.edit(node, db, viewer, finding.id, example("finding", claim="Measured again: it holds."))
        await withdraw.cancel_event(node, db, viewer, event.id)
    await disturb()
    await arrived(lyon, event.uri, lambda post: post.event is not None and post.event.status == "cancelled")
    await arrived(lyon, finding.uri, lambda post: post.finding is not None and "again" in post.finding.claim)


async def a_thing_is_praised_and_deleted(bern: Hub, lyon: Hub, finding: Post, disturb: Disturb) -> None:
    async with doing(lyon) as (node, db, viewer):
        known = await posts.find_by_uri(db, finding.uri)
        assert known is not None
        await react.boost(node, db, viewer.acting, known.id)
        await react.like(node, db, viewer.acting, known.id)
    await disturb()
    await arrived(bern, finding.uri, lambda post: (post.boosts_count, post.likes_count) == (1, 1))
    async with doing(bern) as (node, db, viewer):
        await withdraw.delete(node, db, viewer, finding.id)
    await disturb()
    await is_(lambda: copy_of(lyon, finding.uri), None, "the deletion arrived")


async def two_hubs(hubs: MakeHub) -> tuple[Hub, Hub]:
    bern, lyon = await asyncio.gather(hubs("Bern", "127.0.0.2"), hubs("Lyon", "127.0.0.3"))
    await met(lyon, bern)
    return bern, lyon


async def test_two_hubs_exchange_everything(hubs: MakeHub) -> None:
    bern, lyon = await two_hubs(hubs)
    await tell_the_story(bern, lyon)


async def test_the_same_with_a_node_killed_in_the_middle_each_time(hubs: MakeHub) -> None:
    bern, lyon = await two_hubs(hubs)
    victims = [lyon, bern]

    async def kill_one() -> None:
        victim = victims[0]
        victims.reverse()
        await victim.kill()
        await victim.start()
        await try_again_now(bern, lyon)

    await tell_the_story(bern, lyon, kill_one)


async def test_what_was_said_while_the_peer_was_down_arrives_later(hubs: MakeHub) -> None:
    bern, lyon = await two_hubs(hubs)
    await lyon.kill()
    event = await published(bern, example("event"))

    async def tried() -> bool:
        async with bern.node() as node, node.database.pool.acquire() as db:
            return bool(await db.fetchval("SELECT count(*) FROM deliveries WHERE attempts > 0"))

    await eventually(tried, "Bern tried in vain")
    await lyon.start()
    await try_again_now(bern)
    await arrived(lyon, event.uri)
    await settled(bern, lyon)


async def test_everything_said_twice_counts_once(hubs: MakeHub) -> None:
    bern, lyon = await two_hubs(hubs)

    async def again() -> None:
        """Owe every activity of both hubs to the other's inbox once more."""
        for one, other in ((bern, lyon), (lyon, bern)):
            async with one.node() as node:
                async with node.database.pool.acquire() as db:
                    await db.execute(
                        """
                        INSERT INTO deliveries (activity_id, signer_id, host, inbox)
                        SELECT id, actor_id, $1, $2 FROM activities
                         WHERE audience NOT IN ('hub', 'group')
                        ON CONFLICT DO NOTHING
                        """,
                        f"{other.address}:{other.port}",
                        f"{other.base_url}/inbox",
                    )
                node.wake()

    await tell_the_story(bern, lyon, again)
    async with doing(lyon) as (_, db, _viewer):
        assert await db.fetchval("SELECT count(*) FROM posts WHERE kind = 'event' AND NOT local") == 1


async def test_a_blocked_hub_hears_nothing_more(hubs: MakeHub) -> None:
    bern, lyon = await two_hubs(hubs)
    async with doing(bern) as (node, db, viewer):
        other = await actors.find(db, f"{lyon.base_url}/actors/hub")
        assert isinstance(other, Actor)
        await follow.block(node, db, viewer.acting, other)

    async def noticed() -> bool:
        async with doing(lyon) as (_, db, viewer):
            bern_there = await actors.find(db, f"{bern.base_url}/actors/hub")
            return bern_there is not None and await blocks.exists(db, bern_there.id, viewer.acting.id)

    await eventually(noticed, "the block arrived")
    await published(bern, example("event"))
    async with bern.node() as node, node.database.pool.acquire() as db:
        assert (
            await db.fetchval(
                "SELECT count(*) FROM deliveries JOIN activities a ON a.id = activity_id WHERE a.type = 'Create'"
            )
            == 0
        )


async def test_what_is_for_hub_members_never_leaves(hubs: MakeHub) -> None:
    bern, lyon = await two_hubs(hubs)
    for kind in ("event", "finding", "call"):
        await published(bern, example(kind, audience="hub"))
    await settled(bern, lyon)
    async with doing(lyon) as (_, db, _viewer):
        assert await db.fetchval("SELECT count(*) FROM posts WHERE NOT local") == 0
