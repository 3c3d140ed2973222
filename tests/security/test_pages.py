"""Attacks by way of pages and forms, on one hub: what must not run, not show, not be changed (cases 67, 85–145)."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import product

import pytest

from node.mailing.digest import gather
from node.store.hub import contact
from node.store.hub import hub as hubs
from node.store.notices import digests
from node.store.people import actors
from node.store.posts import posts
from node.store.servers import hosts
from schemas.things import Poll, PollOption, Version
from tests.factories import a_post, a_remote_actor, a_remote_object, an_event_detail
from tests.house.conftest import KINDS, House, house
from tests.node.pages.letters import last
from tests.node.pages.test_reading import a_thing
from tests.node.panel.conftest import a_report
from tests.pages.walking import patterns
from tests.security.eyes import dangers, found_in

__all__ = ["house"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

SCRIPT = "<script>alert(141)</script>\"'><img src=x onerror=alert(141)> {{7*7}} %s %(a)s {0.__class__} ${7*7} alert141"
WORD = "zauberwort"
FEEDS = ("/events.atom", "/findings.atom", "/calls.atom", "/events.ics", "/sitemap.xml", "/log.atom", "/hubs.atom")


async def hostile(house: House) -> list[str]:
    """Strangers say the same everywhere they may say something; the pages that show it."""
    db = house.hub.db
    host = "loud.example"
    who = await a_remote_actor(db, "loud", host=f"https://{host}", display_name=SCRIPT)
    said = await posts.upsert_remote(db, a_remote_object(who, text="alert141"), who)
    assert said
    kept = await a_report(db, who, None, said.uri, text=SCRIPT)
    await hosts.remember_scheme(db, host, "draft")
    await hosts.keep_nodeinfo(db, host, SCRIPT[:60], SCRIPT[:60], is_hub=True)
    await hosts.note_error(db, host, SCRIPT)
    form = {"name": SCRIPT, "email": "a@x.example", "subject": SCRIPT, "body": SCRIPT}
    await contact.insert(db, "K-141", form, "en")
    title = [Version(language="en", name=SCRIPT, summary=SCRIPT, content="<p>alert141</p>")]
    things = [
        await a_thing(house.hub, kind, versions=title, tags=[], area="it") for kind in ("event", "call", "finding")
    ]
    await db.execute("UPDATE actors SET display_name = $1 WHERE name = 'ana'", SCRIPT)
    await db.execute("UPDATE hub SET name = $1, description = $1", SCRIPT)
    shown = [f"/{one.kind}s/{one.id}" for one in things]
    return [*shown, f"/admin/reports/{kept.id}", f"/admin/servers/{host}", f"/@loud@{host}", f"/report?post={said.id}"]


async def test_case_141_nothing_that_anybody_says_runs_on_a_page_or_in_the_panel(house: House) -> None:
    row = await house.hub.db.fetchrow("SELECT name, description FROM hub")
    assert row
    try:
        paths = [*await hostile(house), *[one for one in patterns() if "{" not in one], *FEEDS]
        wrong, told = {}, 0
        for path in paths:
            page = await house.browser.get(path)
            assert page.status < 500, path
            told += "alert141" in page.text
            text = page.text.replace("<noscript>", "")  # ours, of the page of passkeys
            if page.status == 200 and (found := found_in(path, text)):
                wrong[path] = found
        assert wrong == {}
        assert told > len(paths) / 2, "the hub's own name stands on every page"
    finally:
        await house.hub.db.execute("UPDATE hub SET name = $1, description = $2", row["name"], row["description"])


async def test_case_145_what_looks_like_a_template_is_text(house: House) -> None:
    title = "{{7*7}} ${7*7} %s %(name)s {0.__class__} {name}"
    event = await a_thing(house.hub, title=title, event=an_event_detail())
    for path in (f"/events/{event.id}", "/events", "/events.atom", "/"):
        assert title in unescape(unescape((await house.stranger.get(path)).text)), path


async def test_case_107_what_is_not_for_all_is_on_no_page_feed_or_letter(house: House) -> None:
    us, other = await actors.hub(house.hub.db), await house.hub.member("other")
    version = [Version(language="en", name=WORD, summary=WORD, content=f"<p>{WORD} mystery</p>")]
    made = [
        await a_thing(house.hub, kind, versions=version, tags=["mystery"], audience=audience,
                      recipients=[us.uri] if audience == "direct" else [])
        for kind, audience in product(KINDS, ("hub", "followers", "direct"))
    ]  # fmt: skip
    queries = ("/search?q=mystery", "/search?q=mystery&kind=post", "/tags/mystery", "/areas/housing", "/@hub")
    for path in (*[one for one in patterns() if "{" not in one], *queries, *FEEDS):
        assert WORD not in (await house.stranger.get(path)).text, path
    for one in made:
        for path in (f"/{one.kind}s/{one.id}", f"/events/{one.id}.ics", f"/interact?uri={one.uri}"):
            page = await house.stranger.get(path)
            assert page.status == 404, path
            assert WORD not in page.text, path
    turn = digests.Turn(account_id=other.account.id, actor_id=other.actor.id, zone="UTC", weekday=1, hour=8,
                        since=datetime.now(UTC) - timedelta(days=1))  # fmt: skip
    facts = await gather(house.hub.node, house.hub.db, other.account, turn)
    found = [one["title"] for sort in ("meetings", "findings", "calls") for one in facts[sort]]
    assert found.count(WORD) == 3, "what is for members, once each"


async def test_case_112_who_comes_is_a_number_and_nothing_at_all_where_the_event_is_private(house: House) -> None:
    bo = await house.hub.member("bobbin")
    for audience, status in (("public", 200), ("hub", 404)):
        event = await a_thing(house.hub, title="Assembly", audience=audience, event=an_event_detail())
        await house.hub.db.execute(
            "INSERT INTO rsvps (event_id, actor_id, state, door) VALUES ($1, $2, 'going', 'button')",
            event.id, bo.actor.id,
        )  # fmt: skip
        page = await house.stranger.get(f"/events/{event.id}")
        assert (page.status, "bobbin" in page.text.lower()) == (status, False)
        for path in ("people", "check-in", "people.csv", "attendees"):
            page = await house.stranger.get(f"/events/{event.id}/{path}", Accept="application/activity+json, text/html")
            assert "bobbin" not in page.text.lower(), path


async def test_case_114_no_member_reads_reports_or_the_panel(house: House) -> None:
    member = await house.hub.signed_in("curious")
    for path in (one for one in patterns() if one.startswith("/admin") and "{" not in one):
        page = await member.get(path)
        assert (page.status, "alert141" in page.words) == (403, False), path


async def test_case_115_an_invitation_cannot_be_guessed(house: House) -> None:
    pages = [await house.browser.post("/settings/invitations", {"places": "1"}) for _ in range(2)]
    keys = set(re.findall(r"/join/([\w-]+)", "".join(one.text for one in pages)))
    assert len(keys) == 2
    assert all(len(one) >= 22 for one in keys), "128 bits and more"  # 22 characters of base64
    assert (await house.stranger.get(f"/join/{next(iter(keys))}")).status == 200
    assert (await house.stranger.get(f"/join/{next(iter(keys))[:-3]}AAA")).status in (404, 409)


@pytest.mark.parametrize("query", ["%", "_", "%25%27%3B--", "zzz' OR '1'='1", "*", "\\", '") & !("'])
async def test_case_134_a_search_for_signs_finds_nothing(house: House, query: str) -> None:
    await a_thing(house.hub, title="Something to find")
    for path in ("/search", "/people", "/admin/accounts"):
        page = await house.browser.get(f"{path}?q={query}&words={query}")
        assert (page.status, "Something to find" in page.text) == (200, False), path


@pytest.mark.parametrize(
    "odd", ["q[]=1", "page[a]=1", "before=1e99", "order=name;drop", "area=it%00", "day=0000-99-99"]
)
async def test_case_134_odd_parameters_are_no_error_of_ours(house: House, odd: str) -> None:
    for path in ("/events", "/findings", "/calls", "/people", "/search", "/map", "/admin/accounts", "/admin/reports"):
        assert (await house.browser.get(f"{path}?{odd}")).status < 500, path


async def test_case_135_no_form_gives_a_role_or_speaks_for_another(house: House) -> None:
    climber, db = await house.hub.signed_in("climber"), house.hub.db
    own = await actors.find_local(db, "climber")
    steward = await actors.find_local(db, "ana")
    assert own and steward
    more = {"role": "steward", "account_id": "1", "actor_id": str(steward.id), "acting_as": "hub", "permissions": "all"}
    await climber.post("/settings/profile", {"display_name": "Climber", **more})
    held = await db.fetch(
        "SELECT m.role FROM mandates m JOIN accounts a ON a.id = m.account_id WHERE a.actor_id = $1", own.id
    )
    assert {one["role"] for one in held} == {"member"}
    await climber.post("/new/post", {"text": "In whose name?", "audience": "public", **more}, form="/timeline")
    rows = await db.fetch("SELECT actor_id FROM posts WHERE versions::text LIKE '%In whose name%'")
    assert {one["actor_id"] for one in rows} <= {own.id}


@pytest.mark.parametrize("kind", KINDS)
async def test_case_135_nobody_changes_what_is_anothers(house: House, kind: str) -> None:
    name = f"thief{kind}"
    thief, thing = await house.hub.signed_in(name), await a_thing(house.hub, kind, title="Ours")
    for deed in ("edit", "delete", "cancel", "close", "retract", "people", "desk", "questions", "check-in", "poll"):
        page = await thief.get(f"/{kind}s/{thing.id}/{deed}")
        assert page.status in (403, 404), deed
        sent = {
            "versions.0.name": "Mine",
            "versions.0.text": "Mine",
            "reason": "x",
            "why": "x",
            "decision": "accept",
            "answer": "1",
            "deed": "renew",
        }
        page = await thief.post(f"/{kind}s/{thing.id}/{deed}", sent, form="/timeline")
        assert page.status in (403, 404, 405), deed
    found = await posts.find(house.hub.db, thing.id)
    assert found
    assert found.deleted_at is None
    assert "Mine" not in str(found.versions)


async def test_case_137_no_page_of_somebody_signed_in_is_kept(house: House) -> None:
    for path in ("/", "/events", "/desk", "/timeline", "/settings/data", "/admin", "/admin/accounts", "/about"):
        page = await house.browser.get(path)
        assert "no-store" in page.headers.get("Cache-Control", ""), path


async def test_case_144_two_votes_at_a_time_are_one(house: House) -> None:
    db, voter = house.hub.db, await house.hub.signed_in("voter")
    author = await house.hub.member("asker")
    poll = Poll(
        options=(PollOption(name="Monday"), PollOption(name="Friday")), ends_at=datetime.now(UTC) + timedelta(1)
    )
    post = await a_post(db, author.actor, text="When?", poll=poll, type="Question")
    await asyncio.gather(
        *[voter.post(f"/posts/{post.id}/vote", {"option": str(n % 2)}, form="/timeline?tab=hub") for n in range(4)]
    )
    assert await db.fetchval("SELECT count(*) FROM votes WHERE post_id = $1", post.id) == 1


async def test_case_67_a_letter_runs_nothing(house: House) -> None:
    event = await a_thing(house.hub, title=SCRIPT, event=an_event_detail())
    sent = {"state": "going", "name": SCRIPT[:60], "email": "kai@post.example"}
    await house.stranger.post(f"/events/{event.id}/answer-by-mail", sent, form=f"/events/{event.id}/answer")
    letter = (await last(house.hub, "rsvp")).letter
    assert [one for one in dangers(letter.html) if " style=" not in one] == []
    assert "alert141" in letter.text
    assert (await hubs.get(house.hub.db)).name not in ("", SCRIPT)
