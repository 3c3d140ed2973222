"""What readers see: pages and feeds of what is public, nothing of what is not for them, nothing that a text breaks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from node.ids import new_id
from node.store.people import actors
from node.store.posts import posts
from node.wording.showing import page_path
from schemas.records import Actor, Post
from schemas.things import Attachment, CallDetail, EventDetail, FindingDetail, Link, Place, Version
from tests.factories import a_post, a_remote_actor, a_remote_object, an_event_detail
from tests.node.pages.conftest import Browser, Hub

DATA = re.compile(r'<script type="application/ld\+json">[^<]*</script>')
"""What machines are told runs nowhere, and holds nothing that could end it."""
ATOM = "{http://www.w3.org/2005/Atom}"
LISTS = ("/", "/events", "/findings", "/calls", "/areas/housing", "/tags/mending", "/@hub", "/events.ics")
FEEDS = (
    "/events.atom",
    "/findings.atom",
    "/calls.atom",
    "/events.ics",
    "/events.atom?area=housing&tag=mending",
    "/@hub.atom",
    "/tags/mending.atom",
)
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}%s"


async def a_thing(hub: Hub, kind: str = "event", *, title: str = "Repair café", **fields: Any) -> Post:
    """Something the hub published, straight into the store."""
    actor = fields.pop("actor", None) or await actors.hub(hub.db)
    version = Version(language="en", name="" if kind == "post" else title, content=f"<p>{title}</p>")
    usual: dict[str, Any] = {"versions": [version], "area": "housing", "tags": ["mending"]}
    post_id = new_id()
    address = hub.urls.thing(kind, post_id)  # type: ignore[arg-type]
    mine = {"id": post_id, "uri": address, "url": address, "context": hub.urls.context(post_id)}
    return await a_post(hub.db, actor, kind=kind, **(usual | mine | fields))  # type: ignore[arg-type]


async def a_member_actor(hub: Hub, name: str) -> Actor:
    return (await hub.member(name)).actor


@pytest.mark.parametrize("kind", ["event", "finding", "call", "post"])
async def test_a_page_says_who_published_it_and_where_its_activitypub_form_is(
    hub: Hub, stranger: Browser, kind: str
) -> None:
    post = await a_thing(hub, kind)
    page = await stranger.get(page_path(post))
    assert page.status == 200
    assert "Repair café" in page.words
    assert f'<link rel="alternate" type="application/activity+json" href="{post.uri}">' in page.text
    assert f'<meta name="fediverse:creator" content="@hub@{hub.urls.domain}">' in page.text
    assert '<meta property="og:title" content="Repair café">' in page.text
    assert 'href="/areas/housing"' in page.text
    assert 'href="/tags/mending"' in page.text


async def test_one_address_answers_readers_and_servers(hub: Hub, stranger: Browser) -> None:
    post = await a_thing(hub)
    page = await stranger.get(page_path(post))
    document = await stranger.get(page_path(post), Accept="application/activity+json")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "json" in document.headers["Content-Type"]
    assert {"Accept", "Signature"} <= {one.strip() for one in page.headers["Vary"].split(",")}


async def test_an_event_says_when_in_its_zone_and_in_that_of_the_reader(hub: Hub) -> None:
    local = datetime(2027, 6, 4, 19, 0)
    detail = EventDetail(starts_at=datetime(2027, 6, 4, 23, 0, tzinfo=UTC), starts_local=local, zone="America/New_York")
    post = await a_thing(hub, event=detail)
    bo = await hub.signed_in("bo", zone="Asia/Tokyo")
    page = await bo.get(page_path(post))
    assert "Friday, 4 June 2027 19:00 Eastern Daylight Time (New York)" in page.words
    assert "For you: Saturday, 5 June 2027, 08:00 GMT+09:00" in page.words


async def test_a_reader_gets_the_own_language_of_text_and_page(hub: Hub, stranger: Browser) -> None:
    versions = [
        Version(language="fr", name="Atelier", content="<p>Venez</p>"),
        Version(language="de-AT", name="Werkstatt", content="<p>Kommt</p>"),
    ]
    post = await a_thing(hub, versions=versions)
    page = await stranger.get(page_path(post), Accept_Language="de")
    assert ("Werkstatt" in page.words, "Wann" in page.words) == (True, True)
    assert (page.headers["Content-Language"], '<html lang="de">' in page.text) == ("de", True)
    page = await stranger.get(page_path(post), Accept_Language="en")
    assert ("Atelier" in page.words, "When" in page.words) == (True, True)
    assert '<h1 lang="fr">Atelier</h1>' in page.text
    page = await stranger.get(f"{page_path(post)}?version=de-AT", Accept_Language="en")
    assert '<h1 lang="de-AT">Werkstatt</h1>' in page.text


async def test_a_choice_of_language_is_remembered(stranger: Browser) -> None:
    assert "Die nächsten Treffen" in (await stranger.get("/?lang=de")).words
    assert "Die nächsten Treffen" in (await stranger.get("/")).words
    assert "Die nächsten Treffen" in (await stranger.get("/?lang=xx")).words


async def test_lists_show_what_is_next_what_is_open_and_what_was_learnt(hub: Hub, stranger: Browser) -> None:
    soon = datetime.now(UTC) + timedelta(days=2)
    for title, starts in (("Later", soon + timedelta(days=90)), ("Soon", soon), ("Over", soon - timedelta(days=9))):
        await a_thing(hub, title=title, event=an_event_detail(starts))
    await a_thing(hub, "call", title="Carpenters")
    await a_thing(hub, "call", title="Nobody", call=CallDetail(state="closed"))
    await a_thing(hub, "finding", title="Enough")
    home = (await stranger.get("/")).words
    assert home.index("Soon") < home.index("Later") < home.index("Carpenters") < home.index("Enough")
    assert "Nobody" not in home
    events = (await stranger.get("/events")).words
    assert events.index("Soon") < events.index("Later")
    assert "Over" not in events
    assert "Over" in (await stranger.get("/events?when=past")).words
    calls = await stranger.get("/calls?when=all")
    assert "Nobody" in calls.words


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?area=housing", True),
        ("?area=it", False),
        ("?tag=Mending", True),
        ("?tag=other", False),
        ("?language=en", True),
        ("?language=fr", False),
        ("?q=repair", True),
        ("?q=nothing", False),
    ],
)
async def test_a_list_can_be_narrowed(hub: Hub, stranger: Browser, query: str, shown: bool) -> None:
    await a_thing(hub)
    page = await stranger.get(f"/events{query}")
    assert ("Repair café" in page.words) == shown
    assert shown or "Show everything" in page.words


async def test_lists_go_on_page_by_page_without_gaps(hub: Hub, stranger: Browser) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    for kind in ("event", "finding"):
        made = [
            await a_thing(
                hub, kind, **({"event": an_event_detail(soon + timedelta(hours=n))} if kind == "event" else {})
            )
            for n in range(23)
        ]
        wanted = [page_path(post) for post in (made if kind == "event" else made[::-1])]
        seen: list[str] = []
        address = f"/{kind}s"
        while address:
            page = await stranger.get(address)
            seen += re.findall(rf'<h\d><a href="(/{kind}s/\d+)">', page.text)
            onward = re.search(r'href="([^"]+)" rel="next"', page.text)
            address = unescape(onward[1]) if onward else ""
        assert seen == wanted


HIDDEN = ("followers", "hub", "direct", "group")


@pytest.mark.parametrize("audience", HIDDEN)
async def test_case_107_what_is_not_public_stands_in_no_list_and_no_feed(
    hub: Hub, stranger: Browser, audience: str
) -> None:
    for kind in ("event", "finding", "call", "post"):
        await a_thing(hub, kind, title="Secret plan", audience=audience)
    for path in (*LISTS, *FEEDS):
        assert "Secret plan" not in (await stranger.get(path)).text


async def test_case_107_what_is_unlisted_stands_in_no_list_and_no_feed(hub: Hub, stranger: Browser) -> None:
    post = await a_thing(hub, title="Quiet plan", audience="unlisted")
    for path in (path for path in (*LISTS, *FEEDS) if path != "/@hub"):
        assert "Quiet plan" not in (await stranger.get(path)).text
    assert "Quiet plan" in (await stranger.get(page_path(post))).words


@pytest.mark.parametrize("audience", HIDDEN)
async def test_case_106_what_is_private_answers_like_what_is_not_there(
    hub: Hub, stranger: Browser, audience: str
) -> None:
    post = await a_thing(hub, audience=audience)
    missing = str(post.id - 1)
    for path in ("/events/{}", "/events/{}.ics", "/@hub/{}", "/interact?uri=" + hub.urls.base_url + "/events/{}"):
        one = await stranger.get(path.format(post.id))
        other = await stranger.get(path.format(missing))
        assert one.status == other.status == 404
        assert one.text.replace(str(post.id), "") == other.text.replace(missing, "")


async def test_members_see_what_is_for_the_hub_also_in_lists_and_feeds_stay_public(hub: Hub) -> None:
    await a_thing(hub, title="For members", audience="hub")
    bo = await hub.signed_in("bo")
    page = await bo.get("/events")
    assert "For members" in page.words
    for path in FEEDS:
        assert "For members" not in (await bo.get(path)).text


async def test_a_thing_of_another_kind_is_not_at_this_address(hub: Hub, stranger: Browser) -> None:
    post = await a_thing(hub, "finding")
    for path in (f"/events/{post.id}", f"/posts/{post.id}", "/events/99999999999999999999", "/events/x", "/events/²"):
        assert (await stranger.get(path)).status == 404
    page = await stranger.get(f"/@hub/{post.id}", follow=False)
    assert (page.status, page.headers["Location"]) == (303, f"/findings/{post.id}")


async def test_case_67_nothing_that_is_said_becomes_part_of_the_page(hub: Hub, stranger: Browser) -> None:
    place = Place(name=EVIL, street=EVIL, locality=EVIL)
    plain = Version(language="en", name=EVIL, summary=EVIL, content="<p>ok</p>")
    told: dict[str, Any] = {"versions": [plain], "tags": ["mending", EVIL]}
    made = [
        await a_thing(hub, event=an_event_detail(place=place, online_url="javascript:alert(3)"), **told),
        await a_thing(hub, "finding", finding=FindingDetail(
            claim=EVIL, reasons=(EVIL,), scope=EVIL, sources=(Link(url="javascript:alert(4)", name=EVIL),),
            contributors=(EVIL,), license="javascript:alert(5)", born_of="javascript:alert(6)"), **told),
        await a_thing(hub, "call", call=CallDetail(skills=(EVIL,), effort=EVIL, contact=EVIL, place=place), **told),
        await a_thing(hub, "post", versions=[Version(language="en", summary=EVIL, content="<p>ok</p>")], attachments=[
            Attachment(url="javascript:alert(7)", media_type="image/png", alt=EVIL)]),
    ]  # fmt: skip
    for path in (*(page_path(post) for post in made), "/", "/events", "/findings", "/calls", "/@hub"):
        page = await stranger.get(path)
        assert page.status == 200
        assert "<script" not in DATA.sub("", page.text)
        assert "<img src=x" not in page.text
        assert 'href="javascript:' not in page.text
        assert "49%s" not in page.text  # case 145: {{7*7}} stays what it is
    assert "{{7*7}}%s" in (await stranger.get(page_path(made[0]))).text


async def test_pages_allow_nothing_inline_and_nothing_from_elsewhere(hub: Hub, stranger: Browser) -> None:
    post = await a_thing(hub)
    for path in ("/", "/events", page_path(post), "/about", "/nowhere", "/sign-in"):
        page = await stranger.get(path)
        policy = page.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        for banned in (" style=", " onclick=", "<style", "<script"):
            assert banned not in DATA.sub("", page.text)
        for part in page.text.split('src="')[1:] + page.text.split('rel="stylesheet" href="')[1:]:
            assert part.startswith("/static/")


async def test_static_files_are_kept_for_ever_and_change_their_address_with_their_contents(stranger: Browser) -> None:
    home = (await stranger.get("/")).text
    address = home.partition('rel="stylesheet" href="')[2].partition('"')[0]
    page = await stranger.get(address)
    assert page.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert page.headers["Content-Type"] == "text/css"
    assert "--meadow" in page.text
    assert (await stranger.get("/static/style.0000000000.css")).status == 404
    assert (await stranger.get("/static/../theme.toml")).status == 404


async def test_a_remote_event_says_where_it_is_from_and_is_not_for_search_engines(hub: Hub, stranger: Browser) -> None:
    author = await a_remote_actor(hub.db, "bo")
    async with hub.db.transaction():
        post = await posts.upsert_remote(hub.db, a_remote_object(author, kind="event", text="Elsewhere"), author)
    assert post
    assert "Elsewhere" not in (await stranger.get("/events")).words
    await hub.db.execute("INSERT INTO known_hubs (actor_id, state) VALUES ($1, 'approved')", author.id)
    page = await stranger.get(page_path(post))
    assert "from peer.example" in page.words
    assert '<meta name="robots" content="noindex">' in page.text
    assert f'<link rel="canonical" href="{post.url}">' in page.text
    assert "Elsewhere" in (await stranger.get("/events")).words
    assert "Elsewhere" not in (await stranger.get("/events.ics")).text
    assert post.uri in (await stranger.get("/events.ics?from=network")).text.replace("\r\n ", "")
    profile = await stranger.get("/@bo@peer.example")
    assert (profile.status, "Elsewhere" in profile.words) == (200, True)


async def test_case_117_who_is_suspended_has_no_page(hub: Hub, stranger: Browser) -> None:
    actor = await a_member_actor(hub, "bo")
    post = await a_thing(hub, actor=actor)
    await hub.db.execute("UPDATE actors SET suspended_at = now() WHERE id = $1", actor.id)
    for path in ("/@bo", page_path(post)):
        assert (await stranger.get(path)).status == 404
    assert "Repair café" not in (await stranger.get("/events")).words


@pytest.mark.parametrize("kind", ["event", "finding", "call"])
async def test_an_atom_feed_is_well_formed_and_escapes_everything(hub: Hub, stranger: Browser, kind: str) -> None:
    evil = f"A & B {EVIL}\x01 ]]>"
    version = Version(language="de", name=evil, content="<p>Text &amp; <b>more</b></p>")
    post = await a_thing(hub, kind, versions=[version])
    page = await stranger.get(f"/{kind}s.atom?area=housing")
    assert page.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(page.text)
    [entry] = feed.findall(f"{ATOM}entry")
    for one in (feed, entry):
        for name in ("id", "title", "updated"):
            assert len(one.findall(ATOM + name)) == 1
    assert feed.findtext(f"{ATOM}id") == f"{hub.base}/{kind}s.atom?area=housing"
    assert entry.findtext(f"{ATOM}id") == post.uri
    assert "alert(1)" in (entry.findtext(f"{ATOM}title") or "")
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "html"
    assert "<p>Text &amp; <b>more</b></p>" in (content.text or "")
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"
    author = entry.find(f"{ATOM}author")
    assert author is not None
    assert author.findtext(f"{ATOM}name") == "Werkhof"


async def test_the_calendar_of_the_hub_and_of_an_area_can_be_subscribed_to(hub: Hub, stranger: Browser) -> None:
    post = await a_thing(hub)
    await a_thing(hub, title="Elsewhere", area="it")
    await a_thing(hub, title="Long over", event=an_event_detail(datetime.now(UTC) - timedelta(days=400)))
    page = await stranger.get("/events.ics")
    assert page.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert {str(one["SUMMARY"]) for one in Calendar.from_ical(page.text).events} == {"Repair café", "Elsewhere"}
    [one] = Calendar.from_ical((await stranger.get("/events.ics?area=housing")).text).events
    assert one["UID"] == post.uri
    single = await stranger.get(f"/events/{post.id}.ics")
    assert single.headers["Content-Disposition"] == f'attachment; filename="event-{post.id}.ics"'
    assert Calendar.from_ical(single.text).events[0]["UID"] == post.uri


async def test_people_and_tags_have_feeds_which_their_pages_name(hub: Hub, stranger: Browser) -> None:
    await a_thing(hub, "post", title="Soup at noon")
    for path, page in (("/@hub.atom", "/@hub"), ("/tags/mending.atom", "/tags/mending")):
        feed = ElementTree.fromstring((await stranger.get(path)).text)
        assert [feed.findtext(f"{ATOM}id"), len(feed.findall(f"{ATOM}entry"))] == [hub.base + path, 1]
        assert path in (await stranger.get(page)).text
    for path in ("/@nobody.atom", "/@instance.atom"):
        assert (await stranger.get(path)).status == 404


async def test_a_feed_that_has_not_changed_is_not_sent_again(hub: Hub, stranger: Browser) -> None:
    await a_thing(hub)
    for path in ("/events.ics", "/events.atom"):
        page = await stranger.get(path)
        assert "max-age" in page.headers["Cache-Control"]
        again = await stranger.get(path, If_None_Match=page.headers["ETag"])
        assert (again.status, again.text) == (304, "")
        await a_thing(hub)
        assert (await stranger.get(path, If_None_Match=page.headers["ETag"])).status == 200


async def test_unknown_filters_of_feeds_and_lists_are_no_error_of_ours(stranger: Browser) -> None:
    for path in ("/events.ics?from=mars", "/findings?max_id=x", "/calls?when=never"):
        assert (await stranger.get(path)).status == 422
    for path in ("/events?after=nonsense", "/events?area=%27%3B--", "/events?q=%22%26%7C%21%28", "/tags/%25%5F"):
        assert (await stranger.get(path)).status == 200


async def test_the_pages_of_the_hub_itself_are_there(stranger: Browser) -> None:
    for path, words in (("/about", "Follow this hub"), ("/hubs", "Other hubs"), ("/@ana", "ana"), ("/areas/it", "IT")):
        page = await stranger.get(path)
        assert (page.status, words in page.words) == (200, True)
    for path in ("/areas/none", "/@nobody", "/@nobody@peer.example", "/actors/none", "/groups/none", "/@", "/places/1"):
        assert (await stranger.get(path)).status == 404
    page = await stranger.get("/actors/hub", follow=False)
    assert (page.status, page.headers["Location"]) == (303, "/@hub")
