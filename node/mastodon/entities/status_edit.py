"""What a status said before and after each change, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from node.mastodon.answers import moment
from node.mastodon.entities.account import Account, render_account
from node.mastodon.entities.emoji import CustomEmoji, emojis_in
from node.mastodon.entities.medium import MediaAttachment, from_attachment, silent_in
from node.mastodon.entities.wording import said
from node.mastodon.eyes import Eyes
from node.store.posts.edits import Edit
from schemas.records import Post
from schemas.things import CallDetail, EventDetail, FindingDetail


class EditedOption(msgspec.Struct, frozen=True, kw_only=True):
    """An answer of a poll as it was."""

    title: str


class EditedPoll(msgspec.Struct, frozen=True, kw_only=True):
    """The answers of a poll as they were."""

    options: list[EditedOption]


class StatusEdit(msgspec.Struct, frozen=True, kw_only=True):
    """One state of a status."""

    content: str
    spoiler_text: str
    sensitive: bool
    created_at: str
    account: Account
    poll: EditedPoll | None
    media_attachments: list[MediaAttachment]
    emojis: list[CustomEmoji]


async def render_history(eyes: Eyes, post: Post, changes: Sequence[Edit]) -> list[StatusEdit]:
    """All states of a post, the oldest first and the present one last; `changes` are what it said before each."""
    states = [*(_as_it_was(post, one) for one in changes), post]
    since = [post.published_at, *(one.edited_at for one in changes)]
    account = await render_account(eyes, post.actor)
    words = [said(state, eyes.language) for state in states]
    host = "" if post.actor.local else post.actor.host
    spoken = {number: (host, [one.spoiler_text, one.content]) for number, one in enumerate(words)}
    emojis = await emojis_in(eyes.db, eyes.node.urls, spoken)
    silent = await silent_in(eyes.db, states)
    return [
        StatusEdit(
            content=one.content,
            spoiler_text=one.spoiler_text,
            sensitive=state.sensitive,
            created_at=moment(at),
            account=account,
            poll=EditedPoll(options=[EditedOption(title=o.name) for o in state.poll.options]) if state.poll else None,
            media_attachments=[from_attachment(medium, eyes.node.urls, silent) for medium in state.attachments],
            emojis=emojis[number],
        )
        for number, (state, one, at) in enumerate(zip(states, words, since, strict=True))
    ]


def _as_it_was(post: Post, change: Edit) -> Post:
    detail: dict[str, Any] = {}
    if change.detail and post.event:
        detail = {"event": msgspec.convert(change.detail, EventDetail)}
    elif change.detail and post.finding:
        detail = {"finding": msgspec.convert(change.detail, FindingDetail)}
    elif change.detail and post.call:
        detail = {"call": msgspec.convert(change.detail, CallDetail)}
    return msgspec.structs.replace(
        post,
        versions=change.versions,
        sensitive=change.sensitive,
        attachments=list(change.attachments),
        poll=change.poll,
        **detail,
    )
