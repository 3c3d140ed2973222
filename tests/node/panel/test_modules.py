"""What a hub does not use has no page, form, feed or place in a menu, and who asks is told why; what was published
stays readable for servers, and all is back when it is switched on."""

from __future__ import annotations

import pytest

from node.actions.publish import publish
from node.errors import SwitchedOff
from node.store.posts import posts
from schemas.modules import MODULES, module_of
from schemas.things import CallDetail
from tests.drafts import a_draft
from tests.factories import a_remote_actor, a_remote_object
from tests.node.pages.conftest import Browser, Hub

PATH = "/admin/settings/modules"
GONE = {
    "findings": ("/findings", "/findings.atom", "/new/finding", "/api/allmende/v1/findings"),
    "calls": ("/calls", "/calls.atom", "/new/call", "/api/allmende/v1/calls"),
    "map": ("/map",),
    "people": ("/people", "/api/v1/directory"),
    "register": ("/admin/members", "/settings/membership"),
}


async def leave_on(ana: Browser, *modules: str) -> None:
    page = await ana.post(PATH, dict.fromkeys(modules, "true"))
    assert "Saved." in page.words


async def test_what_is_off_has_no_address_and_the_answer_says_why(hub: Hub, ana: Browser) -> None:
    await leave_on(ana)
    for module, paths in GONE.items():
        for path in paths:
            page = await ana.get(path)
            assert (page.status, module_of(path)) == (404, module), path
    assert "This hub does not use findings. The stewards decided" in (await ana.get("/findings")).words
    assert "This hub does not use calls." in (await ana.get("/api/allmende/v1/calls", Accept="application/json")).text
    home = (await ana.get("/")).text + (await ana.get("/desk")).text + (await ana.get("/new")).text
    for path in ("/findings", "/calls", "/map", "/people", "/new/call", "/new/finding", "/settings/membership"):
        assert f'href="{path}' not in home, path
    document = (await ana.get("/api/openapi.json")).text
    assert "/api/allmende/v1/events" in document and "/api/allmende/v1/calls" not in document
    assert "/calls" not in (await ana.get("/manifest.webmanifest")).text + (await ana.get("/sitemap.xml")).text
    await leave_on(ana, *MODULES)
    assert {(await ana.get(path)).status for paths in GONE.values() for path in paths} == {200}


async def test_things_of_what_is_off_are_in_no_list_but_servers_read_them(hub: Hub, ana: Browser) -> None:
    bo = await hub.member("bo")
    own = await publish(hub.node, hub.db, bo, a_draft("call"))
    await leave_on(ana, "findings")
    far = await a_remote_actor(hub.db)
    came = await posts.upsert_remote(hub.db, a_remote_object(far, kind="call", call=CallDetail()), far)
    assert came is not None
    for path in ("/", "/@bo", f"/search?q={own.version().name}"):
        assert f"/calls/{own.id}" not in (await ana.get(path)).text, path
    assert (await ana.get(f"/calls/{own.id}")).status == 404
    read = await hub.browser().get(f"/calls/{own.id}", Accept="application/activity+json")
    assert (read.status, "publishes" in read.text) == (200, True)
    with pytest.raises(SwitchedOff):
        await publish(hub.node, hub.db, bo, a_draft("call"))
    await leave_on(ana, *MODULES)
    assert (await ana.get(f"/calls/{own.id}")).status == (await ana.get(f"/calls/{came.id}")).status == 200
    assert f"/calls/{own.id}" in (await ana.get("/calls")).text


async def test_without_answers_by_mail_and_polls_neither_is_offered(hub: Hub, ana: Browser, stranger: Browser) -> None:
    meeting = await publish(hub.node, hub.db, await hub.member("bo"), a_draft("event"))
    there = f"/events/{meeting.id}"
    assert "Answer by mail, without an account" in (await stranger.get(there)).words
    await leave_on(ana)
    page = await stranger.get(there)
    assert "Answer by mail" not in page.words
    sent = await stranger.post(
        f"{there}/answer-by-mail", {"email": "a@b.example", "name": "A", "state": "going"}, form="/"
    )
    assert (sent.status, "one does not answer meetings by mail" in sent.words) == (404, True)
    assert (await stranger.get(f"{there}/poster")).status == 404
    assert (await ana.get(f"{there}/poll")).status == 404
    assert not await hub.db.fetchval("SELECT count(*) FROM mails")
