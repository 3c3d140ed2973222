"""Events in the order in which they happen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from node.store.db import Db
from node.store.events import events
from node.store.posts.reading import Wanted
from schemas.records import Actor, Post
from tests.factories import URLS, a_local_actor, a_post, an_event_detail, the_hub

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SERIES = URLS.context(1)


async def an_event(
    db: Db, actor: Actor, starts: datetime, *, lasting: timedelta | None = 2 * HOUR, **more: str
) -> Post:
    ends = starts + lasting if lasting else None
    detail = an_event_detail(starts, ends_at=ends, ends_local=ends and ends.replace(tzinfo=None))
    return await a_post(db, actor, kind="event", event=detail, **more)


@pytest.mark.parametrize(
    ("starts", "lasting", "there"),
    [
        (NOW + HOUR, 2 * HOUR, True),
        (NOW - HOUR, 2 * HOUR, True),
        (NOW - 3 * HOUR, 2 * HOUR, False),
        (NOW - 2 * HOUR, 2 * HOUR, False),
        (NOW - 3 * HOUR, None, True),
        (NOW - 13 * HOUR, None, False),
    ],
    ids=["to come", "under way", "over", "over just now", "open end", "open end of yesterday"],
)
async def test_what_is_over_is_not_to_come(db: Db, starts: datetime, lasting: timedelta | None, there: bool) -> None:
    event = await an_event(db, await the_hub(db), starts, lasting=lasting)
    assert [post.id for post in await events.list_between(db, NOW)] == ([event.id] if there else [])


async def test_pages_of_a_calendar_follow_each_other_without_gap_or_repeat(db: Db) -> None:
    hub = await the_hub(db)
    made = [await an_event(db, hub, NOW + HOUR * (number // 3)) for number in range(8)]
    made.sort(key=lambda post: (post.event.starts_at if post.event else NOW, post.id))
    read: list[int] = []
    after = None
    while page := await events.list_between(db, NOW, after=after, limit=3):
        read += [post.id for post in page]
        assert page[-1].event
        after = events.Hour(starts_at=page[-1].event.starts_at, id=page[-1].id)
    assert read == [post.id for post in made]


async def test_a_calendar_ends_where_it_is_asked_to_and_narrows(db: Db) -> None:
    hub, other = await the_hub(db), await a_local_actor(db)
    soon = await an_event(db, hub, NOW + HOUR, area="housing")
    await an_event(db, other, NOW + 50 * HOUR)
    assert [post.id for post in await events.list_between(db, NOW, NOW + 2 * HOUR)] == [soon.id]
    assert await events.list_between(db, NOW, NOW + HOUR) == []
    assert [post.id for post in await events.list_between(db, NOW, wanted=Wanted(area="housing"))] == [soon.id]
    assert [post.id for post in await events.list_between(db, NOW, wanted=Wanted(actor_id=hub.id))] == [soon.id]


async def test_a_series_knows_its_dates_and_those_that_follow(db: Db) -> None:
    hub = await the_hub(db)
    made = [await an_event(db, hub, NOW + timedelta(weeks=number), series=SERIES) for number in range(3)]
    await an_event(db, hub, NOW, series=URLS.context(2))
    assert [post.id for post in await events.list_series(db, SERIES)] == [post.id for post in made]
    assert await events.following_ids(db, SERIES, NOW + timedelta(weeks=1)) == [post.id for post in made[1:]]
