"""Everyone who can act: our own actors with their keys, and those of other servers as we last saw them.

`host` is what stands behind the @ of a handle: the host in canonical form, with its port unless that is the usual one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import asyncpg
import msgspec

from federation.addresses import parse
from federation.build.urls import HUB_NAME, Urls
from federation.signatures.keys import load_public_key, make_ed25519_pair, make_rsa_pair, public_text
from node.errors import Conflict, NotFound
from node.ids import new_id
from node.store.db import Db
from node.store.files import emojis
from node.store.files.remote_media import adopt_pictures
from schemas.limits import MOVE_COOLDOWN_DAYS
from schemas.objects import RemoteActor
from schemas.records import Actor, ActorKind, RoleHere


class HandleTaken(Exception):
    """Another actor holds this handle or this key id."""


class NewActor(msgspec.Struct, frozen=True, kw_only=True):
    """A local actor about to be made: what it is for, its name in handles, and how it shows itself."""

    role: RoleHere
    kind: ActorKind
    name: str
    display_name: str = ""
    display_names: dict[str, str] = {}
    summary: str = ""
    locked: bool = False
    discoverable: bool = True
    place_id: int | None = None


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """The two pairs of a local actor, as text; making them costs some 100 ms of CPU."""

    rsa_private: str
    rsa_public: str
    ed25519_private: str
    multikey: str


class SecretKeys(msgspec.Struct, frozen=True, kw_only=True):
    """With what a local actor signs, as PEM, and under which ids peers find the public halves."""

    public_key_id: str
    private_key: str
    multikey_id: str
    ed25519_private: str


class ActorCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Accepted follows in both directions."""

    followers: int
    following: int


# What another server decides about its actor, in the order of _remote_columns. A measure of ours comes before what
# its server says of suspension.
_UPSERT = """
    INSERT INTO actors AS a (
        id, uri, kind, local, name, host, display_name, display_names, summary, url, inbox, shared_inbox, outbox,
        followers, following, featured, upcoming, locked, discoverable, indexable, fields, also_known_as, moved_to,
        icon_url, banner_url, public_key_id, public_key, multikey_id, multikey, published_at, fetched_at,
        host_suspended, host_limited, suspended_at, suspended_there)
    VALUES ($1, $2, $3, false, $4, $5, $6, $7, $8, $9, $10, $11, $12,
            $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $23, $24, $25, $26, $27, $28, $29, now(),
            domain_measure('suspend', $5), domain_measure('limit', $5), CASE WHEN $30 THEN now() END, $30)
    ON CONFLICT (uri) DO UPDATE SET
        kind = excluded.kind, name = excluded.name, host = excluded.host, display_name = excluded.display_name,
        display_names = excluded.display_names, summary = excluded.summary, url = excluded.url,
        inbox = excluded.inbox, shared_inbox = excluded.shared_inbox, outbox = excluded.outbox,
        followers = excluded.followers, following = excluded.following, featured = excluded.featured,
        upcoming = excluded.upcoming, locked = excluded.locked, discoverable = excluded.discoverable,
        indexable = excluded.indexable, fields = excluded.fields, also_known_as = excluded.also_known_as,
        moved_to = excluded.moved_to, icon_url = excluded.icon_url, banner_url = excluded.banner_url,
        public_key_id = excluded.public_key_id, public_key = excluded.public_key,
        multikey_id = excluded.multikey_id, multikey = excluded.multikey, published_at = excluded.published_at,
        host_suspended = excluded.host_suspended, host_limited = excluded.host_limited,
        suspended_at = CASE WHEN a.suspended_at IS NOT NULL AND NOT a.suspended_there THEN a.suspended_at
                            WHEN excluded.suspended_there THEN coalesce(a.suspended_at, now()) END,
        suspended_there = excluded.suspended_there AND (a.suspended_at IS NULL OR a.suspended_there),
        fetched_at = now(), updated_at = now(), deleted_at = NULL
    WHERE NOT a.local
    RETURNING *
"""


async def get(db: Db, actor_id: int) -> Actor:
    """The actor with this id, or NotFound."""
    row = await db.fetchrow("SELECT * FROM actors WHERE id = $1", actor_id)
    if row is None:
        raise NotFound
    return Actor(**row)


async def find(db: Db, uri: str) -> Actor | None:
    """The actor with this ActivityPub id."""
    row = await db.fetchrow("SELECT * FROM actors WHERE uri = $1", uri)
    return Actor(**row) if row else None


