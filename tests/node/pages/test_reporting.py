"""Members report things and people from their pages to those who handle cases, and keep bookmarks to themselves."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from node.actions import cases
from node.mailing import rendering
from node.store.hub import hub as hubs
from node.store.members import accounts
from node.store.moderation import cases as case_rows
from node.store.notices import mails as mails_store
from node.store.posts import kept_marks
from node.web.keys import SETTINGS
from node.wording.showing import page_path
from schemas.limits import LIST_ITEMS, REPORT_CHARS
from schemas.records import Viewer
from tests.factories import a_remote_actor
from tests.node.pages.conftest import Browser, Hub
from tests.node.pages.form_reader import fields_of
from tests.node.pages.test_reading import a_thing

RULES = [{"id": "1", "text": "Be kind."}, {"id": "2", "text": {"en": "No advertising.", "de": "Keine Werbung."}}]


@pytest.fixture
async def bo(hub: Hub) -> Browser:
    """A member's browser, at a hub with two rules."""
    await hub.db.execute("UPDATE hub SET rules = $1", RULES)
    return await hub.signed_in("bo")


async def test_a_member_reports_a_thing_with_the_rules_it_breaks(hub: Hub, bo: Browser) -> None:
    post = await a_thing(hub, "event")
    path = f"/report?post={post.id}"
    assert f'href="{path}"' in (await bo.get(page_path(post))).text
    page = await bo.get(path)
    assert "No advertising." in page.words
    assert "forward" not in page.text
    sent = {"post": str(post.id), "category": "violation", "rules": ["2", "9"], "comment": "An advert."}
    after = await bo.post("/report", sent, form=path)
    assert after.url == hub.base + page_path(post)
    assert "Thank you." in after.words
    row = await hub.db.fetchrow("SELECT * FROM reports")
    assert (row["category"], row["rule_ids"], row["content"]) == ("violation", ["2"], "An advert.")
    assert (row["post_uris"], row["actor_id"], row["forward"]) == ([post.uri], post.actor.id, False)


async def test_a_member_reports_somebody_elsewhere_to_their_server_too(hub: Hub, bo: Browser) -> None:
    eve = await a_remote_actor(hub.db, "eve")
    path = f"/report?actor={quote(eve.uri, safe='')}"
    page = await bo.get(path)
    assert "peer.example" in page.words
    await bo.post("/report", {"actor": eve.uri, "category": "spam", "forward": "true"}, form=path)
    row = await hub.db.fetchrow("SELECT * FROM reports")
    assert (row["actor_id"], row["category"], row["forward"]) == (eve.id, "spam", True)
    told = await hub.db.fetchval(
        "SELECT a.name FROM activities v JOIN actors a ON a.id = v.actor_id WHERE type = 'Flag'"
    )
    assert told not in ("bo", None)


@pytest.mark.parametrize(("field", "value"), [("category", "envy"), ("comment", "x" * (REPORT_CHARS + 1))])
async def test_what_is_wrong_with_a_report_stands_beside_its_field(
    hub: Hub, bo: Browser, field: str, value: str
) -> None:
    post = await a_thing(hub, "post")
    sent = {"post": str(post.id), "category": "other", "comment": "Kept.", "rules": "1", field: value}
    page = await bo.post("/report", sent, form=f"/report?post={post.id}")
    assert page.status == 422
    assert f'id="{field}-wrong"' in page.text
    assert fields_of(page.text, "/report")["rules"] == ["1"]
    assert fields_of(page.text, "/report")["comment"] == [sent["comment"]]
    assert await hub.db.fetchval("SELECT count(*) FROM reports") == 0


async def test_nobody_reports_themselves_or_what_they_may_not_see(hub: Hub, bo: Browser) -> None:
    secret = await a_thing(hub, "post", audience="direct")
    me = await hub.db.fetchval("SELECT uri FROM actors WHERE name = 'bo'")
    expected = {f"post={secret.id}": 404, "post=x": 404, f"actor={quote(me)}": 403, "actor=nobody": 404, "": 404}
    found = {query: (await bo.get(f"/report?{query}")).status for query in expected}
    assert found == expected
    assert (await bo.post("/report", {"post": str(secret.id), "category": "spam"}, form="/desk")).status == 404


async def test_a_stranger_is_asked_to_sign_in(stranger: Browser) -> None:
    assert (await stranger.get("/bookmarks")).status == 401


