"""The objects that rows name: made on demand through the API itself, once, or anew each time where `fresh` is said."""

from __future__ import annotations

import base64
import io
import itertools
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from node.store.hub import hub_texts
from node.store.members import mandates
from node.store.people import follows
from schemas.records import Viewer
from tests.factories import an_application
from tests.files import image
from tests.node.mastodon.conftest import Answer, Client, ClientHub

Maker = Callable[["World"], Awaitable[str]]
_NAME = re.compile(r"\{(\w+)\}")
_numbers = itertools.count(1)


class World:
    """Ana's, who asks, with her friend Bo and others. `fill` puts the objects' ids where their names stand."""

    def __init__(self, hub: ClientHub, ana: Viewer, bo: Viewer, mine: Client, friends: Client) -> None:
        self.hub, self.ana, self.bo, self.mine, self.friends = hub, ana, bo, mine, friends
        self._made: dict[str, str] = {}
        self._steward: Client | None = None

    async def fill(self, value: Any) -> Any:
        """A path, or what is sent, with ids for names."""
        if isinstance(value, dict):
            return {key: await self.fill(one) for key, one in value.items()}
        if isinstance(value, list):
            return [await self.fill(one) for one in value]
        if not isinstance(value, str):
            return value
        for name in _NAME.findall(value):
            value = value.replace(f"{{{name}}}", await self.get(name))
        return value

    async def get(self, name: str) -> str:
        """The id of an object."""
        maker = MAKERS.get(name.removeprefix("fresh_")) or MAKERS[name]
        if name.startswith("fresh_") or name in ("other", "name"):
            return await maker(self)
        if name not in self._made:
            self._made[name] = await maker(self)
        return self._made[name]

    async def settle(self) -> None:
        """What must be there before anybody asks for lists of it."""
        await self.do(self.mine, f"/api/v1/accounts/{self.bo.actor.id}/follow")
        await self.do(self.friends, f"/api/v1/accounts/{self.ana.actor.id}/follow")
        for deed in ("block", "mute"):
            await self.do(self.mine, f"/api/v1/accounts/{await self.get('other')}/{deed}")
        await self.do(self.mine, "/api/v1/domain_blocks", {"domain": "other.example"})
        await self.do(self.mine, "/api/v1/markers", {"home": {"last_read_id": "5"}})
        await self.do(self.mine, "/api/v1/tags/wood/follow")
        await self.do(self.mine, "/api/v2/notifications/policy", {"for_not_following": "filter"}, method="PUT")
        for text in ("privacy", "terms"):
            await hub_texts.put(self.hub.db, text, {"en": "We keep little."})
        for name in SETTLED:
            await self.get(name)
        for deed in ("favourite", "bookmark"):
            await self.do(self.mine, f"/api/v1/statuses/{await self.get('friends_status')}/{deed}")
        await self.do(self.friends, f"/api/v1/statuses/{await self.get('status')}/favourite")

    async def client_for_staff(self, who: Viewer) -> Client:
        """A moderation client of somebody."""
        return await self.hub.client_of(who, "admin:read", "admin:write")

    async def steward(self) -> Client:
        """That of somebody who may see cases, take measures and let people in, and nobody need confirm it."""
        if self._steward is None:
            who = await self.hub.newcomer("moderator")
            self._steward = await self.client_for_staff(who)
            await self.hub.db.execute("DELETE FROM mandates WHERE role <> 'member' AND role <> 'moderator'")
            await self.hub.db.execute("INSERT INTO roles (name, permissions) VALUES ('host', '{manage_members}')")
            await mandates.insert(self.hub.db, who.account.id, "host")
        return self._steward

    async def do(self, client: Client, path: str, sent: Any = None, *, method: str = "POST") -> Any:
        """One request that must succeed; its JSON."""
        answer: Answer = await client.ask(method, path, **({"json": sent} if sent is not None else {}))
        assert answer.status == 200, f"{method} {path}: {answer.status} {answer.text}"
        return answer.json


def made_by(path: str, sent: dict[str, Any], *, friend: bool = False, pick: str = "id") -> Maker:
    """The id of what a POST makes."""

    async def make(world: World) -> str:
        client = world.friends if friend else world.mine
        answer = await world.do(client, await world.fill(path), await world.fill(sent))
        for step in pick.split("."):
            answer = answer[int(step)] if step.isdigit() else answer[step]
        return str(answer)

    return make


