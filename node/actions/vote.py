"""Voting in polls: here, elsewhere, and in the poll that asks who comes to an event, where a vote is an RSVP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from federation.build import activities as say
from node.actions import attend
from node.actions.spread import tell_counts_soon
from node.actions.watching import expect_end
from node.errors import Conflict, NotFound
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store import happenings
from node.store.db import Db
from node.store.posts import posts, votes
from schemas.records import Actor, Post
from schemas.things import Poll

WISHES: tuple[attend.Wish, ...] = ("going", "maybe", "declined")
"""What the options of an event's poll mean, in their order."""


async def vote(node: Node, db: Db, voter: Actor, post_id: int, options: Sequence[int]) -> Post:
    """Let an actor choose options (by their place) of a poll it may see.

    In a poll of one choice the first vote counts (case 95), in one of several each option once; in an event's poll the
    latest. Raises NotFound (no such poll or option for this actor), Conflict (over, or voted before).
    """
    asked = await posts.get(db, post_id, voter.id)
    poll = asked.poll
    chosen = list(dict.fromkeys(options))
    if poll is None or not chosen or not all(0 <= one < len(poll.options) for one in chosen):
        raise NotFound
    if poll.closed or (poll.ends_at is not None and poll.ends_at <= datetime.now(UTC)):
        raise Conflict("This poll is over.")
    if not poll.multiple and len(chosen) > 1:
        raise Conflict("Only one answer can be chosen.")
    if asked.rsvp_for_id is not None:
        await attend.attend(node, db, voter, asked.rsvp_for_id, WISHES[chosen[0]], "poll")
    elif asked.local:
        await _vote_here(db, voter, asked, chosen)
    else:
        await _vote_elsewhere(node, db, voter, asked, chosen)
    if voter.local:
        await expect_end(db, asked)
    return await posts.get(db, post_id, voter.id)


def with_results(poll: Poll, by_option: Mapping[int, int], voters: int) -> Poll:
    """The poll as it stands."""
    options = tuple(
        msgspec.structs.replace(option, votes=by_option.get(number, 0)) for number, option in enumerate(poll.options)
    )
    return msgspec.structs.replace(poll, options=options, voters=voters)


async def _vote_here(db: Db, voter: Actor, asked: Post, chosen: list[int]) -> None:
    locked = await posts.lock(db, asked.id)
    if locked is None or locked.poll is None:
        raise NotFound
    before = await votes.of_actor(db, asked.id, voter.id)
    new = [one for one in chosen if one not in before]
    if not new:
        return
    if before and not locked.poll.multiple:
        raise Conflict("You have voted already.")
    await votes.insert(db, asked.id, voter.id, new)
    await votes.keep_results(db, asked.id, with_results(locked.poll, *await votes.counts(db, asked.id)))
    await happenings.add(db, "post.changed", asked.id)
    if asked.audience in ("public", "unlisted", "followers"):
        await tell_counts_soon(db, asked.id)


async def _vote_elsewhere(node: Node, db: Db, voter: Actor, asked: Post, chosen: list[int]) -> None:
    """One Note per option; what they add up to comes back as an Update."""
    before = await votes.of_actor(db, asked.id, voter.id)
    new = [one for one in chosen if one not in before]
    if before and asked.poll is not None and not asked.poll.multiple and new:
        raise Conflict("You have voted already.")
    await votes.insert(db, asked.id, voter.id, new)
    for option in new:
        _, uri = new_activity_id(node.urls)
        name = asked.poll.options[option].name if asked.poll else ""
        document = say.vote(uri, voter.uri, asked.uri, name, note_id=f"{uri}#vote", to=[asked.actor.uri])
        await tell(db, voter, document, audience="direct", to=[asked.actor])
