"""A node that hears what other servers say, as its worker does, and what it remembers afterwards."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from federation import normalise
from node.arrivals.receiving import Ended, Receiving
from node.node import Node
from node.store.db import Db
from node.store.people import actors, follows
from node.store.queues import arrivals
from node.store.queues.arrivals import NewArrival, unnamed
from schemas.records import Actor, Arrival
from tests.factories import a_member, the_hub
from tests.peer import AS2, Peer, hostile_peer

PUBLIC = f"{AS2}#Public"
_numbers = itertools.count(1)


class Hub:
    """A hub with a member; `hear` is all that its worker does with an activity once its signature was good."""

    def __init__(self, node: Node, db: Db, actor: Actor, member: Actor) -> None:
        self.node, self.db, self.actor, self.member = node, db, actor, member
        self._receiving = Receiving(node)

    async def hear(self, document: dict[str, Any]) -> tuple[str, str | None]:
        """How an activity ended, and why. Heard again, it is as if it had never come: only its effects may show that it
        did."""
        said, body = normalise.document(document), msgspec.json.encode(document)
        uri = said.get("id") or unnamed(said["actor"], body)
        await self.db.execute("DELETE FROM arrivals WHERE uri = $1", uri)
        new = NewArrival(
            uri=uri,
            type=said["type"],
            actor_uri=said["actor"],
            host=said["actor"].split("/")[2],
            body=body.decode(),
        )
        await arrivals.insert_many(self.db, [new])
        row = await self.db.fetchrow(
            "SELECT id, uri, type, actor_uri, host, body, attempts, received_at FROM arrivals WHERE uri = $1", new.uri
        )
        heard = self._receiving.understand(Arrival(**row))
        await (self._receiving.end(heard) if isinstance(heard, Ended) else self._receiving.apart(heard))
        ended = await self.db.fetchrow("SELECT outcome, reason FROM arrivals WHERE uri = $1", new.uri)
        return ended["outcome"], ended["reason"]

    async def says(self, actor: Actor, verb: str, about: Any, **fields: Any) -> tuple[str, str | None]:
        """How an activity of this actor ended."""
        return await self.hear(an_activity(actor, verb, about, **fields))

    async def follow(self, actor: Actor) -> None:
        """The member follows somebody elsewhere."""
        uri = self.node.urls.activity(next(_numbers))
        await follows.insert(self.db, self.member.id, actor.id, uri, accepted=True)

    async def followed_by(self, actor: Actor, followed: Actor | None = None) -> None:
        """Somebody elsewhere follows the hub, or another actor here."""
        uri = f"{actor.uri}/follows/{next(_numbers)}"
        await follows.insert(self.db, actor.id, (followed or self.actor).id, uri, accepted=True)

    async def memory(self) -> dict[str, list[dict[str, Any]]]:
        """All that activities have effects on."""
        return {name: [dict(row) for row in await self.db.fetch(statement)] for name, statement in REMEMBERED.items()}

    async def said(self, verb: str) -> list[dict[str, Any]]:
        """What the hub's actors said of one kind, in order."""
        rows = await self.db.fetch("SELECT document FROM activities WHERE type = $1 ORDER BY id", verb)
        return [msgspec.json.decode(row["document"]) for row in rows]

    async def notices(self) -> list[str]:
        """The kinds of what the member is told, in order."""
        rows = await self.db.fetch(
            """
            SELECT kind FROM notifications JOIN accounts ON accounts.id = account_id
             WHERE accounts.actor_id = $1 ORDER BY notifications.id
            """,
            self.member.id,
        )
        return [row["kind"] for row in rows]

    async def jobs(self) -> list[str]:
        """What is to be done only once, by its key; that a server we meet is asked what it runs does not count."""
        rows = await self.db.fetch("SELECT once FROM jobs WHERE kind <> 'meet_host' ORDER BY id")
        return [row["once"] for row in rows]


REMEMBERED = {
    "posts": """
        SELECT uri, kind, audience, in_reply_to_id, likes_count, boosts_count, replies_count, updated_at,
               poll::text, deleted_at IS NULL AS stands
          FROM posts ORDER BY id
        """,
    "follows": "SELECT follower_id, followed_id, uri, state FROM follows ORDER BY id",
    "blocks": "SELECT blocker_id, blocked_id FROM blocks ORDER BY 1, 2",
    "reactions": "SELECT actor_id, post_id, kind, emoji FROM reactions ORDER BY id",
    "rsvps": "SELECT event_id, actor_id, state, door, queued_at FROM rsvps ORDER BY id",
    "votes": "SELECT post_id, actor_id, option FROM votes ORDER BY 1, 2, 3",
    "answers": "SELECT call_id, actor_id, state, offer_uri, agreement_uri FROM answers ORDER BY id",
    "reports": "SELECT uri, actor_id, post_uris, content FROM reports ORDER BY id",
    "featured": "SELECT actor_id, post_id FROM featured ORDER BY 1, 2",
    "known_hubs": "SELECT actor_id, state FROM known_hubs ORDER BY 1",
    "notifications": "SELECT account_id, kind, from_id, post_id FROM notifications ORDER BY id",
    "activities": "SELECT uri, type FROM activities ORDER BY id",
    "deliveries": "SELECT activity_id, inbox FROM deliveries ORDER BY id",
    "moved": "SELECT uri, moved_to FROM actors WHERE moved_at IS NOT NULL",
}


def an_activity(actor: Actor, verb: str, about: Any, /, **fields: Any) -> dict[str, Any]:
    """A sentence of somebody elsewhere, to everybody if it does not say to whom."""
    usual = {"@context": AS2, "id": f"{actor.uri}/said/{next(_numbers)}", "type": verb, "actor": actor.uri}
    return usual | {"object": about, "to": [PUBLIC]} | fields


def a_note(actor: Actor, /, **fields: Any) -> dict[str, Any]:
    """A public note of somebody elsewhere."""
    usual = {
        "id": f"{actor.uri}/notes/{next(_numbers)}",
        "type": "Note",
        "attributedTo": actor.uri,
        "content": "<p>Hello</p>",
        "published": "2026-10-01T10:00:00Z",
        "to": [PUBLIC],
    }
    return usual | fields


def an_event(actor: Actor, /, **fields: Any) -> dict[str, Any]:
    """A public event of somebody elsewhere."""
    usual = {"type": "Event", "name": "Meeting", "startTime": "2027-05-01T18:00:00Z", "timezone": "Europe/Paris"}
    return a_note(actor, **(usual | fields))


@pytest.fixture
async def hub(node: Node, db: Db) -> Hub:
    """A hub with one member, `bea`."""
    actor = await the_hub(db, node.urls)
    await db.execute("UPDATE hub SET set_up_at = now()")
    member = await a_member(db, "bea", urls=node.urls)
    return Hub(node, db, actor, member.actor)


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    """Another server."""
    async with hostile_peer("127.0.0.7") as peer:
        yield peer


async def known(db: Db, uri: str) -> Actor:
    """An actor that is known here."""
    found = await actors.find(db, uri)
    assert found is not None
    return found
