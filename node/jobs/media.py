"""What is done to media when nobody waits: process films, fetch what other servers show, remove what nobody needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from federation.media_fetch import fetch_media as download
from federation.outcomes import FetchFailed, FetchRefused
from node.media.copies import copies_for
from node.media.pipeline import look_at, process, sweep_workplaces, workplace
from node.media.refusals import BROKEN, NOT_THERE, MediaRefused
from node.media.storage import INCOMING, NAME, UNFINISHED, Kept, incoming_name, storage_of, with_copies
from node.media.task import SOURCE
from node.node import Node
from node.remote import may_fetch
from node.store.db import Db
from node.store.files import media, remote_media
from node.store.hub import hub_settings
from node.store.moderation import withheld
from node.store.queues import jobs
from schemas.limits import (
    MEDIA_EVICTED,
    MEDIA_UNUSED_SECONDS,
    MEDIA_UPLOAD_SECONDS,
    MEDIA_WAIT_SECONDS,
    SIDE_BANNER,
    SIDE_ICON,
    SIDE_IMAGE,
)
from schemas.records import Medium

SIDES = {"post": SIDE_IMAGE, "banner": SIDE_BANNER, "icon": SIDE_ICON}
_log = structlog.get_logger("node.media")


async def process_media(node: Node, medium_id: int) -> None:
    """Make an uploaded sound or film ready; if it cannot be done it is marked as failed, with the reason."""
    async with node.database.pool.acquire() as db:
        medium = await media.find(db, medium_id)
    if medium is None or medium.state != "waiting" or await _put_off(node, medium, "process_media"):
        return
    storage = storage_of(node.settings)
    async with workplace() as folder:
        try:
            await storage.fetch(incoming_name(medium_id), folder / SOURCE)
            found = await look_at(folder / SOURCE, medium.file_name)
            made = await process(node.workshop, storage, folder, found)
        except FileNotFoundError:
            await _fail(node, medium, BROKEN)
        except MediaRefused as refused:
            await _fail(node, medium, str(refused))
        else:
            await _finish(node, medium, made)
    await storage.remove([incoming_name(medium_id)])


async def fetch_media(node: Node, medium_id: int) -> None:
    """Fetch a file that another server shows, through the guarded client and the same pipeline as an upload.

    Raises FetchFailed where later may do better. What is refused for good is marked as failed.
    """
    async with node.database.pool.acquire() as db:
        medium = await media.find(db, medium_id)
        side = SIDES[await media.use_of(db, medium_id)]
    if medium is None or medium.remote_url is None or not _is_missing(medium):
        return
    if not may_fetch(node, medium.remote_url) or await _put_off(node, medium, "fetch_media"):
        return
    async with workplace() as folder:
        try:
            made = await _download(node, medium, medium.remote_url, folder, side)
        except FetchFailed as error:
            if error.temporary:
                raise
            await _fail(node, medium, NOT_THERE)
        except (FetchRefused, MediaRefused) as refused:
            await _fail(node, medium, str(refused))
        else:
            await _finish(node, medium, made)


async def remove_files(node: Node, names: Sequence[str]) -> None:
    """Remove files whose media were deleted."""
    await storage_of(node.settings).remove(with_copies(names))


async def sweep_media(node: Node) -> None:
    """Remove uploads that were attached to nothing, copies that nobody looked at, and files that no medium has."""
    age, unused = timedelta(seconds=MEDIA_UPLOAD_SECONDS), timedelta(seconds=MEDIA_UNUSED_SECONDS)
    await _remove_lots(node, lambda db: media.delete_unused(db, age, MEDIA_EVICTED))
    await _remove_lots(node, lambda db: media.evict(db, unused, MEDIA_EVICTED))
    await sweep_workplaces(age)
    async for kept in storage_of(node.settings).list_all():
        await _remove_unknown(node, [one for one in kept if one.modified < datetime.now(UTC) - age])


async def mark_media(node: Node, domain: str) -> None:
    """Hold to what measures say of a domain's media: the files of what is refused go; when that is over, pictures are
    shown again, and those that were not taken meanwhile are fetched."""
    await _remove_lots(node, lambda db: withheld.mark(db, domain, MEDIA_EVICTED))
    after = 0
    while True:
        async with node.database.pool.acquire() as db, db.transaction():
            people = await withheld.list_bare(db, domain, after, MEDIA_EVICTED)
            for one in people:
                await remote_media.adopt_pictures(db, one)
        node.wake()
        if len(people) < MEDIA_EVICTED:
            return
        after = people[-1].id


async def trim_media(node: Node) -> None:
    """Keep the copies of other servers' files within the room they may take."""
    async with node.database.pool.acquire() as db:
        room = (await hub_settings.retention(db)).cache_bytes(node.settings.media_cache_bytes)
    await _remove_lots(node, lambda db: media.evict_beyond(db, room, MEDIA_EVICTED))


async def _download(node: Node, medium: Medium, url: str, folder: Path, side: int) -> media.Processed:
    if node.urls.ours(url):
        raise MediaRefused(NOT_THERE)
    await download(node.client, url, folder / SOURCE)
    found = await look_at(folder / SOURCE, url.partition("?")[0])
    name = medium.path.partition(".")[0] if medium.path else None
    storage = storage_of(node.settings)
    copies = copies_for(side, remote=True)
    return await process(node.workshop, storage, folder, found, name=name, side=side, convert=False, copies=copies)


def _is_missing(medium: Medium) -> bool:
    return not medium.withheld and (medium.state == "waiting" or medium.evicted_at is not None)


async def _put_off(node: Node, medium: Medium, kind: str) -> bool:
    """A film that would have to wait for another one comes back later, instead of holding a lease meanwhile."""
    if medium.kind not in ("audio", "video") or not node.workshop.films_busy:
        return False
    async with node.database.pool.acquire() as db:
        await jobs.add(db, kind, {"medium_id": medium.id}, delay=MEDIA_WAIT_SECONDS)
    return True


async def _finish(node: Node, medium: Medium, made: media.Processed) -> None:
    async with node.database.pool.acquire() as db, db.transaction():
        ready = await media.finish(db, medium.id, made)
    if ready is None:  # deleted while it was being processed
        await remove_files(node, [name for name in (made.path, made.preview_path) if name])


async def _fail(node: Node, medium: Medium, reason: str) -> None:
    _log.info("medium refused", medium=medium.id, url=medium.remote_url, reason=reason)
    async with node.database.pool.acquire() as db:
        await media.fail(db, medium.id, reason)


async def _remove_lots(node: Node, lot: Callable[[Db], Awaitable[list[tuple[str, ...]]]]) -> None:
    """Rows first: what is left over when somebody pulls the plug is a file of nobody, which the next sweep removes."""
    storage = storage_of(node.settings)
    while True:
        async with node.database.pool.acquire() as db:
            gone = await lot(db)
        await storage.remove(with_copies(name for names in gone for name in names))
        if len(gone) < MEDIA_EVICTED:
            return


async def _remove_unknown(node: Node, old: Sequence[Kept]) -> None:
    """Only names that we make are looked at: an operator may keep other things in the same folder."""
    names = [one.name for one in old if NAME.fullmatch(one.name)]
    uploads = {one.name.removeprefix(INCOMING) for one in old if one.name.startswith(INCOMING)}
    async with node.database.pool.acquire() as db:
        files, waiting = await media.unknown(db, names, [int(one) for one in uploads if one.isdecimal()])
    unfinished = [one.name for one in old if one.name.rpartition("/")[2].startswith(UNFINISHED)]
    await storage_of(node.settings).remove([*files, *map(incoming_name, waiting), *unfinished])
