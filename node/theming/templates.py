"""Compiled templates, kept in the data folder: compiling one takes far longer than showing a page."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from zlib import crc32

import jinja2
import structlog
from jinja2.bccache import Bucket

_FOLDER = "compiled"

_log = structlog.get_logger("node.templates")


class Kept(jinja2.FileSystemBytecodeCache):
    """Each with a sum of its source: one that was changed is compiled again. Without room on the disk none is kept."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Part of jinja2.BytecodeCache."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Part of jinja2.BytecodeCache."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def kept(data: Path, environment: jinja2.Environment) -> Kept | None:
    """Those of such an environment, compiled by these versions of Jinja and Python; what others have left goes. None
    where somebody else could write them: they are code that the node runs."""
    folder = data / _FOLDER
    mine = folder / _version(environment)
    try:
        mine.mkdir(mode=0o700, parents=True, exist_ok=True)
        for one in folder.iterdir():
            if one != mine:
                shutil.rmtree(one, ignore_errors=True)
        if not all(_is_ours(one) for one in (folder, mine)):
            raise PermissionError(f"others may write to {folder}")
    except OSError as error:
        _log.warning("templates are not kept", error=str(error), do=f"Let nobody but the node write to {folder}.")
        return None
    return Kept(str(mine))


def _version(environment: jinja2.Environment) -> str:
    """What compiled templates depend on besides their source."""
    options = (environment.autoescape, environment.trim_blocks, environment.lstrip_blocks, *environment.extensions)
    return f"{crc32(repr((jinja2.__version__, sys.version, options)).encode()):08x}"


def _is_ours(folder: Path) -> bool:
    found = folder.lstat()
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022
