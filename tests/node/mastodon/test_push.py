"""Pushed messages, up to a push service on loopback that decrypts what it gets, as an app would."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Any

import http_ece
import msgspec
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from federation.outcomes import FetchFailed
from node.actions import react
from node.jobs.pushing import push_notice
from node.mastodon.errors import Refused
from node.mastodon.push_addresses import require_reachable
from node.store.access import tokens
from node.store.queues import jobs
from node.worker import JOBS
from schemas.limits import PUSH_FAILURES
from schemas.records import Viewer
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/api/v1/push/subscription"


class Service:
    """A push service that keeps what it gets and answers with `status`."""

    def __init__(self) -> None:
        self.status = 201
        self.got: list[tuple[Any, bytes]] = []
        app = web.Application()
        app.router.add_post("/push/{app}", self._take)
        self.server = TestServer(app)

    @property
    def origin(self) -> str:
        """Where it is."""
        return str(self.server.make_url("")).rstrip("/")

    @property
    def endpoint(self) -> str:
        """The address of one app there."""
        return f"{self.origin}/push/x"

    async def _take(self, request: web.Request) -> web.Response:
        self.got.append((request.headers, await request.read()))
        return web.Response(status=self.status)


class App:
    """The app's side: its keys, and how it reads what comes."""

    def __init__(self) -> None:
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef"
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.p256dh = urlsafe_b64encode(point).decode().rstrip("=")

    def subscription(self, endpoint: str, **more: Any) -> dict[str, Any]:
        """What it sends to subscribe to likes."""
        keys = {"p256dh": self.p256dh, "auth": urlsafe_b64encode(self.auth).decode()}
        return {"subscription": {"endpoint": endpoint, "keys": keys} | more, "data": {"alerts": {"favourite": True}}}

    def read(self, headers: Any, body: bytes) -> dict[str, Any]:
        """Decrypt a message of either kind."""
        more: dict[str, Any] = {}
        if headers["Content-Encoding"] == "aesgcm":
            more["salt"] = _bytes(headers["Encryption"].removeprefix("salt="))
            more["dh"] = _bytes(re.search("dh=([^;]+)", headers["Crypto-Key"])[1])  # type: ignore[index]
        version = headers["Content-Encoding"]
        plain = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version=version, **more)
        found: dict[str, Any] = msgspec.json.decode(plain)
        return found


@pytest_asyncio.fixture(loop_scope="module")
async def service() -> AsyncIterator[Service]:
    one = Service()
    async with one.server:
        yield one


async def liked(hub: ClientHub, me: Viewer) -> int:
    """Somebody likes something of a member; the pushes that are due for it are done, and counted."""
    post, other = await hub.publish(me, "A long read"), await hub.newcomer()
    async with hub.db.transaction():
        await react.like(hub.node, hub.db, other.actor, post.id)
    return await work(hub)


async def work(hub: ClientHub) -> int:
    """Do the pushes that wait; how many there were."""
    rows = await hub.db.fetch("SELECT id, arguments FROM jobs WHERE kind = 'push_notice'")
    for row in rows:
        await jobs.finish(hub.db, row["id"])
        await JOBS["push_notice"](hub.node, **row["arguments"])
    return len(rows)


async def subscribed(hub: ClientHub, service: Service, **more: Any) -> tuple[Viewer, Client, App]:
    """A member whose app gets likes pushed."""
    me, app = await hub.newcomer(), App()
    client = await hub.client_of(me)
    assert (await client.post(PATH, app.subscription(service.endpoint, **more))).status == 200
    return me, client, app


@pytest.mark.parametrize("standard", [True, False])
async def test_a_notice_reaches_the_app_encrypted_and_signed(hub: ClientHub, service: Service, standard: bool) -> None:
    me, client, app = await subscribed(hub, service, standard=standard)
    assert await liked(hub, me) == 1
    [(headers, body)] = service.got
    notice = (await client.get("/api/v1/notifications")).json[0]
    read = app.read(headers, body)
    assert read["access_token"] == client.token
    assert (read["notification_id"], read["notification_type"]) == (int(notice["id"]), "favourite")
    assert "likes this" in read["title"] and read["body"] == "A long read" and read["preferred_locale"] == "en"
    assert read["icon"].startswith(hub.base)
    assert b"A long read" not in body and int(headers["TTL"]) > 0
    assert headers["Content-Encoding"] == ("aes128gcm" if standard else "aesgcm")
    _check_word(hub, service, headers, (await client.get(PATH)).json["server_key"], standard=standard)


def _check_word(hub: ClientHub, service: Service, headers: Any, server_key: str, *, standard: bool) -> None:
    pattern = "vapid t=([^,]+),k=(.+)" if standard else "WebPush (.+)"
    found = re.fullmatch(pattern, headers["Authorization"])
    assert found is not None
    known = found[2] if standard else headers["Crypto-Key"].rpartition("p256ecdsa=")[2]
    assert known == server_key.rstrip("=")
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(known))
    pem = point.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    claims = jwt.decode(found[1], ECKey.import_key(pem), algorithms=["ES256"]).claims
    assert (claims["aud"], claims["sub"]) == (service.origin, hub.base)


