"""The log: for the staff with persons and reasons, for everybody without; tampering shows."""

from __future__ import annotations

from node.actions import moderate
from node.store import log
from schemas.limits import LIST_ITEMS
from tests.factories import a_remote_actor
from tests.node.pages.conftest import Browser, Hub


async def test_everybody_reads_the_log_without_names_of_persons(hub: Hub, mo: Browser, stranger: Browser) -> None:
    cy = await a_remote_actor(hub.db, "cy")
    order = moderate.Order(
        kind="limit", target_kind="actor", target=cy.uri, private_reason="see mail", public_reason="spam"
    )
    await moderate.take(hub.db, None, order)
    public, staff = await stranger.get("/log"), await mo.get("/admin/log")
    assert "an account: spam" in public.words
    assert cy.uri not in public.text
    assert "see mail" not in public.text
    assert cy.uri in staff.words
    assert "see mail" in staff.words
    assert "fit together" in public.words


async def test_the_log_goes_on_over_pages_and_is_checked_whole(hub: Hub, mo: Browser, stranger: Browser) -> None:
    for number in range(LIST_ITEMS + 5):
        await log.append(hub.db, "measure.kept", {}, public=f"entry-{number}.")
    first = await stranger.get("/log")
    assert "entry-24." in first.words
    assert "entry-4." not in first.words
    assert "entry-0." in (await stranger.get("/log?before=6")).words
    assert f"All {LIST_ITEMS + 5} entries" in (await mo.get("/admin/log?whole=true")).words


async def test_who_changes_an_entry_is_found_out(hub: Hub, mo: Browser, stranger: Browser) -> None:
    for number in range(3):
        await log.append(hub.db, "measure.kept", {}, public=f"entry-{number}.")
    await hub.db.execute("UPDATE log SET content = '{}' WHERE id = 2")
    for page in (await stranger.get("/log"), await mo.get("/admin/log?whole=1"), await mo.get("/admin/log")):
        assert "Entry 2 does not fit" in page.words


async def test_what_was_taken_out_leaves_a_stub_and_the_chain_holds(hub: Hub, stranger: Browser) -> None:
    await log.append(hub.db, "measure.kept", {}, public="Jane Doe")
    await log.redact(hub.db, 1, "named a person")
    page = await stranger.get("/log")
    assert "Taken out: named a person" in page.words
    assert "Jane Doe" not in page.text
    assert "fit together" in page.words
