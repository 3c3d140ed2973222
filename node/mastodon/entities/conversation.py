"""Conversations as clients know them: with whom, and the last status in it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from node.mastodon.entities.account import Account, render_accounts
from node.mastodon.entities.status import Status, render_statuses
from node.mastodon.eyes import Eyes
from node.store.timelines import conversations
from schemas.records import Actor, Post


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation. `accounts`: everybody in the last status but the viewer."""

    id: str
    unread: bool
    accounts: list[Account]
    last_status: Status | None


async def render_conversations(eyes: Eyes, shown: Sequence[conversations.Conversation]) -> list[Conversation]:
    """One per conversation, in their order, in a constant number of queries."""
    last = {post.id: post for post in await eyes.node.kept.posts(eyes.db, [one.last_id for one in shown])}
    posts = list(last.values())
    statuses = {int(one.id): one for one in await render_statuses(eyes, posts)}
    people = {actor.id: actor for post in posts for actor in _others(eyes, post)}
    accounts = dict(zip(people, await render_accounts(eyes, list(people.values())), strict=True))
    return [
        Conversation(
            id=str(one.id),
            unread=one.unread,
            accounts=[accounts[actor.id] for actor in _others(eyes, last[one.last_id])] if one.last_id in last else [],
            last_status=statuses.get(one.last_id),
        )
        for one in shown
    ]


def _others(eyes: Eyes, post: Post) -> list[Actor]:
    everybody = {one.id: one for one in (post.actor, *post.mentions)}
    return [one for one in everybody.values() if one.id != eyes.me]
