"""The job that makes a member's export: one ZIP with the account as ActivityPub (after FEP-6fcd), tables as Mastodon
writes them, meetings as a calendar, and the member's own files."""

from __future__ import annotations

import asyncio
import csv
import io
import secrets
import zipfile
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
import structlog

from federation.build.actor import document as actor_document
from node.mailing import letters
from node.media.pipeline import workplace
from node.media.storage import storage_of
from node.node import Node
from node.store.calls import matches
from node.store.events import calendar as calendars
from node.store.events import own_calendar
from node.store.members import accounts, kept_lines, leaving, taking_along
from node.store.members.taking_along import Kind
from node.store.notices import mail_choices
from node.store.people import actors
from schemas.limits import CALENDAR_MINE_EVENTS, EXPORT_BYTES, EXPORT_DAYS, JOB_SECONDS
from schemas.records import Account, Actor

FOLDER = "exports/"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (case 84)."""

TABLES: dict[str, tuple[Kind, tuple[str, ...]]] = {
    "following_accounts.csv": ("following", ("Account address", "Show boosts", "Notify on new posts", "Languages")),
    "blocked_accounts.csv": ("blocked", ()),
    "muted_accounts.csv": ("muted", ("Account address", "Hide notifications")),
    "blocked_domains.csv": ("domains", ()),
    "bookmarks.csv": ("bookmarks", ()),
    "lists.csv": ("lists", ()),
    "meetings.csv": (
        "meetings",
        ("address", "name", "begins", "answer", "companions", "note", "answers", "answered"),
    ),
    "answers_to_calls.csv": (
        "calls",
        ("address", "name", "state", "text", "people", "hours", "answered"),
    ),
}
"""Files with their columns; those of Mastodon as Mastodon reads them, some without a first line."""

STEPS = len(TABLES) + 4
"""Parts of an export: the tables, the account, what was said, the calendar, the files."""

_log = structlog.get_logger("node.export")


async def make_export(node: Node, export_id: int) -> None:
    """Make one, keep it under a name that nobody can guess, and write to its owner; it can be fetched for some days."""
    async with node.database.pool.acquire() as db:
        owner = await taking_along.owner_of(db, export_id)
        account = await accounts.find(db, owner) if owner else None
        if account is None:
            return
        actor = await actors.get(db, account.actor_id)
    try:
        async with asyncio.timeout(JOB_SECONDS * 0.9), workplace() as folder:
            file = folder / "export.zip"
            left_out = await _write(node, export_id, account, actor, file)
            await _keep(node, export_id, account, file, left_out)
    except Exception as error:  # whatever it is, its owner sees that it failed and may ask again
        _log.error("export failed", kind=type(error).__name__, exc_info=error)
        async with node.database.pool.acquire() as db:
            await taking_along.fail(db, export_id)


async def _keep(node: Node, export_id: int, account: Account, file: Path, left_out: int) -> None:
    name, storage = f"{FOLDER}{secrets.token_hex(16)}.zip", storage_of(node.settings)
    await storage.put(name, file)
    async with node.database.pool.acquire() as db, db.transaction():
        wanted = await taking_along.finish(db, export_id, name, await _size(file), left_out)
        if wanted:
            facts = {"link": f"{node.urls.base_url}/settings/data", "days": EXPORT_DAYS}
            await letters.put(db, node.urls, account, "export_ready", facts)
    if not wanted:
        await storage.remove([name])
    node.wake()


async def _write(node: Node, export_id: int, account: Account, actor: Actor, file: Path) -> int:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("manifest.yaml", _json(_manifest(node)))
        for name, (kind, columns) in TABLES.items():
            async with node.database.pool.acquire() as db:
                rows = await taking_along.rows_of(db, kind, actor.id)
                await taking_along.proceed(db, export_id)
            await asyncio.to_thread(made.writestr, name, table(columns, rows))
        made.writestr("activitypub/actor.json", _json(actor_document(actor, node.urls)))
        made.writestr("account.json", await _account(node, account, actor))
        await _proceed(node, export_id)
        await _said(node, made, actor)
        await _proceed(node, export_id)
        made.writestr("calendar.ics", await _calendar(node, account, actor))
        await _proceed(node, export_id)
        left_out = await _media(node, made, actor, file)
        await _proceed(node, export_id)
    return left_out


async def _proceed(node: Node, export_id: int) -> None:
    async with node.database.pool.acquire() as db:
        await taking_along.proceed(db, export_id)


def table(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    """A table as CSV. No cell begins a formula (case 84)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([columns] if columns else [])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _manifest(node: Node) -> dict[str, Any]:
    """What is in it, as FEP-6fcd says it; JSON is YAML, too."""
    return {
        "ubc-version": "0.1",
        "meta": {"createdBy": {"client": {"name": "Allmende", "url": node.urls.base_url}},
                 "createdAt": datetime.now(UTC).isoformat()},
        "contents": {
            "manifest.yaml": {"url": "https://w3id.org/fep/6fcd#manifest-file"},
            "activitypub": {
                "url": "https://w3id.org/fep/6fcd#activitypub-export",
                "contents": {
                    "actor.json": {"url": "https://www.w3.org/TR/activitypub/#actor-objects"},
                    "outbox.json": {"url": "https://www.w3.org/TR/activitystreams-core/#collections"},
                    "blocked_accounts.csv": {"url": "https://docs.joinmastodon.org/user/moving/#export"},
                },
            },
            "media": {"url": "https://w3id.org/fep/6fcd#media"},
        },
    }  # fmt: skip


