"""What a process remembers of posts is never anything but what the database says at that moment."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from node.caches.kept import Kept
from node.ids import new_id
from node.store.db import Db
from node.store.events import places
from node.store.files import media
from node.store.files.media import NewMedium
from node.store.hub import hub
from node.store.timelines.timelines import records_of
from schemas.records import Post
from schemas.things import Attachment, CallDetail, FindingDetail, Place
from tests.factories import URLS, a_local_actor, a_post, a_remote_actor, an_event_detail

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


async def things(db: Db) -> list[Post]:
    """One of each kind with a detail."""
    author, when = await a_remote_actor(db), datetime.now(UTC)
    hall = await places.keep(db, Place(name="Hall"), URLS.place)
    event = await a_post(db, author, kind="event", event=an_event_detail(place=hall))
    finding = await a_post(db, author, kind="finding", finding=FindingDetail(claim="It pays"), born_of=event.uri)
    call = await a_post(db, author, kind="call", call=CallDetail(skills=("carpentry",), place=hall, deadline=when))
    return [event, finding, call]


@pytest.mark.parametrize("boosted", [False, True])
async def test_so_is_a_change_of_what_a_thing_tells(db: Db, boosted: bool) -> None:
    kept, made = Kept(), await things(db)
    asked = [one.id for one in made]
    if boosted:
        booster = await a_remote_actor(db)
        asked = [(await a_post(db, booster, kind="boost", boost_of_id=one, versions=[])).id for one in asked]
    for change, concerned in {
        "UPDATE events SET capacity = 77": {0},
        "UPDATE places SET name = 'Workshop'": {0, 2},
        "UPDATE findings SET claim = 'It pays well'": {1},
        "UPDATE origins SET uri = 'https://peer.example/1'": {1},
        "UPDATE calls SET state = 'filled'": {2},
    }.items():
        before = await kept.posts(db, asked)
        assert all(one is other for one, other in zip(before, await kept.posts(db, asked), strict=True))
        await db.execute(change)
        after = await kept.posts(db, asked)
        assert sorted(after, key=lambda one: one.id) == sorted(await records_of(db, asked), key=lambda one: one.id)
        assert {number for number in range(3) if after[number] != before[number]} == concerned, change


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
    monkeypatch.setattr("node.caches.kept.KEPT_POSTS", 1)
    kept, first, second = Kept(), await a_full_post(db), await a_full_post(db)
    (before,) = await kept.posts(db, [first.id])
    (other,) = await kept.posts(db, [second.id])
    assert (await kept.posts(db, [second.id]))[0] is other
    (again,) = await kept.posts(db, [first.id])
    assert again == before
    assert again is not before


async def test_nothing_is_remembered_beyond_the_loss_of_the_database(db: Db) -> None:
    breaks = [0]
    kept, post = Kept(lambda: breaks[0]), await a_full_post(db)
    (before,) = await kept.posts(db, [post.id])
    breaks[0] += 1
    (after,) = await kept.posts(db, [post.id])
    assert after == before
    assert after is not before
    assert (await kept.posts(db, [post.id]))[0] is after
