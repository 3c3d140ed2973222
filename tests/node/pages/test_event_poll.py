"""Asking by a poll who comes, from the page of an event."""

from __future__ import annotations

from node.store.events import rsvps
from tests.node.pages.conftest import PASSWORD, Hub
from tests.node.pages.test_deeds import a_thing


async def test_who_looks_after_an_event_asks_by_a_poll(hub: Hub) -> None:
    who, bo, cy = await hub.member("dana"), await hub.signed_in("bo"), hub.browser()
    post = await a_thing(hub, "event", who.actor)
    path = f"/events/{post.id}"
    assert "Ask by a poll" not in (await bo.get(path)).words
    assert (await bo.post(f"{path}/poll", {}, form=path)).status == 403
    await cy.post("/sign-in", {"who": "dana", "password": PASSWORD})
    assert f'href="{path}/poll"' in (await cy.get(path)).text
    page = await cy.post(f"{path}/poll", {})
    assert (page.url, "Your followers are asked." in page.text) == (hub.base + path, True)
    assert "Ask by a poll" not in page.words
    asked = await rsvps.find_poll(hub.db, post.id)
    assert (await bo.get(f"/posts/{asked}")).url == hub.base + path
