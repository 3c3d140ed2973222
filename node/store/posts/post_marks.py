"""What an actor has to do with posts, and what else belongs to them beside their record: for a whole page at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from node.store.db import Db
from schemas.records import Record
from schemas.things import Poll

QuoteState = Literal["pending", "accepted", "rejected", "revoked"]


class CardRow(Record, frozen=True, kw_only=True):
    """What a linked page says of itself; `image` is the path of its picture below /media/."""

    url: str
    title: str
    description: str
    language: str | None
    author_name: str
    provider_name: str
    published_at: datetime | None
    image: str | None = None
    width: int | None = None
    height: int | None = None
    blurhash: str | None = None
    alt: str | None = None


class Marks(Record, frozen=True, kw_only=True):
    """Of one post. All down to `rsvp` are the viewer's own; `hidden_why`: they want to see nothing of its author.
    The app is named to its author always, to others where the author lets them know.
    `rsvps` counts the list of an event as it is here, `asked` is the poll by which an event elsewhere asks who comes;
    `quoted_gone`: what was quoted is deleted."""

    liked: bool = False
    boosted: bool = False
    bookmarked: bool = False
    pinned: bool = False
    thread_muted: bool = False
    follows_author: bool = False
    hidden_why: Literal["blocked_account", "blocked_domain", "muted_account"] | None = None
    votes: list[int] = msgspec.field(default_factory=list)
    rsvp: str | None = None
    rsvps: dict[str, int] | None = None
    asked: Poll | None = None
    answered_actor_id: int | None = None
    edited_at: datetime | None = None
    app_name: str | None = None
    app_website: str | None = None
    quotes_count: int = 0
    quote_state: QuoteState | None = None
    quoted_id: int | None = None
    quoted_gone: bool = False
    card: CardRow | None = None


NO_MARKS = Marks()


async def of_posts(db: Db, post_ids: Sequence[int], viewer: int | None) -> dict[int, Marks]:
    """The marks of posts by id; one query. Nobody's right to see the posts is asked."""
    rows = await db.fetch(_MARKS, list(dict.fromkeys(post_ids)), viewer)
    return {row["id"]: _DECODER.decode(row["marks"]) for row in rows}


_DECODER = msgspec.json.Decoder(Marks)

_MARKS = """
    SELECT p.id, (SELECT row_to_json(mark)::text FROM (SELECT
           EXISTS (SELECT FROM reactions WHERE post_id = p.id AND actor_id = $2 AND kind = 'like') AS liked,
           EXISTS (SELECT FROM posts b WHERE b.boost_of_id = p.id AND b.actor_id = $2 AND b.deleted_at IS NULL)
               AS boosted,
           EXISTS (SELECT FROM bookmarks WHERE post_id = p.id AND actor_id = $2) AS bookmarked,
           EXISTS (SELECT FROM featured WHERE post_id = p.id AND featured.actor_id = $2) AS pinned,
           EXISTS (SELECT FROM muted_threads m WHERE m.actor_id = $2 AND m.context = p.context) AS thread_muted,
           EXISTS (SELECT FROM follows WHERE follower_id = $2 AND followed_id = p.actor_id AND state = 'accepted')
               AS follows_author,
           CASE WHEN EXISTS (SELECT FROM blocks WHERE blocker_id = $2 AND blocked_id = p.actor_id)
                THEN 'blocked_account'
                WHEN EXISTS (SELECT FROM blocked_domains d JOIN actors a ON a.host = d.domain
                              WHERE d.actor_id = $2 AND a.id = p.actor_id AND NOT a.local) THEN 'blocked_domain'
                WHEN EXISTS (SELECT FROM mutes WHERE mutes.actor_id = $2 AND muted_id = p.actor_id
                                AND (ends_at IS NULL OR ends_at > now())) THEN 'muted_account'
           END AS hidden_why,
           ARRAY (SELECT option FROM votes WHERE post_id = p.id AND actor_id = $2 ORDER BY option) AS votes,
           (SELECT state FROM rsvps WHERE event_id = coalesce(p.rsvp_for_id, p.id) AND actor_id = $2) AS rsvp,
           CASE WHEN p.kind = 'event' THEN (
               SELECT coalesce(json_object_agg(state, n), '{}')
                 FROM (SELECT state, count(*) AS n FROM rsvps WHERE event_id = p.id GROUP BY state) AS answered)
           END AS rsvps,
           CASE WHEN NOT p.local AND p.kind = 'event' THEN (
               SELECT q.poll FROM posts q
                WHERE q.rsvp_for_id = p.id AND q.poll IS NOT NULL AND q.deleted_at IS NULL
                ORDER BY q.id + 0 LIMIT 1)  -- or all posts would be walked in their order
           END AS asked,
           (SELECT actor_id FROM posts parent WHERE parent.id = p.in_reply_to_id) AS answered_actor_id,
           (SELECT max(edited_at) FROM edits WHERE post_id = p.id) AS edited_at,
           app.name AS app_name,
           app.website AS app_website,
           (SELECT count(*) FROM quotes WHERE quotes.quoted_id = p.id AND state = 'accepted') AS quotes_count,
           q.state AS quote_state,
           q.quoted_id,
           EXISTS (SELECT FROM posts d WHERE d.id = q.quoted_id AND d.deleted_at IS NOT NULL) AS quoted_gone,
           (SELECT row_to_json(card) FROM (
               SELECT c.url, c.title, c.description, c.language, c.author_name, c.provider_name, c.published_at,
                      coalesce(m.preview_path, m.path) AS image, m.width, m.height, m.blurhash, m.alt
                 FROM cards c
                 LEFT JOIN media m ON m.id = c.media_id AND m.state = 'ready' AND m.path IS NOT NULL
                WHERE c.id = p.card_id AND c.state = 'ready') AS card) AS card
       ) AS mark) AS marks
      FROM posts p
      LEFT JOIN quotes q ON q.post_id = p.id
      LEFT JOIN apps app ON app.id = p.app_id AND (p.actor_id = $2 OR NOT EXISTS (
                SELECT FROM accounts a WHERE a.id = p.written_by AND a.preferences ->> 'show_application' = 'false'))
     WHERE p.id = ANY ((SELECT $1::bigint[])::bigint[])
"""
