"""Quotes: which post quotes which, and whether the author of the quoted one agreed (FEP-044f)."""

from __future__ import annotations

from typing import Literal

from federation.addresses import same_origin
from node.store import happenings
from node.store.db import Db
from node.store.posts.reading import Page, paged
from node.store.queues import jobs
from schemas.records import Actor, Post, Record

State = Literal["pending", "accepted", "rejected", "revoked"]


class Quote(Record, frozen=True, kw_only=True):
    """A quote by its quoting post. `request_uri`: what we asked the other author with; `authorization_uri`: the stamp,
    which a quote of one's own needs none of."""

    post_id: int
    quoted_uri: str
    quoted_id: int | None
    state: State
    request_uri: str | None
    authorization_uri: str | None


_FIELDS = "post_id, quoted_uri, quoted_id, state, request_uri, authorization_uri"


async def insert(
    db: Db,
    post_id: int,
    quoted_uri: str,
    state: State,
    *,
    request_uri: str | None = None,
    authorization_uri: str | None = None,
) -> None:
    """Note what a post of ours quotes."""
    await db.execute(
        """
        INSERT INTO quotes (post_id, quoted_uri, quoted_id, state, request_uri, authorization_uri, decided_at)
        VALUES ($1, $2, (SELECT id FROM posts WHERE uri = $2), $3, $4, $5, CASE WHEN $3 = 'accepted' THEN now() END)
        """,
        post_id,
        quoted_uri,
        state,
        request_uri,
        authorization_uri,
    )


async def note_remote(db: Db, post_id: int, author: Actor, quoted_uri: str | None, stamp: str | None) -> None:
    """Note what a post of another server quotes, or that it quotes nothing more. A quote of one's own stands at once;
    any other when its stamp has been looked at, which a job does. A post that quotes another one than before begins
    anew."""
    if quoted_uri is None:
        await db.execute("DELETE FROM quotes WHERE post_id = $1", post_id)
        return
    state = await db.fetchval(
        """
        INSERT INTO quotes AS old (post_id, quoted_uri, quoted_id, state)
        SELECT $1, $2, p.id, CASE WHEN p.actor_id = $3 THEN 'accepted' ELSE 'pending' END
          FROM (SELECT $2::text AS uri) AS said LEFT JOIN posts p ON p.uri = said.uri
        ON CONFLICT (post_id) DO UPDATE
           SET quoted_uri = excluded.quoted_uri, quoted_id = excluded.quoted_id,
               state = CASE WHEN old.quoted_uri = excluded.quoted_uri THEN old.state ELSE excluded.state END,
               authorization_uri = CASE WHEN old.quoted_uri = excluded.quoted_uri THEN old.authorization_uri END
        RETURNING state
        """,
        post_id,
        quoted_uri,
        author.id,
    )
    if state == "pending" and (stamp or same_origin(quoted_uri, author.uri)):
        arguments = {"post_id": post_id, "stamp": stamp}
        await jobs.add(db, "verify_quote", arguments, once=f"quote {post_id} {stamp}", host=author.host)


async def adopt(db: Db, quoted_id: int, quoted_uri: str) -> None:
    """What is quoted has become known."""
    await db.execute(
        "UPDATE quotes SET quoted_id = $2 WHERE quoted_uri = $1 AND quoted_id IS NULL", quoted_uri, quoted_id
    )


async def find(db: Db, post_id: int) -> Quote | None:
    """What a post quotes."""
    row = await db.fetchrow(f"SELECT {_FIELDS} FROM quotes WHERE post_id = $1", post_id)  # noqa: S608 - our own words
    return Quote(**row) if row else None


async def find_by_request(db: Db, uri: str) -> Quote | None:
    """The quote that we asked for with this QuoteRequest."""
    row = await db.fetchrow(f"SELECT {_FIELDS} FROM quotes WHERE request_uri = $1", uri)  # noqa: S608
    return Quote(**row) if row else None


async def find_by_stamp(db: Db, uri: str) -> Quote | None:
    """The quote that this stamp allows, or allowed."""
    row = await db.fetchrow(f"SELECT {_FIELDS} FROM quotes WHERE authorization_uri = $1", uri)  # noqa: S608
    return Quote(**row) if row else None


async def decide(db: Db, post_id: int, state: State, *, authorization_uri: str | None = None) -> None:
    """Set what became of a quote; who shows the post sees it anew. A stamp once known stays known."""
    await db.execute(
        """
        UPDATE quotes SET state = $2, authorization_uri = coalesce($3, authorization_uri), decided_at = now()
         WHERE post_id = $1
        """,
        post_id,
        state,
        authorization_uri,
    )
    await happenings.add(db, "post.changed", post_id)


async def list_of(db: Db, quoted_id: int, page: Page, *, viewer: int | None) -> list[Post]:
    """The posts that quote a post, as far as the viewer may see them, the newest first."""
    return await paged(
        db,
        page,
        """
        SELECT record
          FROM quotes q
          JOIN posts p ON p.id = q.post_id
          JOIN post_records r ON r.id = p.id
         WHERE p.id > $1 AND p.id < $2 AND q.quoted_id = $4 AND q.state = 'accepted' AND may_see(p, $5)
         ORDER BY p.id DESC
         LIMIT $3
        """,
        quoted_id,
        viewer,
    )


async def local_quoters(db: Db, quoted_id: int) -> list[tuple[int, int]]:
    """The posts here that quote a post, each with its author's id: who is told when it is changed."""
    rows = await db.fetch(
        """
        SELECT p.id, p.actor_id
          FROM quotes q
          JOIN posts p ON p.id = q.post_id
         WHERE q.quoted_id = $1 AND q.state = 'accepted' AND p.local AND p.deleted_at IS NULL
        """,
        quoted_id,
    )
    return [(row["id"], row["actor_id"]) for row in rows]


async def set_policy(db: Db, post_id: int, policy: str) -> bool:
    """Say who may quote a post. False if that was so before."""
    done: str = await db.execute(
        "UPDATE posts SET quote_policy = $2 WHERE id = $1 AND quote_policy <> $2", post_id, policy
    )
    return done == "UPDATE 1"
