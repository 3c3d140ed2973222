"""Tests of schemas/calendar_rules.py: series keep their wall time, stay bounded, and mean what their RRULE says."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from schemas.calendar_rules import Rule, occurrences, rrule_text
from schemas.limits import REPEATS
from schemas.times import local_to_instant

SUNDAY = datetime(2026, 3, 22, 19, 0)


def test_a_weekly_series_keeps_its_wall_time_when_clocks_change_in_spring_and_autumn() -> None:
    series = occurrences(SUNDAY, Rule(every="week", count=40))
    instants = [local_to_instant(one, "Europe/Berlin") for one in series]
    assert {one.hour for one in series} == {19}
    assert {one.hour for one in instants} == {17, 18}
    changes = [(b - a) for a, b in pairwise(instants) if b - a != timedelta(days=7)]
    assert changes == [timedelta(days=7, hours=-1), timedelta(days=7, hours=1)]


def test_a_monthly_series_on_the_31st_leaves_out_shorter_months() -> None:
    series = occurrences(datetime(2026, 1, 31, 18), Rule(every="month", count=4))
    assert [(one.month, one.day) for one in series] == [(1, 31), (3, 31), (5, 31), (7, 31)]


def test_the_second_tuesday_stays_the_second_tuesday() -> None:
    series = occurrences(datetime(2026, 3, 10, 18), Rule(every="month", by="weekday", count=5))
    assert [(one.month, one.day) for one in series] == [(3, 10), (4, 14), (5, 12), (6, 9), (7, 14)]


def test_the_fifth_weekday_means_the_last_of_each_month() -> None:
    series = occurrences(datetime(2026, 3, 31, 18), Rule(every="month", by="weekday", count=4))
    assert [(one.month, one.day) for one in series] == [(3, 31), (4, 28), (5, 26), (6, 30)]


def test_the_last_day_counts() -> None:
    rule = Rule(every="week", until=date(2026, 4, 5))
    assert occurrences(SUNDAY, rule)[-1] == datetime(2026, 4, 5, 19)
    assert len(occurrences(SUNDAY, Rule(every="week", until=date(2026, 4, 4)))) == 2


def test_every_second_week_skips_one() -> None:
    assert [one.day for one in occurrences(SUNDAY, Rule(every="week", interval=2, count=3))] == [22, 5, 19]


def test_an_endless_rule_is_cut_where_it_can_be_seen_to_be_too_long() -> None:
    assert len(occurrences(SUNDAY, Rule(every="week", until=date(2999, 1, 1)))) == REPEATS + 1


@pytest.mark.parametrize(
    ("start", "rule", "text"),
    [
        (SUNDAY, Rule(every="week", count=3), "FREQ=WEEKLY;COUNT=3"),
        (SUNDAY, Rule(every="week", interval=2, until=date(2026, 4, 19)), "FREQ=WEEKLY;INTERVAL=2;COUNT=3"),
        (SUNDAY, Rule(every="month", count=3), "FREQ=MONTHLY;COUNT=3"),
        (datetime(2026, 3, 10), Rule(every="month", by="weekday", count=3), "FREQ=MONTHLY;BYDAY=2TU;COUNT=3"),
        (datetime(2026, 3, 31), Rule(every="month", by="weekday", count=3), "FREQ=MONTHLY;BYDAY=-1TU;COUNT=3"),
    ],
)
def test_a_rule_is_written_for_feeds(start: datetime, rule: Rule, text: str) -> None:
    assert rrule_text(start, rule) == text


@given(
    start=st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1)).map(
        lambda one: one.replace(second=0, microsecond=0)
    ),
    every=st.sampled_from(["week", "month"]),
    by=st.sampled_from(["day", "weekday"]),
    interval=st.integers(1, 12),
    count=st.integers(2, REPEATS),
)
def test_the_text_for_feeds_means_exactly_the_dates_we_make(
    start: datetime, every: str, by: str, interval: int, count: int
) -> None:
    rule = Rule(every=every, by=by, interval=interval, count=count)  # type: ignore[arg-type]
    made = occurrences(start, rule)
    assert len(made) == count
    assert made[0] == start
    assert tuple(rrulestr(rrule_text(start, rule), dtstart=start)) == made
