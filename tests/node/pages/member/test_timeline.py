"""The timeline: what a member reads there, writes there and does with it on the spot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from node.store.people import actors, follows, standing
from schemas.things import Poll, PollOption, Version
from tests.factories import a_post, a_remote_actor
from tests.node.pages.conftest import Browser, Hub

PAGE = "/timeline"


async def test_what_is_written_stands_in_the_timeline_at_once(hub: Hub) -> None:
    bo = await hub.signed_in("bo")
    page = await bo.post(PAGE, {"text": "The saw is sharp again.", "audience": "public", "language": "en"})
    assert page.url == f"{hub.base}{PAGE}?tab=home" and "Published." in page.words
    assert "The saw is sharp again." in page.words
    other = await hub.signed_in("cy")
    assert "The saw is sharp again." not in (await other.get(PAGE)).words
    assert "The saw is sharp again." in (await other.get(f"{PAGE}?tab=hub")).words


async def test_what_was_typed_stays_where_it_cannot_be_published(hub: Hub) -> None:
    bo = await hub.signed_in("bo")
    page = await bo.post(PAGE, {"text": "Which day?", "audience": "public", "poll.options": "Monday"})
    assert page.status == 422 and "Which day?" in page.text and "Monday" in page.text
    assert "thing to put right" in page.words
    assert not await hub.db.fetchval("SELECT count(*) FROM posts WHERE kind = 'post'")


async def test_the_home_timeline_says_who_passed_something_on_and_hides_what_has_a_warning(hub: Hub) -> None:
    browser = await hub.signed_in("bo")
    bo = await actors.find_local(hub.db, "bo")
    friend, author = await a_remote_actor(hub.db, "dora"), await a_remote_actor(hub.db, "emil")
    assert bo
    await follows.insert(hub.db, bo.id, friend.id, f"{bo.uri}#follow", accepted=True)
    said = (Version(language="en", content="<p>Spoiler</p>", summary="About the end"),)
    post = await a_post(hub.db, author, versions=said, sensitive=True)
    await a_post(hub.db, friend, kind="boost", boost_of_id=post.id)
    page = await browser.get(PAGE)
    assert "passed this on" in page.words and "@emil@peer.example" in page.words
    assert "<details><summary>About the end" in page.text
    liked = await browser.post(f"/posts/{post.id}/react", {"deed": "like", "return_to": PAGE}, form=PAGE)
    assert liked.url == hub.base + PAGE and 'value="unlike"' in liked.text


async def test_kinds_and_languages_narrow_it(hub: Hub) -> None:
    browser = await hub.signed_in("bo")
    bo = await actors.find_local(hub.db, "bo")
    assert bo
    await a_post(hub.db, bo, text="Hello all")
    await a_post(hub.db, bo, versions=(Version(language="de", content="<p>Guten Tag</p>"),))
    german = (await browser.get(f"{PAGE}?language=de")).words
    assert "Guten Tag" in german and "Hello all" not in german
    assert "Nothing of this kind" in (await browser.get(f"{PAGE}?kind=event")).words
    assert (await browser.get(f"{PAGE}?tab=everything")).status == 422


async def test_a_poll_is_voted_in_once(hub: Hub) -> None:
    browser = await hub.signed_in("bo")
    author = await hub.member("cy")
    options = (PollOption(name="Monday"), PollOption(name="Friday"))
    poll = Poll(options=options, ends_at=datetime.now(UTC) + timedelta(days=1))
    post = await a_post(hub.db, author.actor, poll=poll, type="Question")
    path, page = f"/posts/{post.id}/vote", f"{PAGE}?tab=hub"
    assert "Choose an answer first." in (await browser.post(path, {"return_to": page}, form=page)).words
    voted = await browser.post(path, {"option": "1", "return_to": page}, form=page)
    assert "Your vote is counted." in voted.words and "your vote" in voted.words
    again = await browser.post(path, {"option": "0", "return_to": page}, form=PAGE)
    assert "You have voted already." in again.words
    assert await hub.db.fetchval("SELECT option FROM votes WHERE post_id = $1", post.id) == 1
    assert (await browser.post(path, {"option": "7"}, form=PAGE)).status == 404


async def test_somebody_is_muted_and_blocked_from_the_timeline_and_their_page(hub: Hub) -> None:
    browser = await hub.signed_in("bo")
    bo, other = await actors.find_local(hub.db, "bo"), await a_remote_actor(hub.db, "dora")
    assert bo
    for deed, state in (("mute", "muting"), ("block", "blocking")):
        fields = {"actor": other.uri, "deed": deed, "return_to": "/@dora@peer.example"}
        page = await browser.post("/hide", fields, form="/@dora@peer.example")
        assert f'value="un{deed}"' in page.text
        assert getattr((await standing.towards(hub.db, bo.id, [other.id]))[other.id], state)
        await browser.post("/hide", {**fields, "deed": f"un{deed}"}, form=PAGE)
        assert not getattr((await standing.towards(hub.db, bo.id, [other.id]))[other.id], state)
    for wrong, status in (({"actor": other.uri, "deed": "eat"}, 422), ({"actor": bo.uri, "deed": "mute"}, 404)):
        assert (await browser.post("/hide", wrong, form=PAGE)).status == status


async def test_a_quote_begins_with_what_is_quoted(hub: Hub) -> None:
    browser, author = await hub.signed_in("bo"), await hub.member("cy")
    post = await a_post(hub.db, author.actor, text="Twelve are enough")
    page = await browser.get(f"{PAGE}?quote={post.id}")
    assert post.uri in page.text
    sent = {"text": "I agree.", "audience": "public", "quote": post.uri}
    assert "What this quotes" in (await browser.post(PAGE, sent)).words


async def test_case_130_strangers_read_and_write_nothing_there(hub: Hub, stranger: Browser) -> None:
    assert (await stranger.get(PAGE)).status == 401
    bo = await hub.signed_in("bo")
    assert (await bo.post_bare(PAGE, {"text": "x"}, Origin="https://evil.example")).status == 403
