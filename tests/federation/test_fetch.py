"""Fetching a document: only what its own address says of itself is taken, in either way of signing."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
from aiohttp import web

from federation.bounded_json import BadJson, decode_object
from federation.client import GuardedClient
from federation.fetch import ACCEPT, Fetched, fetch_document, fetch_page, is_activity_type
from federation.knocking import RecentSchemes
from federation.outcomes import Failure, FetchFailed, FetchGone, FetchRefused, Refusal
from federation.signatures.pending import Scheme
from federation.signing import KeySigner
from schemas.limits import DOCUMENT_BYTES, JSON_DEPTH, JSON_MEMBERS, JSON_NUMBER_CHARS
from tests.peer import Peer, hostile_peer

Fetch = Callable[..., Awaitable[Fetched]]


@pytest.fixture
def memory() -> RecentSchemes:
    return RecentSchemes()


@pytest.fixture
def fetch(client: GuardedClient, signer: KeySigner, memory: RecentSchemes) -> Fetch:
    return lambda url, **more: fetch_document(client, url, signer, memory, **more)


async def refusal(fetch: Fetch, url: str, **more: Any) -> Refusal:
    with pytest.raises(FetchRefused) as caught:
        await fetch(url, **more)
    return caught.value.reason


async def test_a_document_comes_from_where_its_id_says(fetch: Fetch, peer: Peer) -> None:
    found = await fetch(peer.actor_id)
    assert found.url == peer.actor_id
    assert found.document == peer.actor
    assert found.raw_bytes.startswith(b"{")
    (request,) = peer.received
    assert request.header("Accept") == ACCEPT
    assert 'headers="(request-target) host date"' in (request.header("Signature") or "")


async def test_the_fragment_of_a_key_is_not_asked_for(fetch: Fetch, peer: Peer) -> None:
    assert (await fetch(peer.key_id)).url == peer.actor_id


async def test_case_2_what_is_said_in_anothers_name_is_asked_of_that_other(fetch: Fetch, peer: Peer) -> None:
    async with hostile_peer("127.0.0.9") as good:
        true = {"id": good.url("/notes/1"), "type": "Note", "content": "true"}
        good.serve("/notes/1", true)
        forged = peer.serve("/x", {**true, "content": "forged"})
        found = await fetch(forged)
    assert found.document == true
    assert found.url == true["id"]


async def test_case_2_a_second_disagreement_is_final(fetch: Fetch, peer: Peer) -> None:
    peer.serve("/b", {"id": peer.url("/c")})
    peer.serve("/c", {"id": peer.url("/c")})
    assert await refusal(fetch, peer.serve("/a", {"id": peer.url("/b")})) is Refusal.ID
    assert peer.requests("/c") == []


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/octet-stream", "text/html", ""])
async def test_case_3_an_upload_that_looks_like_a_document_is_refused(fetch: Fetch, peer: Peer, kind: str) -> None:
    url = peer.serve("/evil.json", {"id": peer.url("/evil.json"), "type": "Person"}, content_type=kind)
    assert await refusal(fetch, url) is Refusal.ANSWER_TYPE


@pytest.mark.parametrize(
    "kind",
    [
        "application/ld+json",
        'application/ld+json; profile="https://www.w3.org/ns/json-ld#compacted"',
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams.evil.test"',
        'application/ld+json; x="https://www.w3.org/ns/activitystreams"',
        'text/html; profile="https://www.w3.org/ns/activitystreams"',
        "application/activity+json, text/html",
        "application/activity+jsonx",
        "application/activity+json/x",
        ";;;",
    ],
)
async def test_case_4_other_types_and_profiles_are_refused(fetch: Fetch, peer: Peer, kind: str) -> None:
    assert not is_activity_type(kind)
    assert await refusal(fetch, peer.serve("/x", {"id": peer.url("/x")}, content_type=kind)) is Refusal.ANSWER_TYPE


@pytest.mark.parametrize(
    "kind",
    [
        "application/activity+json",
        "Application/Activity+JSON; charset=utf-8",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        'application/ld+json;profile="https://www.w3.org/ns/json-ld#compacted https://www.w3.org/ns/activitystreams"',
    ],
)
async def test_the_types_of_activitypub_are_taken(fetch: Fetch, peer: Peer, kind: str) -> None:
    url = peer.serve("/x", {"id": peer.url("/x")}, content_type=kind)
    assert (await fetch(url)).url == url


async def test_two_content_types_are_refused(fetch: Fetch, peer: Peer) -> None:
    async def both(request: web.Request) -> web.StreamResponse:
        response = web.Response(body=b'{"id": "%s"}' % peer.url("/x").encode())
        response.headers.extend([("Content-Type", "application/activity+json"), ("Content-Type", "text/html")])
        return response

    assert await refusal(fetch, peer.answer_with("/x", both)) is Refusal.ANSWER_TYPE


async def test_case_5_an_open_redirect_does_not_lend_its_origin(fetch: Fetch, peer: Peer) -> None:
    async with hostile_peer("127.0.0.9") as evil:
        own = peer.url("/redirect?to=evil")
        evil.serve("/x", {"id": own, "type": "Note"})
        peer.redirect("/redirect", evil.url("/x"))
        assert await refusal(fetch, own) is Refusal.ORIGIN
        assert evil.received == []
        assert await refusal(fetch, own, may_move=True) is Refusal.ORIGIN


async def test_an_address_that_someone_typed_may_lead_elsewhere(fetch: Fetch, peer: Peer) -> None:
    async with hostile_peer("127.0.0.9") as other:
        found = await fetch(peer.redirect("/short", other.actor_id), may_move=True)
        assert found.url == other.actor_id


async def test_a_redirect_within_the_origin_changes_the_id(fetch: Fetch, peer: Peer) -> None:
    new = peer.serve("/new", {"id": peer.url("/new")})
    assert (await fetch(peer.redirect("/old", new))).url == new


@pytest.mark.parametrize("named", [None, 5, "", "notes/1", "/notes/1", ["https://good.test/"], "acct:ana@good.test"])
async def test_a_document_without_a_real_id_is_refused(fetch: Fetch, peer: Peer, named: object) -> None:
    assert await refusal(fetch, peer.serve("/x", {"id": named})) is Refusal.ID


async def test_an_id_with_a_fragment_is_no_object(fetch: Fetch, peer: Peer) -> None:
    assert await refusal(fetch, peer.serve("/x", {"id": peer.url("/x#y")})) is Refusal.ID


async def test_case_18_other_spellings_of_the_id_are_the_same(fetch: Fetch, peer: Peer) -> None:
    url = peer.serve("/x", {"id": peer.url("/x").replace("http", "HTTP")})
    assert (await fetch(url)).url == url
    assert await refusal(fetch, peer.serve("/y", {"id": peer.url("/z/../y")})) is Refusal.ID


@pytest.mark.parametrize(
    "body",
    [
        b"[" * DOCUMENT_BYTES,
        b'{"a":' * 100_000,
        b'{"a":' + b"[" * 100_000,
        b'{"a":' + b"1" * (DOCUMENT_BYTES - 10) + b"}",
        b"{" + b",".join(b'"%d":1' % n for n in range(90_000)) + b"}",
        b'{"a":"' + b"\\" * (DOCUMENT_BYTES - 10),
        b'{"a":' + b'"' * (DOCUMENT_BYTES - 10),
        b"[]",
        b'"text"',
        b"",
        b"{",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b"<html>",
    ],
    ids=lambda body: f"{body[:8]!r} of {len(body)}",
)
async def test_case_55_json_made_to_hurt_is_refused_fast(fetch: Fetch, peer: Peer, body: bytes) -> None:
    url = peer.serve("/x", body)
    began = time.process_time()
    assert await refusal(fetch, url) is Refusal.MALFORMED
    assert time.process_time() - began < 5


async def test_case_55_a_huge_string_is_only_a_string(fetch: Fetch, peer: Peer) -> None:
    url = peer.serve("/x", {"id": peer.url("/x"), "content": "[{," * 100_000})
    assert len((await fetch(url)).document["content"]) == 300_000


def test_depth_members_and_numbers_have_sharp_limits() -> None:
    assert decode_object(b'{"a":' + b"1" * JSON_NUMBER_CHARS + b"}")
    with pytest.raises(BadJson):
        decode_object(b'{"a":' + b"1" * (JSON_NUMBER_CHARS + 1) + b"}")
    assert decode_object(b'{"a":' + b"[" * (JSON_DEPTH - 1) + b"]" * (JSON_DEPTH - 1) + b"}")
    with pytest.raises(BadJson):
        decode_object(b'{"a":' + b"[" * JSON_DEPTH + b"]" * JSON_DEPTH + b"}")
    assert decode_object(b'{"a":[' + b"1," * (JSON_MEMBERS - 2) + b"1]}")
    with pytest.raises(BadJson):
        decode_object(b'{"a":[' + b"1," * (JSON_MEMBERS - 1) + b"1]}")


async def test_case_53_a_document_over_the_limit_is_refused(fetch: Fetch, peer: Peer) -> None:
    url = peer.serve("/x", {"id": peer.url("/x"), "content": "x" * DOCUMENT_BYTES})
    assert await refusal(fetch, url) is Refusal.SIZE


@pytest.mark.parametrize("status", [404, 410])
async def test_what_is_gone_is_told_apart(fetch: Fetch, peer: Peer, status: int) -> None:
    url = peer.serve("/x", {"id": peer.url("/x"), "type": "Tombstone"}, status=status)
    with pytest.raises(FetchGone) as caught:
        await fetch(url)
    assert caught.value.status == status
    assert not caught.value.temporary


async def test_a_tombstone_served_with_200_is_a_document(fetch: Fetch, peer: Peer) -> None:
    url = peer.serve("/x", {"id": peer.url("/x"), "type": "Tombstone"})
    assert (await fetch(url)).document["type"] == "Tombstone"


@pytest.mark.parametrize(
    ("status", "temporary"),
    [(401, True), (403, False), (429, True), (500, True), (501, False), (503, True), (204, False)],
)
async def test_other_statuses_are_failures(fetch: Fetch, peer: Peer, status: int, temporary: bool) -> None:
    url = peer.serve("/x", b"", status=status, headers={"Retry-After": "120"})
    with pytest.raises(FetchFailed) as caught:
        await fetch(url)
    error = caught.value
    assert (error.failure, error.status, error.temporary) == (Failure.STATUS, status, temporary)
    assert error.retry_after == 120.0


def schemes(peer: Peer, path: str) -> list[str]:
    return ["rfc9421" if one.header("Signature-Input") else "draft" for one in peer.requests(path)]


def understands(peer: Peer, path: str, scheme: str, *, otherwise: int = 401) -> str:
    """Make the peer answer requests signed in one way only."""

    async def answer(request: web.Request) -> web.StreamResponse:
        used = "rfc9421" if "Signature-Input" in request.headers else "draft"
        if used != scheme:
            return web.Response(status=otherwise)
        return web.json_response({"id": peer.url(request.raw_path)}, content_type="application/activity+json")

    return peer.answer_with(path, answer)


@pytest.mark.parametrize("status", [400, 401])
async def test_a_peer_that_knows_only_rfc_9421_is_asked_twice_and_then_remembered(
    fetch: Fetch, memory: RecentSchemes, peer: Peer, status: int
) -> None:
    url = understands(peer, "/x", "rfc9421", otherwise=status)
    await fetch(url)
    await fetch(url)
    assert schemes(peer, "/x") == ["draft", "rfc9421", "rfc9421"]
    assert await memory.get("127.0.0.7") is Scheme.RFC9421


async def test_a_peer_that_changed_its_mind_is_remembered_anew(fetch: Fetch, memory: RecentSchemes, peer: Peer) -> None:
    await memory.set("127.0.0.7", Scheme.RFC9421)
    await fetch(understands(peer, "/x", "draft"))
    assert schemes(peer, "/x") == ["rfc9421", "draft"]
    assert await memory.get("127.0.0.7") is Scheme.DRAFT


async def test_a_peer_that_refuses_both_ways_is_asked_twice_and_not_remembered(
    fetch: Fetch, memory: RecentSchemes, peer: Peer
) -> None:
    with pytest.raises(FetchFailed) as caught:
        await fetch(peer.serve("/x", b"", status=401))
    assert caught.value.status == 401
    assert schemes(peer, "/x") == ["draft", "rfc9421"]
    assert await memory.get("127.0.0.7") is None


async def test_with_a_query_the_draft_is_tried_once_without_it(
    client: GuardedClient, memory: RecentSchemes, peer: Peer
) -> None:
    class Witness:
        def sign(
            self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, scheme: Scheme
        ) -> Mapping[str, str]:
            return {"Signed": f"{scheme.name} {url}"}

    url = peer.serve("/x?page=1", b"", status=401)
    with pytest.raises(FetchFailed):
        await fetch_document(client, url, Witness(), memory)
    assert [one.header("Signed") for one in peer.requests("/x")] == [
        f"DRAFT {url}",
        f"DRAFT {peer.url('/x')}",
        f"RFC9421 {url}",
    ]
    assert {one.target for one in peer.received} == {"/x?page=1"}


async def test_case_64_the_memory_of_schemes_is_bounded() -> None:
    memory = RecentSchemes(hosts=3)
    for number in range(10):
        await memory.set(f"{number}.test", Scheme.DRAFT)
        await memory.get("0.test")
    assert [await memory.get(f"{number}.test") for number in (0, 1, 9)] == [Scheme.DRAFT, None, Scheme.DRAFT]


async def test_a_page_needs_no_id_but_its_origin(
    client: GuardedClient, signer: KeySigner, memory: RecentSchemes, peer: Peer
) -> None:
    page = await fetch_page(client, peer.serve("/page?n=1", {"type": "CollectionPage"}), signer, memory)
    assert page.url == peer.url("/page?n=1")
    async with hostile_peer("127.0.0.9") as other:
        with pytest.raises(FetchRefused):
            await fetch_page(client, peer.redirect("/p", other.serve("/p", {})), signer, memory)
