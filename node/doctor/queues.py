"""What waits, what was given up, and which servers are left alone for a while."""

from __future__ import annotations

from collections.abc import Mapping

from node.doctor.remark import Remark, note, ok, wrong
from node.logs import escape
from node.store import condition, mails, queues
from node.store.condition import Failing, Stuck
from node.store.db import Db
from node.store.queues import Depths
from schemas.limits import DOCTOR_HOSTS, QUEUE_WARN_SECONDS


async def check_queues(db: Db) -> list[Remark]:
    """Look at the queues."""
    depths, found = await queues.depths(db), await condition.stuck(db)
    failing = await condition.list_failing(db, DOCTOR_HOSTS)
    return [*judge_waiting(depths, found), *judge_letters(await mails.counts(db)), *judge_failing(depths, failing)]


def judge_waiting(depths: Depths, found: Stuck) -> list[Remark]:
    """Whether somebody works off what is due, and what was given up."""
    remarks = []
    longest = max(found.arrivals, found.deliveries, found.jobs)
    waits = f"{depths.arrivals} activities, {depths.deliveries} deliveries and {depths.jobs} jobs wait"
    if longest > QUEUE_WARN_SECONDS:
        remarks.append(
            wrong(
                f"{waits}, the oldest {longest / 60:.0f} minutes after its turn: nobody works them off.",
                "Start the node with `allmende serve`, or beside `serve --only web` also `serve --only worker`.",
            )
        )
    else:
        remarks.append(ok(f"{waits}; none is overdue."))
    if found.dead_deliveries or found.dead_jobs:
        given_up = f"{found.dead_deliveries} deliveries and {found.dead_jobs} jobs were given up in the last month"
        remarks.append(note(f"{given_up}, which happens where other servers disappear.", "/admin/queue tells why."))
    return remarks


def judge_letters(counts: Mapping[str, int]) -> list[Remark]:
    """Letters that the mail server does not want."""
    refused = counts.get("refused", 0)
    return [note(f"{refused} letters were refused by the mail server.", "/admin/mail tells why.")] if refused else []


def judge_failing(depths: Depths, failing: list[Failing]) -> list[Remark]:
    """Which servers are left alone, and why."""
    if not failing:
        return []
    named = ", ".join(f"{one.host} ({escape(one.last_error or 'no answer')})" for one in failing)
    more = f" and {depths.open_hosts - len(failing)} more" if depths.open_hosts > len(failing) else ""
    return [note(f"Servers that do not answer are left alone for a while: {named}{more}.")]
