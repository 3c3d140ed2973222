"""The rows of a post: its parent row, the row of its kind, mentions, media and full text. Used by `posts` and
`remote_posts`; everybody else goes through these two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

import msgspec

from node.store.calls import calls
from node.store.db import Db
from node.store.events import events
from node.store.posts import findings, origins
from node.store.queues import jobs
from schemas.limits import SEARCH_CHARS
from schemas.records import Post, PostKind, Record
from schemas.things import (
    Attachment,
    Audience,
    CallDetail,
    EventDetail,
    FindingDetail,
    Poll,
    QuotePolicy,
    Version,
)


class Content(Record, frozen=True, kw_only=True):
    """What an edit may change. `mention_ids`: actors who are named and therefore may see it."""

    url: str
    language: str | None = None
    versions: Sequence[Version] = ()
    sensitive: bool = False
    tags: Sequence[str] = ()
    area: str | None = None
    attachments: Sequence[Attachment] = ()
    poll: Poll | None = None
    quote: str | None = None
    quote_policy: QuotePolicy = "public"
    event: EventDetail | None = None
    finding: FindingDetail | None = None
    call: CallDetail | None = None
    series: str | None = None
    born_of: str | None = None
    mention_ids: Sequence[int] = ()
    updated_at: datetime


class NewPost(Content, frozen=True, kw_only=True):
    """A post about to be kept. `context` counts only where no known post is answered: an answer joins its thread."""

    id: int
    uri: str
    kind: PostKind
    type: str
    local: bool = True
    actor_id: int
    written_by: int | None = None
    audience: Audience
    group_id: int | None = None
    recipients: Sequence[str] = ()
    in_reply_to: str | None = None
    context: str | None = None
    boost_of_id: int | None = None
    rsvp_for_id: int | None = None
    published_at: datetime


def content_of(post: Post, *, updated_at: datetime) -> Content:
    """What a post says, as content that can be kept again with something changed in it."""
    same = {
        name: getattr(post, name) for name in Content.__struct_fields__ if name not in ("mention_ids", "updated_at")
    }
    return Content(**same, mention_ids=[actor.id for actor in post.mentions], updated_at=updated_at)


_ELSEWHERE = frozenset({"event", "finding", "call", "series", "born_of"})
_COLUMNS = tuple(name for name in NewPost.__struct_fields__ if name not in _ELSEWHERE)
_VALUES = attrgetter(*_COLUMNS)


class Placed(Record, frozen=True, kw_only=True):
    """Where a new post stands: whether it answers or boosts a known one, and whether known ones have answered it."""

    has_parent: bool
    awaited: bool


async def insert_row(db: Db, new: NewPost) -> Placed | None:
    """`insert_rows` of one. None if its id, its address, or this actor's boost of the same post is there already."""
    return (await insert_rows(db, [new])).get(new.id)


