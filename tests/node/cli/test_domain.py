"""`allmende domain`: measures on servers from the shell."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from node.cli import main
from node.store.db import Db
from node.store.moderation import log, measures
from tests.factories import a_member, a_remote_actor
from tests.node.cli.conftest import Allmende


async def test_a_block_is_in_force_at_once_and_in_the_log(db: Db, allmende: Allmende) -> None:
    bad = await a_remote_actor(db, host="https://sub.evil.example")
    done = await allmende("domain", "block", "Evil.Example", "--reason", "bots", "--public-reason", "spam")
    assert (done.status, done.err) == (0, "")
    assert "evil.example is blocked." in done.out
    assert await db.fetchval("SELECT host_suspended FROM actors WHERE id = $1", bad.id)
    measure = await measures.find_in_force(db, "suspend", "domain", "evil.example")
    assert measure is not None
    assert (measure.private_reason, measure.public_reason, measure.stands_alone) == ("bots", "spam", True)
    assert [entry.kind async for entry in log.entries(db)] == ["measure.proposed", "measure.executed"]


async def test_where_two_moderators_are_a_block_waits_for_one(db: Db, allmende: Allmende) -> None:
    for _ in range(2):
        await a_member(db, roles=("moderator",))
    done = await allmende("domain", "block", "evil.example")
    assert done.out.startswith("Proposed:")
    assert await measures.find_in_force(db, "suspend", "domain", "evil.example") is None
    done = await allmende("domain", "block", "evil.example", "--at-once")
    assert "evil.example is blocked." in done.out
    done = await allmende("domain", "unblock", "evil.example")
    assert (done.status, await measures.list_proposed(db, "domain")) == (0, [])


async def test_a_limit_may_end_by_itself(db: Db, allmende: Allmende) -> None:
    done = await allmende("domain", "limit", "loud.example", "--until", "2999-01-31")
    assert "loud.example is limited until 2999-01-31 00:00 UTC." in done.out
    measure = await measures.find_in_force(db, "limit", "domain", "loud.example")
    assert measure is not None
    assert measure.ends_at == datetime(2999, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("limit", "loud.example", "--until", "2020-01-31"), "it lies in the past"),
        (("block", "https://evil.example/x"), "“https://evil.example/x” is no domain"),
        (("unblock", "evil..example"), "“evil..example” is no domain"),
    ],
)
def test_what_makes_no_sense_is_refused_before_the_database_is_opened(words: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(main, ["domain", *words])
    assert done.exit_code == 2
    assert said in done.stderr


async def test_the_same_block_twice_is_refused(allmende: Allmende) -> None:
    await allmende("domain", "block", "evil.example")
    done = await allmende("domain", "block", "evil.example")
    assert (done.status, done.err) == (1, "Error: This measure is in force already.\n")


async def test_unblocking_lifts_block_and_limit(db: Db, allmende: Allmende) -> None:
    await allmende("domain", "block", "evil.example")
    await allmende("domain", "limit", "evil.example")
    done = await allmende("domain", "unblock", "EVIL.example")
    assert done.status == 0
    assert await measures.list_in_force(db, "domain") == []


async def test_unblocking_what_is_not_blocked_is_said(allmende: Allmende) -> None:
    done = await allmende("domain", "unblock", "good.example")
    assert (done.status, done.err) == (1, "Error: good.example is neither blocked nor limited.\n")


async def test_the_list_shows_what_is_in_force_and_what_is_proposed(db: Db, allmende: Allmende) -> None:
    done = await allmende("domain", "list")
    assert done.out == "No domain is blocked or limited.\n"
    await allmende("domain", "limit", "loud.example", "--public-reason", "[red]\x1b[2Jloud")
    for _ in range(2):
        await a_member(db, roles=("moderator",))
    await allmende("domain", "block", "evil.example")
    done = await allmende("domain", "list")
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines] == ["Domain", "evil.example", "loud.example"]
    assert "to be blocked" in lines[1]
    assert "[red]\\x1b[2Jloud" in lines[2]
