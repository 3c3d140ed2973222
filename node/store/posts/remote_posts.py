"""Posts of other servers, kept as their origin shows them. Whatever is repeated, late or raced, the newest text stays,
the owner stays, and what was deleted stays deleted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from random import random
from typing import NamedTuple

import msgspec

from federation.addresses import BadAddress, parse
from federation.page_card import first_link
from node.ids import new_id
from node.store import happenings
from node.store.db import Db
from node.store.files import emojis, remote_media
from node.store.posts import cards, edits, quotes
from node.store.posts.reading import post_of
from node.store.posts.writing import (
    Content,
    NewPost,
    Placed,
    count_parents,
    insert_row,
    insert_rows,
    rewrite_parts,
    update_row,
    write_new_details,
)
from node.store.servers import gone
from schemas.limits import CARD_WAIT_SECONDS
from schemas.objects import RemoteObject
from schemas.records import Actor, Post, Record


async def lock_address(db: Db, uri: str) -> None:
    """Until the transaction ends, nobody else keeps, changes or deletes what has this ActivityPub id, known or not."""
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", uri)


async def lock_addresses(db: Db, uris: Collection[str]) -> None:
    """The same for many, in one order everywhere, so that two who do this do not wait for each other for ever."""
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended(uri, 0)) FROM unnest($1::text[]) uri", sorted(uris))


async def lock_known(db: Db, uris: Collection[str]) -> None:
    """Take those of these posts that are ours, in one order everywhere: counts of theirs are about to change. Asked so
    that only the index of addresses answers, whatever the table's size was when this was planned."""
    await db.execute(
        """
        SELECT FROM posts
         WHERE uri = ANY ($1) AND coalesce(local AND deleted_at IS NULL, false)
         ORDER BY id
           FOR NO KEY UPDATE
        """,
        list(uris),
    )


class Reception(Record, frozen=True, kw_only=True):
    """What decides whether something from elsewhere is kept, as of one moment. `known`: it is here; `deleted`: it was.
    `parent_id`: what it answers, if its author may see that. `addressed`: it names somebody here who does not block
    its author. `followed`: somebody here follows one of those who spoke for it; `watched`: and is told of each post of
    its author. `mention_ids`: actors it names."""

    known: bool
    deleted: bool
    parent_id: int | None
    addressed: bool
    followed: bool
    watched: bool
    mention_ids: list[int]


class Said(NamedTuple):
    """Something from elsewhere, its author, and who spoke for it (ids)."""

    thing: RemoteObject
    author: Actor
    spoke_for_it: Collection[int]


async def reception(db: Db, said: Said) -> Reception:
    """`receptions` of one."""
    (found,) = await receptions(db, [said])
    return found


async def receptions(db: Db, said: Sequence[Said]) -> list[Reception]:
    """All that must be looked up before these things are kept for the first time, in their order. The caller holds
    their addresses (`lock_address`), so that nothing of this changes before they are."""
    rows = await db.fetch(
        """
        SELECT known.id IS NOT NULL AND known.deleted_at IS NULL AS known,
               known.deleted_at IS NOT NULL
                   OR EXISTS (SELECT FROM gone WHERE gone.uri = one.uri AND gone.actor_uri = one.author_uri) AS deleted,
               (SELECT p.id FROM posts p WHERE p.uri = one.in_reply_to AND may_see(p, one.author_id)) AS parent_id,
               EXISTS (
                   SELECT FROM actors a
                    WHERE a.uri = ANY (one.addressed) AND a.local
                      AND NOT EXISTS (SELECT FROM blocks
                                       WHERE blocker_id = a.id AND blocked_id = one.author_id)) AS addressed,
               EXISTS (
                   SELECT FROM follows JOIN actors a ON a.id = follower_id
                    WHERE followed_id = ANY (one.spoke_for_it) AND state = 'accepted' AND a.local) AS followed,
               EXISTS (
                   SELECT FROM follows
                    WHERE followed_id = one.author_id AND notify AND state = 'accepted') AS watched,
               ARRAY (SELECT a.id FROM actors a WHERE a.uri = ANY (one.named)) AS mention_ids
          FROM json_to_recordset($1) AS one (
               place integer, uri text, author_id bigint, author_uri text, in_reply_to text, addressed text[],
               spoke_for_it bigint[], named text[])
          -- LIMIT: looked up one by one in the index, whatever the table's size was when this was planned
          LEFT JOIN LATERAL (SELECT id, deleted_at FROM posts WHERE posts.uri = one.uri LIMIT 1) known ON true
         ORDER BY place
        """,
        [_asked(number, one) for number, one in enumerate(said)],
    )
    return [Reception(**row) for row in rows]


def _asked(place: int, said: Said) -> dict[str, object]:
    thing, author = said.thing, said.author
    return {
        "place": place,
        "uri": thing.id,
        "author_id": author.id,
        "author_uri": author.uri,
        "in_reply_to": thing.in_reply_to,
        "addressed": [*thing.to, *thing.cc, *thing.mentions],
        "spoke_for_it": list(said.spoke_for_it),
        "named": _named(thing),
    }


