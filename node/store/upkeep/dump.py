"""A whole database as one file, and back, by PostgreSQL's own programs; and the count of rows that checks both."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit, urlunsplit

from node.store.db import Db
from node.store.embedded import binaries as programs
from node.store.errors import StoreError
from schemas.limits import BACKUP_CHUNK_BYTES

HEAD_BYTES = 2048  # of a dump's script: where it prepares its session
# Two things that PostgreSQL 15 and 16 need otherwise there, and newer ones do not mind: they do not know this setting,
# and the functions of their earthdistance, in our indexes, look for each other in the search path.
SINCE_17 = (b"SET transaction_timeout = 0;\n", b"")
FIND_EARTH = (b"set_config('search_path', '', false)", b"set_config('search_path', 'public', false)")
KEPT_SCHEMAS = "before_restore_"  # what a restore put aside; no part of the hub any more


def write(url: str, file: Path, *, snapshot: str | None = None) -> None:
    """Dump the database at `url` into `file` (compressed, PostgreSQL's custom format), as `snapshot` sees it."""
    address, environment = _without_password(url)
    command = ["--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={KEPT_SCHEMAS}*"]
    command += [f"--snapshot={snapshot}"] if snapshot else []
    program = [programs.preferred().tool("pg_dump"), *command, f"--file={file}", f"--dbname={address}"]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StoreError(f"The database could not be dumped: {done.stderr.strip()}")


def load(url: str, file: Path, *, first: str = "") -> None:
    """Run the statements `first` and then all of the dump in one transaction: everything or nothing is there
    afterwards. A dump is a program that the server runs: load only what an operator trusts."""
    address, environment = _without_password(url)
    binaries = programs.preferred()
    read = [binaries.tool("pg_restore"), "--no-owner", "--no-privileges", "--no-comments", "--file=-", str(file)]
    run = [binaries.tool("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-d", address]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(read, stdout=subprocess.PIPE, stderr=said) as reader,
        subprocess.Popen(run, env=environment, stdin=subprocess.PIPE, stderr=said) as writer,
    ):
        _feed(reader, writer, first)
        said.seek(0)
        if reader.returncode != 0 or writer.returncode != 0:
            raise StoreError(f"The database could not be restored: {said.read().decode(errors='replace').strip()}")


async def row_counts(db: Db) -> dict[str, int]:
    """How many rows each table of the hub has, as the connection's transaction sees it."""
    names = await db.fetch(
        """
        SELECT relname
        FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
          AND relkind = 'r'
        ORDER BY relname
        """
    )
    return {row["relname"]: await db.fetchval(_count(row["relname"])) for row in names}


def _count(table: str) -> str:
    """The one statement put together from a name: it comes out of the database's own list and is quoted."""
    name = table.replace('"', '""')
    return f'SELECT count(*) FROM public."{name}"'  # noqa: S608


def _feed(reader: subprocess.Popen[bytes], writer: subprocess.Popen[bytes], first: str) -> None:
    """COMMIT is said only after the whole dump was read without an error; without it psql ends in a rollback."""
    assert reader.stdout and writer.stdin  # noqa: S101 (both are pipes)
    sink: IO[bytes] = writer.stdin
    try:
        sink.write(f"BEGIN;\n{first}\n".encode())
        head = reader.stdout.read(HEAD_BYTES)
        sink.write(head.replace(*SINCE_17).replace(*FIND_EARTH))
        shutil.copyfileobj(reader.stdout, sink, BACKUP_CHUNK_BYTES)
        if reader.wait() == 0:
            sink.write(b"\nCOMMIT;\n")
        sink.close()
    except BrokenPipeError:  # psql has met an error and ended; its words say which
        reader.stdout.close()
    reader.wait()
    writer.wait()


def _without_password(url: str) -> tuple[str, dict[str, str]]:
    """The address without its password, and an environment with it: everybody can see command lines."""
    parts = urlsplit(url)
    login, at, hosts = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    secret = {"PGPASSWORD": unquote(password)} if password else {}
    return urlunsplit(parts._replace(netloc=user + at + hosts)), os.environ | {"LC_ALL": "C"} | secret
