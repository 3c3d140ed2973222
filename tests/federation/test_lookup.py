"""From a handle to an actor and back: a handle counts only if both sides say so."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from federation.client import GuardedClient
from federation.fetch import fetch_document
from federation.knocking import RecentSchemes
from federation.lookup import Found, Handle, confirmed_handle, find_actor, read_handle
from federation.outcomes import FetchFailed, FetchGone, FetchRefused, Refusal
from federation.signing import KeySigner
from schemas.limits import DISCOVERY_BYTES
from tests.peer import Peer, hostile_peer

Find = Callable[[str], Awaitable[Found]]
WEBFINGER = "/.well-known/webfinger"


@pytest.fixture
def find(client: GuardedClient, signer: KeySigner) -> Find:
    return lambda text: find_actor(client, text, signer, RecentSchemes())


async def refusal(find: Find, text: str) -> Refusal:
    with pytest.raises(FetchRefused) as caught:
        await find(text)
    return caught.value.reason


def jrd(subject: str, *actors: str, kind: str = "application/activity+json") -> dict[str, Any]:
    return {"subject": subject, "links": [{"rel": "self", "type": kind, "href": actor} for actor in actors]}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("acct:Ana@good.test", "Ana@good.test"),
        ("@ana@GOOD.test.", "ana@good.test"),
        (" ana@bücher.test ", "ana@xn--bcher-kva.test"),
        ("hub.test@hub.test", "hub.test@hub.test"),
        ("ana@good.test:443", "ana@good.test"),
        ("ana@127.0.0.2:8080", "ana@127.0.0.2:8080"),
    ],
)
def test_handles_are_read_in_every_usual_spelling(text: str, meant: str) -> None:
    assert str(read_handle(text)) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ana",
        "@ana",
        "https://good.test/@ana",
        "a@b@c",
        "ana@",
        "@@good.test",
        "ana@good.test/x",
        "a na@good.test",
        "ana@good..test",
        "a" * 129 + "@good.test",
        "ana@127.1",
        "acct:@good.test",
    ],
)
def test_what_is_no_handle_is_none(text: str) -> None:
    assert read_handle(text) is None


async def test_a_handle_leads_to_its_actor(find: Find, peer: Peer) -> None:
    for text in (peer.handle, f"@{peer.handle}", f"acct:{peer.name.upper()}@{peer.domain}"):
        found = await find(text)
        assert found.actor.url == peer.actor_id
        assert str(found.handle) == peer.handle
    assert peer.requests(WEBFINGER)[0].target == f"{WEBFINGER}?resource=acct:{peer.handle}"


async def test_an_address_leads_to_its_actor_and_handle(find: Find, peer: Peer) -> None:
    found = await find(peer.actor_id)
    assert found.actor.url == peer.actor_id
    assert str(found.handle) == peer.handle


async def test_an_address_of_a_page_is_resolved_by_webfinger(find: Find, peer: Peer) -> None:
    page = peer.serve("/about", "<html>", content_type="text/html")
    assert (await find(page)).actor.url == peer.actor_id
    assert f"resource={page.replace('/', '%2F')}" in peer.requests(WEBFINGER)[0].target


async def test_case_15_webfinger_that_names_a_strangers_actor_binds_no_handle(find: Find, peer: Peer) -> None:
    async with hostile_peer("127.0.0.9") as good:
        good.actor["preferredUsername"] = "ana"
        good.jrd["subject"] = f"acct:ana@{good.domain}"
        peer.jrd = jrd(f"acct:{peer.handle}", good.actor_id)
        assert await refusal(find, peer.handle) is Refusal.HANDLE


async def test_case_15_a_subject_of_a_stranger_gives_the_strangers_handle_and_actor(find: Find, peer: Peer) -> None:
    async with hostile_peer("127.0.0.9") as good:
        peer.jrd = jrd(f"acct:{good.handle}", peer.actor_id)
        found = await find(peer.handle)
        assert (str(found.handle), found.actor.url) == (good.handle, good.actor_id)


async def test_case_15_an_actor_with_a_handle_elsewhere_is_asked_for_there(find: Find, peer: Peer) -> None:
    async with hostile_peer("127.0.0.9") as good:
        peer.actor["webfinger"] = good.handle
        assert await refusal(find, peer.handle) is Refusal.HANDLE
        assert await refusal(find, peer.actor_id) is Refusal.HANDLE


async def test_case_16_a_name_that_webfinger_gives_to_another_is_not_taken(find: Find, peer: Peer) -> None:
    rival = peer.url("/users/rival")
    peer.serve("/users/rival", {**peer.actor, "id": rival})
    assert await refusal(find, rival) is Refusal.HANDLE


async def test_a_domain_may_let_another_speak_for_it(find: Find) -> None:
    async with hostile_peer("127.0.0.7") as short, hostile_peer("127.0.0.9") as social:
        handle = f"{social.name}@{short.domain}"
        both = jrd(f"acct:{handle}", social.actor_id)
        short.jrd = social.jrd = both
        for text in (handle, social.handle, social.actor_id):
            found = await find(text)
            assert (str(found.handle), found.actor.url) == (handle, social.actor_id)


async def test_a_domain_may_redirect_its_webfinger(find: Find) -> None:
    async with hostile_peer("127.0.0.7") as short, hostile_peer("127.0.0.9") as social:
        handle = f"{social.name}@{short.domain}"
        social.jrd = jrd(f"acct:{handle}", social.actor_id)
        short.redirect(WEBFINGER, social.url(f"{WEBFINGER}?resource=acct:{handle}"))
        assert str((await find(handle)).handle) == handle


async def test_speaking_for_each_other_in_a_circle_is_followed_once(find: Find) -> None:
    async with hostile_peer("127.0.0.7") as one, hostile_peer("127.0.0.9") as other:
        one.jrd = jrd(f"acct:{other.handle}", one.actor_id)
        other.jrd = jrd(f"acct:{one.handle}", one.actor_id)
        assert await refusal(find, one.handle) is Refusal.HANDLE
        assert len(one.received) + len(other.received) == 2


async def test_an_account_and_a_group_may_share_a_name(find: Find, peer: Peer) -> None:
    group = peer.url("/c/mallory")
    peer.serve("/c/mallory", {**peer.actor, "id": group, "type": "Group"})
    peer.jrd = jrd(f"acct:{peer.handle}", peer.actor_id, group)
    assert (await find(group)).actor.url == group
    assert (await find(peer.handle)).actor.url == peer.actor_id


@pytest.mark.parametrize("kind", ["text/html", "application/json", "application/ld+json", ""])
async def test_a_self_link_of_another_type_is_no_actor(find: Find, peer: Peer, kind: str) -> None:
    peer.jrd = jrd(f"acct:{peer.handle}", peer.actor_id, kind=kind)
    assert await refusal(find, peer.handle) is Refusal.HANDLE


async def test_nulls_and_oddities_in_a_jrd_are_looked_over(find: Find, peer: Peer) -> None:
    peer.jrd["aliases"] = None
    peer.jrd["properties"] = {"x": [None]}
    peer.jrd["links"] = [
        {"rel": None},
        {"href": None, "rel": "self"},
        {},
        *jrd("", "javascript:x")["links"],
        *peer.jrd["links"],
    ]
    assert (await find(peer.handle)).actor.url == peer.actor_id


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html>", Refusal.MALFORMED),
        (b"[" * 60_000, Refusal.MALFORMED),
        (b'{"links": "x"}', Refusal.MALFORMED),
        (b"{}" + b" " * DISCOVERY_BYTES, Refusal.SIZE),
        (b"{}", Refusal.HANDLE),
    ],
)
async def test_case_49_a_jrd_is_bounded_and_checked(find: Find, peer: Peer, body: bytes, reason: Refusal) -> None:
    peer.serve(WEBFINGER, body)
    assert await refusal(find, peer.handle) is reason


async def test_a_handle_nobody_knows_is_gone_and_a_broken_server_a_failure(find: Find, peer: Peer) -> None:
    peer.serve(WEBFINGER, b"", status=404)
    with pytest.raises(FetchGone):
        await find(peer.handle)
    peer.serve(WEBFINGER, b"", status=500)
    with pytest.raises(FetchFailed) as caught:
        await find(peer.handle)
    assert caught.value.temporary


@pytest.mark.parametrize("handle", ["x@127.0.0.1", "x@[::1]", "x@169.254.169.254", "x@localhost", "x@127.0.0.1:6379"])
async def test_case_140_handles_at_private_hosts_are_not_asked_for(signer: KeySigner, handle: str) -> None:
    async with GuardedClient(user_agent="t", may_federate=lambda host: True) as client:
        with pytest.raises(FetchRefused) as caught:
            await find_actor(client, handle, signer, RecentSchemes())
    assert caught.value.reason in (Refusal.LITERAL, Refusal.NETWORK)


async def test_an_actor_without_a_name_has_no_handle(client: GuardedClient, signer: KeySigner, peer: Peer) -> None:
    for name in (None, 7, "", "a b", "x" * 200):
        peer.actor["preferredUsername"] = name
        actor = await fetch_document(client, peer.actor_id, signer, RecentSchemes())
        with pytest.raises(FetchRefused):
            await confirmed_handle(client, actor)
    assert peer.requests(WEBFINGER) == []


def test_handles_are_the_same_in_any_case() -> None:
    assert Handle(name="Ana", domain="good.test").means(Handle(name="aNA", domain="good.test"))
    assert not Handle(name="ana", domain="good.test").means(Handle(name="ana", domain="evil.test"))
