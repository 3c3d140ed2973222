"""Whether the doctor notices that others cannot find the hub."""

from __future__ import annotations

from aiohttp import web

from federation.build.urls import Urls
from node.doctor.discovery import check_discovery
from node.settings import Settings
from node.store.db import Db
from tests.factories import the_hub
from tests.node.doctor.conftest import Passing, behind_proxy, forwards, patient_at
from tests.peer import hostile_peer


async def test_a_hub_that_is_found_is_fine(settings: Settings) -> None:
    async with behind_proxy(settings) as (patient, node):
        async with node.database.pool.acquire() as db:
            await the_hub(db, Urls(patient.settings.base_url))
        remarks = await check_discovery(patient)
    assert [remark.level for remark in remarks] == ["ok", "ok"]
    assert f"@hub@{patient.urls.domain}" in remarks[0].says


async def test_a_proxy_that_keeps_well_known_for_itself_is_found(settings: Settings) -> None:
    def keeping(passing: Passing) -> None:
        forwards(passing)
        if passing.path.startswith("/.well-known/"):
            passing.answer = web.Response(status=404)

    async with behind_proxy(settings, keeping) as (patient, node):
        async with node.database.pool.acquire() as db:
            await the_hub(db, Urls(patient.settings.base_url))
        remarks = await check_discovery(patient)
    assert [remark.level for remark in remarks] == ["wrong", "wrong"]
    assert all("There is nothing at" in remark.says for remark in remarks)


async def test_a_cache_that_mixes_up_pages_and_documents_is_found(settings: Settings) -> None:
    def caching(passing: Passing) -> None:
        forwards(passing)
        if passing.path.startswith("/actors/"):
            passing.answer = web.Response(text="<p>Hub</p>", content_type="text/html")

    async with behind_proxy(settings, caching) as (patient, node):
        async with node.database.pool.acquire() as db:
            await the_hub(db, Urls(patient.settings.base_url))
        remarks = await check_discovery(patient)
    assert [remark.level for remark in remarks] == ["wrong", "ok"]
    assert "Vary: Accept" in remarks[0].do


async def test_another_program_is_named(db: Db, settings: Settings) -> None:
    async with hostile_peer("127.0.0.9") as peer, patient_at(db, settings, peer.base_url) as patient:
        peer.jrd["subject"] = f"acct:hub@{peer.domain}"
        peer.actor["preferredUsername"] = "hub"
        remarks = await check_discovery(patient)
    assert [remark.level for remark in remarks] == ["wrong", "wrong"]
    assert "and not to this hub" in remarks[0].says
    assert "another program (hostile)" in remarks[1].says
