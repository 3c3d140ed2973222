"""What was answered to a request with an Idempotency-Key, so that a repeat gets the same answer and does nothing."""

from __future__ import annotations

from datetime import timedelta

from node.store.db import Db
from schemas.limits import IDEMPOTENCY_HOURS
from schemas.records import Record


class Answered(Record, frozen=True, kw_only=True):
    """An answer as it was given; `request` is the SHA-256 of what was asked."""

    request: bytes
    status: int
    headers: dict[str, str]
    body: str


async def begin(db: Db, account_id: int, key: str, request: bytes) -> Answered | None:
    """The answer given before to this account's key; None where this is the first time, and then the key is taken
    until the transaction ends: a repeat in the meantime waits for it. A transaction that fails frees the key."""
    await db.execute(
        "DELETE FROM answered WHERE account_id = $1 AND at < now() - $2::interval",
        account_id,
        timedelta(hours=IDEMPOTENCY_HOURS),
    )
    done: str = await db.execute(
        "INSERT INTO answered (account_id, key, request) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        account_id,
        key,
        request,
    )
    if done == "INSERT 0 1":
        return None
    row = await db.fetchrow(
        "SELECT request, status, headers, body FROM answered WHERE account_id = $1 AND key = $2", account_id, key
    )
    return Answered(**row)


async def keep(db: Db, account_id: int, key: str, answer: Answered) -> None:
    """Keep the answer, in the transaction of the deed."""
    await db.execute(
        "UPDATE answered SET status = $3, headers = $4, body = $5 WHERE account_id = $1 AND key = $2",
        account_id,
        key,
        answer.status,
        answer.headers,
        answer.body,
    )
