"""`allmende doctor` beside a real node, and after it has gone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.journeys.conftest import Hub
from tests.node.cli.conftest import run_allmende


async def test_a_hub_that_is_well_is_found_well_and_one_that_is_gone_is_not(
    hubs: Callable[..., Awaitable[Hub]],
) -> None:
    hub = await hubs("Bern", "127.0.0.6")
    done = await run_allmende(hub.folder, hub.environment, "doctor")
    assert (done.status, done.err) == (0, ""), done.out
    assert "can reach this hub at" in done.out
    assert "Others find the hub by its handle @hub@127.0.0.6" in done.out
    assert done.out.endswith("All is well.\n")
    await hub.stop()
    done = await run_allmende(hub.folder, hub.environment, "doctor")
    assert done.status == 1
    assert f"Nobody answers at {hub.base_url}" in done.out
    assert done.err == "Error: 1 thing to put right, see ✗ above.\n"
