"""When a signature is too old, too new, or says no time at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.signatures.freshness import check_fresh, http_date, parse_http_date, parse_timestamp
from federation.signatures.refusal import Reason, SignatureRefused


def test_an_http_date_comes_back(now) -> None:
    assert http_date(now) == "Sun, 01 Mar 2026 12:00:00 GMT"
    assert parse_http_date(http_date(now)) == now.timestamp()


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2026-03-01T12:00:00Z",
        "Sun, 01 Mar 2026 12:00:00",
        "Sun, 01 Mar 2026 12:00:00 +0000",
        "Sun, 01 Mar 2026 12:00:00 GMT+1",
        "Sun, 31 Feb 2026 12:00:00 GMT",
        "Sun, 01 Mar 0000 12:00:00 GMT",
        "Sun, 01 Mär 2026 12:00:00 GMT",
        "Sun, 01 mar 2026 12:00:00 GMT",
        "Sun, 01 Mar 2026 25:00:00 GMT",
        "Sun, 1 Mar 2026 12:00:00 GMT",
        "Sunday, 01-Mar-26 12:00:00 GMT",
        "Sun, 01 Mär 2026 12:00:00 GMT",
        "Sun, ٠١ Mar 2026 12:00:00 GMT",
    ],
)
def test_other_dates_are_refused(value: str) -> None:
    with pytest.raises(SignatureRefused) as refused:
        parse_http_date(value)
    assert refused.value.reason is Reason.MALFORMED


@pytest.mark.parametrize("seconds", [-3600, 0, 3600])
def test_an_hour_of_drift_is_borne(now, seconds: int) -> None:
    check_fresh(now.timestamp() + seconds, now)


@pytest.mark.parametrize(("seconds", "reason"), [(-3601, Reason.STALE), (3601, Reason.EARLY)])
def test_more_drift_is_not(now, seconds: int, reason: Reason) -> None:
    with pytest.raises(SignatureRefused) as refused:
        check_fresh(now.timestamp() + seconds, now)
    assert refused.value.reason is reason


def test_a_year_of_two_digits_is_not_completed() -> None:
    assert parse_http_date("Sun, 01 Mar 0026 12:00:00 GMT") < -60_000_000_000


def test_timestamps_need_a_zone() -> None:
    assert parse_timestamp("2023-02-24T23:36:38Z") == parse_timestamp("2023-02-25T00:36:38.0+01:00") == 1677281798
    for value in ("2023-02-24T23:36:38", "2023-02-24", "2023-02-24T23:36:38+99:00", "2023-02-30T00:00:00Z", 5, None):
        with pytest.raises(SignatureRefused):
            parse_timestamp(value)


@given(st.text(max_size=40) | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", fullmatch=True))
def test_any_text_is_a_time_or_refused(value: str) -> None:
    for parse in (parse_http_date, parse_timestamp):
        try:
            assert isinstance(parse(value), float)
        except SignatureRefused as refusal:
            assert refusal.reason is Reason.MALFORMED