def _status(text: str, *, friend: bool = False, pick: str = "id", **more: Any) -> Maker:
    return made_by("/api/v1/statuses", {"status": text} | more, friend=friend, pick=pick)


async def _other(world: World) -> str:
    return str((await world.hub.newcomer()).actor.id)


async def _asking(world: World) -> str:
    who = await world.hub.newcomer()
    uri = f"{world.hub.urls.base_url}/activities/{next(_numbers)}"
    await follows.insert(world.hub.db, who.actor.id, world.ana.actor.id, uri, accepted=False)
    return str(who.actor.id)


def _published(kind: str) -> Maker:
    async def make(world: World) -> str:
        return str((await world.hub.publish(world.bo, kind=kind)).id)

    return make


def _medium(*, friend: bool = False) -> Maker:
    async def make(world: World) -> str:
        client = world.friends if friend else world.mine
        answer = await client.ask("POST", "/api/v2/media", data={"file": io.BytesIO(image(size=(40, 30)))})
        assert answer.status in (200, 202), answer.text
        return str(answer.json["id"])

    return make


def _list(*, friend: bool = False) -> Maker:
    async def make(world: World) -> str:
        made = await made_by("/api/v1/lists", {"title": "Bench"}, friend=friend)(world)
        if not friend:
            await world.do(world.mine, f"/api/v1/lists/{made}/accounts", {"account_ids": [str(world.bo.actor.id)]})
        return made

    return make


def _notice(*, friend: bool = False) -> Maker:
    async def make(world: World) -> str:
        writer, reader = (world.mine, world.friends) if friend else (world.friends, world.mine)
        name = world.bo.actor.name if friend else world.ana.actor.name
        said = await world.do(writer, "/api/v1/statuses", {"status": f"Look at #bench {next(_numbers)}, @{name}"})
        found = await reader.get("/api/v1/notifications", **{"types[]": "mention"})
        return str(next(one["id"] for one in found.json if one["status"]["id"] == said["id"]))

    return make


async def _group_key(world: World) -> str:
    await MAKERS["notice"](world)
    found = await world.mine.get("/api/v2/notifications", limit=1)
    return str(found.json["notification_groups"][0]["group_key"])


async def _request(world: World) -> str:
    stranger = await world.hub.newcomer()
    client = await world.hub.client_of(stranger)
    await world.do(client, "/api/v1/statuses", {"status": f"Do you want my chairs, @{world.ana.actor.name}?"})
    found = await world.mine.get("/api/v1/notifications/requests")
    return str(next(one["id"] for one in found.json if one["account"]["id"] == str(stranger.actor.id)))


async def _conversation(world: World) -> str:
    message = {"status": f"@{world.ana.actor.name} shall I bring wood?", "visibility": "direct"}
    await world.do(world.friends, "/api/v1/statuses", message)
    return str((await world.mine.get("/api/v1/conversations")).json[0]["id"])


def _collection(*people: str, friend: bool = False) -> Maker:
    return made_by(
        "/api/v1/collections", {"name": "Bench", "account_ids": list(people)}, friend=friend, pick="collection.id"
    )


def _item_of(collection: str) -> Maker:
    async def make(world: World) -> str:
        found = await world.mine.get(f"/api/v1/collections/{await world.get(collection)}")
        return str(found.json["collection"]["items"][0]["id"])

    return make


async def _announcement(world: World) -> str:
    insert = "INSERT INTO announcements (versions) VALUES ($1) RETURNING id"
    return str(await world.hub.db.fetchval(insert, [{"language": "en", "content": "<p>We move on Friday.</p>"}]))


async def _applicant(world: World) -> str:
    return str((await an_application(world.hub.db, f"applicant{next(_numbers)}")).id)


def _case(*, closed: bool = False) -> Maker:
    async def make(world: World) -> str:
        about = await _other(world)
        made = await world.do(world.friends, "/api/v1/reports", {"account_id": about, "comment": "Look"})
        if closed:
            await world.do(await world.steward(), f"/api/v1/admin/reports/{made['id']}/resolve")
        return str(made["id"])

    return make


