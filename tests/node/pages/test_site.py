"""The public site: search, pages about the hub, messages to its stewards; and how light all of it is."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from xml.etree import ElementTree

import asyncpg
import msgspec
import pytest

from node.actions.answer import receive_offer
from node.actions.attend import attend
from node.pages.search_page import marked
from node.store.members import members
from node.store.notices import notifications
from node.store.people import actors
from node.store.posts import posts
from schemas.discovery import REL_INTENT
from schemas.members import Entry
from schemas.things import Version
from tests.factories import a_remote_actor, a_remote_object
from tests.house.conftest import House, house
from tests.node.pages.conftest import Browser
from tests.node.pages.test_calendar_page import SOON, a_neighbour, an_event, at, their_event, titles
from tests.node.pages.test_reading import a_thing
from tests.peer import hostile_peer

__all__ = ["house"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

PUBLIC = (
    "/",
    "/events",
    "/events?view=week",
    "/events?view=month",
    "/map",
    "/search?q=repair",
    "/people",
    "/hubs",
    "/about",
    "/take-part",
    "/contact",
    "/privacy",
    "/imprint",
    "/accessibility",
    "/findings",
    "/calls",
    "/areas/it",
    "/@hub",
    "/tags/mending",
    "/log",
)
ROOMS = ("/admin", "/admin/members", "/admin/servers", "/admin/accounts", "/admin/log", "/admin/queue")
OWN = ("/desk", "/timeline", "/timeline?tab=hub", "/notifications", "/calendar/mine", "/bookmarks")
LOADED = re.compile(r'<(?:script|img|link rel="(?:stylesheet|icon|manifest)")[^>]*(?:src|href)="([^"]+)"')
PAGE_BYTES, SCRIPT_BYTES = 100_000, 15_000


# The search


async def test_search_finds_parts_of_long_words_in_titles_after_whole_words(house: House) -> None:
    for title in ("Lastenrad leihen", "Radweg planen", "Parade", "Ein Rad"):
        await a_thing(house.hub, "call", title=title)
    assert titles((await house.stranger.get("/search?q=Rad&kind=call")).text) == [
        "Ein Rad", "Radweg planen", "Lastenrad leihen"]  # fmt: skip
    assert titles((await house.stranger.get("/search?q=rad+plan")).text) == ["Radweg planen"]
    assert "Nothing was found" in (await house.stranger.get("/search?q=rad+-weg+lasten")).words


async def test_search_finds_stems_without_accents_with_titles_first(house: House) -> None:
    body = [
        Version(language="en", name="Something else", content="<p>In passing we talk of crèmes &amp; <b>ovens</b>.</p>")
    ]
    await a_thing(house.hub, "finding", versions=body, area="it")
    await a_thing(house.hub, "call", title="Crème brûlée oven", area="it")
    page = await house.stranger.get("/search?q=creme+oven")
    assert titles(page.text) == ["Crème brûlée oven", "Something else"]
    assert "<mark>crèmes</mark> &amp; <mark>ovens</mark>" in page.text
    assert titles((await house.stranger.get("/search?q=oven&kind=finding")).text) == ["Something else"]
    assert "Nothing was found" in (await house.stranger.get("/search?q=zzzz")).words
    assert "What are you looking for?" in (await house.stranger.get("/search")).words
    assert str(marked("<script>\x02x\x03")) == "&lt;script&gt;<mark>x</mark>"


async def test_search_finds_only_what_the_reader_may_see_and_who_wants_to_be_found(house: House) -> None:
    hub = house.hub
    await a_thing(hub, "post", title="Kumquat for members", audience="hub", area=None)
    shy = await a_remote_actor(hub.db, "shy", indexable=False)
    await posts.upsert_remote(hub.db, a_remote_object(shy, text="Kumquat of the shy"), shy)
    await hub.member("hidden")
    open_one = await hub.member("findme")
    await hub.db.execute(
        "UPDATE actors SET discoverable = name = 'findme', summary = 'Kumquats' WHERE name IN ('hidden', 'findme')"
    )
    page = await house.stranger.get("/search?q=kumquat")
    assert ("Findme" in page.words, "Hidden" in page.words, "Kumquat of" in page.words) == (True, False, False)
    assert "Kumquat for members" not in page.words
    assert "Kumquat for members" in (await house.browser.get("/search?q=kumquat")).words
    people = await house.stranger.get("/people?q=KUMQUAT+find")
    assert (open_one.actor.display_name in people.words, "Hidden" in people.words) == (True, False)
    assert "Findme" not in (await house.stranger.get("/people?q=kumquat+baker")).words


# About the hub


async def test_how_we_work_names_offices_with_their_terms_and_limits_with_their_reasons(house: House) -> None:
    await house.hub.db.execute(
        """
        INSERT INTO measures (kind, target_kind, target, public_reason, private_reason, state, executed_at)
        VALUES ('limit', 'domain', 'spam.example', 'Advertising', 'a secret', 'executed', now())
        """
    )
    page = await house.stranger.get("/about")
    assert re.search(r"Steward .* ana .* 20\d\d", page.words)
    assert "spam.example Shown only to those who follow Advertising" in page.words
    assert "a secret" not in page.text
    assert "AGPL" in page.words
    doors = await house.stranger.get("/take-part")
    assert all(
        f"<h2>{door}</h2>" in doors.text for door in ("Come", "Follow", "Subscribe", "Join", "Help", "Start a hub")
    )


async def test_stewards_write_the_legal_pages_and_see_them_before(house: House) -> None:
    assert "This hub is run by" in (await house.stranger.get("/imprint")).words
    assert (await house.stranger.get("/terms")).status == 404
    fields = {"text": "imprint", "text.en": "# Werkhof eG\n<script>x</script>", "text.de": "Genossenschaft"}
    preview = await house.browser.post("/admin/texts", fields | {"preview": "1"}, form="/admin/texts?text=imprint")
    assert "So it will look" in preview.words
    assert "This hub is run by" in (await house.stranger.get("/imprint")).words
    saved = await house.browser.post("/admin/texts", fields, form="/admin/texts?text=imprint")
    assert (saved.url, "Saved." in saved.words) == (f"{house.hub.base}/admin/texts", True)
    page = await house.stranger.get("/imprint")
    assert ("Werkhof eG" in page.words, "<script>" in page.text) == (True, False)
    assert "Genossenschaft" in (await house.stranger.get("/imprint", Accept_Language="de")).words
    long = await house.browser.post(
        "/admin/texts", fields | {"text.en": "x" * 20_001}, form="/admin/texts?text=imprint"
    )
    assert (long.status, "20000 characters at most" in long.words) == (422, True)
    day = {"text": "terms", "text.en": "Be kind.", "effective_on": "someday"}
    assert (await house.browser.post("/admin/texts", day, form="/admin/texts?text=terms")).status == 422
    assert (await house.browser.get("/admin/texts?text=nothing")).status == 404
    assert (await house.stranger.get("/admin/texts")).status == 401


async def test_a_message_reaches_the_stewards_and_its_writer_gets_a_number(house: House) -> None:
    said = {"name": "Cy", "email": "cy@example.org", "subject": "A key", "body": "I found a key."}
    wrong = await house.stranger.post("/contact", said | {"email": "nowhere", "body": ""})
    assert (wrong.status, 'value="Cy"' in wrong.text) == (422, True)
    assert "This is no mail address." in wrong.words
    robot = await house.stranger.post("/contact", said | {"website": "https://buy.example"})
    assert (robot.status, "only programs fill it in" in robot.words) == (422, True)
    assert await house.hub.db.fetchval("SELECT count(*) FROM contact_messages") == 0
    sent = await house.stranger.post("/contact", said)
    assert re.fullmatch(rf"{house.hub.base}/contact/[A-Z2-9]{{12}}", sent.url)
    assert ("Waiting for an answer" in sent.words, "I found a key." in sent.words) == (True, False)
    facts = await house.hub.db.fetchval(
        "SELECT facts::text FROM mails WHERE kind = 'contact' AND recipient = 'ana@hub.example'"
    )
    assert "I found a key." in facts
    desk = await house.browser.get("/admin/messages")
    assert "I found a key." in desk.words
    number = re.search(r'name="id" value="(\d+)"', desk.text)
    assert number
    wrong = await house.browser.post("/admin/messages", {"id": "0" * 30 + "9" * 5000}, form="/contact")
    assert wrong.status == 404
    done = await house.browser.post("/admin/messages", {"id": number[1]}, form="/contact")
    assert "No message waits." in done.words
    assert "Dealt with on" in (await house.stranger.get(sent.url.removeprefix(house.hub.base))).words
    assert (await house.browser.post("/admin/messages", {"id": number[1]}, form="/contact")).status == 404
    assert (await house.stranger.get("/contact/AAAABBBBCCCC")).status == 404


async def test_robots_sitemap_and_manifest_tell_machines_what_is_here(house: House) -> None:
    public = await an_event(house, "Listed")
    hidden = await a_thing(house.hub, "event", title="For members", audience="hub")
    robots = (await house.stranger.get("/robots.txt")).text
    assert f"Sitemap: {house.hub.base}/sitemap.xml" in robots
    assert "Disallow: /admin" in robots
    text = (await house.stranger.get("/sitemap.xml")).text
    ElementTree.fromstring(text)
    assert (public.url in text, hidden.url in text) == (True, False)
    page = await house.stranger.get("/manifest.webmanifest")
    manifest = msgspec.json.decode(page.text)
    assert (manifest["name"], page.headers["Content-Type"].split(";")[0]) == ("Werkhof", "application/manifest+json")
    for icon in manifest["icons"]:
        assert (await house.ask("GET", icon["src"])).status == 200


# Answering from elsewhere


async def test_a_visitor_goes_on_as_their_server_says_and_is_remembered(house: House) -> None:
    post = await an_event(house, "Joined from afar")
    other = house.hub.browser()
    links = [
        {"rel": f"{REL_INTENT}Join", "template": "https://social.example/join?it={object}&back={on-success}"},
        {"rel": f"{REL_INTENT}Object", "template": "https://social.example/any?it={object}"},
        {"rel": "http://ostatus.org/schema/1.0/subscribe", "template": "https://social.example/old?uri={uri}"},
    ]
    async with hostile_peer("127.0.0.8") as peer:
        peer.serve("/.well-known/webfinger", {"links": links}, content_type="application/jrd+json")
        form = f"/interact?intent=Join&uri={post.uri}"
        for intent, way in (("Join", "join?it="), ("Like", "any?it="), ("nonsense", "any?it=")):
            sent = {"account": f"bo@{peer.domain}", "uri": post.uri, "intent": intent}
            page = await other.post("/interact", sent, form=form)
            assert f"https://social.example/{way}" in page.text
        assert f'value="bo@{peer.domain}"' in (await other.get(form)).text
        peer.serve("/.well-known/webfinger", {"links": links[2:]}, content_type="application/jrd+json")
        assert "social.example/old?uri=" in (await other.post("/interact", sent, form=form)).text
        peer.serve("/.well-known/webfinger", {"links": []}, content_type="application/jrd+json")
        by_hand = await other.post("/interact", sent, form=form)
    assert "does not say where to go on" in by_hand.words
    assert post.uri in by_hand.words
    await other.session.close()


async def test_our_own_webfinger_offers_the_intents(house: House) -> None:
    answer = await house.stranger.get(f"/.well-known/webfinger?resource=acct:hub@{house.hub.urls.domain}")
    links = msgspec.json.decode(answer.text)["links"]
    offered = {one["rel"].removeprefix(REL_INTENT) for one in links if one["rel"].startswith(REL_INTENT)}
    assert offered == {"Object", "Follow", "Like", "Announce", "Join", "Create"}


# Errors, weight, questions to the database


async def test_without_the_database_a_page_says_so_plainly(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise asyncpg.CannotConnectNowError("starting up")

    monkeypatch.setattr("node.theming.frame.hubs.get", away)
    page = await house.stranger.get("/about")
    assert (page.status, "<h1>One moment, please</h1>" in page.text) == (503, True)
    assert "starting up" not in page.text


async def test_an_error_page_says_where_to_ask(house: House) -> None:
    page = await house.stranger.get("/events/1")
    assert (page.status, 'href="/contact"' in page.text, 'action="/search"' in page.text) == (404, True, True)


async def weigh(browser: Browser, path: str) -> int:
    """The bytes of a page with its styles, icons and scripts; nothing of it comes from elsewhere."""
    page = await browser.get(path)
    assert page.status == 200, path
    linked = re.findall(
        r'<(?:script|img|link rel="(?:stylesheet|icon|manifest)")[^>]*(?:src|href)="([^"]+)"', page.text
    )
    files = {address for address in linked if not address.startswith("/media/")}
    assert all(address.startswith("/") and not address.startswith("//") for address in files)
    sizes = {address: len((await browser.get(address)).text.encode()) for address in files}
    assert sum(size for address, size in sizes.items() if ".js" in address) <= SCRIPT_BYTES
    icons = len((await browser.get(re.findall(r'href="(/static/icons[^"#]+)', page.text)[0])).text.encode())
    return len(page.text.encode()) + icons + sum(sizes.values())


async def questions(browser: Browser, path: str, asked: Counter[str]) -> int:
    """How often a page asks the database; new connections of the pool ask for themselves, so the least counts."""
    counts = []
    for _ in range(3):
        asked.clear()
        await browser.get(path)
        counts.append(asked["questions"])
    assert min(counts) > 0
    return min(counts)


async def test_each_page_is_light_and_asks_the_database_as_often_however_much_there_is(
    house: House, asked: Counter[str]
) -> None:
    before: dict[str, int] = {}
    for path in PUBLIC:
        assert await weigh(house.stranger, path) <= PAGE_BYTES, path
        before[path] = await questions(house.stranger, path, asked)
    peer = await a_neighbour(house.hub.db, "many")
    for number in range(12):
        starts = SOON + timedelta(hours=number)
        await an_event(house, f"Repair {number}", starts, place=at((50 + number / 10, 9.0), f"Hall {number}", "Fulda"))
        await their_event(house.hub.db, peer, f"Repair there {number}", starts)
        await a_thing(house.hub, ("finding", "call")[number % 2], title=f"Repair {number}", area="it")
    for path in PUBLIC:
        assert await questions(house.stranger, path, asked) == before[path], path
        assert await weigh(house.stranger, path) <= PAGE_BYTES, path


async def test_each_page_of_a_thing_or_member_asks_as_often_however_much_there_is(
    house: House, asked: Counter[str]
) -> None:
    hub, ana = house.hub, await actors.find_local(house.hub.db, "ana")
    assert ana
    things = [await a_thing(hub, kind, tags=["mending"]) for kind in ("event", "finding", "call")]
    paths = [f"/{one.kind}s/{one.id}" for one in things]
    paths += [f"{paths[0]}/people", f"{paths[0]}/check-in", f"{paths[2]}/desk", "/@ana", *ROOMS]

    async def more() -> None:
        for number in range(12):
            author = await a_remote_actor(hub.db, f"more{len(things)}-{number}")
            reply = a_remote_object(author, text=f"Well {number}", in_reply_to=things[number % 3].uri)
            assert await posts.upsert_remote(hub.db, reply, author)
            await notifications.tell_actor(hub.db, ana.id, "mention", from_id=author.id, post_id=things[0].id)
            mine = await a_thing(hub, ("event", "call", "post")[number % 3], title=f"Mine {number}", actor=ana)
            await hub.db.execute("INSERT INTO bookmarks (actor_id, post_id) VALUES ($1, $2)", ana.id, mine.id)
            await attend(hub.node, hub.db, author, things[0].id, "going", "join", activity_uri=f"{author.uri}/join")
            await receive_offer(hub.db, author, things[2], f"{author.uri}/offer", "<p>I</p>", quantity=1, hours=None)
            await members.insert(hub.db, Entry(name=f"Eva {number}"), None)
        things.append(things[0])

    await more()
    before = {path: await questions(house.browser, path, asked) for path in (*paths, *OWN)}
    await more()
    after = {path: await questions(house.browser, path, asked) for path in (*paths, *OWN)}
    assert after == before


@pytest.mark.parametrize("path", ["/", "/events", "/map", "/findings", "/calls", "/areas/it", "/hubs", "/people"])
async def test_a_list_names_a_feed_that_answers(house: House, path: str) -> None:
    page = await house.stranger.get(path)
    feeds = re.findall(
        r'<link rel="alternate" type="(?:text/calendar|application/atom\+xml)"[^>]*href="([^"]+)"', page.text
    )
    assert feeds, path
    for feed in feeds:
        assert (await house.stranger.get(feed.replace("&amp;", "&"))).status == 200
