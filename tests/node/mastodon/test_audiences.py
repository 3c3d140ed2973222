"""What is said to the members, to a group or to few is heard by nobody else: on no stream, in no push message or
notice, on no other server; and nobody carries it further (cases 106, 107 and 135)."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from node.actions import react
from node.actions.edit import edit
from node.actions.withdraw import delete
from node.jobs.pushing import push_notice
from schemas.records import Post, Viewer
from schemas.things import Audience
from tests.drafts import a_draft
from tests.factories import a_local_actor, a_remote_actor
from tests.files import image
from tests.node.mastodon.conftest import Client, ClientHub
from tests.node.mastodon.streaming.listening import listening
from tests.node.mastodon.test_push import PATH, App

pytestmark = pytest.mark.asyncio(loop_scope="module")

WORD, TAG, LINK = "Geheimnis", "whisper", "https://secret.example/paper"
AUDIENCES: tuple[Audience, ...] = ("hub", "group", "direct", "followers")
ALERTS = dict.fromkeys(("mention", "status", "update", "reblog", "favourite", "poll", "quote", "quoted_update"), True)


class Insiders(msgspec.Struct, frozen=True):
    """Ana writes, Bo may read; `group` is theirs; `spoken_to` is who is meant by each audience."""

    ana: Viewer
    bo: Viewer
    group: str

    def addressed(self, audience: Audience) -> dict[str, Any]:
        """What a draft for this audience says."""
        return {"audience": audience} | ({"group": self.group} if audience == "group" else {})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def insiders(hub: ClientHub, ana: Viewer, bo: Viewer) -> Insiders:
    group = await a_local_actor(hub.db, "bench", role="group", urls=hub.urls)
    for one in (ana, bo):
        await hub.db.execute("INSERT INTO group_members (group_id, actor_id) VALUES ($1, $2)", group.id, one.actor.id)
    follow = "INSERT INTO follows (uri, follower_id, followed_id, state) VALUES ($1, $2, $3, 'accepted')"
    remote = await a_remote_actor(hub.db, "far")
    await hub.db.execute(follow, "https://peer.example/f/1", remote.id, ana.actor.id)
    await hub.db.execute(follow, f"{hub.base}/f/2", bo.actor.id, ana.actor.id)
    return Insiders(ana, bo, "bench")


@pytest_asyncio.fixture(loop_scope="module")
async def outsider(hub: ClientHub, insiders: Insiders) -> AsyncIterator[Client]:
    """A member with every tie that one can have by oneself: notices of Ana, a list, the tag, an app to push to."""
    who = await hub.newcomer()
    client = await hub.client_of(who)
    subscription = App().subscription("https://push.example/x") | {"data": {"alerts": ALERTS}}
    assert (await client.post(PATH, subscription)).status == 200
    assert (await client.post(f"/api/v1/tags/{TAG}/follow")).status == 200
    yield client


async def secret(hub: ClientHub, insiders: Insiders, audience: Audience, outsider: str) -> Post:
    """Something that names Bo and, to insiders alone, the outsider's address; it has a picture, a tag and a link."""
    mine = await hub.client_of(insiders.ana)
    medium = await mine.post("/api/v2/media", data={"file": io.BytesIO(image())})
    named = "@bo" if audience == "direct" else f"@bo {hub.base}/@{outsider}"
    attachments = [{"media_id": medium.json["id"]}]
    text = f"{WORD} {named} #{TAG} {LINK}"
    post = await hub.publish(insiders.ana, text, attachments=attachments, **insiders.addressed(audience))
    hub.node.wake()
    return post


@pytest.mark.parametrize("audience", AUDIENCES)
async def test_no_stream_push_or_notice_brings_it_to_others_nor_that_it_changed_or_went(
    hub: ClientHub, insiders: Insiders, outsider: Client, audience: Audience
) -> None:
    me = (await outsider.get("/api/v1/accounts/verify_credentials")).json
    made = (await outsider.post("/api/v1/lists", {"title": "Close"})).json["id"]
    streams = ("user", "user:notification", "public", "public:local", "public:media", "direct")
    if audience != "followers":  # a list and a home hold whom one follows
        assert (await outsider.post(f"/api/v1/accounts/{insiders.ana.actor.id}/follow")).status == 200
        added = await outsider.post(f"/api/v1/lists/{made}/accounts", {"account_ids": [str(insiders.ana.actor.id)]})
        assert added.status == 200
    told = await hub.db.fetchval("SELECT count(*) FROM deliveries")
    bos = await hub.client_of(insiders.bo)
    async with (
        listening(outsider, *streams, f"hashtag {TAG}", f"hashtag:local {TAG}", f"list {made}") as ear,
        listening(bos, "user") as near,
    ):
        post = await secret(hub, insiders, audience, me["username"])
        assert [status["id"] for _, status in await near.until("update")] == [str(post.id)]
        reply = await bos.post("/api/v1/statuses", {"status": f"{WORD} too", "in_reply_to_id": str(post.id)})
        assert reply.status == 200
        async with hub.db.transaction():
            await react.like(hub.node, hub.db, insiders.bo.actor, post.id)
            draft = a_draft("post", text=f"{WORD} @bo again", **insiders.addressed(audience))
            await edit(hub.node, hub.db, insiders.ana, post.id, draft)
        if audience in ("hub", "group"):
            assert await hub.db.fetchval("SELECT count(*) FROM deliveries") == told, "nothing leaves"
        async with hub.db.transaction():
            await delete(hub.node, hub.db, insiders.ana, post.id)
        hub.node.wake()
        assert [gone for _, gone in await near.until("delete")] == [str(post.id)]
        ending = await hub.publish(insiders.ana, f"In the open, #{TAG}")
        hub.node.wake()
        await _hears_only(ear, audience, str(ending.id), member=audience == "hub", hidden=str(post.id))
    await _pushed_nothing(hub, outsider, audience)