async def test_a_visitor_reports_what_everybody_sees_and_follows_the_case_by_its_link(
    hub: Hub, stranger: Browser
) -> None:
    post, secret = await a_thing(hub, "post"), await a_thing(hub, "post", audience="followers")
    path = f"/report?post={post.id}"
    event = await a_thing(hub, "event")
    leads = (await stranger.get(f"/events/{event.id}")).text
    assert f'/report?post={event.id}"' in leads
    assert "/report?actor=" in (await stranger.get("/@ana")).text
    sent = {"post": str(post.id), "category": "spam", "comment": "An advert.", "email": "eva@mail.example"}
    after = await stranger.post("/report", sent, form=path)
    assert re.fullmatch(rf"{hub.base}/report/1/[0-9a-f]{{32}}", after.url)
    assert "It has arrived." in after.words
    assert "forward" not in (await stranger.get(path)).text
    assert (await stranger.get(f"/report?post={secret.id}")).status == 404
    row = await hub.db.fetchrow("SELECT * FROM reports")
    assert (row["reporter_id"], row["visitor_email"], row["post_uris"]) == (None, "eva@mail.example", [post.uri])
    mails = await hub.db.fetch("SELECT kind, recipient, facts FROM mails")
    assert [(one["kind"], one["recipient"]) for one in mails] == [("case_received", "eva@mail.example")]
    assert mails[0]["facts"]["link"] == after.url
    ana = await accounts.first_steward(hub.db)
    who = Viewer(account=ana, actor=post.actor, acting=post.actor, scopes=("*",))
    async with hub.db.transaction():
        await cases.close(hub.node, hub.db, who, 1, "acted", "It is gone.")
    assert "It is gone." in (await stranger.get(after.url.removeprefix(hub.base))).words
    assert await hub.db.fetchval("SELECT count(*) FROM mails WHERE kind = 'case_closed'") == 1
    letter = await mails_store.find(hub.db, await hub.db.fetchval("SELECT max(id) FROM mails"))
    assert letter
    written = rendering.write(letter, await hubs.get(hub.db), hub.app[SETTINGS])
    assert "It is gone." in written.text
    assert after.url in written.html


async def test_a_case_is_shown_to_nobody_without_its_key(hub: Hub, stranger: Browser) -> None:
    post = await a_thing(hub, "post")
    sent = {"post": str(post.id), "category": "other", "comment": "x"}
    there = (await stranger.post("/report", sent, form=f"/report?post={post.id}")).url.removeprefix(hub.base)
    assert (await stranger.get(there)).status == 200
    for wrong in (there[:-1], there[:-1] + ("0" if there[-1] != "0" else "1"), there.replace("/1/", "/2/"),
                  "/report/x/y"):  # fmt: skip
        assert (await stranger.get(wrong)).status == 404


@pytest.mark.parametrize(("field", "value"), [("comment", ""), ("email", "nobody"), ("name", "x" * 101)])
async def test_what_is_wrong_with_a_visitors_report_stands_beside_its_field(
    hub: Hub, stranger: Browser, field: str, value: str
) -> None:
    post = await a_thing(hub, "post")
    sent = {"post": str(post.id), "category": "other", "comment": "x", field: value}
    page = await stranger.post("/report", sent, form=f"/report?post={post.id}")
    assert page.status == 422
    assert f'id="{field}-wrong"' in page.text
    assert await hub.db.fetchval("SELECT count(*) FROM reports") == 0


async def test_how_a_visitor_is_reached_is_forgotten_some_weeks_after_the_end(hub: Hub) -> None:
    actor = await a_remote_actor(hub.db, "eve")
    for days in (10, 70):
        await hub.db.execute(
            """
            INSERT INTO reports (actor_id, visitor_name, visitor_email, resolved_at)
            VALUES ($1, 'Eva', 'eva@mail.example', now() - $2 * interval '1 day')
            """,
            actor.id,
            days,
        )
    assert await case_rows.forget_visitors(hub.db, timedelta(days=60)) == 1
    rows = await hub.db.fetch("SELECT visitor_name, visitor_email FROM reports ORDER BY resolved_at")
    assert [tuple(row) for row in rows] == [("", None), ("Eva", "eva@mail.example")]


async def test_bookmarks_are_listed_the_last_first_and_only_for_who_keeps_them(hub: Hub, bo: Browser) -> None:
    me = await hub.db.fetchval("SELECT id FROM actors WHERE name = 'bo'")
    assert "Nothing yet." in (await bo.get("/bookmarks")).words
    for number in range(LIST_ITEMS + 1):
        post = await a_thing(hub, "finding", title=f"Finding {number}.")
        await kept_marks.bookmark(hub.db, me, post.id)
    first = await bo.get("/bookmarks")
    assert first.words.index(f"Finding {LIST_ITEMS}.") < first.words.index("Finding 1.")
    assert "Finding 0." not in first.words
    older = first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = await bo.get(older.replace("&amp;", "&"))
    assert "Finding 0." in second.words
    assert "Newer" in second.words
    cy = await hub.signed_in("cy")
    assert "Finding" not in (await cy.get("/bookmarks")).words.replace("finding", "")
