"""Tests of federation/build/lines.py: the one line, in the languages people read, on the clocks of the event."""

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from federation.build import lines
from federation.build.words import ENGLISH, FRENCH, GERMAN, call_prefix, event_prefix, words
from schemas.things import CallDetail, EventDetail, Version
from tests.federation.build.samples import CALL, HALL, an_event_detail

EVENT = an_event_detail()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Sa., 7. März 2026, 14:00–17:00 Uhr (Europe/Zurich)"),
        ("de-AT", "Sa., 7. März 2026, 14:00–17:00 Uhr (Europe/Zurich)"),
        ("de-x-leicht", "Sa., 7. März 2026, 14:00–17:00 Uhr (Europe/Zurich)"),
        ("en", "Sat, 7 Mar 2026, 14:00–17:00 (Europe/Zurich)"),
        ("fr", "sam. 7 mars 2026, 14:00 – 17:00 (Europe/Zurich)"),
        ("es", "sáb, 7 mar 2026, 14:00–17:00 (Europe/Zurich)"),
        ("tlh", "Sat, 7 Mar 2026, 14:00–17:00 (Europe/Zurich)"),
        ("und", "Sat, 7 Mar 2026, 14:00–17:00 (Europe/Zurich)"),
    ],
)
def test_when_is_said_as_the_language_says_it(language: str, said: str) -> None:
    assert lines.event_when(EVENT, language) == said


def test_an_open_end_says_only_the_start() -> None:
    assert (
        lines.event_when(replace(EVENT, ends_at=None, ends_local=None), "en")
        == "Sat, 7 Mar 2026, 14:00 (Europe/Zurich)"
    )


def test_an_event_over_midnight_says_both_days() -> None:
    night = replace(EVENT, ends_local=datetime(2026, 3, 8, 2, 30))
    assert lines.event_when(night, "de") == "Sa., 7. März 2026, 14:00 – So., 8. März 2026, 02:30 (Europe/Zurich)"


def test_the_wall_time_is_that_of_the_event_on_both_sides_of_a_clock_change() -> None:
    for starts, utc_hour in ((datetime(2026, 3, 28, 19), 18), (datetime(2026, 3, 29, 19), 17)):
        event = EventDetail(
            starts_at=starts.replace(hour=utc_hour, tzinfo=UTC), starts_local=starts, zone="Europe/Berlin"
        )
        assert "19:00" in lines.event_when(event, "en")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Halle, Gasse 1, 3011 Bern"),
        ({"online_url": "https://meet.example"}, "Halle, Gasse 1, 3011 Bern · En ligne"),
        ({"place": None, "online_url": "https://meet.example"}, "En ligne"),
        ({"place": None}, ""),
        ({"place": replace(HALL, street="", postal_code="")}, "Halle, Bern"),
    ],
)
def test_where_is_said(fields: dict[str, Any], said: str) -> None:
    assert lines.event_where(replace(EVENT, **fields), "fr") == said


def test_the_summary_of_an_event_is_complete_in_one_line() -> None:
    version = Version(language="en", content="<p>Bring what is broken &amp; friends. There is coffee.</p>")
    assert lines.event_summary(EVENT, version) == (
        "Sat, 7 Mar 2026, 14:00–17:00 (Europe/Zurich) · Halle, Gasse 1, 3011 Bern · Bring what is broken + friends."
    )


@pytest.mark.parametrize(
    ("status", "language", "prefix"),
    [
        ("scheduled", "de", ""),
        ("tentative", "en", ""),
        ("cancelled", "en", "Cancelled: "),
        ("cancelled", "de-CH", "Abgesagt: "),
        ("cancelled", "fr", "Annulé : "),
        ("cancelled", "es", "Cancelled: "),
        ("postponed", "de", "Verschoben: "),
        ("moved", "fr", "Nouvelle date ou nouveau lieu : "),
    ],
)
def test_what_changed_stands_before_everything(status: Any, language: str, prefix: str) -> None:
    assert event_prefix(status, language) == prefix
    version = Version(language=language, content="<p>x</p>")
    assert lines.event_summary(replace(EVENT, status=status), version).startswith(
        prefix + lines.event_when(EVENT, language)
    )


@pytest.mark.parametrize("text", ["a <b>c</b> & d", "a &lt;b&gt;", "a\nb\u2028c", "  a  ", "a\u202fb"])
def test_a_line_has_no_markup_no_ampersand_and_no_breaks(text: str) -> None:
    said = lines.line(text)
    assert not set("<>&\n\u2028\u202f") & set(said)
    assert said == said.strip()


def test_a_title_keeps_an_ampersand_but_no_tag() -> None:
    assert lines.title(" Q&A <now> ") == "Q&A ‹now›"


def test_the_authors_line_goes_before_the_first_sentence() -> None:
    assert lines.teaser(Version(language="en", summary="Mine.", content="<p>Other.</p>")) == "Mine."
    assert lines.teaser(Version(language="en", content="<p>First? Second.</p>")) == "First?"
    assert lines.teaser(Version(language="en")) == ""


def test_a_long_sentence_is_cut_between_words() -> None:
    said = lines.first_sentence("<p>" + "word " * 100 + "</p>")
    assert said.endswith("word…")
    assert len(said) <= 160


def test_a_single_endless_word_is_cut_too() -> None:
    assert lines.cut("x" * 50, 10) == "x" * 9 + "…"


def test_the_facts_of_a_call_in_the_order_they_are_read() -> None:
    assert lines.call_facts(CALL, "en") == [
        ("Skills: ", "carpentry, planning"),
        ("Effort: ", "two weekends in May, 20 hours"),
        ("Place: ", "Halle, Gasse 1, 3011 Bern"),
        ("When: ", "Fri, 1 May 2026, 09:00 (Europe/Zurich) – Sun, 31 May 2026, 18:00 (Europe/Zurich)"),
        ("People needed: ", "1"),
        ("Answer until: ", "Wed, 15 Apr 2026, 23:59 (Europe/Zurich)"),
        ("How to answer: ", "reply here, use the link, write to calls@hub.example"),
    ]


def test_the_facts_of_a_call_in_french_and_german() -> None:
    assert ("Compétences : ", "carpentry, planning") in lines.call_facts(CALL, "fr")
    assert ("Antwort bis: ", "Mi., 15. Apr. 2026, 23:59 (Europe/Zurich)") in lines.call_facts(CALL, "de")


def test_a_bare_call_says_only_what_it_knows() -> None:
    assert lines.call_facts(CallDetail(remote=True, respond_by=("offer",)), "en") == [("Place: ", "from anywhere")]


def test_an_offer_has_places_free_and_not_people_needed() -> None:
    assert ("Free places: ", "1") in lines.call_facts(replace(CALL, purpose="offer"), "en")


def test_a_closed_call_does_not_say_how_to_answer() -> None:
    assert "How to answer: " not in dict(lines.call_facts(replace(CALL, state="closed"), "en"))


def test_a_contact_who_is_not_written_to_is_a_fact_of_its_own() -> None:
    assert ("Contact: ", "Ana") in lines.call_facts(replace(CALL, respond_by=("reply",), contact="Ana"), "en")


def test_words_are_found_by_the_language_whatever_its_region() -> None:
    assert words("de-AT") is GERMAN
    assert words("fr-CA") is FRENCH
    assert words("ja") is ENGLISH
    assert call_prefix("filled", "de") == "Besetzt: "
    assert call_prefix("open", "de") == ""
