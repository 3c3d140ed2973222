"""From what happened to frames: who hears of it is asked in one query for all who listen, and what they are shown is
rendered once for each reader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
import structlog

from node.errors import NotFound
from node.mastodon.entities.conversation import render_conversations
from node.mastodon.entities.filter import hides, results_for
from node.mastodon.entities.notification import KNOWN, render_notifications
from node.mastodon.entities.status import render_statuses
from node.mastodon.eyes import Eyes
from node.mastodon.streaming.announcing import announced
from node.mastodon.streaming.audience import Audience, find_audience
from node.mastodon.streaming.channels import Channel, Kind, hears_notices
from node.mastodon.streaming.listener import Event, Frame, Listener
from node.node import Node
from node.store.db import Db
from node.store.happenings import Happening
from node.store.notices import notices
from node.store.timelines import conversations
from node.store.timelines.filters import Where
from node.store.timelines.timelines import records_of
from schemas.records import Post

POSTS: Mapping[str, Event] = {"post.new": "update", "post.changed": "status.update"}
WHERE: Mapping[Kind, Where] = {"user": "home", "list": "home", "public": "public", "hashtag": "public"}
"""In which context filters are asked, for each kind of stream."""

_log = structlog.get_logger("node.mastodon.streaming")
Rendered = Mapping[tuple[Where, int], str]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What one reader is shown of a batch, as JSON: statuses by context and post, conversations by post, notices by id,
    announcements by what happened."""

    audience: Audience
    statuses: Rendered
    conversations: Mapping[int, str]
    notices: Mapping[int, str]
    announcements: Mapping[int, tuple[Event, str]]


async def dispatch(node: Node, db: Db, listeners: Sequence[Listener], batch: Sequence[Happening]) -> None:
    """Hand the frames of a batch to whom they concern, in the order of what happened."""
    listeners = [one for one in listeners if one.channels]
    if not listeners:
        return
    audience = await find_audience(db, listeners, batch)
    posts = {post.id: post for post in await records_of(db, sorted(audience.shown_posts))}
    new = [one.subject_id for one in batch if one.kind == "notification.new" and one.subject_id]
    told = await notices.get_many(db, new) if new else []
    for reader in _by_reader(listeners):
        eyes = Eyes(node=node, db=db, who=reader[0].who, language=reader[0].language)
        try:
            await _tell(eyes, reader, audience, posts, told, batch)
        except Exception as error:  # what cannot be shown to one reader must not keep it from the others
            _log.error("a reader was told nothing", kind=type(error).__name__, exc_info=error)


async def _tell(
    eyes: Eyes,
    listeners: Sequence[Listener],
    audience: Audience,
    posts: Mapping[int, Post],
    told: Sequence[notices.Notice],
    batch: Sequence[Happening],
) -> None:
    """Tell all listeners of one reader."""
    shown = Shown(
        audience=audience,
        statuses=await _statuses(eyes, listeners, audience, posts),
        conversations=await _conversations(eyes, listeners, audience),
        notices=await _notifications(eyes, listeners, told),
        announcements=await announced(eyes, batch),
    )
    for happening in _coalesced(batch):
        for listener in listeners:
            for channel in tuple(listener.channels):
                for event, payload in _events(listener, channel, happening, shown):
                    listener.put(Frame(channel=channel, event=event, payload=payload))


def _events(
    listener: Listener, channel: Channel, happening: Happening, shown: Shown
) -> Iterator[tuple[Event, str | None]]:
    """What one stream of a listener brings for one thing that happened."""
    subject = happening.subject_id or 0
    match happening.kind:
        case "post.new" | "post.changed":
            yield from _of_post(listener, channel, POSTS[happening.kind], subject, shown)
        case "post.deleted" if channel.kind != "notification" and shown.audience.misses(listener, subject):
            yield "delete", str(subject)
        case "notification.new" if subject in shown.notices and _is_for_notices(listener, channel):
            yield "notification", shown.notices[subject]
        case "notifications.merged" if subject == listener.me and _is_for_notices(listener, channel):
            yield "notifications_merged", "1"
        case "filters.changed" if subject == listener.me and channel.kind == "user":
            yield "filters_changed", None
        case _ if happening.id in shown.announcements and channel.kind == "user":
            yield shown.announcements[happening.id]


