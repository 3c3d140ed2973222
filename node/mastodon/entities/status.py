"""Statuses: posts, events, findings, calls and boosts as clients show them. A page of them takes a constant number of
queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from federation.addresses import BadAddress, host_of
from node.mastodon.answers import moment
from node.mastodon.entities import card as cards
from node.mastodon.entities.account import Account, acct_of, render_accounts
from node.mastodon.entities.card import PreviewCard
from node.mastodon.entities.collection import Collection, collections_in
from node.mastodon.entities.emoji import CustomEmoji, codes_in, emojis_in
from node.mastodon.entities.filter import FilterResult, results_for
from node.mastodon.entities.medium import MediaAttachment, from_attachment, silent_in
from node.mastodon.entities.poll import Poll, poll_of
from node.mastodon.entities.quote import QuoteApproval, ShallowQuote, State, approval_of, state_of
from node.mastodon.entities.wording import Said, said
from node.mastodon.eyes import Eyes
from node.store.posts import post_marks, posts
from node.store.posts.post_marks import NO_MARKS, CardRow, Marks
from node.store.timelines.looks import Looks
from schemas.records import Actor, Post
from schemas.things import Audience

Visibility = Literal["public", "unlisted", "private", "direct"]
Context = Literal["home", "notifications", "public", "thread", "account"]

VISIBILITIES: Mapping[Audience, Visibility] = {
    "public": "public",
    "unlisted": "unlisted",
    "followers": "private",
    "hub": "private",
    "group": "private",
    "direct": "direct",
}


class StatusMention(msgspec.Struct, frozen=True, kw_only=True):
    """Who is named in a status, or addressed by it."""

    id: str
    username: str
    acct: str
    url: str


class StatusTag(msgspec.Struct, frozen=True, kw_only=True):
    """A hashtag of a status."""

    name: str
    url: str


class StatusApplication(msgspec.Struct, frozen=True, kw_only=True):
    """The app that a status was written with."""

    name: str
    website: str | None


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """A quote and, where its author agreed and the viewer may see it, the quoted status."""

    state: State
    quoted_status: Status | None


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """A status. What concerns the viewer is absent for strangers; `pinned` is there for one's own; `text` only where a
    deleted one is written again."""

    id: str
    uri: str
    url: str
    created_at: str
    edited_at: str | None
    account: Account
    content: str
    visibility: Visibility
    sensitive: bool
    spoiler_text: str
    language: str | None
    in_reply_to_id: str | None
    in_reply_to_account_id: str | None
    application: StatusApplication | None
    media_attachments: list[MediaAttachment]
    mentions: list[StatusMention]
    tags: list[StatusTag]
    tagged_collections: list[Collection]
    emojis: list[CustomEmoji]
    replies_count: int
    reblogs_count: int
    favourites_count: int
    quotes_count: int
    quote_approval: QuoteApproval
    quote: Quote | ShallowQuote | None = None
    reblog: Status | None = None
    poll: Poll | None = None
    card: PreviewCard | None = None
    favourited: bool | msgspec.UnsetType = msgspec.UNSET
    reblogged: bool | msgspec.UnsetType = msgspec.UNSET
    muted: bool | msgspec.UnsetType = msgspec.UNSET
    bookmarked: bool | msgspec.UnsetType = msgspec.UNSET
    pinned: bool | msgspec.UnsetType = msgspec.UNSET
    filtered: list[FilterResult] | msgspec.UnsetType = msgspec.UNSET
    text: str | msgspec.UnsetType = msgspec.UNSET


class Told(msgspec.Struct, frozen=True):
    """What a post says in one language, and whether shortcodes of emoji are in it."""

    said: Said
    has_emoji: bool


class _Page(msgspec.Struct, frozen=True, kw_only=True):
    """All that a page of statuses is made of, by id."""

    eyes: Eyes
    marks: Mapping[int, Marks]
    quoted: Mapping[int, Post]
    said: Mapping[int, Said]
    accounts: Mapping[int, Account]
    emojis: Mapping[int, list[CustomEmoji]]
    collections: Mapping[int, list[Collection]]
    filtered: Mapping[int, list[FilterResult]]
    silent: frozenset[int]


async def render_statuses(
    eyes: Eyes, shown: Sequence[Post], *, context: Context | None = None, seen: Looks | None = None
) -> list[Status]:
    """One per post, in their order. The caller has asked whether the viewer may see them; of what they quote it is
    asked here. `context`: where they are shown, which decides whose filters match. `seen`: they were just looked at."""
    if not shown:
        return []
    page = await _gather(eyes, shown, context, seen)
    return [_boost(page, one) if one.boost_of else _status(page, one) for one in shown]


async def render_status(eyes: Eyes, post: Post, *, context: Context | None = None) -> Status:
    """One status."""
    return (await render_statuses(eyes, [post], context=context))[0]


async def _gather(eyes: Eyes, shown: Sequence[Post], context: Context | None, seen: Looks | None) -> _Page:
    proper = {one.id: one for one in (post.boost_of or post for post in shown)}
    marks = seen.marks(proper) if seen else await post_marks.of_posts(eyes.db, list(proper), eyes.me)
    wanted = [mark.quoted_id for mark in marks.values() if mark.quoted_id and mark.quote_state == "accepted"]
    quoted = await posts.get_many(eyes.db, wanted, eyes.me) if wanted else {}
    marks |= await post_marks.of_posts(eyes.db, list(quoted), eyes.me) if quoted else {}
    every = {**quoted, **proper}
    words = {number: told(eyes, post) for number, post in every.items()}
    people = {one.actor.id: one.actor for one in (*shown, *every.values())}
    accounts = await render_accounts(eyes, list(people.values()), seen)
    spoken = {number: _spoken(every[number], one.said) for number, one in words.items() if one.has_emoji}
    emojis = await emojis_in(eyes.db, eyes.node.urls, spoken)
    none_match = seen is not None and not seen.filters
    matches = {number: [] for number in every} if none_match else await results_for(eyes, list(every.values()))
    return _Page(
        eyes=eyes,
        marks=marks,
        quoted=quoted,
        said={number: one.said for number, one in words.items()},
        accounts=dict(zip(people, accounts, strict=True)),
        emojis=emojis,
        collections=await collections_in(eyes, {number: one.said.content for number, one in words.items()}),
        filtered={
            number: [one for one in found if context is None or context in one.filter.context]
            for number, found in matches.items()
        },
        silent=await silent_in(eyes.db, every.values()),
    )


def told(eyes: Eyes, post: Post) -> Told:
    """Found out once for each language, as long as the post is the same."""
    beside, key = eyes.node.kept.beside(post), ("told", eyes.language)
    if key not in beside:
        words = said(post, eyes.language)
        beside[key] = Told(said=words, has_emoji=bool(codes_in(_spoken(post, words)[1])))
    known: Told = beside[key]
    return known


def _boost(page: _Page, boost: Post) -> Status:
    """The boost around the boosted status; what it shows is the same, and what the viewer does with it too."""
    assert boost.boost_of is not None  # noqa: S101 - the caller looked
    inner = _status(page, boost.boost_of)
    return msgspec.structs.replace(
        inner,
        id=str(boost.id),
        uri=boost.uri,
        url=boost.url,
        created_at=moment(boost.published_at),
        edited_at=None,
        account=page.accounts[boost.actor.id],
        visibility=VISIBILITIES[boost.audience],
        in_reply_to_id=None,
        in_reply_to_account_id=None,
        application=None,
        media_attachments=[],
        mentions=[],
        tags=[],
        tagged_collections=[],
        poll=None,
        card=None,
        quote=None,
        pinned=msgspec.UNSET,
        reblog=inner,
    )


def _status(page: _Page, post: Post, *, nested: bool = False) -> Status:
    """What every reader is shown, made once as long as nothing of it changes, with what is this reader's alone."""
    eyes, marks, base = page.eyes, page.marks.get(post.id, NO_MARKS), _base(page, post)
    link = cards.of_link(marks.card, eyes.node.urls) if marks.card and _is_shown(eyes, marks.card) else None
    mine: dict[str, Any] = {} if eyes.me is None else _seen(page, post, marks)
    return msgspec.structs.replace(
        base,
        application=StatusApplication(name=marks.app_name, website=marks.app_website) if marks.app_name else None,
        tagged_collections=page.collections[post.id],
        quote_approval=approval_of(post, marks, eyes.me),
        quote=_quote(page, marks, nested=nested),
        poll=poll_of(post, marks, eyes.me, eyes.language),
        card=base.card or link,
        **mine,
    )


