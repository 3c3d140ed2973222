"""What a process remembers of posts is never anything but what the database says at that moment."""

from __future__ import annotations

import pytest

from node.ids import new_id
from node.kept import Kept
from node.store import hub, media
from node.store.db import Db
from node.store.media import NewMedium
from node.store.timelines import records_of
from schemas.records import Post
from schemas.things import Attachment
from tests.factories import a_local_actor, a_post, a_remote_actor, an_event_detail

CHANGES = {
    "the text": """UPDATE posts SET versions = '[{"language": "en", "content": "Changed"}]' WHERE id = $1""",
    "a count": "UPDATE posts SET likes_count = likes_count + 1 WHERE id = $1",
    "its author": "UPDATE actors SET display_name = 'Another' WHERE id = (SELECT actor_id FROM posts WHERE id = $1)",
    "who is named": """UPDATE actors SET url = 'https://peer.example/new'
                        WHERE id IN (SELECT actor_id FROM mentions WHERE post_id = $1)""",
    "who is named, and no more": "DELETE FROM mentions WHERE post_id = $1",
    "its picture": """UPDATE media SET blurhash = 'LEHV6nWB2yk8pyo0adR*.7kCMdnj'
                       WHERE id > 0 AND $1::bigint > 0""",
    "its picture, gone": """UPDATE media SET state = 'failed'
                             WHERE id > 0 AND $1::bigint > 0""",
    "its deletion": "UPDATE posts SET deleted_at = now() WHERE id = $1",
}
"""Everything that a record of a short post is made of; $1 is the post."""


async def a_full_post(db: Db) -> Post:
    """A post from elsewhere in which somebody is named, with a picture."""
    await hub.prepare(db, "https://hub.example")
    author, named = await a_remote_actor(db), await a_local_actor(db)
    picture = await media.insert(db, NewMedium(id=new_id(), owner_id=named.id, media_type="image/png", kind="image"))
    await db.execute("UPDATE media SET state = 'ready', path = id || '.png' WHERE id = $1", picture.id)
    shown = Attachment(url="https://peer.example/a.png", media_type="image/png", media_id=picture.id)
    return await a_post(db, author, text="Hello", mention_ids=[named.id], attachments=[shown])


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("boosted", [False, True])
async def test_a_change_is_seen_at_once(db: Db, change: str, boosted: bool) -> None:
    kept, post = Kept(), await a_full_post(db)
    boost = await a_post(db, await a_remote_actor(db), kind="boost", boost_of_id=post.id, versions=[])
    asked = [boost.id] if boosted else [post.id]
    (before,) = await kept.posts(db, asked)
    (again,) = await kept.posts(db, asked)
    assert again is before
    await db.execute(CHANGES[change], post.id)
    after = await kept.posts(db, asked)
    assert after == await records_of(db, asked)
    assert after != [before]


async def test_things_with_a_detail_are_read_each_time(db: Db) -> None:
    kept = Kept()
    event = await a_post(db, await a_remote_actor(db), kind="event", event=an_event_detail())
    boost = await a_post(db, await a_remote_actor(db), kind="boost", boost_of_id=event.id, versions=[])
    before = await kept.posts(db, [event.id, boost.id])
    await db.execute("UPDATE events SET capacity = 77 WHERE post_id = $1", event.id)
    after = await kept.posts(db, [event.id, boost.id])
    assert [before[0].event, before[1].boost_of] != [after[0].event, after[1].boost_of]
    assert after[0].event and after[0].event.capacity == 77


async def test_what_a_transaction_has_not_committed_is_not_remembered(db: Db) -> None:
    kept, post = Kept(), await a_full_post(db)
    (before,) = await kept.posts(db, [post.id])
    transaction = db.transaction()
    await transaction.start()
    await db.execute(CHANGES["the text"], post.id)
    assert (await kept.posts(db, [post.id]))[0].versions[0].content == "Changed"
    await transaction.rollback()
    assert (await kept.posts(db, [post.id]))[0] == before


async def test_what_stands_beside_a_thing_goes_with_it(db: Db) -> None:
    kept, post = Kept(), await a_full_post(db)
    kept.beside(post)["made"] = 1
    assert kept.beside(post) == kept.beside((await kept.posts(db, [post.id]))[0]) == {"made": 1}
    await db.execute(CHANGES["a count"], post.id)
    assert kept.beside((await kept.posts(db, [post.id]))[0]) == {}


async def test_it_remembers_no_more_than_its_measure(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("node.kept.KEPT_POSTS", 1)
    kept, first, second = Kept(), await a_full_post(db), await a_full_post(db)
    read = await kept.posts(db, [first.id, second.id])
    again = await kept.posts(db, [second.id, first.id])
    assert again == read[::-1]
    assert again[0] is read[1]
    assert again[1] is not read[0]
