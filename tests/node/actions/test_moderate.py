"""Measures: who may take them, when a second person is needed, what they do and what the log says."""

from __future__ import annotations

import pytest

from node import chain
from node.actions.moderate import Order, confirm, end, take
from node.errors import Conflict, Forbidden, Invalid, NotFound
from node.policy import Policy
from node.store.db import Db
from node.store.hub import hub
from node.store.moderation import log
from node.store.people import actors
from node.store.posts import posts
from schemas.log_entry import LogEntry
from tests.factories import URLS, a_local_actor, a_member, a_post, a_remote_actor, a_remote_object, the_hub

BLOCK = Order(kind="suspend", target_kind="domain", target="Evil.Example", public_reason="spam")


async def entries(db: Db) -> list[LogEntry]:
    return [entry async for entry in log.entries(db)]


async def test_the_operator_blocks_a_domain_with_all_below_it(db: Db) -> None:
    bad = await a_remote_actor(db, host="https://sub.evil.example")
    good = await a_remote_actor(db, host="https://notevil.example")
    measure = await take(db, None, BLOCK)
    assert (measure.state, measure.target, measure.stands_alone) == ("executed", "evil.example", True)
    assert measure.review_at is not None
    assert (await actors.get(db, bad.id)).host_suspended
    assert not (await actors.get(db, good.id)).host_suspended
    policy = Policy()
    await policy.refresh(db)
    hosts = ("evil.example", "SUB.evil.example.", "evil.example:8443", "notevil.example")
    assert [policy.may_federate(host) for host in hosts] == [False, False, False, True]


async def test_ending_a_block_lifts_it(db: Db) -> None:
    bad = await a_remote_actor(db, host="https://evil.example")
    measure = await take(db, None, BLOCK)
    await end(db, None, measure.id)
    assert not (await actors.get(db, bad.id)).host_suspended
    with pytest.raises(Conflict):
        await end(db, None, measure.id)


async def test_a_block_within_a_block_stays_when_the_outer_one_ends(db: Db) -> None:
    bad = await a_remote_actor(db, host="https://sub.evil.example")
    outer = await take(db, None, BLOCK)
    await take(db, None, Order(kind="suspend", target_kind="domain", target="sub.evil.example"))
    await end(db, None, outer.id)
    assert (await actors.get(db, bad.id)).host_suspended


async def test_what_a_blocked_host_said_is_seen_no_more(db: Db) -> None:
    bad = await a_remote_actor(db, host="https://evil.example")
    post = await posts.upsert_remote(db, a_remote_object(bad), bad)
    assert post is not None
    await take(db, None, BLOCK)
    with pytest.raises(NotFound):
        await posts.get(db, post.id, None)


async def test_two_moderators_are_needed_where_there_are_two(db: Db) -> None:
    await the_hub(db)
    one, other = [await a_member(db, roles=("moderator",)) for _ in range(2)]
    proposed = await take(db, one, BLOCK)
    assert proposed.state == "proposed"
    with pytest.raises(Forbidden):
        await confirm(db, one, proposed.id)
    confirmed = await confirm(db, other, proposed.id)
    assert (confirmed.state, confirmed.stands_alone) == ("executed", False)
    with pytest.raises(Conflict):
        await confirm(db, other, proposed.id)


async def test_one_moderator_may_act_at_once_in_an_emergency(db: Db) -> None:
    await the_hub(db)
    one, _ = [await a_member(db, roles=("moderator",)) for _ in range(2)]
    measure = await take(db, one, Order(kind="suspend", target_kind="domain", target="evil.example", at_once=True))
    assert (measure.state, measure.stands_alone) == ("executed", True)


async def test_a_member_may_not_moderate(db: Db) -> None:
    member = await a_member(db)
    with pytest.raises(Forbidden):
        await take(db, member, BLOCK)


async def test_suspending_a_member_hides_them_and_ends_their_sessions(db: Db) -> None:
    await hub.prepare(db, URLS.base_url)
    member = await a_member(db)
    post = await a_post(db, member.actor)
    await db.execute(
        "INSERT INTO sessions (key_hash, account_id, expires_at) VALUES ('x', $1, now() + interval '1 day')",
        member.account.id,
    )
    await take(db, None, Order(kind="suspend", target_kind="actor", target=member.actor.uri))
    assert await db.fetchval("SELECT count(*) FROM sessions") == 0
    with pytest.raises(NotFound):
        await posts.get(db, post.id, None)


async def test_the_hub_itself_cannot_be_suspended(db: Db) -> None:
    hub = await the_hub(db)
    with pytest.raises(NotFound):
        await take(db, None, Order(kind="suspend", target_kind="actor", target=hub.uri))


@pytest.mark.parametrize("target", ["", "not a domain", "https://evil.example", "evil..example"])
async def test_what_is_no_domain_is_said_to_be_none(db: Db, target: str) -> None:
    with pytest.raises(Invalid):
        await take(db, None, Order(kind="suspend", target_kind="domain", target=target))


async def test_the_same_measure_twice_is_a_conflict(db: Db) -> None:
    await take(db, None, BLOCK)
    with pytest.raises(Conflict):
        await take(db, None, BLOCK)


async def test_each_step_is_in_the_log_and_the_chain_verifies(db: Db) -> None:
    measure = await take(db, None, BLOCK)
    await end(db, None, measure.id)
    written = await entries(db)
    assert [entry.kind for entry in written] == ["measure.proposed", "measure.executed", "measure.ended"]
    assert written[1].public == "suspend · evil.example · by one person: spam"
    assert chain.first_broken(written) is None


async def test_persons_are_unnamed_in_public(db: Db) -> None:
    actor = await a_local_actor(db, "ana")
    await take(db, None, Order(kind="limit", target_kind="actor", target=actor.uri))
    assert all("ana" not in (entry.public or "") for entry in await entries(db))


async def test_redaction_leaves_a_stub_and_the_chain_whole(db: Db) -> None:
    await take(db, None, BLOCK)
    assert await log.redact(db, 1, "named a person")
    assert not await log.redact(db, 1, "again")
    written = await entries(db)
    assert (written[0].content, written[0].salt, written[0].redacted_why) == (None, None, "named a person")
    assert chain.first_broken(written) is None


async def test_a_change_behind_the_back_of_the_node_is_found(db: Db) -> None:
    await take(db, None, BLOCK)
    await db.execute("UPDATE log SET kind = 'measure.ended' WHERE id = 2")
    assert chain.first_broken(await entries(db)) == 2
