"""What an actor said is begun in its order, by one at a time, and nobody who says much holds up the others."""

from __future__ import annotations

from datetime import UTC, datetime

from node.arrivals.lanes import Lanes
from schemas.records import Arrival


def said(number: int, actor: str = "a") -> Arrival:
    return Arrival(
        id=number, uri=f"{actor}/{number}", type="Like", actor_uri=actor, host="h", body="{}", attempts=1,
        received_at=datetime.now(UTC),
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
