"""Notifications: notices as clients show them, one by one or in groups. A page takes a constant number of queries.

Clients decode strictly: types that only we know (`allmende.…`) go to those alone that say which types they support, and
such clients understand `fallback` (Mastodon 4.6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from node.mastodon.answers import moment
from node.mastodon.entities.collection import Collection, render_collections
from node.mastodon.entities.pieces import (
    looked,
    sure_accounts,
    sure_statuses,
    written_accounts,
    written_statuses,
)
from node.mastodon.entities.report import Report, render_reports
from node.mastodon.entities.status import Status, render_statuses
from node.mastodon.eyes import Eyes
from node.store.moderation import reports
from node.store.notices.notices import Group, Notice
from node.store.people import collections, people
from node.store.timelines import looks
from node.store.timelines.looks import Looks
from node.wording.showing import plain, title
from node.wording.telling import sentence
from schemas.limits import NOTICES_SHOWN
from schemas.records import Actor, Post

_T = TypeVar("_T")

KNOWN = (
    "mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update", "quote", "quoted_update",
    "admin.report",
)  # fmt: skip
"""Mastodon's types that a notice of ours can have."""

OWN = tuple(
    f"allmende.{kind}"
    for kind in (
        "rsvp",
        "answer",
        "follow_accepted",
        "suggested_hub",
        "co_host",
        "co_host_answer",
        "report_closed",
        "warning",
        "decision",
        "office_offered",
        "deputy_asked",
        "office_taken_over",
        "mandate_ending",
    )
)
COLLECTIONS = ("added_to_collection", "collection_update")
TOLD_BY_WORDS = (*OWN, *COLLECTIONS)
"""Types that only some clients know: they go to those alone that say so, with words for the others."""

GROUPED = ("favourite", "follow", "reblog")
"""Types of which several may be shown as one."""


class Fallback(msgspec.Struct, frozen=True, kw_only=True):
    """What to show for a type that the client does not know."""

    title: str
    summary: str


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """One notice. `filtered` is there for those that the policy holds back."""

    id: str
    type: str
    created_at: str
    group_key: str
    account: msgspec.Raw
    status: Status | msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    report: Report | msgspec.UnsetType = msgspec.UNSET
    collection: Collection | msgspec.UnsetType = msgspec.UNSET
    filtered: bool | msgspec.UnsetType = msgspec.UNSET
    fallback: Fallback | msgspec.UnsetType = msgspec.UNSET


class NotificationGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Notices shown as one; accounts and status stand beside the groups. The newest one's id is a number."""

    group_key: str
    notifications_count: int
    type: str
    most_recent_notification_id: int
    page_min_id: str
    page_max_id: str
    latest_page_notification_at: str
    sample_account_ids: list[str]
    status_id: str | msgspec.UnsetType = msgspec.UNSET
    report: Report | msgspec.UnsetType = msgspec.UNSET
    collection: Collection | msgspec.UnsetType = msgspec.UNSET
    fallback: Fallback | msgspec.UnsetType = msgspec.UNSET


class PartialAccount(msgspec.Struct, frozen=True, kw_only=True):
    """As much of an account as its picture needs."""

    id: str
    acct: str
    url: str
    avatar: str
    avatar_static: str
    locked: bool
    bot: bool


