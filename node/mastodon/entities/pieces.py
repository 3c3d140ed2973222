"""Statuses and accounts as the JSON that clients get: written once for each viewer, and again when anything of it has
changed. A page is joined of such pieces."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from node.caches.kept import FOREVER, Sure
from node.mastodon.entities.account import has_emoji, render_accounts
from node.mastodon.entities.status import render_statuses, told
from node.mastodon.eyes import Eyes
from node.store.people import people
from node.store.posts.post_marks import Marks
from node.store.timelines import looks
from node.store.timelines.looks import Looks
from schemas.limits import ANSWERS_SECONDS
from schemas.records import Actor, Post


def sure_statuses(eyes: Eyes, ids: Iterable[int]) -> dict[int, msgspec.Raw]:
    """Those of the posts, by id, that are known to be shown as they were without a look. For the same viewers as
    `written_statuses`: of others none is known."""
    if eyes.moment is None or not eyes.node.kept.is_unfiltered(eyes.me):
        return {}
    found = eyes.node.kept.sure_pieces({one: _status_key(eyes, one) for one in ids})
    return {one: msgspec.Raw(piece) for one, piece in found.items()}


def sure_accounts(eyes: Eyes, ids: Iterable[int]) -> dict[int, msgspec.Raw]:
    """Those of the actors, by id, that are known to be shown as they were without a look."""
    if eyes.moment is None:
        return {}
    found = eyes.node.kept.sure_pieces({one: _account_key(eyes, one) for one in ids})
    return {one: msgspec.Raw(piece) for one, piece in found.items()}


async def looked(eyes: Eyes, posts: Sequence[int], people: Sequence[int]) -> Looks:
    """All that is shown of posts and people, looked at; of posts of which nothing is remembered the records, too."""
    return await looks.look_at(eyes.db, posts, people, eyes.me, eyes.node.kept.unread(posts))


async def written_statuses(eyes: Eyes, ids: Sequence[int], seen: Looks) -> dict[int, msgspec.Raw]:
    """By id, in their order, those of the posts that are not deleted, as they were just looked at. For a viewer without
    filters, who may see them: the caller has asked."""
    if eyes.moment and eyes.me is not None:
        eyes.node.kept.put_unfiltered(eyes.me, eyes.moment)
    keys = {one: _status_key(eyes, one) for one in ids if one in seen.posts}
    sure = {one: _sure(eyes, seen, *seen.concerned(one)) for one in keys}
    written = {one: eyes.node.kept.piece(key, seen.of_post(one), sure[one]) for one, key in keys.items()}
    missing = [one for one, piece in written.items() if piece is None]
    if missing:
        written |= await _write_statuses(eyes, missing, seen, keys, sure)
    return {one: msgspec.Raw(piece) for one, piece in written.items() if piece is not None}


async def written_accounts(eyes: Eyes, ids: Sequence[int], seen: Looks) -> dict[int, msgspec.Raw]:
    """By id the actors that there are, as they were just looked at."""
    keys = {one: _account_key(eyes, one) for one in ids if one in seen.people}
    sure = {one: _sure(eyes, seen, (), (one,)) for one in keys}
    written = {one: eyes.node.kept.piece(key, seen.people[one], sure[one]) for one, key in keys.items()}
    if missing := [one for one, piece in written.items() if piece is None]:
        actors = {one.actor.id: one.actor for one in seen.records if one.actor.id in missing}
        if rest := [one for one in missing if one not in actors]:
            actors |= await people.get_many(eyes.db, rest)
        rendered = await render_accounts(eyes, list(actors.values()), seen)
        for actor, account in zip(actors.values(), rendered, strict=True):
            piece = written[actor.id] = msgspec.json.encode(account)
            if _is_plain(eyes, actor):
                _keep(eyes, keys[actor.id], seen.people[actor.id], FOREVER, piece, sure[actor.id])
    return {one: msgspec.Raw(piece) for one, piece in written.items() if piece is not None}


def _status_key(eyes: Eyes, post_id: int) -> Hashable:
    return "status", post_id, eyes.me, eyes.language, eyes.node.policy.version


def _account_key(eyes: Eyes, actor_id: int) -> Hashable:
    return "account", actor_id, eyes.language


def _sure(eyes: Eyes, seen: Looks, posts: tuple[int, ...], people: tuple[int, ...]) -> Sure | None:
    """Until when what was just looked at need not be looked at again while it is not counted anew."""
    if eyes.moment is None:
        return None
    by_time = not seen.officers.isdisjoint(people)
    ends = datetime.now(UTC) + timedelta(seconds=ANSWERS_SECONDS) if by_time else FOREVER
    return Sure(moment=eyes.moment, posts=posts, people=people, ends=ends)


async def _write_statuses(
    eyes: Eyes, ids: Sequence[int], seen: Looks, keys: Mapping[int, Hashable], sure: Mapping[int, Sure | None]
) -> dict[int, bytes]:
    now = datetime.now(UTC)
    shown = await eyes.node.kept.posts(eyes.db, ids, seen.stamps, seen.records)
    marks = seen.marks(one.boost_of.id if one.boost_of else one.id for one in shown)
    written = dict[int, bytes]()
    for post, status in zip(shown, await render_statuses(eyes, shown, seen=seen), strict=True):
        piece = written[post.id] = msgspec.json.encode(status)
        inner = post.boost_of or post
        ends = _holds_until(eyes, post, inner, marks[inner.id], now) if inner.id in marks else None
        if ends:
            _keep(eyes, keys[post.id], seen.of_post(post.id), ends, piece, sure[post.id])
    return written


def _keep(eyes: Eyes, key: Hashable, seen: object, ends: datetime, piece: bytes, sure: Sure | None) -> None:
    if not eyes.db.is_in_transaction():  # where others do not see the same
        eyes.node.kept.put_piece(key, seen, ends, piece, sure)


def _holds_until(eyes: Eyes, post: Post, inner: Post, marks: Marks, now: datetime) -> datetime | None:
    """How long what is shown changes only with what was looked at: polls close and events begin by themselves. None
    where something else is shown, too: emoji, quotes, collections, where somebody moved to."""
    spoken = told(eyes, inner)
    if marks.quote_state or spoken.has_emoji or "/collections/" in spoken.said.content:
        return None
    if not all(_is_plain(eyes, one) for one in (post.actor, inner.actor)):
        return None
    polls = [poll.ends_at for poll in (inner.poll, marks.asked) if poll and poll.ends_at]
    turns = [*polls, inner.event.starts_at] if inner.event else polls
    return min((one for one in turns if one > now), default=FOREVER)


def _is_plain(eyes: Eyes, actor: Actor) -> bool:
    """Whether nothing is shown of an actor that stands in other rows than its own."""
    return not actor.moved_to and not has_emoji(eyes, actor)
