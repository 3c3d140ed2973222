"""Each measure against each way by which words arrive or leave: what it cuts and what it leaves, for people elsewhere,
whole servers, and members here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import msgspec
import pytest

from federation import normalise
from federation.addresses import host_of
from node.actions import moderate
from node.actions.moderate import Order
from node.receiving import Ended, Receiving
from node.remote import may_fetch
from node.store import activities, actors, arrivals, follows, media, notifications, posts
from schemas.records import Actor, Arrival, Measure, Post, Viewer
from tests.factories import a_remote_actor, a_remote_object
from tests.node.mastodon.conftest import Client, ClientHub, ana, bo, bos_client, client, hub

__all__ = ["ana", "bo", "bos_client", "client", "hub"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
AS2 = "https://www.w3.org/ns/activitystreams"
PUBLIC = f"{AS2}#Public"
ACTIVITY = "application/activity+json"
VERBS = ("Create", "Announce", "Like", "Follow", "Update", "Undo", "Delete", "Flag")
REFUSALS = ("suspended", "frozen", "not federated with", "no reports are taken from this server")
_numbers = count(1)


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is measured, what they said, and who reads: `friend` follows them, `client` does not."""

    hub: ClientHub
    who: Actor
    word: str
    post: Post
    thread: Post
    boosted_by: Actor
    client: Client
    friend: Client
    stranger: Client

    async def has(self, client: Client, path: str, **query: Any) -> bool:
        """Whether the words stand in an answer."""
        return self.word in (await client.get(path, **query)).text

    async def says(self, verb: str) -> bool:
        """Whether an activity of theirs, its signature good, has been taken."""
        document = _activity(self, verb)
        new = arrivals.NewArrival(
            uri=document["id"],
            type=verb,
            actor_uri=self.who.uri,
            host=self.who.host,
            body=msgspec.json.encode(document).decode(),
        )
        normalise.document(document)
        await arrivals.insert_many(self.hub.db, [new])
        wanted = ", ".join(Arrival.__struct_fields__)
        row = await self.hub.db.fetchrow(f"SELECT {wanted} FROM arrivals WHERE uri = $1", new.uri)
        receiving = Receiving(self.hub.node)
        heard = receiving.understand(Arrival(**row))
        await (receiving.end(heard) if isinstance(heard, Ended) else receiving.apart(heard))
        ended = await self.hub.db.fetchrow("SELECT outcome, reason FROM arrivals WHERE uri = $1", new.uri)
        return ended["reason"] not in REFUSALS


Way = Callable[[Scene], Awaitable[bool]]


def _activity(scene: Scene, verb: str) -> dict[str, Any]:
    about: Any = scene.thread.uri
    if verb in ("Create", "Update"):
        thing = f"{scene.who.uri}/notes/{next(_numbers)}" if verb == "Create" else scene.post.uri
        about = {"id": thing, "type": "Note", "attributedTo": scene.who.uri, "content": "Hm", "to": [PUBLIC]}
        about |= {"published": "2026-11-20T10:00:00Z", "updated": "2026-11-21T10:00:00Z"}
    elif verb == "Follow":
        about = scene.thread.actor.uri
    elif verb == "Undo":
        about = {"id": f"{scene.who.uri}/likes/1", "type": "Like", "actor": scene.who.uri, "object": scene.thread.uri}
    elif verb == "Delete":
        about = f"{scene.who.uri}/notes/never"
    elif verb == "Flag":
        about = [scene.thread.actor.uri, scene.thread.uri]
    own = f"{scene.who.uri}/activities/{next(_numbers)}"
    return {"@context": AS2, "id": own, "type": verb, "actor": scene.who.uri, "object": about, "to": [PUBLIC]}


async def _notified(scene: Scene) -> bool:
    db, told = scene.hub.db, scene.thread.actor.id
    await db.execute("DELETE FROM notifications WHERE from_id = $1", scene.who.id)
    await notifications.tell_actor(db, told, "mention", from_id=scene.who.id, post_id=scene.post.id)
    found = (await scene.client.get("/api/v1/notifications")).json
    return any(scene.word in str(one.get("status")) for one in found)


async def _boosted(scene: Scene) -> bool:
    return await scene.has(scene.client, f"/api/v1/accounts/{scene.boosted_by.id}/statuses")


