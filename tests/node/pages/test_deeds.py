"""What people do on our pages: answer events and calls, follow, be told; and how a visitor answers from elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from node.ids import new_id
from node.store.access import attempts
from node.store.calls import answers
from node.store.events import rsvps
from node.store.hub import hub as hubs
from node.store.notices import notifications
from node.store.people import actors, follows
from node.store.posts import posts
from node.store.queues import jobs, queues
from node.store.servers import tallies
from node.web.keys import SETTINGS
from node.web.limits import asker
from schemas.discovery import REL_SUBSCRIBE
from schemas.limits import INTERACT_COUNT, INTERACT_SECONDS
from schemas.records import Actor, Post
from schemas.things import CallDetail
from tests.factories import a_post, a_remote_actor, a_remote_object, an_event_detail
from tests.node.pages.conftest import PASSWORD, Browser, Hub, Page
from tests.peer import hostile_peer


async def a_thing(hub: Hub, kind: str, actor: Actor | None = None, **fields: Any) -> Post:
    """Something the hub, or this actor, published."""
    author, post_id = actor or await actors.hub(hub.db), new_id()
    address = hub.urls.thing(kind, post_id)  # type: ignore[arg-type]
    return await a_post(hub.db, author, kind=kind, id=post_id, uri=address, url=address, **fields)  # type: ignore[arg-type]


async def test_a_member_answers_an_event_and_changes_the_answer(hub: Hub) -> None:
    post, bo = await a_thing(hub, "event"), await hub.signed_in("bo")
    path = f"/events/{post.id}"
    for state, said in (("going", "You are coming. See you"), ("maybe", "You may come"), ("declined", "Thank you")):
        page = await bo.post(f"{path}/rsvp", {"state": state}, form=path)
        assert (page.url, said in page.words) == (hub.base + path, True)
        assert said not in (await bo.get(path)).words.partition("Add to my calendar")[0] or state == "maybe"
    assert await rsvps.counts(hub.db, post.id) == {"declined": 1}


async def test_a_full_event_has_a_waiting_list(hub: Hub) -> None:
    post = await a_thing(hub, "event", event=an_event_detail(capacity=1))
    first, second = await hub.signed_in("bo"), await hub.signed_in("cy")
    path = f"/events/{post.id}"
    await first.post(f"{path}/rsvp", {"state": "going"}, form=path)
    page = await second.post(f"{path}/rsvp", {"state": "going"}, form=path)
    assert "you are on the waiting list" in page.words
    assert "All seats are taken. 1 person is waiting." in page.words
    await first.post(f"{path}/rsvp", {"state": "declined"}, form=path)
    assert "You are coming. See you there!" in (await second.get("/notifications")).words


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (an_event_detail(status="cancelled"), "This event is cancelled."),
        (an_event_detail(datetime.now(UTC) - timedelta(days=2)), "This event is over."),
        (an_event_detail(join_mode="none"), "Just come"),
        (
            an_event_detail(join_mode="external", external_url="https://register.example/"),
            "Register with the organisers",
        ),
    ],
)
async def test_an_event_without_answers_shows_no_buttons_and_refuses_them(hub: Hub, event: Any, said: str) -> None:
    post, bo = await a_thing(hub, "event", event=event), await hub.signed_in("bo")
    page = await bo.get(f"/events/{post.id}")
    assert said in page.words
    assert "I am coming" not in page.words
    page = await bo.post(f"/events/{post.id}/rsvp", {"state": "going"}, form="/new/post")
    assert page.status == 409
    assert await rsvps.list_of(hub.db, post.id) == []


async def test_nonsense_and_strangers_answer_nothing(hub: Hub, stranger: Browser) -> None:
    post, bo = await a_thing(hub, "event"), await hub.signed_in("bo")
    path = f"/events/{post.id}/rsvp"
    assert (await bo.post(path, {"state": "king"}, form="/new/post")).status == 422
    assert (await stranger.post(path, {"state": "going"}, form="/sign-in")).status == 401
    assert await rsvps.list_of(hub.db, post.id) == []


async def test_a_call_is_answered_in_private_and_taken_up(hub: Hub, ana: Browser, stranger: Browser) -> None:
    post, bo = await a_thing(hub, "call"), await hub.signed_in("bo")
    path = f"/calls/{post.id}"
    page = await bo.post(f"{path}/answer", {"content": "I can.\n\nOn <b>Mondays</b>", "quantity": "2", "hours": "5"})
    assert "Your answer is on its way." in page.words
    assert "You have answered" in page.words
    [given] = await answers.list_of(hub.db, post.id)
    assert given.content == "<p>I can.</p><p>On &lt;b&gt;Mondays&lt;/b&gt;</p>"
    assert (given.quantity, given.hours) == (2, 5)
    assert "1 answer waits for you." in (await ana.get(path)).words
    for browser, seen in ((ana, True), (stranger, False), (await hub.signed_in("cy"), False)):
        assert ("Mondays" in (await browser.get(f"{path}/desk")).words) == seen
    page = await ana.post(f"{path}/answers/{given.id}", {"decision": "accept"}, form=f"{path}/desk")
    assert (page.url, "Accepted" in page.words) == (f"{hub.base}{path}/desk", True)
    assert "Werkhof took up your answer." in (await bo.get("/notifications")).words


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"content": ""}, "This must not be empty."),
        ({"content": "x" * 5001}, "This may have 5000 characters at most."),
        ({"content": "Yes", "quantity": "none"}, "This must be a whole number."),
        ({"content": "Yes", "hours": "-1"}, "This must be a whole number."),
    ],
)
async def test_a_wrong_answer_is_shown_again(hub: Hub, fields: dict[str, str], said: str) -> None:
    post, bo = await a_thing(hub, "call"), await hub.signed_in("bo")
    page = await bo.post(f"/calls/{post.id}/answer", fields)
    assert (page.status, said in page.words) == (422, True)
    assert fields["content"] in page.text
    assert await answers.list_of(hub.db, post.id) == []


async def test_only_the_owner_decides_about_answers_and_only_about_those_of_the_call(hub: Hub, ana: Browser) -> None:
    post, other, bo = await a_thing(hub, "call"), await a_thing(hub, "call"), await hub.signed_in("bo")
    await bo.post(f"/calls/{post.id}/answer", {"content": "Yes"})
    [given] = await answers.list_of(hub.db, post.id)
    sent = {"decision": "accept"}
    assert (await bo.post(f"/calls/{post.id}/answers/{given.id}", sent, form="/new/post")).status == 403
    assert (await ana.post(f"/calls/{other.id}/answers/{given.id}", sent, form="/new/post")).status == 404
    assert (await ana.post(f"/calls/{post.id}/answers/{given.id}", {"decision": "x"}, form="/new/post")).status == 422
    assert (await answers.list_of(hub.db, post.id))[0].state == "offered"


async def test_a_closed_call_takes_no_answers(hub: Hub) -> None:
    post = await a_thing(hub, "call", call=CallDetail(state="closed"))
    bo = await hub.signed_in("bo")
    assert "This call takes no more answers." in (await bo.get(f"/calls/{post.id}")).words
    assert (await bo.post(f"/calls/{post.id}/answer", {"content": "Yes"})).status == 409


async def test_a_member_replies_on_the_page(hub: Hub, stranger: Browser) -> None:
    post, bo = await a_thing(hub, "finding"), await hub.signed_in("bo")
    path = f"/findings/{post.id}"
    page = await bo.post("/new/post", {"text": "Quite so", "in_reply_to": post.uri, "audience": "public"}, form=path)
    assert page.status == 200
    assert "Quite so" in (await stranger.get(path)).words.partition("Conversation")[2]


async def test_following_here_and_stopping(hub: Hub) -> None:
    bo = await hub.signed_in("bo")
    member, itself = await actors.find_local(hub.db, "bo"), await actors.hub(hub.db)
    assert member
    page = await bo.post("/follow", {"actor": itself.uri, "follow_as": "me", "return_to": "/@hub"}, form="/@hub")
    assert (page.url, "Followed." in page.words) == (f"{hub.base}/@hub", True)
    found = await follows.find(hub.db, member.id, itself.id)
    assert found
    assert found.state == "accepted"
    assert "Werkhof" in (await bo.get("/follow")).words
    await bo.post("/follow", {"actor": itself.uri, "unfollow_as": "me"}, form="/@hub")
    assert await follows.find(hub.db, member.id, itself.id) is None


async def test_an_editor_follows_as_the_hub_and_others_may_not(hub: Hub, ana: Browser) -> None:
    remote, itself = await a_remote_actor(hub.db, "peer"), await actors.hub(hub.db)
    path = "/@peer@peer.example"
    sent = {"actor": remote.uri, "follow_as": "hub", "return_to": path}
    bo = await hub.signed_in("bo")
    assert "Follow as the hub" not in (await bo.get(path)).words
    assert (await bo.post("/follow", sent, form=path)).status == 403
    page = await ana.post("/follow", sent, form=path)
    assert "Asked. The other side still has to agree." in page.words
    found = await follows.find(hub.db, itself.id, remote.id)
    assert found
    assert found.state == "pending"
    assert (await queues.depths(hub.db)).deliveries == 1


async def test_somebody_elsewhere_is_found_by_handle(hub: Hub) -> None:
    bo = await hub.signed_in("bo")
    async with hostile_peer("127.0.0.7") as peer:
        page = await bo.get(f"/follow?who=@{peer.handle}")
        assert (page.status, f"@{peer.handle}" in page.words) == (200, True)
        found = await actors.find(hub.db, peer.actor_id)
        assert found
        page = await bo.get(f"/@{peer.handle}")
    assert (page.status, "Follow" in page.words) == (200, True)


NOWHERE = ("@nobody", "nobody@", "https://127.0.0.1:1/x", "file:///etc/passwd", "@x@localhost:22")


@pytest.mark.parametrize("typed", NOWHERE)
async def test_what_leads_nowhere_is_said_kindly(hub: Hub, typed: str) -> None:
    bo = await hub.signed_in("bo")
    page = await bo.get(f"/follow?who={typed}")
    assert (page.status, "Nobody was found at this address." in page.words) == (422, True)


async def go_on(hub: Hub, stranger: Browser, address: str) -> tuple[Post, Page]:
    """What a visitor gets whose server says that it goes on at this address."""
    post = await a_thing(hub, "event")
    async with hostile_peer("127.0.0.7") as peer:
        link = {"rel": REL_SUBSCRIBE, "template": address}
        account = {"subject": f"acct:bo@{peer.domain}", "links": [link]}
        peer.serve("/.well-known/webfinger", account, content_type="application/jrd+json")
        sent = {"account": f"@bo@{peer.domain}", "uri": post.uri}
        return post, await stranger.post("/interact", sent, form=f"/interact?uri={post.uri}")


async def test_a_visitor_is_shown_the_way_to_their_own_server(hub: Hub, stranger: Browser) -> None:
    post, page = await go_on(hub, stranger, "https://social.example/ask?what={uri}")
    assert page.status == 200
    onward = page.text.partition('<p><a class="button" href="')[2].partition('"')[0]
    assert onward == f"https://social.example/ask?what={quote(post.uri, safe='')}"
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)//{uri}",
        "data:text/html,{uri}",
        "//{uri}",
        "https://user@evil.example/{uri}",
        "https://evil.example/{uri}" + "{}" * 15_000,
    ],
    ids=["script", "data", "no scheme", "user", "filled for ever"],
)
async def test_case_136_a_server_cannot_send_a_visitor_just_anywhere(hub: Hub, stranger: Browser, address: str) -> None:
    _, page = await go_on(hub, stranger, address)
    assert (page.status, "does not say where to go on" in page.words) == (200, True)
    assert f'href="{address.partition("{")[0]}http' not in page.text


@pytest.mark.parametrize("account", ["", "bo", "@bo", "https://x.example", "http://[", "@bo@127.0.0.9:1"])
async def test_a_wrong_address_of_a_visitor_is_shown_again(hub: Hub, stranger: Browser, account: str) -> None:
    post = await a_thing(hub, "event")
    page = await stranger.post("/interact", {"account": account, "uri": post.uri}, form=f"/interact?uri={post.uri}")
    assert page.status == 422
    assert f'value="{account}"' in page.text


async def test_case_140_a_visitor_does_not_have_us_ask_server_after_server(hub: Hub, stranger: Browser) -> None:
    post, settings = await a_thing(hub, "event"), hub.app[SETTINGS]
    hub.app._state[SETTINGS] = msgspec.structs.replace(settings, rate_limits=True)
    where = asker("127.0.0.1")
    try:
        while not await attempts.wait(hub.db, "interact", where, count=INTERACT_COUNT, seconds=INTERACT_SECONDS):
            pass
        sent = {"account": "@bo@127.0.0.9:1", "uri": post.uri}
        assert (await stranger.post("/interact", sent, form=f"/interact?uri={post.uri}")).status == 429
    finally:
        hub.app._state[SETTINGS] = settings
        await hub.db.execute("DELETE FROM attempts WHERE subject = 'interact'")


async def test_case_136_nothing_but_our_own_is_offered_for_an_answer(hub: Hub, stranger: Browser) -> None:
    for uri in ("https://evil.example/", "", "javascript:alert(1)", hub.base + "/events/1", hub.base + "/actor"):
        assert (await stranger.get(f"/interact?uri={uri}")).status == 404


async def test_a_member_who_comes_from_another_server_lands_on_our_page_of_it(hub: Hub, stranger: Browser) -> None:
    author = await a_remote_actor(hub.db, "cy")
    async with hub.db.transaction():
        post = await posts.upsert_remote(hub.db, a_remote_object(author, kind="event"), author)
    assert post
    bo = await hub.signed_in("bo")
    profile = "/@cy@peer.example"
    for uri, path in ((post.uri, f"/events/{post.id}"), (author.uri, profile), ("cy@peer.example", profile)):
        page = await bo.get(f"/authorize_interaction?uri={uri}", follow=False)
        assert (page.status, page.headers["Location"]) == (303, path)
    assert (await bo.get("/authorize_interaction?uri=https://evil.invalid/")).status == 404
    page = await stranger.get(f"/authorize_interaction?uri={post.uri}")
    assert page.status == 401
    assert f'value="/authorize_interaction?uri={post.uri}"' in page.text


async def test_notices_are_said_once_as_new(hub: Hub) -> None:
    bo = await hub.signed_in("bo")
    member, itself = await actors.find_local(hub.db, "bo"), await actors.hub(hub.db)
    assert member
    for kind in ("follow", "mention", "like"):
        await notifications.tell_actor(hub.db, member.id, kind, from_id=itself.id)  # type: ignore[arg-type]
    assert '<span class="count">3' in (await bo.get("/desk")).text
    page = await bo.get("/notifications")
    assert page.words.count("new Werkhof") == 3
    assert "Werkhof follows you now." in page.words
    assert '<span class="count">' not in (await bo.get("/desk")).text
    assert "new Werkhof" not in (await bo.get("/notifications")).words


async def test_who_wants_to_follow_a_locked_account_is_let_in_or_not(hub: Hub) -> None:
    bo = await hub.signed_in("bo")
    member = await actors.find_local(hub.db, "bo")
    assert member
    asking = await a_remote_actor(hub.db, "cy")
    await follows.insert(hub.db, asking.id, member.id, "https://peer.example/f/1", accepted=False)
    await notifications.tell_actor(hub.db, member.id, "follow_request", from_id=asking.id)
    page = await bo.post("/follow/requests", {"actor": asking.uri, "decision": "accept"}, form="/notifications")
    assert page.url == f"{hub.base}/notifications"
    found = await follows.find(hub.db, asking.id, member.id)
    assert found
    assert found.state == "accepted"
    for wrong, status in (({"actor": "x", "decision": "accept"}, 404), ({"actor": asking.uri, "decision": "x"}, 422)):
        assert (await bo.post("/follow/requests", wrong, form="/notifications")).status == status


async def test_what_waits_is_shown_to_those_who_look_after_it(hub: Hub, ana: Browser) -> None:
    bo = await hub.signed_in("bo")
    assert (await bo.get("/admin/queue")).status == 403
    remote, itself = await a_remote_actor(hub.db, "cy"), await actors.hub(hub.db)
    await ana.post("/follow", {"actor": remote.uri, "follow_as": "hub"}, form="/@cy@peer.example")
    await jobs.add(hub.db, "recheck", {"uri": "https://peer.example/x"}, host="peer.example")
    await hub.db.execute("UPDATE deliveries SET last_error = '<script>alert(1)</script>'")
    await tallies.add_many(hub.db, {("peer.example", "Create", "unwanted"): 3})
    page = await ana.get("/admin/queue")
    assert page.status == 200
    for words in ("peer.example", "Look again at something elsewhere", "unwanted", "<script>alert(1)</script>"):
        assert words in page.words
    assert "<script>" not in page.text
    assert itself.name == "hub"


SETUP: dict[str, Any] = {
    "name": "Werkhof",
    "description": "We share.",
    "language": "de",
    "languages": ["fr"],
    "areas": ["housing"],
    "own_areas": "Essen & Energie, !!",
    "zone": "Europe/Berlin",
    "place.name": "",
    "place.locality": "Leipzig",
    "place.country": "DE",
    "display_name": "Ana Ferreira",
    "steward_name": "ana",
    "email": "ana@hub.example",
    "password": PASSWORD,
    "password_again": PASSWORD,
}


async def setup_token(hub: Hub) -> str:
    token = await hubs.new_setup_token(hub.db)
    assert token
    return token


async def test_the_first_steward_sets_the_hub_up_and_is_signed_in(unfounded: Hub) -> None:
    token, browser = await setup_token(unfounded), unfounded.browser()
    assert "not set up yet" in (await browser.get("/")).words
    page = await browser.post("/setup", SETUP | {"token": token}, form=f"/setup?token={token}")
    assert (page.status, page.url) == (200, f"{unfounded.base}/desk")
    assert "Dein Hub ist offen." in page.words or "Your hub is open." in page.words
    home = (await unfounded.browser().get("/?lang=de")).words
    assert all(words in home for words in ("Werkhof", "We share.", "Wohnen", "Essen & Energie"))
    assert (await actors.hub(unfounded.db)).place_id is not None


async def test_case_142_the_set_up_page_is_gone_after_use_and_closed_without_its_token(unfounded: Hub) -> None:
    first = await setup_token(unfounded)
    token, browser = await setup_token(unfounded), unfounded.browser()
    for wrong in ("", "x", first):
        assert (await browser.get(f"/setup?token={wrong}")).status == 404
        sent = SETUP | {"token": wrong}
        assert (await browser.post("/setup", sent, form=f"/setup?token={token}")).status == 404
    await browser.post("/setup", SETUP | {"token": token}, form=f"/setup?token={token}")
    again = unfounded.browser()
    assert (await again.get(f"/setup?token={token}")).status == 404
    assert (await again.post("/setup", SETUP | {"token": token}, form="/sign-in")).status == 404
    assert await unfounded.db.fetchval("SELECT setup_token_hash FROM hub") is None
    assert await unfounded.db.fetchval("SELECT count(*) FROM accounts") == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "This must not be empty."),
        ({"zone": "Mars"}, "This is no time zone"),
        ({"steward_name": "Ana Maria"}, "Use small letters, digits and _"),
        ({"steward_name": "hub"}, "This name is taken or kept."),
        ({"email": "nobody"}, "This is no mail address."),
        ({"password": "short"}, "The password needs at least 10 characters."),
        ({"password": "ana@hub.example"}, "The password must not be your name or address."),
        ({"password_again": "another password"}, "The two passwords are not the same."),
    ],
)
async def test_a_wrong_set_up_founds_nothing(unfounded: Hub, changed: dict[str, str], said: str) -> None:
    token, browser = await setup_token(unfounded), unfounded.browser()
    page = await browser.post("/setup", SETUP | {"token": token} | changed, form=f"/setup?token={token}")
    assert (page.status, said in page.words) == (422, True)
    assert "Essen &amp; Energie" in page.text
    assert PASSWORD not in page.text
    assert await unfounded.db.fetchval("SELECT count(*) FROM accounts") == 0
