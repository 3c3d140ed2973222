"""What was promised is there although the node was killed at once, and hosts that hang hold up nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.bench import faults, loads
from tests.bench.hosts import hosts
from tests.journeys.conftest import Hub

MakeHub = Callable[..., Awaitable[Hub]]

FOLLOWERS = 60
HOSTS = 20
SLOWER = 1.5
"""How much later healthy hosts may have a post; and a moment, since it is a short run."""
MOMENT = 2.0


async def test_all_that_was_accepted_is_there_after_sigkill(hubs: MakeHub) -> None:
    hub = await hubs("Bern", "127.0.0.2")
    async with hosts(loads.SENDING_HOSTS) as others:
        kept = await faults.killed_after_accepting(hub, others, 200)
    assert kept.kept == kept.promised


async def test_everybody_has_a_post_though_the_node_was_killed_while_it_went_out(hubs: MakeHub) -> None:
    hub = await hubs("Bern", "127.0.0.2")
    async with hosts(HOSTS) as others:
        await loads.followed(hub, others, FOLLOWERS)
        kept = await faults.killed_in_fan_out(hub, others, FOLLOWERS)
    assert kept.kept == kept.promised


async def test_hosts_that_hang_do_not_hold_up_the_others(hubs: MakeHub) -> None:
    hub = await hubs("Bern", "127.0.0.2")
    async with hosts(HOSTS) as others:
        await loads.followed(hub, others, FOLLOWERS)
        slowed = await faults.with_hanging_hosts(hub, others, FOLLOWERS, posts=2)
    assert max(slowed.hanging) < slowed.usual * SLOWER + MOMENT
