"""Filters as clients know them, and which of them match a post."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from federation.sanitise import plain
from node.mastodon.answers import moment
from node.mastodon.eyes import Eyes
from node.store.timelines import filters
from node.store.timelines.filters import Action, Where
from schemas.limits import FILTER_TEXT_CHARS
from schemas.records import Post


class FilterKeyword(msgspec.Struct, frozen=True, kw_only=True):
    """Words that a filter looks for."""

    id: str
    keyword: str
    whole_word: bool


class FilterStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One status that a filter is about."""

    id: str
    status_id: str


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """A filter (version 2)."""

    id: str
    title: str
    context: list[Where]
    expires_at: str | None
    filter_action: Action
    keywords: list[FilterKeyword]
    statuses: list[FilterStatus]


class V1Filter(msgspec.Struct, frozen=True, kw_only=True):
    """A keyword as clients of version 1 see it: a filter of its own. `irreversible`: the server leaves matches out."""

    id: str
    phrase: str
    context: list[Where]
    expires_at: str | None
    irreversible: bool
    whole_word: bool


class FilterResult(msgspec.Struct, frozen=True, kw_only=True):
    """Why a filter matched a status."""

    filter: Filter
    keyword_matches: list[str] | None
    status_matches: list[str] | None


def from_filter(one: filters.Filter) -> Filter:
    """As clients see it."""
    return Filter(
        id=str(one.id),
        title=one.title,
        context=one.contexts,
        expires_at=moment(one.ends_at) if one.ends_at else None,
        filter_action=one.action,
        keywords=[from_keyword(keyword) for keyword in one.keywords],
        statuses=[from_post(entry) for entry in one.posts],
    )


def from_keyword(one: filters.Keyword) -> FilterKeyword:
    """As clients see it."""
    return FilterKeyword(id=str(one.id), keyword=one.keyword, whole_word=one.whole_word)


def from_post(one: filters.FilteredPost) -> FilterStatus:
    """As clients see it."""
    return FilterStatus(id=str(one.id), status_id=str(one.post_id))


def as_v1(one: filters.Filter, keyword: filters.Keyword) -> V1Filter:
    """One of its keywords for a client of version 1."""
    return V1Filter(
        id=str(keyword.id),
        phrase=keyword.keyword,
        context=one.contexts,
        expires_at=moment(one.ends_at) if one.ends_at else None,
        irreversible=one.action == "hide",
        whole_word=keyword.whole_word,
    )


async def results_for(eyes: Eyes, posts: Sequence[Post]) -> dict[int, list[FilterResult]]:
    """For each post, by its id, the viewer's filters that match it, whatever the context; one query. A boost is asked
    for what it passes on. One's own posts are never filtered."""
    active = await filters.list_active(eyes.db, eyes.me) if eyes.me is not None and posts else []
    if not active:
        return {post.id: [] for post in posts}
    shown = [(one, from_filter(one)) for one in active]
    return {post.id: list(_results(eyes, post.boost_of or post, shown)) for post in posts}


def hides(results: Sequence[FilterResult], where: Where) -> bool:
    """Whether the viewer wants what matched so to be left out there."""
    return any(one.filter.filter_action == "hide" and where in one.filter.context for one in results)


def _results(eyes: Eyes, post: Post, shown: Sequence[tuple[filters.Filter, Filter]]) -> Iterator[FilterResult]:
    if post.actor.id == eyes.me:
        return
    text = _text(post)
    for one, entity in shown:
        words = [
            keyword.keyword for keyword in one.keywords if _pattern(keyword.keyword, keyword.whole_word).search(text)
        ]
        named = [str(post.id)] if any(entry.post_id == post.id for entry in one.posts) else []
        if words or named:
            yield FilterResult(filter=entity, keyword_matches=words or None, status_matches=named or None)


def _text(post: Post) -> str:
    """All that can be read of a post, in all its languages."""
    parts = [part for one in post.versions for part in (one.name, one.summary, plain(one.content))]
    parts += [f"#{tag}" for tag in post.tags]
    parts += [one.alt for one in post.attachments]
    parts += [option.name for option in post.poll.options] if post.poll else []
    return "\n".join(parts)[:FILTER_TEXT_CHARS]


@lru_cache(maxsize=1000)
def _pattern(keyword: str, whole_word: bool) -> re.Pattern[str]:
    """What is looked for. A whole word ends where its first or last letter does; a sign at its edge needs no end."""
    before = r"\b" if whole_word and keyword[:1].isalnum() else ""
    after = r"\b" if whole_word and keyword[-1:].isalnum() else ""
    return re.compile(before + re.escape(keyword) + after, re.IGNORECASE)
