"""What stands in a home, and in lists for all, is asked in short for most posts. The short questions are held to the
long ones (`comes_home`, `in_lists`, `keeps_out`) for people who follow, block and pass on whatever comes, at random."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from node.store.db import Db
from node.store.timelines import feeds, timelines
from schemas.records import Actor
from tests.factories import a_local_actor, a_post, a_remote_actor

_LISTED = f"""
    SELECT p.id, {feeds.LISTED} AS short, in_lists(p, $4) AND NOT keeps_out($4, p.actor_id) AS long
      FROM posts p WHERE $1::int < $2 AND $3 < 1
"""
_BOTH = f"""
    {timelines.HOME}
    every AS (SELECT * FROM posts)
    SELECT p.id, p.kind, {timelines.STANDS} AS short, comes_home(p, $4, $6) AS long
      FROM posts p WHERE $1 < $2 AND $3 < $5
"""


async def relations(db: Db, chance: random.Random, viewer: Actor, people: list[Actor]) -> None:
    """The viewer follows half of them, some in one language or without boosts; some are hushed, some keep it out."""
    for number, other in enumerate(people):
        if chance.random() < 0.6:
            await db.execute(
                "INSERT INTO follows (follower_id, followed_id, uri, state, boosts, languages)"
                " VALUES ($1, $2, $3, $4, $5, $6)",
                viewer.id,
                other.id,
                f"{viewer.uri}/follows/{number}",
                chance.choice(["accepted", "accepted", "accepted", "pending"]),
                chance.random() < 0.8,
                chance.choice([None, None, None, ["de"]]),
            )
        if chance.random() < 0.1:
            await db.execute("INSERT INTO mutes (actor_id, muted_id) VALUES ($1, $2)", viewer.id, other.id)
        if chance.random() < 0.1:
            pair = chance.sample([viewer.id, other.id], 2)
            await db.execute("INSERT INTO blocks (blocker_id, blocked_id) VALUES ($1, $2)", *pair)
        if chance.random() < 0.1:
            await db.execute("UPDATE actors SET suspended_at = now() WHERE id = $1", other.id)


async def words(db: Db, chance: random.Random, viewer: Actor, people: list[Actor]) -> None:
    """Posts of all audiences, answers, and boosts of them, over three weeks."""
    said, at = [], datetime.now(UTC) - timedelta(days=21)
    for _ in range(60):
        at += timedelta(hours=chance.randrange(1, 12))
        said.append(
            await a_post(
                db,
                chance.choice([*people, viewer]),
                published_at=at,
                language=chance.choice(["de", "en"]),
                audience=chance.choice(["public", "public", "public", "unlisted", "followers", "direct"]),
                tags=chance.choice([[], [], ["repair"]]),
                in_reply_to=chance.choice(said).uri if said and chance.random() < 0.2 else None,
                mention_ids=[chance.choice(people).id] if chance.random() < 0.3 else [],
            )
        )
    passed_on = chance.sample(list(product([*people, viewer], said[::5])), 60)
    for actor, post in sorted(passed_on, key=lambda one: one[1].published_at):
        later = post.published_at + timedelta(hours=chance.randrange(1, 12 * 24))
        await a_post(
            db, actor, kind="boost", boost_of_id=post.id, versions=[], published_at=min(later, datetime.now(UTC))
        )


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_short_question_and_the_long_one_have_the_same_answer(db: Db, seed: int) -> None:
    chance = random.Random(seed)
    viewer = await a_local_actor(db)
    people = [await (a_local_actor if number % 2 else a_remote_actor)(db) for number in range(8)]
    await relations(db, chance, viewer, people)
    await words(db, chance, viewer, people)
    if seed == 2:
        await db.execute("INSERT INTO followed_tags (actor_id, tag) VALUES ($1, 'repair')", viewer.id)
    rows = await db.fetch(_BOTH, 0, 1, 0, viewer.id, 1, None)
    assert [(row["kind"], row["id"], row["short"]) for row in rows] == [
        (row["kind"], row["id"], row["long"]) for row in rows
    ]
    assert {row["short"] for row in rows if row["kind"] == "boost"} == {True, False}
    assert {row["short"] for row in rows if row["kind"] == "post"} == {True, False}
    listed = await db.fetch(_LISTED, 0, 1, 0, viewer.id)
    assert [(row["id"], row["short"]) for row in listed] == [(row["id"], row["long"]) for row in listed]
    assert {row["short"] for row in listed} == {True, False}