async def _suspended(world: World) -> str:
    about = await _other(world)
    await world.do(await world.steward(), f"/api/v1/admin/accounts/{about}/action", {"type": "suspend"})
    return about


def _domain(path: str) -> Maker:
    async def make(world: World) -> str:
        sent = {"domain": f"d{next(_numbers)}.example", "severity": "silence"}
        return str((await world.do(await world.steward(), path, sent))["id"])

    return make


def _said(value: Callable[[World], str]) -> Maker:
    async def make(world: World) -> str:
        return value(world)

    return make


def _base64url(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


_FILTER = {"title": "Sale", "context": ["home"], "keywords_attributes": [{"keyword": "sale"}]}
_POLL = {"options": ["yes", "no"], "expires_in": 3600}
_LATER = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
_KEY = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

SETTLED = (
    "asks", "status", "friends_status", "featured_tag", "conversation", "notice", "request", "list", "filter",
    "filter_status", "scheduled", "announcement", "case", "cut", "allowed",
)  # fmt: skip

MAKERS: dict[str, Maker] = {
    "friend": _said(lambda world: str(world.bo.actor.id)),
    "friend_name": _said(lambda world: world.bo.actor.name),
    "name": _said(lambda _: f"somebody{next(_numbers)}"),
    "in_two_hours": _said(lambda _: (datetime.now(UTC) + timedelta(hours=2)).isoformat()),
    "today": _said(lambda _: datetime.now(UTC).date().isoformat()),
    "p256dh": _said(lambda _: _base64url(_KEY)),
    "auth": _said(lambda _: _base64url(b"0123456789abcdef")),
    "other": _other,
    "asks": _asking,
    "asking": _asking,
    "asking_too": _asking,
    "status": _status("A #bench of #wood https://link.example/a"),
    "friends_status": _status("My #bench is of #wood", friend=True),
    "hidden_status": _status("@sol only you", friend=True, visibility="direct"),
    "poll": _status("Oak?", friend=True, poll=_POLL, pick="poll.id"),
    "event": _published("event"),
    "finding": _published("finding"),
    "call": _published("call"),
    "quoted": _status("Quote me"),
    "quoting": _status("Look", friend=True, quoted_status_id="{quoted}"),
    "scheduled": _status("Later", scheduled_at=_LATER),
    "foreign_scheduled": _status("Later", friend=True, scheduled_at=_LATER),
    "medium": _medium(),
    "foreign_medium": _medium(friend=True),
    "base": _said(lambda world: world.hub.base),
    "me": _said(lambda world: str(world.ana.actor.id)),
    "collection": _collection("{friend}"),
    "empty_collection": _collection(),
    "full_collection": _collection("{friend}"),
    "item": _item_of("full_collection"),
    "friends_collection": _collection("{me}", friend=True),
    "item_of_mine": _item_of("friends_collection"),
    "list": _list(),
    "empty_list": made_by("/api/v1/lists", {"title": "Nobody yet"}),
    "foreign_list": _list(friend=True),
    "featured_tag": made_by("/api/v1/featured_tags", {"name": "chairs"}),
    "foreign_featured_tag": made_by("/api/v1/featured_tags", {"name": "wood"}, friend=True),
    "filter": made_by("/api/v2/filters", _FILTER),
    "foreign_filter": made_by("/api/v2/filters", _FILTER, friend=True),
    "keyword": made_by("/api/v2/filters", _FILTER, pick="keywords.0.id"),
    "foreign_keyword": made_by("/api/v2/filters", _FILTER, friend=True, pick="keywords.0.id"),
    "filter_status": made_by("/api/v2/filters/{filter}/statuses", {"status_id": "{fresh_status}"}),
    "notice": _notice(),
    "foreign_notice": _notice(friend=True),
    "group_key": _group_key,
    "request": _request,
    "conversation": _conversation,
    "announcement": _announcement,
    "offender": _other,
    "applicant": _applicant,
    "suspended": _suspended,
    "case": _case(),
    "closed_case": _case(closed=True),
    "cut": _domain("/api/v1/admin/domain_blocks"),
    "allowed": _domain("/api/v1/admin/domain_allows"),
}
