"""Nothing that others write leads the running node into private networks (cases 43, 44, 49, 140): each way in which a
document makes a node fetch or deliver, with each spelling of an address, against a trap that counts who comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio

from node.actions import acquaint
from node.store.access import tokens
from node.store.members import accounts
from tests.drafts import a_draft
from tests.journeys.conftest import eventually
from tests.peer import JRD_JSON, Peer
from tests.ports import free_port
from tests.security.conftest import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTS = (
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "0.0.0.0",
    "2130706433",
    "0x7f000001",
    "127.1",
    "0177.0.0.1",
    "user@[::1]",
)
"""Ways to this machine outside 127.0.0.0/8, which the node of these tests may call, and odd ways to write it."""
VERBS = ("Announce", "Create", "Update", "Delete", "Like", "Undo", "Accept", "Move", "Add", "Flag", "Invite")
ELSEWHERE = ("169.254.169.254", "10.0.0.1", "192.168.0.1", "172.16.0.1", "100.64.0.1", "[fd00::1]", "[fe80::1]")
"""Private networks where nothing listens: what counts is that nothing of them is kept."""


class Trap:
    """Listens at the same port on the two loopback addresses of this machine that nobody is told of as allowed."""

    def __init__(self, port: int) -> None:
        self.port, self.visits = port, 0

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Count, and hang up."""
        self.visits += 1
        writer.close()


@pytest_asyncio.fixture(loop_scope="session")
async def trap() -> AsyncIterator[Trap]:
    """The trap, which snaps: a first visitor is ourselves."""
    trap = Trap(free_port("127.0.0.1"))
    async with AsyncExitStack() as stack:
        for host in ("127.0.0.1", "::1"):
            await stack.enter_async_context(await asyncio.start_server(trap.meet, host, trap.port))
        for host in ("0.0.0.0", "::1"):
            _, writer = await asyncio.open_connection(host, trap.port)
            writer.close()
        await eventually(lambda: _reached(trap), "the trap snaps")
        trap.visits = 0
        yield trap


async def _reached(trap: Trap) -> bool:
    return trap.visits == 2


def all_of(address: str) -> dict[str, Any]:
    """Every field of an actor or object by which others send a node somewhere, leading there."""
    picture = {"type": "Image", "mediaType": "image/png", "url": address}
    people = [{"type": "Mention", "href": address, "name": "@x"}, {"type": "Emoji", "name": ":x:", "icon": picture}]
    links = [{"type": "Link", "href": address, "mediaType": 'application/ld+json; profile="x"', "rel": "quote"}]
    return {
        "icon": picture,
        "image": [picture],
        "attachment": [
            picture,
            {"type": "PropertyValue", "name": "Web", "value": f'<a rel="me" href="{address}">x</a>'},
        ],
        "tag": people + links,
        "featured": address,
        "upcomingEvents": address,
        "outbox": address,
        "followers": address,
        "following": address,
        "movedTo": address,
        "alsoKnownAs": [address],
        "endpoints": {"sharedInbox": address, "proxyUrl": address, "oauthAuthorizationEndpoint": address},
        "inReplyTo": address,
        "quoteUrl": address,
        "quote": address,
        "quoteAuthorization": address,
        "context": address,
        "conversation": address,
        "replies": {"type": "Collection", "id": address, "first": address},
        "likes": address,
        "preview": {"type": "Link", "href": address},
        "generator": address,
        "audience": address,
    }


async def told(world: World) -> None:
    """All deliveries were tried at least once."""

    async def tried() -> bool:
        waiting = "SELECT count(*) FROM deliveries WHERE attempts = 0 AND next_at <= now()"
        return await world.count(waiting) == 0

    await world.settled()
    world.node.wake()
    await eventually(tried, "all deliveries were tried")


def addresses(trap: Trap) -> list[str]:
    return [f"http://{host}:{trap.port}/trap" for host in HOSTS] + [f"http://{host}/trap" for host in ELSEWHERE]


async def test_case_49_no_field_of_an_actor_leads_us_into_private_networks(world: World, trap: Trap) -> None:
    for address in addresses(trap):
        actor = world.actor(world.evil, **all_of(address), inbox=address)
        follow = world.activity(world.evil, "Follow", world.ada, actor=actor["id"])
        await world.send(world.evil, follow, key_id=f"{actor['id']}#main-key")  # an Accept is owed to the inbox
        note = world.note(world.evil, attributedTo=actor["id"])
        create = world.activity(world.evil, "Create", note, actor=actor["id"])
        await world.send(world.evil, create, key_id=f"{actor['id']}#main-key")
    await world.publish("post")
    await told(world)
    assert trap.visits == 0


