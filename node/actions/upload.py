"""Upload a file: pictures and documents are ready at once, sounds and films when the workers have seen to them."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import msgspec

from federation import sanitise
from node.errors import Invalid
from node.ids import new_id
from node.media.copies import copies_for
from node.media.kinds import Found
from node.media.pipeline import look_at, process, workplace
from node.media.refusals import MediaRefused
from node.media.storage import incoming_name, storage_of, with_copies
from node.media.task import SOURCE
from node.node import Node
from node.store.files import media
from node.store.files.media import NewMedium
from node.store.queues import jobs
from schemas.limits import ALT_CHARS, NAME_CHARS, SIDE_IMAGE
from schemas.problems import Problem
from schemas.reasons import TOO_BIG, TOO_LONG, TOO_SMALL
from schemas.records import Actor, Medium

ENDING_CHARS = 10  # a longer word after the last dot of a name is no ending


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file as somebody sends it. `name` is what they call it; `focus` is x, y in −1…1 with y upwards."""

    file: Path
    name: str = ""
    alt: str = ""
    focus: tuple[float, float] | None = None


async def upload(node: Node, owner: Actor, sent: Upload, *, side: int = SIDE_IMAGE) -> Medium:
    """Take a file in the name of `owner`, who alone may attach it (case 81); `side` is the most pixels of a picture.

    Call it outside of any transaction: processing takes seconds. Invalid says what is wrong with the file.
    """
    problems = _problems(sent)
    if problems:
        raise Invalid(problems)
    try:
        found = await look_at(sent.file, sent.name)
        if found.kind in ("audio", "video"):
            return await _process_later(node, owner, sent, found)
        async with workplace() as folder:
            await asyncio.to_thread(shutil.copyfile, sent.file, folder / SOURCE)
            storage, copies = storage_of(node.settings), copies_for(side)
            made = await process(node.workshop, storage, folder, found, side=side, copies=copies)
    except MediaRefused as refused:
        raise Invalid([Problem(field="file", reason=refused.reason, values=dict(refused.values))]) from refused
    return await _keep(node, owner, sent, found, made)


async def _keep(node: Node, owner: Actor, sent: Upload, found: Found, made: media.Processed) -> Medium:
    new = _new(owner, sent, found)
    try:
        async with node.database.pool.acquire() as db, db.transaction():
            medium = await media.insert(db, new)
            return await media.finish(db, new.id, made) or medium
    except BaseException:
        await storage_of(node.settings).remove(with_copies(name for name in (made.path, made.preview_path) if name))
        raise


async def _process_later(node: Node, owner: Actor, sent: Upload, found: Found) -> Medium:
    new = _new(owner, sent, found)
    storage = storage_of(node.settings)
    await storage.put(incoming_name(new.id), sent.file)
    try:
        async with node.database.pool.acquire() as db, db.transaction():
            medium = await media.insert(db, new)
            await jobs.add(db, "process_media", {"medium_id": new.id}, once=f"process_media:{new.id}")
    except BaseException:
        await storage.remove([incoming_name(new.id)])
        raise
    node.wake()
    return medium


def _new(owner: Actor, sent: Upload, found: Found) -> NewMedium:
    return NewMedium(
        id=new_id(),
        owner_id=owner.id,
        media_type=found.media_type,
        kind=found.kind,
        alt=sanitise.plain(sent.alt),
        file_name=shown_name(sent.name),
        focus=sent.focus,
    )


def shown_name(name: str) -> str:
    """What a file is called when it is saved: no path, no control characters, not too long (case 76). It is text for
    people and never becomes part of a path here."""
    bare = sanitise.plain(name.replace("\\", "/").rpartition("/")[2], single_line=True).lstrip(".")
    if len(bare) <= NAME_CHARS:
        return bare
    stem, _, ending = bare.rpartition(".")
    tail = f".{ending}" if stem and len(ending) <= ENDING_CHARS else ""
    return bare[: NAME_CHARS - len(tail)] + tail


def _problems(sent: Upload) -> list[Problem]:
    problems = []
    if len(sent.alt) > ALT_CHARS:
        problems.append(Problem(field="alt", reason=TOO_LONG, values={"max": ALT_CHARS}))
    for part in sent.focus or ():
        if not -1 <= part <= 1:  # also what is no number
            reason, values = (TOO_BIG, {"max": 1}) if part > 1 else (TOO_SMALL, {"min": -1})
            problems.append(Problem(field="focus", reason=reason, values=dict(values)))
    return problems