async def secret_keys(db: Db, actor_id: int) -> SecretKeys:
    """The private keys of a local actor, which other reads may leave out; NotFound for anybody else."""
    row = await db.fetchrow(
        """
        SELECT public_key_id, private_key, multikey_id, ed25519_private
        FROM actors
        WHERE id = $1 AND local AND private_key IS NOT NULL
        """,
        actor_id,
    )
    if row is None:
        raise NotFound
    return SecretKeys(**row)


async def replace_keys(db: Db, actor_id: int, keys: Keys) -> Actor:
    """Give a local actor other keys under the same ids. NotFound for anybody else."""
    row = await db.fetchrow(
        """
        UPDATE actors
        SET public_key = $2, private_key = $3, multikey = $4, ed25519_private = $5, updated_at = now()
        WHERE id = $1 AND local
        RETURNING *
        """,
        actor_id,
        keys.rsa_public,
        keys.rsa_private,
        keys.multikey,
        keys.ed25519_private,
    )
    if row is None:
        raise NotFound
    return Actor(**row)


async def find_many(db: Db, uris: Sequence[str]) -> dict[str, Actor]:
    """Those of the actors with these ActivityPub ids that we know, by id."""
    rows = await db.fetch("SELECT * FROM actors WHERE uri = ANY($1)", list(uris))
    return {row["uri"]: Actor(**row) for row in rows}


async def find_by_handle(db: Db, name: str, host: str) -> Actor | None:
    """The actor whose handle is name@host; upper and lower case are one."""
    row = await db.fetchrow(
        "SELECT * FROM actors WHERE lower(name) = lower($1) AND host = $2 AND deleted_at IS NULL", name, host
    )
    return Actor(**row) if row else None


async def find_local(db: Db, name: str) -> Actor | None:
    """The local actor of this name, deleted or not."""
    row = await db.fetchrow("SELECT * FROM actors WHERE local AND lower(name) = lower($1)", name)
    return Actor(**row) if row else None


async def find_by_key(db: Db, key_id: str) -> Actor | None:
    """The actor of another server that lists this key, by either of its two keys."""
    row = await db.fetchrow("SELECT * FROM actors WHERE (public_key_id = $1 OR multikey_id = $1) AND NOT local", key_id)
    return Actor(**row) if row else None


async def hub(db: Db) -> Actor:
    """The hub's own actor; NotFound before the hub is set up."""
    actor = await find_local(db, HUB_NAME)
    if actor is None:
        raise NotFound
    return actor


async def instance(db: Db) -> Actor:
    """The Application actor that signs for the node; there is one as soon as a node has started."""
    row = await db.fetchrow("SELECT * FROM actors WHERE local AND role_here = 'instance'")
    if row is None:
        raise NotFound
    return Actor(**row)


def make_keys() -> Keys:
    """RSA-2048 for requests, Ed25519 for proofs (FEP-521a)."""
    rsa, ed25519 = make_rsa_pair(), make_ed25519_pair()
    return Keys(
        rsa_private=rsa.private_pem,
        rsa_public=rsa.public_pem,
        ed25519_private=ed25519.private_pem,
        multikey=public_text(load_public_key(ed25519.public_pem)),
    )


async def insert_local(db: Db, urls: Urls, new: NewActor, keys: Keys | None = None) -> Actor:
    """Make a local actor at the addresses that go with its role; Conflict if its name is taken, or was."""
    keys = keys or make_keys()
    uri = urls.actor_of(new.role, new.name)
    row = await db.fetchrow(
        """
        INSERT INTO actors (
            id, uri, kind, local, role_here, name, host, display_name, display_names, summary, url,
            inbox, shared_inbox, outbox, followers, following, featured, upcoming, locked, discoverable, indexable,
            place_id, public_key_id, public_key, multikey_id, multikey, private_key, ed25519_private, published_at)
        VALUES ($1, $2, $3, true, $4, $5, $6, $7, $8, $9, $10,
                $11, $12, $13, $14, $15, $16, $17, $18, $19, $19,
                $20, $21, $22, $23, $24, $25, $26, now())
        ON CONFLICT DO NOTHING
        RETURNING *
        """,
        new_id(),
        uri,
        new.kind,
        new.role,
        new.name,
        urls.domain,
        new.display_name or new.name,
        new.display_names,
        new.summary,
        urls.profile(new.name) if new.role in ("hub", "member", "log") else uri,
        urls.inbox(uri),
        urls.shared_inbox,
        urls.outbox(uri),
        urls.followers(uri),
        urls.following(uri),
        urls.featured(uri),
        urls.upcoming(uri),
        new.locked,
        new.discoverable,
        new.place_id,
        urls.main_key(uri),
        keys.rsa_public,
        urls.ed25519_key(uri),
        keys.multikey,
        keys.rsa_private,
        keys.ed25519_private,
    )
    if row is None:
        raise Conflict("The name {name} is taken.", name=new.name)
    return Actor(**row)


