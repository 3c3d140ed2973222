"""Cards of linked pages: one per address, made by a job, shown by all posts that link there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from federation.addresses import BadAddress, host_of
from federation.page_card import PageCard, first_link
from node.store.db import Db
from node.store.files import media
from node.store.queues import jobs
from schemas.limits import CARD_KEPT_SECONDS
from schemas.media_types import claimed_kind
from schemas.records import Record
from schemas.things import Version


class Card(Record, frozen=True, kw_only=True):
    """A card that may have to be asked for."""

    id: int
    url: str
    state: str


async def note(db: Db, post_id: int, versions: Sequence[Version], *, delay: float = 0.0) -> None:
    """Give a post the card of the first page it links to, which is asked for in `delay` seconds unless that was done
    lately; none if it links to nothing."""
    url = first_link(versions[0].content) if versions else None
    try:
        host = host_of(url) if url else ""
    except BadAddress:
        url = None
    if url is None:
        await db.execute("UPDATE posts SET card_id = NULL WHERE id = $1 AND card_id IS NOT NULL", post_id)
        return
    row = await db.fetchrow(
        """
        WITH made AS (
            INSERT INTO cards AS c (url) VALUES ($2) ON CONFLICT (url) DO UPDATE SET url = c.url
            RETURNING c.id, c.asked_at IS NULL OR c.asked_at < now() - $3::interval AS wanted),
        shown AS (UPDATE posts SET card_id = made.id FROM made WHERE posts.id = $1)
        SELECT id, wanted FROM made
        """,
        post_id,
        url,
        timedelta(seconds=CARD_KEPT_SECONDS),
    )
    if row["wanted"]:
        await jobs.add(db, "fetch_card", {"card_id": row["id"]}, once=f"card {row['id']}", host=host, delay=delay)


async def find(db: Db, card_id: int) -> Card | None:
    """A card."""
    row = await db.fetchrow("SELECT id, url, state FROM cards WHERE id = $1", card_id)
    return Card(**row) if row else None


async def keep(db: Db, card: Card, told: PageCard) -> None:
    """Write what a page said of itself; its picture is fetched like any other medium of another server."""
    medium_id = await _picture(db, told.image) if told.image else None
    await db.execute(
        """
        UPDATE cards
           SET state = 'ready', title = $2, description = $3, language = $4, author_name = $5, provider_name = $6,
               published_at = $7, media_id = $8, asked_at = now()
         WHERE id = $1
        """,
        card.id,
        told.title,
        told.description,
        told.language,
        told.author,
        told.provider,
        told.published,
        medium_id,
    )


async def fail(db: Db, card_id: int) -> None:
    """A page says nothing of itself, or not to us; what it said before stays."""
    await db.execute(
        "UPDATE cards SET state = CASE state WHEN 'ready' THEN 'ready' ELSE 'none' END, asked_at = now() WHERE id = $1",
        card_id,
    )


async def _picture(db: Db, url: str) -> int | None:
    try:
        host = host_of(url)
    except BadAddress:
        return None
    if await media.refuses_media(db, host):
        return None
    medium_id = await media.note_remote(db, url, "image/*", claimed_kind("image/*"))
    await media.ask_for(db, medium_id, host)
    return medium_id
