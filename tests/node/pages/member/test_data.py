"""A member's data: what an export holds and who gets it, and files that are brought along."""

from __future__ import annotations

import io
import json
import zipfile

import aiohttp

from node.jobs.bringing import bring_along
from node.pages.member.bringing_files import read_rows
from node.pages.member.taking import make_export, table
from node.store.members import imports
from node.store.people import actors, blocks, follows, standing
from node.store.posts import kept_marks
from schemas.limits import IMPORT_HOSTS, IMPORT_ROWS
from tests.factories import a_post, a_remote_actor
from tests.node.pages.conftest import TOKEN, Browser, Hub, Page

PAGE = "/settings/data"


async def made(hub: Hub, browser: Browser) -> str:
    """The address of an export that was asked for and made."""
    await browser.post(PAGE, {})
    number = await hub.db.fetchval("SELECT max(id) FROM exports")
    await make_export(hub.node, number)
    return f"/settings/data/{number}"


async def sent(browser: Browser, kind: str, content: bytes) -> Page:
    """The page after a file was brought."""
    token = TOKEN.search((await browser.get(PAGE)).text)
    form = aiohttp.FormData({"kind": kind, "form_token": token[1] if token else ""})
    form.add_field("file", content, filename="../../etc/x.csv", content_type="text/csv")
    async with browser.session.post(f"{browser.base}/settings/import", data=form) as answer:
        return Page(answer.status, str(answer.url), answer.headers, await answer.text())


async def test_an_export_holds_what_is_theirs_and_only_its_owner_gets_it(hub: Hub) -> None:
    bo, cy = await hub.signed_in("bo"), await hub.signed_in("cy")
    await bo.post("/timeline", {"text": "My own words", "audience": "public"})
    me, friend = await actors.find_local(hub.db, "bo"), await a_remote_actor(hub.db, "dora")
    assert me
    await follows.insert(hub.db, me.id, friend.id, f"{me.uri}#follow", accepted=True)
    await blocks.insert(hub.db, me.id, (await a_remote_actor(hub.db, "emil")).id, None)
    await kept_marks.bookmark(hub.db, me.id, (await a_post(hub.db, friend)).id)
    path = await made(hub, bo)
    assert "Fetch the file" in (await bo.get(PAGE)).words
    async with bo.session.get(hub.base + path) as answer:
        assert answer.status == 200 and "no-store" in answer.headers["Cache-Control"]
        file = zipfile.ZipFile(io.BytesIO(await answer.read()))
    assert "dora@peer.example,true,false," in file.read("following_accounts.csv").decode()
    assert file.read("blocked_accounts.csv").decode().strip() == "emil@peer.example"
    assert "http" in file.read("bookmarks.csv").decode()
    said = json.loads(file.read("activitypub/outbox.json"))
    assert any("My own words" in json.dumps(one) for one in said["orderedItems"])
    assert json.loads(file.read("activitypub/actor.json"))["id"] == me.uri
    assert json.loads(file.read("account.json"))["email"] == "bo@hub.example"
    assert json.loads(file.read("manifest.yaml"))["ubc-version"]
    assert file.read("calendar.ics").startswith(b"BEGIN:VCALENDAR")
    assert (await cy.get(path)).status == 404
    assert await hub.db.fetchval("SELECT count(*) FROM mails WHERE kind = 'export_ready'") == 1


async def test_an_export_is_not_begun_again_at_once_and_goes_after_some_days(hub: Hub) -> None:
    bo = await hub.signed_in("bo")
    path = await made(hub, bo)
    assert "a short while ago" in (await bo.post(PAGE, {})).words
    assert await hub.db.fetchval("SELECT count(*) FROM exports") == 1
    await hub.db.execute("UPDATE exports SET state = 'gone'")
    assert (await bo.get(path)).status == 404


def test_case_84_no_cell_begins_a_formula() -> None:
    assert table((), [('=HYPERLINK("x")', "+1", True, None)]) == '"\'=HYPERLINK(""x"")",\'+1,true,\r\n'


