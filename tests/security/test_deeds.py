"""Nobody does or undoes what is not theirs, or more often than once (cases 87–102), against a running node."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from node.actions import follow
from node.store.events import rsvps
from node.wording.showing import page_path
from schemas.limits import OPEN_REPORTS_PER_HOST, REACTIONS_PER_ACTOR
from schemas.records import Post
from tests.security.conftest import PUBLIC, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def arrived(world: World, **fields: Any) -> dict[str, Any]:
    """A note of good's that the hub holds."""
    note = world.note(world.good, **fields)
    assert (await world.says(world.good, "Create", note)).state == "accepted"
    return note


async def is_unchanged(world: World, note: dict[str, Any]) -> bool:
    kept = await world.post(note["id"])
    return kept is not None and kept.version().content == note["content"]


@pytest.mark.parametrize("shape", ["id", "tombstone", "note", "nested"])
async def test_case_87_evil_deletes_nothing_of_good(world: World, shape: str) -> None:
    note = await arrived(world)
    shapes: dict[str, Any] = {
        "id": note["id"],
        "tombstone": {"type": "Tombstone", "id": note["id"]},
        "note": note | {"attributedTo": world.evil.actor_id},
        "nested": {"type": "Tombstone", "id": {"type": "Tombstone", "id": note["id"]}},
    }
    await world.says(world.evil, "Delete", shapes[shape])
    assert await is_unchanged(world, note)


async def test_case_87_evil_deletes_neither_an_actor_nor_a_thing_of_ours(world: World) -> None:
    mine = await world.publish("post")
    for uri in (mine.uri, world.ada, world.good.actor_id):
        await world.says(world.evil, "Delete", uri)
    assert (await world.look(page_path(mine))).status == 200
    assert (await world.look("/@ada")).status == 200
    known = await world.known(world.good.actor_id)
    assert known and known.deleted_at is None


async def test_case_88_evil_changes_nothing_of_good(world: World) -> None:
    note = await arrived(world)
    later = note | {"content": "<p>forged</p>", "updated": "2026-11-01T10:00:00Z"}
    await world.says(world.evil, "Update", later)
    await world.says(world.evil, "Update", later | {"attributedTo": world.evil.actor_id})
    inner = {"id": world.good.url("/activities/88"), "type": "Update", "actor": world.good.actor_id, "object": later}
    await world.says(world.evil, "Announce", inner)
    await world.says(world.evil, "Create", later)
    assert await is_unchanged(world, note)


async def test_case_89_nobody_undoes_what_another_did(world: World) -> None:
    mine = await world.publish("post")
    event = await world.publish("event")
    like = world.activity(world.good, "Like", mine.uri)
    follow = world.activity(world.good, "Follow", world.ada)
    boost = world.activity(world.good, "Announce", mine.uri)
    join = world.activity(world.good, "Join", event.uri)
    for deed in (like, follow, boost, join):
        assert (await world.send(world.good, deed)).state == "accepted"
    for deed in (like, follow, boost, join):
        await world.says(world.evil, "Undo", deed["id"])
        await world.says(world.evil, "Undo", deed)
        await world.says(world.evil, "Undo", deed | {"actor": world.evil.actor_id})
    kept = await world.post(mine.uri)
    assert kept and (kept.likes_count, kept.boosts_count) == (1, 1)
    assert (await rsvps.counts(world.db, event.id))["going"] == 1
    assert await world.count("SELECT count(*) FROM follows WHERE uri = $1", follow["id"]) == 1


async def test_case_90_a_follow_is_answered_by_whom_it_asks_for_only(world: World) -> None:
    asked = world.actor(world.good, manuallyApprovesFollowers=True)
    await world.befriend(asked["id"])
    question = """
        SELECT f.uri, f.follower_id FROM follows f JOIN actors a ON a.id = followed_id WHERE a.uri = $1
    """
    row = await world.db.fetchrow(question, asked["id"])
    await world.db.execute("UPDATE follows SET state = 'pending' WHERE uri = $1", row["uri"])
    follow = {"id": row["uri"], "type": "Follow", "actor": world.ada, "object": asked["id"]}
    await world.says(world.evil, "Accept", row["uri"])
    await world.says(world.evil, "Accept", follow)
    await world.says(world.evil, "Accept", follow | {"object": world.evil.actor_id})
    await world.says(world.evil, "Reject", follow)
    state = await world.db.fetchval("SELECT state FROM follows WHERE uri = $1", row["uri"])
    assert state == "pending"


async def test_case_90_nobody_makes_us_follow(world: World) -> None:
    actor = world.actor(world.evil)
    follow = {"id": f"{world.hub.base_url}/activities/1", "type": "Follow", "actor": world.ada, "object": actor["id"]}
    accept = world.activity(world.evil, "Accept", follow, actor=actor["id"])
    outcome = await world.send(world.evil, accept, key_id=f"{actor['id']}#main-key")
    assert outcome.state in ("ignored", "refused")
    question = "SELECT count(*) FROM follows f JOIN actors a ON a.id = followed_id WHERE a.uri = $1"
    assert await world.count(question, actor["id"]) == 0


