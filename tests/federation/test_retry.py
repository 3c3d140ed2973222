"""Waiting: longer each time, spread out, never for ever; and leaving a dead host alone."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.retry import (
    WELL,
    Breaker,
    after_failure,
    after_success,
    permits,
    retry_after_seconds,
    retry_delay,
    start_probe,
)
from schemas.limits import (
    BREAKER_CONNECT_FAILURES,
    BREAKER_FAILURES,
    BREAKER_PROBE_CEILING_SECONDS,
    BREAKER_PROBE_LEASE_SECONDS,
    BREAKER_PROBE_SECONDS,
    BREAKER_WINDOW_SECONDS,
    DELIVERY_HORIZON_SECONDS,
    RETRY_AFTER_SECONDS,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_the_waits_are_those_of_the_network() -> None:
    assert [retry_delay(attempts, 0, 0) for attempts in range(1, 6)] == [15, 16, 31, 96, 271]


def test_a_peer_that_never_answers_is_tried_for_days_and_then_given_up() -> None:
    age, attempts = 0.0, 1
    while (delay := retry_delay(attempts, age, 0.5)) is not None:
        age += delay
        attempts += 1
    assert 2 * 86_400 < age <= DELIVERY_HORIZON_SECONDS
    assert 15 <= attempts <= 25


@settings(deadline=None)
@given(st.integers(0, 10**9), st.floats(0, 1e9), st.floats(0, 1, exclude_max=True), st.floats(0, 1e12))
def test_a_wait_is_never_shorter_than_asked_nor_beyond_the_horizon(
    attempts: int, age: float, spread: float, wish: float
) -> None:
    delay = retry_delay(attempts, age, spread, wish)
    if delay is None:
        assert age + max(float(attempts) ** 4, RETRY_AFTER_SECONDS) * 2 > DELIVERY_HORIZON_SECONDS / 2
    else:
        assert delay >= max(15, min(wish, RETRY_AFTER_SECONDS))
        assert age + delay <= DELIVERY_HORIZON_SECONDS


def test_chance_spreads_the_waits() -> None:
    waits = [retry_delay(10, 0, spread) or 0 for spread in (0, 0.25, 0.5, 0.75)]
    assert waits == sorted(set(waits))
    assert waits[-1] < waits[0] * 1.25


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("9" * 5000, RETRY_AFTER_SECONDS),
        (format_datetime(NOW + timedelta(minutes=5), usegmt=True), 300.0),
        (format_datetime(NOW - timedelta(minutes=5), usegmt=True), 0.0),
        (format_datetime(NOW + timedelta(days=500), usegmt=True), RETRY_AFTER_SECONDS),
        ("Sun, 22 Nov 2026 12:01:00 -0000", 60.0),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("tomorrow", None),
        ("Sun, 99 Nov 99999999999 12:01:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(header: str, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOW) == seconds


def failing(times: int, *, every: float, reached: bool = True) -> Breaker:
    breaker = WELL
    for number in range(times):
        breaker = after_failure(breaker, 1000.0 + number * every, 0.0, reached=reached)
    return breaker


def test_ten_failures_in_a_minute_open_the_breaker() -> None:
    assert permits(failing(BREAKER_FAILURES - 1, every=1), 1010) == "yes"
    opened = failing(BREAKER_FAILURES, every=1)
    assert opened.state == "open"
    assert permits(opened, 1010) == "no"


def test_failures_far_apart_do_not() -> None:
    assert failing(50, every=BREAKER_WINDOW_SECONDS + 1).state == "closed"


def test_a_host_that_is_not_there_is_noticed_sooner() -> None:
    assert failing(BREAKER_CONNECT_FAILURES - 1, every=1, reached=False).state == "closed"
    assert failing(BREAKER_CONNECT_FAILURES, every=100, reached=False).state == "open"


def test_a_success_forgets_all() -> None:
    assert after_success(failing(5, every=1)) == WELL
    assert after_success(failing(20, every=1)) == WELL
    assert after_success(WELL) is WELL


def test_an_open_breaker_lets_one_probe_through_when_its_time_comes() -> None:
    opened = failing(BREAKER_FAILURES, every=0)
    due = 1000.0 + BREAKER_PROBE_SECONDS
    assert permits(opened, due - 1) == "no"
    assert permits(opened, due) == "probe"
    probing = start_probe(opened, due)
    assert permits(probing, due + 1) == "no"
    assert permits(probing, due + BREAKER_PROBE_LEASE_SECONDS) == "probe"
    assert permits(after_success(probing), due + 2) == "yes"


def test_a_dead_host_costs_a_probe_at_growing_distances() -> None:
    breaker, now, waits = failing(BREAKER_FAILURES, every=0), 1000.0, []
    for _ in range(40):
        waits.append(breaker.until - now)
        now = breaker.until
        assert permits(breaker, now) == "probe"
        breaker = after_failure(start_probe(breaker, now), now, 0.0, reached=False)
    assert waits[:4] == [15.0, 30.0, 60.0, 120.0]
    assert waits[-1] == BREAKER_PROBE_CEILING_SECONDS


def test_calls_that_began_before_it_opened_do_not_push_the_probe_away() -> None:
    opened = failing(BREAKER_FAILURES, every=0)
    assert after_failure(opened, 1001, 0.0, reached=True) == opened
