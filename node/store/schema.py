"""Write `schema.sql`, the sum of the migrations in PostgreSQL's own words, to read and to compare (`make schema`)."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import tempfile
from pathlib import Path

import asyncpg

from node.store.embedded import binaries as programs
from node.store.embedded.cluster import Cluster
from node.store.migrate import migrate

SCHEMA = Path(__file__).parent / "schema.sql"
HEAD = "-- The sum of the migrations. Written by `make schema`; to change a table, add a migration.\n\n"
FAST = {"fsync": "off", "synchronous_commit": "off"}
NO_PART = re.compile(r"^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict.*)\n", re.MULTILINE)
BLANK = re.compile(r"\n{3,}")


def text_of(url: str) -> str:
    """The schema of the migrated database at `url`, without what prepares a session and without the list of
    migrations: the same text each time."""
    wanted = ["--schema-only", "--no-owner", "--no-privileges", "--no-comments", "--exclude-table=public.migrations"]
    done = subprocess.run(
        [programs.preferred().tool("pg_dump"), *wanted, f"--dbname={url}"],
        env=os.environ | {"LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    return HEAD + BLANK.sub("\n\n", NO_PART.sub("", done.stdout)).strip() + "\n"


async def _migrated(url: str) -> None:
    db = await asyncpg.connect(url)
    try:
        await migrate(db)
    finally:
        await db.close()


def main() -> None:
    """Migrate a new database that is thrown away again, and write down what it became."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder), options=FAST)
        cluster.join()
        try:
            asyncio.run(_migrated(cluster.url()))
            SCHEMA.write_text(text_of(cluster.url()), encoding="utf-8")
        finally:
            cluster.leave()


if __name__ == "__main__":
    main()
