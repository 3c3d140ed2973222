"""Room on the disks of the database and the media."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from node.doctor.remark import Remark, note, ok, warn, wrong
from node.settings import Settings
from schemas.limits import DISK_WARN_BYTES, DISK_WRONG_BYTES


def check_disk(settings: Settings) -> list[Remark]:
    """Look at the disk of the data folder, and at that of the media if it is another one."""
    remarks = [_look(settings.data, "data")]
    media = settings.media_folder
    if media is None:
        remarks.append(note(f"Media are kept in {settings.media_url}, which is not looked at here."))
    elif _disk(media) != _disk(settings.data):
        remarks.append(_look(media, "media"))
    return remarks


def judge_room(place: str, free: int) -> Remark:
    """What `free` bytes mean for what is kept at `place`."""
    says = f"{free / 1e9:.1f} GB are free for {place}."
    if free < DISK_WRONG_BYTES:
        return wrong(says, "Make room now: without any the database stops, and what is sent to the hub is refused.")
    if free < DISK_WARN_BYTES:
        return warn(says, "Make room, or move the data folder to a larger disk.")
    return ok(says)


def _look(folder: Path, what: str) -> Remark:
    there = _nearest(folder)
    if not os.access(there, os.W_OK | os.X_OK):
        return wrong(f"Nothing can be written to {there}.", f"Give the user who runs the node the {what} folder.")
    return judge_room(f"the {what} in {folder}", shutil.disk_usage(there).free)


def _nearest(folder: Path) -> Path:
    """The folder, or the one in which it will be made."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def _disk(folder: Path) -> int:
    return _nearest(folder).stat().st_dev
