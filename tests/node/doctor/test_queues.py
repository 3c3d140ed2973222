"""What waits, what was given up, who is left alone."""

from __future__ import annotations

from datetime import timedelta

from node.doctor.queues import check_queues
from node.store.db import Db
from node.store.hub import hub
from node.store.notices import mails
from node.store.notices.mails import MailDraft
from node.store.queues import arrivals, jobs
from node.store.queues.arrivals import NewArrival
from node.store.servers import hosts
from schemas.limits import QUEUE_WARN_SECONDS

WORKER = 7
LATE = timedelta(seconds=QUEUE_WARN_SECONDS + 60)


async def test_empty_queues_are_fine(db: Db) -> None:
    assert [remark.level for remark in await check_queues(db)] == ["ok"]


async def test_work_for_later_is_fine(db: Db) -> None:
    await jobs.add(db, "recheck", {}, delay=10_000)
    remarks = await check_queues(db)
    assert [remark.level for remark in remarks] == ["ok"]
    assert "1 jobs; none is overdue" in remarks[0].says


async def test_work_that_nobody_does_is_wrong(db: Db) -> None:
    new = NewArrival(
        uri="https://a.example/1", type="Like", actor_uri="https://a.example/a", host="a.example", body="{}"
    )
    await arrivals.insert_many(db, [new])
    assert [remark.level for remark in await check_queues(db)] == ["ok"]
    await db.execute("UPDATE arrivals SET next_at = now() - $1::interval", LATE)
    remarks = await check_queues(db)
    assert [remark.level for remark in remarks] == ["wrong"]
    assert "nobody works them off" in remarks[0].says
    async with db.transaction():
        await arrivals.lease(db, WORKER, 1, 1)
    assert [remark.level for remark in await check_queues(db)] == ["ok"]


async def test_what_was_given_up_is_noted(db: Db) -> None:
    await jobs.add(db, "recheck", {})
    await jobs.put_off(db, (await jobs.lease(db, WORKER, 1, 1))[0].id, None, "gone")
    remarks = await check_queues(db)
    assert [remark.level for remark in remarks] == ["ok", "note"]
    assert "0 deliveries, 1 jobs" in remarks[1].says


async def test_servers_left_alone_are_named_with_the_reason(db: Db) -> None:
    for number in range(7):
        host = f"dead{number}.example"
        await hosts.lock_breaker(db, host)
        await hosts.keep_breaker(db, host, {"failures": 10}, 600.0 - number)
        await hosts.note_error(db, host, "connect\x1b[2J")
    remarks = await check_queues(db)
    assert [remark.level for remark in remarks] == ["ok", "note"]
    assert "dead0.example (connect\\x1b[2J), dead1.example" in remarks[1].says
    assert remarks[1].says.endswith("and 2 more.")


async def test_letters_that_were_refused_are_said(db: Db) -> None:
    await hub.prepare(db, "http://localhost:8080")
    letter = await mails.put(db, MailDraft(kind="notices", to="a@b.example", language="en", facts={}))
    assert [remark.level for remark in await check_queues(db)] == ["ok"]
    await mails.refuse(db, letter, "550 nobody")
    assert [remark.level for remark in await check_queues(db)] == ["ok", "note"]
