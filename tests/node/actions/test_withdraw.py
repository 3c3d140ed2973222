"""Taking back: cancelled, closed and retracted things stay at their address, deleted ones leave a Tombstone."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from node.actions import withdraw
from node.actions.publish import publish
from node.errors import Conflict, Forbidden, Gone, NotFound
from node.node import Node
from node.store.db import Db
from node.store.events import events, rsvps
from node.store.people import follows
from node.store.posts import edits, posts
from schemas.records import Post, Viewer
from tests.drafts import a_draft
from tests.factories import a_member, a_post, a_remote_actor, an_area

Deed = Callable[[Node, Db, Viewer, int], Awaitable[Any]]


@pytest.fixture
async def ana(db: Db, node: Node) -> Viewer:
    return await a_member(db, "ana")


@pytest.fixture
async def series(node: Node, db: Db, ana: Viewer) -> list[Post]:
    first = await publish(node, db, ana, a_draft("event", repeat={"every": "month", "count": 4}))
    return await events.list_series(db, first.series or "")


async def said(db: Db, verb: str) -> list[dict[str, Any]]:
    rows = await db.fetch("SELECT document FROM activities WHERE type = $1 ORDER BY id", verb)
    return [json.loads(row["document"]) for row in rows]


def status(post: Post) -> str:
    return post.event.status if post.event else ""


async def test_a_cancelled_event_is_updated_and_stays(node: Node, db: Db, ana: Viewer) -> None:
    post = await publish(node, db, ana, a_draft("event"))
    guest = await a_member(db)
    await rsvps.put(db, post.id, guest.actor.id, "maybe", "button")
    after = await withdraw.cancel_event(node, db, ana, post.id)
    assert after.event and (after.event.status, after.event.sequence) == ("cancelled", 1)
    (update,) = await said(db, "Update")
    assert update["object"]["eventStatus"] == "EventCancelled"
    assert update["object"]["name"] != post.versions[0].name
    assert await said(db, "Delete") == []
    assert (await posts.get(db, post.id, None)).versions == post.versions
    assert await db.fetchval("SELECT account_id FROM notifications WHERE kind = 'update'") == guest.account.id
    assert len(await edits.list_of(db, post.id)) == 1


async def test_cancelling_twice_says_it_once(node: Node, db: Db, ana: Viewer) -> None:
    post = await publish(node, db, ana, a_draft("event"))
    first = await withdraw.cancel_event(node, db, ana, post.id)
    assert await withdraw.cancel_event(node, db, ana, post.id) == first
    assert len(await said(db, "Update")) == 1


async def test_an_event_can_be_postponed_and_reinstated(node: Node, db: Db, ana: Viewer) -> None:
    post = await publish(node, db, ana, a_draft("event"))
    assert status(await withdraw.postpone_event(node, db, ana, post.id)) == "postponed"
    after = await withdraw.reinstate_event(node, db, ana, post.id)
    assert after.event and (after.event.status, after.event.sequence) == ("scheduled", 2)


@pytest.mark.parametrize(("following", "cancelled"), [(False, [1]), (True, [1, 2, 3])])
async def test_one_date_or_all_that_follow_are_cancelled(
    node: Node, db: Db, ana: Viewer, series: list[Post], following: bool, cancelled: list[int]
) -> None:
    await withdraw.cancel_event(node, db, ana, series[1].id, following=following)
    dates = await events.list_series(db, series[0].series or "")
    assert [number for number, date in enumerate(dates) if status(date) == "cancelled"] == cancelled


@pytest.mark.parametrize(("following", "left"), [(False, [0, 2, 3]), (True, [0])])
async def test_one_date_or_all_that_follow_are_deleted(
    node: Node, db: Db, ana: Viewer, series: list[Post], following: bool, left: list[int]
) -> None:
    await withdraw.delete(node, db, ana, series[1].id, following=following)
    dates = await events.list_series(db, series[0].series or "")
    assert [date.id for date in dates] == [series[number].id for number in left]
    assert len(await said(db, "Delete")) == 4 - len(left)


@pytest.mark.parametrize("state", ["closed", "filled", "withdrawn"])
async def test_a_call_ends_by_an_update(node: Node, db: Db, ana: Viewer, state: Any) -> None:
    post = await publish(node, db, ana, a_draft("call"))
    after = await withdraw.close_call(node, db, ana, post.id, state)
    assert after.call and after.call.state == state
    (update,) = await said(db, "Update")
    assert update["object"]["coop:call"]["state"] == state
    assert update["object"]["publishes"]["availableQuantity"]["hasNumericalValue"] == "0"


async def test_a_call_is_opened_again_only_before_its_deadline(node: Node, db: Db, ana: Viewer) -> None:
    post = await publish(node, db, ana, a_draft("call", zone="UTC", deadline="2030-01-01T00:00"))
    await withdraw.close_call(node, db, ana, post.id)
    again = await withdraw.close_call(node, db, ana, post.id, "open")
    assert again.call and again.call.state == "open"
    await withdraw.close_call(node, db, ana, post.id)
    await db.execute("UPDATE calls SET deadline = now() - interval '1 hour'")
    with pytest.raises(Conflict):
        await withdraw.close_call(node, db, ana, post.id, "open")


async def test_a_retracted_finding_stays_citable(node: Node, db: Db, ana: Viewer) -> None:
    post = await publish(node, db, ana, a_draft("finding"))
    after = await withdraw.retract_finding(node, db, ana, post.id)
    assert after.finding and after.finding.state == "retracted"
    (update,) = await said(db, "Update")
    assert update["object"]["coop:finding"]["state"] == "retracted"
    corrected = await withdraw.retract_finding(node, db, ana, post.id, "corrected")
    assert corrected.finding and corrected.finding.state == "corrected"
    assert (await posts.get(db, post.id, None)).uri == post.uri


async def test_who_holds_a_copy_is_told_of_a_deletion(node: Node, db: Db, ana: Viewer) -> None:
    area = await an_area(db, "housing")
    hosts = ("follower", "server", "neighbour", "guest")
    people = {host: await a_remote_actor(db, host=f"https://{host}.example") for host in hosts}
    followed = {"follower": ana.actor.id, "server": node.instance.id, "neighbour": area.id}
    for host, followed_id in followed.items():
        await follows.insert(db, people[host].id, followed_id, f"https://x.example/{host}", accepted=True)
    post = await publish(node, db, ana, a_draft("event", area="housing"))
    await rsvps.put(db, post.id, people["guest"].id, "going", "join")
    await withdraw.delete(node, db, ana, post.id)
    (deleted,) = await said(db, "Delete")
    assert (deleted["object"]["id"], deleted["object"]["type"]) == (post.uri, "Tombstone")
    assert deleted["object"]["formerType"] == "Event"
    owed = await db.fetch("SELECT inbox, type FROM deliveries JOIN activities a ON a.id = activity_id ORDER BY 1")
    assert [tuple(row) for row in owed] == [(f"https://{host}.example/inbox", "Delete") for host in sorted(hosts)]
    with pytest.raises(Gone):
        await posts.get(db, post.id, None)
    assert await posts.find_boost(db, area.id, post.id) is None
    documents: str = await db.fetchval("SELECT string_agg(document, '') FROM activities")
    assert "lamps" not in documents


async def test_what_stays_in_the_hub_is_deleted_without_a_word_outside(node: Node, db: Db, ana: Viewer) -> None:
    guest = await a_remote_actor(db)
    post = await publish(node, db, ana, a_draft("event", audience="hub"))
    await a_post(db, guest, in_reply_to=post.uri, local=False)
    await withdraw.delete(node, db, ana, post.id)
    assert await db.fetchval("SELECT count(*) FROM deliveries") == 0
    with pytest.raises(NotFound):
        await posts.get(db, post.id, None)


DEEDS: dict[str, tuple[str, Deed]] = {
    "cancel": ("event", withdraw.cancel_event),
    "postpone": ("event", withdraw.postpone_event),
    "reinstate": ("event", withdraw.reinstate_event),
    "close": ("call", withdraw.close_call),
    "retract": ("finding", withdraw.retract_finding),
    "delete": ("post", withdraw.delete),
}


@pytest.mark.parametrize("name", DEEDS)
async def test_only_who_may_change_it_takes_it_back(node: Node, db: Db, ana: Viewer, name: str) -> None:
    kind, deed = DEEDS[name]
    post = await publish(node, db, ana, a_draft(kind))
    hidden = await publish(node, db, ana, a_draft(kind, audience="followers"))
    stranger = await a_member(db, roles=("steward", "editor"))
    with pytest.raises(Forbidden):
        await deed(node, db, stranger, post.id)
    with pytest.raises(NotFound):
        await deed(node, db, stranger, hidden.id)
    with pytest.raises(NotFound):
        await deed(node, db, ana, 1)
    assert await posts.find(db, post.id) == post


@pytest.mark.parametrize("name", [name for name in DEEDS if name != "delete"])
async def test_a_deed_is_for_its_kind(node: Node, db: Db, ana: Viewer, name: str) -> None:
    post = await publish(node, db, ana, a_draft("post"))
    with pytest.raises(NotFound):
        await DEEDS[name][1](node, db, ana, post.id)
