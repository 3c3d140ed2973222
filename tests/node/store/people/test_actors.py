"""Our own actors have keys and addresses; nobody takes over a record, a handle or a key of another."""

from __future__ import annotations

import pytest

from federation.signatures.keys import load_private_key, load_public_key
from node.errors import Conflict, NotFound
from node.store.db import Db
from node.store.people import actors
from schemas.objects import RemoteActor
from tests.factories import URLS, a_local_actor, a_remote_actor, the_hub


def remote(name: str = "bo", /, **fields: object) -> RemoteActor:
    uri = f"https://peer.example/users/{name}"
    usual = {"id": uri, "kind": "Person", "name": name, "url": uri, "inbox": f"{uri}/inbox"}
    return RemoteActor(**(usual | fields))  # type: ignore[arg-type]


async def test_a_local_actor_gets_addresses_and_two_pairs_of_keys_that_fit(db: Db) -> None:
    hub = await the_hub(db)
    assert hub.uri == "http://localhost:8080/actors/hub"
    assert (hub.url, hub.inbox, hub.host) == ("http://localhost:8080/@hub", f"{hub.uri}/inbox", "localhost:8080")
    secret = await actors.secret_keys(db, hub.id)
    private = load_private_key(secret.private_key)
    assert private.public_key().public_numbers() == load_public_key(hub.public_key or "").public_numbers()  # type: ignore[union-attr]
    assert (hub.multikey or "").startswith("z6Mk")
    assert hub.multikey_id == f"{hub.uri}#ed25519-key"


async def test_a_name_is_given_once_whatever_its_case(db: Db) -> None:
    await a_local_actor(db, "ada")
    with pytest.raises(Conflict):
        await a_local_actor(db, "Ada")


async def test_only_local_actors_have_secret_keys(db: Db) -> None:
    with pytest.raises(NotFound):
        await actors.secret_keys(db, (await a_remote_actor(db)).id)


async def test_a_remote_actor_is_renewed_in_place(db: Db) -> None:
    before = await actors.upsert_remote(db, remote(display_name="Bo"))
    after = await actors.upsert_remote(db, remote(display_name="Bo B.", fields=(("web", "https://bo.example"),)))
    assert (after.id, after.display_name) == (before.id, "Bo B.")
    assert after.fields == [{"name": "web", "value": "https://bo.example"}]


async def test_a_local_actor_is_never_written_from_outside(db: Db) -> None:
    hub = await the_hub(db)
    with pytest.raises(NotFound):
        await actors.upsert_remote(db, remote(id=hub.uri, name="hub2"))
    assert (await actors.get(db, hub.id)).name == "hub"


async def test_case_16_a_handle_or_key_of_another_actor_is_not_taken_over(db: Db) -> None:
    await actors.upsert_remote(db, remote("bo", public_key_id="https://peer.example/key"))
    with pytest.raises(actors.HandleTaken):
        await actors.upsert_remote(db, remote("eve", name="BO"))
    with pytest.raises(actors.HandleTaken):
        await actors.upsert_remote(db, remote("eve", public_key_id="https://peer.example/key"))
    await actors.release_handle(db, "bo", "peer.example")
    assert (await actors.upsert_remote(db, remote("eve", name="bo"))).name == "bo"


async def test_an_actor_is_found_by_either_of_its_keys_but_never_a_local_one(db: Db) -> None:
    bo = await actors.upsert_remote(
        db, remote(public_key_id="https://peer.example/k", multikey_id="https://peer.example/m")
    )
    for key_id in ("https://peer.example/k", "https://peer.example/m"):
        found = await actors.find_by_key(db, key_id)
        assert found is not None
        assert found.id == bo.id
    assert await actors.find_by_key(db, URLS.main_key((await the_hub(db)).uri)) is None


async def test_case_121_an_actor_of_a_suspended_domain_is_suspended_from_its_first_moment(db: Db) -> None:
    await db.execute(
        "INSERT INTO measures (kind, target_kind, target, state) VALUES ('suspend', 'domain', 'example', 'executed')"
    )
    assert (await actors.upsert_remote(db, remote())).host_suspended


async def test_a_deleted_actor_keeps_its_address_and_nothing_else(db: Db) -> None:
    bo = await actors.upsert_remote(db, remote(display_name="Bo", summary="<p>me</p>"))
    await actors.mark_deleted(db, bo.id)
    left = await actors.get(db, bo.id)
    assert (left.uri, left.display_name, left.summary, left.deleted_at is None) == (bo.uri, "", "", False)
    assert await actors.find_by_handle(db, "bo", "peer.example") is None
