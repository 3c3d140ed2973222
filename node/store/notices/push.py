"""Where apps want notices pushed to: one subscription a token, at a push service the app's user has chosen."""

from __future__ import annotations

from typing import Literal

from node.store.db import Db
from schemas.records import Record

Policy = Literal["all", "followed", "follower", "none"]


class Subscription(Record, frozen=True, kw_only=True):
    """`p256dh` and `auth`: the app's keys (RFC 8291), base64url. `standard`: encrypted as that RFC says, else as its
    draft did. `alerts`: which types of notices."""

    id: int
    token_id: int
    endpoint: str
    p256dh: str
    auth: str
    standard: bool
    alerts: dict[str, bool]
    policy: Policy
    access_token: str
    failures: int


async def find(db: Db, token_id: int) -> Subscription | None:
    """The subscription made with a token."""
    return _subscription(await db.fetchrow("SELECT * FROM push_subscriptions WHERE token_id = $1", token_id))


async def find_open(db: Db, subscription_id: int, account_id: int) -> Subscription | None:
    """A subscription whose token is still good, and this account's."""
    row = await db.fetchrow(
        """
        SELECT s.*
          FROM push_subscriptions s
          JOIN tokens t ON t.id = s.token_id
          JOIN accounts a ON a.id = t.account_id
         WHERE s.id = $1 AND a.id = $2 AND t.revoked_at IS NULL AND a.disabled_at IS NULL
        """,
        subscription_id,
        account_id,
    )
    return _subscription(row)


async def put(
    db: Db,
    token_id: int,
    access_token: str,
    *,
    endpoint: str,
    p256dh: str,
    auth: str,
    standard: bool,
    alerts: dict[str, bool],
    policy: Policy,
) -> Subscription:
    """Subscribe; what the token had before is replaced, and gets a new id."""
    await db.execute("DELETE FROM push_subscriptions WHERE token_id = $1", token_id)
    row = await db.fetchrow(
        """
        INSERT INTO push_subscriptions (token_id, access_token, endpoint, p256dh, auth, standard, alerts, policy)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        RETURNING *
        """,
        token_id,
        access_token,
        endpoint,
        p256dh,
        auth,
        standard,
        alerts,
        policy,
    )
    made = _subscription(row)
    assert made is not None  # noqa: S101 - INSERT … RETURNING gives a row
    return made


async def change(db: Db, token_id: int, alerts: dict[str, bool], policy: Policy) -> Subscription | None:
    """Other types of notices, or from others; None where there is no subscription."""
    return _subscription(
        await db.fetchrow(
            "UPDATE push_subscriptions SET alerts = $2, policy = $3 WHERE token_id = $1 RETURNING *",
            token_id,
            alerts,
            policy,
        )
    )


async def remove(db: Db, token_id: int) -> None:
    """End the subscription of a token."""
    await db.execute("DELETE FROM push_subscriptions WHERE token_id = $1", token_id)


async def count_failure(db: Db, subscription_id: int, most: int) -> None:
    """A message was refused; after `most` of them in a row the subscription ends."""
    failures = await db.fetchval(
        "UPDATE push_subscriptions SET failures = failures + 1 WHERE id = $1 RETURNING failures", subscription_id
    )
    if failures is not None and failures >= most:
        await db.execute("DELETE FROM push_subscriptions WHERE id = $1", subscription_id)


async def forgive(db: Db, subscription_id: int) -> None:
    """A message was taken."""
    await db.execute("UPDATE push_subscriptions SET failures = 0 WHERE id = $1 AND failures > 0", subscription_id)


async def wants(db: Db, policy: Policy, actor_id: int, from_id: int) -> bool:
    """Whether a subscription's policy lets notices of another actor through."""
    if policy in ("all", "none"):
        return policy == "all"
    follower, followed = (actor_id, from_id) if policy == "followed" else (from_id, actor_id)
    found: bool = await db.fetchval(
        "SELECT EXISTS (SELECT FROM follows WHERE follower_id = $1 AND followed_id = $2 AND state = 'accepted')",
        follower,
        followed,
    )
    return found


def _subscription(row: object) -> Subscription | None:
    if row is None:
        return None
    return Subscription(**{name: row[name] for name in Subscription.__struct_fields__})  # type: ignore[index]