async def upsert_remote(db: Db, thing: RemoteObject, actor: Actor) -> Post | None:
    """Keep what another server publishes; `thing` is checked (federation.trust) and `actor` is its author.

    A copy that is not newer changes nothing but counts. None where nothing is kept: it was deleted before, it is ours,
    or it belongs to somebody else or was another kind of thing.
    """
    if actor.local or thing.attributed_to != actor.uri:
        return None
    await lock_address(db, thing.id)
    row = await db.fetchrow(
        """
        SELECT record, local OR deleted_at IS NOT NULL OR actor_id <> $2 OR kind <> $3 AS refused
          FROM posts p
          JOIN post_records USING (id)
         WHERE uri = $1
        """,
        thing.id,
        actor.id,
        thing.kind,
    )
    if row and row["refused"]:
        return None
    if known := post_of(row):
        return await _quoting(db, known, await _renew(db, known, thing), thing)
    if await gone.holds(db, thing.id, actor.uri):
        return None
    return await _read(db, await insert_remote(db, thing, actor, await _mentioned(db, thing)))


async def insert_remote(db: Db, thing: RemoteObject, actor: Actor, mention_ids: Sequence[int]) -> int:
    """Keep something for the first time; its id here. The caller holds its address and knows that it is free, that
    `actor` wrote it and did not delete it."""
    new = await _new(db, thing, actor, mention_ids)
    while (placed := await insert_row(db, new)) is None:
        # The address is locked and was free, so it is the id that is taken: many posts share a second of `published`.
        new = msgspec.structs.replace(new, id=new_id(new.published_at))
    await write_new_details(db, [new])
    await _hang_on(db, new, thing, actor, placed)
    return new.id


async def insert_many_remote(
    db: Db, said: Sequence[tuple[RemoteObject, Actor, Sequence[int]]]
) -> list[tuple[int, RemoteObject]]:
    """The same for many things, each with its author and whom it names; those whose id was taken are left out."""
    many = {(new := await _new(db, *one)).id: (new, one) for one in said}
    placed = await insert_rows(db, [new for new, _ in many.values()])
    await write_new_details(db, [many[post_id][0] for post_id in placed])
    for post_id, place in placed.items():
        new, (thing, actor, _) = many[post_id]
        await _hang_on(db, new, thing, actor, place)
    return [(post_id, many[post_id][1][0]) for post_id in placed]


async def _new(db: Db, thing: RemoteObject, actor: Actor, mention_ids: Sequence[int]) -> NewPost:
    published = min(thing.published, datetime.now(UTC))
    content = await _with_media(db, _content(thing, published, mention_ids), thing, actor)
    return NewPost(
        **msgspec.structs.asdict(content),
        id=new_id(published),
        uri=thing.id,
        kind=thing.kind,
        type=thing.type,
        local=False,
        actor_id=actor.id,
        audience=thing.audience,
        recipients=(*thing.to, *thing.cc),
        in_reply_to=thing.in_reply_to,
        context=_own_context(thing),
        rsvp_for_id=await _event_of(db, thing, actor),
        published_at=published,
    )


async def _hang_on(db: Db, new: NewPost, thing: RemoteObject, actor: Actor, placed: Placed) -> None:
    """What else belongs to a new parent row."""
    if thing.kind == "post" and first_link(thing.versions[0].content):
        await cards.note(db, new.id, thing.versions, delay=random() * CARD_WAIT_SECONDS)  # noqa: S311 - no secret
    if thing.quote is not None:
        await quotes.note_remote(db, new.id, actor, thing.quote, thing.quote_authorization)
    if placed.awaited:
        await _adopt_answers(db, new.id)
    if placed.has_parent:
        await count_parents(db, new.id, 1)


async def _renew(db: Db, known: Post, thing: RemoteObject) -> Post | None:
    content = _content(thing, known.published_at, await _mentioned(db, thing))
    if content.updated_at < known.updated_at:
        return known
    same_time = content.updated_at == known.updated_at
    if same_time and (thing.updated <= thing.published or _said(content) == _said(known)):
        return await _recount(db, known, content)
    await edits.insert(db, known, content.updated_at)
    content = await _with_media(db, content, thing, known.actor)
    await update_row(db, known.id, content)
    if thing.kind == "post":
        await cards.note(db, known.id, content.versions)
    await rewrite_parts(db, known.id, content, local=False)
    await happenings.add(db, "post.changed", known.id)
    return await _read(db, known.id)


def _said(content: Content | Post) -> tuple[object, ...]:
    """What makes a copy another one although its `updated` is the same: many servers write whole seconds, and two edits
    fall into one. Counts are not said by the author."""
    event, call = content.event, content.call
    return (
        list(content.versions),
        msgspec.structs.replace(event, going=0) if event else None,
        content.finding,
        msgspec.structs.replace(call, places_taken=0) if call else None,
    )


