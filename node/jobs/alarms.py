"""Looks now and then whether the node needs somebody: back-ups, room on the disk, letters. What is found stands on the
page of today, and those who look after the settings get one letter about it."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime
from typing import Any

from node.mailing import letters
from node.node import Node
from node.store.db import Db
from node.store.hub import hub_settings
from node.store.members import accounts
from node.store.upkeep import alarms, back_ups, room
from schemas.limits import ALARM_CACHE_DAYS, ALARM_CACHE_SHARE, BACK_UP_OLD_DAYS, DISK_WARN_BYTES

RIGHT = "manage_hub"
"""Who has it is told."""

Found = dict[str, dict[str, Any]]


async def watch_node(node: Node) -> None:
    """The job: look at everything, keep what is wrong, write to those who were not told yet."""
    free = (await asyncio.to_thread(shutil.disk_usage, node.settings.data)).free
    async with node.database.pool.acquire() as db, db.transaction():
        found = await _back_ups(db) | await _letters(db) | await _copies(db, node.settings.media_cache_bytes)
        if free < DISK_WARN_BYTES:
            found["disk_low"] = {"free_gb": round(free / 1e9, 1)}
        await alarms.put(db, found)
        new = await alarms.take_untold(db)
        if new:
            await _tell(node, db, new)
    if new:
        node.wake()


async def _tell(node: Node, db: Db, new: list[alarms.Alarm]) -> None:
    told = [{"kind": one.kind, "detail": one.detail} for one in new]
    for account_id in await alarms.who_is_told(db, RIGHT):
        account = await accounts.find(db, account_id)
        if account is not None:
            await letters.put(db, node.urls, account, "alarm", {"alarms": told})


async def _back_ups(db: Db) -> Found:
    """A hub that is younger than a back-up may be old needs none yet."""
    found: Found = {}
    newest, last = await back_ups.newest_whole(db), next(iter(await back_ups.list_newest(db, 1)), None)
    since = newest.made_at if newest else await back_ups.expected_since(db)
    if since is not None and (age := datetime.now(UTC) - since).days >= BACK_UP_OLD_DAYS:
        found["back_up_old"] = {"days": age.days if newest else None}
    if last is not None and last.error:
        found["back_up_failed"] = {}
    elif newest is not None and newest.test_error:
        found["back_up_unusable"] = {}
    return found


async def _letters(db: Db) -> Found:
    refused, waiting = await alarms.letters_in_trouble(db)
    found: Found = {}
    if refused:
        found["mails_refused"] = {"number": refused}
    if waiting:
        found["mail_away"] = {"number": waiting}
    return found


async def _copies(db: Db, most: int) -> Found:
    """Room for copies that is full is as it should be; that they go before anybody looks again is not."""
    _, taken = await room.of_media(db)
    if taken < ALARM_CACHE_SHARE * (await hub_settings.retention(db)).cache_bytes(most):
        return {}
    days = await alarms.copies_last(db)
    return {} if days is None or days >= ALARM_CACHE_DAYS else {"cache_small": {"days": days}}
