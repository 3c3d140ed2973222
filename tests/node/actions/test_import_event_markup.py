"""Reading events that pages mark up as microformats; whatever a page holds, it costs no more than reading it."""

from __future__ import annotations

from datetime import date, datetime
from time import process_time

import pytest

from node.actions.import_event_page import in_page
from schemas.limits import IMPORT_EVENTS

ZONE, PAGE = "Europe/Berlin", "https://hall.example/diary/"
CARD = """
<div class="p-location h-card"><span class="p-name">Hall</span>, <span class="p-adr h-adr">
<span class="p-street-address">Gasse 1</span> <span class="p-locality">Bern</span>
<abbr class="p-country-name" title="CH">Switzerland</abbr></span></div>"""


def marked(inside: str, root: str = "h-event") -> bytes:
    return f"<!doctype html><body><article class='{root}'>{inside}</article>".encode()


def test_an_h_event_fills_the_form() -> None:
    body = marked(
        "<h1 class=p-name>Repair <b>café</b></h1><script>evil()</script><a class=u-url href=../7>more</a>"
        "<time class=dt-start datetime='2031-03-07 14:00'>Friday</time>"
        "<time class=dt-end datetime='2031-03-07T17:00+01:00'>5</time>"
        f"{CARD}<div class=e-content><p>Bring a lamp.<p onclick=x>And tea.<script>evil()</script></div>"
        "<span class='p-author h-card'><span class=p-name>Ana</span></span>"
    )
    (found,) = in_page(body, PAGE, ZONE)
    assert found.fields() == {
        "versions.0.name": ["Repair café"],
        "versions.0.text": ["Bring a lamp.\nAnd tea.\n\nhttps://hall.example/7"],
        "starts": ["2031-03-07T14:00"],
        "ends": ["2031-03-07T17:00"],
        "zone": [ZONE],
        "told_at": ["https://hall.example/7"],
        "place.name": ["Hall"],
        "place.street": ["Gasse 1"],
        "place.locality": ["Bern"],
        "place.country": ["CH"],
    }


def test_a_time_in_parts_and_the_older_names_are_read() -> None:
    start = "<p class=dtstart><abbr class=value title=2031-07-01>1 July</abbr>, <span class=value>7pm</span></p>"
    end = "<p class=dtend><span class=value>21:30</span></p>"
    (found,) = in_page(
        marked(f"<p class=summary>Choir</p>{start}{end}<p class=location>Yard</p>", "vevent"), PAGE, ZONE
    )
    assert (found.name, found.place, found.told_at) == ("Choir", {"name": "Yard"}, PAGE)
    assert (found.starts, found.ends) == (datetime(2031, 7, 1, 19), datetime(2031, 7, 1, 21, 30))


@pytest.mark.parametrize(
    "inside",
    [
        "<p class=p-name>No time",
        "<time class=dt-start datetime=soon>x</time>",
        "<time class=dt-start datetime=0001-01-01T00:00:00+14:00>x</time>",
        "<i class=dt-start>25:99</i>",
    ],
)
def test_what_has_no_time_is_no_event(inside: str) -> None:
    assert in_page(marked(inside), PAGE, ZONE) == []


def test_an_address_that_is_no_web_address_is_not_taken() -> None:
    said = "<a class='p-name u-url' href='javascript:alert(1)'>x</a><data class=dt-start value=2031-01-02></data>"
    (found,) = in_page(marked(said), PAGE, ZONE)
    assert (found.told_at, found.source, found.starts.date()) == (PAGE, PAGE, date(2031, 1, 2))


@pytest.mark.parametrize(
    "body",
    [
        b"<div class=h-event>" * 40_000,
        b"<div class=h-event><i class=dt-start>2031-01-02</i>" * 20_000,
        b"<b>" * 150_000 + b"</i>" * 150_000,
        b"<div class=h-event><i class=dt-start>2031-01-02</i>" + b"<p>x" * 200_000,
    ],
)
def test_case_139_a_page_costs_no_more_than_reading_it(body: bytes) -> None:
    began = process_time()
    assert len(in_page(body, PAGE, ZONE)) <= IMPORT_EVENTS
    assert process_time() - began < 5