class GroupedNotifications(msgspec.Struct, frozen=True, kw_only=True):
    """A page of groups and what they are about."""

    accounts: list[msgspec.Raw]
    partial_accounts: list[PartialAccount] | msgspec.UnsetType
    statuses: list[Status | msgspec.Raw]
    notification_groups: list[NotificationGroup]


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Who and what notices are about, by id; people and posts only for those that are told by words."""

    actors: Mapping[int, Actor]
    posts: Mapping[int, Post]
    accounts: Mapping[int, msgspec.Raw]
    statuses: Mapping[int, Status | msgspec.Raw]
    reports: Mapping[int, Report]
    collections: Mapping[int, Collection]


async def gather(eyes: Eyes, notices: Sequence[Notice], more_actors: Iterable[int] = ()) -> About:
    """Read and render what notices, and their groups' other actors, are about. The viewer was just shown the notices,
    and so may see their posts."""
    wanted = list({*(one.from_id for one in notices), *more_actors})
    things = list({one.post_id for one in notices if one.post_id})
    worded = [one for one in notices if one.type in TOLD_BY_WORDS]
    named = list({one.post_id for one in worded if one.post_id})
    accounts, statuses, seen = await _shown(eyes, wanted, things, named)
    numbers = {number for one in notices if (number := _report_of(one))}
    told = await reports.get_many(eyes.db, list(numbers)) if numbers else []
    meant = {number for one in notices if (number := _collection_of(one))}
    rows = await collections.get_many(eyes.db, sorted(meant), eyes.me) if meant else []
    return About(
        actors=await people.get_many(eyes.db, list({one.from_id for one in worded})) if worded else {},
        posts={post.id: post for post in await eyes.node.kept.posts(eyes.db, named, seen.stamps, seen.records)}
        if named
        else {},
        accounts=accounts,
        statuses=statuses,
        reports={int(one.id): one for one in await render_reports(eyes, told)},
        collections={int(one.id): one for one in await render_collections(eyes, rows)},
    )


async def _shown(
    eyes: Eyes, wanted: Sequence[int], things: Sequence[int], named: Sequence[int]
) -> tuple[Mapping[int, msgspec.Raw], Mapping[int, Status | msgspec.Raw], Looks]:
    """Accounts and statuses by id, in this order, and what was seen of those that had to be looked at: `named` always
    are."""
    accounts, statuses = sure_accounts(eyes, wanted), dict[int, Status | msgspec.Raw](sure_statuses(eyes, things))
    people = [one for one in wanted if one not in accounts]
    posts = [one for one in things if one not in statuses or one in named]
    if not people and not posts:
        return accounts, statuses, looks.NOTHING
    seen = await looked(eyes, posts, people)
    if seen.filters and statuses:  # the viewer made one just now
        return await _shown(msgspec.structs.replace(eyes, moment=None), wanted, things, named)
    accounts |= await written_accounts(eyes, people, seen)
    statuses |= await _statuses(eyes, posts, seen)
    return _in_order(accounts, wanted), _in_order(statuses, things), seen


def _in_order(found: Mapping[int, _T], ids: Sequence[int]) -> dict[int, _T]:
    return {one: found[one] for one in ids if one in found}


async def _statuses(eyes: Eyes, ids: Sequence[int], seen: Looks) -> Mapping[int, Status | msgspec.Raw]:
    if not seen.filters:
        return await written_statuses(eyes, ids, seen)
    shown = await eyes.node.kept.posts(eyes.db, ids, seen.stamps, seen.records)
    rendered = await render_statuses(eyes, shown, context="notifications", seen=seen)
    return {post.id: status for post, status in zip(shown, rendered, strict=True)}


async def render_notifications(eyes: Eyes, notices: Sequence[Notice]) -> list[Notification]:
    """One per notice, in their order, less those whose actor or post has gone meanwhile."""
    about = await gather(eyes, notices) if notices else NOTHING
    return [_notification(eyes, about, one) for one in notices if _is_there(about, one)]


async def render_groups(
    eyes: Eyes, groups: Sequence[Group], newest: Mapping[int, Notice], *, partly: bool
) -> GroupedNotifications:
    """Groups with their newest notices, by id. `partly`: of accounts that are only one of many, just the picture."""
    shown = [group for group in groups if group.newest in newest]
    everyone = {actor for group in shown for actor in group.from_ids[:NOTICES_SHOWN]}
    about = await gather(eyes, [newest[group.newest] for group in shown], everyone) if shown else NOTHING
    shown = [group for group in shown if _is_there(about, newest[group.newest])]
    foremost = {newest[group.newest].from_id for group in shown} if partly else everyone
    return GroupedNotifications(
        accounts=[account for actor, account in about.accounts.items() if actor in foremost or not partly],
        partial_accounts=[_partly(one) for actor, one in about.accounts.items() if actor not in foremost]
        if partly
        else msgspec.UNSET,
        statuses=list(about.statuses.values()),
        notification_groups=[_group(eyes, about, group, newest[group.newest]) for group in shown],
    )


def _notification(eyes: Eyes, about: About, notice: Notice) -> Notification:
    return Notification(
        id=str(notice.id),
        type=notice.type,
        created_at=moment(notice.created_at),
        group_key=notice.group_key,
        account=about.accounts[notice.from_id],
        status=about.statuses[notice.post_id] if notice.post_id else msgspec.UNSET,
        report=about.reports.get(_report_of(notice), msgspec.UNSET),
        collection=about.collections.get(_collection_of(notice), msgspec.UNSET),
        filtered=True if notice.filtered else msgspec.UNSET,
        fallback=_fallback(eyes, about, notice),
    )


def _group(eyes: Eyes, about: About, group: Group, notice: Notice) -> NotificationGroup:
    return NotificationGroup(
        group_key=group.key,
        notifications_count=group.count,
        type=notice.type,
        most_recent_notification_id=group.newest,
        page_min_id=str(group.oldest),
        page_max_id=str(group.newest),
        latest_page_notification_at=moment(notice.created_at),
        sample_account_ids=[str(actor) for actor in group.from_ids[:NOTICES_SHOWN] if actor in about.accounts],
        status_id=str(notice.post_id) if notice.post_id else msgspec.UNSET,
        report=about.reports.get(_report_of(notice), msgspec.UNSET),
        collection=about.collections.get(_collection_of(notice), msgspec.UNSET),
        fallback=_fallback(eyes, about, notice),
    )


def _fallback(eyes: Eyes, about: About, notice: Notice) -> Fallback | msgspec.UnsetType:
    if notice.type not in TOLD_BY_WORDS:
        return msgspec.UNSET
    post = about.posts.get(notice.post_id or 0)
    said = sentence(eyes.language, notice, about.actors[notice.from_id], post, eyes.me or 0)
    return Fallback(title=plain(said), summary=title(post, eyes.language) if post else "")


def _report_of(notice: Notice) -> int:
    """The id of the report that a notice is about; 0 for others."""
    return int(notice.detail.get("report", 0)) if notice.kind == "report" else 0


def _collection_of(notice: Notice) -> int:
    """The id of the collection that a notice is about; 0 for others."""
    return int(notice.detail.get("collection", 0)) if notice.kind in COLLECTIONS else 0


def _is_there(about: About, notice: Notice) -> bool:
    return notice.from_id in about.accounts and (notice.post_id is None or notice.post_id in about.statuses)


def _partly(account: msgspec.Raw) -> PartialAccount:
    return msgspec.json.decode(account, type=PartialAccount)


NOTHING = About(actors={}, posts={}, accounts={}, statuses={}, reports={}, collections={})
