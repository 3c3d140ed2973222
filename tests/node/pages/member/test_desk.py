"""The desk with what waits for a member, and the page of notices."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from node.store.events import co_hosts, rsvps
from node.store.members import leaving
from node.store.notices import notifications
from node.store.people import actors
from tests.factories import a_post, a_remote_actor, an_event_detail
from tests.node.pages.conftest import Browser, Hub


async def test_what_waits_for_a_member_comes_first_with_one_button(hub: Hub) -> None:
    browser = await hub.signed_in("bo")
    bo, the_hub, other = await actors.find_local(hub.db, "bo"), await actors.hub(hub.db), await hub.member("cy")
    assert bo
    assert "What waits for you" not in (await browser.get("/desk")).words
    soon = an_event_detail(datetime.now(UTC) + timedelta(days=3))
    held = await a_post(hub.db, bo, kind="event", text="My workshop", event=soon)
    maybe = await a_post(hub.db, the_hub, kind="event", text="The assembly", event=soon)
    asked = await a_post(hub.db, the_hub, kind="event", text="The fair", event=soon)
    await rsvps.put(hub.db, held.id, other.actor.id, "asked", "button")
    await rsvps.put(hub.db, maybe.id, bo.id, "maybe", "button")
    await co_hosts.keep(hub.db, asked.id, [bo.id])
    await notifications.tell_actor(hub.db, bo.id, "reply", from_id=other.actor.id, post_id=held.id)
    page = await browser.get("/desk")
    assert "1 person asks to come." in page.words and f'href="/events/{held.id}/people"' in page.text
    assert "You said maybe." in page.words and f'href="/events/{maybe.id}/answer"' in page.text
    assert "asked to hold this together" in page.words and f'href="/events/{asked.id}"' in page.text
    assert "1 reply you have not read." in page.words
    for path in (f"/events/{held.id}/people", f"/events/{maybe.id}/answer", "/notifications?sort=talk"):
        assert (await browser.get(path)).status == 200
    assert "asks to come" not in (await (await hub.signed_in("eve")).get("/desk")).words


async def test_offices_that_end_and_accounts_that_go_stand_on_the_desk(hub: Hub, ana: Browser) -> None:
    await hub.db.execute("UPDATE mandates SET ends_at = now() + interval '20 days' WHERE role = 'steward'")
    assert "Your office steward ends" in (await ana.get("/desk")).words
    steward = await hub.db.fetchval("SELECT account_id FROM mandates WHERE role = 'steward'")
    await leaving.begin(hub.db, steward, datetime.now(UTC) + timedelta(days=2))
    assert "will be deleted on" in (await ana.get("/desk")).words


async def test_notices_are_put_together_narrowed_and_marked_as_read(hub: Hub) -> None:
    browser = await hub.signed_in("bo")
    bo = await actors.find_local(hub.db, "bo")
    assert bo
    post = await a_post(hub.db, bo, text="Liked by many")
    for name in ("dora", "emil", "fay"):
        await notifications.tell_actor(
            hub.db, bo.id, "like", from_id=(await a_remote_actor(hub.db, name)).id, post_id=post.id
        )
    await notifications.tell_actor(hub.db, bo.id, "mention", from_id=(await actors.hub(hub.db)).id, post_id=post.id)
    talk = (await browser.get("/notifications?sort=talk")).words
    assert "mentioned you" in talk and "likes this" not in talk
    assert '<span class="count">4' in (await browser.get("/desk")).text
    page = await browser.post("/notifications", {}, form="/notifications?sort=talk")
    assert "And 2 more." in page.words and page.words.count("likes this") == 1
    assert '<span class="state wait">' not in page.text
    assert (await browser.get("/notifications?sort=weather")).status == 422
