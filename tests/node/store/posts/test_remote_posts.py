"""What other servers publish, kept once: newest wins, the owner stays, the deleted stays deleted."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from node.store.db import Db
from node.store.posts import edits, posts
from node.store.servers import gone
from schemas.limits import EDITS_KEPT
from schemas.records import Actor, Post
from schemas.things import CallDetail, FindingDetail, Kind, Place, Poll, PollOption, Version
from tests.factories import (
    ELSEWHERE,
    URLS,
    a_local_actor,
    a_post,
    a_remote_actor,
    a_remote_object,
    an_event_detail,
    the_hub,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def said(text: str) -> tuple[Version, ...]:
    return (Version(language="en", content=f"<p>{text}</p>"),)


@pytest.fixture
async def bo(db: Db) -> Actor:
    return await a_remote_actor(db, "bo")


@pytest.mark.parametrize("kind", ["post", "event", "finding", "call"])
async def test_a_remote_thing_is_kept_as_what_it_is(db: Db, bo: Actor, kind: Kind) -> None:
    place = Place(name="Hall", locality="Bern", latitude=46.95, longitude=7.44, uri="https://other.example/places/1")
    detail = {
        "event": an_event_detail(place=place, going=7),
        "finding": FindingDetail(claim="It pays"),
        "call": CallDetail(place=place, intent_uri=f"{ELSEWHERE}/i/1", places=3, places_taken=2),
    }
    thing = a_remote_object(bo, kind=kind, tags=("repair",), **({kind: detail[kind]} if kind in detail else {}))
    post = await posts.upsert_remote(db, thing, bo)
    assert post is not None
    assert (post.uri, post.kind, post.type, post.local) == (thing.id, kind, thing.type, False)
    assert post.versions == list(thing.versions)
    stored = getattr(post, kind, None)
    if kind in ("event", "call"):
        assert stored.place == msgspec.structs.replace(place, uri=None)
        stored = msgspec.structs.replace(stored, place=place)
    assert stored == detail.get(kind)
    assert post.published_at == thing.published


async def test_the_same_thing_twice_is_one_post(db: Db, bo: Actor) -> None:
    thing = a_remote_object(bo, kind="event")
    assert await posts.upsert_remote(db, thing, bo) == await posts.upsert_remote(db, thing, bo)
    assert await db.fetchval("SELECT count(*) FROM posts") == 1
    assert await db.fetchval("SELECT count(*) FROM happenings") == 1


async def test_the_same_thing_at_the_same_time_is_one_post(db: Db, another_db: Db, bo: Actor) -> None:
    thing = a_remote_object(bo)

    async def keep(connection: Db) -> int:
        async with connection.transaction():
            post = await posts.upsert_remote(connection, thing, bo)
            return post.id if post else 0

    async with asyncio.timeout(30):
        assert len(set(await asyncio.gather(*(keep(one) for one in (db, another_db))))) == 1


@pytest.mark.parametrize(
    ("moved", "text"),
    [(timedelta(minutes=5), "new"), (timedelta(0), "new"), (-timedelta(minutes=5), "old")],
    ids=["newer", "within the same second", "older"],
)
async def test_the_newer_text_wins(db: Db, bo: Actor, moved: timedelta, text: str) -> None:
    thing = a_remote_object(bo, versions=said("old"), published=NOON, updated=NOON + timedelta(minutes=10))
    later = msgspec.structs.replace(thing, versions=said("new"), updated=thing.updated + moved)
    await posts.upsert_remote(db, thing, bo)
    post = await posts.upsert_remote(db, later, bo)
    assert post and post.versions == list(said(text))
    assert [edit.versions for edit in await edits.list_of(db, post.id)] == (
        [list(said("old"))] if text == "new" else []
    )


async def test_the_same_edit_twice_is_one(db: Db, bo: Actor) -> None:
    thing = a_remote_object(bo, kind="event", published=NOON, updated=NOON + timedelta(minutes=10))
    first, second = [await posts.upsert_remote(db, thing, bo) for _ in range(2)]
    assert first and first == second
    assert await edits.list_of(db, first.id) == []


async def test_an_update_from_the_future_does_not_lock_out_the_next_one(db: Db, bo: Actor) -> None:
    thing = a_remote_object(bo, updated=datetime.now(UTC) + timedelta(days=4000), published=NOON)
    first = await posts.upsert_remote(db, thing, bo)
    assert first and first.updated_at <= datetime.now(UTC)
    later = msgspec.structs.replace(thing, versions=said("new"))
    second = await posts.upsert_remote(db, later, bo)
    assert second and second.versions == list(said("new"))


async def test_a_thing_from_the_future_does_not_stand_on_top_for_ever(db: Db, bo: Actor) -> None:
    post = await posts.upsert_remote(db, a_remote_object(bo, published=datetime.now(UTC) + timedelta(days=9)), bo)
    assert post and post.published_at <= datetime.now(UTC)
    newer = await a_post(db, await the_hub(db))
    assert newer.id > post.id


async def test_counts_change_without_a_new_updated(db: Db, bo: Actor) -> None:
    poll = Poll(options=(PollOption(name="Sat"), PollOption(name="Sun")))
    voted = Poll(options=(PollOption(name="Sat", votes=3), PollOption(name="Sun")))
    question = a_remote_object(bo, poll=poll)
    await posts.upsert_remote(db, question, bo)
    changed = msgspec.structs.replace(question, poll=voted, versions=said("sneaked in"))
    post = await posts.upsert_remote(db, changed, bo)
    assert post and post.poll == voted
    assert post.versions == list(question.versions)
    event = a_remote_object(bo, kind="event")
    await posts.upsert_remote(db, event, bo)
    came = msgspec.structs.replace(event, event=msgspec.structs.replace(event.event, going=12))
    post = await posts.upsert_remote(db, came, bo)
    assert post and post.event and post.event.going == 12


async def test_nobody_takes_over_a_thing(db: Db, bo: Actor) -> None:
    eve = await a_remote_actor(db, "eve")
    thing = a_remote_object(bo, published=NOON, updated=NOON)
    kept = await posts.upsert_remote(db, thing, bo)
    claim = msgspec.structs.replace(thing, attributed_to=eve.uri, versions=said("mine"), updated=datetime.now(UTC))
    assert await posts.upsert_remote(db, claim, eve) is None
    assert await posts.upsert_remote(db, claim, bo) is None
    assert await posts.find_by_uri(db, thing.id) == kept


async def test_a_thing_stays_of_its_kind(db: Db, bo: Actor) -> None:
    thing = a_remote_object(bo, published=NOON, updated=NOON)
    await posts.upsert_remote(db, thing, bo)
    turned = a_remote_object(bo, id=thing.id, kind="event")
    assert await posts.upsert_remote(db, turned, bo) is None


async def test_our_own_things_are_not_changed_from_outside(db: Db, bo: Actor) -> None:
    hub = await the_hub(db)
    post = await a_post(db, hub)
    forged = a_remote_object(bo, id=post.uri, attributed_to=hub.uri)
    assert await posts.upsert_remote(db, forged, bo) is None
    assert await posts.upsert_remote(db, forged, hub) is None
    assert await posts.upsert_remote(db, msgspec.structs.replace(forged, attributed_to=bo.uri), bo) is None
    assert await posts.find(db, post.id) == post


async def test_what_was_deleted_does_not_come_back(db: Db, bo: Actor) -> None:
    thing = a_remote_object(bo, kind="event", published=NOON, updated=NOON)
    post = await posts.upsert_remote(db, thing, bo)
    assert post
    await posts.tombstone(db, post.id)
    newer = msgspec.structs.replace(thing, updated=datetime.now(UTC))
    assert await posts.upsert_remote(db, newer, bo) is None


async def test_a_delete_that_came_first_wins(db: Db, bo: Actor) -> None:
    thing = a_remote_object(bo)
    await gone.insert(db, thing.id, bo.uri)
    assert await posts.upsert_remote(db, thing, bo) is None
    assert await posts.upsert_remote(db, a_remote_object(bo), bo)


async def test_a_delete_under_way_is_waited_for(db: Db, another_db: Db, bo: Actor) -> None:
    thing = a_remote_object(bo)

    async def keep() -> Post | None:
        async with another_db.transaction():
            return await posts.upsert_remote(another_db, thing, bo)

    async with db.transaction():
        await posts.lock_address(db, thing.id)
        keeping = asyncio.create_task(keep())
        await gone.insert(db, thing.id, bo.uri)
    assert await asyncio.wait_for(keeping, 30) is None


async def test_an_answer_that_came_first_finds_what_it_answers(db: Db, bo: Actor) -> None:
    root = a_remote_object(bo, context=f"{ELSEWHERE}/contexts/1")
    answer = await posts.upsert_remote(db, a_remote_object(bo, in_reply_to=root.id), bo)
    hidden = await posts.upsert_remote(db, a_remote_object(bo, in_reply_to=root.id, audience="followers"), bo)
    assert answer and hidden and answer.in_reply_to_id is None
    post = await posts.upsert_remote(db, root, bo)
    assert post and post.replies_count == 1
    found = await posts.find(db, answer.id)
    assert found and (found.in_reply_to_id, found.context) == (post.id, root.context)


async def test_nobody_joins_a_thread_by_naming_it(db: Db, bo: Actor) -> None:
    ours = await a_post(db, await the_hub(db))
    intruder = await posts.upsert_remote(db, a_remote_object(bo, context=ours.context), bo)
    assert intruder and intruder.context is None
    answer = await posts.upsert_remote(db, a_remote_object(bo, context="https://x.example/", in_reply_to=ours.uri), bo)
    assert answer and answer.context == ours.context


async def test_who_is_addressed_in_private_may_see_it(db: Db, bo: Actor) -> None:
    ana = await a_local_actor(db)
    for audience, seen in (("direct", True), ("followers", True)):
        private: dict[str, Any] = {"audience": audience, "to": (ana.uri,), "cc": ()}
        post = await posts.upsert_remote(db, a_remote_object(bo, **private), bo)
        assert post and bool(await posts.find_visible(db, post.uri, ana.id)) is seen
        assert await posts.find_visible(db, post.uri, None) is None
    public = await posts.upsert_remote(db, a_remote_object(bo, cc=(ana.uri,)), bo)
    assert public and public.mentions == []


async def test_a_mention_goes_when_an_update_drops_it(db: Db, bo: Actor) -> None:
    ana = await a_local_actor(db)
    thing = a_remote_object(bo, published=NOON, updated=NOON, mentions=(ana.uri, "https://nobody.example/x"))
    post = await posts.upsert_remote(db, thing, bo)
    assert post and [actor.id for actor in post.mentions] == [ana.id]
    post = await posts.upsert_remote(db, msgspec.structs.replace(thing, mentions=(), updated=datetime.now(UTC)), bo)
    assert post and post.mentions == []


@pytest.mark.parametrize("intent", [f"{URLS.thing('call', 1)}#primary", "https://third.example/i", "not an address"])
async def test_an_intent_of_another_host_is_not_taken(db: Db, bo: Actor, intent: str) -> None:
    post = await posts.upsert_remote(db, a_remote_object(bo, kind="call", call=CallDetail(intent_uri=intent)), bo)
    assert post and post.call and post.call.intent_uri is None


async def test_an_intent_belongs_to_the_call_that_named_it_first(db: Db, bo: Actor) -> None:
    call = CallDetail(intent_uri=f"{ELSEWHERE}/i/1")
    first = await posts.upsert_remote(db, a_remote_object(bo, kind="call", call=call), bo)
    second = await posts.upsert_remote(db, a_remote_object(bo, kind="call", call=call), bo)
    assert first and first.call and first.call.intent_uri
    assert second and second.call and second.call.intent_uri is None


async def test_a_poll_belongs_to_an_event_of_the_same_author_only(db: Db, bo: Actor) -> None:
    eve = await a_remote_actor(db, "eve")
    event = a_remote_object(bo, kind="event")
    kept = await posts.upsert_remote(db, event, bo)
    ours = await posts.upsert_remote(db, a_remote_object(bo, rsvp_for=event.id), bo)
    theirs = await posts.upsert_remote(db, a_remote_object(eve, rsvp_for=event.id), eve)
    assert kept and ours and theirs
    assert (ours.rsvp_for_id, theirs.rsvp_for_id) == (kept.id, None)
    assert await posts.list_public(db, "post") == [theirs]


async def test_many_things_of_one_second_all_get_an_id(db: Db, bo: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = await posts.upsert_remote(db, a_remote_object(bo), bo)
    assert taken
    ids = iter([taken.id, taken.id, taken.id + 1])
    monkeypatch.setattr("node.store.posts.remote_posts.new_id", lambda _: next(ids))
    post = await posts.upsert_remote(db, a_remote_object(bo), bo)
    assert post and post.id == taken.id + 1


async def test_a_server_cannot_fill_our_disk_with_edits(db: Db, bo: Actor) -> None:
    thing = a_remote_object(bo, published=NOON, updated=NOON)
    post = await posts.upsert_remote(db, thing, bo)
    assert post
    for number in range(EDITS_KEPT + 3):
        moment = NOON + timedelta(seconds=number + 1)
        await posts.upsert_remote(db, msgspec.structs.replace(thing, versions=said(str(number)), updated=moment), bo)
    kept = await edits.list_of(db, post.id)
    assert len(kept) == EDITS_KEPT
    assert kept[-1].versions == list(said(str(EDITS_KEPT + 1)))
