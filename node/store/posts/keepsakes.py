"""What an actor liked or bookmarked, the last first. Such lists are walked by the mark, not by the post."""

from __future__ import annotations

from typing import Literal

from node.store.db import Db
from node.store.posts.reading import Page
from node.store.timelines.timelines import Walk

Mark = Literal["like", "bookmark"]

_MARKED = {
    "like": """
        SELECT m.id, m.post_id FROM reactions m JOIN posts p ON p.id = m.post_id
         WHERE m.id > $1 AND m.id < $2 AND m.actor_id = $4 AND m.kind = 'like' AND may_see(p, $4)
         ORDER BY m.id DESC LIMIT $3
        """,
    "bookmark": """
        SELECT m.id, m.post_id FROM bookmarks m JOIN posts p ON p.id = m.post_id
         WHERE m.id > $1 AND m.id < $2 AND m.actor_id = $4 AND may_see(p, $4)
         ORDER BY m.id DESC LIMIT $3
        """,
}


async def list_marked(db: Db, actor_id: int, mark: Mark, page: Page) -> Walk:
    """The posts an actor marked so and may still see. The cursors are those of the marks."""
    sql = _MARKED[mark]
    forward = page.min_id is not None
    rows = await db.fetch(sql.replace("DESC", "ASC") if forward else sql, *page.bounds, actor_id)
    if forward:
        rows = rows[::-1]
    return Walk(ids=[row["post_id"] for row in rows], cursors=[row["id"] for row in rows])
