"""Other servers in the panel: listed, looked at, limited, cut off after a warning, and let in again."""

from __future__ import annotations

from node.store.moderation import measures
from node.store.people import actors, follows
from node.store.posts import posts
from node.store.servers import hosts, servers
from tests.factories import a_post, a_remote_actor, a_remote_object
from tests.node.pages.conftest import Browser, Hub


async def test_servers_are_listed_with_what_binds_us(hub: Hub, mo: Browser) -> None:
    cy = await a_remote_actor(hub.db, "cy")
    await hosts.remember_scheme(hub.db, "peer.example", "draft")
    await hosts.remember_scheme(hub.db, "fine.example", "draft")
    await hosts.note_error(hub.db, "peer.example", "It did not answer in time.")
    await hub.db.execute("UPDATE hosts SET open_until = now() + interval '1 hour' WHERE host = 'peer.example'")
    await follows.insert(hub.db, cy.id, (await actors.hub(hub.db)).id, "https://peer.example/f/1", accepted=True)
    assert "fine.example" in (await mo.get("/admin/servers")).words
    for sort, first in (("host", "fine"), ("-followers", "peer"), ("-follows", "fine"), ("-waiting", "fine")):
        words = (await mo.get(f"/admin/servers?sort={sort}")).words
        assert (words.index("fine.example") < words.index("peer.example")) == (first == "fine"), sort
    for query in ("?q=PEER", "?state=failing", "?q=peer.example"):
        page = await mo.get(f"/admin/servers{query}")
        assert "peer.example" in page.words
        assert "fine.example" not in page.words
        assert "It did not answer in time." in page.words
    assert "/admin/servers/xn--bcher-kva.example" in (await mo.get("/admin/servers?q=B%C3%BCcher.example")).text
    assert "peer.example" not in (await mo.get("/admin/servers?state=measures")).words


async def test_a_limit_holds_at_once_and_is_lifted(hub: Hub, mo: Browser) -> None:
    below = await a_remote_actor(hub.db, "cy", host="https://sub.peer.example")
    there = "/admin/servers/PEER.example."
    sent = {"kind": "limit", "public_reason": "noise", "private_reason": "mail of May", "ends_at": "2099-01-01"}
    page = await mo.post(f"{there}/measures", sent, form=there)
    assert page.url.endswith("/admin/servers/peer.example")
    for words in ("In force", "noise", "mail of May"):
        assert words in page.words
    assert (await actors.get(hub.db, below.id)).host_limited
    assert "noise" in (await mo.get("/admin/servers/sub.peer.example")).words
    again = await mo.post(f"{there}/measures", sent, form=there)
    assert again.status == 422
    assert "in force already" in again.words
    kept = await measures.find_in_force(hub.db, "limit", "domain", "peer.example")
    assert kept
    page = await mo.post(f"/admin/measures/{kept.id}", {"deed": "end", "return_to": there}, form=there)
    assert "Ended" in page.words
    assert not (await actors.get(hub.db, below.id)).host_limited


async def test_media_and_reports_of_a_server_are_refused(hub: Hub, mo: Browser) -> None:
    there = "/admin/servers/peer.example"
    for kind in ("reject_media", "reject_reports"):
        await mo.post(f"{there}/measures", {"kind": kind}, form=there)
        assert await hub.db.fetchval("SELECT domain_measure($1, 'sub.peer.example')", kind)
    assert (await mo.post(f"{there}/measures", {"kind": "warn"}, form=there)).status == 422


async def test_before_a_cut_the_panel_says_what_it_breaks(hub: Hub, mo: Browser, ana: Browser) -> None:
    cy, itself = await a_remote_actor(hub.db, "cy"), await actors.hub(hub.db)
    await follows.insert(hub.db, cy.id, itself.id, "https://peer.example/f/1", accepted=True)
    there = "/admin/servers/peer.example"
    page = await mo.post(f"{there}/measures", {"kind": "suspend", "public_reason": "hate"}, form=there)
    assert "Suspend peer.example?" in page.words
    assert "Followers there 1" in page.words
    assert 'value="hate"' in page.text
    assert await measures.list_proposed(hub.db, "domain") == []
    sure = {"kind": "suspend", "public_reason": "hate", "sure": "yes"}
    assert "Waits for a second person" in (await mo.post(f"{there}/measures", sure, form=there)).words
    proposed = (await measures.list_proposed(hub.db, "domain"))[0]
    await ana.post(f"/admin/measures/{proposed.id}", {"deed": "confirm"}, form=there)
    assert (await actors.get(hub.db, cy.id)).host_suspended


async def test_what_is_no_server_has_no_page(mo: Browser) -> None:
    for odd in ("a%20b", "..", "x" * 300, "%00"):
        assert (await mo.get(f"/admin/servers/{odd}")).status in (400, 404)


async def test_events_held_together_and_shared_findings_count_among_what_a_cut_breaks(hub: Hub) -> None:
    cy, itself = await a_remote_actor(hub.db, "cy"), await actors.hub(hub.db)
    event = await a_post(hub.db, itself, kind="event")
    await hub.db.execute("INSERT INTO co_hosts (event_id, actor_id, state) VALUES ($1, $2, 'named')", event.id, cy.id)
    theirs = await posts.upsert_remote(hub.db, a_remote_object(cy, kind="finding"), cy)
    assert theirs
    before = await servers.ties(hub.db, "peer.example")
    await a_post(hub.db, itself, kind="boost", boost_of_id=theirs.id)
    after = await servers.ties(hub.db, "peer.example")
    assert (before.together, before.findings, after.findings, after.breaks) == (1, 0, 1, 2)
