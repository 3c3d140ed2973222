"""Collections: people whom somebody recommends together. Who is in one is shown as long as they want to be found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from node.errors import NotFound
from node.ids import new_id
from node.store.db import Db
from schemas.records import Record

_NAMED = "c.id, c.actor_id, c.name, c.description, c.language, c.sensitive, c.discoverable, c.tag, c.created_at"
_SHOWN = """
    i.revoked_at IS NULL AND a.discoverable AND may_be_listed(a.id, $1) AND NOT EXISTS (
        SELECT FROM mutes m WHERE m.actor_id = $1 AND m.muted_id = a.id AND (m.ends_at IS NULL OR m.ends_at > now()))
"""
"""Whether somebody ($1) is shown an item `i` with the actor `a`."""


class Collection(Record, frozen=True, kw_only=True):
    """What somebody calls it and says of it; `tag` in its stored form."""

    id: int
    actor_id: int
    name: str
    description: str
    language: str | None
    sensitive: bool
    discoverable: bool
    tag: str | None
    created_at: datetime
    updated_at: datetime


class Item(Record, frozen=True, kw_only=True):
    """Somebody in a collection. `revoked_at`: they took themselves out of it."""

    id: int
    collection_id: int
    actor_id: int
    revoked_at: datetime | None
    created_at: datetime


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """What a collection is to say."""

    name: str
    description: str = ""
    language: str | None = None
    sensitive: bool = False
    discoverable: bool = True
    tag: str | None = None


def described(collection: Collection) -> Described:
    """What a collection says now."""
    return Described(**{name: getattr(collection, name) for name in Described.__struct_fields__})


async def insert(db: Db, actor_id: int, said: Described) -> Collection:
    """Make an empty collection."""
    row = await db.fetchrow(
        """
        INSERT INTO collections (id, actor_id, name, description, language, sensitive, discoverable, tag)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING *
        """,
        new_id(),
        actor_id,
        *_values(said),
    )
    return Collection(**row)


async def update(db: Db, collection_id: int, said: Described) -> Collection:
    """Let a collection say this from now on."""
    row = await db.fetchrow(
        """
        UPDATE collections
           SET name = $2, description = $3, language = $4, sensitive = $5, discoverable = $6, tag = $7,
               updated_at = now()
         WHERE id = $1 RETURNING *
        """,
        collection_id,
        *_values(said),
    )
    return Collection(**row)


async def delete(db: Db, collection_id: int) -> None:
    """Drop a collection."""
    await db.execute("DELETE FROM collections WHERE id = $1", collection_id)


async def count_of(db: Db, actor_id: int) -> int:
    """How many collections somebody has; one who asks in a transaction is the only one then."""
    await db.execute("SELECT FROM actors WHERE id = $1 FOR NO KEY UPDATE", actor_id)
    return await db.fetchval("SELECT count(*) FROM collections WHERE actor_id = $1", actor_id) or 0


async def get(db: Db, collection_id: int, viewer: int | None) -> Collection:
    """A collection that somebody may see; NotFound else."""
    found = await get_many(db, [collection_id], viewer)
    if not found:
        raise NotFound
    return found[0]


async def get_many(db: Db, collection_ids: Sequence[int], viewer: int | None) -> list[Collection]:
    """Those of the collections that somebody may see, in the order asked for."""
    rows = await db.fetch(
        f"""
        SELECT {_NAMED}, c.updated_at FROM unnest($2::bigint[]) WITH ORDINALITY AS wanted (id, place)
          JOIN collections c ON c.id = wanted.id AND may_be_listed(c.actor_id, $1)
         ORDER BY wanted.place
        """,  # noqa: S608 - constants only
        viewer,
        list(collection_ids),
    )
    return [Collection(**row) for row in rows]


async def list_of(db: Db, actor_id: int, viewer: int | None, limit: int, offset: int) -> list[Collection]:
    """The collections of an actor, the newest first; others find those only that are meant to be found."""
    rows = await db.fetch(
        f"""
        SELECT {_NAMED}, c.updated_at FROM collections c
         WHERE c.actor_id = $2 AND (c.discoverable OR c.actor_id = $1) AND may_be_listed(c.actor_id, $1)
         ORDER BY c.id DESC LIMIT $3 OFFSET $4
        """,  # noqa: S608 - as above
        viewer,
        actor_id,
        limit,
        offset,
    )
    return [Collection(**row) for row in rows]


async def list_with(db: Db, actor_id: int, viewer: int | None, limit: int, offset: int) -> list[Collection]:
    """The collections that somebody is in, the newest first; they themselves find all of them."""
    rows = await db.fetch(
        f"""
        SELECT {_NAMED}, c.updated_at
          FROM collections c JOIN collection_items i ON i.collection_id = c.id AND i.actor_id = $2
          JOIN actors a ON a.id = i.actor_id
         WHERE may_be_listed(c.actor_id, $1) AND (c.discoverable OR i.actor_id = $1 OR c.actor_id = $1)
           AND (i.actor_id = $1 AND i.revoked_at IS NULL OR {_SHOWN})
         ORDER BY c.id DESC LIMIT $3 OFFSET $4
        """,  # noqa: S608 - as above
        viewer,
        actor_id,
        limit,
        offset,
    )
    return [Collection(**row) for row in rows]


async def search(db: Db, words: str, viewer: int | None, limit: int, offset: int) -> list[Collection]:
    """Collections meant to be found whose name holds these words, or whose tag is this word."""
    rows = await db.fetch(
        f"""
        SELECT {_NAMED}, c.updated_at FROM collections c
         WHERE c.discoverable AND may_be_listed(c.actor_id, $1)
           AND (strpos(lower(c.name), lower($2)) > 0 OR c.tag = lower(ltrim($2, '#')))
         ORDER BY c.id DESC LIMIT $3 OFFSET $4
        """,  # noqa: S608 - as above
        viewer,
        words,
        limit,
        offset,
    )
    return [Collection(**row) for row in rows]


async def items_of(db: Db, collection_ids: Sequence[int], viewer: int | None) -> dict[int, list[Item]]:
    """For each collection the items that somebody is shown, the oldest first."""
    rows = await db.fetch(
        f"""
        SELECT i.id, i.collection_id, i.actor_id, i.revoked_at, i.created_at
          FROM collection_items i JOIN actors a ON a.id = i.actor_id
         WHERE i.collection_id = ANY ($2) AND {_SHOWN} ORDER BY i.id
        """,  # noqa: S608 - as above
        viewer,
        list(collection_ids),
    )
    found: dict[int, list[Item]] = {one: [] for one in collection_ids}
    for row in rows:
        found[row["collection_id"]].append(Item(**row))
    return found


async def count_items(db: Db, collection_id: int) -> int:
    """How many are in it, whoever is shown them; whoever asks in a transaction is the only one then."""
    await db.execute("SELECT FROM collections WHERE id = $1 FOR NO KEY UPDATE", collection_id)
    return (
        await db.fetchval(
            "SELECT count(*) FROM collection_items WHERE collection_id = $1 AND revoked_at IS NULL", collection_id
        )
        or 0
    )


async def insert_item(db: Db, collection_id: int, actor_id: int) -> Item | None:
    """Take somebody in; None where they are in it, or have taken themselves out of it."""
    row = await db.fetchrow(
        """
        INSERT INTO collection_items (id, collection_id, actor_id) VALUES ($1, $2, $3)
        ON CONFLICT (collection_id, actor_id) DO NOTHING RETURNING *
        """,
        new_id(),
        collection_id,
        actor_id,
    )
    return Item(**row) if row else None


async def find_item(db: Db, collection_id: int, item_id: int) -> Item | None:
    """An item that nobody took back."""
    row = await db.fetchrow(
        "SELECT * FROM collection_items WHERE id = $1 AND collection_id = $2 AND revoked_at IS NULL",
        item_id,
        collection_id,
    )
    return Item(**row) if row else None


async def find_actor(db: Db, collection_id: int, actor_id: int) -> Item | None:
    """How somebody is in a collection, if they are."""
    row = await db.fetchrow(
        "SELECT * FROM collection_items WHERE collection_id = $1 AND actor_id = $2 AND revoked_at IS NULL",
        collection_id,
        actor_id,
    )
    return Item(**row) if row else None


async def delete_item(db: Db, item_id: int) -> None:
    """Take somebody out."""
    await db.execute("DELETE FROM collection_items WHERE id = $1", item_id)


async def revoke_item(db: Db, item_id: int) -> None:
    """Somebody takes themselves out: it is kept, so that they are not taken in again."""
    await db.execute("UPDATE collection_items SET revoked_at = now() WHERE id = $1", item_id)


def _values(said: Described) -> tuple[object, ...]:
    return said.name, said.description, said.language, said.sensitive, said.discoverable, said.tag
