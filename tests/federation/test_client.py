"""The guarded client against a hostile peer: what must not be called is not. Its answers: `test_client_answers.py`."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack

import pytest
from aiohttp import web

from federation.addresses import networks
from federation.client import GuardedClient, Outgoing, Signing
from federation.outcomes import Failure, FetchRefused, Refusal
from federation.signatures.pending import Scheme
from schemas.limits import HTTP_CONNECTIONS_PER_HOST, HTTP_REDIRECTS
from tests.federation.guarded import Names, failure, guarded, read, refusal
from tests.peer import Peer, hostile_peer, trust
from tests.ports import free_port

MIB = 1024 * 1024


async def test_an_answer_comes_with_status_address_and_body(client: GuardedClient, peer: Peer) -> None:
    url = peer.serve("/x?y=%2F", b"hello", status=418)
    async with client.send(Outgoing(url=url + "#part")) as incoming:
        assert (incoming.status, incoming.url, await incoming.read()) == (418, url, b"hello")
    (request,) = peer.received
    assert request.target == "/x?y=%2F"
    assert request.header("User-Agent") == "Allmende/test"
    assert request.header("Host") == peer.domain


async def test_the_signature_covers_the_address_as_sent(client: GuardedClient, peer: Peer) -> None:
    class Witness:
        def sign(
            self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, scheme: Scheme
        ) -> Mapping[str, str]:
            return {"Signature": f"{method} {url} {body!r} {scheme} {headers['Accept']}"}

    peer.redirect("/a?b=c", peer.url("/d?e=f"))
    peer.serve("/d", b"")
    for query in (True, False):
        signing = Signing(signer=Witness(), query=query)
        async with client.send(Outgoing(url=peer.url("/a?b=c"), headers={"Accept": "x"}, signing=signing)):
            pass
    end = " None draft-cavage-12 x"
    assert [one.header("Signature") for one in peer.received] == [
        f"GET {peer.url('/a?b=c')}{end}",
        f"GET {peer.url('/d?e=f')}{end}",
        f"GET {peer.url('/a')}{end}",
        f"GET {peer.url('/d')}{end}",
    ]


async def test_connections_are_used_again(client: GuardedClient, peer: Peer) -> None:
    ports = set()

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername")[1])
        return web.Response(body=b"x")

    url = peer.answer_with("/x", answer)
    for _ in range(3):
        await read(client, url)
    assert len(ports) == 1


async def test_cookies_of_peers_are_not_kept(client: GuardedClient, peer: Peer) -> None:
    url = peer.serve("/x", b"", headers={"Set-Cookie": "id=1; Path=/"})
    await read(client, url)
    await read(client, url)
    assert peer.received[1].header("Cookie") is None


async def test_case_40_no_request_to_a_host_that_may_not_be_called(peer: Peer) -> None:
    asked = []

    async def slow_no(host: str) -> bool:
        asked.append(host)
        return False

    for may_federate in (slow_no, lambda host: bool(asked.append(host))):
        async with guarded(may_federate=may_federate, plain_http=True, allowed=True) as client:
            assert await refusal(client, peer.url("/x")) is Refusal.BLOCKED
    assert asked == ["127.0.0.7", "127.0.0.7"]
    assert peer.received == []


async def test_only_what_is_said_to_be_no_peer_may_be_called_without_federating(peer: Peer) -> None:
    async with guarded(may_federate=lambda host: False, plain_http=True, allowed=True) as client:
        url = peer.serve("/push", b"", status=201)
        assert await refusal(client, url) is Refusal.BLOCKED
        async with client.send(Outgoing(url=url, method="POST", body=b"x", peer=False)) as incoming:
            assert incoming.status == 201
    async with guarded(plain_http=True) as strict:
        with pytest.raises(FetchRefused) as refused:
            async with strict.send(Outgoing(url=url, method="POST", body=b"x", peer=False)):
                pass
        assert refused.value.reason is Refusal.LITERAL


async def test_case_119_a_redirect_does_not_lead_to_a_blocked_host(peer: Peer) -> None:
    async with (
        hostile_peer("127.0.0.9") as blocked,
        guarded(may_federate=lambda host: host != "127.0.0.9", plain_http=True, allowed=True) as client,
    ):
        url = peer.redirect("/x", blocked.serve("/y", b"secret"))
        assert await refusal(client, url) is Refusal.BLOCKED
        assert blocked.received == []


async def test_case_43_a_name_that_leads_to_a_private_address_is_refused_at_connect() -> None:
    names = Names({"evil.test": [["127.0.0.7"]], "both.test": [["10.0.0.1", "192.168.1.1"]]})
    async with guarded(resolver=names) as client:
        assert await refusal(client, "https://evil.test/") is Refusal.NETWORK
        assert await refusal(client, "https://both.test/") is Refusal.NETWORK
    async with guarded() as client:  # with the system's own resolver
        assert await refusal(client, "https://localhost./") is Refusal.NETWORK


@pytest.mark.parametrize("host", ["127.0.0.7", "[::1]", "[::ffff:127.0.0.7]", "169.254.169.254", "8.8.8.8"])
async def test_case_44_ip_literals_are_refused_before_anything_is_sent(host: str) -> None:
    async with guarded() as client:
        assert await refusal(client, f"https://{host}/") is Refusal.LITERAL


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "0177.0.0.1"])
async def test_case_43_odd_spellings_of_loopback_are_no_addresses(host: str) -> None:
    async with guarded() as client:
        assert await refusal(client, f"https://{host}/") is Refusal.ADDRESS


async def test_case_46_a_name_whose_second_answer_is_private_is_refused_at_the_second_connect() -> None:
    # First an allowed address, then a private one that is not: what counts is where each socket goes.
    names = Names({"evil.test": [["127.0.0.7"], ["127.0.0.9"]]})
    async with hostile_peer("127.0.0.7") as peer, hostile_peer("127.0.0.9", port=_port(peer)) as inner:
        client = GuardedClient(
            user_agent="t",
            may_federate=lambda host: True,
            plain_http=True,
            resolver=names,
            allowed_networks=networks(["127.0.0.7/32"]),
        )
        peer.serve("/x", b"first", headers={"Connection": "close"})
        inner.serve("/x", b"second")
        url = f"http://evil.test:{_port(peer)}/x"
        async with client:
            assert await read(client, url) == b"first"
            for keeping in (client._connections._keeping, client._connections._closing):
                keeping.connector.clear_dns_cache()  # type: ignore[union-attr]
            assert await refusal(client, url) is Refusal.NETWORK
        assert inner.received == []


async def test_case_46_of_two_addresses_only_the_allowed_one_is_called() -> None:
    async with hostile_peer("127.0.0.7") as peer, hostile_peer("127.0.0.9", port=_port(peer)) as inner:
        names = Names({"evil.test": [["127.0.0.9", "127.0.0.7"]]})
        client = GuardedClient(
            user_agent="t",
            may_federate=lambda host: True,
            plain_http=True,
            resolver=names,
            allowed_networks=networks(["127.0.0.7/32"]),
        )
        peer.serve("/x", b"fine")
        async with client:
            assert await read(client, f"http://evil.test:{_port(peer)}/x") == b"fine"
        assert inner.received == []


async def test_case_47_a_redirect_to_loopback_is_refused(peer: Peer) -> None:
    names = Names({"public.test": [["127.0.0.7"]], "inner.test": [["127.0.0.9"]]})
    async with hostile_peer("127.0.0.9") as inner:
        client = GuardedClient(
            user_agent="t",
            may_federate=lambda host: True,
            plain_http=True,
            resolver=names,
            allowed_networks=networks(["127.0.0.7/32"]),
        )
        base = f"http://public.test:{_port(peer)}"
        peer.redirect("/literal", inner.url("/secret"))
        peer.redirect("/name", f"http://inner.test:{_port(inner)}/secret")
        peer.redirect("/scheme", "gopher://public.test/")
        peer.redirect("/userinfo", "http://public.test@inner.test/")
        async with client:
            assert await refusal(client, base + "/literal") is Refusal.LITERAL
            assert await refusal(client, base + "/name") is Refusal.NETWORK
            assert await refusal(client, base + "/scheme") is Refusal.ADDRESS
            assert await refusal(client, base + "/userinfo") is Refusal.ADDRESS
        assert inner.received == []


async def test_case_47_a_redirect_from_https_to_http_is_refused() -> None:
    async with (
        hostile_peer("127.0.0.7", tls=True) as peer,
        hostile_peer("127.0.0.9") as plain,
        guarded(plain_http=True, allowed=True, tls=trust("127.0.0.7")) as client,
    ):
        peer.serve("/fine", b"fine")
        assert await read(client, peer.url("/fine")) == b"fine"
        url = peer.redirect("/x", plain.url("/x"))
        assert await refusal(client, url) is Refusal.DOWNGRADE
        assert plain.received == []


async def test_case_47_a_redirect_to_another_origin_is_refused_where_the_origin_counts(
    client: GuardedClient, peer: Peer
) -> None:
    async with hostile_peer("127.0.0.9") as other:
        url = peer.redirect("/x", other.serve("/y", b"y"))
        assert await refusal(client, url, redirects="same-origin") is Refusal.ORIGIN
        assert other.received == []
        assert await read(client, url) == b"y"


async def test_case_48_three_redirects_are_followed_and_no_more(client: GuardedClient, peer: Peer) -> None:
    end = peer.serve("/end", b"end")
    assert await read(client, peer.redirect_chain("/three", HTTP_REDIRECTS, end)) == b"end"
    peer.received.clear()
    assert await refusal(client, peer.redirect_chain("/many", 1000, end)) is Refusal.REDIRECTS
    assert len(peer.received) == HTTP_REDIRECTS + 1


async def test_case_48_a_loop_is_seen_fragments_do_not_hide_it(client: GuardedClient, peer: Peer) -> None:
    peer.redirect("/self", peer.url("/self#again"))
    peer.redirect("/a", "/b")
    peer.redirect("/b", peer.url("/a"))
    assert await refusal(client, peer.url("/self")) is Refusal.LOOP
    assert await refusal(client, peer.url("/a")) is Refusal.LOOP
    assert len(peer.received) == 3


async def test_a_post_is_never_redirected(client: GuardedClient, peer: Peer) -> None:
    request = Outgoing(url=peer.redirect("/x", "/y", status=307), method="POST", body=b"{}", redirects="none")
    async with client.send(request) as incoming:
        assert incoming.status == 307
    assert [one.target for one in peer.received] == ["/x"]


async def test_plain_http_is_refused_unless_allowed_even_on_the_port_of_https() -> None:
    async with guarded(allowed=True) as client:
        assert await refusal(client, "http://127.0.0.7:8080/") is Refusal.PLAIN
    async with guarded(allowed=True, plain_http=True, resolver=Names({"public.test": [["8.8.8.8"]]})) as client:
        assert await refusal(client, "http://public.test:443/") is Refusal.PLAIN
        assert await refusal(client, "http://public.test/") is Refusal.PORT


@pytest.mark.parametrize("port", [22, 25, 80, 6379])
async def test_case_51_public_hosts_are_called_on_443_only(port: int) -> None:
    async with guarded(resolver=Names({"public.test": [["8.8.8.8"]]})) as client:
        assert await refusal(client, f"https://public.test:{port}/") is Refusal.PORT


async def test_a_host_without_address_server_or_known_certificate_fails_before_it_is_reached() -> None:
    async with guarded(plain_http=True, allowed=True, resolver=Names({})) as client, hostile_peer(tls=True) as peer:
        assert await failure(client, "https://nowhere.test/") is Failure.DNS
        assert await failure(client, f"http://127.0.0.7:{free_port('127.0.0.7')}/") is Failure.CONNECT
        assert await failure(client, peer.url("/")) is Failure.TLS


async def test_case_64_idle_connections_to_many_hosts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("federation.connections.HTTP_KEPT_SOCKETS", 3)
    async with guarded(plain_http=True, allowed=True) as client, AsyncExitStack() as peers:
        for number in range(7):
            peer = await peers.enter_async_context(hostile_peer(f"127.0.1.{number + 1}"))
            await read(client, peer.serve("/x", b"x"))
        assert 3 <= client._connections.open_sockets() <= 4  # the last one may still be closing


async def test_case_65_one_slow_host_does_not_take_all_connections(client: GuardedClient, peer: Peer) -> None:
    released = asyncio.Event()

    async def hang(request: web.Request) -> web.StreamResponse:
        await released.wait()
        return web.Response()

    url = peer.answer_with("/hang", hang)
    waiting = [asyncio.create_task(read(client, url)) for _ in range(HTTP_CONNECTIONS_PER_HOST * 3)]
    await peer.wait_for("/hang", HTTP_CONNECTIONS_PER_HOST)
    async with hostile_peer("127.0.0.9") as other:
        assert await read(client, other.serve("/x", b"x")) == b"x"
    assert len(peer.received) == HTTP_CONNECTIONS_PER_HOST
    released.set()
    await asyncio.gather(*waiting)


def _port(peer: Peer) -> int:
    return int(peer.domain.rpartition(":")[2])