async def _account(node: Node, account: Account, actor: Actor) -> bytes:
    """What the hub keeps about its member beside what others see."""
    async with node.database.pool.acquire() as db:
        roles = await taking_along.rows_of(db, "roles", actor.id)
        told = {
            "address": actor.uri,
            "email": account.email,
            "language": account.language,
            "zone": account.zone,
            "since": account.created_at,
            "leaves": await leaving.day_of(db, account.id),
            "preferences": account.preferences,
            "offices": [{"role": role, "since": since, "until": until} for role, since, until in roles],
            "register": [msgspec.json.decode(one) for (one,) in await taking_along.rows_of(db, "register", actor.id)],
            "looks_for": msgspec.to_builtins(await matches.wishes_of(db, account.id)),
            "looks_for_readers": await kept_lines.shown_of(db, account.id),
            "lines": msgspec.to_builtins(await kept_lines.lines_of(db, actor, actor.id)),
            "letters": await mail_choices.of(db, account.id),
        }
    return _json(told)


async def _said(node: Node, made: zipfile.ZipFile, actor: Actor) -> None:
    """Everything the actor said, as it was said, in one collection that is never whole in memory."""
    head = {"@context": "https://www.w3.org/ns/activitystreams", "id": "outbox.json", "type": "OrderedCollection"}
    with made.open("activitypub/outbox.json", "w", force_zip64=True) as file:
        file.write(_json(head).rstrip()[:-1].rstrip() + b', "orderedItems": [')
        first = True
        async with node.database.pool.acquire() as db:
            async for lot in taking_along.said_by(db, actor.id):
                lines = ",\n".join(lot).encode()
                await asyncio.to_thread(file.write, lines if first else b",\n" + lines)
                first = False
        file.write(b"]}\n")


async def _calendar(node: Node, account: Account, actor: Actor) -> bytes:
    from node.pages.calendar_entries import calendar  # noqa: PLC0415 - icalendar is large, and few ask for calendars

    ever = datetime(1970, 1, 1, tzinfo=UTC)
    async with node.database.pool.acquire() as db:
        found = await own_calendar.list_events(db, actor.id, ever, with_hubs=False, limit=CALENDAR_MINE_EVENTS)
        firsts = await calendars.first_starts(db, [post.id for post in found if post.series])
    made: bytes = calendar(actor.name, node.urls.base_url, found, firsts, account.language).to_ical()
    return made


async def _media(node: Node, made: zipfile.ZipFile, actor: Actor, file: Path) -> int:
    """The files a member brought, and a table of what each shows. How many were too much."""
    async with node.database.pool.acquire() as db:
        rows = await taking_along.rows_of(db, "media", actor.id)
    left_out, kept, storage = 0, [], storage_of(node.settings)
    for path, called, alt, media_type in rows:
        name = f"media/{PurePosixPath(path).parent.name}{PurePosixPath(path).name}"
        there = await storage.find(path)
        if there is None or await _size(file) + there.size > EXPORT_BYTES:
            left_out += 1
            continue
        with made.open(zipfile.ZipInfo(name), "w", force_zip64=True) as entry:
            async for piece in storage.read(path, 0, there.size):
                await asyncio.to_thread(entry.write, piece)
        kept.append((name, called, alt, media_type))
    made.writestr("media.csv", table(("file", "name", "shows", "type"), kept))
    return left_out


async def _size(file: Path) -> int:
    return (await asyncio.to_thread(file.stat)).st_size


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
