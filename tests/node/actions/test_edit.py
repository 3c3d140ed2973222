"""Editing: the newer text counts, the older is kept, who holds a copy is told, and two edits at once both happen."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from node.actions.edit import edit
from node.actions.publish import publish
from node.errors import Forbidden, Invalid, NotFound
from node.node import Node
from node.store.db import Db
from node.store.events import rsvps
from node.store.people import follows
from node.store.pool import Pool
from node.store.posts import edits, posts, reactions
from schemas.records import Post, Viewer
from schemas.times import utc_text
from tests.drafts import a_draft
from tests.factories import a_member, a_post, a_remote_actor, the_hub

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


@pytest.fixture
async def ana(db: Db, node: Node) -> Viewer:
    return await a_member(db, "ana")


@pytest.fixture
async def event(node: Node, db: Db, ana: Viewer) -> Post:
    return await publish(node, db, ana, a_draft("event"))


async def updates(db: Db) -> list[dict[str, Any]]:
    rows = await db.fetch("SELECT document FROM activities WHERE type = 'Update' ORDER BY id")
    return [json.loads(row["document"]) for row in rows]


def named(name: str) -> list[dict[str, str]]:
    return [{"language": "en", "name": name, "text": "Bring **lamps**."}]


async def test_an_edit_replaces_the_text_and_keeps_the_old(node: Node, db: Db, ana: Viewer, event: Post) -> None:
    after = await edit(node, db, ana, event.id, a_draft("event", versions=named("Mending"), capacity=9))
    assert (after.id, after.uri, after.published_at) == (event.id, event.uri, event.published_at)
    assert (after.versions[0].name, after.tags) == ("Mending", [])
    assert after.updated_at > event.updated_at
    assert after.event and (after.event.capacity, after.event.sequence) == (9, 1)
    (before,) = await edits.list_of(db, event.id)
    assert before.versions == event.versions
    assert before.detail and before.detail["capacity"] is None
    assert (before.edited_by, before.edited_at) == (ana.account.id, after.updated_at)


async def test_each_edit_is_newer_on_the_wire_where_times_have_whole_seconds(
    node: Node, db: Db, ana: Viewer, event: Post
) -> None:
    for name in ("Mending", "Mending more", "Mending all"):
        await edit(node, db, ana, event.id, a_draft("event", versions=named(name)))
    told = [update["object"]["updated"] for update in await updates(db)]
    assert sorted({utc_text(event.published_at), *told}) == [utc_text(event.published_at), *told]


async def test_everybody_who_holds_a_copy_hears_of_an_edit_once(node: Node, db: Db, ana: Viewer, event: Post) -> None:
    hosts = ("follower", "server", "guest", "fan", "reader")
    people = {host: await a_remote_actor(db, host=f"https://{host}.example") for host in hosts}
    await follows.insert(db, people["follower"].id, ana.actor.id, "https://x.example/1", accepted=True)
    await follows.insert(db, people["server"].id, node.instance.id, "https://x.example/2", accepted=True)
    await rsvps.put(db, event.id, people["guest"].id, "going", "join")
    await a_post(db, people["fan"], kind="boost", boost_of_id=event.id, versions=[], local=False)
    await a_post(db, people["reader"], in_reply_to=event.uri, local=False)
    await edit(node, db, ana, event.id, a_draft("event", versions=named("Mending")))
    (update,) = await updates(db)
    assert (update["object"]["name"], update["to"]) == ("Mending", [PUBLIC])
    assert update["object"]["updated"] >= update["object"]["published"]
    owed = await db.fetch("SELECT inbox FROM deliveries JOIN activities a ON a.id = activity_id WHERE type = 'Update'")
    assert sorted(row["inbox"] for row in owed) == sorted(f"https://{host}.example/inbox" for host in hosts)


async def test_case_111_who_follows_no_more_hears_of_no_edit_for_followers(node: Node, db: Db, ana: Viewer) -> None:
    former, still = await a_remote_actor(db, host="https://former.example"), await a_remote_actor(db)
    for number, actor in enumerate((former, still)):
        await follows.insert(db, actor.id, ana.actor.id, f"https://x.example/{number}", accepted=True)
    post = await publish(node, db, ana, a_draft("post", text="For followers", audience="followers"))
    for actor in (former, still):
        await reactions.insert(db, actor.id, post.id, "like", "", f"{actor.uri}/likes/1")
    await follows.delete(db, former.id, ana.actor.id)
    await edit(node, db, ana, post.id, a_draft("post", text="Only for followers", audience="followers"))
    owed = "SELECT inbox FROM deliveries JOIN activities a ON a.id = activity_id WHERE a.type = 'Update'"
    assert [row["inbox"] for row in await db.fetch(owed)] == [still.shared_inbox]


async def test_nothing_changed_means_nothing_said(node: Node, db: Db, ana: Viewer, event: Post) -> None:
    assert await edit(node, db, ana, event.id, a_draft("event")) == event
    assert await updates(db) == []
    assert await edits.list_of(db, event.id) == []


@pytest.mark.parametrize(("status", "remembered"), [("moved", True), ("scheduled", False)])
async def test_a_moved_event_says_where_it_was_if_asked_to(
    node: Node, db: Db, ana: Viewer, event: Post, status: str, remembered: bool
) -> None:
    later = {"starts": "2027-03-16T14:00", "ends": "2027-03-16T17:00"}
    after = await edit(node, db, ana, event.id, a_draft("event", status=status, **later))
    assert event.event and after.event
    assert after.event.previous_start == (event.event.starts_at if remembered else None)
    assert after.event.starts_at == datetime(2027, 3, 16, 13, tzinfo=UTC)
    again = await edit(node, db, ana, event.id, a_draft("event", status=status, **later, capacity=5))
    assert again.event and again.event.previous_start == after.event.previous_start
    assert (await updates(db))[0]["object"].get("previousStartTime") == (
        "2027-03-09T14:00:00+01:00" if remembered else None
    )


async def test_a_new_address_is_a_new_place_and_the_guests_hear_of_it(
    node: Node, db: Db, ana: Viewer, event: Post
) -> None:
    guest, declined = await a_member(db, "guest"), await a_member(db, "declined")
    await rsvps.put(db, event.id, guest.actor.id, "going", "button")
    await rsvps.put(db, event.id, declined.actor.id, "declined", "button")
    after = await edit(node, db, ana, event.id, a_draft("event", place={"name": "Hall", "street": "Gasse 2"}))
    assert event.event and event.event.place and after.event and after.event.place
    assert after.event.place.uri != event.event.place.uri
    told = await db.fetch("SELECT account_id, kind FROM notifications")
    assert [tuple(row) for row in told] == [(guest.account.id, "update")]


async def test_more_seats_go_to_those_who_wait(node: Node, db: Db, ana: Viewer) -> None:
    event = await publish(node, db, ana, a_draft("event", capacity=1))
    first, second = await a_member(db), await a_member(db)
    await rsvps.put(db, event.id, first.actor.id, "going", "button")
    await rsvps.put(db, event.id, second.actor.id, "waiting", "button")
    await edit(node, db, ana, event.id, a_draft("event", capacity=2))
    assert await rsvps.counts(db, event.id) == {"going": 2}


async def test_attendance_and_state_survive_an_edit(node: Node, db: Db, ana: Viewer, event: Post) -> None:
    await rsvps.put(db, event.id, (await a_member(db)).actor.id, "going", "button")
    after = await edit(node, db, ana, event.id, a_draft("event", versions=named("Mending")))
    assert after.event and after.event.going == 1
    call = await publish(node, db, ana, a_draft("call"))
    await db.execute("UPDATE calls SET places_taken = 1, state = 'filled' WHERE post_id = $1", call.id)
    changed = await edit(node, db, ana, call.id, a_draft("call", effort="a week"))
    assert changed.call and (changed.call.places_taken, changed.call.state, changed.call.effort) == (
        1,
        "filled",
        "a week",
    )


async def test_who_is_named_for_the_first_time_is_notified(node: Node, db: Db, ana: Viewer) -> None:
    carl, dora = await a_member(db, "carl"), await a_member(db, "dora")
    post = await publish(node, db, ana, a_draft("post", text="@carl"))
    after = await edit(node, db, ana, post.id, a_draft("post", text="@carl @dora"))
    assert {actor.id for actor in after.mentions} == {carl.actor.id, dora.actor.id}
    rows = await db.fetch("SELECT account_id, kind FROM notifications ORDER BY id")
    assert [tuple(row) for row in rows] == [(carl.account.id, "mention"), (dora.account.id, "mention")]


async def test_an_edited_answer_still_answers(node: Node, db: Db, ana: Viewer) -> None:
    carl = await a_member(db, "carl")
    parent = await publish(node, db, carl, a_draft("post", audience="followers", text="@ana"))
    answer = await publish(node, db, ana, a_draft("post", audience="direct", in_reply_to=parent.uri, to=["carl"]))
    assert await edit(node, db, ana, answer.id, a_draft("post", audience="direct", to=["carl"])) == answer
    after = await edit(node, db, ana, answer.id, a_draft("post", audience="direct", text="Yes"))
    assert (after.in_reply_to_id, [actor.id for actor in after.mentions]) == (parent.id, [carl.actor.id])
    assert after.recipients == [carl.actor.uri]
    await posts.tombstone(db, parent.id)
    later = await edit(node, db, ana, answer.id, a_draft("post", audience="direct", text="No"))
    assert [actor.id for actor in later.mentions] == [carl.actor.id]


async def test_an_edit_keeps_the_language_it_does_not_name(node: Node, db: Db, ana: Viewer) -> None:
    post = await publish(node, db, ana, a_draft("post", language="fr"))
    assert (await edit(node, db, ana, post.id, a_draft("post", text="Bonjour"))).language == "fr"


async def test_votes_survive_an_edit_that_keeps_the_options(node: Node, db: Db, ana: Viewer) -> None:
    poll = {"options": ["Sat", "Sun"], "minutes": 60}
    post = await publish(node, db, ana, a_draft("post", poll=poll))
    voted = [{"name": "Sat", "votes": 3}, {"name": "Sun", "votes": 0}]
    await db.execute("UPDATE posts SET poll = $1", {"options": voted, "ends_at": "2030-01-01T00:00:00Z"})
    kept = await edit(node, db, ana, post.id, a_draft("post", poll=poll, text="When?"))
    assert kept.poll and kept.poll.options[0].votes == 3
    other = await edit(node, db, ana, post.id, a_draft("post", poll=poll | {"options": ["Sat", "Fri"]}))
    assert other.poll and [option.votes for option in other.poll.options] == [0, 0]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"audience": "followers"}, "audience"),
        ({"repeat": {"every": "week", "count": 2}}, "repeat"),
        ({"area": "sailing"}, "area"),
        ({"starts": "2027-03-28T02:30", "ends": None}, "starts"),
    ],
)
async def test_what_an_edit_cannot_change_is_named(
    node: Node, db: Db, ana: Viewer, event: Post, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as raised:
        await edit(node, db, ana, event.id, a_draft("event", **changes))
    assert [one.field for one in raised.value.problems] == [field]
    assert await posts.find(db, event.id) == event


async def test_a_thing_stays_of_its_kind(node: Node, db: Db, ana: Viewer, event: Post) -> None:
    with pytest.raises(Invalid) as raised:
        await edit(node, db, ana, event.id, a_draft("finding"))
    assert [one.field for one in raised.value.problems] == ["kind"]


async def test_a_call_can_be_edited_after_its_deadline(node: Node, db: Db, ana: Viewer) -> None:
    call = await publish(node, db, ana, a_draft("call"))
    after = await edit(node, db, ana, call.id, a_draft("call", zone="UTC", deadline="2020-01-01T00:00"))
    assert after.call and after.call.deadline == datetime(2020, 1, 1, tzinfo=UTC)


async def test_only_its_author_edits_a_post(node: Node, db: Db, event: Post) -> None:
    for roles in (("member",), ("editor",), ("moderator",), ("steward",)):
        with pytest.raises(Forbidden):
            await edit(node, db, await a_member(db, roles=roles), event.id, a_draft("event", versions=named("Mine")))


async def test_editors_edit_what_the_hub_published(node: Node, db: Db, ana: Viewer) -> None:
    await the_hub(db)
    one, other = await a_member(db, roles=("editor",)), await a_member(db, roles=("editor",))
    post = await publish(node, db, one, a_draft("event", acting_as="hub"))
    after = await edit(node, db, other, post.id, a_draft("event", acting_as="hub", versions=named("Mending")))
    assert (after.actor.name, after.versions[0].name) == ("hub", "Mending")
    assert (await updates(db))[0]["actor"] == node.urls.hub()
    with pytest.raises(Forbidden):
        await edit(node, db, ana, post.id, a_draft("event"))


async def test_what_one_may_not_see_is_not_there(node: Node, db: Db, ana: Viewer) -> None:
    hidden = await publish(node, db, await a_member(db), a_draft("post", audience="followers"))
    with pytest.raises(NotFound):
        await edit(node, db, ana, hidden.id, a_draft("post", audience="followers"))
    with pytest.raises(NotFound):
        await edit(node, db, ana, 1, a_draft("post"))


async def test_what_came_from_elsewhere_is_not_edited_here(node: Node, db: Db) -> None:
    await the_hub(db)
    theirs = await a_post(db, await a_remote_actor(db), local=False)
    with pytest.raises(Forbidden):
        await edit(node, db, await a_member(db, roles=("steward",)), theirs.id, a_draft("post"))


async def test_two_edits_at_once_both_happen(node: Node, db: Db, pool: Pool, ana: Viewer, event: Post) -> None:
    async def change(name: str) -> None:
        async with pool.acquire() as own, own.transaction():
            await edit(node, own, ana, event.id, a_draft("event", versions=named(name)))

    async with asyncio.timeout(60):
        await asyncio.gather(*(change(f"Name {number}") for number in range(4)))
    after = await posts.find(db, event.id)
    assert after and after.event and after.event.sequence == 4
    kept = await edits.list_of(db, event.id)
    names = [one.versions[0].name for one in kept] + [after.versions[0].name]
    assert sorted(names) == ["Name 0", "Name 1", "Name 2", "Name 3", "Repair café"]
    assert names[0] == "Repair café"
    assert [one["object"]["name"] for one in await updates(db)] == names[1:]
