"""Strong measures: confirmed by a second person or by vote, undone after an emergency, once, whatever is raced."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from node.actions import decisions, moderate
from node.actions.mandates import propose_rules
from node.actions.moderate import Order
from node.errors import Conflict, Forbidden, Invalid
from node.store.db import Db
from node.store.hub import hub
from node.store.moderation import ballots, decision_rules, log, measures
from node.store.moderation.decision_rules import Rule
from node.store.people import actors
from node.store.pool import Database
from schemas.log_entry import LogEntry
from schemas.records import Measure, Viewer
from tests.factories import URLS, a_member, a_remote_actor, the_hub

BLOCK = Order(kind="suspend", target_kind="domain", target="evil.example", public_reason="spam")
NOW = Order(kind="suspend", target_kind="domain", target="evil.example", at_once=True)


async def stewards(db: Db, number: int) -> list[Viewer]:
    await hub.prepare(db, URLS.base_url)
    await the_hub(db)
    return [await a_member(db, f"s{one}", roles=("steward",)) for one in range(number)]


async def by_vote(db: Db, kind: str = "server_suspend", quorum: int = 50) -> None:
    await decision_rules.put(db, Rule(kind=kind, how="vote", quorum=quorum, days=7))


async def make_due(db: Db, measure: Measure) -> None:
    await db.execute(
        """
        UPDATE measures SET closes_at = now() - interval '1 second',
               lapses_at = CASE WHEN lapses_at IS NOT NULL THEN now() - interval '1 second' END
         WHERE id = $1
        """,
        measure.id,
    )


async def entries(db: Db) -> list[LogEntry]:
    return [entry async for entry in log.entries(db)]


async def kinds(db: Db) -> list[str]:
    return [entry.kind for entry in await entries(db)]


async def in_force(db: Db) -> bool:
    return await measures.find_in_force(db, "suspend", "domain", "evil.example") is not None


async def test_a_vote_passes_with_the_last_ballot_and_the_node_carries_it_out(db: Db) -> None:
    ana, bo, cy = await stewards(db, 3)
    await by_vote(db)
    bad = await a_remote_actor(db, host="https://evil.example")
    proposed = await moderate.take(db, ana, BLOCK)
    assert proposed.how == "vote"
    assert (await decisions.vote(db, bo, proposed.id, "no", "too hard")).state == "proposed"
    await decisions.vote(db, bo, proposed.id, "yes", "now I agree")
    assert not await in_force(db)
    done = await decisions.vote(db, cy, proposed.id, "no", "")
    assert (done.state, done.stands_alone) == ("executed", False)
    assert (await actors.get(db, bad.id)).host_suspended
    assert await kinds(db) == ["measure.proposed", "decision.passed", "measure.executed"]
    assert [one.reason for one in await ballots.list_of(db, proposed.id)] == ["", "now I agree", ""]
    with pytest.raises(Conflict):
        await decisions.vote(db, cy, proposed.id, "yes", "")


async def test_a_vote_without_quorum_or_majority_does_nothing_and_the_log_says_so(db: Db) -> None:
    ana, bo, _, _ = await stewards(db, 4)
    await by_vote(db, quorum=60)
    few = await moderate.take(db, ana, BLOCK)
    await decisions.vote(db, bo, few.id, "yes", "")
    await make_due(db, few)
    with pytest.raises(Conflict):
        await decisions.vote(db, bo, few.id, "yes", "")
    assert await decisions.close_due(db) == 1
    assert await decisions.close_due(db) == 0
    assert (await measures.get(db, few.id)).ended_why == "failed"
    assert not await in_force(db)
    assert await kinds(db) == ["measure.proposed", "decision.failed", "measure.expired"]
    assert "2 : 0, 2/4" in ((await entries(db))[1].public or "")


async def test_only_who_was_a_steward_when_it_opened_votes(db: Db) -> None:
    ana, _ = await stewards(db, 2)
    await by_vote(db)
    proposed = await moderate.take(db, ana, BLOCK)
    late = await a_member(db, roles=("steward",))
    with pytest.raises(Forbidden):
        await decisions.vote(db, late, proposed.id, "yes", "")
    with pytest.raises(Conflict):
        await decisions.confirm(db, late, proposed.id)
    with pytest.raises(Forbidden):
        await moderate.end(db, late, proposed.id)
    with pytest.raises(Invalid):
        await decisions.vote(db, ana, proposed.id, "perhaps", "")


async def test_a_vote_for_which_only_one_could_vote_stands_alone(db: Db) -> None:
    (ana,) = await stewards(db, 1)
    await by_vote(db)
    measure = await moderate.take(db, ana, BLOCK)
    assert (measure.state, measure.stands_alone, measure.lapses_at) == ("executed", True, None)
    assert measure.review_at
    assert "by one person" in ((await entries(db))[-1].public or "")


async def test_an_emergency_lapses_after_72_hours_once_also_after_the_node_was_away(db: Db) -> None:
    ana, _ = await stewards(db, 2)
    bad = await a_remote_actor(db, host="https://evil.example")
    measure = await moderate.take(db, ana, NOW)
    assert measure.lapses_at
    assert timedelta(hours=71) < measure.lapses_at - datetime.now(UTC) <= timedelta(hours=72)
    assert await decisions.close_due(db) == 0
    await db.execute("UPDATE measures SET lapses_at = now() - interval '9 days' WHERE id = $1", measure.id)
    assert await decisions.close_due(db) == 1
    assert await decisions.close_due(db) == 0
    assert (await measures.get(db, measure.id)).ended_why == "lapsed"
    assert not (await actors.get(db, bad.id)).host_suspended
    assert (await kinds(db))[-1] == "measure.lapsed"


async def test_an_emergency_that_is_confirmed_stands(db: Db) -> None:
    ana, bo = await stewards(db, 2)
    measure = await moderate.take(db, ana, NOW)
    with pytest.raises(Forbidden):
        await decisions.confirm(db, ana, measure.id)
    kept = await decisions.confirm(db, bo, measure.id)
    assert (kept.lapses_at, kept.stands_alone, kept.confirmed_by) == (None, False, bo.account.id)
    assert await decisions.close_due(db) == 0
    assert (await kinds(db))[-1] == "measure.confirmed"
    with pytest.raises(Conflict):
        await decisions.confirm(db, bo, measure.id)


async def test_an_emergency_can_be_kept_by_vote_and_is_undone_by_one(db: Db) -> None:
    ana, bo = await stewards(db, 2)
    await by_vote(db)
    measure = await moderate.take(db, ana, NOW)
    kept = await decisions.vote(db, bo, measure.id, "yes", "")
    assert (kept.state, kept.lapses_at) == ("executed", None)
    await moderate.end(db, ana, measure.id)
    again = await moderate.take(db, ana, NOW)
    assert (await decisions.vote(db, bo, again.id, "no", "")).ended_why == "lapsed"
    assert not await in_force(db)


async def test_after_its_time_nobody_confirms_an_emergency_although_nobody_has_undone_it(db: Db) -> None:
    ana, bo = await stewards(db, 2)
    measure = await moderate.take(db, ana, NOW)
    await make_due(db, measure)
    with pytest.raises(Conflict):
        await decisions.confirm(db, bo, measure.id)


async def test_an_emergency_that_nobody_confirmed_is_no_emergency_again(db: Db) -> None:
    """Else one moderator alone would suspend for ever, 72 hours at a time."""
    ana, bo = await stewards(db, 2)
    await moderate.end(db, ana, (await moderate.take(db, ana, NOW)).id)
    for who in (ana, bo):
        with pytest.raises(Invalid):
            await moderate.take(db, who, NOW)
    proposed = await moderate.take(db, ana, BLOCK)
    assert (proposed.state, await in_force(db)) == ("proposed", False)
    await moderate.end(db, ana, proposed.id)
    await db.execute("UPDATE measures SET executed_at = executed_at - interval '31 days'")
    assert (await moderate.take(db, ana, NOW)).lapses_at


async def test_a_proposal_that_nobody_confirms_is_over_one_day(db: Db) -> None:
    ana, bo = await stewards(db, 2)
    proposed = await moderate.take(db, ana, BLOCK)
    with pytest.raises(Conflict):
        await moderate.take(db, bo, BLOCK)
    await make_due(db, proposed)
    with pytest.raises(Conflict):
        await decisions.confirm(db, bo, proposed.id)
    await decisions.close_due(db)
    assert (await measures.get(db, proposed.id)).ended_why == "expired"
    assert await kinds(db) == ["measure.proposed", "measure.expired"]


async def test_who_it_is_about_neither_confirms_nor_lifts_it_nor_is_on_the_roll(db: Db) -> None:
    ana, bo, cy = await stewards(db, 3)
    await by_vote(db, "suspend")
    proposed = await moderate.take(db, ana, Order(kind="suspend", target_kind="actor", target=cy.actor.uri))
    with pytest.raises(Forbidden):
        await decisions.vote(db, cy, proposed.id, "no", "")
    limit = await moderate.take(db, ana, Order(kind="limit", target_kind="actor", target=cy.actor.uri))
    with pytest.raises(Forbidden):
        await moderate.end(db, cy, limit.id)
    assert (await ballots.count(db, proposed.id)).roll == 2
    await decision_rules.put(db, Rule(kind="suspend", how="second", quorum=50, days=7))
    other = await moderate.take(db, cy, Order(kind="suspend", target_kind="actor", target=bo.actor.uri))
    with pytest.raises(Forbidden):
        await decisions.confirm(db, bo, other.id)


@pytest.mark.parametrize("kind", ["purge"])
async def test_what_cannot_be_undone_is_not_done_at_once(db: Db, kind: moderate.Kind) -> None:
    ana, _ = await stewards(db, 2)
    cy = await a_member(db)
    await moderate.take(db, ana, Order(kind="suspend", target_kind="actor", target=cy.actor.uri, at_once=True))
    with pytest.raises(Invalid):
        await moderate.take(db, ana, Order(kind=kind, target_kind="actor", target=cy.actor.uri, at_once=True))


async def test_the_rules_themselves_are_changed_by_two(db: Db) -> None:
    ana, bo = await stewards(db, 2)
    wanted = {"server_limit": Rule(kind="server_limit", how="second", quorum=50, days=3)}
    with pytest.raises(Forbidden):
        await propose_rules(db, await a_member(db, roles=("moderator",)), wanted, "")
    proposed = await propose_rules(db, ana, wanted, "calmer")
    assert proposed
    assert (await decision_rules.get(db, "server_limit")).how == "alone"
    done = await decisions.confirm(db, bo, proposed.id)
    assert (done.state, done.ended_why) == ("ended", "done")
    assert await decision_rules.get(db, "server_limit") == wanted["server_limit"]
    assert await propose_rules(db, ana, wanted, "") is None
    bad = {"server_limit": Rule(kind="server_limit", how="vote", quorum=0, days=99)}
    with pytest.raises(Invalid) as wrong:
        await propose_rules(db, ana, bad, "")
    assert {one.field for one in wrong.value.problems} == {"server_limit.quorum", "server_limit.days"}
    waits = await moderate.take(db, ana, Order(kind="limit", target_kind="domain", target="loud.example"))
    assert waits.state == "proposed"


async def both(database: Database, *deeds: object) -> list[object]:
    """Do deeds at the same moment, each in a transaction of its own; what came of each."""

    async def one(deed: object) -> object:
        async with database.pool.acquire() as db, db.transaction():
            return await deed(db)  # type: ignore[operator]

    return list(await asyncio.gather(*(one(deed) for deed in deeds), return_exceptions=True))


async def test_of_two_who_confirm_at_once_one_does(database: Database) -> None:
    async with database.pool.acquire() as db:
        ana, bo, cy = await stewards(db, 3)
        proposed = await moderate.take(db, ana, BLOCK)
    done = await both(
        database,
        lambda db: decisions.confirm(db, bo, proposed.id),
        lambda db: decisions.confirm(db, cy, proposed.id),
    )
    assert sorted(type(one).__name__ for one in done) == ["Conflict", "Measure"]
    async with database.pool.acquire() as db:
        assert (await kinds(db)).count("measure.executed") == 1


async def test_of_two_rounds_that_let_an_emergency_lapse_one_does(database: Database) -> None:
    async with database.pool.acquire() as db:
        ana, bo = await stewards(db, 2)
        measure = await moderate.take(db, ana, NOW)
        await make_due(db, measure)
    await both(database, decisions.close_due, decisions.close_due, lambda db: decisions.confirm(db, bo, measure.id))
    async with database.pool.acquire() as db:
        await decisions.close_due(db)
        assert (await kinds(db)).count("measure.lapsed") == 1
        assert "measure.confirmed" not in await kinds(db)
        assert not await in_force(db)


async def test_of_the_same_measure_proposed_twice_at_once_one_is(database: Database) -> None:
    async with database.pool.acquire() as db:
        ana, bo = await stewards(db, 2)
    done = await both(database, lambda db: moderate.take(db, ana, BLOCK), lambda db: moderate.take(db, bo, BLOCK))
    assert sorted(type(one).__name__ for one in done) == ["Conflict", "Measure"]
