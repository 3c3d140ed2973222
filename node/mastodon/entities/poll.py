"""Polls of statuses, and the one that every event which takes answers carries: going, maybe, no."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from federation.build.note import rsvp_options
from node.actions.rsvp_poll import WISHED
from node.actions.vote import with_results
from node.mastodon.answers import moment
from node.mastodon.entities.emoji import CustomEmoji
from node.store.posts.post_marks import Marks
from node.wording.showing import version_for
from schemas import things
from schemas.records import Post
from schemas.things import EventDetail


class PollOption(msgspec.Struct, frozen=True, kw_only=True):
    """One answer; how many chose it is null while that is hidden."""

    title: str
    votes_count: int | None


class Poll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll as its viewer sees it. Its id is that of the status it belongs to."""

    id: str
    expires_at: str | None
    expired: bool
    multiple: bool
    votes_count: int
    voters_count: int | None
    options: list[PollOption]
    emojis: list[CustomEmoji] = []
    voted: bool
    own_votes: list[int]


def poll_of(post: Post, marks: Marks, viewer: int | None, language: str) -> Poll | None:
    """The poll of a post, if it has one. Whoever asks counts as having voted in their own poll, but not in the one of
    their own event: they may come themselves."""
    if post.event is not None:
        asked = event_poll(post, post.event, marks, language)
        return _shown(post, asked, _wished(marks)) if asked else None
    if post.poll is None:
        return None
    if post.rsvp_for_id is not None:
        return _shown(post, post.poll, _wished(marks))
    own = viewer is not None and viewer == post.actor.id
    return _shown(post, post.poll, marks.votes, voted=own or bool(marks.votes))


def event_poll(post: Post, event: EventDetail, marks: Marks, language: str) -> things.Poll | None:
    """Who comes: as an event elsewhere tells by a poll of its own, else as the list stands here, whose answers to an
    event elsewhere are said to its organisers (`attend`). None where no answers are taken by this way."""
    if event.join_mode in ("external", "none"):
        return None
    closed = event.status == "cancelled" or event.starts_at <= datetime.now(UTC)
    if not post.local and marks.asked is not None:
        return msgspec.structs.replace(marks.asked, closed=marks.asked.closed or closed)
    answered = marks.rsvps or {}
    by_option = {number: sum(answered.get(state, 0) for state in states) for number, states in enumerate(WISHED)}
    if not post.local:  # our list holds our own members only; how many come in all its server tells
        by_option[0] = max(by_option[0], event.going)
    options = rsvp_options(version_for(post, language).language)
    asked = things.Poll(options=options, ends_at=event.starts_at, closed=closed)
    return with_results(asked, by_option, sum(by_option.values()))


def is_over(poll: things.Poll) -> bool:
    """Whether nobody may vote any more."""
    return poll.closed or (poll.ends_at is not None and poll.ends_at <= datetime.now(UTC))


def _wished(marks: Marks) -> list[int]:
    return [number for number, states in enumerate(WISHED) if marks.rsvp in states]


def _shown(post: Post, poll: things.Poll, own_votes: list[int], *, voted: bool | None = None) -> Poll:
    over = is_over(poll)
    hidden = poll.hide_totals and not over
    return Poll(
        id=str(post.id),
        expires_at=moment(poll.ends_at) if poll.ends_at else None,
        expired=over,
        multiple=poll.multiple,
        votes_count=sum(option.votes for option in poll.options),
        voters_count=poll.voters,
        options=[
            PollOption(title=option.name, votes_count=None if hidden else option.votes) for option in poll.options
        ],
        voted=bool(own_votes) if voted is None else voted,
        own_votes=own_votes,
    )
