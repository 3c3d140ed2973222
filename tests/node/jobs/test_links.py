"""Links in profiles: verified where the page links back, looked at again each month, and shown with their mark."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from node.actions.profile import Changes, change_profile
from node.jobs.links import ask_for_looks, verify_links
from node.node import Node
from node.store.db import Db
from node.store.people import actors, profile_links
from schemas.records import Actor, Viewer
from tests.factories import a_member
from tests.peer import Peer, hostile_peer


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with hostile_peer("127.0.0.7") as peer:
        yield peer


@pytest.fixture
async def ana(db: Db) -> Viewer:
    return await a_member(db, "ana")


async def named(node: Node, db: Db, who: Viewer, *values: str) -> Actor:
    """The actor after it named these in its profile."""
    fields = tuple((f"Line {number}", value) for number, value in enumerate(values))
    async with db.transaction():
        return await change_profile(node, db, who, await actors.get(db, who.actor.id), Changes(fields=fields))


async def verified(db: Db, who: Viewer) -> list[bool]:
    return ["verified_at" in one for one in (await actors.get(db, who.actor.id)).fields]


async def test_a_page_that_links_back_is_marked_and_others_are_not(node: Node, db: Db, peer: Peer, ana: Viewer) -> None:
    mine = peer.serve("/me", f'<a rel="me" href="{ana.actor.url}">me</a>', content_type="text/html")
    other = peer.serve("/other", f'<a href="{ana.actor.url}">her</a>', content_type="text/html")
    paper = peer.serve("/paper", f'<a rel="me" href="{ana.actor.url}">', content_type="application/pdf")
    shown = await named(node, db, ana, mine, other, paper, peer.url("/missing"), f"see {mine}", ana.actor.url)
    assert 'rel="me nofollow noopener noreferrer"' in shown.fields[0]["value"]
    assert await db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'verify_links'") == 1
    await verify_links(node, ana.actor.id)
    assert await verified(db, ana) == [True, False, False, False, False, False]


async def test_case_21_a_page_that_leads_to_another_host_proves_nothing(
    node: Node, db: Db, peer: Peer, ana: Viewer
) -> None:
    """Else whatever server sends people on to any address would be verified as a member's own."""
    async with hostile_peer("127.0.0.8") as evil:
        there = evil.serve("/me", f'<a rel="me" href="{ana.actor.url}">me</a>', content_type="text/html")
        moved = peer.redirect("/out", there)
        peer.serve("/me/", f'<a rel="me" href="{ana.actor.url}">me</a>', content_type="text/html")
        await named(node, db, ana, moved, peer.redirect("/me", peer.url("/me/")), there)
        await verify_links(node, ana.actor.id)
    assert await verified(db, ana) == [False, True, True]


async def test_the_mark_stays_while_the_line_stays_and_goes_with_it(
    node: Node, db: Db, peer: Peer, ana: Viewer
) -> None:
    mine = peer.serve("/me", f'<link rel="me" href="{ana.actor.url}">', content_type="text/html")
    await named(node, db, ana, mine)
    await verify_links(node, ana.actor.id)
    since = (await actors.get(db, ana.actor.id)).fields[0]["verified_at"]
    await named(node, db, ana, "Baker", mine)
    assert await verified(db, ana) == [False, True]
    assert (await actors.get(db, ana.actor.id)).fields[1]["verified_at"] == since
    await named(node, db, ana, "Baker")
    assert await profile_links.list_of(db, ana.actor.id) == []


async def test_pages_are_looked_at_again_after_a_month_and_lose_their_mark(
    node: Node, db: Db, peer: Peer, ana: Viewer
) -> None:
    mine = peer.serve("/me", f'<a rel="me" href="{ana.actor.url}">', content_type="text/html")
    await named(node, db, ana, mine)
    await verify_links(node, ana.actor.id)
    await db.execute("DELETE FROM jobs")
    await ask_for_looks(node)
    assert await db.fetchval("SELECT count(*) FROM jobs") == 0
    peer.serve("/me", "<p>moved</p>", content_type="text/html")
    await verify_links(node, ana.actor.id)
    assert await verified(db, ana) == [True], "not asked again before its time"
    await db.execute("UPDATE profile_links SET checked_at = now() - interval '31 days'")
    await ask_for_looks(node)
    assert await db.fetchval("SELECT arguments FROM jobs") == {"actor_id": ana.actor.id}
    await verify_links(node, ana.actor.id)
    assert await verified(db, ana) == [False]


async def test_a_page_that_cannot_be_had_now_changes_nothing(node: Node, db: Db, peer: Peer, ana: Viewer) -> None:
    mine = peer.serve("/me", f'<a rel="me" href="{ana.actor.url}">', content_type="text/html")
    await named(node, db, ana, mine)
    await verify_links(node, ana.actor.id)
    await db.execute("UPDATE profile_links SET checked_at = now() - interval '31 days'")
    peer.serve("/me", "busy", status=503, content_type="text/html")
    await verify_links(node, ana.actor.id)
    assert await verified(db, ana) == [True]
