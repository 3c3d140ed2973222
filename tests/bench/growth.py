"""What growth costs: an activity, a delivery and some pages, at more and more stored posts and known servers, which are
put into the database at once and not through the door."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import aiohttp
import asyncpg
import msgspec

from node.store.hub import hub_settings
from node.store.people import actors
from schemas.limits import TRIM_ROWS
from tests.bench import loads
from tests.bench.hosts import Hosts
from tests.bench.loads import spent
from tests.bench.reading import anything, asked
from tests.journeys.conftest import Hub

STEPS = ((10_000, 100), (10_000, 1_000), (10_000, 10_000), (100_000, 10_000), (1_000_000, 10_000))
"""Stored posts and known servers of each measurement."""

ACTIVITIES = 300
FOLLOWERS = 500
TIMES = 60
TIMES_AGAIN = 200
FOLLOWED = 100
LOT = 50_000
MOMENTS = 1_000_003
"""31 seconds apart, each for one post. A prime, so that posts by their numbers fall on moments all over the year."""
WORDS = ("bread", "bicycle", "garden", "repair", "cellar", "evening", "river", "market", "window", "letter", "paper",
         "winter", "kitchen", "ladder")  # fmt: skip

PAGES = {
    "home timeline": "/api/v1/timelines/home",
    "notifications": "/api/v1/notifications",
    "public timeline": "/api/v1/timelines/public",
    "search": "/api/v2/search?q=bicycle+garden",
    "word in every seventh post": "/api/v2/search?q=bread",
    "word nobody used": "/api/v2/search?q=zither",
    "site: an account": "/@ada",
    "site: events": "/events",
    "site: search": "/search?q=bicycle+garden",
}


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """CPU milliseconds of the node and of the database for one answer, and how long half of them took at most;
    `again_ms`: of both, where nothing was written since the same was asked before."""

    node_ms: float
    database_ms: float
    p50_ms: float
    again_ms: float | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured at so many posts and servers. CPU milliseconds, database included."""

    posts: int
    peers: int
    activity_ms: float
    delivery_ms: float
    trim_ms: float
    pages: dict[str, Page]


async def growth(
    hub: Hub,
    hosts: Hosts,
    token: str,
    steps: Sequence[tuple[int, int]] = STEPS,
    say: Callable[[Step], None] = lambda _: None,
) -> list[Step]:
    """Fill the hub's database step by step, and measure at each; `say` is told at once."""
    found = []
    await loads.known_senders(hub, hosts)
    await loads.inbox(hub, hosts, 50, "Create")  # the first of a kind prepares statements, and stands model
    for posts, peers in steps:
        async with hub.node() as node, node.database.direct() as db:
            await fill(db, hosts, posts, peers)
        found.append(await _measured(hub, hosts, token, posts, peers, await _pages(hub, hosts)))
        say(found[-1])
    return found


async def _pages(hub: Hub, hosts: Hosts) -> dict[str, str]:
    """PAGES, and that of one of those who sent something, as apps ask for it."""
    async with hub.node() as node, node.database.pool.acquire() as db:
        (sender,) = (await actors.find_many(db, loads.senders(hosts)[:1])).values()
    return PAGES | {"account page": f"/api/v1/accounts/{sender.id}/statuses"}


async def _measured(hub: Hub, hosts: Hosts, token: str, posts: int, peers: int, paths: dict[str, str]) -> Step:
    activity = await loads.inbox(hub, hosts, ACTIVITIES, "Create", f"growth-{posts}-{peers}")
    sent = await loads.fan_out(hub, hosts, min(FOLLOWERS, 2 * peers))
    pages = {name: await _page(hub, token, path) for name, path in paths.items()}
    async with hub.node() as node, node.database.pool.acquire() as db:
        trim = await _trim_ms(db)
    return Step(
        posts=posts, peers=peers, activity_ms=activity.cpu_ms, delivery_ms=sent.cpu_ms, trim_ms=trim, pages=pages
    )  # fmt: skip


