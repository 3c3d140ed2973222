"""What members look for is theirs alone; calls that fit, ours and others', are told to them with the reasons."""

from __future__ import annotations

import msgspec
import pytest

from node.actions.match import match_call
from node.store.calls import matches
from node.store.posts import posts
from schemas.drafts import CallDraft
from schemas.things import CallDetail
from tests.factories import a_remote_actor, a_remote_object
from tests.node.pages.conftest import Browser, Hub
from tests.node.pages.test_loop import WORDS, made

CALL = CallDraft(versions=WORDS, remote=True, skills=("carpentry",))
WISHES = {"skills": "Carpentry, cooking", "languages": ["en"], "areas": ["housing"], "radius_km": "30"}


async def account_of(hub: Hub, name: str) -> int:
    found: int = await hub.db.fetchval(
        "SELECT a.id FROM accounts a JOIN actors ON actors.id = actor_id WHERE name = $1", name
    )
    return found


async def test_an_arriving_call_that_fits_is_told_to_the_member_alone(hub: Hub, stranger: Browser) -> None:
    bo, cy = await hub.signed_in("bo"), await hub.signed_in("cy")
    page = await bo.post("/settings/matching", WISHES)
    assert "Saved. Open calls that fit now: 0." in page.words
    far = await a_remote_actor(hub.db)
    detail = CallDetail(skills=("carpentry",), remote=True)
    call = await posts.upsert_remote(hub.db, a_remote_object(far, kind="call", call=detail), far)
    assert call
    assert await hub.db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'match_call'") == 1
    await match_call(hub.node, call.id)
    await match_call(hub.node, call.id)
    words = (await bo.get("/notifications")).words
    assert words.count("made a call that fits you, because: carpentry + English + from anywhere") == 1
    assert "Because: carpentry + English + from anywhere" in (await bo.get("/desk")).words
    assert "This call fits you" in (await bo.get(f"/calls/{call.id}")).words
    for other in (cy, stranger):
        page = await other.get(f"/calls/{call.id}")
        assert "This call fits you" not in page.words
    assert "fits you" not in (await cy.get("/notifications")).words
    for path in ("/@bo", "/actors/bo", "/api/v1/accounts/lookup?acct=bo"):
        for accept in ("text/html", "application/activity+json"):
            assert "carpentry" not in (await stranger.get(path, Accept=accept)).text.casefold()
    assert len(await matches.matches_since(hub.db, await account_of(hub, "bo"), matches.EVER)) == 1

    page = await bo.post(f"/calls/{call.id}/not-for-me", {}, form="/desk")
    assert "It is not offered to you again." in page.words
    assert "Because:" not in page.words
    await match_call(hub.node, call.id)
    assert await matches.matches_since(hub.db, await account_of(hub, "bo"), matches.EVER) == []
    assert "fits you" not in (await bo.get("/notifications")).words


async def test_open_calls_are_looked_through_when_wishes_change(hub: Hub) -> None:
    call = await made(hub, CALL, "flo")
    await made(hub, msgspec.structs.replace(CALL, skills=("law",)), "gil")
    bo = await hub.signed_in("bo")
    page = await bo.post("/settings/matching", WISHES)
    assert page.url.endswith("/desk")
    assert page.text.count("Because: ") == 1
    assert f"/calls/{call.id}" in page.text
    await bo.post("/settings/matching", {"skills": "", "radius_km": "30"})
    assert "Because: " not in (await bo.get("/desk")).text
    assert await hub.db.fetchval("SELECT count(*) FROM matching_profiles") == 0


async def test_nobody_is_told_of_a_call_they_made_or_may_not_see(hub: Hub) -> None:
    flo = await hub.signed_in("flo")
    await flo.post("/settings/matching", WISHES)
    call = await made(hub, CALL, "gil")
    await hub.db.execute("UPDATE posts SET audience = 'direct' WHERE id = $1", call.id)
    await match_call(hub.node, call.id)
    assert await hub.db.fetchval("SELECT count(*) FROM matches") == 0
    await hub.db.execute("UPDATE posts SET audience = 'public' WHERE id = $1", call.id)
    await hub.db.execute("UPDATE calls SET state = 'closed' WHERE post_id = $1", call.id)
    await match_call(hub.node, call.id)
    assert await hub.db.fetchval("SELECT count(*) FROM matches") == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"radius_km": "0"}, "This must be a whole number."),
        ({"radius_km": "99999"}, "This must be at most 1000."),
        ({"latitude": "91"}, "This must be a number."),
        ({"latitude": "north"}, "This must be a number."),
        ({"latitude": "52,5"}, "Latitude and longitude are only useful together."),
        ({"areas": ["nowhere"]}, "This must be one of"),
        ({"skills": ",".join(str(one) for one in range(50))}, "There may be 40 of these at most."),
        ({"skills": "x" * 600}, "characters at most"),
    ],
)
async def test_wrong_wishes_are_shown_again(hub: Hub, fields: dict[str, str], said: str) -> None:
    bo = await hub.signed_in("bo")
    page = await bo.post("/settings/matching", {**WISHES, **fields})
    assert (page.status, said in page.words) == (422, True)
