"""Posts: everything that can stand in a timeline, whatever its kind. Reading takes the viewer (an actor's id, or None
for a stranger) and applies `may_see`; functions without one are for deeds and receivers, who decide themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from node.errors import Gone, NotFound
from node.ids import new_id
from node.store import happenings
from node.store.db import Db
from node.store.files import media
from node.store.posts import cards
from node.store.posts.reading import post_of, posts_of
from node.store.posts.remote_posts import (
    Reception,
    Said,
    insert_many_remote,
    insert_remote,
    lock_address,
    lock_addresses,
    lock_known,
    reception,
    receptions,
    upsert_remote,
)
from node.store.posts.writing import (
    Content,
    NewPost,
    content_of,
    count_boosts,
    count_parents,
    insert_row,
    insert_rows,
    rewrite_parts,
    update_row,
    write_detail,
)
from node.store.timelines.lists import context, list_context, list_of_actor, list_public, replies
from schemas.limits import ERASED_POSTS
from schemas.records import Post, PostKind, Record

# What callers know as `posts.…`, whichever file it stands in.
__all__ = [
    "Content",
    "NewPost",
    "Reception",
    "Said",
    "Tombstone",
    "content_of",
    "context",
    "find",
    "find_boost",
    "find_by_intent",
    "find_by_uri",
    "find_tombstone",
    "find_visible",
    "get",
    "get_many",
    "insert",
    "insert_boosts",
    "insert_many_remote",
    "insert_remote",
    "list_context",
    "list_of_actor",
    "list_public",
    "lock",
    "lock_address",
    "lock_addresses",
    "lock_known",
    "reception",
    "receptions",
    "replies",
    "tombstone",
    "tombstone_all",
    "tombstone_some",
    "update",
    "upsert_remote",
]


class Tombstone(Record, frozen=True, kw_only=True):
    """What is left of a deleted post; `audience` says who may know that it was there."""

    id: int
    uri: str
    kind: PostKind
    type: str
    audience: str
    actor_id: int
    deleted_at: datetime


async def get(db: Db, post_id: int, viewer: int | None) -> Post:
    """A post the viewer may see. NotFound if there is none, or none for this viewer; Gone if it was public once."""
    row = await db.fetchrow(
        "SELECT record FROM posts p JOIN post_records r USING (id) WHERE p.id = $1 AND may_see(p, $2)",
        post_id,
        viewer,
    )
    if post := post_of(row):
        return post
    left = await find_tombstone(db, post_id)
    raise Gone if left and left.audience in ("public", "unlisted") else NotFound


async def get_many(db: Db, post_ids: Sequence[int], viewer: int | None) -> dict[int, Post]:
    """Those of the posts that the viewer may see, by id."""
    rows = await db.fetch(
        """
        SELECT record
          FROM records_of(ARRAY(SELECT p.id FROM posts p
                                 WHERE p.id = ANY ((SELECT $1::bigint[])::bigint[]) AND may_see(p, $2)))
        """,
        post_ids,
        viewer,
    )
    return {post.id: post for post in posts_of(rows)}


async def find(db: Db, post_id: int) -> Post | None:
    """The post with this id, unless it is deleted. Nobody's right to see it is asked."""
    return post_of(
        await db.fetchrow(
            "SELECT record FROM posts p JOIN post_records USING (id) WHERE p.id = $1 AND deleted_at IS NULL", post_id
        )
    )


async def find_by_uri(db: Db, uri: str) -> Post | None:
    """The post with this ActivityPub id, unless it is deleted. Nobody's right to see it is asked."""
    return post_of(
        await db.fetchrow(
            "SELECT record FROM posts p JOIN post_records USING (id) WHERE p.uri = $1 AND deleted_at IS NULL", uri
        )
    )


async def find_visible(db: Db, uri: str, viewer: int | None) -> Post | None:
    """The post with this ActivityPub id, if the viewer may see it."""
    return post_of(
        await db.fetchrow(
            "SELECT record FROM posts p JOIN post_records USING (id) WHERE p.uri = $1 AND may_see(p, $2)", uri, viewer
        )
    )


async def tombstone_all(db: Db, actor_id: int) -> None:
    """Erase all that an actor published."""
    while await tombstone_some(db, actor_id, ERASED_POSTS):
        pass


async def tombstone_some(db: Db, actor_id: int, limit: int) -> bool:
    """Erase the newest of what an actor published, so many at most. Whether there may be more."""
    sql = "SELECT id FROM posts WHERE actor_id = $1 AND deleted_at IS NULL ORDER BY id DESC LIMIT $2"
    found = await db.fetch(sql, actor_id, limit)
    for row in found:
        await tombstone(db, row["id"])
    return len(found) == limit


async def find_by_intent(db: Db, intent_uri: str) -> Post | None:
    """The call whose ValueFlows Intent has this id."""
    row = await db.fetchrow(
        """
        SELECT record
          FROM calls
          JOIN posts p ON p.id = calls.post_id
          JOIN post_records r ON r.id = p.id
         WHERE calls.intent_uri = $1 AND p.deleted_at IS NULL
        """,
        intent_uri,
    )
    return post_of(row)