async def _page(hub: Hub, token: str, path: str) -> Page:
    """Put together anew each time, as after something has happened; and asked again with nothing in between."""
    headers, url = {"Authorization": f"Bearer {token}"}, hub.base_url + path
    async with aiohttp.ClientSession(headers=headers) as session, hub.node() as node, node.database.direct() as db:
        await asked(session, url, TIMES // 10, partial(anything, db))  # statements are prepared by now
        before = spent(hub)
        waits, _ = await asked(session, url, TIMES, partial(anything, db))
        cost = spent(hub) - before
        before = spent(hub)
        await asked(session, url, TIMES_AGAIN)
        again = spent(hub) - before
    return Page(
        node_ms=cost.node / TIMES * 1000,
        database_ms=cost.database / TIMES * 1000,
        p50_ms=statistics.median(waits) * 1000,
        again_ms=(again.node + again.database) / TIMES_AGAIN * 1000,
    )


async def _trim_ms(db: asyncpg.Connection) -> float:
    """How long one round of forgetting old posts takes; it is rolled back."""
    transaction = db.transaction()
    await transaction.start()
    start = time.monotonic()
    await hub_settings.forget_remote(db, timedelta(days=30), TRIM_ROWS)
    taken = time.monotonic() - start
    await transaction.rollback()
    return taken * 1000


async def fill(db: asyncpg.Connection, hosts: Hosts, posts: int, peers: int) -> None:
    """Bring the database to so many posts of others and known servers, each with two people; the member follows
    FOLLOWED of them, and FOLLOWERS of them the hub, or as many as there are."""
    await db.execute("SET session_replication_role = replica")  # neither triggers nor foreign keys
    await _peers(db, hosts, peers)
    there = await db.fetchval("SELECT count(*) FROM posts WHERE NOT local")
    width = max(1, MOMENTS * LOT // max(posts - there, LOT))
    for last in range(MOMENTS, 0, -width):  # the oldest first, as posts arrive: so a while lies together on the disk
        await db.execute(await _copies(db), there, posts, WORDS, last - width, last)
    await db.execute("SET session_replication_role = origin")
    await db.execute("VACUUM ANALYZE")


async def _peers(db: asyncpg.Connection, hosts: Hosts, peers: int) -> None:
    addresses = [hosts.address(number) for number in range(peers)]
    await db.execute("INSERT INTO hosts (host) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING", addresses)
    columns = await _columns(db, "actors", ("id", "uri", "host", "name", "inbox", "shared_inbox", "outbox", "followers",
                                            "public_key_id", "url"))  # fmt: skip
    await db.execute(
        f"""
        INSERT INTO actors (id, uri, url, host, name, inbox, outbox, followers, public_key_id,
                            {columns})
        SELECT (1700000000000::bigint << 20) + 2 * nth + number, base, base, place, 'u' || number,
               base || '/inbox', base || '/outbox', base || '/followers',
               base || '#main-key', {columns}
          FROM unnest($1::text[]) WITH ORDINALITY AS places (place, nth), generate_series(5, 6) AS number,
               LATERAL (SELECT 'http://' || place || ':' || $2::int || '/u/' || number AS base) AS addresses,
               (SELECT * FROM actors WHERE NOT local ORDER BY id LIMIT 1) AS model
        ON CONFLICT DO NOTHING
        """,
        addresses,
        hosts.port,
    )
    await db.execute(
        """
        WITH strangers AS (SELECT id, row_number() OVER (ORDER BY id) AS place FROM actors WHERE uri ~ '/u/[56]$'),
             ours AS (SELECT max(id) FILTER (WHERE name = 'ada') AS ada, max(id) FILTER (WHERE role_here = 'hub') AS hub
                        FROM actors WHERE local)
        INSERT INTO follows (follower_id, followed_id, uri, state, accepted_at)
        SELECT ada, id, 'urn:follow:' || id, 'accepted', now() FROM strangers, ours WHERE place <= $1
         UNION ALL
        SELECT id, hub, 'urn:followed:' || id, 'accepted', now() FROM strangers, ours WHERE place <= $2
        ON CONFLICT DO NOTHING
        """,
        FOLLOWED,
        FOLLOWERS,
    )


async def _copies(db: asyncpg.Connection) -> str:
    """The statement that makes those of the posts $1 to $2 that fall on the moments $4 to $5 (counted back from now) of
    the last year, the oldest first, out of one that came through the door."""
    own = ("id", "uri", "url", "actor_id", "published_at", "updated_at", "received_at", "search", "local", "context")
    columns = await _columns(db, "posts", own)
    return f"""
        INSERT INTO posts (id, uri, url, local, context, actor_id, published_at, updated_at, received_at, search,
                           {columns})
        SELECT (extract(epoch FROM at) * 1000)::bigint << 20 | number, uri, uri, false, uri, actors[1 + number % many],
               at, at, at,
               to_tsvector('simple', words[1 + number % 14] || ' ' || words[1 + number / 14 % 14] || ' ' || number),
               {columns}
          FROM (SELECT number, moment
                  FROM generate_series($1::int, $2::int - 1) AS number,
                       LATERAL (SELECT number::bigint * 7919 % {MOMENTS} AS moment) AS its
                 WHERE moment >= $4::int AND moment < $5::int
                 ORDER BY moment DESC) AS lot,
               LATERAL (SELECT now() - interval '1 hour' - moment * interval '31 seconds' AS at,
                               'urn:copy:' || number AS uri) AS own,
               (SELECT array_agg(id ORDER BY id) AS actors, count(*)::int AS many FROM actors
                 WHERE uri ~ '/u/[56]$') AS authors, (SELECT $3::text[] AS words) AS said,
               (SELECT {columns} FROM posts WHERE NOT local AND kind = 'post' ORDER BY id DESC LIMIT 1) AS model
        ON CONFLICT DO NOTHING
        """


async def _columns(db: asyncpg.Connection, table: str, without: Sequence[str]) -> str:
    rows = await db.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = '' AND attname <> ALL($2)",
        table,
        list(without),
    )
    return ", ".join(row["attname"] for row in rows)