async def test_case_92_a_boost_carries_no_words_of_its_own(world: World) -> None:
    note = world.note(world.good)
    await world.says(world.evil, "Announce", note | {"content": "<p>forged</p>"})
    kept = await world.post(note["id"])
    assert kept is None or kept.version().content == note["content"]


async def test_case_92_a_boost_makes_nothing_public(world: World) -> None:
    private = await arrived(
        world, to=[world.ada, world.good.url("/users/mallory/followers")], content="<p>secret92</p>"
    )
    await world.says(world.evil, "Announce", private["id"])
    await world.says(world.evil, "Announce", private)
    profile = f"/@{world.evil.handle}"
    assert [path for path, text in (await world.pages(profile)).items() if "secret92" in text] == []


async def test_case_94_one_actor_counts_once(world: World) -> None:
    mine = await world.publish("post")
    for _ in range(5):
        await world.says(world.evil, "Like", mine.uri)
    kept = await world.post(mine.uri)
    assert kept and kept.likes_count == 1
    for number in range(REACTIONS_PER_ACTOR + 5):
        await world.says(world.evil, "EmojiReact", mine.uri, content=chr(0x1F600 + number))
    assert await world.count("SELECT count(*) FROM reactions WHERE post_id = $1", mine.id) <= REACTIONS_PER_ACTOR


async def test_case_94_boosting_often_is_one_boost(world: World) -> None:
    mine = await world.publish("post")
    for _ in range(5):
        await world.says(world.evil, "Announce", mine.uri)
    kept = await world.post(mine.uri)
    assert kept and kept.boosts_count == 1


async def test_case_95_votes_without_sense_count_nowhere(world: World) -> None:
    event = await world.publish("event")
    rows = await world.db.fetch("SELECT uri FROM posts WHERE rsvp_for_id = $1", event.id)
    for poll in (event.uri, *(row["uri"] for row in rows)):
        for name in ("", "no such option", "Yes" * 400, "\u0000"):
            vote = world.note(world.evil, name=name, inReplyTo=poll, to=[world.ada], content=None)
            await world.says(world.evil, "Create", vote)
    counts = await rsvps.counts(world.db, event.id)
    assert sum(counts.values()) == 0


async def test_case_95_a_poll_has_no_negative_votes(world: World) -> None:
    options = [{"type": "Note", "name": name, "replies": {"totalItems": -5}} for name in ("a", "b")]
    poll = world.note(world.evil, type="Question", oneOf=options, votersCount=-9, endTime="2030-01-01T00:00:00Z")
    await world.says(world.evil, "Create", poll)
    kept = await world.post(poll["id"])
    assert kept and kept.poll and all(option.votes >= 0 for option in kept.poll.options)


async def test_case_96_an_event_takes_no_more_than_there_are_seats(world: World) -> None:
    event = await world.publish("event", capacity=2)
    actors = [world.actor(world.evil) for _ in range(6)]
    joins = [world.activity(world.evil, "Join", event.uri, actor=one["id"]) for one in actors]
    await asyncio.gather(*(world.evil.post(world.inbox, j, key_id=f"{j['actor']}#main-key") for j in joins))
    await world.settled()
    for join in joins[:2]:
        for kind in ("Leave", "Join", "Join"):
            again = world.activity(world.evil, kind, event.uri, actor=join["actor"])
            await world.send(world.evil, again, key_id=f"{join['actor']}#main-key")
    assert (await rsvps.counts(world.db, event.id))["going"] == 2


async def test_case_96_nobody_joins_for_another_or_lets_himself_in(world: World) -> None:
    event = await world.publish("event", capacity=1)
    await world.send(world.evil, world.activity(world.good, "Join", event.uri))
    assert (await rsvps.counts(world.db, event.id)).get("going", 0) == 0
    assert (await world.says(world.good, "Join", event.uri)).state == "accepted"
    join = world.activity(world.evil, "Join", event.uri)
    await world.send(world.evil, join)
    await world.says(world.evil, "Accept", join)
    await world.says(world.evil, "Accept", join["id"])
    assert (await rsvps.counts(world.db, event.id))["going"] == 1
    mine = await world.known(world.good.actor_id)
    assert mine and (found := await rsvps.find(world.db, event.id, mine.id)) and found.state == "going"


@pytest.mark.parametrize("kind", ["Add", "Remove"])
async def test_case_98_nobody_changes_the_collections_of_others(world: World, kind: str) -> None:
    mine = await world.publish("post")
    before = await world.db.fetch("SELECT * FROM featured ORDER BY 1, 2")
    for target in (f"{world.ada}/featured", f"{world.good.actor_id}/collections/featured", world.evil.url("/featured")):
        for thing in (mine.uri, world.note(world.evil)["id"], world.ada):
            await world.says(world.evil, kind, thing, target=target)
    assert await world.db.fetch("SELECT * FROM featured ORDER BY 1, 2") == before