async def _hears_only(ear: Any, audience: str, ending: str, *, member: bool, hidden: str) -> None:
    """Up to what all may read nothing comes; what is for the hub's members does come to this one."""
    heard: list[tuple[str, str, Any]] = []
    wanted = {"public", "public:local", f"hashtag:{TAG}", f"hashtag:local:{TAG}"}
    while wanted:
        [(stream, event, what)] = await ear.heard()
        if isinstance(what, dict) and what.get("id") == ending:
            wanted.discard(stream)
        else:
            heard.append((stream, event, what))
    if member:
        assert {event for _, event, _ in heard} >= {"update", "delete"}
    else:
        assert [one for one in heard if WORD in str(one) or hidden in str(one)] == [], audience


async def _pushed_nothing(hub: ClientHub, outsider: Client, audience: str) -> None:
    notices = await outsider.get("/api/v1/notifications", include_filtered=True, limit=80)
    rows = await hub.db.fetch("SELECT arguments FROM jobs WHERE kind = 'push_notice'")
    subscription = (await outsider.get(PATH)).json["id"]
    pushed = [row for row in rows if row["arguments"]["subscription_id"] == subscription]
    if audience != "hub":
        assert WORD not in notices.text
        assert pushed == []


@pytest.mark.parametrize("audience", ["hub", "group", "direct", "followers"])
async def test_nobody_carries_it_further(hub: ClientHub, insiders: Insiders, audience: Audience) -> None:
    post = await hub.publish(insiders.ana, f"{WORD} @bo", **insiders.addressed(audience))
    bos = await hub.client_of(insiders.bo)
    assert (await bos.get(f"/api/v1/statuses/{post.id}")).status == 200
    assert (await bos.post(f"/api/v1/statuses/{post.id}/reblog")).status in (403, 404, 422)
    quoted = await bos.post("/api/v1/statuses", {"status": "Read this", "quoted_status_id": str(post.id)})
    assert quoted.status in (403, 404, 422), quoted.text
    pinned = await (await hub.client_of(insiders.ana)).post(f"/api/v1/statuses/{post.id}/pin")
    assert pinned.status == 422
    answer = await bos.post(
        "/api/v1/statuses", {"status": "For all to see", "in_reply_to_id": str(post.id), "visibility": "public"}
    )
    if audience in ("hub", "group"):
        assert answer.json["visibility"] == "private"
        assert (await hub.stranger.get(f"/api/v1/statuses/{answer.json['id']}")).status == 404


@pytest.mark.parametrize("audience", AUDIENCES)
async def test_other_servers_and_strangers_find_nothing_at_its_addresses(
    hub: ClientHub, insiders: Insiders, audience: Audience
) -> None:
    post = await hub.publish(insiders.ana, f"{WORD} {LINK}", **insiders.addressed(audience))
    activity = {"Accept": "application/activity+json"}
    paths = [f"/posts/{post.id}{end}" for end in ("", "/replies", "/likes", "/shares")]
    paths += ["/@ana", f"/tags/{TAG}", "/feed.atom", "/api/v1/things", "/api/v1/timelines/public"]
    paths += [insiders.ana.actor.outbox or "", f"{insiders.ana.actor.outbox}?page=true"]
    for path in paths:
        for headers in (activity, {"Accept": "text/html"}):
            answer = await hub.stranger.session.get(path if "://" in path else hub.base + path, headers=headers)
            assert answer.status < 500
            assert WORD not in await answer.text(), (path, headers)
    assert (await hub.stranger.ask("GET", f"/posts/{post.id}", headers=activity)).status == 404


async def test_a_push_message_about_what_one_may_no_more_see_says_nothing_of_it(
    hub: ClientHub, insiders: Insiders
) -> None:
    who = await hub.newcomer()
    client = await hub.client_of(who)
    await client.post(PATH, App().subscription("https://push.example/x") | {"data": {"alerts": ALERTS}})
    post = await hub.publish(insiders.ana, f"{WORD} @{who.actor.name}", audience="direct")
    row = await hub.db.fetchrow("SELECT id, arguments FROM jobs WHERE kind = 'push_notice' ORDER BY id DESC")
    await hub.db.execute("DELETE FROM mentions WHERE post_id = $1", post.id)
    sent: list[bytes] = []
    await _pushing(hub, row["arguments"], sent)
    assert sent == [], "whom it is not for any more is not told that it is there"
    assert WORD not in (await client.get("/api/v1/notifications", include_filtered=True)).text


async def _pushing(hub: ClientHub, arguments: Any, sent: list[bytes]) -> None:
    """Do the job with a client that only notes what it would send."""

    class Noting:
        def send(self, request: Any) -> Any:
            sent.append(request.body)
            raise AssertionError("nothing is to be sent")

    await push_notice(msgspec.structs.replace(hub.node, client=Noting()), **arguments)
