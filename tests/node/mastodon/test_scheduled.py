"""Planned statuses: kept, moved, given up, and published once when they are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from node.mastodon.scheduled import publish_scheduled
from schemas.records import Viewer
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")
S, L = "/api/v1/statuses", "/api/v1/scheduled_statuses"


def ahead(minutes: float) -> str:
    return (datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=minutes)).isoformat()


async def plan(client: Client, text: str = "Later", **more: object) -> str:
    planned = await client.post(S, {"status": text, "scheduled_at": ahead(10)} | more)
    assert planned.status == 200, planned.text
    return str(planned.json["id"])


async def make_due(hub: ClientHub, planned: str) -> None:
    await hub.db.execute("UPDATE scheduled_posts SET due_at = now() WHERE id = $1", int(planned))


async def published(hub: ClientHub, who: Viewer, text: str) -> int:
    return int(
        await hub.db.fetchval(
            "SELECT count(*) FROM posts WHERE actor_id = $1 AND versions::text LIKE '%' || $2 || '%'",
            who.actor.id,
            text,
        )
    )


async def test_a_planned_status_is_shown_as_it_will_be(client: Client) -> None:
    at = ahead(20)
    sent = {"status": "Soon", "scheduled_at": at, "visibility": "unlisted", "spoiler_text": "s", "language": "de"}
    planned = (await client.post(S, sent)).json
    assert datetime.fromisoformat(planned["scheduled_at"]) == datetime.fromisoformat(at)
    params = planned["params"]
    assert (params["text"], params["visibility"], params["spoiler_text"]) == ("Soon", "unlisted", "s")
    assert planned["media_attachments"] == []
    assert (await client.get(f"{L}/{planned['id']}")).json == planned
    assert planned in (await client.get(L)).json


async def test_it_is_published_when_due_and_only_once(hub: ClientHub, ana: Viewer, client: Client) -> None:
    planned = await plan(client, "published-once")
    await publish_scheduled(hub.node, int(planned))
    assert await published(hub, ana, "published-once") == 0
    await make_due(hub, planned)
    await publish_scheduled(hub.node, int(planned))
    await publish_scheduled(hub.node, int(planned))
    assert await published(hub, ana, "published-once") == 1
    assert (await client.get(f"{L}/{planned}")).status == 404


async def test_what_was_killed_before_its_commit_is_done_again(hub: ClientHub, ana: Viewer, client: Client) -> None:
    planned = await plan(client, "killed-once")
    await make_due(hub, planned)
    async with hub.node.database.pool.acquire() as db:
        transaction = db.transaction()
        await transaction.start()
        await db.execute("DELETE FROM scheduled_posts WHERE id = $1", int(planned))
        await transaction.rollback()  # as if the process had ended here
    await publish_scheduled(hub.node, int(planned))
    assert await published(hub, ana, "killed-once") == 1


async def test_who_may_publish_no_more_publishes_nothing(hub: ClientHub) -> None:
    who = await hub.newcomer()
    planned = await plan(await hub.client_of(who), "too-late")
    await hub.db.execute("UPDATE mandates SET ends_at = now() WHERE account_id = $1", who.account.id)
    await make_due(hub, planned)
    await publish_scheduled(hub.node, int(planned))
    assert await published(hub, who, "too-late") == 0
    assert await hub.db.fetchval("SELECT failed_why FROM scheduled_posts WHERE id = $1", int(planned))


async def test_it_can_be_moved_and_given_up(hub: ClientHub, client: Client) -> None:
    planned, at = await plan(client), ahead(60)
    moved = await client.put(f"{L}/{planned}", {"scheduled_at": at})
    assert datetime.fromisoformat(moved.json["scheduled_at"]) == datetime.fromisoformat(at)
    jobs = await hub.db.fetchval("SELECT count(*) FROM jobs WHERE once LIKE $1", f"scheduled {planned} %")
    assert jobs == 2
    assert (await client.delete(f"{L}/{planned}")).json == {}
    assert (await client.delete(f"{L}/{planned}")).status == 404


@pytest.mark.parametrize("at", [None, "banana", ahead(-5), ahead(2)], ids=["none", "no time", "past", "too soon"])
async def test_it_cannot_be_moved_to_no_time(client: Client, at: str | None) -> None:
    assert (await client.put(f"{L}/{await plan(client)}", {"scheduled_at": at})).status == 422


async def test_too_soon_is_refused_and_what_has_passed_means_now(client: Client) -> None:
    soon = await client.post(S, {"status": "x", "scheduled_at": ahead(2)})
    assert soon.status == 422 and "must be in the future" in soon.json["error"]
    assert "content" in (await client.post(S, {"status": "past", "scheduled_at": ahead(-60)})).json


async def test_nobody_else_sees_or_changes_a_planned_status(client: Client, bos_client: Client) -> None:
    planned = await plan(client)
    assert (await bos_client.get(f"{L}/{planned}")).status == 404
    assert (await bos_client.put(f"{L}/{planned}", {"scheduled_at": ahead(30)})).status == 404
    assert (await bos_client.delete(f"{L}/{planned}")).status == 404
    assert planned not in [one["id"] for one in (await bos_client.get(L)).json]


async def test_the_list_is_walked_by_pages(hub: ClientHub) -> None:
    client = await hub.client_of(await hub.newcomer())
    made = [await plan(client, f"Number {number}") for number in range(3)]
    first = await client.get(L, limit=2)
    assert [one["id"] for one in first.json] == made[:0:-1]
    assert [one["id"] for one in (await client.get(first.links["next"])).json] == made[:1]


async def test_a_repeated_request_plans_once(client: Client) -> None:
    sent, key = {"status": "Once planned", "scheduled_at": ahead(10)}, {"Idempotency-Key": "plan"}
    one, two = [(await client.post(S, sent, headers=key)).json["id"] for _ in range(2)]
    assert one == two
