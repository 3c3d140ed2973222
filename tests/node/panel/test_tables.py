"""The one table of the panel: it sorts, filters, turns pages, keeps its view in the address and goes out as CSV, also
where several stand on one page; and no page of the panel draws one by itself."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from node.actions import moderate
from node.store.moderation import log, measures
from node.store.servers import tallies
from schemas.limits import LIST_ITEMS
from tests.factories import a_remote_actor
from tests.node.pages.conftest import Browser, Hub

TEMPLATES = Path(__file__).parents[3] / "themes" / "commons" / "panel"
NO_LISTS = {
    "table.html": "the one table",
    "rules.html": "a form in rows: each has fields of its own",
    "applications_sure.html": "a preview of what was ticked",
    "drafts_sure.html": "a preview of what was ticked",
    "servers_sure.html": "a preview of what was ticked",
    "members_preview.html": "a preview of a file",
}


async def refused(hub: Hub, number: int) -> None:
    """So many servers of whom something was turned away, more of the later ones."""
    counts = {(f"s{one:02}.example", "Create", "=unsigned"): one + 1 for one in range(number)}
    await tallies.add_many(hub.db, counts)


def hosts(page: str) -> list[str]:
    """The servers in the order of the page."""
    return list(dict.fromkeys(re.findall(r"s\d\d\.example", page)))


def test_no_page_of_the_panel_draws_a_table_by_itself() -> None:
    drawn = {path.name for path in TEMPLATES.glob("*.html") if "<table" in path.read_text(encoding="utf-8")}
    assert drawn == set(NO_LISTS)


async def test_a_table_among_others_sorts_filters_turns_and_goes_out_as_a_file(hub: Hub, ana: Browser) -> None:
    await refused(hub, LIST_ITEMS + 5)
    newest = f"s{LIST_ITEMS + 4:02}.example"
    first = await ana.get("/admin/queue")
    assert len(hosts(first.text)) == LIST_ITEMS and hosts(first.text)[0] == newest
    assert "refused.page=2" in first.text and 'data-label="Server"' in first.text
    assert hosts((await ana.get("/admin/queue?refused.page=2")).text)[-1] == "s00.example"
    by_count = await ana.get("/admin/queue?refused.sort=count")
    assert hosts(by_count.text)[0] == "s00.example" and 'aria-sort="ascending"' in by_count.text
    assert "refused.sort=-count" in by_count.text, "once more is the other way round"
    narrow = await ana.get("/admin/queue?refused.q=s07&refused.sort=host&jobs.sort=kind")
    assert hosts(narrow.text) == ["s07.example"] and 'name="jobs.sort" value="kind"' in narrow.text
    assert "Nothing fits these words." in (await ana.get("/admin/queue?refused.q=nobody")).words
    for odd in ("refused.page=9999999", "refused.page=x", "refused.sort=nothing", "csv=nothing"):
        assert (await ana.get(f"/admin/queue?{odd}")).status == 200
    file = await ana.get("/admin/queue?csv=refused&refused.sort=count&refused.q=s0")
    assert file.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(file.text.splitlines()))
    assert [row[0] for row in rows[1:3]] == ["s00.example", "s01.example"] and len(rows) == 11
    assert rows[1][2] == "'=unsigned", "no cell is a formula"


async def test_what_the_rooms_list_is_in_their_tables(hub: Hub, ana: Browser) -> None:
    await log.append(hub.db, "measure.kept", {}, public="bad.example")
    await hub.db.execute("INSERT INTO back_ups (file, bytes) VALUES ('a.tar', 1), ('b.tar', 2)")
    cases = {
        "/admin/operations": "backups",
        "/admin/roles": "sets",
        "/admin/decisions": None,
        "/admin/lists": None,
        "/admin/circle": None,
        "/admin/federation": None,
        "/admin/appeals": None,
        "/admin/organisations": None,
        "/admin/settings/emoji": None,
        "/admin/settings/announcements": None,
        "/admin/desk?q=peer.example": None,
    }
    for path, name in cases.items():
        page = await ana.get(path)
        assert page.status == 200, path
        if name:
            assert f'id="{name}-sort"' in page.text and f"csv={name}" in page.text, path
            assert (await ana.get(f"{path}?csv={name}")).headers["Content-Type"].startswith("text/csv")


async def test_a_measure_on_several_people_is_taken_after_a_look_at_them(hub: Hub, ana: Browser) -> None:
    people = [await a_remote_actor(hub.db, name, host="https://loud.example") for name in ("cy", "di")]
    limited = moderate.Order(kind="limit", target_kind="actor", target=people[1].uri)
    await moderate.take(hub.db, None, limited)
    sent = {"chosen": [str(one.id) for one in people], "deed": "limit", "public_reason": "Advertising"}
    table = "/admin/accounts?state=elsewhere"
    look = await ana.post("/admin/accounts", sent, form=table)
    assert "These 2 people are concerned:" in look.words and "@cy@loud.example" in look.words
    assert not await measures.find_in_force(hub.db, "limit", "actor", people[0].uri)
    wrong = await ana.post("/admin/accounts", {**sent, "sure": "yes", "ends_at": "never"}, form=table)
    assert wrong.status == 422 and "Advertising" in wrong.text and 'id="ends_at-wrong"' in wrong.text
    done = await ana.post("/admin/accounts", {**sent, "sure": "yes", "return_to": table}, form=table)
    assert done.url.endswith("state=elsewhere") and "Done with 1 of them." in done.text
    assert await measures.find_in_force(hub.db, "limit", "actor", people[0].uri)
    assert (await ana.post("/admin/accounts", {**sent, "deed": "erase"}, form=table)).status == 422
