"""Polls: reading one and voting in it. A vote in the poll of an event is an answer in its list (going, maybe, no)."""

from __future__ import annotations

import msgspec
from aiohttp import web

from node.actions import attend, vote
from node.errors import Conflict, NotFound
from node.mastodon.answers import as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, get, post
from node.mastodon.entities.poll import Poll, event_poll, is_over
from node.mastodon.entities.status import render_status
from node.mastodon.errors import Unprocessable
from node.store.posts import post_marks, posts
from schemas import things
from schemas.records import Post

VOTED = "You have already voted on this poll"
NO_SUCH_OPTION = "The chosen vote option does not exist"
ENDED = "The poll has already ended"
OWN = "You cannot vote in your own polls"


class Choosing(msgspec.Struct, frozen=True, kw_only=True):
    """The options by their place; clients send numbers and texts."""

    choices: list[str] = []


async def show(ask: Ask) -> web.Response:
    """GET /api/v1/polls/:id: the id is that of the status."""
    return as_json(await _poll(ask, await _asked(ask)))


async def choose(ask: Ask) -> web.Response:
    """POST /api/v1/polls/:id/votes"""
    asked = await _asked(ask)
    poll = await _things_poll(ask, asked)
    chosen = _chosen(ask.take(Choosing).choices, poll)
    if is_over(poll):
        raise Unprocessable(ENDED)
    if asked.event is not None or asked.rsvp_for_id is not None:
        await _attend(ask, asked, chosen)
    else:
        await _vote(ask, asked, poll, chosen)
    return as_json(await _poll(ask, asked))


async def _attend(ask: Ask, asked: Post, chosen: list[int]) -> None:
    """The latest answer counts, so one may answer again."""
    if len(chosen) > 1:
        raise Unprocessable(VOTED)
    event_id = asked.rsvp_for_id or asked.id
    await attend.attend(ask.node, ask.db, ask.who.acting, event_id, vote.WISHES[chosen[0]], "poll")


async def _vote(ask: Ask, asked: Post, poll: things.Poll, chosen: list[int]) -> None:
    me = ask.who.acting
    if asked.actor.id == me.id:
        raise Unprocessable(OWN)
    marks = (await post_marks.of_posts(ask.db, [asked.id], me.id))[asked.id]
    if marks.votes or (len(chosen) > 1 and not poll.multiple):
        raise Unprocessable(VOTED)
    try:
        await vote.vote(ask.node, ask.db, me, asked.id, chosen)
    except Conflict as error:  # somebody else with the same token was faster
        raise Unprocessable(VOTED) from error


def _chosen(written: list[str], poll: things.Poll) -> list[int]:
    numbers = [int(one) for one in written if one.isascii() and one.isdecimal() and len(one) < 4]
    if not numbers or len(numbers) < len(written) or max(numbers) >= len(poll.options):
        raise Unprocessable(NO_SUCH_OPTION)
    return list(dict.fromkeys(numbers))


async def _asked(ask: Ask) -> Post:
    found = await posts.get(ask.db, ask.id(), ask.me)
    return found.boost_of or found


async def _things_poll(ask: Ask, asked: Post) -> things.Poll:
    poll = asked.poll
    if asked.event is not None:
        marks = (await post_marks.of_posts(ask.db, [asked.id], ask.me))[asked.id]
        poll = event_poll(asked, asked.event, marks, ask.language)
    if poll is None:
        raise NotFound
    return poll


async def _poll(ask: Ask, asked: Post) -> Poll:
    found = (await render_status(ask.eyes, await posts.get(ask.db, asked.id, ask.me))).poll
    if found is None:
        raise NotFound
    return found


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/polls/{id}", show, "read:statuses", asker="anyone"),
    post("/api/v1/polls/{id}/votes", choose, "write:statuses"),
)
