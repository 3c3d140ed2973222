"""A line of a profile, and what a member can do, is read by those whom the member chose and by nobody else, whichever
way they come."""

from __future__ import annotations

import io
import json
import zipfile

from node.pages.member.taking import make_export
from node.store.people import follows
from schemas.limits import KEPT_LINES
from tests.node.pages.conftest import Browser, Hub
from tests.node.pages.test_presenting import ana_of, send, updates

LINES = {
    "fields.0.name": "Web",
    "fields.0.value": "openword",
    "fields.1.name": "Phone",
    "fields.1.value": "hubword",
    "fields.1.audience": "hub",
    "fields.2.name": "Birthday",
    "fields.2.value": "friendword",
    "fields.2.audience": "followers",
    "fields.3.name": "Size of shoes",
    "fields.3.value": "ownword",
    "fields.3.audience": "self",
    "discoverable": "true",
}
KNOWN = {"skills": "tiling", "place": "Kassel", "languages": ["eo"], "areas": ["housing"]}
"""What somebody can do; who reads it is said beside it."""

WORDS = ("openword", "hubword", "friendword", "ownword")


async def read(browser: Browser, path: str, accept: str = "text/html", words: tuple[str, ...] = WORDS) -> list[str]:
    """Which of the words the answer holds."""
    text = (await browser.get(path, Accept=accept)).text
    return [one for one in words if one in text]


async def finds(browser: Browser, query: str) -> bool:
    """Whether the list of people shows Ana for a query."""
    return 'href="/@ana"' in (await browser.get(f"/people?{query}")).text


async def follow(hub: Hub, name: str) -> None:
    one, ana = await ana_of(hub, name), await ana_of(hub)
    await follows.insert(hub.db, one.id, ana.id, f"{one.uri}#follow", accepted=True)


async def test_each_line_is_read_by_those_it_is_for(hub: Hub, ana: Browser, stranger: Browser) -> None:
    assert "Saved." in (await send(ana, LINES)).words
    bo, cy = await hub.signed_in("bo"), await hub.signed_in("cy")
    await follow(hub, "cy")
    assert await read(ana, "/@ana") == list(WORDS)
    assert await read(ana, "/@ana?seen_by=followers") == ["openword", "friendword"]
    assert await read(bo, "/@ana?seen_by=self") == ["openword", "hubword"]
    assert await read(cy, "/@ana") == ["openword", "hubword", "friendword"]
    assert await read(stranger, "/@ana") == ["openword"]
    blocker, blocked = await ana_of(hub), await ana_of(hub, "bo")
    await hub.db.execute("INSERT INTO blocks (blocker_id, blocked_id) VALUES ($1, $2)", blocker.id, blocked.id)
    assert await read(bo, "/@ana") == ["openword"]


async def test_what_is_not_for_everybody_takes_no_other_way_out(hub: Hub, ana: Browser, stranger: Browser) -> None:
    await send(ana, LINES)
    sent = await updates(hub)
    await send(ana, {"fields.1.value": "hubword too"})
    assert await updates(hub) == sent
    token = await hub.db.fetchval("SELECT string_agg(document, ' ') FROM activities")
    assert [one for one in WORDS if one in token] == ["openword"]
    friend = await hub.signed_in("bo")
    number = (await ana_of(hub)).id
    for browser in (stranger, friend):
        for path in (
            "/actors/ana",
            "/api/v1/accounts/lookup?acct=ana",
            f"/api/v1/accounts/{number}",
            "/api/v1/directory",
        ):
            for accept in ("application/activity+json", "application/json"):
                assert set(await read(browser, path, accept)) <= {"openword"}, path
    for path in ("/", "/events.atom", "/people", "/search?q=ana", "/.well-known/webfinger?resource=acct:ana@127.0.0.1"):
        assert set(await read(stranger, path)) <= {"openword"}, path


async def test_people_are_found_by_what_the_reader_may_read(hub: Hub, ana: Browser, stranger: Browser) -> None:
    await send(ana, LINES)
    shown = {"shown.skills": "hub", "shown.languages": "public", "shown.areas": "followers"}
    assert "Saved." in (await ana.post("/settings/matching", {**KNOWN, **shown})).words
    bo, cy = await hub.signed_in("bo"), await hub.signed_in("cy")
    await follow(hub, "cy")
    for query, found in {
        "q=openword": (True, True, True),
        "q=hubword": (False, True, True),
        "q=friendword": (False, False, True),
        "q=ownword": (False, False, False),
        "q=tiling": (False, True, True),
        "q=kassel": (False, False, False),
        "language=eo": (True, True, True),
        "area=housing": (False, False, True),
        "q=tiling&area=housing&language=eo": (False, False, True),
        "q=tiling&area=housing&language=de": (False, False, False),
    }.items():
        assert (await finds(stranger, query), await finds(bo, query), await finds(cy, query)) == found, query
    facts = ("tiling", "Kassel", "Esperanto")
    assert await read(stranger, "/@ana", words=facts) == ["Esperanto"]
    assert await read(bo, "/@ana", words=facts) == ["tiling", "Esperanto"]
    assert await read(ana, "/@ana", words=facts) == list(facts)


async def test_the_places_of_lines_stay_and_there_is_an_end_to_them(hub: Hub, ana: Browser) -> None:
    await send(ana, LINES)
    page = await send(ana, {"fields.0.audience": "self", "fields.3.audience": "nonsense"})
    actor = await ana_of(hub)
    assert (list(actor.fields), page.text.index("openword") < page.text.index("hubword")) == ([], True)
    assert await hub.db.fetchval("SELECT count(*) FROM kept_lines WHERE audience = 'self'") == 2
    many = {f"fields.{n}.{part}": "x" for n in range(KEPT_LINES + 1) for part in ("name", "value")}
    many |= {f"fields.{n}.audience": "hub" for n in range(KEPT_LINES + 1)}
    page = await send(ana, many)
    assert page.status == 422
    assert await hub.db.fetchval("SELECT count(*) FROM kept_lines") == 4


async def test_one_takes_along_what_one_told_only_some(hub: Hub, ana: Browser) -> None:
    await send(ana, LINES)
    await ana.post("/settings/data", {})
    number = await hub.db.fetchval("SELECT max(id) FROM exports")
    await make_export(hub.node, number)
    async with ana.session.get(f"{hub.base}/settings/data/{number}") as answer:
        file = zipfile.ZipFile(io.BytesIO(await answer.read()))
    lines = json.loads(file.read("account.json"))["lines"]
    assert [one["source"] for one in lines] == list(WORDS)
    assert [one.get("audience", "public") for one in lines] == ["public", "hub", "followers", "self"]
