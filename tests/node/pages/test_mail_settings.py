"""Members choose their letters one by one; a link in a letter switches its kind off, and on again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from node.mailing import links
from node.store.hub import hub as hubs
from node.store.notices import mail_choices
from tests.node.pages.conftest import Browser, Hub


async def off_link(hub: Hub, account_id: int, kind: str) -> str:
    address = links.switch_off(hub.urls, (await hubs.get(hub.db)).secret, account_id, kind)
    return address.removeprefix(hub.base)


async def test_a_member_chooses_letters_and_the_time_of_the_weekly_one(hub: Hub) -> None:
    ida = await hub.signed_in("ida")
    page = await ida.get("/settings/mail")
    assert 'value="mention" checked' in page.text and 'value="follow" checked' not in page.text
    assert 'value="report"' not in page.text, "nobody gets what they may not see"
    page = await ida.post("/settings/mail", {"kinds": ["follow", "report"], "weekday": "1", "hour": "7"})
    assert "What you chose is kept." in page.text
    assert 'value="follow" checked' in page.text and 'value="mention" checked' not in page.text
    account = await hub.db.fetchval("SELECT id FROM accounts WHERE email = 'ida@hub.example'")
    assert "report" not in await mail_choices.of(hub.db, account)
    digest = await mail_choices.find_digest(hub.db, account)
    assert digest and (digest.weekday, digest.hour, digest.next_at > datetime.now(UTC)) == (1, 7, True)


@pytest.mark.parametrize(("weekday", "hour"), [("0", "7"), ("8", "7"), ("1", "24"), ("", ""), ("x", "7")])
async def test_a_time_that_is_none_is_refused(hub: Hub, weekday: str, hour: str) -> None:
    ida = await hub.signed_in("ida")
    page = await ida.post("/settings/mail", {"kinds": ["follow"], "weekday": weekday, "hour": hour})
    assert page.status == 422 and 'value="follow" checked' in page.text


async def test_a_link_switches_one_kind_off_without_signing_in_and_undoes_it(hub: Hub, stranger: Browser) -> None:
    ida = (await hub.member("ida")).account.id
    link = await off_link(hub, ida, "mention")
    assert link.startswith("/mail/off?")
    assert "Somebody mentions you" in (await stranger.get(link)).words
    assert await mail_choices.of(hub.db, ida) == {}, "looking changes nothing"
    page = await stranger.post_bare(link, {})
    assert "Switched off" in page.words and "Somebody mentions you" in page.words
    assert await mail_choices.of(hub.db, ida) == {"mention": False}
    assert "Switched on again" in (await stranger.post_bare(link, {"again": "1"})).words
    assert await mail_choices.of(hub.db, ida) == {"mention": True}


async def test_mail_programs_switch_off_with_one_request(hub: Hub, stranger: Browser) -> None:
    """RFC 8058: no cookie, no origin, this body."""
    ida = (await hub.member("ida")).account.id
    page = await stranger.post_bare(await off_link(hub, ida, "digest"), {"List-Unsubscribe": "One-Click"})
    assert page.status == 200
    assert await mail_choices.of(hub.db, ida) == {"digest": False}


async def test_a_link_is_good_for_nobody_and_nothing_else(hub: Hub, stranger: Browser) -> None:
    ida, tom = (await hub.member("ida")).account.id, (await hub.member("tom")).account.id
    link = await off_link(hub, ida, "mention")
    for forged in (
        link.replace(str(ida), str(tom)),
        link.replace("mention", "digest"),
        link.replace("mark=", "mark=0"),
        link.partition("&mark")[0],
        await off_link(hub, tom, "password"),
        await off_link(hub, 1, "mention"),
        link.replace(str(ida), f"{ida}%0Amention"),
    ):
        assert (await stranger.post_bare(forged, {})).status == 404
    assert await mail_choices.of(hub.db, tom) == {}