async def test_a_subscription_is_made_shown_changed_and_ended(hub: ClientHub, service: Service) -> None:
    _, client, app = await subscribed(hub, service)
    shown = (await client.get(PATH)).json
    assert isinstance(shown["id"], int) and shown["endpoint"] == service.endpoint and shown["standard"] is False
    assert shown["alerts"]["favourite"] is True and shown["alerts"]["mention"] is False and shown["policy"] == "all"
    changed = (await client.put(PATH, {"data": {"alerts": {"mention": "true"}, "policy": "followed"}})).json
    assert (changed["id"], changed["policy"]) == (shown["id"], "followed")
    assert changed["alerts"]["mention"] is True and changed["alerts"]["favourite"] is False
    flat = {"subscription[endpoint]": service.endpoint, "subscription[keys][p256dh]": app.p256dh}
    flat |= {"subscription[keys][auth]": "MDEyMzQ1Njc4OWFiY2RlZg==", "data[alerts][poll]": "1", "policy": "none"}
    again = (await client.post(PATH, params=flat)).json
    assert again["id"] != shown["id"] and again["alerts"]["poll"] is True and again["policy"] == "none"
    assert (await client.delete(PATH)).json == {}
    assert (await client.get(PATH)).status == 404
    assert (await client.put(PATH, {"data": {}})).status == 404


async def test_addresses_and_keys_that_cannot_be_are_refused(hub: ClientHub, service: Service) -> None:
    client, app = await hub.client_of(await hub.newcomer()), App()
    for endpoint in ("", "nonsense", "ftp://push.example/x", "https://10.0.0.1/x", "https://user@push.example/"):
        assert (await client.post(PATH, app.subscription(endpoint))).status == 422, endpoint
    right = app.subscription(service.endpoint)
    keys = right["subscription"]["keys"]
    for wrong in ({"p256dh": "AAAA"}, {"auth": "AAAA"}, {"p256dh": "B" + "A" * 86}, {"auth": "!"}, {"p256dh": ""}):
        sent = right | {"subscription": right["subscription"] | {"keys": keys | wrong}}
        assert (await client.post(PATH, sent)).status == 422, wrong
    assert (await client.get(PATH)).status == 404
    assert (await hub.stranger.post(PATH, right)).status == 401
    narrow = await hub.client_of(await hub.newcomer(), "read", "write")
    assert (await narrow.post(PATH, right)).status == 403


async def test_a_name_of_what_is_not_public_is_refused_when_an_app_subscribes(hub: ClientHub) -> None:
    closed = msgspec.structs.replace(hub.node, settings=msgspec.structs.replace(hub.node.settings, allow_networks=()))
    with pytest.raises(Refused) as refused:
        await require_reachable(closed, "https://localhost/push")
    assert (refused.value.status, refused.value.message) == (422, "Validation failed: Endpoint is not a public host")
    await require_reachable(hub.node, "https://localhost/push")
    await require_reachable(closed, "https://push.nowhere.invalid/push")  # not known now, perhaps later


async def test_a_service_that_knows_the_app_no_more_ends_the_subscription(hub: ClientHub, service: Service) -> None:
    me, client, _ = await subscribed(hub, service)
    service.status = 410
    await liked(hub, me)
    assert (await client.get(PATH)).status == 404
    assert await liked(hub, me) == 0


async def test_a_busy_service_is_asked_again_and_one_that_refuses_is_given_up(hub: ClientHub, service: Service) -> None:
    me, client, _ = await subscribed(hub, service)
    service.status = 503
    with pytest.raises(FetchFailed) as failed:
        await liked(hub, me)
    assert failed.value.temporary
    service.status = 400
    for _ in range(PUSH_FAILURES - 1):
        await liked(hub, me)
    assert (await client.get(PATH)).status == 200
    await liked(hub, me)
    assert (await client.get(PATH)).status == 404


async def test_nothing_is_pushed_that_is_not_wanted(hub: ClientHub, service: Service) -> None:
    me, client, _ = await subscribed(hub, service)
    await client.put(PATH, {"data": {"policy": "followed"}})
    await liked(hub, me)
    await client.put(PATH, {"data": {"alerts": {"mention": True}, "policy": "all"}})
    await liked(hub, me)
    await client.put(PATH, {"data": {"alerts": {"favourite": True}}})
    post, other = await hub.publish(me), await hub.newcomer()
    async with hub.db.transaction():
        await react.like(hub.node, hub.db, other.actor, post.id)
    await client.post("/api/v1/notifications/clear")
    await work(hub)
    await hub.db.execute("UPDATE tokens SET revoked_at = now() WHERE account_id = $1", me.account.id)
    assert await liked(hub, me) == 0
    assert service.got == []


async def test_what_is_two_days_old_or_of_a_revoked_token_is_not_pushed(hub: ClientHub, service: Service) -> None:
    me, client, _ = await subscribed(hub, service)
    wanted = await hub.db.fetchval("SELECT max(id) FROM push_subscriptions")
    post, other = await hub.publish(me), await hub.newcomer()
    async with hub.db.transaction():
        await react.like(hub.node, hub.db, other.actor, post.id)
    await hub.db.execute("DELETE FROM jobs WHERE kind = 'push_notice'")
    notice = int((await client.get("/api/v1/notifications")).json[0]["id"])
    await hub.db.execute("UPDATE notifications SET created_at = now() - interval '3 days' WHERE id = $1", notice)
    await push_notice(hub.node, notice, wanted)
    await hub.db.execute("UPDATE notifications SET created_at = now() WHERE id = $1", notice)
    await tokens.revoke_all(hub.db, me.account.id)
    await push_notice(hub.node, notice, wanted)
    assert service.got == []


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
