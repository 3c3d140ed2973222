"""What stewards hear of the node itself: the doctor on request, alarms by letter and on the page of today, and the log
without persons."""

from __future__ import annotations

import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
import structlog

from node.jobs import alarms as alarm_jobs
from node.jobs.check_up import check_up
from node.observability import journal
from node.observability.logs import OurLogger
from node.store.notices import mails
from node.store.notices.mails import MailDraft
from node.store.upkeep import alarms, check_ups
from node.store.upkeep import journal as kept
from schemas.limits import JOURNAL_DAYS, JOURNAL_LINES
from tests.node.pages.conftest import Browser, Hub

Usage = namedtuple("Usage", ("total", "used", "free"))


async def test_the_doctor_is_called_by_a_button_and_tells_as_it_goes(hub: Hub, ana: Browser) -> None:
    page = await ana.post("/admin/doctor", {})
    assert 'http-equiv="refresh"' in page.text and "somebody works in the node" in page.words
    asked = await hub.db.fetchrow("SELECT kind, arguments FROM jobs WHERE kind = 'check_up'")
    assert asked
    number = asked["arguments"]["number"]
    await check_ups.begin(hub.db, number)
    await check_ups.add(hub.db, number, {"subject": "Disk", "remarks": [{"level": "ok", "says": "Room.", "do": ""}]})
    assert "It goes on" in (await ana.get("/admin/doctor")).words
    await check_up(hub.node, number)
    done = await ana.get("/admin/doctor")
    assert "http-equiv" not in done.text and "The database is PostgreSQL" in done.words
    assert "is an address for this machine only" in done.words and "Reached from outside" in done.words
    found = await check_ups.newest(hub.db)
    assert found and [one["subject"] for one in found.sections][:4] == ["Address", "Disk", "Mail", "Database"]


async def test_a_check_up_that_got_lost_does_not_wait_for_ever(hub: Hub, ana: Browser) -> None:
    await ana.post("/admin/doctor", {})
    await hub.db.execute("UPDATE check_ups SET asked_at = now() - interval '1 day'")
    page = await ana.get("/admin/doctor")
    assert "did not come to an end" in page.words and "http-equiv" not in page.text


async def test_stewards_are_written_to_once_when_back_ups_disk_or_letters_need_them(
    hub: Hub, ana: Browser, mo: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await alarm_jobs.watch_node(hub.node)
    assert await alarms.list_all(hub.db) == []
    await hub.db.execute("UPDATE hub SET set_up_at = now() - interval '9 days'")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10, 9, 1_500_000_000))
    refused = await mails.put(hub.db, MailDraft(kind="digest", to="x@y.example", language="en", facts={}))
    await mails.refuse(hub.db, refused, "550 no")
    for _ in range(2):
        await alarm_jobs.watch_node(hub.node)
    assert {one.kind for one in await alarms.list_all(hub.db)} == {"back_up_old", "disk_low", "mails_refused"}
    told = await hub.db.fetch("SELECT recipient, facts FROM mails WHERE kind = 'alarm'")
    assert [one["recipient"] for one in told] == ["ana@hub.example"], "once, and only who looks after the settings"
    today = (await ana.get("/admin")).words
    for words in ("No whole back-up was ever made.", "Only 1.5 GB are free", "1 letter was refused in the last days."):
        assert words in today
    assert "back-up" not in (await mo.get("/admin")).words
    letter = (await ana.get("/admin/mail?q=alarm")).text.partition("/admin/mail/")[2].partition('"')[0]
    assert "Only 1.5 GB are free" in (await ana.get(f"/admin/mail/{letter}")).words
    monkeypatch.undo()
    await hub.db.execute("INSERT INTO back_ups (file, bytes) VALUES ('a.tar', 1)")
    await hub.db.execute("DELETE FROM mails WHERE id = $1", refused)
    await alarm_jobs.watch_node(hub.node)
    assert await alarms.list_all(hub.db) == []


async def test_the_log_of_the_node_names_kinds_and_no_persons(hub: Hub, ana: Browser) -> None:
    logger, step = OurLogger("node.mailing"), journal.kept
    secret = {"reason": "ida@home.example", "uri": "https://peer.example/ida", "exception": "Traceback ida"}
    step(logger, "error", {"level": "error", "event": "letter cannot be written", "kind": "ValueError", **secret})
    step(structlog.get_logger(), "warning", {"level": "warning", "event": "from ida@home.example"})
    step(logger, "info", {"level": "info", "event": "request", "path": "/@ida"})
    page = await ana.get("/admin/journal?level=error")
    assert "letter cannot be written" in page.words and "kind ValueError" in page.words
    assert "ida" not in page.words and "home.example" not in (await ana.get("/admin/journal?format=csv")).text
    assert "request" not in (await ana.get("/admin/journal")).words
    assert await hub.db.fetchval("SELECT count(*) FROM journal") == 2
    await hub.db.execute("UPDATE journal SET at = now() - interval '30 days' WHERE level = 'error'")
    await kept.forget(hub.db, timedelta(days=JOURNAL_DAYS), JOURNAL_LINES)
    assert await hub.db.fetchval("SELECT level FROM journal") == "warning"
