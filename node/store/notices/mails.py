"""The outbox: letters wait here, in the transaction of what they tell of, until a worker has handed them over.

A kind of letter is a pair of templates `mail/<kind>.txt` and `.html` of the theme."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from node.store.db import Db
from node.store.tabular import Slice, ordered
from schemas.limits import EMAIL_CHARS, LEASE_SECONDS, MAIL_ATTACHMENT_BYTES
from schemas.mail_addresses import is_mail_address
from schemas.records import Record


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file that goes with a letter; `media_type` may say more, such as text/calendar; method=REQUEST."""

    name: str
    media_type: str
    content: bytes


class MailDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A letter to write. `to`: one plain address; `facts`: what its templates need, as JSON can hold it;
    `unsubscribe`: the address that switches such letters off (node.mailing.links), None for those nobody can."""

    kind: str
    to: str
    language: str
    facts: Mapping[str, Any]
    attachments: tuple[Attachment, ...] = ()
    unsubscribe: str | None = None


class Mail(Record, frozen=True, kw_only=True):
    """A letter in the outbox. `message_id` never changes, so that a repeat is known for one."""

    id: int
    kind: str
    recipient: str
    language: str
    facts: dict[str, Any]
    unsubscribe: str | None
    message_id: str
    state: str
    attempts: int
    next_at: datetime
    last_error: str | None
    created_at: datetime
    done_at: datetime | None


_FIELDS = ", ".join(f"mails.{name}" for name in Mail.__struct_fields__)


async def put(db: Db, mail: MailDraft) -> int:
    """Put a letter into the outbox, in the caller's transaction; the worker is woken by `node.wake()` after the commit.
    Its id. ValueError for what is no plain mail address, or too large to send."""
    if not is_mail_address(mail.to) or not mail.to.isprintable() or len(mail.to) > EMAIL_CHARS:
        raise ValueError("a letter needs one plain mail address")
    if sum(len(one.content) for one in mail.attachments) > MAIL_ATTACHMENT_BYTES:
        raise ValueError("the attachments of a letter are too large")
    mail_id: int = await db.fetchval(
        """
        INSERT INTO mails (kind, recipient, language, facts, unsubscribe, message_id)
        SELECT $1, $2, $3, $4, $5, $6 || '@' || split_part(split_part(base_url, '//', 2), ':', 1) FROM hub
        RETURNING id
        """,
        mail.kind,
        mail.to,
        mail.language,
        dict(mail.facts),
        mail.unsubscribe,
        secrets.token_hex(16),
    )
    for position, one in enumerate(mail.attachments):
        await db.execute(
            "INSERT INTO mail_attachments (mail_id, position, name, media_type, content) VALUES ($1, $2, $3, $4, $5)",
            mail_id,
            position,
            one.name,
            one.media_type,
            one.content,
        )
    return mail_id


async def lease(db: Db, worker: int) -> Mail | None:
    """Take the letter whose turn it is, for a worker and LEASE_SECONDS: those that nobody can switch off come first,
    so that a code to sign in with does not wait behind a weekly letter to everybody."""
    row = await db.fetchrow(
        f"""
        UPDATE mails SET leased_until = now() + $1, leased_by = $2, attempts = attempts + 1
        WHERE id = (SELECT id FROM mails
                     WHERE state = 'waiting' AND next_at <= now() AND (leased_until IS NULL OR leased_until < now())
                     ORDER BY (unsubscribe IS NOT NULL), next_at, id
                     LIMIT 1
                       FOR UPDATE SKIP LOCKED)
        RETURNING {_FIELDS}
        """,  # noqa: S608 - names of our own
        timedelta(seconds=LEASE_SECONDS),
        worker,
    )
    return Mail(**row) if row else None


async def attachments(db: Db, mail_id: int) -> list[Attachment]:
    """The files of a letter, in order."""
    rows = await db.fetch(
        "SELECT name, media_type, content FROM mail_attachments WHERE mail_id = $1 ORDER BY position", mail_id
    )
    return [Attachment(**row) for row in rows]


async def sent(db: Db, mail_id: int) -> None:
    """It is with the mail server. What it said is forgotten here: letters hold keys and what people tell each other."""
    await db.execute(
        """
        WITH forgotten AS (DELETE FROM mail_attachments WHERE mail_id = $1)
        UPDATE mails SET state = 'sent', facts = '{}', done_at = now(), last_error = NULL,
                         leased_until = NULL, leased_by = NULL
         WHERE id = $1
        """,
        mail_id,
    )


async def keep(db: Db, mail_id: int) -> None:
    """No mail server is set: it stays here to be looked at."""
    await db.execute(
        "UPDATE mails SET state = 'kept', done_at = now(), leased_until = NULL, leased_by = NULL WHERE id = $1", mail_id
    )


async def refuse(db: Db, mail_id: int, error: str) -> None:
    """It cannot be sent, and the reason is kept for those who look after the hub."""
    await db.execute(
        """
        UPDATE mails SET state = 'refused', done_at = now(), last_error = $2, leased_until = NULL, leased_by = NULL
         WHERE id = $1
        """,
        mail_id,
        error,
    )


async def put_off(db: Db, mail_id: int, seconds: float, error: str) -> None:
    """The mail server did not want this letter now: try again after a while."""
    await db.execute(
        """
        UPDATE mails SET next_at = now() + $2 * interval '1 second', last_error = $3,
                         leased_until = NULL, leased_by = NULL
         WHERE id = $1
        """,
        mail_id,
        seconds,
        error,
    )


async def release(db: Db, mail_id: int, error: str | None) -> None:
    """Give it back untried: there was no mail server to speak to."""
    await db.execute(
        """
        UPDATE mails SET attempts = attempts - 1, last_error = coalesce($2, last_error),
                         leased_until = NULL, leased_by = NULL
         WHERE id = $1 AND leased_until IS NOT NULL
        """,
        mail_id,
        error,
    )


async def try_again(db: Db, mail_id: int) -> bool:
    """Send a refused letter once more, at once; False if there is no such one."""
    done: str = await db.execute(
        """
        UPDATE mails SET state = 'waiting', attempts = 0, next_at = now(), done_at = NULL
         WHERE id = $1 AND state = 'refused'
        """,
        mail_id,
    )
    return done == "UPDATE 1"


async def find(db: Db, mail_id: int) -> Mail | None:
    """A letter by its id."""
    row = await db.fetchrow(f"SELECT {_FIELDS} FROM mails WHERE id = $1", mail_id)  # noqa: S608 - names of our own
    return Mail(**row) if row else None


_LIST = f"""
    SELECT {_FIELDS} FROM mails
     WHERE ($1 = '' OR state = $1) AND ($2 = '' OR strpos(lower(concat_ws(' ', kind, recipient, last_error)), $2) > 0)
     -- sorted
    OFFSET $3 LIMIT $4
