"""The files that a draft names beside itself: uploaded before it is published, and then named by their ids."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from node.actions.upload import Upload, upload
from node.errors import Invalid
from node.jobs import media as media_jobs
from node.node import Node
from node.store.files import media
from schemas.drafts import Draft, PostDraft
from schemas.drafts.parts import MediumDraft
from schemas.problems import Problem
from schemas.reasons import NO_FILE
from schemas.records import Actor


async def upload_files(node: Node, owner: Actor, draft: Draft, folder: Path) -> Draft:
    """The draft with ids instead of paths, which are relative to `folder` and lead nowhere else. Sounds and films are
    processed at once. Invalid names the field and what is wrong with its file."""
    files = {field: _file(folder, field, medium.path) for field, medium in _media(draft) if medium.path is not None}
    made = dict(_media(draft))
    for field, file in files.items():
        made[field] = await _upload(node, owner, field, made[field], file)
    image = {"image": made["image"]} if "image" in made else {}
    attached = tuple(medium for field, medium in made.items() if field != "image")
    return msgspec.structs.replace(draft, **image, **({"attachments": attached} if attached else {}))


def _media(draft: Draft) -> Iterator[tuple[str, MediumDraft]]:
    if not isinstance(draft, PostDraft) and draft.image:
        yield "image", draft.image
    for index, medium in enumerate(getattr(draft, "attachments", ())):
        yield f"attachments.{index}", medium


def _file(folder: Path, field: str, path: str) -> Path:
    file = (folder / path).resolve()
    if not file.is_relative_to(folder.resolve()) or not file.is_file():
        raise Invalid([Problem(field=f"{field}.path", reason=NO_FILE)])
    return file


async def _upload(node: Node, owner: Actor, field: str, draft: MediumDraft, file: Path) -> MediumDraft:
    sent = Upload(file=file, name=file.name, alt=draft.alt, focus=draft.focus)
    try:
        medium = await upload(node, owner, sent)
    except Invalid as error:
        raise Invalid([msgspec.structs.replace(one, field=f"{field}.path") for one in error.problems]) from error
    if medium.state == "waiting":
        await media_jobs.process_media(node, medium.id)
        async with node.database.pool.acquire() as db:
            failed = await media.find(db, medium.id)
        if failed and failed.error:
            raise Invalid([Problem(field=f"{field}.path", reason=failed.error)])
    return msgspec.structs.replace(draft, media_id=str(medium.id), path=None)