async def test_a_file_is_shown_before_it_is_done_and_reported_on(hub: Hub) -> None:
    bo = await hub.signed_in("bo")
    me, friend = await actors.find_local(hub.db, "bo"), await a_remote_actor(hub.db, "dora")
    assert me
    head = b"Account address,Show boosts,Notify on new posts,Languages\n"
    content = head + b"@dora@peer.example,false,true,\nno handle,,,\n"
    page = await sent(bo, "follows", content)
    assert "The file has 2 rows." in page.words and "not readable" in page.words
    assert await follows.find(hub.db, me.id, friend.id) is None
    number = int(page.url.rpartition("/")[2])
    path = f"/settings/import/{number}"
    assert "Begun." in (await bo.post(path, {"deed": "begin"})).words
    await bring_along(hub.node, number)
    known = await follows.find(hub.db, me.id, friend.id)
    assert known and not known.boosts and known.notify
    report = await bo.get(path)
    assert "2 of 2" in report.words and "no handle" in report.words
    assert (await bo.post(path, {"deed": "begin"})).status == 409
    cy = await hub.signed_in("cy")
    assert (await cy.get(path)).status == 404
    await bo.post(path, {"deed": "drop"})
    assert (await bo.get(path)).status == 404


async def test_blocks_mutes_servers_and_bookmarks_are_brought_along(hub: Hub) -> None:
    bo = await hub.signed_in("bo")
    me, other = await actors.find_local(hub.db, "bo"), await a_remote_actor(hub.db, "dora")
    post = await a_post(hub.db, other)
    assert me
    files = {
        "mutes": b"Account address,Hide notifications\ndora@peer.example,false\n",
        "bookmarks": post.uri.encode(),
        "blocks": b"dora@peer.example\nbo@" + hub.urls.domain.encode(),
        "domain_blocks": b"evil.example\n",
    }
    for kind, content in files.items():
        number = int((await sent(bo, kind, content)).url.rpartition("/")[2])
        await imports.begin(hub.db, number)
        await bring_along(hub.node, number)
    found = (await standing.towards(hub.db, me.id, [other.id]))[other.id]
    assert found.muting and not found.muting_notifications and found.blocking
    assert await hub.db.fetchval("SELECT post_id FROM bookmarks") == post.id
    assert await hub.db.fetchval("SELECT domain FROM blocked_domains WHERE actor_id = $1", me.id) == "evil.example"


async def test_case_140_a_private_host_is_not_asked(hub: Hub) -> None:
    bo = await hub.signed_in("bo")
    number = int((await sent(bo, "follows", b"root@10.0.0.1\nroot@localhost\n")).url.rpartition("/")[2])
    await imports.begin(hub.db, number)
    await bring_along(hub.node, number)
    assert await imports.tally(hub.db, number) == {"not_found": 2}


def test_case_139_a_file_has_so_many_rows_and_asks_so_many_servers() -> None:
    lines = "\n".join(f"x@h{number}.example" for number in range(IMPORT_ROWS + 5))
    rows, cut = read_rows(lines.encode(), "follows")
    assert len(rows) == IMPORT_ROWS and cut == 5
    assert sum(one.outcome == "refused" for one in rows) == IMPORT_ROWS - IMPORT_HOSTS


def test_case_139_nonsense_is_no_row_that_does_anything() -> None:
    for content in (b"\xff\xfe\x00", b'"never ends', b"=HYPERLINK(1)", b"../../etc/passwd", b"javascript:alert(1)"):
        for kind in ("follows", "domain_blocks", "bookmarks"):
            rows, _ = read_rows(content, kind)  # type: ignore[arg-type]
            assert all(one.outcome == "unreadable" for one in rows), (content, kind, rows)


async def test_what_is_no_file_is_said(hub: Hub, stranger: Browser) -> None:
    bo = await hub.signed_in("bo")
    assert "Choose a file" in (await sent(bo, "follows", b"")).words
    assert "Choose a file" in (await sent(bo, "everything", b"x@y.example")).words
    assert (await stranger.get(PAGE)).status == 401
