"""What is said is kept as it was said, proved, and owed to the right inboxes in the same transaction."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from federation.build import activities as say
from federation.signatures.keys import ActorKey, read_multikey
from federation.signatures.proofs import parse_proof
from node.outbox import new_activity_id, tell
from node.store.db import Db
from node.store.posts import activities
from schemas.records import Activity, Actor
from schemas.things import Audience
from tests.factories import URLS, a_remote_actor, the_hub

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


async def owed(db: Db) -> list[tuple[str, str]]:
    rows = await db.fetch("SELECT host, inbox FROM deliveries ORDER BY inbox")
    return [(row["host"], row["inbox"]) for row in rows]


async def accept(db: Db, hub: Actor, whom: Actor, audience: Audience = "direct") -> Activity:
    _, uri = new_activity_id(URLS)
    document = say.accept(uri, hub.uri, say.follow(f"{whom.uri}/follow", whom.uri, hub.uri), to=[whom.uri])
    return await tell(db, hub, document, audience=audience, to=[whom])


async def test_an_activity_is_kept_at_its_address_and_owed_to_whom_it_is_for(db: Db) -> None:
    hub, bo = await the_hub(db), await a_remote_actor(db)
    said = await accept(db, hub, bo)
    kept = await activities.find_by_uri(db, said.uri)
    assert kept == await activities.find(db, said.id)
    assert kept is not None
    assert (kept.type, kept.object_uri, kept.recipients) == ("Accept", f"{bo.uri}/follow", [bo.uri])
    assert await owed(db) == [("peer.example", bo.shared_inbox)]


async def test_the_proof_of_what_is_sent_can_be_verified_with_the_senders_multikey(db: Db) -> None:
    hub, bo = await the_hub(db), await a_remote_actor(db)
    document: dict[str, Any] = json.loads((await accept(db, hub, bo)).document)
    pending = parse_proof(document, datetime.now(UTC), allow_http=True)
    pending.verify(ActorKey(key_id=hub.multikey_id or "", actor=hub.uri, public_key=read_multikey(hub.multikey or "")))


async def test_followers_of_one_server_are_told_once(db: Db) -> None:
    hub = await the_hub(db)
    for follower in [await a_remote_actor(db) for _ in range(5)]:
        await db.execute(
            "INSERT INTO follows (follower_id, followed_id, uri, state) VALUES ($1, $2, $3, 'accepted')",
            follower.id,
            hub.id,
            f"{follower.uri}/f",
        )
    _, uri = new_activity_id(URLS)
    moved = say.move(uri, hub.uri, "https://new.example/hub", to=[PUBLIC])
    await tell(db, hub, moved, audience="public", followers=True)
    assert len(await owed(db)) == 1


@pytest.mark.parametrize("audience", ["hub", "group"])
async def test_what_is_for_the_hub_or_a_group_never_leaves(db: Db, audience: Audience) -> None:
    hub, bo = await the_hub(db), await a_remote_actor(db)
    said = await accept(db, hub, bo, audience)
    assert await owed(db) == []
    assert "proof" not in json.loads(said.document)


async def test_nothing_is_said_or_owed_when_the_deed_is_undone(db: Db) -> None:
    hub, bo = await the_hub(db), await a_remote_actor(db)
    transaction = db.transaction()
    await transaction.start()
    said = await accept(db, hub, bo)
    await transaction.rollback()
    assert await activities.find(db, said.id) is None
    assert await owed(db) == []