def _base(page: _Page, post: Post) -> Status:
    marks, account, emojis = page.marks.get(post.id, NO_MARKS), page.accounts[post.actor.id], page.emojis.get(post.id)
    parts = account, emojis, page.silent, _edited(post, marks), marks.answered_actor_id, marks.quotes_count
    beside, key = page.eyes.node.kept.beside(post), ("status", page.eyes.language)
    known: tuple[Any, Status] | None = beside.get(key)
    if known is None or known[0] != parts:
        beside[key] = known = parts, _made(page, post, marks)
    return known[1]


def _made(page: _Page, post: Post, marks: Marks) -> Status:
    urls, words = page.eyes.node.urls, page.said[post.id]
    return Status(
        id=str(post.id),
        uri=post.uri,
        url=post.url,
        created_at=moment(post.published_at),
        edited_at=_edited(post, marks),
        account=page.accounts[post.actor.id],
        content=words.content,
        visibility=VISIBILITIES[post.audience],
        sensitive=post.sensitive,
        spoiler_text=words.spoiler_text,
        language=words.language,
        in_reply_to_id=str(post.in_reply_to_id) if post.in_reply_to_id else None,
        in_reply_to_account_id=str(marks.answered_actor_id) if marks.answered_actor_id else None,
        application=None,
        media_attachments=[from_attachment(one, urls, page.silent) for one in post.attachments],
        mentions=[_mention(one) for one in post.mentions],
        tags=[StatusTag(name=one, url=urls.tag(one)) for one in post.tags],
        tagged_collections=[],
        emojis=page.emojis.get(post.id, []),
        replies_count=post.replies_count,
        reblogs_count=post.boosts_count,
        favourites_count=post.likes_count,
        quotes_count=marks.quotes_count,
        quote_approval=approval_of(post, marks, None),
        card=cards.of_thing(post, words),
    )


