"""What waits, what was given up, and which servers are left alone for a while."""

from __future__ import annotations

from collections.abc import Mapping

from node.doctor.remark import Remark, note, ok, wrong
from node.observability.logs import escape
from node.store.db import Db
from node.store.notices import mails
from node.store.queues import queues
from node.store.queues.queues import Depths
from node.store.upkeep import condition
from node.store.upkeep.condition import Failing, Stuck
from schemas.limits import DOCTOR_HOSTS, QUEUE_WARN_SECONDS
from schemas.reasons import msgid


async def check_queues(db: Db) -> list[Remark]:
    """Look at the queues."""
    depths, found = await queues.depths(db), await condition.stuck(db)
    failing = await condition.list_failing(db, DOCTOR_HOSTS)
    return [*judge_waiting(depths, found), *judge_letters(await mails.counts(db)), *judge_failing(depths, failing)]


def judge_waiting(depths: Depths, found: Stuck) -> list[Remark]:
    """Whether somebody works off what is due, and what was given up."""
    remarks = []
    longest = max(found.arrivals, found.deliveries, found.jobs)
    waits: dict[str, str | int] = {
        "arrivals": depths.arrivals,
        "deliveries": depths.deliveries,
        "jobs": depths.jobs,
    }
    if longest > QUEUE_WARN_SECONDS:
        remarks.append(
            wrong(
                msgid(
                    "Waiting: {arrivals} activities, {deliveries} deliveries, {jobs} jobs, the oldest {minutes} "
                    "minutes after its turn: nobody works them off."
                ),
                msgid("Start the node with `allmende serve`, or beside `serve --only web` also `serve --only worker`."),
                minutes=round(longest / 60),
                **waits,
            )
        )
    else:
        says = msgid("Waiting: {arrivals} activities, {deliveries} deliveries, {jobs} jobs; none is overdue.")
        remarks.append(ok(says, **waits))
    if found.dead_deliveries or found.dead_jobs:
        says = msgid(
            "Given up in the last month: {deliveries} deliveries, {jobs} jobs. "
            "That happens where other servers disappear."
        )
        do = msgid("{path} tells why.")
        remarks.append(note(says, do, deliveries=found.dead_deliveries, jobs=found.dead_jobs, path="/admin/queue"))
    return remarks


def judge_letters(counts: Mapping[str, int]) -> list[Remark]:
    """Letters that the mail server does not want."""
    refused = counts.get("refused", 0)
    says = msgid("Letters that the mail server refused: {number}.")
    return [note(says, msgid("{path} tells why."), number=refused, path="/admin/mail")] if refused else []


def judge_failing(depths: Depths, failing: list[Failing]) -> list[Remark]:
    """Which servers are left alone, and why."""
    if not failing:
        return []
    named = ", ".join(f"{one.host} ({escape(one.last_error or 'no answer')})" for one in failing)
    if depths.open_hosts > len(failing):
        says = msgid("Servers that do not answer are left alone for a while: {hosts} and {number} more.")
        return [note(says, hosts=named, number=depths.open_hosts - len(failing))]
    return [note(msgid("Servers that do not answer are left alone for a while: {hosts}."), hosts=named)]
