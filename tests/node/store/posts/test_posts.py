"""Posts in the store: whole records in one query, deletion, threads. Who may see them: `test_reading.py`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from node.errors import Gone, NotFound
from node.ids import new_id
from node.store.db import Db
from node.store.events import places
from node.store.posts import posts
from schemas.things import Attachment, Audience, CallDetail, FindingDetail, Link, Place, Poll, PollOption, Version
from tests.factories import (
    URLS,
    a_local_actor,
    a_post,
    a_remote_actor,
    an_event_detail,
    the_hub,
)


class Counted:
    """Counts the statements that a connection runs inside an `async with` block."""

    def __init__(self, db: Db) -> None:
        self.db, self.statements = db, list[str]()

    async def __aenter__(self) -> Counted:
        self.db.add_query_logger(self._note)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0)  # asyncpg calls its loggers in the next turn of the loop
        self.db.remove_query_logger(self._note)

    def _note(self, record: object) -> None:
        self.statements.append(record.query)  # type: ignore[attr-defined]


async def test_a_post_comes_back_as_it_was_kept(db: Db) -> None:
    hub = await the_hub(db)
    named = await a_remote_actor(db)
    kept = await a_post(
        db,
        hub,
        versions=[Version(language="de", content="<p>Hallo</p>", source="Hallo"), Version(language="en", name="Hi")],
        language="de",
        tags=["repair", "zürich"],
        area="housing",
        sensitive=True,
        attachments=[Attachment(url="https://peer.example/a.png", media_type="image/png", alt="A bench")],
        poll=Poll(options=(PollOption(name="Sat"), PollOption(name="Sun", votes=2)), ends_at=datetime.now(UTC)),
        mention_ids=[named.id],
    )
    read = await posts.get(db, kept.id, None)
    assert read == kept
    assert [version.language for version in read.versions] == ["de", "en"]
    assert read.actor == msgspec.structs.replace(hub, private_key=None, ed25519_private=None)
    assert [actor.uri for actor in read.mentions] == [named.uri]
    assert read.poll and read.poll.options[1].votes == 2
    assert read.attachments[0].alt == "A bench"
    assert read.published_at.utcoffset() == timedelta(0)


async def test_details_of_all_kinds_come_back_whole(db: Db) -> None:
    hub = await the_hub(db)
    place = await places.keep(db, Place(name="Hall", locality="Bern", latitude=46.95, longitude=7.44), URLS.place)
    event = an_event_detail(place=place, categories=("COMMUNITY",), capacity=4, organisers=(hub.uri,))
    finding = FindingDetail(
        claim="It pays", reasons=("cheap", "warm"), sources=(Link(url="https://a.example/", name="A"),)
    )
    call = CallDetail(skills=("carpentry",), place=place, places=2, deadline=event.starts_at, intent_uri="https://x/#1")
    kept_event = await a_post(db, hub, kind="event", event=event, series=URLS.context(1))
    assert (await posts.get(db, kept_event.id, None)).event == event
    assert kept_event.series == URLS.context(1)
    assert (await a_post(db, hub, kind="finding", finding=finding)).finding == finding
    assert (await a_post(db, hub, kind="call", call=call)).call == call


async def test_no_private_key_leaves_with_a_post(db: Db) -> None:
    post = await a_post(db, await the_hub(db), mention_ids=[(await a_local_actor(db)).id])
    text: str = await db.fetchval("SELECT record FROM post_records WHERE id = $1", post.id)
    assert "PRIVATE" not in text
    assert "private_key" not in text


@pytest.mark.parametrize("count", [1, 12])
async def test_a_list_is_one_query_however_long(db: Db, count: int) -> None:
    hub = await the_hub(db)
    for _ in range(count):
        await a_post(db, hub, kind="event", mention_ids=[hub.id])
    async with Counted(db) as counted:
        assert len(await posts.list_public(db, "event")) == count
    assert len(counted.statements) == 1


async def test_a_boost_brings_the_boosted_post_and_is_made_once(db: Db) -> None:
    hub, member = await the_hub(db), await a_local_actor(db)
    post = await a_post(db, hub)
    number = new_id()
    boost = await a_post(db, member, kind="boost", boost_of_id=post.id, versions=[])
    again = await a_post(
        db, member, kind="boost", boost_of_id=post.id, versions=[], id=number, uri=URLS.thing("boost", number)
    )
    assert boost.boost_of == await posts.get(db, post.id, None)
    assert again.id == boost.id
    assert (await posts.get(db, post.id, None)).boosts_count == 1


async def test_a_taken_address_is_refused(db: Db) -> None:
    post = await a_post(db, await the_hub(db))
    with pytest.raises(ValueError, match="taken"):
        await a_post(db, await the_hub(db), uri=post.uri)


@pytest.mark.parametrize(("audience", "answer"), [("public", Gone), ("unlisted", Gone), ("followers", NotFound)])
async def test_deletion_erases_and_keeps_the_address(db: Db, audience: Audience, answer: type[Exception]) -> None:
    hub, member = await the_hub(db), await a_local_actor(db)
    parent = await a_post(db, member)
    post = await a_post(db, hub, kind="event", audience=audience, in_reply_to=parent.uri, tags=["repair"])
    boost = await a_post(db, member, kind="boost", boost_of_id=post.id, versions=[])
    assert await posts.tombstone(db, post.id)
    assert not await posts.tombstone(db, post.id)
    with pytest.raises(answer):
        await posts.get(db, post.id, hub.id)
    assert await posts.find(db, post.id) is None
    assert await posts.find(db, boost.id) is None
    left = await posts.find_tombstone(db, post.id)
    assert left and (left.uri, left.kind, left.type) == (post.uri, "event", "Event")
    assert (await posts.get(db, parent.id, None)).replies_count == 0
    row = await db.fetchrow("SELECT * FROM posts WHERE id = $1", post.id)
    assert "Hello" not in str(dict(row))
    assert row["tags"] == []
    assert await db.fetchval("SELECT count(*) FROM events") == 0
    with pytest.raises(ValueError, match="taken"):
        await a_post(db, hub, uri=post.uri)


async def test_deletion_takes_back_what_was_said_and_not_yet_delivered(db: Db) -> None:
    hub = await the_hub(db)
    post = await a_post(db, hub)
    await db.execute(
        """
        INSERT INTO activities (id, uri, type, actor_id, post_id, audience, document)
        VALUES (1, 'https://hub.example/activities/1', 'Create', $1, $2, 'public', '{}')
        """,
        hub.id,
        post.id,
    )
    await db.execute(
        "INSERT INTO deliveries (activity_id, signer_id, host, inbox) VALUES (1, $1, 'a.example', 'https://a.example/')",
        hub.id,
    )
    await posts.tombstone(db, post.id)
    assert await db.fetchval("SELECT count(*) FROM deliveries") == 0


async def test_an_endless_text_can_be_kept(db: Db) -> None:
    words = " ".join(f"wort{number:x}ж" for number in range(200_000))
    post = await a_post(db, await the_hub(db), text=words)
    assert (await posts.get(db, post.id, None)).versions[0].content.endswith("ж</p>")


async def test_answers_join_the_thread_and_are_counted(db: Db) -> None:
    hub = await the_hub(db)
    root = await a_post(db, hub)
    answer = await a_post(db, hub, in_reply_to=root.uri)
    deeper = await a_post(db, hub, in_reply_to=answer.uri)
    hidden = await a_post(db, hub, in_reply_to=root.uri, audience="hub")
    assert {answer.context, deeper.context, hidden.context} == {root.context}
    assert (await posts.get(db, root.id, None)).replies_count == 1
    above, under = await posts.context(db, answer.id, viewer=None)
    assert ([post.id for post in above], [post.id for post in under]) == ([root.id], [deeper.id])
    assert [post.id for post in await posts.replies(db, root.id)] == [answer.id]
    assert [post.id for post in await posts.replies(db, root.id, viewer=hub.id, after=answer.id)] == [hidden.id]
    assert await posts.list_public(db, "post") == [await posts.get(db, root.id, None)]


async def test_a_lock_makes_others_wait(db: Db, another_db: Db) -> None:
    post = await a_post(db, await the_hub(db))
    async with db.transaction():
        assert (await posts.lock(db, post.id)) == post
        waiting = asyncio.create_task(posts.lock(another_db, post.id))
        await posts.tombstone(db, post.id)
        assert not waiting.done()
    assert await asyncio.wait_for(waiting, 30) is None


async def test_a_ready_medium_is_served_from_here_with_the_authors_words(db: Db) -> None:
    hub = await the_hub(db)
    await db.execute("INSERT INTO hub (secret, base_url) VALUES ('x', $1)", URLS.base_url)
    await db.execute(
        """
        INSERT INTO media (id, owner_id, path, preview_path, media_type, kind, width, height, alt, state)
        VALUES (7, $1, 'ab/cd.webp', 'ab/cd-small.webp', 'image/webp', 'image', 40, 30, 'its own', 'ready')
        """,
        hub.id,
    )
    said = Attachment(url="https://peer.example/x.png", media_type="image/png", alt="A bench", media_id=7)
    post = await a_post(db, hub, attachments=[said])
    assert post.attachments == [
        Attachment(
            url=URLS.media("ab/cd.webp"),
            preview_url=URLS.media("ab/cd-small.webp"),
            media_type="image/webp",
            alt="A bench",
            width=40,
            height=30,
            media_id=7,
        )
    ]
    await db.execute("UPDATE media SET state = 'waiting'")
    assert (await posts.get(db, post.id, None)).attachments == [said]


async def test_what_goes_with_a_post_is_found_by_indexes_however_much_there_is(db: Db) -> None:
    post = await a_post(db, await the_hub(db))
    await db.execute("SET LOCAL enable_seqscan = off")  # it is taken only where there is no other way
    for statement in posts._ERASE:
        plan = [row[0] for row in await db.fetch(f"EXPLAIN {statement}", post.id)]
        assert not [line for line in plan if "Seq Scan" in line], statement
