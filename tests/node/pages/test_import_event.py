"""Taking over an event from an address or a file, on our pages."""

from __future__ import annotations

from datetime import UTC, datetime

import aiohttp
import pytest

from tests.node.actions.test_import_event import calendar
from tests.node.pages.conftest import TOKEN, Browser, Hub
from tests.peer import hostile_peer

YEAR = datetime.now(UTC).year + 1
ONE = calendar(f"SUMMARY:Repair café\r\nDTSTART:{YEAR}0307T130000Z")
TWO = calendar(f"SUMMARY:First\r\nDTSTART:{YEAR}0307T130000Z", f"SUMMARY:Second\r\nDTSTART:{YEAR}0308T130000Z")
PATH = "/new/event/import"


async def test_an_address_fills_the_form_and_nothing_is_published(hub: Hub, ana: Browser) -> None:
    async with hostile_peer("127.0.0.7") as peer:
        peer.serve("/all.ics", ONE, content_type="text/calendar")
        page = await ana.post(PATH, {"address": peer.url("/all.ics")})
        asked = [one.header("User-Agent") for one in peer.requests("/all.ics")]
    assert (page.status, len(asked)) == (200, 1)
    assert 'value="Repair café"' in page.text
    assert f'value="{YEAR}-03-07T14:00"' in page.text
    assert f"http://{peer.domain}/all.ics" in page.text
    assert 'action="/new/event"' in page.text
    assert await hub.db.fetchval("SELECT count(*) FROM events") == 0


async def test_of_several_events_somebody_chooses_one(hub: Hub, ana: Browser) -> None:
    token = TOKEN.search((await ana.get(PATH)).text)
    assert token
    form = aiohttp.FormData({"form_token": token[1]})
    form.add_field("calendar", TWO, filename="all.ics", content_type="text/calendar")
    async with ana.session.post(ana.base + PATH, data=form, headers={"Origin": ana.base}) as answer:
        text = await answer.text()
    assert ("First" in text, "Second" in text) == (True, True)
    page = await ana.post(PATH, {"chosen": '{"versions.0.name": ["Second"], "starts": ["2031-03-08T14:00"]}'})
    assert 'value="Second"' in page.text
    assert (await ana.post(PATH, {"chosen": "[1"})).status == 404


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "This is needed."),
        ("file:///etc/passwd", "must be a web address"),
        ("http://127.0.0.1:1/x.ics", "does not answer"),
        ("http://10.0.0.1/x.ics", "does not answer"),
    ],
)
async def test_what_cannot_be_read_is_said_beside_the_field(hub: Hub, ana: Browser, address: str, said: str) -> None:
    page = await ana.post(PATH, {"address": address})
    assert (page.status, said in page.words) == (422, True)


async def test_a_page_without_an_event_and_strangers(hub: Hub, ana: Browser, stranger: Browser) -> None:
    async with hostile_peer("127.0.0.7") as peer:
        peer.serve("/", b"<html><title>Nothing</title></html>", content_type="text/html")
        page = await ana.post(PATH, {"address": peer.url("/")})
    assert (page.status, "no event here" in page.words) == (422, True)
    assert (await stranger.get(PATH)).status == 401