def _of_post(
    listener: Listener, channel: Channel, event: Event, post_id: int, shown: Shown
) -> Iterator[tuple[Event, str]]:
    audience = shown.audience
    if not audience.has(listener, channel, post_id) or (event == "update" and not audience.is_fresh(post_id)):
        return
    if channel.kind == "direct":
        if event == "update" and post_id in shown.conversations:
            yield "conversation", shown.conversations[post_id]
    elif (where := WHERE.get(channel.kind)) and (where, post_id) in shown.statuses:
        yield event, shown.statuses[where, post_id]


async def _statuses(
    eyes: Eyes, listeners: Sequence[Listener], audience: Audience, posts: Mapping[int, Post]
) -> Rendered:
    """What this reader is shown, in each context, as JSON; less what their filters hide there."""
    wanted: dict[Where, set[int]] = defaultdict(set)
    for listener in listeners:
        for channel in listener.channels:
            if where := WHERE.get(channel.kind):
                wanted[where] |= {one for one in posts if audience.has(listener, channel, one)}
    rendered = {}
    for where, ids in wanted.items():
        shown = [posts[one] for one in sorted(ids)]
        matches = await results_for(eyes, shown)
        shown = [post for post in shown if not hides(matches[post.id], where)]
        for post, status in zip(shown, await render_statuses(eyes, shown, context=where), strict=True):
            rendered[where, post.id] = _json(status)
    return rendered


async def _conversations(eyes: Eyes, listeners: Sequence[Listener], audience: Audience) -> Mapping[int, str]:
    """The conversations in which something was written, by the post."""
    found: dict[int, str] = {}
    if not any(channel.kind == "direct" for one in listeners for channel in one.channels):
        return found
    for post_id in audience.written_to(listeners[0].me):
        try:
            one = await conversations.get(eyes.db, listeners[0].me, post_id)
        except NotFound:
            continue
        found[post_id] = _json((await render_conversations(eyes, [one]))[0])
    return found


async def _notifications(
    eyes: Eyes, listeners: Sequence[Listener], told: Sequence[notices.Notice]
) -> Mapping[int, str]:
    """The notices for this reader that strict clients know, by id."""
    account, actor = listeners[0].reader
    mine = [one for one in told if (one.account_id, one.actor_id) == (account, actor) and one.type in KNOWN]
    if not mine or not any(_is_for_notices(one, channel) for one in listeners for channel in one.channels):
        return {}
    return {int(one.id): _json(one) for one in await render_notifications(eyes, mine)}


def _is_for_notices(listener: Listener, channel: Channel) -> bool:
    return channel.kind == "notification" or (channel.kind == "user" and hears_notices(listener.scopes))


def _coalesced(batch: Sequence[Happening]) -> Iterator[Happening]:
    """Of several changes of one post in a batch the last; none where it is new there, since what is sent is the post as
    it is now."""
    new = {one.subject_id for one in batch if one.kind == "post.new"}
    last = {one.subject_id: one.id for one in batch if one.kind == "post.changed"}
    for one in batch:
        if one.kind != "post.changed" or (one.subject_id not in new and last[one.subject_id] == one.id):
            yield one


def _by_reader(listeners: Iterable[Listener]) -> list[list[Listener]]:
    readers: dict[tuple[int, int], list[Listener]] = defaultdict(list)
    for listener in listeners:
        readers[listener.reader].append(listener)
    return list(readers.values())


def _json(entity: object) -> str:
    return msgspec.json.encode(entity).decode()