async def _quoting(db: Db, known: Post, renewed: Post | None, thing: RemoteObject) -> Post | None:
    """What it quotes now is noted, and the stamp that came for it, which makes no newer copy."""
    changed = known.quote != thing.quote or (thing.quote_authorization and not known.quote_authorization)
    if renewed is not None and changed and renewed.quote == thing.quote:
        await quotes.note_remote(db, known.id, known.actor, thing.quote, thing.quote_authorization)
    return renewed


async def _recount(db: Db, known: Post, content: Content) -> Post | None:
    """Votes, attendance and places taken change without a new `updated`; nothing else does."""
    going = content.event.going if content.event else None
    taken = content.call.places_taken if content.call else None
    before = (known.poll, known.event.going if known.event else None, known.call.places_taken if known.call else None)
    if before == (content.poll, going, taken):
        return known
    await db.execute("UPDATE posts SET poll = $2 WHERE id = $1", known.id, content.poll)
    await db.execute("UPDATE events SET going = $2 WHERE post_id = $1", known.id, going or 0)
    await db.execute("UPDATE calls SET places_taken = $2 WHERE post_id = $1", known.id, taken or 0)
    await happenings.add(db, "post.changed", known.id)
    return await _read(db, known.id)


def _content(thing: RemoteObject, published: datetime, mention_ids: Sequence[int]) -> Content:
    """What an origin says, less what it has no say in: a moment to come, an intent that is not below its own host."""
    call = thing.call
    if call and call.intent_uri and not _same_host(call.intent_uri, thing.id):
        call = msgspec.structs.replace(call, intent_uri=None)
    return Content(
        url=thing.url,
        language=thing.language,
        versions=thing.versions,
        sensitive=thing.sensitive,
        tags=thing.tags,
        area=thing.area,
        attachments=[msgspec.structs.replace(one, media_id=None) for one in thing.attachments],
        poll=thing.poll,
        quote=thing.quote,
        quote_policy=thing.quote_policy,
        event=thing.event,
        finding=thing.finding,
        call=call,
        series=_own_context(thing) if thing.event else None,
        born_of=thing.born_of,
        mention_ids=mention_ids,
        updated_at=max(published, min(thing.updated, datetime.now(UTC))),
    )


async def _with_media(db: Db, content: Content, thing: RemoteObject, author: Actor) -> Content:
    """Its media and emoji are to be shown from here: each is noted, and fetched by a job."""
    await emojis.learn(db, author.host, thing.emoji)
    return msgspec.structs.replace(content, attachments=await remote_media.adopt_attachments(db, thing))


async def _mentioned(db: Db, thing: RemoteObject) -> list[int]:
    rows = await db.fetch("SELECT id FROM actors WHERE uri = ANY ($1)", _named(thing))
    return [row["id"] for row in rows]


def _named(thing: RemoteObject) -> list[str]:
    """Who is named; where not everybody may read, who is addressed, and nobody else (case 108)."""
    private = thing.audience not in ("public", "unlisted")
    return [*thing.to, *thing.cc] if private else [*thing.mentions]


async def _event_of(db: Db, thing: RemoteObject, actor: Actor) -> int | None:
    """The event whose answers a poll takes, if it is by the same author."""
    if thing.rsvp_for is None:
        return None
    found: int | None = await db.fetchval(
        "SELECT id FROM posts WHERE uri = $1 AND kind = 'event' AND actor_id = $2", thing.rsvp_for, actor.id
    )
    return found


async def _adopt_answers(db: Db, post_id: int) -> None:
    """Answers that came before what they answer find it, and join its thread."""
    await db.execute(
        """
        WITH adopted AS (
            UPDATE posts AS answer
               SET in_reply_to_id = parent.id, context = coalesce(parent.context, answer.context)
              FROM posts parent
             WHERE parent.id = $1 AND answer.in_reply_to = parent.uri AND answer.in_reply_to_id IS NULL
               AND answer.deleted_at IS NULL
            RETURNING answer.audience)
        UPDATE posts
           SET replies_count = replies_count + (
                   SELECT count(*) FROM adopted WHERE audience IN ('public', 'unlisted'))
         WHERE id = $1
        """,
        post_id,
    )


async def _read(db: Db, post_id: int) -> Post | None:
    return post_of(await db.fetchrow("SELECT record FROM post_records WHERE id = $1", post_id))


def _own_context(thing: RemoteObject) -> str | None:
    """The thread an origin names, if it is on its own host: nobody puts posts into threads of others by naming them."""
    return thing.context if thing.context and _same_host(thing.context, thing.id) else None


def _same_host(one: str, other: str) -> bool:
    try:
        return parse(one).origin == parse(other).origin
    except BadAddress:
        return False
