"""Links in the lines of our actors' profiles, and since when the pages behind them are known to link back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from node.store.db import Db
from schemas.records import Record


class ProfileLink(Record, frozen=True, kw_only=True):
    """One link; None where it was not verified, or not looked at yet."""

    url: str
    verified_at: datetime | None
    checked_at: datetime | None


async def put(db: Db, actor_id: int, urls: Sequence[str]) -> None:
    """These are the links now: others are forgotten, and new ones are to be looked at."""
    await db.execute("DELETE FROM profile_links WHERE actor_id = $1 AND url <> ALL ($2)", actor_id, list(urls))
    await db.execute(
        "INSERT INTO profile_links (actor_id, url) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING",
        actor_id,
        list(urls),
    )


async def list_of(db: Db, actor_id: int) -> list[ProfileLink]:
    """The links of an actor."""
    rows = await db.fetch(
        "SELECT url, verified_at, checked_at FROM profile_links WHERE actor_id = $1 ORDER BY url", actor_id
    )
    return [ProfileLink(**row) for row in rows]


async def list_due(db: Db, age: timedelta, most: int) -> list[int]:
    """Actors with a link that was not looked at for so long, those that wait longest first."""
    rows = await db.fetch(
        """
        SELECT l.actor_id FROM profile_links l JOIN actors a ON a.id = l.actor_id
         WHERE (l.checked_at IS NULL OR l.checked_at < now() - $1::interval)
           AND a.deleted_at IS NULL AND a.suspended_at IS NULL
         GROUP BY l.actor_id ORDER BY min(coalesce(l.checked_at, '-infinity')) LIMIT $2
        """,
        age,
        most,
    )
    return [row["actor_id"] for row in rows]


async def note(db: Db, actor_id: int, url: str, *, links_back: bool | None) -> None:
    """What a look at the page brought; None: the page could not be had, which leaves things as they were. Since when it
    is verified stays as long as it is."""
    await db.execute(
        """
        UPDATE profile_links
           SET checked_at = now(),
               verified_at = CASE WHEN $3::boolean IS NULL THEN verified_at
                                  WHEN $3 THEN coalesce(verified_at, now()) END
         WHERE actor_id = $1 AND url = $2
        """,
        actor_id,
        url,
        links_back,
    )
