"""The page where a member moves in, moves away and comes back."""

from __future__ import annotations

from node.store.people import actors
from tests.factories import a_remote_actor
from tests.node.pages.conftest import Browser, Hub

PAGE = "/settings/moving"


async def test_a_former_account_is_named_and_forgotten(hub: Hub) -> None:
    mo, former = await hub.signed_in("mo"), await a_remote_actor(hub.db, "anna")
    page = await mo.post(PAGE, {"former": former.uri, "deed": "former"})
    assert page.url == hub.base + PAGE and "may move here now" in page.text and "@anna@peer.example" in page.words
    page = await mo.post(PAGE, {"forget": former.uri, "deed": "forget"})
    assert "@anna@peer.example" not in page.words


async def test_who_is_not_found_is_said_beside_the_field_and_what_was_typed_stays(hub: Hub) -> None:
    mo = await hub.signed_in("mo")
    page = await mo.post(PAGE, {"former": "nobody_at_all", "deed": "former"})
    assert page.status == 422 and "Nobody was found" in page.words and 'value="nobody_at_all"' in page.text


async def test_a_member_moves_to_another_account_here_and_back(hub: Hub) -> None:
    mo, new = await hub.signed_in("mo"), await hub.member("anna")
    looked = await mo.post(PAGE, {"target": "@anna", "deed": "target"})
    assert "You are about to move to:" in looked.words and "0 followers are sent there" in looked.words
    refused = await mo.post(PAGE, {"target": "@anna", "deed": "target", "sure": "true"})
    assert refused.status == 422 and "does not name this one" in refused.words
    old = await actors.find_local(hub.db, "mo")
    assert old is not None
    await actors.set_aliases(hub.db, new.actor.id, [old.uri])
    page = await mo.post(PAGE, {"target": "@anna", "deed": "target", "sure": "true"})
    assert "You have moved to:" in page.words and "Anna" in page.words
    page = await mo.post(PAGE, {"deed": "back"})
    assert "You have moved to:" not in page.words


async def test_nobody_gets_there_without_signing_in_or_without_the_form(hub: Hub, stranger: Browser) -> None:
    assert (await stranger.get(PAGE)).status == 401
    mo = await hub.signed_in("mo")
    assert (await mo.post(PAGE, {"deed": "fly"})).status == 422
    assert (await mo.post_bare(PAGE, {"deed": "back"}, Origin="https://evil.example")).status == 403