async def find_boost(db: Db, actor_id: int, boosted_id: int) -> Post | None:
    """An actor's boost of a post, if it stands."""
    return post_of(
        await db.fetchrow(
            """
            SELECT record
              FROM posts p
              JOIN post_records USING (id)
             WHERE p.actor_id = $1 AND p.boost_of_id = $2 AND p.deleted_at IS NULL
            """,
            actor_id,
            boosted_id,
        )
    )


async def find_tombstone(db: Db, post_id: int) -> Tombstone | None:
    """What is left of a post that was deleted."""
    row = await db.fetchrow(
        """
        SELECT id, uri, kind, type, audience, actor_id, deleted_at FROM posts WHERE id = $1 AND deleted_at IS NOT NULL
        """,
        post_id,
    )
    return Tombstone(**row) if row else None


async def lock(db: Db, post_id: int) -> Post | None:
    """The post, with its row locked until the transaction ends: nobody else changes it meanwhile."""
    await db.execute("SELECT FROM posts WHERE id = $1 FOR UPDATE", post_id)
    return await find(db, post_id)


async def insert(db: Db, new: NewPost) -> Post:
    """Keep a post of ours, or a boost of anybody's, with all that hangs on it. A boost of what the actor has boosted
    already is answered by that boost. ValueError if the address is taken."""
    while (placed := await insert_row(db, new)) is None:
        if boost := await find_boost(db, new.actor_id, new.boost_of_id) if new.boost_of_id else None:
            return boost
        if new.local or await db.fetchval("SELECT EXISTS (SELECT FROM posts WHERE uri = $1)", new.uri):
            raise ValueError(f"the id {new.id} or the address {new.uri} is taken")
        new = msgspec.structs.replace(new, id=new_id(new.published_at))
    await write_detail(db, new.id, new, local=new.local)
    if placed.has_parent:
        await count_parents(db, new.id, 1)
    if new.kind == "post" and new.rsvp_for_id is None:
        await cards.note(db, new.id, new.versions)
    return await _found(db, new.id)


async def insert_boosts(db: Db, new: Sequence[NewPost]) -> list[NewPost]:
    """Keep boosts by actors of other servers; those that were new, and whose ids were free."""
    placed = await insert_rows(db, new)
    await count_boosts(db, list(placed))
    return [one for one in new if one.id in placed]


async def update(db: Db, post_id: int, content: Content) -> Post:
    """Give a post of ours new content. The caller holds its lock and has kept the old text in `edits`."""
    await update_row(db, post_id, content)
    await rewrite_parts(db, post_id, content, local=True)
    if not (content.event or content.finding or content.call):
        await cards.note(db, post_id, content.versions)
    await happenings.add(db, "post.changed", post_id)
    return await _found(db, post_id)


async def publish_again(db: Db, post_id: int, now: datetime) -> Post:
    """Let a post of ours count as published, and so changed, just now. The caller holds its lock."""
    await db.execute("UPDATE posts SET published_at = $2, updated_at = $2 WHERE id = $1", post_id, now)
    await happenings.add(db, "post.changed", post_id)
    return await _found(db, post_id)


async def tombstone(db: Db, post_id: int, *, keep_media: bool = False) -> bool:
    """Erase a post's content, answers and reactions and keep its address, so that nobody can fill it again. False if
    it was deleted already. What was said of it in activities goes too, with deliveries that have not left; with
    `keep_media` its media are uploads again, which are removed if nobody attaches them."""
    named = await db.fetch("SELECT actor_id FROM mentions WHERE post_id = $1 AND NOT silent", post_id)
    done: str = await db.execute(
        """
        UPDATE posts
           SET deleted_at = now(), language = NULL, versions = '[]', sensitive = false, tags = '{}', area = NULL,
               attachments = '[]', poll = NULL, quote = NULL, search = NULL, recipients = '{}', replies_count = 0,
               likes_count = 0, boosts_count = 0
         WHERE id = $1 AND deleted_at IS NULL
        """,
        post_id,
    )
    if done != "UPDATE 1":
        return False
    await count_parents(db, post_id, -1)
    await (media.release_of_post if keep_media else media.drop_of_post)(db, post_id)
    for statement in _ERASE:
        await db.execute(statement, post_id)
    await happenings.add(db, "post.deleted", post_id, {"named": [row["actor_id"] for row in named]})
    return True


_ERASE = (
    "DELETE FROM events WHERE post_id = $1",
    "DELETE FROM findings WHERE post_id = $1",
    "DELETE FROM calls WHERE post_id = $1",
    "DELETE FROM origins WHERE post_id = $1",
    "DELETE FROM mentions WHERE post_id = $1",
    "DELETE FROM edits WHERE post_id = $1",
    "DELETE FROM featured WHERE post_id = $1",
    "DELETE FROM reactions WHERE post_id = $1",
    "DELETE FROM votes WHERE post_id = $1",
    """
    UPDATE answers
       SET content = '', decided_at = coalesce(decided_at, now()),
           state = CASE state WHEN 'offered' THEN 'withdrawn' ELSE state END
     WHERE reply_id = $1
    """,
    "DELETE FROM notifications WHERE post_id = $1",
    """
    DELETE FROM activities
     WHERE post_id = ANY (ARRAY(SELECT $1::bigint UNION ALL SELECT id FROM posts WHERE boost_of_id = $1))
    """,
    "DELETE FROM posts WHERE boost_of_id = $1",
)


async def _found(db: Db, post_id: int) -> Post:
    found = await find(db, post_id)
    if found is None:
        raise NotFound
    return found
