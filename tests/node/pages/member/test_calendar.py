"""A member's own calendar, on its page and by its secret address."""

from __future__ import annotations

import re

from node.store.events import own_calendar, rsvps
from node.store.people import actors, follows
from tests.factories import a_post, an_event_detail
from tests.node.pages.conftest import Browser, Hub

PAGE = "/calendar/mine"


async def the_address(browser: Browser) -> str:
    found = re.search(r'class="address">([^<]+)', (await browser.get(PAGE)).text)
    assert found
    return found[1].removeprefix(browser.base)


async def test_it_holds_what_one_goes_to_or_holds_and_if_wished_what_followed_hubs_publish(hub: Hub) -> None:
    browser = await hub.signed_in("bo")
    bo, the_hub = await actors.find_local(hub.db, "bo"), await actors.hub(hub.db)
    assert bo
    going = await a_post(hub.db, the_hub, kind="event", text="I go there", event=an_event_detail())
    await a_post(hub.db, bo, kind="event", text="I hold this", event=an_event_detail())
    await a_post(hub.db, the_hub, kind="event", text="Not mine", event=an_event_detail())
    await a_post(hub.db, the_hub, kind="event", text="Secret", event=an_event_detail(), audience="direct")
    await rsvps.put(hub.db, going.id, bo.id, "going", "button")
    words = (await browser.get(PAGE)).words
    assert "I go there" in words and "I hold this" in words and "Not mine" not in words
    await follows.insert(hub.db, bo.id, the_hub.id, f"{bo.uri}#follow", accepted=True)
    words = (await browser.get(f"{PAGE}?hubs=yes")).words
    assert "Not mine" in words and "Secret" not in words


async def test_its_address_is_secret_renewable_and_goes_with_its_owner(hub: Hub, stranger: Browser) -> None:
    browser = await hub.signed_in("bo")
    bo = await actors.find_local(hub.db, "bo")
    assert bo
    await a_post(
        hub.db, bo, kind="event", text="I hold this", event=an_event_detail(status="cancelled", zone="Europe/Berlin")
    )
    assert "has an address now" in (await browser.post(PAGE, {"deed": "renew"})).words
    first = await the_address(browser)
    feed = await stranger.get(first)
    assert feed.status == 200 and feed.headers["Content-Type"].startswith("text/calendar")
    assert "STATUS:CANCELLED" in feed.text and "DTSTART;TZID=" in feed.text and "BEGIN:VTIMEZONE" in feed.text
    assert "no-store" in feed.headers["Cache-Control"] and len(first) >= len("/calendar/.ics") + 32
    await browser.post(PAGE, {"deed": "renew", "with_hubs": "true"})
    second = await the_address(browser)
    assert second != first and (await stranger.get(first)).status == 404
    await browser.post(PAGE, {"deed": "choose"})
    key = await own_calendar.find_by_secret(hub.db, second.split("/")[-1].removesuffix(".ics"))
    assert key and not key.with_hubs
    await hub.db.execute("UPDATE accounts SET disabled_at = now() WHERE id = $1", key.account_id)
    assert (await stranger.get(second)).status == 404
    await hub.db.execute("UPDATE accounts SET disabled_at = NULL WHERE id = $1", key.account_id)
    await browser.post(PAGE, {"deed": "remove"})
    assert (await stranger.get(second)).status == 404
    assert (await browser.post(PAGE, {"deed": "paint"})).status == 422


async def test_strangers_see_nothing(stranger: Browser) -> None:
    assert (await stranger.get(PAGE)).status == 401
    assert (await stranger.get("/calendar/nothing.ics")).status == 404