async def test_case_99_reports_have_an_end_and_say_nothing_of_what_is_hidden(world: World) -> None:
    hidden = await world.publish("post", audience="hub")
    foreign = await arrived(world)
    await world.says(world.evil, "Flag", [world.ada, hidden.uri, foreign["id"]], content="99")
    posts = await world.db.fetchval("SELECT post_uris FROM reports ORDER BY id DESC LIMIT 1")
    assert hidden.uri not in posts and foreign["id"] not in posts
    for _ in range(OPEN_REPORTS_PER_HOST + 3):
        await world.evil.post(world.inbox, world.activity(world.evil, "Flag", [world.ada], content="flood"))
    await world.settled()
    open_reports = "SELECT count(*) FROM reports WHERE from_host = $1"
    assert await world.count(open_reports, world.evil.domain) <= OPEN_REPORTS_PER_HOST
    # Somebody has looked: other attacks report, too, and some processes of the tests come to them after this one.
    await world.db.execute("UPDATE reports SET resolved_at = now() WHERE from_host = $1", world.evil.domain)


async def test_case_102_the_blocked_hear_nothing_and_do_nothing(world: World) -> None:
    mine, event = await world.publish("post"), await world.publish("event")
    blocked = world.actor(world.evil)
    known = await world.befriend(blocked["id"])
    assert {state for _, state in await _tries(world, blocked, mine, event)} == {"accepted"}  # before, they may
    me = await world.known(world.ada)
    assert me
    async with world.db.transaction():
        await follow.block(world.node, world.db, me, known)
        await world.db.execute("DELETE FROM reactions WHERE actor_id = $1", known.id)
        await world.db.execute("DELETE FROM rsvps WHERE actor_id = $1", known.id)
        await world.db.execute("DELETE FROM notifications WHERE from_id = $1", known.id)
    said = await world.count("SELECT max(id) FROM activities")
    outcomes = await _tries(world, blocked, mine, event)
    assert [one for one in outcomes if one[1] not in ("ignored", "refused", "")] == []
    for question in ("reactions WHERE actor_id", "rsvps WHERE actor_id", "follows WHERE follower_id",
                     "notifications WHERE from_id"):  # fmt: skip
        assert await world.count(f"SELECT count(*) FROM {question} = $1", known.id) == 0, question
    answers = "SELECT count(*) FROM activities WHERE id > $1 AND document LIKE '%' || $2 || '%'"
    assert await world.count(answers, said, blocked["id"]) == 0


async def _tries(world: World, actor: dict[str, Any], post: Post, event: Post) -> list[tuple[str, str]]:
    """Each thing that somebody may do to the steward, and how it ended."""
    deeds = [("Follow", world.ada), ("Like", post.uri), ("EmojiReact", post.uri), ("Join", event.uri)]
    ended = []
    for verb, about in deeds:
        said = world.activity(
            world.evil, verb, about, actor=actor["id"], content="🌱" if verb == "EmojiReact" else None
        )
        ended.append((verb, (await world.send(world.evil, said, key_id=f"{actor['id']}#main-key")).state))
    return ended


async def test_case_102_the_blocked_quote_and_mention_nobody(world: World) -> None:
    mine = await world.publish("post")
    blocked = world.actor(world.evil)
    known, me = await world.befriend(blocked["id"]), await world.known(world.ada)
    assert me
    async with world.db.transaction():
        await follow.block(world.node, world.db, me, known)
    key = f"{blocked['id']}#main-key"
    mention = {"type": "Mention", "href": world.ada, "name": "@ada"}
    note = world.note(world.evil, attributedTo=blocked["id"], inReplyTo=mine.uri, tag=[mention], to=[world.ada, PUBLIC])
    for verb, about in (("QuoteRequest", mine.uri), ("Create", note)):
        said = world.activity(world.evil, verb, about, actor=blocked["id"], instrument=note["id"])
        await world.send(world.evil, said, key_id=key)
    assert await world.count("SELECT count(*) FROM notifications WHERE from_id = $1", known.id) == 0
    told = [one.json["type"] for one in world.evil.received if one.method == "POST" and blocked["id"] in str(one.json)]
    assert set(told) <= {"Follow", "Block"}  # ours, of before the block, and the block itself


async def test_case_102_a_block_from_elsewhere_is_nobodys_business(world: World) -> None:
    blocker = world.actor(world.evil)
    await world.befriend(blocker["id"])
    before = await world.count("SELECT count(*) FROM activities")
    block = world.activity(world.evil, "Block", world.ada, actor=blocker["id"])
    assert (await world.send(world.evil, block, key_id=f"{blocker['id']}#main-key")).state == "accepted"
    assert await world.count("SELECT count(*) FROM activities") == before
    me = await world.known(world.ada)
    known = await world.known(blocker["id"])
    assert me and known
    assert await world.count("SELECT count(*) FROM notifications WHERE from_id = $1", known.id) == 0
    assert [path for path, text in (await world.pages("/@ada")).items() if block["id"] in text] == []
    assert block["id"] not in str([one.body for one in world.good.received])