async def _delivered(scene: Scene) -> bool:
    inboxes = await activities.inboxes(scene.hub.db, scene.thread.actor.id, followers=False, to=[scene.who.id])
    return bool(inboxes)


async def _media_taken(scene: Scene) -> bool:
    return not await media.refuses_media(scene.hub.db, scene.who.host)


async def _collected(scene: Scene) -> bool:
    path = scene.thread.uri.removeprefix(scene.hub.base) + "/replies"
    answer = await scene.stranger.ask("GET", path, headers={"Accept": ACTIVITY})
    return scene.post.uri in answer.text


async def _fetched(scene: Scene) -> bool:
    return may_fetch(scene.hub.node, scene.post.uri)


async def _key_found(scene: Scene) -> bool:
    return scene.hub.node.policy.may_federate(host_of(f"{scene.who.uri}#main-key"))


WAYS: dict[str, Way] = {
    "status": lambda scene: scene.has(scene.client, f"/api/v1/statuses/{scene.post.id}"),
    "thread": lambda scene: scene.has(scene.client, f"/api/v1/statuses/{scene.thread.id}/context"),
    "thread page": lambda scene: scene.has(scene.stranger, f"/posts/{scene.thread.id}"),
    "public timeline": lambda scene: scene.has(scene.client, "/api/v1/timelines/public"),
    "tag timeline": lambda scene: scene.has(scene.client, f"/api/v1/timelines/tag/{scene.word}"),
    "home timeline": lambda scene: scene.has(scene.friend, "/api/v1/timelines/home"),
    "own statuses": lambda scene: scene.has(scene.client, f"/api/v1/accounts/{scene.who.id}/statuses"),
    "search": lambda scene: scene.has(scene.client, "/api/v2/search", q=scene.word, type="statuses"),
    "directory": lambda scene: scene.has(scene.client, "/api/v1/directory", limit=80),
    "notification": _notified,
    "boost by others": _boosted,
    "replies collection": _collected,
}
REMOTE: dict[str, Way] = WAYS | {
    "delivery to them": _delivered,
    "media": _media_taken,
    "fetch": _fetched,
    "key look-up": _key_found,
}
LOCAL: dict[str, Way] = WAYS | {
    "page": lambda scene: scene.has(scene.stranger, f"/posts/{scene.post.id}"),
    "profile": lambda scene: scene.has(scene.stranger, f"/@{scene.who.name}"),
    "outbox": lambda scene: _as_server(scene, f"/actors/{scene.who.name}/outbox?page=1"),
    "object": lambda scene: _as_server(scene, f"/posts/{scene.post.id}"),
}
HIDDEN = {
    "status", "thread", "thread page", "public timeline", "tag timeline", "home timeline", "own statuses", "search",
    "directory", "notification", "boost by others", "replies collection",
}  # fmt: skip
LIMITED = {
    "public timeline",
    "tag timeline",
    "search",
    "directory",
    "notification",
    "thread",
    "thread page",
    "replies collection",
}
ALL_VERBS = {f"inbox {verb}" for verb in VERBS}
MORE = ALL_VERBS - {"inbox Undo", "inbox Delete"}

CUT: dict[tuple[str, str], set[str]] = {
    ("elsewhere", "warn"): set(),
    ("elsewhere", "sensitive"): set(),
    ("elsewhere", "limit"): LIMITED,
    ("elsewhere", "freeze"): MORE,
    ("elsewhere", "suspend"): HIDDEN | ALL_VERBS | {"delivery to them"},
    ("server", "limit"): LIMITED,
    ("server", "reject_media"): {"media"},
    ("server", "reject_reports"): {"inbox Flag"},
    ("server", "suspend"): HIDDEN | ALL_VERBS | {"delivery to them", "media", "fetch", "key look-up"},
    ("here", "warn"): set(),
    ("here", "sensitive"): set(),
    ("here", "limit"): LIMITED,
    ("here", "freeze"): set(),
    ("here", "suspend"): HIDDEN | {"page", "profile", "outbox", "object"},
}
"""What each measure cuts, by whom it is on. All else stays as it is."""
ALWAYS = {("elsewhere", "limit"), ("server", "suspend"), ("server", "reject_reports"), ("here", "suspend")}
CASES = [pytest.param(*one, marks=() if one in ALWAYS else pytest.mark.full) for one in CUT]