async def insert_rows(db: Db, new: Sequence[NewPost]) -> dict[int, Placed]:
    """Write the parent rows with mentions and media, and say that it happened: in one statement, since this is what
    arrives most. By id those that were written; not those whose id, address, or boost of the same post by the same
    actor was there already. Its parts are asked so that only one index answers them: it is planned once, and that may
    be while the hub is empty, when to the planner all indexes are alike and a hash of all posts costs nothing."""
    rows = await db.fetch(
        """
        WITH new AS MATERIALIZED (
            SELECT *
              FROM json_to_recordset($1) AS new (
                   id bigint, uri text, kind text, type text, local boolean, actor_id bigint, written_by bigint,
                   audience text, group_id bigint, recipients text[], in_reply_to text, context text,
                   boost_of_id bigint, rsvp_for_id bigint, published_at timestamptz, url text, language text,
                   versions json, sensitive boolean, tags text[], area text, attachments json, poll json, quote text,
                   quote_policy text, updated_at timestamptz, mention_ids bigint[], media_ids bigint[],
                   languages text[], titles text[], bodies text[])
        ), kept AS (
            INSERT INTO posts (
                id, uri, kind, type, local, actor_id, written_by, audience, group_id, recipients, in_reply_to,
                in_reply_to_id, context, boost_of_id, rsvp_for_id, published_at, url, language, versions, sensitive,
                tags, area, attachments, poll, quote, quote_policy, updated_at, search, made_sensitive)
            SELECT id, uri, kind, type, local, actor_id, written_by, audience, group_id, recipients, in_reply_to,
                   (SELECT CASE WHEN p.deleted_at IS NULL THEN p.id END FROM posts p WHERE p.uri = new.in_reply_to),
                   coalesce((SELECT CASE WHEN p.deleted_at IS NULL THEN p.context END
                               FROM posts p WHERE p.uri = new.in_reply_to), context),
                   boost_of_id, rsvp_for_id, published_at, url, language, versions, sensitive OR hidden, tags, area,
                   attachments, poll, quote, quote_policy, updated_at, search_index(languages, titles, bodies, tags),
                   NOT sensitive AND hidden
              FROM new, LATERAL (SELECT json_array_length(attachments) > 0 AND (
                                SELECT sensitized_at IS NOT NULL FROM actors WHERE actors.id = actor_id) AS hidden
                           ) AS measure
            ON CONFLICT DO NOTHING RETURNING id, uri, in_reply_to_id, boost_of_id
        ), named AS (
            INSERT INTO mentions (post_id, actor_id)
            SELECT kept.id, unnest(new.mention_ids) FROM kept JOIN new USING (id) ON CONFLICT DO NOTHING
        ), shown AS (
            INSERT INTO post_media (post_id, media_id, position)
            SELECT kept.id, one.id, one.position
              FROM kept JOIN new USING (id), unnest(new.media_ids) WITH ORDINALITY AS one (id, position)
        ), told AS (
            INSERT INTO happenings (kind, subject_id) SELECT 'post.new', id FROM kept ORDER BY id
        )
        SELECT id, coalesce(in_reply_to_id, boost_of_id) IS NOT NULL AS has_parent,
               (SELECT true FROM posts a WHERE a.in_reply_to = kept.uri AND a.in_reply_to_id IS NULL LIMIT 1)
                   IS NOT NULL AS awaited
          FROM kept
        """,
        [_row(one) for one in new],
    )
    return {row["id"]: Placed(has_parent=row["has_parent"], awaited=row["awaited"]) for row in rows}


async def update_row(db: Db, post_id: int, content: Content) -> None:
    """Put new content into the parent row."""
    await db.execute(
        """
        UPDATE posts
           SET url = $2, language = $3, versions = $4, sensitive = $5 OR made_sensitive, tags = $6, area = $7,
               attachments = $8, poll = $9, quote = $10, quote_policy = $11, updated_at = $12,
               search = search_index($13, $14, $15, $6)
         WHERE id = $1
        """,
        post_id,
        *_content_columns(content),
    )


async def write_detail(db: Db, post_id: int, content: Content, *, local: bool) -> None:
    """Write, or write again, the row of its kind."""
    if content.event:
        await events.write(db, post_id, content.event, content.series, local=local)
    if content.finding:
        await findings.write(db, post_id, content.finding)
    if content.call:
        await calls.write(db, post_id, content.call, local=local)
        await jobs.add(db, "match_call", {"call_id": post_id}, once=f"match {post_id}")
    if content.event or content.finding or content.call:
        await origins.write(db, post_id, _origin_of(content))


async def write_new_details(db: Db, new: Sequence[NewPost]) -> None:
    """The same for new things from elsewhere; of events, which come most, all in one statement."""
    held = [(one.id, one.event, one.series) for one in new if one.event]
    if held:
        await events.write_many(db, held, local=False)
    for one in new:
        if one.finding or one.call:
            await write_detail(db, one.id, msgspec.structs.replace(one, event=None), local=False)
        elif one.event and (origin := _origin_of(one)):
            await origins.write(db, one.id, origin)