def _seen(page: _Page, post: Post, marks: Marks) -> dict[str, Any]:
    """What the viewer has done with it, and why they may not want to see it."""
    return {
        "favourited": marks.liked,
        "reblogged": marks.boosted,
        "muted": marks.thread_muted,
        "bookmarked": marks.bookmarked,
        "pinned": marks.pinned if post.actor.id == page.eyes.me else msgspec.UNSET,
        "filtered": page.filtered[post.id],
    }


def _is_shown(eyes: Eyes, card: CardRow) -> bool:
    """What a server said of its page before it was suspended is shown no more."""
    try:
        return not eyes.node.policy.suspends(host_of(card.url))
    except BadAddress:
        return False


def _quote(page: _Page, marks: Marks, *, nested: bool) -> Quote | ShallowQuote | None:
    """What it quotes: one level deep; below that only which status it is."""
    if marks.quote_state is None:
        return None
    quoted = page.quoted.get(marks.quoted_id or 0)
    about = page.marks.get(quoted.id, NO_MARKS) if quoted else NO_MARKS
    if nested:
        state = (
            "accepted" if marks.quote_state == "accepted" and not marks.quoted_gone else state_of(marks, None, about)
        )
        return ShallowQuote(state=state, quoted_status_id=str(marks.quoted_id) if state == "accepted" else None)
    state = state_of(marks, quoted, about)
    visible = quoted is not None and state == "accepted"
    return Quote(state=state, quoted_status=_status(page, quoted, nested=True) if visible and quoted else None)


def _edited(post: Post, marks: Marks) -> str | None:
    """When it was changed; what came from elsewhere may have been changed before we knew it."""
    if marks.edited_at:
        return moment(marks.edited_at)
    return moment(post.updated_at) if not post.local and post.updated_at > post.published_at else None


def _mention(actor: Actor) -> StatusMention:
    return StatusMention(id=str(actor.id), username=actor.name, acct=acct_of(actor), url=actor.url)


def _spoken(post: Post, words: Said) -> tuple[str, list[str]]:
    """Where emoji may stand in a status."""
    options = [option.name for option in post.poll.options] if post.poll else []
    return "" if post.actor.local else post.actor.host, [words.spoiler_text, words.content, *options]
