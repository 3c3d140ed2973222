"""The weekly letter: the next meetings, what was learnt, which calls are open, and what waits for its reader. One who
was away for weeks gets one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from node.fitting import because
from node.mailing import letters
from node.node import Node
from node.store.calls import matches
from node.store.db import Db
from node.store.hub import areas
from node.store.members import accounts
from node.store.notices import digests, mail_choices, notices, notifications
from node.store.notices.digests import Turn
from node.store.people import people
from node.store.posts import posts
from node.wording import moments, showing, telling
from schemas.limits import (
    DIGEST_AHEAD_SECONDS,
    DIGEST_CALLS_SECONDS,
    DIGEST_HOUR,
    DIGEST_ITEMS,
    DIGEST_WEEKDAY,
    DIGESTS_AT_ONCE,
)
from schemas.records import Account, Post


def next_moment(weekday: int, hour: int, zone: str, after: datetime) -> datetime:
    """The first such hour (1 is Monday) of the clocks of a zone that comes after that moment. A clock change in between
    is heeded; an hour that does not exist is the one after it."""
    local = after.astimezone(moments.known_zone(zone))
    day = local.date() + timedelta(days=(weekday - local.isoweekday()) % 7)
    found = datetime.combine(day, time(hour), moments.known_zone(zone))
    if found <= after:
        found = datetime.combine(day + timedelta(days=7), time(hour), moments.known_zone(zone))
    return found.astimezone(UTC)


async def send_digests(node: Node) -> None:
    """The job: write every letter that is due; each commits by itself with the note that it was written."""
    async with node.database.pool.acquire() as db:
        for account_id, zone in await digests.newcomers(db, DIGESTS_AT_ONCE):
            first = next_moment(DIGEST_WEEKDAY, DIGEST_HOUR, zone, datetime.now(UTC))
            await mail_choices.set_digest(db, account_id, DIGEST_WEEKDAY, DIGEST_HOUR, first)
        for _ in range(DIGESTS_AT_ONCE):
            async with db.transaction():
                turn = await digests.take_turn(db)
                if turn is None:
                    break
                await _write(node, db, turn)
    node.wake()


async def _write(node: Node, db: Db, turn: Turn) -> None:
    account = await accounts.find(db, turn.account_id)
    if account is not None and await digests.wanted(db, turn.account_id):
        facts = await gather(node, db, account, turn)
        if any(facts[kind] for kind in ("meetings", "findings", "fitting", "calls", "waiting")):
            await letters.put(db, node.urls, account, "digest", facts, switch="digest")
    await digests.end_turn(db, turn.account_id, next_moment(turn.weekday, turn.hour, turn.zone, datetime.now(UTC)))


async def gather(node: Node, db: Db, account: Account, turn: Turn) -> dict[str, Any]:
    """What there is to tell, in the reader's words."""
    now = datetime.now(UTC)
    ahead, lately = timedelta(seconds=DIGEST_AHEAD_SECONDS), now - timedelta(seconds=DIGEST_CALLS_SECONDS)
    reader = turn.actor_id
    meetings = await digests.coming(db, reader, ahead, DIGEST_ITEMS)
    findings = await digests.published(db, reader, "finding", turn.since, DIGEST_ITEMS)
    calls = await digests.published(db, reader, "call", lately, DIGEST_ITEMS)
    fitting = await _fitting(node, db, account, turn.since)
    told = {one["link"] for one in fitting}
    unseen = await notifications.count_unseen(db, account.id)
    return {
        "meetings": _listed(node, account, meetings),
        "findings": _listed(node, account, findings),
        "fitting": fitting,
        "calls": [one for one in _listed(node, account, calls) if one["link"] not in told],
        "waiting": await _waiting(db, account) if unseen else [],
        "unseen": unseen,
        "desk": f"{node.urls.base_url}/desk",
        "all": f"{node.urls.base_url}/notifications",
    }


def _listed(node: Node, account: Account, things: Sequence[Post]) -> list[dict[str, str]]:
    return [
        {
            "title": showing.title(one, account.language),
            "when": moments.of_event(account.language, one.event, account.zone).words if one.event else "",
            "line": "" if one.event else showing.excerpt(one, account.language),
            "because": "",
            "by": showing.name(one.actor, account.language),
            "link": node.urls.base_url + showing.page_path(one),
        }
        for one in things
    ]


async def _fitting(node: Node, db: Db, account: Account, since: datetime) -> list[dict[str, str]]:
    """The open calls found since the last letter to fit the reader, each with why: nobody else hears of them."""
    found = await matches.matches_since(db, account.id, since, DIGEST_ITEMS)
    labels = {one.name: one.label(account.language) for one in await areas.list_all(db)} if found else {}
    told = _listed(node, account, [one.call for one in found])
    return [
        shown | {"because": because(one.reasons, account.language, labels)}
        for shown, one in zip(told, found, strict=True)
    ]


async def _waiting(db: Db, account: Account) -> list[str]:
    """The latest notices that were not seen, as sentences."""
    latest = await notifications.list_of(db, account.id, before=None, limit=DIGEST_ITEMS)
    told = await notices.get_many(db, [one.id for one in latest if one.seen_at is None and not one.filtered])
    tellers = await people.get_many(db, [one.from_id for one in told])
    things = await posts.get_many(db, [one.post_id for one in told if one.post_id], account.actor_id)
    return [
        telling.sentence(
            account.language, one, tellers.get(one.from_id), things.get(one.post_id or 0), account.actor_id
        )
        for one in reversed(told)
    ]
