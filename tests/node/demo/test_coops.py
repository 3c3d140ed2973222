"""What the co-ops of the demo publish is fit to be published, whenever the demo runs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from node.actions.setup import AREAS
from node.demo.coops import NAMES, draft_names, moved, read_coop, read_draft
from node.demo.story import SHOWN
from node.wording.language import LANGUAGES
from schemas.check import check, decode
from schemas.times import is_zone

DRAFTS = [(slug, name) for slug in NAMES for name in draft_names(slug)]
DAYS = [date(2026, 2, 28), date(2027, 3, 26), date(2027, 10, 29), date(2028, 12, 31)]


@pytest.mark.parametrize("slug", NAMES)
def test_a_coop_is_one_that_can_be_set_up(slug: str) -> None:
    coop = read_coop(slug)
    assert set(coop.languages) <= set(LANGUAGES)
    assert set(coop.areas) <= set(AREAS)
    assert is_zone(coop.zone)


def test_the_coops_differ_in_language_and_address() -> None:
    coops = [read_coop(slug) for slug in NAMES]
    assert [coop.languages[0] for coop in coops] == ["de", "en", "fr"]
    assert len({coop.address for coop in coops}) == len(coops)


@pytest.mark.parametrize("today", DAYS, ids=str)
@pytest.mark.parametrize(("slug", "name"), DRAFTS)
def test_a_draft_may_be_published_on_any_day(slug: str, name: str, today: date) -> None:
    draft = decode(read_draft(slug, name, today))
    assert check(draft, datetime.combine(today, datetime.min.time(), UTC)) == ()
    area = getattr(draft, "area", None)
    assert area in read_coop(slug).areas


@pytest.mark.parametrize("slug", NAMES)
def test_what_goes_round_speaks_all_three_languages(slug: str) -> None:
    draft = read_draft(slug, SHOWN[slug], date(2026, 11, 22))
    assert {version["language"] for version in draft["versions"]} == {"de", "en", "fr"}


def test_dates_move_by_whole_weeks() -> None:
    draft = {"starts": "2030-03-09T10:00", "ends": "2030-03-10T16:00", "zone": "Europe/Berlin"}
    for ahead in range(30):
        today = date(2026, 11, 22) + timedelta(days=ahead)
        found = moved(draft, 2, today)
        starts = datetime.fromisoformat(found["starts"])
        assert (starts.weekday(), starts.time().isoformat()) == (5, "10:00:00")
        assert 7 < (starts.date() - today).days < 21
        assert datetime.fromisoformat(found["ends"]) - starts == timedelta(days=1, hours=6)


def test_what_has_no_dates_stays() -> None:
    assert moved({"kind": "finding"}, 3, date(2026, 11, 22)) == {"kind": "finding"}
