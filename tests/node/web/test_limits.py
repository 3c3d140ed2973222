"""So many requests in so much time, per asker, and no memory that grows for ever."""

from __future__ import annotations

import pytest

from node.web.limits import Limiter, Rate, asker
from schemas.limits import RATE_KEYS

TEN_A_MINUTE = Rate(count=10, seconds=60.0)


class Clock:
    """Time that goes when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_as_many_at_once_as_in_the_whole_time_and_then_one_after_the_other() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    assert [limiter.wait("login", "a", TEN_A_MINUTE) for _ in range(10)] == [0.0] * 10
    assert limiter.wait("login", "a", TEN_A_MINUTE) == pytest.approx(6.0)
    clock.now += 6.01
    assert limiter.wait("login", "a", TEN_A_MINUTE) == 0.0
    assert limiter.wait("login", "a", TEN_A_MINUTE) > 0.0


def test_a_refused_request_does_not_make_the_wait_longer() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    waits = [limiter.wait("login", "a", TEN_A_MINUTE) for _ in range(50)]
    assert waits[-1] == pytest.approx(6.0)


def test_askers_and_subjects_are_counted_apart() -> None:
    limiter = Limiter(Clock())
    for _ in range(11):
        limiter.wait("login", "a", TEN_A_MINUTE)
    assert limiter.wait("login", "b", TEN_A_MINUTE) == 0.0
    assert limiter.wait("inbox", "a", TEN_A_MINUTE) == 0.0


def test_case_64_the_memory_has_an_end() -> None:
    limiter = Limiter(Clock())
    for number in range(RATE_KEYS + 5):
        limiter.wait("inbox", str(number), TEN_A_MINUTE)
    assert len(limiter._due) == RATE_KEYS


def test_case_125_an_ipv6_asker_is_its_whole_network() -> None:
    assert asker("2001:db8:1:2::1") == asker("2001:db8:1:2:ffff::9")
    assert asker("2001:db8:1:2::1") != asker("2001:db8:1:3::1")
    assert asker("::ffff:192.0.2.1") == asker("192.0.2.1")
    assert asker("nonsense") == "nonsense"
