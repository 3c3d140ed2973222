"""Reports from client apps."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from node.store.posts import posts
from schemas.limits import OPEN_REPORTS_PER_ACTOR, REPORT_CHARS
from schemas.records import Viewer
from tests.factories import a_post, a_remote_actor, a_remote_object
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")
PATH = "/api/v1/reports"


async def test_a_report_reaches_who_handles_cases(hub: ClientHub, client: Client, bo: Viewer) -> None:
    post, other = await hub.publish(bo, "Buy this!"), await hub.publish(await hub.newcomer())
    await hub.db.execute("UPDATE hub SET rules = $1", [{"id": "3", "text": "No adverts."}])
    sent = {
        "account_id": str(bo.actor.id),
        "status_ids": [str(post.id), str(other.id), "x"],
        "comment": "Adverts.",
        "rule_ids": ["3", "9"],
    }
    answer = await client.post(PATH, sent)
    assert answer.status == 200
    assert (answer.json["category"], answer.json["comment"], answer.json["rule_ids"]) == (
        "violation",
        "Adverts.",
        ["3"],
    )
    assert (answer.json["status_ids"], answer.json["forwarded"]) == ([str(post.id)], False)
    assert (answer.json["action_taken"], answer.json["action_taken_at"]) == (False, None)
    assert answer.json["target_account"]["id"] == str(bo.actor.id)
    assert (await client.get(PATH)).json[0] == answer.json
    told = await hub.db.fetchval(
        "SELECT count(*) FROM notifications WHERE kind = 'report' AND detail ->> 'report' = $1", answer.json["id"]
    )
    assert told == 1


async def test_a_report_is_forwarded_without_saying_who_reports(hub: ClientHub, client: Client, ana: Viewer) -> None:
    away = await a_remote_actor(hub.db, host="https://far.example")
    answer = await client.post(PATH, {"account_id": str(away.id), "comment": "Spam.", "forward": True})
    assert answer.json["forwarded"] is True
    said = msgspec.json.decode(
        await hub.db.fetchval(
            "SELECT document FROM deliveries d JOIN activities a ON a.id = d.activity_id WHERE inbox = $1",
            "https://far.example/inbox",
        )
    )
    assert (said["type"], said["actor"], said["object"]) == ("Flag", hub.urls.instance_actor, [away.uri])
    assert ana.actor.uri not in msgspec.json.encode(said).decode()


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"account_id": "1"}, 404),
        ({}, 404),
        ({"category": "hate"}, 422),
        ({"comment": "x" * (REPORT_CHARS + 1)}, 422),
        ({"status_ids": [str(number) for number in range(60)]}, 422),
    ],
)
async def test_what_makes_no_sense_is_refused(client: Client, bo: Viewer, wrong: dict[str, Any], status: int) -> None:
    sent = wrong if status == 404 else {"account_id": str(bo.actor.id)} | wrong
    assert (await client.post(PATH, sent)).status == status


async def test_nobody_reports_themselves_or_without_the_right_or_without_end(hub: ClientHub, bo: Viewer) -> None:
    me = await hub.newcomer()
    client = await hub.client_of(me)
    assert (await client.post(PATH, {"account_id": str(me.actor.id)})).status == 403
    await hub.db.execute(
        "INSERT INTO reports (actor_id, reporter_id) SELECT $1, $2 FROM generate_series(1, $3)",
        bo.actor.id,
        me.actor.id,
        OPEN_REPORTS_PER_ACTOR,
    )
    assert (await client.post(PATH, {"account_id": str(bo.actor.id)})).status == 422
    await hub.db.execute("DELETE FROM mandates WHERE account_id = $1", me.account.id)
    assert (await client.post(PATH, {"account_id": str(bo.actor.id)})).status == 403


async def test_reports_are_ones_own_and_need_their_scope(hub: ClientHub, ana: Viewer, bos_client: Client) -> None:
    assert (await bos_client.get(PATH)).json == []
    assert (await (await hub.client_of(ana, "read")).post(PATH, {})).status == 403
    assert (await (await hub.client_of(ana, "write")).get(PATH)).status == 403
    assert (await hub.stranger.post(PATH, {})).status == 401


async def test_whoever_looks_after_a_group_hears_of_a_report_about_what_stands_there(
    hub: ClientHub, client: Client, bo: Viewer
) -> None:
    away = await a_remote_actor(hub.db, host="https://far.example")
    group = await a_remote_actor(hub.db, host="https://group.example", kind="Group")
    post = await posts.upsert_remote(hub.db, a_remote_object(away), away)
    assert post
    await a_post(hub.db, group, kind="boost", boost_of_id=post.id)
    about = {"account_id": str(away.id), "status_ids": [str(post.id)], "forward": True}
    assert (await client.post(PATH, about)).status == 200
    inboxes = await hub.db.fetch(
        """
        SELECT inbox FROM deliveries d JOIN activities a ON a.id = d.activity_id
         WHERE a.document::text LIKE '%' || $1 || '%'
        """,
        post.uri,
    )
    assert {one["inbox"] for one in inboxes} == {"https://far.example/inbox", "https://group.example/inbox"}
