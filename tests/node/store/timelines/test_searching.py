"""Search goes back through time from while to while, wider or narrower by what it finds. It is held to a plain look at
every post, for words that are rare, frequent, come in bursts or are never said, between any two moments."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from node.ids import new_id
from node.store.db import Db
from node.store.timelines.searching import Asked, find_posts
from node.store.timelines.site_search import counts
from schemas.records import Actor
from tests.factories import a_local_actor, a_post, a_remote_actor

WORDS = ("bread", "garden", "ladder", "burst", "old", "-bread", '"bread garden"', "garden ladder", "or", "nobody", "")
_PLAIN = """
    SELECT p.id FROM posts p
     WHERE p.search @@ search_question($1) AND p.id > $2 AND p.id < $3 AND ($4::bigint IS NULL OR p.actor_id = $4)
       AND p.actor_id <> $5
     ORDER BY p.id DESC LIMIT $6 OFFSET $7
"""


async def said(db: Db, chance: random.Random, people: list[Actor]) -> list[int]:
    """Posts over ten years: dense in the last weeks, one word in 600 of an hour last year, one only long ago."""
    model, now = (await a_post(db, people[0], text="model")).id, datetime.now(UTC)
    rows = []
    for number in range(2500):
        back = timedelta(minutes=chance.randrange(40_000))
        text = "bread garden" if number % 17 == 0 else chance.choice(["bread", "garden", "window", "window ladder"])
        if number % 5 == 0:
            back, text = timedelta(days=chance.randrange(50, 3600)), "old" if number % 50 == 0 else "window"
        elif number % 4 == 0:
            back, text = timedelta(days=300, seconds=chance.randrange(3600)), "burst"
        rows.append((new_id(now - back), chance.choice(people).id if number % 3 else people[0].id, text))
    await db.execute(
        """
        INSERT INTO posts (id, uri, url, kind, type, local, actor_id, audience, published_at, updated_at, search)
        SELECT id, 'urn:' || id, 'urn:' || id, 'post', 'Note', false, actor_id, 'public', now(), now(),
               search_index(ARRAY['en'], ARRAY[''], ARRAY[text], '{}')
          FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS new (id, actor_id, text)
        """,
        *zip(*rows, strict=True),
    )
    return sorted([model, *(row[0] for row in rows)])


async def test_search_finds_what_a_look_at_every_post_finds(db: Db) -> None:
    chance = random.Random(87)
    people, viewer = [await a_remote_actor(db) for _ in range(4)], await a_local_actor(db)
    shy = await a_remote_actor(db, indexable=False)
    ids = await said(db, chance, [*people, shy])
    asked = [(word, None, 0, 2**63 - 1, 20, 0) for word in WORDS]
    for _ in range(90):
        after, before = sorted(chance.sample(ids, 2))
        asked.append(
            (
                chance.choice(WORDS),
                chance.choice([None, None, people[0].id, people[1].id, shy.id]),
                chance.choice([0, 0, after]),
                chance.choice([2**63 - 1, before]),
                chance.choice([1, 5, 40]),
                chance.choice([0, 0, 3, 60]),
            )
        )
    some = 0
    for words, author, after, before, limit, offset in asked:
        wanted = Asked(words=words, author=author, after=after, before=before, limit=limit, offset=offset)
        found = (await find_posts(db, viewer.id, wanted)).ids
        plain = await db.fetch(_PLAIN, words, after, before, author, shy.id, limit, offset)
        assert found == [row["id"] for row in plain], wanted
        some += bool(found)
    assert some > len(asked) / 3


async def test_the_site_counts_what_the_reader_may_find_and_leaves_out_the_rest(db: Db) -> None:
    seen, shy = await a_remote_actor(db), await a_local_actor(db)
    await db.execute("UPDATE actors SET indexable = false WHERE id = $1", shy.id)
    for actor, audience in ((seen, "public"), (seen, "unlisted"), (seen, "followers"), (shy, "public")):
        await a_post(db, actor, text="a zither", audience=audience)
    await a_post(db, shy, kind="event", text="zither meeting")
    assert await counts(db, "zither", None) == {"post": 1, "event": 1}
    assert await counts(db, "zither", shy.id) == {"post": 2, "event": 1}
