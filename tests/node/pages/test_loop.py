"""Finding → call → event → finding: each step carries over what is known, and each page shows the chain."""

from __future__ import annotations

import msgspec

from node.actions.publish import publish
from node.store.posts import posts
from node.wording.showing import page_path
from schemas.drafts import CallDraft, Draft, EventDraft, FindingDraft
from schemas.drafts.parts import PlaceDraft, VersionDraft
from schemas.records import Post
from tests.node.pages.conftest import Browser, Hub
from tests.node.pages.form_reader import fields_of

WORDS = (
    VersionDraft(language="en", name="Twelve are enough", text="A car pays.\n\nSeen daily."),
    VersionDraft(language="de", name="Zwölf genügen", text="Ein Auto lohnt sich."),
)


async def made(hub: Hub, draft: Draft, who: str = "bo", **fields: object) -> Post:
    """Publish as a member of this name, who may be new."""
    viewer = await hub.member(who)
    async with hub.db.transaction():
        return await publish(hub.node, hub.db, viewer, msgspec.structs.replace(draft, **fields))


async def test_a_finding_becomes_a_call_an_event_and_a_finding(hub: Hub, ana: Browser) -> None:
    root = await made(hub, FindingDraft(versions=WORDS, claim="Twelve households carry a car.", area="housing"))
    page = await ana.get(f"/findings/{root.id}")
    assert f"/new/call?from={root.uri.replace(':', '%3A')}" in page.text

    form = fields_of((await ana.get(f"/new/call?from={root.uri}")).text, "/new/call")
    assert form["versions.0.name"] == ["Twelve are enough"]
    assert form["versions.1.name"] == ["Zwölf genügen"]
    assert form["area"] == ["housing"]
    assert "Twelve households carry a car." in form["versions.0.text"][0]
    assert root.uri in form["versions.1.text"][0]
    call = await ana.post("/new/call", {**form, "remote": "true"})
    assert call.status == 200, call.words

    at = await posts.find_by_uri(hub.db, call.url)
    assert at
    assert at.born_of == root.uri
    form = fields_of((await ana.get(f"/new/event?from={at.uri}")).text, "/new/event")
    when = {"starts": "2031-05-03T10:00", "zone": "Europe/Berlin", "place.name": "Hall"}
    event = await ana.post("/new/event", {**form, **when})
    assert event.status == 200, event.words

    form = fields_of((await ana.get(f"/new/finding?from={event.url}")).text, "/new/finding")
    assert form["contributors"][0].startswith("@")
    finding = await ana.post("/new/finding", {**form, "claim": "It works."})
    assert finding.status == 200, finding.words
    for path in (f"/findings/{root.id}", page_path(at), event.url.removeprefix(hub.base), finding.url[len(hub.base) :]):
        words = (await ana.get(path)).text
        chain = words.partition('class="chain"')[2].partition("</ol>")[0]
        assert chain.count("<li") == 4, path
        assert chain.count('aria-current="page"') == 1, path


async def test_the_chain_ends_where_the_viewer_may_not_see(hub: Hub, ana: Browser, stranger: Browser) -> None:
    first = await made(hub, FindingDraft(versions=WORDS, claim="Ours alone.", audience="hub"))
    second = await made(hub, CallDraft(versions=WORDS, remote=True, born_of=first.uri, audience="public"), "cy")
    assert 'class="chain"' in (await ana.get(f"/calls/{second.id}")).text
    seen = await stranger.get(f"/calls/{second.id}")
    assert 'class="chain"' not in seen.text
    assert f"/findings/{first.id}" not in seen.text


async def test_what_a_thing_came_from_can_be_looked_for(hub: Hub, ana: Browser) -> None:
    place = PlaceDraft(name="Hall")
    event = await made(
        hub, EventDraft(versions=WORDS, starts="2031-05-03T10:00", zone="Europe/Berlin", place=place, area="it")
    )
    form = fields_of((await ana.get("/new/finding")).text, "/new/finding")
    form |= {"versions.0.name": ["What we saw"], "claim": ["It pays."]}
    found = await ana.post("/new/finding", {**form, "origin.words": "Auto", "more": "origin"})
    assert f'value="{event.uri}"' in found.text
    assert fields_of(found.text, "/new/finding")["versions.0.name"] == ["What we saw"]
    page = await ana.post("/new/finding", {**form, "chosen_origin": event.uri})
    assert "What was found" in (await ana.get(f"/events/{event.id}")).words
    kept = await posts.find_by_uri(hub.db, page.url)
    assert kept
    assert kept.born_of == event.uri
    none = await ana.post("/new/finding", {**form, "origin.words": "zzz-none", "more": "origin"})
    assert "Nothing has these words." in none.words


async def test_nothing_is_carried_from_what_the_viewer_may_not_see(hub: Hub, ana: Browser) -> None:
    bo = await made(hub, FindingDraft(versions=WORDS, claim="Mine."))
    await hub.db.execute("UPDATE posts SET audience = 'direct' WHERE id = $1", bo.id)
    form = fields_of((await ana.get(f"/new/call?from={bo.uri}")).text, "/new/call")
    assert form["versions.0.name"] == [""]
    assert form["born_of"] == [""]