async def _as_server(scene: Scene, path: str) -> bool:
    return scene.word in (await scene.stranger.ask("GET", path, headers={"Accept": ACTIVITY})).text


async def a_scene(hub: ClientHub, where: str, ana: Viewer, bo: Viewer, client: Client, bos_client: Client) -> Scene:
    """Ana's post, answered by somebody new whom bo follows; a third person passes the answer on."""
    word = f"word{next(_numbers)}"
    thread = await hub.publish(ana, "What do you think?")
    if where == "here":
        viewer = await hub.newcomer()
        await hub.db.execute("UPDATE actors SET discoverable = true, indexable = true WHERE id = $1", viewer.actor.id)
        who = viewer.actor
        post = await hub.publish(viewer, f"@ana {word} #{word}", in_reply_to=thread.uri)
        top = await hub.publish(viewer, f"{word} again #{word}")
    else:
        fields = {"discoverable": True, "indexable": True, "display_name": word}
        who = await a_remote_actor(hub.db, host=f"https://sub.{word}.example", **fields)
        said = {"text": f"{word}", "tags": (word,)}
        post = await _said(hub, who, in_reply_to=thread.uri, mentions=(ana.actor.uri,), **said)
        top = await _said(hub, who, **said)
    await hub.db.execute("UPDATE actors SET display_name = $2 WHERE id = $1", who.id, word)
    await follows.insert(hub.db, bo.actor.id, who.id, f"https://f.example/{word}", accepted=True)
    fan = (await hub.newcomer()).actor
    await posts.insert(hub.db, _boost(hub, fan, top))
    stranger = hub.stranger
    return Scene(
        hub=hub,
        who=await actors.get(hub.db, who.id),
        word=word,
        post=post,
        thread=thread,
        boosted_by=fan,
        client=client,
        friend=bos_client,
        stranger=stranger,
    )


async def _said(hub: ClientHub, who: Actor, **fields: Any) -> Post:
    kept = await posts.upsert_remote(hub.db, a_remote_object(who, **fields), who)
    assert kept
    return kept


def _boost(hub: ClientHub, by: Actor, post: Post) -> posts.NewPost:
    number = post.id + 1
    uri = hub.urls.activity(number)
    common = {"id": number, "uri": uri, "url": uri, "kind": "boost", "type": "Announce", "actor_id": by.id}
    moments = {"published_at": post.published_at, "updated_at": post.updated_at}
    return posts.NewPost(**common, **moments, audience="public", boost_of_id=post.id)


async def measure(scene: Scene, where: str, kind: str) -> Measure:
    """Take it, as the operator, so that nobody else is needed."""
    domain = where == "server"
    target = scene.who.host.removeprefix("sub.").upper() + "." if domain else scene.who.uri
    order = Order(
        kind=kind,  # type: ignore[arg-type]
        target_kind="domain" if domain else "actor",
        target=target,
        public_reason="a test",
        at_once=True,
    )
    taken = await moderate.take(scene.hub.db, None, order)
    await scene.hub.node.policy.refresh(scene.hub.db)
    return taken


async def open_ways(scene: Scene, where: str) -> set[str]:
    """By which ways the words come through now."""
    ways = LOCAL if where == "here" else REMOTE
    found = {name for name, way in ways.items() if await way(scene)}
    if where != "here":
        found |= {f"inbox {verb}" for verb in VERBS if await scene.says(verb)}
    return found


@pytest.mark.parametrize(("where", "kind"), CASES)
async def test_what_a_measure_cuts_and_what_it_leaves(
    hub: ClientHub, ana: Viewer, bo: Viewer, client: Client, bos_client: Client, where: str, kind: str
) -> None:
    scene = await a_scene(hub, where, ana, bo, client, bos_client)
    before = await open_ways(scene, where)
    taken = await measure(scene, where, kind)
    after = await open_ways(scene, where)
    assert before - after == CUT[where, kind]
    if kind not in ("warn", "suspend"):
        await moderate.end(hub.db, None, taken.id)
        await hub.node.policy.refresh(hub.db)
        assert await open_ways(scene, where) == before
