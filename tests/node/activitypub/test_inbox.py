"""Who is heard, who is refused, and that what was answered 202 is kept."""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.signatures.keys import SigningKey, make_rsa_pair, write_multikey
from federation.signatures.pending import Scheme
from federation.signatures.proofs import create_proof
from node.activitypub.inbox import BadActivity, read_activity
from node.store.people import actors
from schemas.limits import DOCUMENT_BYTES
from tests.node.activitypub.conftest import Served, a_follow, talk
from tests.peer import Peer, hostile_peer

OLD = timedelta(minutes=6)


async def arrived(served: Served) -> list[str]:
    """The ids of what was kept."""
    async with served.node.database.pool.acquire() as db:
        return [row["uri"] for row in await db.fetch("SELECT uri FROM arrivals ORDER BY id")]


async def jobs_waiting(served: Served) -> list[dict[str, Any]]:
    """The arguments of the jobs that were asked for; that a server we meet is asked what it runs does not count."""
    async with served.node.database.pool.acquire() as db:
        return [
            row["arguments"]
            for row in await db.fetch("SELECT arguments FROM jobs WHERE kind <> 'meet_host' ORDER BY id")
        ]


async def tally(served: Served, reason: str) -> int:
    """How often this was counted."""
    await served.node.tallies.flush()
    async with served.node.database.pool.acquire() as db:
        found = await db.fetchval("SELECT sum(count) FROM tallies WHERE reason = $1", reason)
    return int(found or 0)


@pytest.mark.parametrize("scheme", list(Scheme))
async def test_a_signed_activity_is_kept_and_answered_202(served: Served, peer: Peer, scheme: Scheme) -> None:
    answer = await peer.post(served.inbox, a_follow(peer, served), scheme=scheme)
    assert answer.status == 202
    assert await arrived(served) == [peer.url("/follows/1")]


async def test_an_actors_own_inbox_takes_it_too(served: Served, peer: Peer) -> None:
    assert (await peer.post(served.hub.inbox, a_follow(peer, served))).status == 202
    assert (await peer.post(served.url("/actors/nobody/inbox"), a_follow(peer, served, 2))).status == 404
    assert await arrived(served) == [peer.url("/follows/1")]


async def test_many_at_once_are_all_kept_and_the_key_is_asked_for_once(served: Served, peer: Peer) -> None:
    answers = await asyncio.gather(*(peer.post(served.inbox, a_follow(peer, served, n)) for n in range(60)))
    assert {answer.status for answer in answers} == {202}
    assert len(await arrived(served)) == 60
    assert len(peer.requests(f"/users/{peer.name}")) == 1


async def test_case_31_the_same_activity_again_is_answered_202_and_kept_once(served: Served, peer: Peer) -> None:
    for _ in range(3):
        assert (await peer.post(served.inbox, a_follow(peer, served))).status == 202
    assert await arrived(served) == [peer.url("/follows/1")]


async def test_an_unsigned_activity_is_refused(served: Served, peer: Peer) -> None:
    answer = await peer.post(served.inbox, a_follow(peer, served), signed=False)
    assert answer.status == 401
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json["status"] == 401
    assert await arrived(served) == []


async def test_case_28_another_body_than_the_signed_one_is_refused(served: Served, peer: Peer) -> None:
    headers = peer.sign("POST", served.inbox, json.dumps(a_follow(peer, served)).encode())
    other = json.dumps(a_follow(peer, served, 2)).encode()
    assert (await peer.request("POST", served.inbox, headers, other)).status == 401
    assert await arrived(served) == []


async def test_case_30_a_signature_for_another_server_is_refused(served: Served, peer: Peer) -> None:
    body = json.dumps(a_follow(peer, served)).encode()
    headers = peer.sign("POST", "http://other.example/inbox", body)
    assert (await peer.request("POST", served.inbox, headers, body)).status == 401


async def test_case_39_a_signature_for_another_path_is_refused(served: Served, peer: Peer) -> None:
    body = json.dumps(a_follow(peer, served)).encode()
    headers = peer.sign("POST", served.hub.inbox, body)
    assert (await peer.request("POST", served.inbox, headers, body)).status == 401


@pytest.mark.parametrize("hours", [-24, 24])
async def test_case_32_a_signature_from_another_day_is_refused(served: Served, peer: Peer, hours: int) -> None:
    then = datetime.now(UTC) + timedelta(hours=hours)
    assert (await peer.post(served.inbox, a_follow(peer, served), now=then)).status == 401
    assert peer.requests(f"/users/{peer.name}") == []


@pytest.mark.parametrize("signature", ["", "AAAA", "!!!!", "bm9pc2U="])
async def test_case_35_garbage_for_a_signature_is_refused(served: Served, peer: Peer, signature: str) -> None:
    spoilt = f'keyId="{peer.key_id}",headers="(request-target) host date digest",signature="{signature}"'
    answer = await peer.post(served.inbox, a_follow(peer, served), headers={"Signature": spoilt})
    assert answer.status == 401
    assert await arrived(served) == []


