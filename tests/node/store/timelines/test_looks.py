"""One look at a page says of each post and person what is said of it alone, and reads the same records."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from node.store.db import Db
from node.store.people import presence
from node.store.posts import post_marks
from node.store.timelines import looks
from node.store.timelines.stamps import stamps_of
from node.store.timelines.timelines import records_of
from schemas.records import Actor, Post
from tests.factories import a_local_actor, a_post, a_remote_actor, an_event_detail


async def everything(db: Db, me: Actor) -> list[int]:
    """Posts of many kinds, with all that somebody does with them."""
    other, mine = await a_remote_actor(db), await a_post(db, me, text="Mine")
    plain = await a_post(db, other, mention_ids=[me.id], context="urn:thread")
    answer = await a_post(db, other, in_reply_to=plain.uri, context="urn:thread")
    event = await a_post(db, other, kind="event", event=an_event_detail(), local=False)
    ours = await a_post(db, me, kind="event", event=an_event_detail())
    boost = await a_post(db, me, kind="boost", boost_of_id=plain.id, versions=[])
    unknown = await a_post(db, me, kind="boost", boost_of_id=answer.id, versions=[])
    asked = await a_post(db, other, text="Who comes?", rsvp_for_id=event.id)
    gone = await a_post(db, other, text="Gone")
    for deed in (
        "INSERT INTO bookmarks (actor_id, post_id) VALUES ($1, $2)",
        "INSERT INTO reactions (actor_id, post_id, kind, uri) VALUES ($1, $2, 'like', 'urn:like')",
        "INSERT INTO muted_threads (actor_id, context) SELECT $1, context FROM posts WHERE id = $2",
        "INSERT INTO follows (follower_id, followed_id, uri, state) SELECT $1, actor_id, 'urn:f', 'accepted'"
        " FROM posts WHERE id = $2",
        "INSERT INTO quotes (post_id, quoted_id, quoted_uri, state) SELECT id, $2, 'urn:q', 'accepted' FROM posts"
        " WHERE in_reply_to_id = $2 AND $1::bigint > 0",
        "INSERT INTO edits (post_id, edited_at, versions) SELECT $2, now(), versions FROM posts WHERE id = $2"
        " AND $1::bigint > 0",
    ):
        await db.execute(deed, me.id, plain.id)
    await db.execute("INSERT INTO featured (actor_id, post_id) VALUES ($1, $2)", me.id, mine.id)
    await db.execute("INSERT INTO votes (post_id, actor_id, option) VALUES ($1, $2, 1), ($1, $2, 0)", event.id, me.id)
    for one in (event, ours):
        await db.execute(
            "INSERT INTO rsvps (event_id, actor_id, state, door) VALUES ($1, $2, 'going', 'button')", one.id, me.id
        )
    poll = {"options": [{"name": "Yes"}, {"name": "No"}], "multiple": False}
    await db.execute("UPDATE posts SET poll = $2 WHERE id = $1", asked.id, poll)
    await db.execute("UPDATE posts SET deleted_at = now() WHERE id = $1", gone.id)
    return [one.id for one in (mine, answer, event, ours, boost, unknown, asked, gone)]


async def test_it_says_what_is_said_of_each_alone(db: Db) -> None:
    me, somebody = await a_local_actor(db, "me"), await a_remote_actor(db)
    ids = await everything(db, me)
    for viewer in (me.id, somebody.id, None):
        seen = await looks.look_at(db, [*ids, ids[0], 12345], [somebody.id, 12345], viewer)
        alone = await post_marks.of_posts(db, [*seen.shown], viewer)
        marks = seen.marks(seen.shown)
        assert {*marks} == {*alone} > {*ids}
        for number, one in alone.items():
            assert marks[number] == msgspec.structs.replace(one, hidden_why=None), (number, viewer)
        assert seen.presence() == await presence.of(db, [*seen.people])
        assert somebody.id in seen.people and 12345 not in seen.people
        assert seen.stamps.keys() >= {*ids} and {one: seen.stamps[one] for one in ids} == await _stamps(db, ids)


async def _stamps(db: Db, ids: list[int]) -> dict[int, object]:
    found = await stamps_of(db, ids)
    return {one: found[one] for one in ids}


async def test_records_come_along_as_they_are_read_alone(db: Db) -> None:
    me = await a_local_actor(db, "me")
    ids = await everything(db, me)
    seen = await looks.look_at(db, ids, [], me.id, ids)
    assert _by_id(seen.records) == _by_id(await records_of(db, ids)) and len(seen.records) == len(ids) - 1
    assert list((await looks.look_at(db, ids, [], me.id)).records) == []


def _by_id(posts: list[Post]) -> list[Post]:
    return sorted(posts, key=lambda one: one.id)


async def test_filters_are_seen_while_they_are_in_force(db: Db) -> None:
    me, now = await a_local_actor(db, "me"), datetime.now(UTC)
    assert not (await looks.look_at(db, [], [], me.id)).filters
    await db.execute(
        "INSERT INTO filters (actor_id, title, contexts, ends_at) VALUES ($1, 'x', '{home}', $2)",
        me.id,
        now,
    )
    assert not (await looks.look_at(db, [], [], me.id)).filters
    await db.execute("UPDATE filters SET ends_at = NULL")
    assert (await looks.look_at(db, [], [], me.id)).filters and not (await looks.look_at(db, [], [], None)).filters
