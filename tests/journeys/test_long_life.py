"""Ten minutes at half of what a hub can take, or longer where it can take less, leave it as it was: the same memory, no
connection and no file more, and nothing waiting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from statistics import mean

import pytest

from tests.bench.hosts import hosts
from tests.bench.loads import SENDING_HOSTS, a_token
from tests.bench.soak import LONGER, soak
from tests.journeys.conftest import Hub

MakeHub = Callable[..., Awaitable[Hub]]

SECONDS = 600.0
PER_SECOND = 200.0
GROWTH_MIB = 8.0
"""What a process may gain from its second to its last quarter; a leak of 100 bytes an activity would be more."""
WARM_AFTER = 60_000
"""Of so many activities a quarter fills what a process remembers, which is bounded; it grows until then."""


@pytest.mark.full
@pytest.mark.timeout(LONGER * SECONDS + 300)
async def test_after_ten_minutes_at_half_load_nothing_has_grown(hubs: MakeHub) -> None:
    hub = await hubs("Bern", "127.0.0.2")
    async with hosts(SENDING_HOSTS) as others:
        seen = await soak(hub, others, await a_token(hub), SECONDS, PER_SECOND, WARM_AFTER)
    print(seen.activities, [round(one.node_mib, 1) for one in seen.moments])  # noqa: T201 - shown where it fails
    quarter = len(seen.moments) // 4
    early, late = seen.moments[quarter : 2 * quarter], seen.moments[-quarter:]
    assert seen.failed == 0
    assert seen.activities > 5000
    assert max(one.connections for one in late) <= max(one.connections for one in early) + 1
    assert mean(one.open_files for one in late) <= mean(one.open_files for one in early) + 5
    assert seen.moments[-1].waiting == 0
    assert seen.moments[-1].rows["sessions"] == seen.moments[-1].rows["jobs"] == 0
    if seen.activities < WARM_AFTER:
        pytest.skip(f"only {seen.activities} activities on so busy a machine: whether memory stays was not seen")
    assert seen.memory_growth_mib < GROWTH_MIB
