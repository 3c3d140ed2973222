"""Servers that follow servers (Mobilizon, Gancio, relays): they follow the instance actor or an area, are told of each
public event, finding and call once, and read it from here by their own signature. What is private stays here."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from node.actions import publish
from schemas.records import Post, Viewer
from schemas.things import Audience
from tests.drafts import a_draft
from tests.factories import a_member, an_area
from tests.journeys.conftest import eventually
from tests.node.activitypub.conftest import Served
from tests.peer import AS2, Peer

KINDS = ("event", "finding", "call")


async def follows(served: Served, peer: Peer, uri: str, kind: str = "Application") -> None:
    """The peer's actor, of this kind, follows somebody here and is accepted."""
    peer.actor["type"] = kind
    follow = {"@context": AS2, "id": peer.url("/follows/1"), "type": "Follow", "actor": peer.actor_id, "object": uri}
    assert (await peer.post(served.inbox, follow)).status == 202
    await heard(peer, "Accept", follow["id"])


def said(peer: Peer, verb: str, about: str = "") -> list[dict[str, Any]]:
    """What the peer was told with this verb, about this."""
    told = [one.json for one in peer.received if one.method == "POST"]
    named = [(one, one["object"]) for one in told if one["type"] == verb]
    return [one for one, what in named if about in ("", what if isinstance(what, str) else what["id"])]


async def heard(peer: Peer, verb: str, about: str) -> dict[str, Any]:
    """Wait until the peer is told so."""
    async with asyncio.timeout(30), peer.arrived:
        await peer.arrived.wait_for(lambda: said(peer, verb, about))
    return said(peer, verb, about)[0]


async def member(served: Served) -> Viewer:
    async with served.node.database.pool.acquire() as db:
        return await a_member(db, roles=("member", "editor"), urls=served.node.urls)


async def published(served: Served, who: Viewer, kind: str, audience: Audience = "public", **fields: Any) -> Post:
    async with served.node.database.pool.acquire() as db, db.transaction():
        made = await publish.publish(served.node, db, who, a_draft(kind, audience=audience, **fields))
    served.node.wake()
    return made


async def all_told(served: Served) -> None:
    """Wait until nothing waits to be told to others."""

    async def nothing_owed() -> bool:
        async with served.node.database.pool.acquire() as db:
            return await db.fetchval("SELECT count(*) FROM deliveries") == 0

    await eventually(nothing_owed, "all is told")


@pytest.mark.parametrize("kind", ["Application", "Service", "Group"])
async def test_a_server_that_follows_ours_is_told_of_all_that_is_public_and_reads_it(
    working: Served, peer: Peer, kind: str
) -> None:
    instance, who = working.node.instance.uri, await member(working)
    await follows(working, peer, instance, kind)
    for thing in KINDS:
        made = await published(working, who, thing)
        announce = await heard(peer, "Announce", made.uri)
        assert (announce["actor"], f"{AS2}#Public" in announce["to"]) == (instance, True)
        shown = await peer.get(announce["object"])
        assert (shown.status, shown.json["id"], shown.json["attributedTo"]) == (200, made.uri, who.actor.uri)
        assert (await peer.get(announce["id"])).status == 200


async def test_it_is_told_once_and_not_of_what_is_said_in_passing(working: Served, peer: Peer) -> None:
    who = await member(working)
    await follows(working, peer, working.node.instance.uri)
    made, post = await published(working, who, "event"), await published(working, who, "post")
    last = await published(working, who, "finding")
    await heard(peer, "Announce", last.uri)
    assert len(said(peer, "Announce", made.uri)) == 1
    assert said(peer, "Announce", post.uri) == []


@pytest.mark.parametrize("audience", ["followers", "hub", "unlisted"])
async def test_it_is_not_told_of_what_is_not_public_and_cannot_read_what_is_private(
    working: Served, peer: Peer, audience: Audience
) -> None:
    who = await member(working)
    await follows(working, peer, working.node.instance.uri)
    hidden = await published(working, who, "event", audience)
    shown = await published(working, who, "event")
    await heard(peer, "Announce", shown.uri)
    await all_told(working)
    assert not any(hidden.uri in one.body.decode() for one in peer.received)
    answer = await peer.get(hidden.uri)
    assert answer.status == (200 if audience == "unlisted" else 404)


async def test_people_do_not_follow_the_server_and_are_told_nothing(working: Served, peer: Peer) -> None:
    peer.actor["type"] = "Person"
    follow = {"id": peer.url("/follows/1"), "type": "Follow", "actor": peer.actor_id,
              "object": working.node.instance.uri}  # fmt: skip
    await peer.post(working.inbox, {"@context": AS2} | follow)
    await heard(peer, "Reject", follow["id"])
    await published(working, await member(working), "event")
    await all_told(working)
    assert said(peer, "Announce") == []


@pytest.mark.parametrize("kind", ["Person", "Application"])
async def test_an_area_is_followed_the_same_way_and_tells_of_its_own(working: Served, peer: Peer, kind: str) -> None:
    async with working.node.database.pool.acquire() as db:
        area = await an_area(db, "housing", urls=working.node.urls)
    who = await member(working)
    shown = await peer.get(area.uri, signed=False)
    assert (shown.status, shown.json["type"], shown.json["inbox"]) == (200, "Service", area.inbox)
    await follows(working, peer, area.uri, kind)
    elsewhere = await published(working, who, "event")
    hidden = await published(working, who, "event", "followers", area="housing")
    for thing in KINDS:
        made = await published(working, who, thing, area="housing")
        announce = await heard(peer, "Announce", made.uri)
        assert announce["actor"] == area.uri
        assert (await peer.get(announce["object"])).json["id"] == made.uri
    assert said(peer, "Announce", elsewhere.uri) == said(peer, "Announce", hidden.uri) == []
    assert (await peer.get(hidden.uri)).status == 404
