"""Tests of schemas/check.py and the rules behind it: for each rule a draft that breaks only that one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from schemas import limits, reasons
from schemas.check import DraftError, check, decode, read

Make = Callable[..., dict[str, Any]]


def found(sent: dict[str, Any], now: datetime, *, new: bool = True) -> list[tuple[str, str]]:
    return [(one.field, one.reason) for one in check(decode(sent), now, new=new)]


@pytest.mark.parametrize("kind", ["event", "finding", "call", "post", "poll"])
def test_a_full_draft_may_be_published(kind: str, draft: Make, now: datetime) -> None:
    assert found(draft(kind), now) == []


def version(**fields: Any) -> list[dict[str, Any]]:
    return [{"language": "de", "name": "x", "text": "y"} | fields]


ANY = [
    ({"versions": version(language="german")}, "versions.0.language", reasons.NO_LANGUAGE),
    ({"versions": version(language="und")}, "versions.0.language", reasons.NO_LANGUAGE),
    ({"versions": version() + version(language="DE")}, "versions.1.language", reasons.SAME_TWICE),
    ({"versions": version(name="  ")}, "versions.0.name", reasons.EMPTY),
    ({"versions": version(name="two\nlines")}, "versions.0.name", reasons.ONE_LINE),
    ({"versions": version(name="gnp.\u202eexe")}, "versions.0.name", reasons.ONE_LINE),
    ({"versions": version(summary="two\u2028lines")}, "versions.0.summary", reasons.ONE_LINE),
    (
        {"versions": [version(language=one, text="x" * 35_000)[0] for one in ("de", "en", "fr")]},
        "versions",
        reasons.TEXTS_TOO_LONG,
    ),
    ({"audience": "group", "group": None, "to": None}, "group", reasons.GROUP_NEEDED),
    ({"audience": "public", "group": "bench", "to": None}, "group", reasons.GROUP_UNUSED),
    ({"audience": "direct", "group": None, "to": None}, "to", reasons.PEOPLE_NEEDED),
    ({"audience": "public", "group": None, "to": ["bo"]}, "to", reasons.PEOPLE_UNUSED),
    ({"audience": "direct", "group": None, "to": ["not a handle"]}, "to.0", reasons.NO_ACTOR),
    ({"audience": "direct", "group": None, "to": ["@Bo", "bo"]}, "to.1", reasons.SAME_TWICE),
    ({"tags": ["fine", "not a tag"]}, "tags.1", reasons.NO_TAG),
    ({"tags": ["repair", "#Repair"]}, "tags.1", reasons.SAME_TWICE),
    ({"area": "Housing"}, "area", reasons.NO_AREA),
    ({"image": {"alt": "x"}}, "image", reasons.MEDIUM_NEEDED),
    ({"image": {"media_id": "1", "path": "x.jpg"}}, "image", reasons.MEDIUM_NEEDED),
    ({"image": {"media_id": "../1"}}, "image.media_id", reasons.NOT_VALID),
]


@pytest.mark.parametrize("kind", ["event", "finding", "call"])
@pytest.mark.parametrize(("fields", "field", "reason"), ANY)
def test_a_rule_for_all_three_is_kept(
    kind: str, fields: dict[str, Any], field: str, reason: str, draft: Make, now: datetime
) -> None:
    assert found(draft(kind, **fields), now) == [(field, reason)]


PLACE = {"name": "Halle"}

EVENT = [
    ({"zone": "CEST"}, "zone", reasons.NO_ZONE),
    ({"starts": "7.3.2026", "repeat": None}, "starts", reasons.NO_WALL_TIME),
    ({"ends": "soon", "repeat": None}, "ends", reasons.NO_WALL_TIME),
    ({"starts": "2099-03-07T14:00", "ends": None, "repeat": None}, "starts", reasons.TOO_FAR),
    ({"starts": "0999-03-07T14:00", "ends": None, "repeat": None}, "starts", reasons.NO_WALL_TIME),
    ({"starts": "9999-12-31T23:59", "ends": None, "repeat": None}, "starts", reasons.TOO_FAR),
    ({"starts": "2026-03-29T02:30", "ends": None, "repeat": None}, "starts", reasons.SKIPPED_TIME),
    ({"ends": "2026-03-29T02:30", "repeat": None}, "ends", reasons.SKIPPED_TIME),
    ({"ends": "2026-03-07T14:00"}, "ends", reasons.ENDS_BEFORE_START),
    ({"ends": "2028-03-07T14:00"}, "ends", reasons.TOO_LASTING),
    ({"repeat": {"every": "week"}}, "repeat", reasons.COUNT_OR_UNTIL),
    ({"repeat": {"every": "week", "count": 2, "until": "2026-05-01"}}, "repeat", reasons.COUNT_OR_UNTIL),
    ({"repeat": {"every": "week", "until": "May"}}, "repeat.until", reasons.NO_DATE),
    ({"repeat": {"every": "week", "until": "2026-03-06"}}, "repeat.until", reasons.UNTIL_BEFORE_START),
    ({"repeat": {"every": "week", "until": "2028-03-06"}}, "repeat.until", reasons.TOO_MANY_DATES),
    ({"repeat": {"every": "week", "by": "weekday", "count": 2}}, "repeat.by", reasons.WEEKLY_BY_WEEKDAY),
    (
        {"starts": "2026-03-22T02:15", "ends": "2026-03-22T06:00", "repeat": {"every": "week", "count": 2}},
        "repeat",
        reasons.SKIPPED_TIME,
    ),
    (
        {"starts": "2026-03-22T01:00", "ends": "2026-03-22T02:15", "repeat": {"every": "week", "count": 2}},
        "repeat",
        reasons.SKIPPED_TIME,
    ),
    ({"place": None, "online_url": None, "status": "scheduled"}, "place", reasons.NOWHERE),
    ({"online_url": "javascript:alert(1)"}, "online_url", reasons.NO_WEB_ADDRESS),
    ({"online_url": "https://"}, "online_url", reasons.NO_WEB_ADDRESS),
    ({"online_url": "https://user@meet.example/"}, "online_url", reasons.NO_WEB_ADDRESS),
    ({"online_url": "https://meet.example/a b"}, "online_url", reasons.NO_WEB_ADDRESS),
    ({"online_url": "https://meet.example:99999/"}, "online_url", reasons.NO_WEB_ADDRESS),
    ({"online_url": "https://[::1"}, "online_url", reasons.NO_WEB_ADDRESS),
    ({"online_url": 'https://meet.example/"onclick'}, "online_url", reasons.NO_WEB_ADDRESS),
    ({"place": PLACE | {"country": "CHE"}}, "place.country", reasons.NO_COUNTRY),
    ({"place": PLACE | {"country": "ZZ"}}, "place.country", reasons.NO_COUNTRY),
    ({"place": PLACE | {"latitude": 1.0}}, "place.latitude", reasons.HALF_A_POSITION),
    ({"place": {"name": " "}}, "place.name", reasons.EMPTY),
    ({"organisers": ["a b"]}, "organisers.0", reasons.NO_ACTOR),
    ({"co_hosts": ["ftp://x.example/bo"]}, "co_hosts.0", reasons.NO_ACTOR),
    ({"external_url": None}, "external_url", reasons.REGISTRATION_NEEDED),
    ({"join_mode": "free"}, "external_url", reasons.REGISTRATION_UNUSED),
    ({"categories": ["community"]}, "categories.0", reasons.NO_CATEGORY),
    ({"categories": ["MUSIC", "MUSIC"]}, "categories.1", reasons.SAME_TWICE),
]


@pytest.mark.parametrize(("fields", "field", "reason"), EVENT)
def test_a_rule_for_events_is_kept(fields: dict[str, Any], field: str, reason: str, draft: Make, now: datetime) -> None:
    assert (field, reason) in set(found(draft("event", **fields), now))
    assert len(set(found(draft("event", **fields), now))) == 1


FINDING = [
    ({"claim": None, "versions": version(text=" ")}, "claim", reasons.NOTHING_FOUND),
    ({"reasons": ["good", " "]}, "reasons.1", reasons.EMPTY),
    ({"scope": "a\nb"}, "scope", reasons.ONE_LINE),
    ({"born_of": "data:text/html,x"}, "born_of", reasons.NO_WEB_ADDRESS),
    ({"sources": [{"url": "doi:10.1000/x"}]}, "sources.0.url", reasons.NO_WEB_ADDRESS),
    ({"license": "free"}, "license", reasons.NO_LICENCE),
    ({"contributors": ["Ana", ""]}, "contributors.1", reasons.EMPTY),
    ({"attachments": [{"media_id": "1"}, {}]}, "attachments.1", reasons.MEDIUM_NEEDED),
]


@pytest.mark.parametrize(("fields", "field", "reason"), FINDING)
def test_a_rule_for_findings_is_kept(
    fields: dict[str, Any], field: str, reason: str, draft: Make, now: datetime
) -> None:
    assert found(draft("finding", **fields), now) == [(field, reason)]


CALL = [
    ({"place": None, "remote": False}, "place", reasons.WHERE_OR_REMOTE),
    ({"zone": None}, "zone", reasons.ZONE_NEEDED),
    ({"zone": "Bern"}, "zone", reasons.NO_ZONE),
    ({"deadline": "2026-04-31T12:00"}, "deadline", reasons.NO_WALL_TIME),
    ({"deadline": "2026-03-01T10:59"}, "deadline", reasons.IN_THE_PAST),
    ({"begins": "2026-03-29T02:00"}, "begins", reasons.SKIPPED_TIME),
    ({"ends": "2026-05-01T08:00"}, "ends", reasons.ENDS_BEFORE_START),
    ({"skills": ["wood", " "]}, "skills.1", reasons.EMPTY),
    ({"skills": ["Wood", "wood"]}, "skills.1", reasons.SAME_TWICE),
    ({"respond_by": ["reply", "reply"]}, "respond_by.1", reasons.SAME_TWICE),
    ({"contact": "Ana"}, "contact", reasons.NO_MAIL_ADDRESS),
    ({"contact": "Ana <ana@hub.example>"}, "contact", reasons.NO_MAIL_ADDRESS),
    ({"effort": "a\tb"}, "effort", reasons.ONE_LINE),
]


@pytest.mark.parametrize(("fields", "field", "reason"), CALL)
def test_a_rule_for_calls_is_kept(fields: dict[str, Any], field: str, reason: str, draft: Make, now: datetime) -> None:
    assert found(draft("call", **fields), now) == [(field, reason)]


POST = [
    ({"text": " ", "attachments": None}, "text", reasons.NOTHING_SAID),
    ({"language": "zz"}, "language", reasons.NO_LANGUAGE),
    ({"summary": "a\nb"}, "summary", reasons.ONE_LINE),
    ({"in_reply_to": "note 1"}, "in_reply_to", reasons.NO_WEB_ADDRESS),
    ({"poll": {"options": ["a", "b"]}}, "poll", reasons.POLL_AND_MEDIA),
    ({"attachments": None, "poll": {"options": ["a", "a"]}}, "poll.options.1", reasons.SAME_TWICE),
    ({"attachments": None, "poll": {"options": ["a", " "]}}, "poll.options.1", reasons.EMPTY),
    ({"audience": "group"}, "group", reasons.GROUP_NEEDED),
]


@pytest.mark.parametrize(("fields", "field", "reason"), POST)
def test_a_rule_for_posts_is_kept(fields: dict[str, Any], field: str, reason: str, draft: Make, now: datetime) -> None:
    assert found(draft("post", **fields), now) == [(field, reason)]


def test_a_direct_post_names_its_people_in_the_text(draft: Make, now: datetime) -> None:
    assert found(draft("post", audience="direct"), now) == []


def test_an_event_of_the_past_may_be_recorded(draft: Make, now: datetime) -> None:
    assert found(draft("event", starts="2019-03-07T14:00", ends=None, repeat=None), now) == []


@pytest.mark.parametrize("status", ["tentative", "postponed", "cancelled"])
def test_an_event_that_is_not_settled_may_have_no_place_yet(status: str, draft: Make, now: datetime) -> None:
    assert found(draft("event", place=None, online_url=None, status=status), now) == []


def test_a_call_whose_deadline_has_passed_may_still_be_edited(draft: Make, now: datetime) -> None:
    late = draft("call", deadline="2026-02-01T12:00")
    assert found(late, now) == [("deadline", reasons.IN_THE_PAST)]
    assert found(late, now, new=False) == []


def test_the_longest_series_is_taken(draft: Make, now: datetime) -> None:
    assert found(draft("event", repeat={"every": "week", "count": limits.REPEATS}), now) == []


def test_a_skipped_time_is_answered_with_the_time_and_the_zone(draft: Make, now: datetime) -> None:
    sent = decode(draft("event", starts="2026-03-29T02:30", ends=None, repeat=None))
    (problem,) = check(sent, now)
    assert problem.reason.format(**problem.values) == (
        "In Europe/Zurich the time 2026-03-29 02:30 does not exist: clocks skip it. Choose another."
    )


def test_read_raises_for_shape_and_for_sense(draft: Make, now: datetime) -> None:
    with pytest.raises(DraftError) as shape:
        read(draft("event", colour="red"), now)
    assert shape.value.problems[0].reason == reasons.UNKNOWN_FIELD
    with pytest.raises(DraftError) as sense:
        read(draft("event", zone="Mars"), now)
    assert "zone" in str(sense.value)
    assert read(draft("event"), now) == decode(draft("event"))


def test_every_reason_is_a_sentence_that_can_be_filled() -> None:
    sentences = [value for name, value in vars(reasons).items() if name.isupper()]
    assert len(sentences) > 50
    for sentence in sentences:
        assert sentence[0].isupper() and sentence.endswith(".")
