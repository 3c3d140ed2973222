"""Room on the disks of the database and the media."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from node.doctor.remark import Remark, note, ok, warn, wrong
from node.settings import Settings
from schemas.limits import DISK_WARN_BYTES, DISK_WRONG_BYTES
from schemas.reasons import msgid

FREE_FOR_DATA = msgid("{size} GB are free for the data in {folder}.")
FREE_FOR_MEDIA = msgid("{size} GB are free for the media in {folder}.")


def check_disk(settings: Settings) -> list[Remark]:
    """Look at the disk of the data folder, and at that of the media if it is another one."""
    remarks = [_look(settings.data, FREE_FOR_DATA)]
    media = settings.media_folder
    if media is None:
        remarks.append(
            note(msgid("Media are kept in {address}, which is not looked at here."), address=settings.media_url or "")
        )
    elif _disk(media) != _disk(settings.data):
        remarks.append(_look(media, FREE_FOR_MEDIA))
    return remarks


def judge_room(says: str, folder: Path, free: int) -> Remark:
    """What `free` bytes mean for what is kept in a folder; `says` is FREE_FOR_DATA or FREE_FOR_MEDIA."""
    values: dict[str, str | int] = {"size": f"{free / 1e9:.1f}", "folder": str(folder)}
    if free < DISK_WRONG_BYTES:
        do = msgid("Make room now: without any the database stops, and what is sent to the hub is refused.")
        return wrong(says, do, **values)
    if free < DISK_WARN_BYTES:
        return warn(says, msgid("Make room, or move the data folder to a larger disk."), **values)
    return ok(says, **values)


def _look(folder: Path, says: str) -> Remark:
    there = _nearest(folder)
    if not os.access(there, os.W_OK | os.X_OK):
        do = msgid("Give this folder to the user who runs the node: {folder}")
        return wrong(msgid("Nothing can be written to {place}."), do, place=str(there), folder=str(folder))
    return judge_room(says, folder, shutil.disk_usage(there).free)


def _nearest(folder: Path) -> Path:
    """The folder, or the one in which it will be made."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def _disk(folder: Path) -> int:
    return _nearest(folder).stat().st_dev