async def test_case_49_no_field_of_a_thing_leads_us_into_private_networks(world: World, trap: Trap) -> None:
    for address in addresses(trap):
        for thing in (world.note(world.evil, **all_of(address)), world.event(world.evil, **all_of(address))):
            thing["content"] = f'<p><a href="{address}">{address}</a></p>'
            await world.says(world.evil, "Create", thing)
        place = {"type": "Place", "name": "x", "url": address}
        event = world.event(
            world.evil, location=[place, {"type": "VirtualLocation", "url": address}], onlineUrl=address
        )
        await world.says(world.evil, "Create", event | {"attributedTo": [world.evil.actor_id, address]})
    await told(world)
    assert trap.visits == 0
    assert await world.count("SELECT count(*) FROM media WHERE state = 'ready' AND remote_url LIKE '%/trap'") == 0


async def test_case_49_no_activity_leads_us_into_private_networks(world: World, trap: Trap) -> None:
    mine = await world.publish("event")
    for address in addresses(trap):
        for verb in (
            "Announce",
            "Create",
            "Update",
            "Delete",
            "Like",
            "Undo",
            "Accept",
            "Move",
            "Add",
            "Flag",
            "Invite",
        ):
            more = {"target": address, "result": address, "instrument": address, "origin": address}
            await world.says(world.evil, verb, address, **more)
        await world.says(world.evil, "Announce", {"type": "Note", "id": address, "attributedTo": address})
        await world.says(world.evil, "QuoteRequest", mine.uri, instrument=address)
        header = f'collectionId="{world.evil.actor_id}/followers", url="{address}", digest="{"0" * 64}"'
        note = world.activity(world.evil, "Create", world.note(world.evil))
        await world.evil.post(world.inbox, note, headers={"Collection-Synchronization": header})
    await told(world)
    assert trap.visits == 0
    assert await world.known(addresses(trap)[0]) is None


async def test_case_49_no_signature_leads_us_into_private_networks(world: World, trap: Trap) -> None:
    for address in addresses(trap):
        follow = world.activity(world.evil, "Follow", world.ada, actor=address)
        for key_id in (address, f"{address}#main-key"):
            answer = await world.evil.post(world.inbox, follow, key_id=key_id)
            assert answer.status in (400, 401, 403)
        assert (await world.evil.get(world.ada, key_id=f"{address}#key")).status < 500
    await world.settled()
    assert trap.visits == 0


async def test_case_47_no_redirect_leads_us_into_private_networks(world: World, trap: Trap) -> None:
    for number, address in enumerate(addresses(trap)):
        way = world.evil.redirect(f"/redirect/49/{number}", address)
        picture = [{"type": "Image", "mediaType": "image/png", "url": way}]
        await world.says(world.evil, "Announce", way)
        await world.says(world.evil, "Create", world.note(world.evil, attachment=picture, inReplyTo=way))
        assert world.evil.requests(f"/redirect/49/{number}")  # we did ask, and went no further
    assert trap.visits == 0


async def test_case_49_no_discovery_leads_us_into_private_networks(world: World, trap: Trap) -> None:
    usual = world.evil.jrd
    try:
        for address in addresses(trap):
            await _discover(world, world.evil, address)
    finally:
        world.evil.jrd = usual
        for path in ("/.well-known/nodeinfo", "/.well-known/host-meta"):
            world.evil.routes.pop(path, None)
    assert trap.visits == 0


async def _discover(world: World, peer: Peer, address: str) -> None:
    """Look for people and servers whose WebFinger, NodeInfo and buttons lead there."""
    subscribe = {"rel": "http://ostatus.org/schema/1.0/subscribe", "template": f"{address}?uri={{uri}}"}
    itself = {"rel": "self", "type": "application/activity+json", "href": address}
    peer.jrd = {"subject": f"acct:one@{peer.domain}", "aliases": [address], "links": [itself, subscribe]}
    peer.serve("/.well-known/nodeinfo", {"links": [{"rel": "x/ns/schema/2.1", "href": address}]}, content_type=JRD_JSON)
    peer.redirect("/.well-known/host-meta", address)
    name = address.partition("://")[2].partition("/")[0]
    draft = a_draft("post", text=f"@one@{peer.domain} @x@{name} {address}", audience="direct", to=[address])
    await acquaint.acquaint(world.node, draft)
    await world.look(f"/authorize_interaction?uri={quote(address, safe='')}")
    await world.look(f"/interact?uri={quote(address, safe='')}")


async def test_case_140_nobody_here_is_made_to_call_into_private_networks(world: World, trap: Trap) -> None:
    me = await world.known(world.ada)
    account = await accounts.find_by_actor(world.db, me.id) if me else None
    assert account
    bearer = {"Authorization": f"Bearer {await tokens.insert(world.db, account.id, ('read', 'write'))}"}
    for address in addresses(trap):
        name = address.partition("://")[2].partition("/")[0]
        for who in (address, f"x@{name}", f"@x@{name}"):
            answer = await _follow(world, who, bearer)
            assert 400 <= answer < 500, who
    await told(world)
    assert trap.visits == 0


async def _follow(world: World, who: str, headers: dict[str, str]) -> int:
    url = f"{world.hub.base_url}/api/allmende/v1/follows"
    async with world.evil.session.post(url, json={"who": who}, headers=headers) as answer:
        return answer.status