async def test_a_wrong_key_is_refused_and_asked_for_again_only_when_it_is_old(served: Served, peer: Peer) -> None:
    assert (await peer.post(served.inbox, a_follow(peer, served))).status == 202
    rotated = make_rsa_pair()
    peer.keys, peer.actor["publicKey"] = rotated, peer.actor["publicKey"] | {"publicKeyPem": rotated.public_pem}
    assert (await peer.post(served.inbox, a_follow(peer, served, 2))).status == 401
    await forget_key(served, peer)
    assert (await peer.post(served.inbox, a_follow(peer, served, 2))).status == 202
    assert len(peer.requests(f"/users/{peer.name}")) == 2


async def forget_key(served: Served, peer: Peer) -> None:
    """Let the key be one that was fetched some time ago, in another process."""
    async with served.node.database.pool.acquire() as db:
        await db.execute("UPDATE actors SET fetched_at = fetched_at - $2::interval WHERE uri = $1", peer.actor_id, OLD)
    served.keys.forget(peer.key_id)


async def test_case_7_a_key_that_another_actor_would_have_to_list_is_refused(served: Served, peer: Peer) -> None:
    async with hostile_peer("127.0.0.9") as victim:
        peer.serve("/key", {"id": peer.url("/key"), "owner": victim.actor_id, "publicKeyPem": peer.keys.public_pem})
        follow = a_follow(victim, served)
        assert (await peer.post(served.inbox, follow, key_id=peer.url("/key"))).status == 401
    assert await arrived(served) == []


async def test_case_8_a_key_with_another_owner_is_refused(served: Served, peer: Peer) -> None:
    peer.actor["publicKey"] = peer.actor["publicKey"] | {"owner": peer.url("/users/somebody")}
    assert (await peer.post(served.inbox, a_follow(peer, served))).status == 401


@pytest.mark.parametrize("key_id", ["acct:mallory@127.0.0.7", "file:///etc/passwd", "http://user@127.0.0.7/k"])
async def test_case_12_a_key_id_that_is_no_plain_address_is_refused(served: Served, peer: Peer, key_id: str) -> None:
    assert (await peer.post(served.inbox, a_follow(peer, served), key_id=key_id)).status == 401


async def test_case_40_a_key_of_our_own_is_refused_before_any_fetch(served: Served, peer: Peer) -> None:
    answer = await peer.post(served.inbox, a_follow(peer, served), key_id=f"{served.hub.uri}#main-key")
    assert answer.status == 403


async def test_case_123_a_blocked_host_is_refused_before_any_fetch(served: Served, peer: Peer) -> None:
    async with served.node.database.pool.acquire() as db:
        await block(db, "127.0.0.7")
        await served.node.policy.refresh(db)
    assert (await peer.post(served.inbox, a_follow(peer, served))).status == 403
    assert peer.received == []


async def block(db: Any, domain: str) -> None:
    """A suspension in force."""
    await db.execute(
        "INSERT INTO measures (kind, target_kind, target, state) VALUES ('suspend', 'domain', $1, 'executed')", domain
    )


async def test_a_suspended_actor_is_refused(served: Served, peer: Peer) -> None:
    assert (await peer.post(served.inbox, a_follow(peer, served))).status == 202
    async with served.node.database.pool.acquire() as db:
        await db.execute("UPDATE actors SET suspended_at = now() WHERE uri = $1", peer.actor_id)
    served.keys.forget(peer.key_id)
    assert (await peer.post(served.inbox, a_follow(peer, served, 2))).status == 403


async def test_a_peer_that_cannot_show_its_key_now_is_asked_to_come_again(served: Served, peer: Peer) -> None:
    peer.serve(f"/users/{peer.name}", b"", status=503)
    assert (await peer.post(served.inbox, a_follow(peer, served))).status == 503
    assert await arrived(served) == []


async def test_an_actor_that_is_gone_says_farewell_without_a_look_for_its_key(served: Served, peer: Peer) -> None:
    farewell = {"id": peer.actor_id + "#delete", "type": "Delete", "actor": peer.actor_id, "object": peer.actor_id}
    assert (await peer.post(served.inbox, farewell)).status == 202
    assert peer.requests(f"/users/{peer.name}") == []
    assert await arrived(served) == []


async def test_case_1_what_the_signer_did_not_write_is_looked_up_where_it_lives(served: Served, peer: Peer) -> None:
    async with hostile_peer("127.0.0.9") as good:
        note = {"id": good.url("/notes/1"), "type": "Note", "attributedTo": good.actor_id, "content": "never said"}
        create = {"id": good.url("/creates/1"), "type": "Create", "actor": good.actor_id, "object": note}
        for _ in range(2):
            assert (await peer.post(served.inbox, create)).status == 202
        assert await arrived(served) == []
        assert await jobs_waiting(served) == [{"uri": good.url("/notes/1")}]
        assert await tally(served, "forwarded") == 2


