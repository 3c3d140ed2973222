"""How others find us: WebFinger both ways, NodeInfo, host-meta."""

from __future__ import annotations

import pytest

from federation.lookup import find_actor
from node.node import Node
from tests.factories import a_local_actor
from tests.node.activitypub.conftest import Served
from tests.peer import Peer


async def ask(served: Served, peer: Peer, resource: str) -> tuple[int, dict[str, object]]:
    answer = await peer.get(served.url(f"/.well-known/webfinger?resource={resource}"), signed=False)
    return answer.status, answer.json


async def test_a_handle_leads_to_its_actor_and_the_actor_back(served: Served, peer: Peer) -> None:
    domain = served.node.urls.domain
    for resource in (f"acct:hub@{domain}", served.hub.uri, f"{served.node.urls.base_url}/@hub"):
        status, jrd = await ask(served, peer, resource)
        assert (status, jrd["subject"]) == (200, f"acct:hub@{domain}")
        assert {"rel": "self", "type": "application/activity+json", "href": served.hub.uri} in jrd["links"]  # type: ignore[operator]


async def test_our_own_lookup_finds_our_hub_and_confirms_it_from_both_sides(served: Served, node: Node) -> None:
    found = await find_actor(node.client, f"@hub@{served.node.urls.domain}", node.signer, node.schemes)
    assert (found.actor.url, str(found.handle)) == (served.hub.uri, f"hub@{served.node.urls.domain}")


async def test_anybody_in_a_browser_may_ask(served: Served, peer: Peer) -> None:
    url = served.url(f"/.well-known/webfinger?resource=acct:hub@{served.node.urls.domain}")
    answer = await peer.get(url, signed=False)
    assert answer.headers["Content-Type"] == "application/jrd+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "resource", ["acct:nobody@{domain}", "acct:hub@other.example", "https://other.example/x", "hub", "%00"]
)
async def test_who_is_not_here_is_not_found(served: Served, peer: Peer, resource: str) -> None:
    status, _ = await ask(served, peer, resource.format(domain=served.node.urls.domain))
    assert status == 404


@pytest.mark.parametrize("query", ["", "resource=a&resource=b", "resource=" + "x" * 3000])
async def test_a_question_needs_one_resource(served: Served, peer: Peer, query: str) -> None:
    answer = await peer.get(served.url(f"/.well-known/webfinger?{query}"), signed=False)
    assert answer.status == 400


async def test_a_suspended_actor_is_not_found(served: Served, peer: Peer) -> None:
    async with served.node.database.pool.acquire() as db:
        await a_local_actor(db, "ada", urls=served.node.urls)
        await db.execute("UPDATE actors SET suspended_at = now() WHERE name = 'ada'")
    assert (await ask(served, peer, f"acct:ada@{served.node.urls.domain}"))[0] == 404


async def test_fep_d556_the_server_itself_is_found_by_its_address(served: Served, peer: Peer) -> None:
    status, jrd = await ask(served, peer, served.node.urls.base_url + "/")
    assert status == 200
    assert [link["href"] for link in jrd["links"]] == [served.node.urls.instance_actor]  # type: ignore[union-attr, index]


async def test_fep_2677_nodeinfo_names_the_instance_actor_and_both_versions(served: Served, peer: Peer) -> None:
    index = (await peer.get(served.url("/.well-known/nodeinfo"), signed=False)).json
    links = {link["rel"]: link["href"] for link in index["links"]}
    assert links["https://www.w3.org/ns/activitystreams#Application"] == served.node.urls.instance_actor
    for version in ("2.0", "2.1"):
        answer = await peer.get(links[f"http://nodeinfo.diaspora.software/ns/schema/{version}"], signed=False)
        assert (answer.json["version"], answer.json["software"]["name"]) == (version, "allmende")
        assert f"schema/{version}#" in answer.headers["Content-Type"]
    assert (await peer.get(served.url("/nodeinfo/3.0"), signed=False)).status == 404
    assert (await peer.get(served.url("/nodeinfo/2.0/"), signed=False)).json["version"] == "2.0"


async def test_host_meta_points_to_webfinger(served: Served, peer: Peer) -> None:
    template = served.url("/.well-known/webfinger?resource={uri}")
    assert template in (await peer.get(served.url("/.well-known/host-meta"), signed=False)).body.decode()
    links = (await peer.get(served.url("/.well-known/host-meta.json"), signed=False)).json["links"]
    assert links[0]["template"] == template


async def test_our_own_terms_are_explained_where_the_context_points(served: Served, peer: Peer) -> None:
    answer = await peer.get(served.url("/ns/coop"), signed=False)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/markdown; charset=utf-8")
    assert b"coop:call" in answer.body
