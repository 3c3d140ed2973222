"""A stranger's NodeInfo is text to be cut and cleaned."""

import pytest

from federation.client import GuardedClient
from federation.nodeinfo import read_nodeinfo
from federation.outcomes import FetchGone, FetchRefused, Refusal
from schemas.discovery import REL_APPLICATION, REL_NODEINFO, Geo
from schemas.limits import DISCOVERY_BYTES, NODEINFO_TEXT_CHARS, NODEINFO_TEXTS
from tests.peer import Peer, hostile_peer

INDEX = "/.well-known/nodeinfo"


async def refusal(client: GuardedClient, peer: Peer) -> Refusal:
    with pytest.raises(FetchRefused) as caught:
        await read_nodeinfo(client, peer.base_url)
    return caught.value.reason


async def test_a_hub_says_who_it_is(client: GuardedClient, peer: Peer) -> None:
    links = [
        {"rel": REL_NODEINFO + "2.0", "href": peer.url("/nodeinfo/2.0")},
        {"rel": REL_NODEINFO + "2.1", "href": peer.url("/nodeinfo/2.1")},
        {"rel": REL_APPLICATION, "href": peer.url("/actor")},
    ]
    peer.serve(INDEX, {"links": links})
    peer.nodeinfo["openRegistrations"] = True
    peer.nodeinfo["metadata"] = {
        "nodeName": "Hub Bern",
        "nodeDescription": "Cooperative hub",
        "languages": ["de", "fr"],
        "coop": {
            "hub": peer.url("/actors/hub"),
            "knownHubs": peer.url("/hubs"),
            "topics": ["housing"],
            "geo": {"lat": 46.95, "lon": 7.44},
        },
    }
    info = await read_nodeinfo(client, peer.base_url)
    assert (info.software, info.version, info.open_registrations) == ("hostile", "1.0", True)
    assert (info.name, info.description, info.languages) == ("Hub Bern", "Cooperative hub", ("de", "fr"))
    assert (info.application, info.hub, info.known_hubs) == (
        peer.url("/actor"),
        peer.url("/actors/hub"),
        peer.url("/hubs"),
    )
    assert (info.topics, info.geo) == (("housing",), Geo(lat=46.95, lon=7.44))
    assert peer.requests("/nodeinfo/2.0") == []


async def test_case_141_text_of_a_stranger_is_stripped_and_cut(client: GuardedClient, peer: Peer) -> None:
    peer.nodeinfo["software"] = {"name": "<script>", "version": "1\x00\x1b[31m2"}
    peer.nodeinfo["metadata"] = {
        "nodeName": "  a\r\nb\t\u202ec\u200bd\x85 ",
        "nodeDescription": "x" * 10_000,
        "languages": ["de", None, 5, "", *["en"] * 100],
    }
    info = await read_nodeinfo(client, peer.base_url)
    assert (info.software, info.version) == ("", "1[31m2")
    assert info.name == "a b cd"
    assert info.description == "x" * NODEINFO_TEXT_CHARS
    assert info.languages[:2] == ("de", "en")
    assert len(info.languages) <= NODEINFO_TEXTS


@pytest.mark.parametrize(
    "metadata", [None, [], [1], {}, {"coop": None}, {"coop": [], "nodeName": {}, "languages": "de"}]
)
async def test_metadata_of_any_shape_is_read(client: GuardedClient, peer: Peer, metadata: object) -> None:
    peer.nodeinfo["metadata"] = metadata
    info = await read_nodeinfo(client, peer.base_url)
    assert (info.name, info.languages, info.hub, info.geo) == ("", (), None, None)


async def test_addresses_of_other_origins_and_places_off_the_map_are_dropped(client: GuardedClient, peer: Peer) -> None:
    coop = {"hub": "https://good.test/actors/hub", "knownHubs": "javascript:x", "geo": {"lat": 991, "lon": 0}}
    peer.nodeinfo["metadata"] = {"coop": coop}
    info = await read_nodeinfo(client, peer.base_url)
    assert (info.hub, info.known_hubs, info.geo) == (None, None, None)


async def test_case_49_an_index_does_not_send_us_elsewhere(client: GuardedClient, peer: Peer) -> None:
    async with hostile_peer("127.0.0.9") as inner:
        for href in (inner.url("/nodeinfo/2.1"), "http://169.254.169.254/latest", "file:///etc/passwd", "", None):
            peer.serve(INDEX, {"links": [{"rel": REL_NODEINFO + "2.1", "href": href}]})
            assert await refusal(client, peer) is Refusal.ANSWER_TYPE
        assert inner.received == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"[" * 60_000, Refusal.MALFORMED),
        (b'{"software": "x"}', Refusal.MALFORMED),
        (b" " * (DISCOVERY_BYTES + 1), Refusal.SIZE),
    ],
)
async def test_case_49_nodeinfo_is_bounded_and_checked(
    client: GuardedClient, peer: Peer, body: bytes, reason: Refusal
) -> None:
    peer.serve("/nodeinfo/2.1", body)
    assert await refusal(client, peer) is reason


async def test_a_server_without_nodeinfo_has_none(client: GuardedClient, peer: Peer) -> None:
    peer.serve(INDEX, b"", status=404)
    with pytest.raises(FetchGone):
        await read_nodeinfo(client, peer.base_url)
