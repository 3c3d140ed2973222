"""Custom emoji: our own, and those of other servers as they used them. Only those whose picture is here are shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from federation.addresses import BadAddress, host_of
from node.store.db import Db
from node.store.files import media
from schemas.records import Record


class Emoji(Record, frozen=True, kw_only=True):
    """A picture with its name. `host` is "" for our own; paths are below /media/."""

    shortcode: str
    host: str
    path: str
    preview_path: str | None
    category: str | None
    visible: bool


_EMOJIS = """
    SELECT e.shortcode, e.host, m.path, m.preview_path, e.category, e.visible
      FROM emojis e
      JOIN media m ON m.id = e.media_id
     WHERE e.disabled_at IS NULL AND m.state = 'ready' AND m.path IS NOT NULL AND NOT m.withheld
"""


async def find_many(db: Db, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], Emoji]:
    """Those emoji that may be shown, by shortcode and host."""
    codes, hosts = [code for code, _ in wanted], [host for _, host in wanted]
    rows = await db.fetch(_EMOJIS + "AND e.shortcode = ANY ($1) AND e.host = ANY ($2)", codes, hosts)
    return {(row["shortcode"], row["host"]): Emoji(**row) for row in rows if (row["shortcode"], row["host"]) in wanted}


async def list_own(db: Db) -> list[Emoji]:
    """Our own, by category and name."""
    rows = await db.fetch(_EMOJIS + "AND e.host = '' ORDER BY e.category NULLS LAST, e.shortcode")
    return [Emoji(**row) for row in rows]


async def insert_own(db: Db, shortcode: str, medium_id: int, category: str | None = None) -> None:
    """Make a picture an emoji of ours; one of that name is replaced."""
    await db.execute(
        """
        INSERT INTO emojis (shortcode, host, url, media_id, category) VALUES ($1, '', '', $2, $3)
        ON CONFLICT (shortcode, host) DO UPDATE
        SET media_id = excluded.media_id, category = excluded.category, disabled_at = NULL, updated_at = now()
        """,
        shortcode,
        medium_id,
        category,
    )


async def learn(db: Db, host: str, seen: Iterable[tuple[str, str]]) -> None:
    """Remember the emoji (shortcode, address) of another server, and have their pictures fetched; known ones cost one
    query. Nothing is taken from servers whose media are refused."""
    pairs = dict(seen)
    if not pairs or not host:
        return
    rows = await db.fetch(
        "SELECT shortcode, url FROM emojis WHERE host = $1 AND shortcode = ANY ($2)", host, list(pairs)
    )
    known = {row["shortcode"]: row["url"] for row in rows}
    fresh = {code: url for code, url in sorted(pairs.items()) if known.get(code) != url}
    if not fresh or await media.refuses_media(db, host):
        return
    for code, url in fresh.items():
        await _adopt(db, host, code, url)


async def _adopt(db: Db, host: str, code: str, url: str) -> None:
    try:
        at = host_of(url)
    except BadAddress:
        return
    medium_id = await media.note_remote(db, url, "image/*", "image")
    await media.ask_for(db, medium_id, at)
    await db.execute(
        """
        INSERT INTO emojis (shortcode, host, url, media_id, visible) VALUES ($1, $2, $3, $4, false)
        ON CONFLICT (shortcode, host) DO UPDATE
        SET url = excluded.url, media_id = excluded.media_id, updated_at = now()
        """,
        code,
        host,
        url,
        medium_id,
    )
