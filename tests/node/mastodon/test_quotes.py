"""Quoting from a client: who may, what is shown, and taking consent back."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from federation.build.thing import thing
from node.store.posts import posts
from schemas.records import Viewer
from tests.factories import a_remote_actor, a_remote_object
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")
S = "/api/v1/statuses"


async def quote(client: Client, quoted: object, **more: Any) -> Any:
    return await client.post(S, {"status": "Look", "quoted_status_id": str(quoted)} | more)


async def said(hub: ClientHub, verb: str) -> list[dict[str, Any]]:
    rows = await hub.db.fetch("SELECT document FROM activities WHERE type = $1 ORDER BY id", verb)
    return [msgspec.json.decode(row["document"]) for row in rows]


@pytest.mark.parametrize("kind", ["post", "event", "finding", "call"])
async def test_a_quote_of_a_public_post_is_shown_and_its_author_is_told(
    hub: ClientHub, ana: Viewer, client: Client, bos_client: Client, kind: str
) -> None:
    post = await hub.publish(ana, kind=kind)
    made = (await quote(bos_client, post.id)).json
    assert made["quote"]["state"] == "accepted" and made["quote"]["quoted_status"]["id"] == str(post.id)
    assert made["quote"]["quoted_status"]["quotes_count"] == 1
    assert [one["id"] for one in (await client.get(f"{S}/{post.id}/quotes")).json] == [made["id"]]
    told = await hub.db.fetchval(
        "SELECT kind FROM notifications WHERE post_id = $1 AND actor_id = $2", int(made["id"]), ana.actor.id
    )
    assert told == "quote"


async def test_a_quote_in_a_quote_is_only_named(hub: ClientHub, ana: Viewer, bos_client: Client) -> None:
    first = await hub.publish(ana)
    second = (await quote(bos_client, first.id)).json
    third = (await quote(bos_client, second["id"])).json
    assert third["quote"]["quoted_status"]["quote"] == {"state": "accepted", "quoted_status_id": str(first.id)}


@pytest.mark.parametrize("policy", ["followers", "nobody"])
async def test_who_may_quote_is_the_authors_to_say(client: Client, bos_client: Client, policy: str) -> None:
    made = (await client.post(S, {"status": "Mine", "quote_approval_policy": policy})).json
    assert made["quote_approval"]["current_user"] == "automatic"
    assert (await bos_client.get(f"{S}/{made['id']}")).json["quote_approval"]["current_user"] == "denied"
    assert (await quote(bos_client, made["id"])).status == 422
    assert (await quote(client, made["id"])).json["quote"]["state"] == "accepted"
    opened = await client.put(f"{S}/{made['id']}/interaction_policy", {"quote_approval_policy": "public"})
    assert opened.json["quote_approval"]["automatic"] == ["public"]
    assert (await quote(bos_client, made["id"])).status == 200


async def test_followers_may_quote_where_they_alone_may(
    hub: ClientHub, client: Client, bo: Viewer, ana: Viewer, bos_client: Client
) -> None:
    made = (await client.post(S, {"status": "For mine", "quote_approval_policy": "followers"})).json
    uri = hub.node.urls.activity(1)
    await hub.db.execute(
        "INSERT INTO follows (follower_id, followed_id, uri, state) VALUES ($1, $2, $3, 'accepted')",
        bo.actor.id,
        ana.actor.id,
        uri,
    )
    assert (await quote(bos_client, made["id"])).json["quote"]["state"] == "accepted"
    await hub.db.execute("DELETE FROM follows WHERE uri = $1", uri)


async def test_what_not_everybody_may_read_is_quoted_by_its_author_only(
    hub: ClientHub, ana: Viewer, client: Client, bos_client: Client
) -> None:
    inside = await hub.publish(ana, "Inside only", audience="hub")
    assert (await quote(bos_client, inside.id)).status == 422
    made = (await quote(client, inside.id)).json
    assert made["quote"]["quoted_status"]["id"] == str(inside.id)
    shown = await hub.stranger.get(f"{S}/{made['id']}")
    assert shown.json["quote"] == {"state": "unauthorized", "quoted_status": None} and "Inside only" not in shown.text


async def test_consent_is_taken_back_and_not_given_again(
    hub: ClientHub, ana: Viewer, client: Client, bos_client: Client
) -> None:
    post = await hub.publish(ana)
    made = (await quote(bos_client, post.id)).json
    stamp = await hub.db.fetchval("SELECT authorization_uri FROM quotes WHERE post_id = $1", int(made["id"]))
    path = stamp.removeprefix(hub.node.urls.base_url)
    served = (await hub.stranger.ask("GET", path, headers={"Accept": "application/activity+json"})).text
    assert post.uri in served and "QuoteAuthorization" in served
    address = f"{S}/{post.id}/quotes/{made['id']}/revoke"
    assert (await bos_client.post(address)).status == 403
    assert (await client.post(f"{S}/{made['id']}/quotes/{post.id}/revoke")).status == 404
    gone = await client.post(address)
    assert gone.status == 200 and gone.json["quote"] == {"state": "revoked", "quoted_status": None}
    assert (await client.get(f"{S}/{post.id}/quotes")).json == []
    assert (await hub.stranger.ask("GET", path, headers={"Accept": "application/activity+json"})).status == 404


async def test_what_is_deleted_or_of_somebody_one_hides_is_not_shown_in_quotes(
    hub: ClientHub, ana: Viewer, client: Client, bos_client: Client
) -> None:
    post = await hub.publish(ana)
    made = (await quote(bos_client, post.id)).json["id"]
    reader = await hub.newcomer()
    reading = await hub.client_of(reader)
    await hub.db.execute("INSERT INTO mutes (actor_id, muted_id) VALUES ($1, $2)", reader.actor.id, ana.actor.id)
    assert (await reading.get(f"{S}/{made}")).json["quote"]["state"] == "muted_account"
    await client.delete(f"{S}/{post.id}")
    assert (await bos_client.get(f"{S}/{made}")).json["quote"] == {"state": "deleted", "quoted_status": None}


async def test_who_quoted_is_told_of_a_change(hub: ClientHub, bo: Viewer, client: Client, bos_client: Client) -> None:
    first = (await client.post(S, {"status": "Frist"})).json["id"]
    made = (await quote(bos_client, first)).json["id"]
    await client.put(f"{S}/{first}", {"status": "First"})
    kinds = await hub.db.fetch(
        "SELECT kind FROM notifications WHERE post_id = $1 AND actor_id = $2", int(made), bo.actor.id
    )
    assert [row["kind"] for row in kinds] == ["quoted_update"]


async def test_the_author_elsewhere_is_asked_and_until_then_it_is_pending(hub: ClientHub, bos_client: Client) -> None:
    author = await a_remote_actor(hub.db, host="https://quoted.example")
    wanted = await posts.upsert_remote(hub.db, a_remote_object(author, quote_policy="public"), author)
    unwanted = await posts.upsert_remote(hub.db, a_remote_object(author), author)
    assert wanted is not None and unwanted is not None
    assert (await quote(bos_client, unwanted.id)).status == 422
    made = (await quote(bos_client, wanted.id)).json
    assert made["quote"] == {"state": "pending", "quoted_status": None}
    asked = (await said(hub, "QuoteRequest"))[-1]
    kept = await posts.find(hub.db, int(made["id"]))
    assert kept is not None and asked["object"] == wanted.uri and asked["instrument"]["id"] == kept.uri
    document = thing(kept, hub.node.urls)
    assert document["quote"] == wanted.uri and "quoteAuthorization" not in document
    assert document["tag"][-1]["href"] == wanted.uri and 'class="quote-inline"' in document["content"]
    assert document["interactionPolicy"]["canQuote"]["automaticApproval"] == [
        "https://www.w3.org/ns/activitystreams#Public"
    ]


async def test_bad_requests_are_refused(hub: ClientHub, ana: Viewer, client: Client, bos_client: Client) -> None:
    post = await hub.publish(ana)
    policy = f"{S}/{post.id}/interaction_policy"
    assert (await client.put(policy, {"quote_approval_policy": "friends"})).status == 422
    assert (await client.put(policy, {})).status == 422
    assert (await bos_client.put(policy, {"quote_approval_policy": "nobody"})).status == 403
    assert (await client.get(f"{S}/1/quotes")).status == 404
    assert (await hub.stranger.get(f"{S}/{post.id}/quotes")).status == 401
