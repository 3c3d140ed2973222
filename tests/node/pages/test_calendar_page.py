"""The calendar and the map: what they show, once each, narrowed and page by page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import msgspec
import pytest
from icalendar import Calendar

from node.pages.calendar_sources import Entry, merged
from node.pages.map_drawing import EUROPE_VIEW, WORLD_VIEW, around, drawing, view
from node.store.db import Db
from node.store.events import places
from node.store.events.twins import Pair
from node.store.posts import posts
from schemas.limits import LIST_ITEMS
from schemas.records import Actor, Post
from schemas.things import Place
from tests.factories import a_remote_actor, a_remote_object, an_event_detail
from tests.house.conftest import House, house
from tests.node.pages.test_reading import a_thing
from tests.peer import hostile_peer

__all__ = ["house"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOON = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=5)
LEIPZIG, LYON = (51.34, 12.37), (45.76, 4.84)
FEED = re.compile(r'<link rel="alternate" type="(?:text/calendar|application/atom\+xml)"[^>]*href="([^"]+)"')


def at(spot: tuple[float, float], name: str = "Werkhof", town: str = "Leipzig") -> Place:
    return Place(name=name, locality=town, latitude=spot[0], longitude=spot[1])


async def an_event(house: House, title: str, starts: datetime = SOON, **detail: Any) -> Post:
    """An event of the hub; its place is one of ours."""
    if place := detail.get("place"):
        detail["place"] = await places.keep(house.hub.db, place, house.hub.urls.place)
    return await a_thing(house.hub, title=title, area="it", event=an_event_detail(starts, **detail))


async def a_neighbour(db: Db, name: str) -> Actor:
    """An approved hub on another server."""
    peer = await a_remote_actor(
        db, name, kind="Organization", host=f"https://{name}.example", display_name=name.title()
    )
    await db.execute("INSERT INTO known_hubs (actor_id, state) VALUES ($1, 'approved') ON CONFLICT DO NOTHING", peer.id)
    return peer


async def their_event(db: Db, peer: Actor, title: str, starts: datetime = SOON, **detail: Any) -> Post:
    said = a_remote_object(peer, kind="event", text=title, event=an_event_detail(starts, **detail))
    return await posts.upsert_remote(db, said, peer)


def titles(page: str) -> list[str]:
    """What stands on a page as titles that are links, in order."""
    return re.findall(r"<h[2-4][^>]*><a href=[^>]*>([^<]*)</a></h", page)


# The calendar


async def test_a_month_and_a_week_show_their_days_and_lead_on(house: House) -> None:
    await an_event(house, "Camp", datetime(2027, 6, 29, 18, tzinfo=UTC), ends_at=datetime(2027, 7, 2, 12, tzinfo=UTC),
                   ends_local=datetime(2027, 7, 2, 12))  # fmt: skip
    june = await house.stranger.get("/events?view=month&day=2027-06-30")
    assert (june.text.count("Camp</a>"), june.text.count("<tr>")) == (5, 6)
    assert re.search(r'href="/events\?view=month&amp;day=2027-05-01" rel="prev"', june.text)
    assert re.search(r'href="/events\?view=month&amp;day=2027-07-01" rel="next"', june.text)
    assert "Tuesday, 29 June 2027: 1 event" in june.words
    week = await house.stranger.get("/events?view=week&day=2027-06-30")
    assert titles(week.text) == ["Camp"] * 4
    assert 'day=2027-06-21" rel="prev"' in week.text
    for odd in ("nonsense", "9999-99-99", "0001-01-01"):
        assert (await house.stranger.get(f"/events?view=month&day={odd}")).status == 200
    assert (await house.stranger.get("/events?view=year")).status == 422


async def test_events_are_narrowed_by_distance_and_online_and_by_whose_they_are(house: House) -> None:
    await an_event(house, "Near one", place=at(LEIPZIG))
    await an_event(house, "Far one", place=at(LYON, "Maison", "Lyon"))
    await an_event(house, "Call-in", online_url="https://meet.example/1")
    await their_event(house.hub.db, await a_neighbour(house.hub.db, "kiez"), "Of the neighbours")
    await their_event(house.hub.db, await a_remote_actor(house.hub.db, "nobody"), "Of somebody unknown")

    async def shown(query: str) -> set[str]:
        found = titles((await house.stranger.get(f"/events?{query}")).text)
        return {"Near one", "Far one", "Call-in", "Of the neighbours", "Of somebody unknown"} & set(found)

    assert await shown("") == {"Near one", "Far one", "Call-in", "Of the neighbours"}
    assert await shown("from=here") == {"Near one", "Far one", "Call-in"}
    assert await shown("near=leipzig&km=50") == {"Near one"}
    assert await shown("near=51.3,12.3&km=50") == {"Near one"}
    assert await shown("near=MAISON&km=5") == {"Far one"}
    assert await shown("online=1") == {"Call-in"}
    unknown = await house.stranger.get("/events?near=Atlantis")
    assert "We know no place called Atlantis" in unknown.words


async def test_feeds_of_the_calendar_keep_what_was_chosen(house: House) -> None:
    await an_event(house, "Feed near", place=at(LEIPZIG, "Feed hall", "Feedstadt"))
    page = await house.stranger.get("/events?near=Feedstadt&km=10&area=it")
    feeds = re.findall(
        r'<link rel="alternate" type="(?:text/calendar|application/atom\+xml)"[^>]*href="([^"]+)"', page.text
    )
    assert len(feeds) == 2
    for feed in (one.replace("&amp;", "&") for one in feeds):
        text = (await house.stranger.get(feed)).text
        assert ("Feed near" in text, "Far one" in text) == (True, False)
    calendar = Calendar.from_ical((await house.stranger.get(feeds[1].replace("&amp;", "&"))).text)
    assert "Feedstadt" in str(calendar["X-WR-CALNAME"])


async def test_the_same_event_stands_once_until_an_editor_takes_it_apart(house: House) -> None:
    hub, starts = house.hub, SOON + timedelta(days=9)
    ours = await an_event(house, "Mending evening", starts, place=at((50.0, 8.0), "Hall", "Mainz"))
    peer = await a_neighbour(hub.db, "mainz")
    theirs = await their_event(
        hub.db, peer, "Mending Évening", starts + timedelta(minutes=20), place=at((50.0005, 8.0005), "The hall")
    )
    await their_event(hub.db, peer, "Mending evening", starts, place=at((50.2, 8.0), "Elsewhere"))
    page = await house.stranger.get("/events?near=50.0,8.0&km=5")
    assert titles(page.text) == ["Mending evening"]
    assert "Probably the same, at Mainz (mainz.example)" in page.words
    assert "show apart" not in page.words
    address = f"/events/{ours.id}/sources"
    fields = {"deed": "split", "other": [str(theirs.id)], "return_to": "/events?near=50.0,8.0&km=5"}
    apart = await house.browser.post(address, fields, form="/contact")
    assert titles(apart.text) == ["Mending evening", "Mending Évening"]
    again = await house.browser.post(address, fields | {"deed": "join"}, form="/contact")
    assert titles(again.text) == ["Mending evening"]
    assert (await house.browser.post(address, {"deed": "x"}, form="/contact")).status == 422
    assert (await house.stranger.post(address, fields, form="/contact")).status == 401


@pytest.mark.parametrize("when", ["upcoming", "past"])
async def test_sources_on_two_pages_of_the_agenda_stand_on_the_first_of_them(house: House, when: str) -> None:
    hub, starts = house.hub, SOON + timedelta(days=400) if when == "upcoming" else SOON - timedelta(days=900)
    step = timedelta(days=1) if when == "upcoming" else timedelta(days=-1)
    hall = at((44.0, 4.0), "Hall", "Orange")
    for number in range(LIST_ITEMS - 1):
        await an_event(house, f"{when} {number}", starts + number * step, place=hall)
    edge = starts + LIST_ITEMS * step
    await an_event(house, "Market of seeds", edge, place=hall)
    peer = await a_neighbour(hub.db, f"orange-{when}")
    await their_event(hub.db, peer, "Market of Seeds", edge + step / 100, place=at((44.0005, 4.0005), "The hall"))
    path, onward = f"/events?near=44.0,4.0&km=5&when={when}", re.compile(r'href="([^"]*after=[^"]+)" rel="next"')
    first = await house.stranger.get(path)
    assert (titles(first.text)[-1], f"(orange-{when}.example)" in first.words) == ("Market of seeds", True)
    assert not onward.search(first.text), "there is nothing else to come"
    await an_event(house, "Another one", edge + step, place=hall)
    [address] = onward.findall((await house.stranger.get(path)).text)
    assert titles((await house.stranger.get(unescape(address))).text) == ["Another one"]


async def test_what_names_the_same_address_is_the_same_for_certain(house: House) -> None:
    starts, peer = SOON + timedelta(days=12), await a_neighbour(house.hub.db, "tours")
    told = await an_event(house, "Fête", starts, join_mode="external", external_url="https://tours.example/fete")
    said = a_remote_object(peer, kind="event", text="Quite another title", event=an_event_detail(starts))
    await posts.upsert_remote(house.hub.db, msgspec.structs.replace(said, url="https://tours.example/fete"), peer)
    page = await house.stranger.get(f"/events?view=week&day={starts.date()}")
    assert "Also at Tours (tours.example)" in page.words
    assert told.event


async def test_an_event_out_of_a_calendar_is_one_with_the_copy_that_federates_until_an_editor_says_otherwise(
    house: House,
) -> None:
    """The calendar of a Mobilizon is taken over; the event arrives from there, too, under another title and place."""
    starts, peer = SOON + timedelta(days=30), await a_neighbour(house.hub.db, "mobilizon")
    uid = "d7c1f2a0-6b1c-4bde-9a55-0c8c6ef2f7aa"
    fields = {
        "versions.0.name": "Plenary",
        "versions.0.language": "en",
        "starts": f"{starts:%Y-%m-%dT%H:%M}",
        "zone": "UTC",
        "place.name": "Yard",
    }
    entry = f"BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:Plenary\r\nDTSTART:{starts:%Y%m%dT%H%M%SZ}\r\nEND:VEVENT\r\n"
    calendar = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{entry}END:VCALENDAR\r\n"
    async with hostile_peer("127.0.0.7") as server:
        server.serve("/all.ics", calendar.encode(), content_type="text/calendar")
        form = await house.browser.post("/new/event/import", {"address": server.url("/all.ics")})
    assert f'name="uid" value="{uid}"' in form.text
    await house.browser.post("/new/event", fields | {"uid": uid}, form="/new/event")
    theirs = await their_event(house.hub.db, peer, "Vollversammlung", starts, uid=uid, place=at((10.0, 10.0), "Hof"))
    other = await their_event(house.hub.db, peer, "Something else", starts, uid="1")
    assert other.event and other.event.uid == "1"
    day = f"/events?view=week&day={starts.date()}"
    page = await house.stranger.get(day)
    assert sorted(titles(page.text)) == ["Plenary", "Something else"]
    assert "Also at Mobilizon (mobilizon.example)" in page.words
    ours = await house.hub.db.fetchval("SELECT post_id FROM events WHERE uid = $1 AND post_id <> $2", uid, theirs.id)
    assert f"UID:{uid}" in (await house.stranger.get(f"/events/{ours}.ics")).text
    told = {"deed": "split", "other": [str(theirs.id)], "return_to": day}
    apart = await house.browser.post(f"/events/{ours}/sources", told, form="/contact")
    assert sorted(titles(apart.text)) == ["Plenary", "Something else", "Vollversammlung"]


def a_post_like(number: int, *, local: bool) -> Post:
    return msgspec.structs.replace(_BLANK, id=number, local=local)


_ACTOR = Actor(id=1, uri="u", kind="Person", local=True, name="a", host="h", url="u", inbox="i",
               created_at=SOON, updated_at=SOON)  # fmt: skip
_BLANK = Post(id=1, uri="u", url="u", kind="event", type="Event", local=True, actor=_ACTOR, audience="public",
              published_at=SOON, updated_at=SOON, received_at=SOON)  # fmt: skip


async def test_ours_comes_first_and_what_was_split_stays_apart_beside_a_third() -> None:
    one, two, three = (a_post_like(number, local=number == 3) for number in (1, 2, 3))
    sure = Pair(one=1, other=3, sure=True, split=False)
    entries = merged([one, two, three], [sure])
    assert entries == [Entry(post=three, others=(one,)), Entry(post=two)]
    likely, split = Pair(one=2, other=3, sure=False, split=False), Pair(one=1, other=2, sure=False, split=True)
    entries = merged([one, two, three], [sure, likely, split])
    assert [(entry.post.id, [other.id for other in entry.others]) for entry in entries] == [(3, [1]), (2, [])]
    assert (entries[0].sure, entries[1].split) == (True, True)


# The map


async def test_the_map_leads_to_what_stands_on_it_and_says_it_as_a_list(house: House) -> None:
    await an_event(house, "Mapped", place=at((48.2, 16.37), "Hof", "Wien"))
    page = await house.stranger.get("/map?show=events&at=48.2,16.37&zoom=7")
    assert re.search(r'<a href="/events/\d+" aria-label="Mapped, Wien">', page.text)
    assert "Mapped" in page.words.partition("As a list")[2]
    assert "Near one" not in page.words
    assert "zoom=6" in page.text
    assert "zoom=8" not in page.text
    everything = await house.stranger.get("/map")
    assert "Kiez" not in everything.words  # a hub of which nobody knows where it is
    assert re.search(r"\d here: look nearer", everything.text)
    for odd in ("at=91,200&zoom=-5", "at=nonsense", "at=0,0&zoom=99"):
        assert (await house.stranger.get(f"/map?{odd}")).status == 200


async def test_a_place_shows_where_it_is_and_what_takes_place_there(house: House) -> None:
    post = await an_event(house, "At the place", place=at((47.0, 2.0), "Grange", "Bourges"))
    assert post.event
    assert post.event.place
    page = await house.stranger.get((post.event.place.uri or "").removeprefix(house.hub.base))
    assert ("At the place" in page.words, "<svg" in page.text, "/map?at=47.00,2.00" in page.text) == (True, True, True)


async def test_outlines_are_cut_to_what_is_looked_at() -> None:
    for seen in (EUROPE_VIEW, WORLD_VIEW, view(51.3, 12.4, 7), view(-30, 150, 4), view(0, 180, 2)):
        made = drawing(seen)
        numbers = re.findall(r"M(-?\d+) (-?\d+)", made.land + made.fine + made.borders)
        assert all(-3 <= int(x) <= 603 and -3 <= int(y) <= 463 for x, y in numbers)
        assert len(made.land) + len(made.fine) + len(made.borders) < 45_000
    assert around([LEIPZIG, LYON]).zoom < around([LEIPZIG]).zoom
    x, y = EUROPE_VIEW.xy(EUROPE_VIEW.latitude, EUROPE_VIEW.longitude)
    assert (round(x), round(y)) == (300, 230)


@pytest.mark.parametrize("audience", ["hub", "followers", "direct"])
async def test_case_107_where_a_private_event_is_strangers_are_not_told(house: House, audience: str) -> None:
    hidden = at((50.9, 4.4), f"Secret flat {audience}", "")
    detail = an_event_detail(SOON, place=await places.keep(house.hub.db, hidden, house.hub.urls.place))
    await a_thing(house.hub, title="Private", audience=audience, event=detail)
    assert hidden.name not in (await house.stranger.get("/events")).text
    asked = await house.stranger.get(f"/events?near={hidden.name.replace(' ', '+')}&km=5")
    assert asked.text.count(hidden.name) == (await house.stranger.get("/events?near=No+such+place")).text.count(
        "No such"
    )
