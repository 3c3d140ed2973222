"""Publishing: what is kept, who is told, who may, and that all of it happens or nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from node.actions.publish import publish
from node.errors import Forbidden, Invalid
from node.node import Node
from node.store import happenings
from node.store.db import Db
from node.store.events import events
from node.store.people import follows
from node.store.pool import Database
from node.store.posts import posts
from schemas.check import decode
from schemas.records import Actor, Post, Viewer
from schemas.things import Attachment
from tests.drafts import a_draft, json_of
from tests.factories import (
    a_local_actor,
    a_member,
    a_post,
    a_remote_actor,
    an_area,
    the_hub,
)

EXAMPLES = Path("schemas/examples")
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


@pytest.fixture
async def ana(db: Db, node: Node) -> Viewer:
    """A member who may publish."""
    return await a_member(db, "ana")


@pytest.fixture
async def editor(db: Db, node: Node) -> Viewer:
    """A member who may also publish as the hub."""
    await the_hub(db)
    return await a_member(db, "edda", roles=("member", "editor"))


async def a_follower(db: Db, of: Actor, *, host: str = "https://peer.example") -> Actor:
    follower = await a_remote_actor(db, host=host)
    await follows.insert(db, follower.id, of.id, f"{follower.uri}/follow/{of.id}", accepted=True)
    return follower


async def said(db: Db, kind: str | None = None) -> list[dict[str, Any]]:
    """What our actors said, in order."""
    rows = await db.fetch("SELECT document FROM activities WHERE type = coalesce($1, type) ORDER BY id", kind)
    return [json.loads(row["document"]) for row in rows]


async def owed(db: Db) -> list[tuple[str, str]]:
    """Verb and inbox of each delivery."""
    rows = await db.fetch("SELECT type, inbox FROM deliveries JOIN activities a ON a.id = activity_id ORDER BY 1, 2")
    return [(row["type"], row["inbox"]) for row in rows]


def problems(raised: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {one.field: one.reason for one in raised.value.problems}


@pytest.mark.parametrize("kind", ["event", "finding", "call", "post"])
async def test_the_examples_can_be_published(node: Node, db: Db, ana: Viewer, kind: str) -> None:
    post = await publish(node, db, ana, decode((EXAMPLES / f"{kind}.json").read_bytes()))
    assert post.uri == post.url == node.urls.thing(post.kind, post.id)
    assert (post.kind, post.actor.id, post.written_by) == (kind, ana.actor.id, ana.account.id)
    assert post == await posts.get(db, post.id, None)
    (create,) = await said(db, "Create")
    assert create["object"]["id"] == post.uri
    assert create["to"] == create["object"]["to"] == [PUBLIC]


async def test_wall_time_zone_and_instant_are_kept(node: Node, db: Db, ana: Viewer) -> None:
    post = await publish(node, db, ana, a_draft("event", starts="2027-10-31T02:30", ends="2027-10-31T02:45"))
    assert post.event
    assert post.event.starts_local == datetime(2027, 10, 31, 2, 30)
    assert post.event.starts_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert post.event.zone == "Europe/Berlin"


async def test_the_same_address_is_the_same_place_on_the_wire(node: Node, db: Db, ana: Viewer) -> None:
    first = await publish(node, db, ana, a_draft("event"))
    second = await publish(node, db, ana, a_draft("event"))
    other = await publish(node, db, ana, a_draft("event", place={"name": "Hall", "street": "Gasse 2"}))
    places = [post.event.place.uri for post in (first, second, other) if post.event and post.event.place]
    assert places[0] == places[1] != places[2]
    assert (await said(db, "Create"))[0]["object"]["location"]["id"] == places[0]


async def test_words_become_html_tags_and_mentions(node: Node, db: Db, ana: Viewer) -> None:
    bo = await a_remote_actor(db, "bo")
    carl = await a_member(db, "carl")
    text = "Hello @bo@peer.example, @carl and @nobody@peer.example: #Repair <script>x</script>"
    post = await publish(node, db, ana, a_draft("post", text=text, language="de-at"))
    content = post.versions[0].content
    assert f'href="{bo.url}"' in content
    assert "@nobody@peer.example" in content
    assert "<script" not in content
    assert post.tags == ["repair"]
    assert post.language == post.versions[0].language == "de-AT"
    assert {actor.id for actor in post.mentions} == {bo.id, carl.actor.id}
    (create,) = await said(db, "Create")
    assert bo.uri in create["cc"]
    assert await owed(db) == [("Create", "https://peer.example/inbox")]
    notice = await db.fetchrow("SELECT kind, account_id, from_id, post_id FROM notifications")
    assert tuple(notice) == ("mention", carl.account.id, ana.actor.id, post.id)


async def test_who_is_answered_is_told_and_addressed(node: Node, db: Db, ana: Viewer) -> None:
    carl = await a_member(db, "carl")
    parent = await publish(node, db, carl, a_draft("post"))
    answer = await publish(node, db, ana, a_draft("post", in_reply_to=parent.uri))
    assert (answer.in_reply_to_id, answer.context) == (parent.id, parent.context)
    assert [actor.id for actor in answer.mentions] == [carl.actor.id]
    assert await db.fetchval("SELECT kind FROM notifications WHERE account_id = $1", carl.account.id) == "reply"


async def test_followers_and_servers_and_those_of_the_area_hear_of_a_public_thing(
    node: Node, db: Db, ana: Viewer
) -> None:
    area = await an_area(db, "housing")
    await a_follower(db, ana.actor, host="https://one.example")
    await a_follower(db, node.instance, host="https://mobilizon.example")
    await a_follower(db, area, host="https://two.example")
    post = await publish(node, db, ana, a_draft("event", area="housing"))
    assert await owed(db) == [
        ("Announce", "https://mobilizon.example/inbox"),
        ("Announce", "https://two.example/inbox"),
        ("Create", "https://one.example/inbox"),
    ]
    announced = await said(db, "Announce")
    assert {one["actor"] for one in announced} == {node.instance.uri, area.uri}
    assert {one["object"] for one in announced} == {post.uri}
    assert (await posts.find_boost(db, area.id, post.id) or post).uri in {one["id"] for one in announced}


@pytest.mark.parametrize(
    ("audience", "told"),
    [
        ("public", {"Create": 2, "Announce": 1}),
        ("unlisted", {"Create": 2}),
        ("followers", {"Create": 2}),
        ("hub", {}),
        ("direct", {"Create": 1}),
    ],
)
async def test_each_audience_reaches_whom_it_is_for(
    node: Node, db: Db, ana: Viewer, audience: str, told: dict[str, int]
) -> None:
    await a_follower(db, ana.actor, host="https://follower.example")
    await a_follower(db, node.instance, host="https://server.example")
    named = await a_remote_actor(db, "bo", host="https://named.example")
    text = "For @bo@named.example"
    people = {"to": [named.uri]} if audience == "direct" else {}
    version = {"language": "en", "name": "Repair café", "text": text}
    post = await publish(node, db, ana, a_draft("event", audience=audience, versions=[version], **people))
    deliveries = [verb for verb, _ in await owed(db)]
    assert {verb: deliveries.count(verb) for verb in set(deliveries)} == told
    assert ((await posts.find_visible(db, post.uri, named.id)) is not None) == (audience != "hub")


async def test_a_member_of_a_group_publishes_for_the_group_only(node: Node, db: Db, ana: Viewer) -> None:
    group = await a_local_actor(db, "bench", role="group")
    named = await a_remote_actor(db, "bo")
    draft = a_draft("post", audience="group", group="bench", text="@bo@peer.example")
    with pytest.raises(Invalid) as raised:
        await publish(node, db, ana, draft)
    assert list(problems(raised)) == ["group"]
    await db.execute("INSERT INTO group_members (group_id, actor_id) VALUES ($1, $2)", group.id, ana.actor.id)
    post = await publish(node, db, ana, draft)
    assert (post.group_id, post.mentions, await owed(db)) == (group.id, [], [])
    assert await posts.find_visible(db, post.uri, named.id) is None


async def test_a_series_is_one_event_per_date_in_one_context(node: Node, db: Db, ana: Viewer) -> None:
    repeat = {"every": "week", "count": 3}
    first = await publish(
        node, db, ana, a_draft("event", starts="2027-03-22T14:00", ends="2027-03-22T17:00", repeat=repeat)
    )
    dates = await events.list_series(db, first.series or "")
    assert dates[0] == first
    assert {date.context for date in dates} == {first.series} == {node.urls.context(first.id)}
    whens = [(date.event.starts_local.day, date.event.starts_at.hour) for date in dates if date.event]
    assert whens == [(22, 13), (29, 12), (5, 12)]  # the clocks change on the 28th; 14:00 stays 14:00
    assert {date.event.rrule for date in dates if date.event} == {"FREQ=WEEKLY;COUNT=3"}
    assert [one["object"]["id"] for one in await said(db, "Create")] == [first.uri]  # the others are far away
    assert [date.id for date in dates] == sorted(date.id for date in dates)


async def test_organisers_are_known_people(node: Node, db: Db, ana: Viewer) -> None:
    await a_remote_actor(db, "bo")
    await publish(node, db, ana, a_draft("event", co_hosts=["@bo@peer.example"]))
    with pytest.raises(Invalid) as raised:
        await publish(node, db, ana, a_draft("event", organisers=["ana", "zoe@peer.example"]))
    assert list(problems(raised)) == ["organisers.1"]


async def test_a_finding_knows_what_it_was_born_of(node: Node, db: Db, ana: Viewer) -> None:
    event = await publish(node, db, ana, a_draft("event"))
    finding = await publish(node, db, ana, a_draft("finding", born_of=event.uri, license="CC-BY-4.0"))
    assert finding.finding
    assert finding.finding.license == "https://creativecommons.org/licenses/by/4.0/"
    assert await db.fetchval("SELECT born_of_id FROM findings") == event.id
    elsewhere = "https://peer.example/events/1"
    assert (await publish(node, db, ana, a_draft("finding", born_of=elsewhere))).finding


@pytest.mark.parametrize("kind", ["post", "hub event", "nothing"])
async def test_a_finding_is_born_of_an_event_or_call_that_its_author_may_see(
    node: Node, db: Db, ana: Viewer, kind: str
) -> None:
    uri = node.urls.thing("event", 1)
    if kind == "post":
        uri = (await publish(node, db, ana, a_draft("post"))).uri
    elif kind == "hub event":
        uri = (await a_post(db, await a_remote_actor(db), kind="event", audience="followers")).uri
    with pytest.raises(Invalid) as raised:
        await publish(node, db, ana, a_draft("finding", born_of=uri))
    assert list(problems(raised)) == ["born_of"]


async def test_a_call_has_an_intent_of_its_own(node: Node, db: Db, ana: Viewer) -> None:
    post = await publish(node, db, ana, a_draft("call", zone="Europe/Berlin", deadline="2027-04-15T23:59"))
    assert post.call and post.call.intent_uri == f"{post.uri}#primary"
    assert post.call.deadline == datetime(2027, 4, 15, 21, 59, tzinfo=UTC)
    assert (await said(db, "Create"))[0]["object"]["publishes"]["id"] == post.call.intent_uri


async def test_a_poll_is_a_question(node: Node, db: Db, ana: Viewer) -> None:
    post = await publish(node, db, ana, a_draft("post", poll={"options": ["Sat", "Sun"], "minutes": 60}))
    assert post.type == "Question"
    assert post.poll and [option.name for option in post.poll.options] == ["Sat", "Sun"]
    assert (await said(db, "Create"))[0]["object"]["type"] == "Question"


async def a_medium(db: Db, owner: Actor, number: int, state: str = "ready") -> None:
    await db.execute(
        """
        INSERT INTO media (id, owner_id, path, media_type, kind, alt, state, focus_x, focus_y)
        VALUES ($1, $2, 'a/' || $1::bigint, 'image/webp', 'image', 'a bench', $3, 0.5, 0)
        """,
        number,
        owner.id,
        state,
    )


async def test_ones_own_media_can_be_attached(node: Node, db: Db, ana: Viewer) -> None:
    await a_medium(db, ana.actor, 7)
    post = await publish(node, db, ana, a_draft("event", image={"media_id": "7"}))
    assert post.attachments == [
        Attachment(url=node.urls.media("a/7"), media_type="image/webp", alt="a bench", focus=(0.5, 0.0), media_id=7)
    ]
    assert (await said(db, "Create"))[0]["object"]["image"]["name"] == "a bench"


@pytest.mark.parametrize(
    ("image", "field"),
    [
        ({"media_id": "8"}, "image.media_id"),
        ({"media_id": "9"}, "image.media_id"),
        ({"media_id": "10"}, "image.media_id"),
        ({"media_id": "9999999999999999999"}, "image.media_id"),
        ({"path": "bench.jpg"}, "image.path"),
    ],
    ids=["somebody else's", "not ready", "failed", "absurd", "not uploaded"],
)
async def test_other_media_cannot_be_attached(
    node: Node, db: Db, ana: Viewer, image: dict[str, str], field: str
) -> None:
    await a_medium(db, await a_local_actor(db), 8)
    await a_medium(db, ana.actor, 9, "waiting")
    await a_medium(db, ana.actor, 10, "failed")
    with pytest.raises(Invalid) as raised:
        await publish(node, db, ana, a_draft("event", image=image))
    assert list(problems(raised)) == [field]


BAD: dict[str, tuple[dict[str, Any], set[str]]] = {
    "an area there is not": (json_of("event", area="sailing"), {"area"}),
    "a night that is skipped": (json_of("event", starts="2027-03-28T02:30"), {"starts"}),
    "an end before the start": (json_of("event", ends="2027-03-09T13:00"), {"ends"}),
    "a deadline that has passed": (json_of("call", zone="UTC", deadline="2020-01-01T00:00"), {"deadline"}),
    "a stranger": (json_of("post", audience="direct", to=["@zoe@peer.example"]), {"to.0"}),
    "an answer to nothing": (json_of("post", in_reply_to="https://peer.example/1"), {"in_reply_to"}),
    "no group": (json_of("post", audience="group", group="nobody"), {"group"}),
    "many things": (
        json_of("event", area="sailing", organisers=["zoe"], image={"media_id": "1"}),
        {"area", "organisers.0", "image.media_id"},
    ),
}


@pytest.mark.parametrize("case", BAD)
async def test_bad_input_is_named_and_changes_nothing(node: Node, db: Db, ana: Viewer, case: str) -> None:
    draft, fields = BAD[case]
    with pytest.raises(Invalid) as raised:
        async with db.transaction():
            await publish(node, db, ana, decode(draft))
    assert set(problems(raised)) == fields
    for table in ("posts", "activities", "deliveries", "happenings", "places"):
        assert await db.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_what_is_said_in_the_hub_is_not_answered_outside(node: Node, db: Db, ana: Viewer) -> None:
    inside = await publish(node, db, ana, a_draft("post", audience="hub"))
    with pytest.raises(Invalid) as raised:
        await publish(node, db, ana, a_draft("post", in_reply_to=inside.uri))
    assert list(problems(raised)) == ["audience"]
    answer = await publish(node, db, ana, a_draft("post", in_reply_to=inside.uri, audience="hub"))
    assert answer.in_reply_to_id == inside.id


async def test_an_editor_publishes_as_the_hub_and_is_recorded(node: Node, db: Db, editor: Viewer) -> None:
    post = await publish(node, db, editor, a_draft("event", acting_as="hub"))
    assert (post.actor.name, post.written_by) == ("hub", editor.account.id)
    assert (await said(db, "Create"))[0]["actor"] == node.urls.hub()


@pytest.mark.parametrize("roles", [("member",), ("moderator",), ()])
async def test_nobody_else_publishes_as_the_hub(node: Node, db: Db, roles: tuple[str, ...]) -> None:
    await the_hub(db)
    who = await a_member(db, roles=roles)
    with pytest.raises(Forbidden):
        await publish(node, db, who, a_draft("event", acting_as="hub"))


async def test_without_a_mandate_nobody_publishes(node: Node, db: Db) -> None:
    with pytest.raises(Forbidden):
        await publish(node, db, await a_member(db, roles=()), a_draft("post"))


async def test_a_session_that_acts_as_somebody_else_is_checked_again(node: Node, db: Db, ana: Viewer) -> None:
    for actor in (await the_hub(db), await a_local_actor(db), await a_remote_actor(db)):
        forged = Viewer(account=ana.account, actor=ana.actor, acting=actor)
        with pytest.raises(Forbidden):
            await publish(node, db, forged, a_draft("post"))


async def test_a_suspended_author_cannot_publish(node: Node, db: Db, ana: Viewer) -> None:
    frozen = msgspec.structs.replace(ana.actor, suspended_at=datetime.now(UTC))
    with pytest.raises(Forbidden):
        await publish(node, db, Viewer(account=ana.account, actor=frozen, acting=frozen), a_draft("post"))


async def test_a_post_and_its_deliveries_exist_together_or_not_at_all(
    node: Node, db: Db, database: Database, ana: Viewer
) -> None:
    """The connection is cut between writing and committing, as by a SIGKILL of the node."""
    await a_follower(db, ana.actor)
    async with database.direct() as doomed:
        await doomed.transaction().start()
        await publish(node, doomed, ana, a_draft("event"))
        assert await doomed.fetchval("SELECT count(*) FROM deliveries") == 1
        assert await db.fetchval(
            "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE pid = $1",
            await doomed.fetchval("SELECT pg_backend_pid()"),
        )
    for table in ("posts", "events", "places", "activities", "deliveries", "happenings"):
        assert await db.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_streams_learn_of_it(node: Node, db: Db, ana: Viewer) -> None:
    start = await happenings.end(db)
    post: Post = await publish(node, db, ana, a_draft("post"))
    assert [(one.kind, one.subject_id) for one in await happenings.list_after(db, start, 10)] == [("post.new", post.id)]
