"""Finding people: by what they are called, those who want to be found, those one might know. Nobody is ranked by how
many follow them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from node.store.db import Db
from node.store.people.people import actors_of
from schemas.records import Actor


async def search(
    db: Db, words: str, *, viewer: int, following: bool = False, limit: int = 40, offset: int = 0
) -> list[Actor]:
    """People whose name or handle contains the words (`name@host` narrows the host): exact handles first, then whom the
    viewer follows, then members of this hub. Who does not want to be found is, by the beginning of the handle; and whom
    the viewer blocks, so that this can be ended."""
    name, _, host = words.strip().removeprefix("@").lower().partition("@")
    if not name:
        return []
    return actors_of(
        await db.fetch(
            """
            SELECT (SELECT row_to_json(a)::text FROM public_actors a WHERE a.id = shown.id) AS actor
              FROM (SELECT one.id
                      FROM (SELECT a.id
                              FROM (SELECT *, id IN (SELECT followed_id FROM follows
                                                      WHERE follower_id = $1 AND state = 'accepted') AS followed
                                      FROM actors) AS a
                             WHERE lower(a.name || ' ' || a.display_name) LIKE '%' || $2 || '%'
                               AND ($3 = '' OR a.host LIKE $3 || '%')
                               AND (a.discoverable OR a.local OR a.followed OR lower(a.name) LIKE $2 || '%')
                               AND (NOT $4 OR a.followed)
                               AND a.role_here IS DISTINCT FROM 'instance'
                               AND (a.id = $1 OR a.deleted_at IS NULL AND a.suspended_at IS NULL
                                                 AND NOT a.host_suspended)
                             ORDER BY lower(a.name) = $5 DESC, a.followed DESC, a.local DESC, lower(a.name), a.id
                            OFFSET 0) AS one
                     WHERE may_be_listed(one.id, $1) OR EXISTS (
                           SELECT FROM blocks WHERE blocker_id = $1 AND blocked_id = one.id)
                     LIMIT $6 OFFSET $7) AS shown
            """,
            viewer,
            _pattern(name),
            _pattern(host),
            following,
            name,
            limit,
            offset,
        )
    )


async def listed(db: Db, *, viewer: int | None, local: bool, newest: bool, limit: int, offset: int) -> list[Actor]:
    """Those who want to be found: those who came last first, or those who published last."""
    return actors_of(
        await db.fetch(
            """
            SELECT (SELECT row_to_json(a)::text FROM public_actors a WHERE a.id = shown.id) AS actor
              FROM (SELECT one.id
                      FROM (SELECT a.id
                              FROM actors a
                              LEFT JOIN actor_counts c ON c.actor_id = a.id
                             WHERE a.discoverable AND (a.local OR NOT $2) AND a.kind <> 'Application'
                             ORDER BY CASE WHEN $3 THEN a.created_at END DESC, c.last_post_on DESC NULLS LAST,
                                      a.id DESC
                            OFFSET 0) AS one
                     WHERE may_be_listed(one.id, $1)
                     LIMIT $4 OFFSET $5) AS shown
            """,
            viewer,
            local,
            newest,
            limit,
            offset,
        )
    )


async def suggested(db: Db, *, viewer: int, limit: int) -> list[Actor]:
    """Whom one might want to follow: this hub and its areas, members who want to be found, approved hubs. In the order
    in which they came here, whoever follows them."""
    return actors_of(
        await db.fetch(
            """
            SELECT row_to_json(a)::text AS actor
              FROM (SELECT id FROM actors
                     WHERE role_here IN ('hub', 'area') OR (role_here = 'member' AND discoverable)
                     UNION
                    SELECT actor_id FROM known_hubs WHERE state = 'approved') AS one
              JOIN public_actors a USING (id)
             WHERE a.id <> $1 AND a.moved_to IS NULL AND may_be_listed(a.id, $1)
               AND NOT EXISTS (SELECT FROM follows WHERE follower_id = $1 AND followed_id = a.id)
               AND NOT EXISTS (SELECT FROM dismissed_suggestions WHERE actor_id = $1 AND suggested_id = a.id)
               AND NOT EXISTS (SELECT FROM mutes WHERE actor_id = $1 AND muted_id = a.id)
             ORDER BY a.role_here = 'hub' DESC NULLS LAST, a.local DESC, a.id
             LIMIT $2
            """,
            viewer,
            limit,
        )
    )


async def exists(db: Db, actor_id: int) -> bool:
    """Whether there is an actor of this id."""
    known: bool = await db.fetchval("SELECT EXISTS (SELECT FROM actors WHERE id = $1)", actor_id)
    return known


async def dismiss(db: Db, actor_id: int, suggested_id: int) -> None:
    """Never suggest them again."""
    await db.execute(
        "INSERT INTO dismissed_suggestions (actor_id, suggested_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        actor_id,
        suggested_id,
    )


async def familiar(db: Db, viewer: int, actor_ids: Sequence[int], limit: int) -> Mapping[int, list[Actor]]:
    """For each of the actors: whom of the viewer's follows follow them too, unless one of both hides that."""
    rows = await db.fetch(
        """
        SELECT one AS about, row_to_json(found)::text AS actor
          FROM unnest($2::bigint[]) AS one
          JOIN actors target ON target.id = one AND NOT target.hide_collections
         CROSS JOIN LATERAL (
               SELECT a.*
                 FROM follows mine
                 JOIN follows theirs ON theirs.follower_id = mine.followed_id AND theirs.followed_id = one
                 JOIN public_actors a ON a.id = mine.followed_id
                WHERE mine.follower_id = $1 AND mine.state = 'accepted' AND theirs.state = 'accepted'
                  AND NOT a.hide_collections AND may_be_listed(a.id, $1)
                ORDER BY mine.id DESC
                LIMIT $3) AS found
        """,
        viewer,
        list(actor_ids),
        limit,
    )
    by_target: dict[int, list[Actor]] = {one: [] for one in actor_ids}
    for row, actor in zip(rows, actors_of(rows), strict=True):
        by_target[row["about"]].append(actor)
    return by_target


def _pattern(text: str) -> str:
    """Text inside LIKE, where it stands for itself."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