async def test_what_the_signer_did_not_write_is_kept_where_its_author_proves_it(served: Served, peer: Peer) -> None:
    async with hostile_peer("127.0.0.9") as good:
        key = Ed25519PrivateKey.generate()
        key_id = f"{good.actor_id}#ed25519-key"
        multikey = {"id": key_id, "type": "Multikey", "controller": good.actor_id}
        good.actor["assertionMethod"] = [multikey | {"publicKeyMultibase": write_multikey(key.public_key())}]
        create = {"id": good.url("/creates/1"), "type": "Create", "actor": good.actor_id, "object": good.url("/n/1")}
        proved = create_proof(create, SigningKey(key_id=key_id, private_key=key), datetime.now(UTC))
        assert (await peer.post(served.inbox, proved)).status == 202
        assert await arrived(served) == [good.url("/creates/1")]
        altered = proved | {"id": good.url("/creates/2")}
        assert (await peer.post(served.inbox, altered)).status == 202
        assert await arrived(served) == [good.url("/creates/1")]


async def test_an_unknown_type_is_answered_202_and_counted(served: Served, peer: Peer) -> None:
    wave = a_follow(peer, served) | {"type": "Wave"}
    assert (await peer.post(served.inbox, wave)).status == 202
    assert await arrived(served) == []
    assert await tally(served, "unknown type") == 1


async def test_case_54_a_compressed_body_is_refused(served: Served, peer: Peer) -> None:
    body = gzip.compress(b" " * 10_000_000)
    headers = peer.sign("POST", served.inbox, body) | {"Content-Encoding": "gzip"}
    assert (await peer.request("POST", served.inbox, headers, body)).status == 415


async def test_case_56_a_body_that_is_too_large_is_refused_before_it_is_read(served: Served) -> None:
    promised = b"Content-Length: %d\r\n\r\n" % (50 * DOCUMENT_BYTES)
    assert (await talk(served, promised)).startswith(b"HTTP/1.1 413")


async def test_case_56_a_body_that_grows_too_large_is_refused_where_it_does(served: Served) -> None:
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    assert (await talk(served, b"Transfer-Encoding: chunked\r\n\r\n" + piece * 17)).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"nonsense", b"[" * 100_000, b'{"a":' * 100_000, b'{"n":' + b"1" * 100_000 + b"}", b'"\xff"'],
    ids=["empty", "list", "nonsense", "deep list", "deep object", "long number", "not text"],
)
async def test_case_55_what_is_no_json_object_is_refused(served: Served, peer: Peer, body: bytes) -> None:
    assert (await peer.post(served.inbox, body)).status == 400


GOOD = {"id": "https://a.example/1", "type": "Like", "actor": "https://a.example/u", "object": "https://b.example/2"}


@pytest.mark.parametrize(
    "spoilt",
    [
        {"actor": ["https://a.example/u", "https://a.example/v"]},
        {"actor": None},
        {"actor": {"name": "nobody"}},
        {"type": ["Like", "Delete"]},
        {"type": None},
        {"id": ""},
        {"id": "https://other.example/1"},
        {"id": "https://a.example:444/1"},
        {"id": "https://user@a.example/1"},
        {"id": "https://a.example/" + "x" * 3000},
        {"id": 7},
    ],
    ids=str,
)
def test_case_103_what_can_be_read_in_two_ways_is_refused(spoilt: dict[str, Any]) -> None:
    with pytest.raises(BadActivity):
        read_activity(json.dumps(GOOD | spoilt).encode())


async def test_an_activity_without_an_id_is_kept_once_per_request(served: Served, peer: Peer) -> None:
    nameless = a_follow(peer, served) | {"id": None, "type": "Add", "target": peer.url("/featured")}
    body = json.dumps(nameless).encode()
    headers = {"Content-Type": "application/activity+json"} | peer.sign("POST", served.inbox, body)
    for _ in range(2):
        assert (await peer.request("POST", served.inbox, headers, body)).status == 202
    assert len(await arrived(served)) == 1
    later = datetime.now(UTC) + timedelta(seconds=2)
    assert (await peer.post(served.inbox, body, now=later)).status == 202
    assert len(await arrived(served)) == 2


def test_an_activity_may_embed_its_actor_and_object() -> None:
    said = read_activity(json.dumps(GOOD | {"actor": {"id": GOOD["actor"]}, "object": [{"id": "urn:x"}]}).encode())
    assert (said.actor, said.object_id) == (GOOD["actor"], "urn:x")


async def test_a_followed_hub_answers_with_an_accept(working: Served, peer: Peer) -> None:
    assert (await peer.post(working.inbox, a_follow(peer, working))).status == 202
    accept = (await peer.wait_for("/inbox"))[0].json
    assert (accept["type"], accept["actor"], accept["object"]["id"]) == (
        "Accept",
        working.hub.uri,
        peer.url("/follows/1"),
    )
    assert accept["proof"]["cryptosuite"] == "eddsa-jcs-2022"
    async with working.node.database.pool.acquire() as db:
        assert (await actors.counts(db, working.hub.id)).followers == 1
