"""The page of a place: how one gets in stands there and with each event, and editors say so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from node.store.events import places
from schemas.limits import ACCESS_NOTE_CHARS
from schemas.things import Place
from tests.factories import an_event_detail
from tests.node.pages.conftest import Browser, Hub
from tests.node.pages.form_reader import fields_of
from tests.node.pages.test_reading import a_thing

HALL = Place(name="Hall", locality="Bern", country="CH", latitude=46.95, longitude=7.44)


async def test_the_access_is_described_once_and_stands_everywhere(hub: Hub, ana: Browser, stranger: Browser) -> None:
    place = await places.keep(hub.db, HALL, hub.urls.place)
    path = (place.uri or "").removeprefix(hub.urls.base_url)
    soon = an_event_detail(datetime.now(UTC) + timedelta(days=3), place=place)
    event = await a_thing(hub, event=soon)
    assert "Nobody has described the access yet." in (await stranger.get(path)).words
    assert "Describe the access" in (await ana.get(f"/events/{event.id}")).words

    said = {"access": ["hearing_loop", "step_free"], "access_note": "Door 90 cm wide.\nRing twice."}
    page = await ana.post(f"{path}/access", said)
    assert "Saved. It stands on the page of each event there." in page.text
    for shown in (path, f"/events/{event.id}"):
        page = await stranger.get(shown)
        for words in ("No steps from the street to the room", "A hearing loop", "Door 90 cm wide. Ring twice."):
            assert words in page.words
        assert "Describe the access" not in page.words
    await a_thing(hub, title="Upstairs", event=an_event_detail(datetime.now(UTC) + timedelta(days=2)))
    assert ("Repair café" in (words := (await stranger.get("/events?step_free=1")).words), "Upstairs" in words) == (
        True, False)  # fmt: skip
    document = msgspec.json.decode((await stranger.get(f"/events/{event.id}", Accept="application/activity+json")).text)
    features = document["location"]["amenityFeature"]
    assert [(one["propertyID"].rpartition("#")[2], one["value"]) for one in features] == [
        ("step_free", True), ("hearing_loop", True)]  # fmt: skip
    assert document["location"]["coop:accessNote"].startswith("Door 90 cm wide.")
    page = await stranger.get(f"/events/{event.id}")
    data = msgspec.json.decode(page.text.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert data["location"][0]["amenityFeature"][0]["name"] == "No steps from the street to the room"
    updates = "SELECT count(*) FROM activities WHERE type = 'Update' AND post_id = $1"
    assert await hub.db.fetchval(updates, event.id) == 1
    await ana.post(f"{path}/access", said)
    assert await hub.db.fetchval(updates, event.id) == 1, "nothing changed, nothing is said"
    assert await hub.db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'notify_attendees'") == 0


@pytest.mark.parametrize(
    ("sent", "words"),
    [({"access": ["wings"]}, "Choose one of"), ({"access_note": "x" * (ACCESS_NOTE_CHARS + 1)}, "too long")],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    hub: Hub, ana: Browser, sent: dict[str, object], words: str
) -> None:
    place = await places.keep(hub.db, HALL, hub.urls.place)
    path = (place.uri or "").removeprefix(hub.urls.base_url)
    page = await ana.post(f"{path}/access", sent)
    assert page.status == 422
    assert (await places.get(hub.db, int(path.rpartition("/")[2]))).place == place


async def test_only_editors_describe_places(hub: Hub, stranger: Browser) -> None:
    place = await places.keep(hub.db, HALL, hub.urls.place)
    path = (place.uri or "").removeprefix(hub.urls.base_url)
    bo = await hub.signed_in("bo")
    assert (await bo.get(f"{path}/access")).status == 403
    assert (await bo.post(f"{path}/access", {"access": ["lift"]}, form="/contact")).status == 403
    assert (await stranger.get(f"{path}/access")).status == 401
    assert (await bo.get("/places/1/access")).status == 404


async def test_who_publishes_an_event_describes_a_place_that_nobody_has_described(hub: Hub, ana: Browser) -> None:
    starts = f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%dT19:00}"
    form = fields_of((await ana.get("/new/event")).text, "/new/event")
    form |= {"versions.0.name": ["Choir"], "starts": [starts], "place.name": ["Chapel"], "acting_as": ["hub"]}
    first = await ana.post("/new/event", form | {"place.access": [], "place.access_note": [""]})
    told = {"place.access": ["lift"], "place.access_note": ["Ring at the side door."]}
    second = await ana.post("/new/event", form | told)
    wrong = await ana.post("/new/event", form | {"place.access": ["wings"]})
    other = await ana.post("/new/event", form | {"place.access": ["parking"]})
    assert (wrong.status, 'id="place-access"' in wrong.text) == (422, True)
    for page in (first, second, other):
        words = (await ana.get(page.url.removeprefix(hub.base))).words
        assert ("A lift to all floors" in words, "side door" in words, "Parking" in words) == (True, True, False)
    edited = fields_of((await ana.get(f"{first.url.removeprefix(hub.base)}/edit")).text)
    assert edited["place.access"] == ["lift"]
