"""Somebody on Mastodon answers an event by one word, over HTTP: the confirmation comes to their inbox, its link changes
the answer without an account, and a cancellation comes the same way."""

from __future__ import annotations

import asyncio
import re

from federation.sanitise import plain
from node.actions.rsvp_news import announce
from node.ids import new_id
from node.store.events import rsvps
from node.store.posts import posts
from schemas.records import Post
from tests.factories import a_post
from tests.node.activitypub.conftest import Served
from tests.node.pages.conftest import Browser
from tests.peer import AS2, Peer

PUBLIC = f"{AS2}#Public"


async def an_event(served: Served) -> Post:
    async with served.node.database.pool.acquire() as db:
        number = new_id()
        address = served.node.urls.thing("event", number)
        return await a_post(db, served.hub, kind="event", text="Plenum", id=number, uri=address, url=address)


async def told(peer: Peer, count: int) -> list[str]:
    """The direct notes at the peer's inbox, as plain text, once there are so many."""
    found: list[str] = []
    async with asyncio.timeout(30):
        seen = 0
        while len(found) < count:
            seen += 1
            received = await peer.wait_for("/inbox", seen)
            said = [one.json for one in received]
            found = [one["object"]["content"] for one in said if one["type"] == "Create"]
    return found


async def test_a_word_from_mastodon_is_confirmed_changed_and_hears_of_the_end(working: Served, peer: Peer) -> None:
    event = await an_event(working)
    note = {
        "id": peer.url("/notes/1"),
        "type": "Note",
        "attributedTo": peer.actor_id,
        "inReplyTo": event.uri,
        "to": [PUBLIC],
        "content": "<p>Coming!</p>",
    }
    said = {"@context": AS2, "id": peer.url("/creates/1"), "type": "Create", "actor": peer.actor_id, "object": note}
    assert (await peer.post(working.inbox, said | {"to": [PUBLIC]})).status == 202
    (confirmed,) = await told(peer, 1)
    assert "you are coming." in plain(confirmed)
    found = re.search(r'href="[^"]*(/rsvp/[^"?]+)', confirmed)
    assert found
    browser = Browser(working.node.urls.base_url)
    page = await browser.post(found[1], {"state": "maybe"})
    await browser.session.close()
    assert "You may come" in page.words
    async with working.node.database.pool.acquire() as db, db.transaction():
        assert await rsvps.counts(db, event.id) == {"maybe": 1}
        known = await posts.find(db, event.id)
        assert known
        await announce(db, known, "cancelled", words="The roof leaks.")
    working.node.wake()
    assert "The roof leaks." in plain((await told(peer, 2))[1])
