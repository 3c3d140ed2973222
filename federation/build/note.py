"""A short post as it goes over the wire: Note, or Question where it asks; and the poll on who comes to an event."""

from datetime import UTC, datetime

from federation import sanitise
from federation.build import parts
from federation.build.lines import title
from federation.build.markup import link
from federation.build.parts import Document
from federation.build.urls import Urls
from federation.build.words import words
from schemas.records import Post
from schemas.things import Poll, PollOption, Version


def document(post: Post, urls: Urls) -> Document:
    """The Note or Question of a post. `summary` is its content warning, without tags: some show it as HTML.

    The poll of an event (`rsvp_for_id` is set) answers the event and names it in `coop:rsvpFor`.
    """
    version = post.version()
    told = (
        parts.at_context("quote")
        | parts.head(post)
        | ({"inReplyTo": post.in_reply_to} if post.in_reply_to else {})
        | parts.addressed(post, urls)
        | parts.dated(post)
        | {"sensitive": post.sensitive, "summary": title(version.summary) or None}
        | parts.in_languages("content", post.versions or [version], lambda one: _content(post, one))
        | parts.source(version)
        | {"attachment": parts.media(post.attachments)}
        | parts.tagged(post, urls, links=parts.quote_link(post))
        | parts.quoted(post)
        | parts.quotable(post, urls)
        | parts.thread(post, urls)
    )
    if post.poll is not None:
        told |= _question(post.poll)
    if post.rsvp_for_id is not None:
        told["coop:rsvpFor"] = post.in_reply_to
    if post.actor.local and post.actor.role_here == "log":
        told["coop:logEntry"] = post.url
    return told


def quoting(post: Post) -> str:
    """A line with the quoted post's address, for readers that show no quotes; those that do hide it by its class."""
    return f'<p class="quote-inline">RE: {link(post.quote)}</p>' if post.quote else ""


def rsvp_text(language: str) -> str:
    """The text of the poll that asks who comes (it says who sees the answers), as plain text."""
    return words(language).question


def rsvp_options(language: str) -> tuple[PollOption, PollOption, PollOption]:
    """Its options: going, maybe and declined, in this order."""
    spoken = words(language)
    return PollOption(name=spoken.going), PollOption(name=spoken.maybe), PollOption(name=spoken.declined)


def _content(post: Post, version: Version) -> str:
    return sanitise.html(quoting(post) + version.content)


def _question(poll: Poll) -> Document:
    over = poll.closed or (poll.ends_at is not None and poll.ends_at <= datetime.now(UTC))
    told_at_end = poll.hide_totals and not over
    options = [
        {
            "type": "Note",
            "name": option.name,
            "replies": {"type": "Collection", "totalItems": 0 if told_at_end else option.votes},
        }
        for option in poll.options
    ]
    told: Document = {"anyOf" if poll.multiple else "oneOf": options}
    if poll.ends_at is not None:
        told["endTime"] = parts.instant(poll.ends_at)
        if poll.closed:
            told["closed"] = parts.instant(poll.ends_at)
    return told | {"votersCount": poll.voters or 0}
