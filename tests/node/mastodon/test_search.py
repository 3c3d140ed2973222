"""Search: posts by their words, tags and people by their names, and anything by its address, also on other servers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer

from node.app import build_app
from node.store.people import blocks
from node.store.posts import posts
from node.web.keys import SETTINGS
from schemas.limits import LOOKUP_RATE_COUNT
from schemas.records import Actor, Viewer
from tests.factories import a_local_actor, a_member, a_post, a_remote_actor, a_remote_object
from tests.node.mastodon.conftest import Client, ClientHub
from tests.peer import AS2, Peer, hostile_peer

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEARCH = "/api/v2/search"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


class Seeker:
    """A new member with a client, and somebody else."""

    def __init__(self, hub: ClientHub, who: Viewer, client: Client, other: Actor) -> None:
        self.hub, self.who, self.client, self.other = hub, who, client, other

    async def finds(self, q: str, kind: str = "statuses", **asked: Any) -> list[str]:
        answer = await self.client.get(SEARCH, q=q, **asked)
        assert answer.status == 200, answer.text
        assert {"accounts", "statuses", "hashtags"} <= set(answer.json)
        return [one["name" if kind == "hashtags" else "id"] for one in answer.json[kind]]


@pytest_asyncio.fixture(loop_scope="module")
async def seeker(hub: ClientHub) -> Seeker:
    who, other = await a_member(hub.db, urls=hub.urls), await a_local_actor(hub.db, urls=hub.urls)
    return Seeker(hub, who, await hub.client_of(who), other)


@pytest_asyncio.fixture(loop_scope="module")
async def peer() -> AsyncIterator[Peer]:
    async with hostile_peer("127.0.0.7") as peer:
        note = {
            "@context": AS2,
            "id": peer.url("/notes/1"),
            "type": "Note",
            "attributedTo": peer.actor_id,
            "content": "<p>From afar</p>",
            "published": "2026-01-01T00:00:00Z",
            "to": [PUBLIC],
        }
        peer.serve("/notes/1", note)
        peer.serve("/@mallory/1", note)
        peer.serve("/@mallory", peer.actor)
        yield peer


async def test_words_find_ones_own_posts_and_public_ones_of_who_wants_to_be_found(seeker: Seeker) -> None:
    db, shy = seeker.hub.db, await a_local_actor(seeker.hub.db, urls=seeker.hub.urls)
    await db.execute("UPDATE actors SET indexable = false WHERE id = ANY ($1)", [shy.id, seeker.who.actor.id])
    mine = await a_post(db, seeker.who.actor, text="a zither", audience="direct")
    found = await a_post(db, seeker.other, text="my zithers")
    event = await a_post(db, shy, kind="event", text="zither meeting")
    await a_post(db, shy, text="zither")
    for audience in ("unlisted", "followers", "direct"):
        await a_post(db, seeker.other, text="zither", audience=audience, mention_ids=[seeker.who.actor.id])
    far = await a_remote_actor(db, indexable=False)
    assert await posts.upsert_remote(db, a_remote_object(far, text="zither"), far)
    assert await seeker.finds("zither") == [str(one.id) for one in (event, found, mine)]
    assert await seeker.finds("zither", account_id=seeker.other.id) == [str(found.id)]
    assert await seeker.finds("zither", max_id=event.id, type="statuses", limit=1, offset=1) == [str(mine.id)]
    assert await seeker.finds("zither", min_id=found.id) == [str(event.id)]
    assert await seeker.finds("no such word") == []


async def test_whom_one_blocks_or_mutes_is_not_found_by_words(seeker: Seeker) -> None:
    await a_post(seeker.hub.db, seeker.other, text="ocarina")
    assert len(await seeker.finds("ocarina")) == 1
    await blocks.insert(seeker.hub.db, seeker.who.actor.id, seeker.other.id, None)
    assert await seeker.finds("ocarina") == []


async def test_tags_are_found_by_how_they_begin(seeker: Seeker) -> None:
    for tags in (["kayak"], ["kayaking", "kayak"], ["kay"]):
        await a_post(seeker.hub.db, seeker.other, tags=tags)
    await a_post(seeker.hub.db, seeker.other, tags=["kayaksecret"], audience="followers")
    assert await seeker.finds("#Kayak", "hashtags") == ["kayak", "kayaking"]
    assert await seeker.finds("kaya", "hashtags", type="hashtags", limit=1, offset=1) == ["kayaking"]
    assert await seeker.finds("#kayak") == []
    assert await seeker.finds("kay_", "hashtags") == await seeker.finds("%", "hashtags") == []
    older = await seeker.client.get("/api/v1/search", q="#kayak")
    assert older.json["hashtags"] == ["kayak", "kayaking"]


async def test_people_are_found_by_name_and_only_where_they_are_asked_for(seeker: Seeker) -> None:
    name, number = seeker.other.name, str(seeker.other.id)
    assert await seeker.finds(name, "accounts") == [number]
    assert await seeker.finds(f"@{name}@{seeker.hub.urls.domain}", "accounts") == [number]
    assert await seeker.finds(name, "accounts", type="statuses") == []
    assert await seeker.finds(name, "accounts", following=True) == []


async def test_addresses_here_find_what_is_there_for_the_viewer(seeker: Seeker) -> None:
    hub, post = seeker.hub, await a_post(seeker.hub.db, seeker.other)
    hidden = await a_post(hub.db, seeker.other, audience="direct")
    assert await seeker.finds(post.uri) == [str(post.id)]
    assert await seeker.finds(f"{hub.base}/@{seeker.other.name}/{post.id}") == [str(post.id)]
    assert await seeker.finds(hidden.uri) == []
    assert await seeker.finds(seeker.other.uri, "accounts") == [str(seeker.other.id)]
    assert await seeker.finds(f"{hub.base}/@{seeker.other.name}", "accounts") == [str(seeker.other.id)]
    assert await seeker.finds(f"{hub.base}/@{seeker.other.name}", "accounts", type="statuses") == []
    assert await seeker.finds(f"{hub.base}/@nobody", "accounts", resolve=True) == []


async def test_addresses_elsewhere_are_asked_for_only_if_that_is_wanted(seeker: Seeker, peer: Peer) -> None:
    assert await seeker.finds(peer.url("/notes/1")) == []
    assert peer.received == []
    (found,) = await seeker.finds(peer.url("/notes/1"), resolve=True)
    assert await seeker.finds(peer.url("/@mallory/1"), resolve=True) == [found]
    assert await seeker.finds(peer.url("/notes/1")) == [found]
    (account,) = await seeker.finds(peer.url("/@mallory"), "accounts", resolve=True)
    assert await seeker.finds(peer.handle, "accounts") == [account]
    assert await seeker.finds(peer.url("/nothing"), resolve=True) == []


async def test_a_handle_is_asked_for_at_its_own_server(seeker: Seeker, peer: Peer) -> None:
    peer.name = peer.actor["preferredUsername"] = "kim"
    peer.actor |= {"id": peer.actor_id, "inbox": peer.inbox}
    peer.actor["publicKey"] |= {"id": peer.key_id, "owner": peer.actor_id}
    peer.jrd["subject"], peer.jrd["links"][0]["href"] = f"acct:{peer.handle}", peer.actor_id
    assert await seeker.finds(f"@{peer.handle}", "accounts") == []
    (found,) = (await seeker.client.get(SEARCH, q=f"@{peer.handle}", resolve=True)).json["accounts"]
    assert found["acct"] == peer.handle


async def test_nobody_has_other_servers_asked_without_end(seeker: Seeker) -> None:
    settings = msgspec.structs.replace(seeker.hub.app[SETTINGS], rate_limits=True)
    async with TestServer(build_app(settings, work=False)) as server:
        counted = Client(str(server.make_url("")).rstrip("/"), seeker.hub.session, seeker.client.token)
        answers = [
            await counted.get(SEARCH, q="@nobody@127.0.0.66:9", resolve=True) for _ in range(LOOKUP_RATE_COUNT + 1)
        ]
        assert [one.status for one in answers] == [200] * LOOKUP_RATE_COUNT + [429]
        assert int(answers[-1].headers["Retry-After"]) > 0
        assert (await counted.get(SEARCH, q="@nobody@127.0.0.66:9")).status == 200


async def test_strangers_find_people_and_tags_but_turn_no_pages_and_resolve_nothing(seeker: Seeker) -> None:
    stranger = seeker.hub.stranger
    await a_post(seeker.hub.db, seeker.other, text="bagpipe", tags=["bagpipe"])
    found = await stranger.get(SEARCH, q="bagpipe")
    assert (found.json["statuses"], [one["name"] for one in found.json["hashtags"]]) == ([], ["bagpipe"])
    named = await stranger.get(SEARCH, q=seeker.other.name)
    assert [one["id"] for one in named.json["accounts"]] == [str(seeker.other.id)]
    assert (await stranger.get(SEARCH, q="a", resolve=True)).status == 401
    assert (await stranger.get(SEARCH, q="a", offset=1)).status == 401


async def test_what_makes_no_sense_is_refused_and_nothing_finds_nothing(seeker: Seeker) -> None:
    assert (await seeker.client.get(SEARCH, q="a", type="dogs")).status == 422
    assert (await seeker.client.get(SEARCH)).json == {
        "accounts": [], "statuses": [], "hashtags": [], "collections": []
    }  # fmt: skip
    for odd in ("://", "https://[", "@", "#", "x" * 5000, "a\tb & | ! '"):
        assert (await seeker.client.get(SEARCH, q=odd, resolve=True)).status == 200, odd
    assert (await (await seeker.hub.client_of(seeker.who, "read:lists")).get(SEARCH, q="a")).status == 403
