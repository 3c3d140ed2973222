"""New keys: at the same addresses, told to followers, and signed for by the new one."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from federation.signatures.key_document import proof_key
from federation.signatures.proofs import parse_proof
from node.actions import follow
from node.actions.keys import rotate_keys
from node.errors import Conflict
from node.node import Node
from node.store.db import Db
from node.store.people import actors
from tests.factories import a_remote_actor, the_hub


async def test_followers_hear_of_new_keys_by_an_update_that_these_keys_prove(node: Node, db: Db) -> None:
    hub, follower = await the_hub(db, node.urls), await a_remote_actor(db)
    await follow.receive(node, db, follower, hub, f"{follower.uri}/follows/1")
    made = iter(actors.make_keys, None)  # the few RSA keys of all tests go round
    after = await rotate_keys(node, db, hub, next(one for one in made if one.rsa_public != hub.public_key))
    assert after.public_key != hub.public_key and after.multikey != hub.multikey
    assert (after.public_key_id, after.multikey_id) == (hub.public_key_id, hub.multikey_id)
    row = await db.fetchrow("SELECT id, document FROM activities WHERE type = 'Update'")
    update = msgspec.json.decode(row["document"])
    assert update["object"]["publicKey"]["publicKeyPem"] == after.public_key
    proof = parse_proof(update, datetime.now(UTC), allow_http=True)
    proof.verify(proof_key(update["object"], key_id=proof.key_id, now=datetime.now(UTC)))
    assert await db.fetchval("SELECT count(*) FROM deliveries WHERE activity_id = $1", row["id"]) == 1


async def test_the_key_that_running_processes_hold_stays(node: Node, db: Db) -> None:
    with pytest.raises(Conflict):
        await rotate_keys(node, db, node.instance, actors.make_keys())
