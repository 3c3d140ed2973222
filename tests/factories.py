"""Actors, members and posts for tests, in one line each: what is not named is made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

import msgspec

from federation.build.urls import Urls
from node.ids import new_id
from node.store.db import Db
from node.store.hub import areas
from node.store.members import accounts, applications, mandates
from node.store.members.applications import Answer, Application, NewApplication
from node.store.people import actors
from node.store.posts import posts
from schemas.objects import RemoteActor, RemoteObject
from schemas.records import Actor, Post, PostKind, Viewer
from schemas.things import CallDetail, EventDetail, FindingDetail, Kind, Version

URLS = Urls("http://localhost:8080")
ELSEWHERE = "https://peer.example"

_numbers = count(1)


@cache
def keys() -> actors.Keys:
    """One pair of keys for all actors of a test run: making them is slow, and no test here looks at them."""
    return actors.make_keys()


async def a_local_actor(db: Db, name: str = "", *, role: str = "member", urls: Urls = URLS) -> Actor:
    """The hub, a member, an area or a group."""
    kind = {"hub": "Organization", "member": "Person", "group": "Group", "instance": "Application"}.get(role, "Service")
    new: dict[str, Any] = {"role": role, "kind": kind, "name": name or f"{role}{next(_numbers)}"}
    return await actors.insert_local(db, urls, actors.NewActor(**new), keys())


async def the_hub(db: Db, urls: Urls = URLS) -> Actor:
    """The hub's own actor, made on the first call."""
    return await actors.find_local(db, "hub") or await a_local_actor(db, "hub", role="hub", urls=urls)


async def an_area(db: Db, name: str = "housing", urls: Urls = URLS) -> Actor:
    """An area with its actor."""
    actor = await a_local_actor(db, name, role="area", urls=urls)
    await areas.insert(db, name, actor.id, {"en": name.title(), "de": name.title()})
    return actor


async def a_member(
    db: Db, name: str = "", *, roles: tuple[str, ...] = ("member",), language: str = "en", urls: Urls = URLS
) -> Viewer:
    """A member with a login, as who is asking; acting as themselves."""
    actor = await a_local_actor(db, name, urls=urls)
    account = await accounts.insert(
        db, actor, email=f"{actor.name}@hub.example", password_hash=None, language=language, zone="Europe/Berlin"
    )
    for role in roles:
        await mandates.insert(db, account.id, role)
    account = await accounts.find(db, account.id) or account
    return Viewer(account=account, actor=actor, acting=actor, scopes=("*",))


async def a_remote_actor(db: Db, name: str = "", *, host: str = ELSEWHERE, **fields: Any) -> Actor:
    """Somebody on another server."""
    name = name or f"bo{next(_numbers)}"
    uri = f"{host}/users/{name}"
    usual = {"kind": "Person", "url": uri, "inbox": f"{uri}/inbox", "shared_inbox": f"{host}/inbox", "indexable": True}
    return await actors.upsert_remote(db, RemoteActor(id=uri, name=name, **(usual | fields)))


def an_event_detail(starts: datetime | None = None, **fields: Any) -> EventDetail:
    """An event of three hours, next week if not said otherwise."""
    starts = starts or datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=7)
    usual: dict[str, Any] = {
        "starts_at": starts,
        "starts_local": starts.replace(tzinfo=None),
        "zone": "UTC",
        "ends_at": starts + timedelta(hours=3),
        "ends_local": (starts + timedelta(hours=3)).replace(tzinfo=None),
    }
    return EventDetail(**(usual | fields))


async def a_post(db: Db, actor: Actor, *, kind: PostKind = "post", text: str = "Hello", **fields: Any) -> Post:
    """A post, event, finding, call or boost of a local actor, straight into the store."""
    post_id, now = new_id(fields.get("published_at")), fields.pop("published_at", datetime.now(UTC))
    detail: dict[str, Any] = {}
    if kind in ("event", "finding", "call"):
        made = {"event": an_event_detail, "finding": FindingDetail, "call": CallDetail}[kind]
        detail = {kind: fields.pop(kind, None) or made()}
    usual: dict[str, Any] = {
        "id": post_id,
        "uri": URLS.thing(kind, post_id),
        "url": URLS.thing(kind, post_id),
        "kind": kind,
        "type": {"event": "Event", "finding": "Article", "boost": "Announce"}.get(kind, "Note"),
        "local": True,
        "actor_id": actor.id,
        "audience": "public",
        "language": "en",
        "versions": [Version(language="en", name="" if kind == "post" else text, content=f"<p>{text}</p>")],
        "context": URLS.context(post_id),
        "published_at": now,
        "updated_at": now,
    }
    return await posts.insert(db, posts.NewPost(**(usual | detail | fields)))


def a_remote_object(actor: Actor, *, kind: Kind = "post", text: str = "Hello", **fields: Any) -> RemoteObject:
    """Something another server publishes, as federation.read hands it over."""
    uri = fields.pop("id", f"{actor.uri}/things/{next(_numbers)}")
    now = datetime.now(UTC) - timedelta(minutes=1)
    if kind != "post" and kind not in fields:
        fields[kind] = {"event": an_event_detail, "finding": FindingDetail, "call": CallDetail}[kind]()
    usual: dict[str, Any] = {
        "id": uri,
        "type": {"event": "Event", "finding": "Article"}.get(kind, "Note"),
        "kind": kind,
        "attributed_to": actor.uri,
        "url": uri,
        "versions": (Version(language="en", name="" if kind == "post" else text, content=f"<p>{text}</p>"),),
        "language": "en",
        "to": ("https://www.w3.org/ns/activitystreams#Public",),
        "audience": "public",
        "published": fields.get("updated", now),
        "updated": now,
    }
    return RemoteObject(**(usual | fields))


async def an_application(db: Db, name: str) -> Application:
    """Somebody applied, with a confirmed address, and waits for a decision."""
    answers = (Answer(question="Why?", answer=f"I am {name}."),)
    new = NewApplication(
        name=name,
        display_name=name.title(),
        email=f"{name}@post.example",
        password_hash="$argon2id$none",
        language="en",
        answers=answers,
    )
    found = await applications.find_by_key(db, await applications.insert(db, new))
    assert found and await applications.confirm(db, found.id)
    return msgspec.structs.replace(found, state="waiting")