async def upsert_remote(db: Db, remote: RemoteActor, *, host: str | None = None) -> Actor:
    """Remember an actor as its own server shows it. `host` is that of a handle checked both ways, else the id's.

    Raises HandleTaken if another actor holds its handle or key id: nobody takes over a record that way (case 16).
    A local actor is never changed; NotFound if the id is one of ours.
    """
    try:
        row = await db.fetchrow(_UPSERT, *_remote_columns(remote, host or handle_host(remote.id)))
    except asyncpg.UniqueViolationError as error:
        raise HandleTaken from error
    if row is None:
        raise NotFound
    actor = Actor(**row)
    await emojis.learn(db, actor.host, remote.emoji)
    return await adopt_pictures(db, actor)


async def release_handle(db: Db, name: str, host: str) -> None:
    """Take a handle from the remote actor that had it: its server has given it to another one."""
    await db.execute(
        "UPDATE actors SET name = name || '~' || id WHERE lower(name) = lower($1) AND host = $2 AND NOT local",
        name,
        host,
    )


async def mark_fetched(db: Db, actor_id: int) -> None:
    """Remember that we looked just now, also when that brought nothing new."""
    await db.execute("UPDATE actors SET fetched_at = now() WHERE id = $1", actor_id)


async def mark_backfilled(db: Db, actor_id: int) -> None:
    """Remember that the actor's recent items were fetched."""
    await db.execute("UPDATE actors SET backfilled_at = now() WHERE id = $1", actor_id)


async def mark_deleted(db: Db, actor_id: int) -> None:
    """The actor is gone: it keeps its address, so that nobody else gets it, and loses what it said of itself."""
    await db.execute(
        """
        UPDATE actors
        SET deleted_at = coalesce(deleted_at, now()), display_name = '', display_names = '{}', summary = '',
            fields = '[]', icon_url = NULL, banner_url = NULL, icon_id = NULL, banner_id = NULL
        WHERE id = $1
        """,
        actor_id,
    )


async def counts(db: Db, actor_id: int) -> ActorCounts:
    """The numbers that an actor's collections show."""
    row = await db.fetchrow(
        """
        SELECT (SELECT count(*) FROM follows WHERE followed_id = $1 AND state = 'accepted') AS followers,
               (SELECT count(*) FROM follows WHERE follower_id = $1 AND state = 'accepted') AS following
        """,
        actor_id,
    )
    return ActorCounts(**row)


async def mark_moved(db: Db, actor_id: int, target: str) -> bool:
    """Note where an actor moved to. False if it moved elsewhere within MOVE_COOLDOWN_DAYS."""
    done: str = await db.execute(
        """
        UPDATE actors SET moved_to = $2, moved_at = now()
        WHERE id = $1 AND (moved_at IS NULL OR moved_at < now() - $3::interval)
        """,
        actor_id,
        target,
        timedelta(days=MOVE_COOLDOWN_DAYS),
    )
    return done == "UPDATE 1"


async def unmark_moved(db: Db, actor_id: int) -> None:
    """A local actor is back. When it moved is kept: that may not be done again at once."""
    await db.execute("UPDATE actors SET moved_to = NULL, updated_at = now() WHERE id = $1 AND local", actor_id)


async def set_aliases(db: Db, actor_id: int, uris: Sequence[str]) -> None:
    """Say which other ids stand for a local actor."""
    await db.execute(
        "UPDATE actors SET also_known_as = $2, updated_at = now() WHERE id = $1 AND local", actor_id, list(uris)
    )


def handle_host(uri: str) -> str:
    """The host of a handle as an actor's id suggests it; raises BadAddress."""
    return parse(uri).origin.partition("://")[2]


def _remote_columns(remote: RemoteActor, host: str) -> tuple[object, ...]:
    return (
        new_id(),
        remote.id,
        remote.kind,
        remote.name,
        host,
        remote.display_name,
        remote.display_names,
        remote.summary,
        remote.url,
        remote.inbox,
        remote.shared_inbox,
        remote.outbox,
        remote.followers,
        remote.following,
        remote.featured,
        remote.upcoming,
        remote.locked,
        remote.discoverable,
        remote.indexable,
        [{"name": name, "value": value} for name, value in remote.fields],
        list(remote.also_known_as),
        remote.moved_to,
        remote.icon_url,
        remote.banner_url,
        remote.public_key_id,
        remote.public_key,
        remote.multikey_id,
        remote.multikey,
        remote.published,
        remote.suspended,
    )
