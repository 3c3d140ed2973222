"""What must be done now and then, by one process of the hub at a time: give up, forget, lift what has run out."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from node.actions import circle, decisions, hubs, leave, offices
from node.actions import domain_lists as domain_lists_deeds
from node.actions.announce import tell_due
from node.actions.moderate import end_expired
from node.jobs.back_ups import ask_due
from node.jobs.measures import purge_due
from node.node import Node
from node.store import changes, happenings, locks
from node.store.access import (
    apps,
    attempts,
    authorization_codes,
    devices,
    mail_keys,
    pending_sign_ins,
    sessions,
    tokens,
)
from node.store.db import Db, is_away
from node.store.events import attendees, rsvp_requests
from node.store.hub import hub_settings
from node.store.members import applications, imports, taking_along
from node.store.moderation import cases, domain_lists
from node.store.notices import mails
from node.store.people import mutes
from node.store.queues import arrivals, deliveries, jobs, leases
from node.store.servers import gone, held, tallies, traces
from node.store.upkeep import journal
from schemas.limits import (
    ALARM_SECONDS,
    APP_UNUSED_SECONDS,
    ARRIVALS_KEPT_SECONDS,
    CALLS_TEND_SECONDS,
    CASE_VISITOR_DAYS,
    CHANGES_KEPT_SECONDS,
    CHORES_ROWS,
    CHORES_SECONDS,
    DEAD_KEPT_SECONDS,
    DELIVERY_HORIZON_SECONDS,
    DIGEST_LOOK_SECONDS,
    EXPORT_DAYS,
    GONE_KEPT_SECONDS,
    HAPPENINGS_KEPT_SECONDS,
    HELD_DAYS,
    IMPORT_KEPT_DAYS,
    JOURNAL_DAYS,
    JOURNAL_LINES,
    LINKS_ROUND_SECONDS,
    LIST_HOURS,
    MAIL_KEPT_SECONDS,
    MEDIA_SWEEP_SECONDS,
    MEDIA_TRIM_SECONDS,
    NOTICE_MAIL_LOOK_SECONDS,
    REMINDER_SECONDS,
    RSVP_ERASED_WEEKS,
    RSVP_REQUEST_SECONDS,
    SERIES_TELL_SECONDS,
    SESSION_DAYS_MOST,
    TALLIES_KEPT_SECONDS,
    TOKEN_KEPT_SECONDS,
    TRACES_KEPT_DAYS,
    TRACES_MOST,
    TRIM_ROWS,
)

REGULAR = {
    "mail_notices": NOTICE_MAIL_LOOK_SECONDS,
    "send_digests": DIGEST_LOOK_SECONDS,
    "ask_for_looks": LINKS_ROUND_SECONDS,
    "remind_attendees": REMINDER_SECONDS,
    "sweep_media": MEDIA_SWEEP_SECONDS,
    "tell_dates": SERIES_TELL_SECONDS,
    "tend_calls": CALLS_TEND_SECONDS,
    "trim_media": MEDIA_TRIM_SECONDS,
    "watch_node": ALARM_SECONDS,
}
"""Jobs that are asked for again and again, and how many seconds apart."""

_log = structlog.get_logger("node.chores")


async def run_chores(node: Node) -> None:
    """For the life of the process; the first round at once, and the regular jobs a while later."""
    clock = asyncio.get_running_loop().time
    due = dict.fromkeys(REGULAR, clock() + CHORES_SECONDS)
    while True:
        try:
            async with node.database.pool.acquire() as db, db.transaction():
                if await locks.only_one(db, "chores"):
                    await do_chores(db, forget=not node.troubles.has("clock"))
                    for kind, seconds in REGULAR.items():
                        if clock() >= due[kind]:
                            await jobs.add(db, kind, {}, once=kind)
                            due[kind] = clock() + seconds
        except Exception as error:
            if not is_away(error):
                _log.error("chores failed", kind=type(error).__name__, exc_info=error)
        await asyncio.sleep(CHORES_SECONDS)


async def do_chores(db: Db, *, forget: bool = True) -> None:
    """One round, inside a transaction. Without `forget` nothing is given up or thrown away because of its age: the
    clock may be wrong."""
    await leases.free_dead(db)
    await tell_due(db)
    await ask_due(db)
    await decisions.close_due(db)
    await offices.look_after(db)
    await hubs.ask_due(db)
    await domain_lists_deeds.ask_due(db, await domain_lists.take_due(db, timedelta(hours=LIST_HOURS)))
    if forget:
        await end_expired(db)
        await purge_due(db)
        await leave.ask_due(db)
        await _forget_work(db)
        await _forget_as_agreed(db)
        await _forget_people(db)
        await _forget_sign_ins(db)


async def _forget_work(db: Db) -> None:
    await deliveries.give_up_old(db, timedelta(seconds=DELIVERY_HORIZON_SECONDS))
    await deliveries.forget_dead(db, timedelta(seconds=DEAD_KEPT_SECONDS))
    await jobs.forget_dead(db, timedelta(seconds=DEAD_KEPT_SECONDS))
    await arrivals.forget_done(db, timedelta(seconds=ARRIVALS_KEPT_SECONDS), CHORES_ROWS)
    await gone.forget(db, timedelta(seconds=GONE_KEPT_SECONDS))
    await changes.forget(db, timedelta(seconds=CHANGES_KEPT_SECONDS))
    await happenings.forget(db, timedelta(seconds=HAPPENINGS_KEPT_SECONDS))
    await tallies.forget(db, timedelta(seconds=TALLIES_KEPT_SECONDS))
    await journal.forget(db, timedelta(days=JOURNAL_DAYS), JOURNAL_LINES)


async def _forget_people(db: Db) -> None:
    """What is kept only for a while about members, attendees, other servers and those who report."""
    await taking_along.drop_old(db, timedelta(days=EXPORT_DAYS))
    await imports.drop_old(db, timedelta(days=IMPORT_KEPT_DAYS))
    await mutes.delete_ended(db, CHORES_ROWS)
    await rsvp_requests.forget(db, timedelta(seconds=RSVP_REQUEST_SECONDS))
    await attendees.erase(db, timedelta(weeks=RSVP_ERASED_WEEKS), CHORES_ROWS)
    await circle.expire(db)
    await held.forget(db, timedelta(days=HELD_DAYS))
    await cases.forget_visitors(db, timedelta(days=CASE_VISITOR_DAYS))


async def _forget_as_agreed(db: Db) -> None:
    """What stewards said how long it is kept; the node's own terms are the longest."""
    kept = await hub_settings.retention(db)
    letters = timedelta(days=kept.letter_days) if kept.letter_days else timedelta(seconds=MAIL_KEPT_SECONDS)
    await mails.forget_done(db, letters, CHORES_ROWS)
    await traces.forget(db, timedelta(days=kept.trace_days or TRACES_KEPT_DAYS), TRACES_MOST)
    if kept.remote_days:
        await hub_settings.forget_remote(db, timedelta(days=kept.remote_days), TRIM_ROWS)


async def _forget_sign_ins(db: Db) -> None:
    await apps.forget_unused(db, timedelta(seconds=APP_UNUSED_SECONDS), CHORES_ROWS)
    await authorization_codes.forget(db)
    await tokens.forget_ended(db, timedelta(seconds=TOKEN_KEPT_SECONDS), CHORES_ROWS)
    await attempts.forget_past(db)
    await pending_sign_ins.forget(db)
    await mail_keys.forget(db)
    await applications.forget(db)
    await devices.forget(db, timedelta(days=SESSION_DAYS_MOST))
    await sessions.delete_expired(db)
