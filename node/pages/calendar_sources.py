"""The same event from several sources, shown once with all of them; an editor takes apart what is not the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from aiohttp import web

from node.errors import Invalid, NotFound
from node.pages.thing import id_in
from node.store.db import Db
from node.store.events import twins
from node.store.events.twins import Pair
from node.store.posts import posts
from node.theming.frame import frame
from node.web import sessions
from node.web.forms import local_path, posted
from node.web.handlers import signed_in, writing
from schemas.limits import FORM_ENTRIES
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid
from schemas.records import Post

SAID = {
    "split": msgid("Shown apart from now on."),
    "join": msgid("Shown as one again, where they look the same."),
}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An event as a calendar shows it: its first source, the `others`, whether all of them say themselves that they are
    the same, and whether an editor took it apart from another."""

    post: Post
    others: tuple[Post, ...] = ()
    sure: bool = True
    split: bool = False

    @property
    def ids(self) -> set[int]:
        """Of all its sources."""
        return {post.id for post in (self.post, *self.others)}


async def gathered(db: Db, found: Sequence[Post]) -> list[Entry]:
    """Each event once, in the order of the list."""
    return merged(found, await twins.pairs(db, [post.id for post in found]))


def merged(found: Iterable[Post], pairs: Iterable[Pair]) -> list[Entry]:
    """The events with what belongs together put together; ours comes first, else what was published first. What an
    editor split stays apart, also where a third one looks like both."""
    by_id, told = {post.id: post for post in found}, list(pairs)
    apart = {(pair.one, pair.other) for pair in told if pair.split}
    group_of = {number: {number} for number in by_id}
    doubtful: set[int] = set()
    for pair in sorted(told, key=lambda one: not one.sure):
        first, second = group_of[pair.one], group_of[pair.other]
        if pair.split or first is second or _kept_apart(first, second, apart):
            continue
        doubtful |= {pair.one, pair.other} if not pair.sure else set()
        first |= second
        for number in second:
            group_of[number] = first
    split = {number for pair in apart for number in pair}
    return [_entry(by_id, group, doubtful, split) for group in _once(by_id, group_of)]


def _kept_apart(first: set[int], second: set[int], apart: set[tuple[int, int]]) -> bool:
    return any((min(one, two), max(one, two)) in apart for one in first for two in second)


def _once(by_id: Mapping[int, Post], group_of: Mapping[int, set[int]]) -> Iterable[set[int]]:
    shown: set[int] = set()
    for number in by_id:
        if number not in shown:
            shown |= group_of[number]
            yield group_of[number]


def _entry(by_id: Mapping[int, Post], group: set[int], doubtful: set[int], split: set[int]) -> Entry:
    first, *others = sorted((by_id[number] for number in group), key=lambda post: (not post.local, post.id))
    return Entry(post=first, others=tuple(others), sure=not group & doubtful, split=bool(group & split))


async def change_sources(request: web.Request) -> web.Response:
    """POST /events/{id}/sources: an editor shows an event apart from others, or takes that back."""
    fields = await posted(request)
    deed = fields.get("deed", "")
    if deed not in SAID:
        raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": ", ".join(SAID)})])
    event_id = id_in(request)
    others = [int(one) for one in fields.getall("other", [])[:FORM_ENTRIES] if one.isascii() and one.isdecimal()]
    async with writing(request) as db:
        who = await signed_in(request, db, "manage_events")
        around = await frame(request, db)
        post = await posts.get(db, event_id, who.actor.id)
        if post.kind != "event":
            raise NotFound
        if deed == "split":
            await twins.split(db, post.id, [one for one in others if one < 2**63], who.account.id)
        else:
            await twins.join(db, post.id)
    await sessions.say(request, around.say(SAID[deed]))
    raise web.HTTPSeeOther(local_path(fields.get("return_to"), "/events"))
