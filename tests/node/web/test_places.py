"""Who gets a place, and who must give one up: nobody keeps others out by being slow."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from node.web.places import NoRoom, Place, Places


class Moment:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def moment() -> Moment:
    return Moment()


@pytest.fixture
def places(moment: Moment) -> Places:
    return Places(
        8, 6, waiting_of_one=4, waiting_strangers=6, most_bytes=1000, bytes_of_one=600, prompt=1.0, remembered=2,
        clock=moment,
    )  # fmt: skip


@pytest.fixture
async def waiting(places: Places) -> Waiters:
    return Waiters(places)


class Waiters:
    """Makes askers wait, each in a task of its own, and says how it ended."""

    def __init__(self, places: Places) -> None:
        self._places = places

    async def begin(self, who: str, size: int = 0, seconds: float | None = None) -> tuple[Place, asyncio.Task[str]]:
        """A place that waits until it is lost, the time is over or the task is cancelled."""
        place = self._places.take(who)
        began = asyncio.Event()

        async def wait() -> str:
            try:
                if size:
                    place.hold(size)
                async with place.waiting(seconds):
                    began.set()
                    await asyncio.sleep(60)
            except NoRoom:
                return "lost"
            except TimeoutError:
                return "late"
            finally:
                began.set()
                place.leave()
            return "done"

        task = asyncio.create_task(wait())
        await began.wait()
        return place, task


async def ended(task: asyncio.Task[str]) -> str:
    async with asyncio.timeout(5):
        return await task


def test_no_more_than_so_many_are_taken_and_not_all_by_one(places: Places) -> None:
    of_one = [places.take("a") for _ in range(6)]
    with pytest.raises(NoRoom):
        places.take("a")
    others = [places.take("b"), places.take("c")]
    with pytest.raises(NoRoom):
        places.take("d")
    of_one.pop().leave()
    others.append(places.take("d"))
    for one in (*of_one, *others):
        one.leave()
    assert places.taken == 0


async def test_one_asker_waits_in_a_few_places_only(places: Places, waiting: Waiters) -> None:
    begun = [await waiting.begin("a") for _ in range(4)]
    _, fifth = await waiting.begin("a")
    assert await ended(fifth) == "lost"
    assert [task.done() for _, task in begun] == [False] * 4
    places.take("a")  # what is whole is at work, and does not wait


async def test_who_comes_takes_the_place_that_waits_for_longest_of_who_has_most(
    places: Places, waiting: Waiters
) -> None:
    first, second = await waiting.begin("a"), await waiting.begin("a")
    _, other = await waiting.begin("b")
    working = [places.take(who) for who in "ccccc"]
    assert places.taken == 8
    place = places.take("d")
    assert await ended(first[1]) == "lost"
    assert not second[1].done()
    assert not other.done()
    with pytest.raises(NoRoom):  # each has one only
        places.take("e")
    assert places.taken == 8
    for one in (place, *working):
        one.leave()
    assert places.taken == 2


async def test_who_waits_for_long_gives_way_to_anybody(places: Places, waiting: Waiters, moment: Moment) -> None:
    tasks = [(await waiting.begin(who))[1] for who in "abcdef"]
    places.take("g"), places.take("g")
    with pytest.raises(NoRoom):
        places.take("h")
    moment.now = 1.1
    places.take("h")
    assert await ended(tasks[0]) == "lost"


async def test_strangers_who_wait_leave_room_for_who_was_heard(
    places: Places, waiting: Waiters, moment: Moment
) -> None:
    places.heard("known")
    strangers = [(await waiting.begin(who))[1] for who in "abcdef"]
    _, seventh = await waiting.begin("g")
    assert await ended(seventh) == "lost"
    known = [(await waiting.begin("known"))[1] for _ in range(4)]
    assert [await ended(one) for one in strangers[:2]] == ["lost", "lost"]
    assert not any(one.done() for one in (*known, *strangers[2:]))
    moment.now = 0.5
    with pytest.raises(NoRoom):
        places.take("g")
    moment.now = 1.1
    places.take("g")
    assert await ended(strangers[2]) == "lost"
    assert not any(one.done() for one in known)


async def test_many_of_one_asker_may_wait_for_the_same(places: Places) -> None:
    same = [places.take("a") for _ in range(6)]
    async with AsyncExitStack() as stack:
        for one in same:
            await stack.enter_async_context(one.waiting(None, few=False))
        for one in same:
            one.leave()


async def test_only_so_many_askers_are_remembered_as_heard(places: Places) -> None:
    for who in "abcb":
        places.heard(who)
    places.heard("d")
    assert [places.take(who).heard for who in "abcd"] == [False, True, False, True]


async def test_large_ones_have_so_many_bytes_together(places: Places, waiting: Waiters) -> None:
    first, other = await waiting.begin("a", 300), await waiting.begin("a", 300)
    with pytest.raises(NoRoom):
        places.take("a").hold(1)
    place = places.take("b")
    place.hold(300)
    assert places.bytes == 900
    place.hold(400)
    place.hold(500)  # takes the room of the one that holds most
    assert await ended(first[1]) == "lost"
    assert not other[1].done()
    assert places.bytes == 800
    with pytest.raises(NoRoom):
        places.take("c").hold(400)  # nobody who waits has more than that
    place.leave()
    places.take("c").hold(400)
    assert places.bytes == 700


async def test_a_place_that_was_lost_holds_nothing_any_more(places: Places, waiting: Waiters) -> None:
    places.heard("b")
    lost, task = await waiting.begin("a", 600)
    places.take("b").hold(600)
    with pytest.raises(NoRoom):
        lost.hold(700)
    assert await ended(task) == "lost"
    assert (places.bytes, places.cut) == (600, 1)


async def test_who_waits_too_long_is_late_and_leaves_nothing(places: Places, waiting: Waiters) -> None:
    _, task = await waiting.begin("a", 100, seconds=0.01)
    assert await ended(task) == "late"
    assert (places.taken, places.bytes, places._waiting, places._strangers) == (0, 0, {}, 0)
    assert (dict(places._of), dict(places._bytes_of)) == ({}, {})
