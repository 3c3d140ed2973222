"""What an actor said is begun in its order, by one at a time, and nobody who says much holds up the others."""

from __future__ import annotations

from datetime import UTC, datetime

from node.arrivals.lanes import Lanes
from schemas.limits import ARRIVALS_REMEMBERED
from schemas.records import Arrival


def said(number: int, actor: str = "a", after: int | None = None) -> Arrival:
    return Arrival(
        id=number, uri=f"{actor}/{number}", type="Like", actor_uri=actor, host="h", body="{}", attempts=1,
        received_at=datetime.now(UTC), comes_after=after,
    )  # fmt: skip


def ids(arrivals: list[Arrival]) -> list[int]:
    return [one.id for one in arrivals]


def test_the_first_of_each_actor_comes_before_the_second_of_anybody() -> None:
    lanes = Lanes()
    lanes.put([said(1), said(2), said(3), said(4, "b")])
    assert ids(lanes.pick(3)) == [1, 4, 2]


def test_what_comes_late_takes_its_place_among_those_that_wait() -> None:
    lanes = Lanes()
    lanes.put([said(2), said(3)])
    lanes.put([said(1), said(4)])
    assert ids(lanes.pick(4)) == [1, 2, 3, 4]


def test_nothing_of_an_actor_is_begun_while_somebody_is_busy_with_it() -> None:
    lanes = Lanes()
    lanes.put([said(1), said(2)])
    assert ids(lanes.pick(1)) == [1]
    assert lanes.pick(1) == []
    lanes.free("a")
    assert ids(lanes.pick(1)) == [2]


def test_what_is_put_back_comes_first_and_in_order() -> None:
    lanes = Lanes()
    lanes.put([said(1), said(2), said(3)])
    lanes.put_back(lanes.pick(2))
    lanes.free("a")
    assert ids(lanes.pick(9)) == [1, 2, 3]


def test_all_is_held_once_until_it_is_done() -> None:
    lanes = Lanes()
    lanes.put([said(1), said(1), said(2)])
    (first,) = lanes.pick(1)
    assert len(lanes) == 2
    lanes.done(first)
    assert lanes.ids == (2,)


def test_texts_that_are_held_are_counted_once_and_until_they_are_done() -> None:
    lanes = Lanes()
    lanes.put([said(1), said(2, "b")])
    lanes.put([said(1)])
    (first, _) = lanes.pick(2)
    assert lanes.chars == 2 * len(first.body)
    lanes.done(first)
    lanes.done(first)
    assert lanes.chars == len(first.body)


def test_two_who_pick_at_the_same_time_share_the_actors() -> None:
    lanes = Lanes()
    lanes.put([said(number, actor) for number, actor in enumerate("abc" * 3)])
    assert ids(lanes.pick(4, 2)) == [0, 1, 3, 4]
    assert ids(lanes.pick(4)) == [2, 5, 8]


def test_what_comes_before_the_one_it_comes_after_waits_for_it() -> None:
    lanes = Lanes()
    lanes.put([said(4, after=3), said(3, after=2), said(5, after=3), said(6, "b")])
    assert (len(lanes), lanes.ids, lanes.ready) == (4, (4, 3, 5, 6), 1)
    lanes.put([said(2, after=1)])
    assert ids(lanes.pick(9)) == [6]
    lanes.put([said(1)])
    assert ids(lanes.pick(9)) == [1, 2, 3, 4, 5]
    lanes.free("a")
    lanes.put([said(7, after=5)])  # it is known that 5 has come, whether or not it is done
    assert ids(lanes.pick(9)) == [7]


def test_what_has_waited_too_long_for_another_is_given_up_with_all_that_wait() -> None:
    now = 0.0
    lanes = Lanes(lambda: now)
    lanes.put([said(2, after=1)])
    now = 3.0
    lanes.put([said(9, "b", after=8), said(7, "c")])
    assert lanes.overdue(5.0) == []
    now = 5.0
    assert lanes.overdue(5.0) == [2, 9]
    assert (lanes.ids, lanes.chars, lanes.overdue(0.0)) == ((7,), 2, [])
    lanes.put([said(1), said(2)])
    assert ids(lanes.pick(9)) == [7, 1, 2]


def test_only_the_last_ones_that_came_are_remembered() -> None:
    lanes = Lanes()
    for number in range(1, ARRIVALS_REMEMBERED + 2):
        lanes.put([one := said(number)])
        lanes.done(one)
    assert len(lanes._came) == ARRIVALS_REMEMBERED
    lanes.pick(ARRIVALS_REMEMBERED + 1)
    lanes.free("a")
    lanes.put([said(20_000, after=2), said(20_001, after=1)])
    assert ids(lanes.pick(9)) == [20_000]
