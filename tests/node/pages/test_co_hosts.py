"""Agreeing to hold an event together, on its page."""

from __future__ import annotations

from node.store.events import co_hosts
from node.store.posts import posts
from tests.factories import a_remote_actor, a_remote_object, an_event_detail
from tests.node.pages.conftest import Browser, Hub
from tests.node.pages.test_deeds import a_thing


async def test_who_is_named_agrees_on_the_page(hub: Hub, ana: Browser, stranger: Browser) -> None:
    post, bo = await a_thing(hub, "event"), await hub.signed_in("bo")
    actor_id = await hub.db.fetchval("SELECT id FROM actors WHERE name = 'bo'")
    await co_hosts.keep(hub.db, post.id, [actor_id])
    path = f"/events/{post.id}"
    assert "Is that right?" in (await bo.get(path)).words and "Bo" not in (await stranger.get(path)).words
    assert "Asked to hold it too" in (await ana.get(path)).words
    wish = {"name": "bo", "decision": "accept"}
    assert (await ana.post(f"{path}/co-host", wish, form=path)).status == 403
    assert (await bo.post(f"{path}/co-host", wish | {"decision": "x"}, form=path)).status == 422
    page = await bo.post(f"{path}/co-host", wish, form=path)
    assert page.url == hub.base + path and "Is that right?" not in page.words
    assert "Bo" in (await stranger.get(path)).words
    assert "Bo holds this event together with you." in (await ana.get("/notifications")).words


async def test_an_event_elsewhere_names_only_people_of_its_own_server(hub: Hub, ana: Browser) -> None:
    await hub.member("bo")
    far, near = await a_remote_actor(hub.db), await a_remote_actor(hub.db, display_name="Nearby")
    ours = await hub.db.fetchval("SELECT uri FROM actors WHERE name = 'bo'")
    event = an_event_detail(organisers=(far.uri, near.uri, ours))
    post = await posts.upsert_remote(hub.db, a_remote_object(far, kind="event", event=event), far)
    assert post is not None
    page = await ana.get(f"/events/{post.id}")
    assert "Nearby" in page.words and "Bo" not in page.words.split()