"""  # noqa: S608 - names of our own
_ORDERS = {"when": "created_at", "kind": "kind", "to": "recipient", "state": "state", "why": "last_error"}


async def list_of(db: Db, state: str, wanted: Slice) -> list[Mail]:
    """A part of the letters, of one state where one is named."""
    sql = ordered(_LIST, _ORDERS, wanted, "id DESC")
    return [Mail(**row) for row in await db.fetch(sql, state, wanted.words.lower(), wanted.offset, wanted.limit)]


async def list_latest(db: Db, state: str | None, limit: int, before: int | None = None) -> list[Mail]:
    """The latest letters (of one state, older than `before`), newest first."""
    rows = await db.fetch(
        f"""
        SELECT {_FIELDS} FROM mails
         WHERE ($1::text IS NULL OR state = $1) AND ($3::bigint IS NULL OR id < $3)
         ORDER BY id DESC
         LIMIT $2
        """,  # noqa: S608 - names of our own
        state,
        limit,
        before,
    )
    return [Mail(**row) for row in rows]


async def counts(db: Db) -> dict[str, int]:
    """How many letters there are of each state."""
    rows = await db.fetch("SELECT state, count(*) AS number FROM mails GROUP BY state")
    return {row["state"]: row["number"] for row in rows}


async def latest_of(db: Db, kind: str) -> Mail | None:
    """The last letter of a kind that was written."""
    row = await db.fetchrow(
        f"SELECT {_FIELDS} FROM mails WHERE kind = $1 ORDER BY id DESC LIMIT 1",  # noqa: S608 - names of our own
        kind,
    )
    return Mail(**row) if row else None


async def latest_failed(db: Db) -> Mail | None:
    """The last letter that has an error and was not sent after all."""
    row = await db.fetchrow(
        f"SELECT {_FIELDS} FROM mails WHERE last_error IS NOT NULL ORDER BY id DESC LIMIT 1"  # noqa: S608 - as above
    )
    return Mail(**row) if row else None


async def forget_done(db: Db, age: timedelta, limit: int) -> int:
    """Delete letters that were done with longer ago than `age`. How many went."""
    done: str = await db.execute(
        "DELETE FROM mails WHERE id IN (SELECT id FROM mails WHERE done_at < now() - $1::interval LIMIT $2)", age, limit
    )
    return int(done.rpartition(" ")[2])
