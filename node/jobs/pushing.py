"""Jobs that hand notices to push services, which wake the apps of whoever is told: one message a notice and app."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from federation.client import Outgoing
from federation.outcomes import Failure, FetchFailed, FetchRefused
from federation.retry import retry_after_seconds
from federation.web_push import AppKeys, BadKeys, Message, app_keys, seal
from node.node import Node
from node.store.db import Db
from node.store.members import accounts
from node.store.notices import notices, push, vapid
from node.store.notices.notices import Notice
from node.store.notices.push import Subscription
from node.store.people import people
from node.store.posts import posts
from node.wording.showing import excerpt, plain
from node.wording.telling import sentence
from schemas.limits import (
    PUSH_ANSWER_BYTES,
    PUSH_BODY_CHARS,
    PUSH_FAILURES,
    PUSH_SECONDS,
    PUSH_TITLE_CHARS,
    PUSH_TTL_SECONDS,
)

FACELESS = "/static/avatars/original/missing.png"
OVER = (404, 410)
"""Answers that say: nobody is there any more (RFC 8030, section 7.3)."""


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """What an app finds in a message, as Mastodon has it. The token tells the app which of its accounts is meant."""

    access_token: str
    preferred_locale: str
    notification_id: int
    notification_type: str
    icon: str
    title: str
    body: str


async def push_notice(node: Node, notice_id: int, subscription_id: int) -> None:
    """Push one notice to one app, unless it is old, was dismissed, or the app does not want it. A service that does not
    know the app ends the subscription; raises FetchFailed where trying later may do better."""
    async with node.database.pool.acquire() as db:
        found = await notices.get_many(db, [notice_id])
        wanted = await _subscription(db, found[0], subscription_id) if found else None
        if wanted is None:
            return
        try:
            keys = app_keys(wanted.p256dh, wanted.auth)
        except BadKeys:
            await push.remove(db, wanted.token_id)
            return
        message = await _message(node, db, found[0], wanted, keys)
    await _hand_over(node, wanted, message)


async def _subscription(db: Db, notice: Notice, subscription_id: int) -> Subscription | None:
    """The subscription, if it wants this notice now."""
    wanted = await push.find_open(db, subscription_id, notice.account_id)
    if wanted is None or not wanted.alerts.get(notice.type):
        return None
    if datetime.now(UTC) - notice.created_at > timedelta(seconds=PUSH_TTL_SECONDS):
        return None
    return wanted if await push.wants(db, wanted.policy, notice.actor_id, notice.from_id) else None


async def _message(node: Node, db: Db, notice: Notice, wanted: Subscription, keys: AppKeys) -> Message:
    account = await accounts.find(db, notice.account_id)
    language = account.language if account else "en"
    teller = (await people.get_many(db, [notice.from_id])).get(notice.from_id)
    things = await posts.get_many(db, [notice.post_id], notice.actor_id) if notice.post_id else {}
    post = things.get(notice.post_id or 0)
    icon = teller.icon_url if teller and teller.icon_url and node.urls.ours(teller.icon_url) else None
    about = excerpt(post, language) if post else plain(teller.summary if teller else "")
    payload = Payload(
        access_token=wanted.access_token,
        preferred_locale=language,
        notification_id=notice.id,
        notification_type=notice.type,
        icon=icon or node.urls.base_url + FACELESS,
        title=sentence(language, notice, teller, post, notice.actor_id)[:PUSH_TITLE_CHARS],
        body=about[:PUSH_BODY_CHARS],
    )
    return seal(
        msgspec.json.encode(payload),
        keys,
        endpoint=wanted.endpoint,
        signing_key=vapid.load(await vapid.private_key(db)),
        contact=node.urls.base_url,
        now=datetime.now(UTC),
        standard=wanted.standard,
    )


async def _hand_over(node: Node, wanted: Subscription, message: Message) -> None:
    request = Outgoing(
        url=wanted.endpoint,
        method="POST",
        headers=message.headers,
        body=message.body,
        redirects="none",
        peer=False,
        max_bytes=PUSH_ANSWER_BYTES,
        seconds=PUSH_SECONDS,
    )
    try:
        async with node.client.send(request) as answer:
            status, wait = answer.status, answer.headers.get("Retry-After", "")
    except FetchRefused:
        status, wait = 400, ""  # an address we do not call: it will not become one
    async with node.database.pool.acquire() as db:
        if 200 <= status < 300:
            await push.forgive(db, wanted.id)
        elif status in OVER:
            await push.remove(db, wanted.token_id)
        elif status in (408, 429) or status >= 500:
            retry_after = retry_after_seconds(wait, datetime.now(UTC))
            raise FetchFailed(Failure.STATUS, status=status, retry_after=retry_after)
        else:
            await push.count_failure(db, wanted.id, PUSH_FAILURES)
