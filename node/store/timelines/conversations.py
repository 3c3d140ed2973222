"""What was written to few people, by thread: who writes with whom, and how far somebody read.

A conversation is called by its first post that its reader may see: any post in it finds it again."""

from __future__ import annotations

import msgspec

from node.errors import NotFound
from node.store.db import Db
from node.store.posts.reading import Page, rows_of


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """A thread with a post to few, as one of them sees it; `last_id` is the newest post."""

    id: int
    context: str
    last_id: int
    unread: bool


# Of whoever has very many of them, all are looked at: the newest post of each thread decides where it stands.
_MINE = """
    WITH mine AS (
        SELECT p.id, p.actor_id, coalesce(p.context, p.uri) AS context
          FROM posts p
         WHERE p.actor_id = $4 AND p.audience = 'direct' AND p.deleted_at IS NULL AND p.rsvp_for_id IS NULL
         UNION
        SELECT p.id, p.actor_id, coalesce(p.context, p.uri)
          FROM mentions m
          JOIN posts p ON p.id = m.post_id
         WHERE m.actor_id = $4 AND NOT m.silent AND p.audience = 'direct' AND p.rsvp_for_id IS NULL
           AND may_see(p, $4) AND NOT keeps_out($4, p.actor_id)
    ), threads AS (
        SELECT context, min(id) AS id, max(id) AS last_id, max(id) FILTER (WHERE actor_id <> $4) AS last_from_others
          FROM mine
         GROUP BY context
    )
    SELECT t.id, t.context, t.last_id, t.last_id AS cursor,
           coalesce(t.last_from_others = t.last_id AND t.last_id > coalesce(r.read_up_to, 0), false) AS unread
      FROM threads t
      LEFT JOIN conversation_reads r ON r.actor_id = $4 AND r.context = t.context
     WHERE t.last_id > $1 AND t.last_id < $2 AND t.last_id > coalesce(r.hidden_up_to, 0)
       AND ($5::text IS NULL OR t.context = $5)
     ORDER BY cursor DESC
     LIMIT $3
"""


async def list_of(db: Db, actor_id: int, page: Page) -> list[Conversation]:
    """An actor's conversations, the one with the newest post first, walked by that post."""
    rows = await rows_of(db, page, _MINE, actor_id, None)
    return [_conversation(dict(row)) for row in rows]


async def get(db: Db, actor_id: int, conversation_id: int) -> Conversation:
    """One of an actor's conversations, by any post in it; NotFound for anybody else's, and for one put away."""
    context = await db.fetchval("SELECT coalesce(context, uri) FROM posts WHERE id = $1", conversation_id)
    rows = await rows_of(db, Page(limit=1), _MINE, actor_id, context or "")
    if not rows:
        raise NotFound
    return _conversation(dict(rows[0]))


async def mark_read(db: Db, actor_id: int, one: Conversation, *, read: bool) -> Conversation:
    """Let a conversation count as read up to its last post, or not."""
    await db.execute(
        """
        INSERT INTO conversation_reads (actor_id, context, read_up_to) VALUES ($1, $2, $3)
        ON CONFLICT (actor_id, context) DO UPDATE SET read_up_to = excluded.read_up_to
        """,
        actor_id,
        one.context,
        one.last_id if read else one.last_id - 1,
    )
    return await get(db, actor_id, one.id)


async def put_away(db: Db, actor_id: int, one: Conversation) -> None:
    """Take a conversation out of the list until somebody writes in it again."""
    await db.execute(
        """
        INSERT INTO conversation_reads (actor_id, context, hidden_up_to) VALUES ($1, $2, $3)
        ON CONFLICT (actor_id, context) DO UPDATE SET hidden_up_to = excluded.hidden_up_to
        """,
        actor_id,
        one.context,
        one.last_id,
    )


def _conversation(row: dict[str, object]) -> Conversation:
    row.pop("cursor")
    return msgspec.convert(row, Conversation)
