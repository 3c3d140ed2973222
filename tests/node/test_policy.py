"""Who may be talked to: every spelling and every sub-domain of a rule, and nobody before the rules are read."""

from __future__ import annotations

import asyncio

import pytest

from node.policy import Policy, keep_fresh
from node.store.db import Db
from node.store.hub.hub import prepare
from tests.factories import a_remote_actor


async def suspend(db: Db, domain: str, *, state: str = "executed", over: bool = False) -> None:
    await db.execute(
        """
        INSERT INTO measures (kind, target_kind, target, state, ends_at)
        VALUES ('suspend', 'domain', $1, $2, CASE WHEN $3 THEN now() - interval '1 minute' END)
        """,
        domain,
        state,
        over,
    )


async def rules(db: Db) -> Policy:
    policy = Policy()
    await policy.refresh(db)
    return policy


def test_nobody_is_let_in_before_the_rules_are_read() -> None:
    assert not Policy().may_federate("peer.example")


@pytest.mark.parametrize(
    "host",
    ["evil.test", "sub.evil.test", "EVIL.test", "evil.test.", "evil.test:8443", "a.b.evil.test", "user@evil.test", ""],
)
async def test_case_118_a_blocked_domain_is_blocked_in_every_spelling(db: Db, host: str) -> None:
    await suspend(db, "evil.test")
    assert not (await rules(db)).may_federate(host)


async def test_case_118_unicode_and_punycode_are_one(db: Db) -> None:
    await suspend(db, "xn--bse-sna.test")
    assert not (await rules(db)).may_federate("böse.test")


@pytest.mark.parametrize("host", ["notevil.test", "evil.test.example", "test"])
async def test_others_are_not_meant(db: Db, host: str) -> None:
    await suspend(db, "evil.test")
    assert (await rules(db)).may_federate(host)


async def test_only_a_measure_in_force_counts(db: Db) -> None:
    await suspend(db, "proposed.test", state="proposed")
    await suspend(db, "over.test", over=True)
    policy = await rules(db)
    assert policy.may_federate("proposed.test")
    assert policy.may_federate("over.test")


async def test_case_122_a_hub_that_asks_lets_in_only_whom_it_approved(db: Db) -> None:
    await prepare(db, "https://hub.example")
    await db.execute("UPDATE hub SET federation_mode = 'ask'")
    await db.execute("INSERT INTO hosts (host, approved_at) VALUES ('friend.example', now()), ('known.example', NULL)")
    await db.execute("INSERT INTO hosts (host, dropped_at) VALUES ('noise.example', now())")
    await suspend(db, "evil.test")
    policy = await rules(db)
    assert policy.may_federate("friend.example")
    for host in ("known.example", "new.example", "noise.example", "sub.evil.test"):
        assert not policy.may_federate(host)
    waits = [host for host in ("friend.example", "known.example", "NEW.example", "noise.example", "sub.evil.test", "")
             if policy.waits(host)]  # fmt: skip
    assert waits == ["known.example", "NEW.example"]


async def test_case_122_a_circle_lets_in_only_its_hubs(db: Db) -> None:
    await prepare(db, "https://hub.example")
    friend = await a_remote_actor(db, "hub", host="https://friend.example", kind="Organization")
    asks = await a_remote_actor(db, "hub", host="https://asks.example", kind="Organization")
    for actor, state in ((friend, "member"), (asks, "asks")):
        await db.execute(
            "INSERT INTO circle_hubs (actor_id, name, state, offer_uri) VALUES ($1, 'Ring', $2, $3)",
            actor.id,
            state,
            f"{actor.uri}/offer",
        )
    await db.execute("UPDATE hub SET federation_mode = 'circle'")
    await db.execute("INSERT INTO hosts (host, approved_at) VALUES ('known.example', now())")
    policy = await rules(db)
    assert policy.may_federate("friend.example")
    for host in ("asks.example", "known.example", "new.example"):
        assert not policy.may_federate(host)
        assert not policy.waits(host)


async def test_the_rules_are_read_again_when_they_change() -> None:
    changed, read = asyncio.Event(), asyncio.Event()

    async def reread() -> None:
        read.set()

    task = asyncio.create_task(keep_fresh(reread, changed))
    changed.set()
    async with asyncio.timeout(10):
        await read.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