def _origin_of(content: Content) -> str | None:
    return content.born_of or (content.finding.born_of if content.finding else None)


async def rewrite_parts(db: Db, post_id: int, content: Content, *, local: bool) -> None:
    """Write again what hangs on the parent row: the detail of its kind, mentions, media."""
    await write_detail(db, post_id, content, local=local)
    await db.execute("DELETE FROM mentions WHERE post_id = $1 AND actor_id <> ALL ($2)", post_id, content.mention_ids)
    await db.execute(
        "INSERT INTO mentions (post_id, actor_id) SELECT $1, unnest($2::bigint[]) ON CONFLICT DO NOTHING",
        post_id,
        content.mention_ids,
    )
    await db.execute("DELETE FROM post_media WHERE post_id = $1", post_id)
    await db.execute(
        """
        INSERT INTO post_media (post_id, media_id, position)
        SELECT $1, one.id, one.position FROM unnest($2::bigint[]) WITH ORDINALITY AS one (id, position)
        """,
        post_id,
        _media_ids(content),
    )


async def count_boosts(db: Db, boost_ids: Sequence[int]) -> None:
    """`count_parents` for many new boosts."""
    await db.execute(
        """
        UPDATE posts SET boosts_count = boosts_count + one.many
          FROM (SELECT boost_of_id AS id, count(*) AS many
                  FROM posts
                 WHERE id = ANY ($1) AND audience IN ('public', 'unlisted')
                 GROUP BY boost_of_id) AS one
         WHERE posts.id = one.id
        """,
        boost_ids,
    )


async def count_parents(db: Db, post_id: int, by: int) -> None:
    """Keep the counts of the answered and of the boosted post. Direct messages and what stays here are not counted."""
    await db.execute(
        """
        UPDATE posts AS parent
           SET replies_count = parent.replies_count + CASE WHEN parent.id = child.in_reply_to_id THEN $2 ELSE 0 END,
               boosts_count = parent.boosts_count + CASE WHEN parent.id = child.boost_of_id THEN $2 ELSE 0 END
          FROM posts child
         WHERE child.id = $1
           AND parent.id IN (child.in_reply_to_id, child.boost_of_id)
           AND child.audience IN ('public', 'unlisted') AND child.rsvp_for_id IS NULL
        """,
        post_id,
        by,
    )


def _media_ids(content: Content) -> list[int]:
    return list(dict.fromkeys(one.media_id for one in content.attachments if one.media_id is not None))


def _row(new: NewPost) -> dict[str, object]:
    languages, titles, bodies = _searchable(new)
    more = {"media_ids": _media_ids(new), "languages": languages, "titles": titles, "bodies": bodies}
    return dict(zip(_COLUMNS, _VALUES(new), strict=True)) | more


def _content_columns(content: Content) -> tuple[object, ...]:
    return (
        content.url,
        content.language,
        content.versions,
        content.sensitive,
        content.tags,
        content.area,
        content.attachments,
        content.poll,
        content.quote,
        content.quote_policy,
        content.updated_at,
        *_searchable(content),
    )


def _searchable(content: Content) -> tuple[list[str], list[str], list[str]]:
    """Languages, titles and bodies of what full text finds. HTML tags need no removal: the parser knows them."""
    left, languages, titles, bodies = SEARCH_CHARS, [], [], []
    for number, version in enumerate(content.versions):
        words = [version.summary, version.content, *(_detail_words(content) if number == 0 else ())]
        title, body = version.name[:left], " ".join(words)[: max(left - len(version.name), 0)]
        left -= len(title) + len(body)
        languages.append(version.language)
        titles.append(title)
        bodies.append(body)
    return languages, titles, bodies


def _detail_words(content: Content) -> list[str]:
    words: list[str] = []
    if content.finding:
        words += [content.finding.claim, *content.finding.reasons, content.finding.scope]
    if content.call:
        words += [*content.call.skills, content.call.effort]
    place = content.event.place if content.event else content.call.place if content.call else None
    return [*words, place.name, place.locality] if place else words
