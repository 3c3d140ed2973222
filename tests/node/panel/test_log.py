"""The log: for the staff with persons and reasons, for everybody without; tampering shows."""

from __future__ import annotations

from datetime import datetime
from xml.etree import ElementTree

import msgspec

from node import chain
from node.actions import log_notes, moderate
from node.store.moderation import log
from node.store.people import actors, follows
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


async def test_an_entry_has_a_page_and_proves_its_place_to_programs(hub: Hub, stranger: Browser) -> None:
    for number in range(2):
        await log.append(hub.db, "measure.kept", {"by": "ana"}, public=f"entry-{number}.")
    page = await stranger.get("/log/2")
    assert "Measure kept after a review" in page.words
    assert "It fits to the entry before it." in page.words
    told = msgspec.json.decode((await stranger.get("/log/2", Accept="application/activity+json")).text)
    first = msgspec.json.decode((await stranger.get("/log/1", Accept="application/activity+json")).text)
    assert (told["type"], told["coop:prev"]) == ("coop:LogEntry", f"{hub.base}/log/1")
    link = chain.link(
        bytes.fromhex(first["coop:link"]),
        told["coop:number"],
        told["coop:kind"],
        datetime.fromisoformat(told["coop:at"]),
        bytes.fromhex(told["coop:contentHash"]),
    )
    assert link.hex() == told["coop:link"]
    for there in ("/log/9", "/log/x"):
        assert (await stranger.get(there)).status == 404


async def test_the_feed_has_what_is_for_everybody(hub: Hub, stranger: Browser) -> None:
    await log.append(hub.db, "measure.kept", {}, public="<b>bad.example</b>")
    await log.append(hub.db, "report.assigned", {})
    feed = await stranger.get("/log.atom")
    assert feed.headers["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(feed.text)
    entries = root.findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == 1
    assert entries[0].findtext("{http://www.w3.org/2005/Atom}content") == "<b>bad.example</b>"


async def test_the_log_is_followed_and_tells_each_entry_once(hub: Hub, stranger: Browser) -> None:
    assert '"name":"Log of moderation"' in (await stranger.get("/actors/log", Accept="application/activity+json")).text
    cy, author = await a_remote_actor(hub.db, "cy"), await actors.find_local(hub.db, "log")
    assert author
    await follows.insert(hub.db, cy.id, author.id, "https://peer.example/f/1", accepted=True)
    await log.append(hub.db, "measure.kept", {"private_reason": "secret"}, public="bad.example")
    await log.append(hub.db, "report.assigned", {"by": "ana"})
    for entry in (1, 1, 2, 99):
        await log_notes.tell_log(hub.node, entry)
    assert await hub.db.fetchval("SELECT count(*) FROM deliveries") == 1
    outbox = await stranger.get("/actors/log/outbox?page=1", Accept="application/activity+json")
    (said,) = msgspec.json.decode(outbox.text)["orderedItems"]
    note = said["object"]
    assert (note["type"], note["coop:logEntry"]) == ("Note", f"{hub.base}/log/1")
    assert "Measure kept after a review: bad.example" in note["content"]
    assert "secret" not in outbox.text
    assert (await stranger.get("/actors/log", Accept="application/activity+json")).status == 200


async def test_who_gives_offices_takes_an_entry_out_for_a_reason_here_and_elsewhere(
    hub: Hub, ana: Browser, mo: Browser, stranger: Browser
) -> None:
    await log.append(hub.db, "measure.kept", {}, public="Jane Doe")
    await log_notes.tell_log(hub.node, 1)
    note = await log.note_of(hub.db, f"{hub.base}/log/1")
    assert note
    assert (await mo.get("/admin/log/1")).status == 403
    assert (await ana.post("/admin/log/1", {"why": ""})).status == 422
    page = await ana.post("/admin/log/1", {"why": "named a person"})
    assert "Taken out: named a person" in page.words
    assert (await ana.post("/admin/log/1", {"why": "again"})).status == 422
    assert (await stranger.get(f"/posts/{note}")).status == 410
    public = await stranger.get("/log")
    assert "Jane Doe" not in public.text
    assert "Entry taken out of the log" in public.words
    assert "fit together" in public.words
    told = msgspec.json.decode((await stranger.get("/log/1", Accept="application/activity+json")).text)
    assert (told["coop:redacted"], told["content"]) == ("named a person", "")
    assert "Jane Doe" not in (await stranger.get("/log.atom")).text


async def test_the_log_is_read_in_the_readers_language_and_names_no_person(
    hub: Hub, mo: Browser, stranger: Browser
) -> None:
    cy = await a_remote_actor(hub.db, "cy")
    for kind, target_kind, target in (("suspend", "actor", cy.uri), ("limit", "domain", "bad.example")):
        order = moderate.Order(kind=kind, target_kind=target_kind, target=target, public_reason="Werbung: viel")
        await moderate.take(hub.db, None, order)
    await log.append(hub.db, "federation.mode", {"mode": "ask"}, public="ask")
    await log.append(hub.db, "mandate.begun", {"role": "steward"}, public="steward · until 2027-01-31")
    await log.append(hub.db, "appeal.decided", {"measure": 7, "granted": True}, public="measure 7 · granted")
    german, french = (await stranger.get("/log?lang=de")), (await stranger.get("/log.atom?lang=fr"))
    for words in (
        "Einschränken · bad.example: Werbung: viel",
        "ein Konto: Werbung: viel",
        "Maßnahme 7",
        "31. Jan. 2027",
    ):
        assert words in german.words
    assert "Hub-Betreuung" in german.words and "/cy" not in german.text
    assert "un compte: Werbung: viel" in french.text and 'xml:lang="fr"' in french.text
    entry = await log.find(hub.db, 1)
    assert entry
    await log_notes.tell_log(hub.node, entry.id)
    note = await log.note_of(hub.db, f"{hub.base}/log/1")
    told = msgspec.json.decode((await stranger.get(f"/posts/{note}", Accept="application/activity+json")).text)
    assert list(told["contentMap"]) == ["en", "de"] and "Maßnahme" in told["contentMap"]["de"]


async def test_the_log_is_filtered_sorted_and_taken_as_a_file(hub: Hub, mo: Browser, stranger: Browser) -> None:
    await log.append(hub.db, "measure.kept", {"by": "ana"}, public="=bad.example")
    await log.append(hub.db, "report.closed", {"report": 3, "outcome": "acted"}, public="report 3 · acted")
    page = await stranger.get("/log?kind=report.closed")
    assert "Report 3 · Something was done" in page.words and "bad.example" not in page.words
    assert (
        "ana" not in (await stranger.get("/log?q=ana")).words
        and "bad.example" in (await mo.get("/admin/log?q=ana")).words
    )
    file = await stranger.get("/log?format=csv&sort=number")
    assert file.text.splitlines()[1].startswith('"1"') and "'=bad.example" in file.text and "ana" not in file.text
    assert "ana" in (await mo.get("/admin/log?format=csv")).text
