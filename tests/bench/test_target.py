"""A target that cannot be measured is told in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from aiohttp import web

from tests.bench.hosts import Hosts
from tests.bench.target import Target, against
from tests.ports import free_port

ADDRESS = "127.0.0.1"
NOBODY = cast(Hosts, None)


async def said(target: Target) -> str:
    with pytest.raises(SystemExit) as ended:
        await against(target, NOBODY, 1, 1)
    return str(ended.value)


async def test_what_is_wrong_with_a_target_is_said() -> None:
    away = f"http://{ADDRESS}:{free_port(ADDRESS)}"
    assert "cannot be reached" in await said(Target(base_url=away, token="x"))
    assert "begins with http://" in await said(Target(base_url="https://hub.example", token="x"))
    assert "no such process" in await said(Target(base_url=away, token="x", pid=2**30))
    assert "no such folder" in await said(Target(base_url=away, token="x", folder=Path("/none/at/all")))


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "--token is wrong"), (403, "scopes"), (404, "Is it a server"), (200, "does not answer as")],
)
async def test_an_answer_that_is_no_account_is_said(status: int, words: str) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text="{", content_type="application/json")

    app, port = web.Application(), free_port(ADDRESS)
    app.router.add_get("/api/v1/accounts/verify_credentials", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, ADDRESS, port).start()
        assert words in await said(Target(base_url=f"http://{ADDRESS}:{port}", token="wrong"))
    finally:
        await runner.cleanup()
