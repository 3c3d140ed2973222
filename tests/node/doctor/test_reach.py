"""Whether the doctor notices what proxies and strangers do to what a hub signs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import msgspec
import pytest
from aiohttp import web

from node.doctor.reach import BODY, check_reach
from node.doctor.remark import Remark
from node.settings import Settings
from node.store.db import Db
from schemas.mirror import PATH, Mirrored
from tests.node.doctor.conftest import Passing, behind_proxy, forwards, patient_at
from tests.peer import hostile_peer


def levels(remarks: list[Remark]) -> list[str]:
    return [remark.level for remark in remarks]


async def test_all_is_well_behind_a_proxy_that_is_trusted(settings: Settings) -> None:
    async with behind_proxy(settings) as (patient, _):
        remarks = await check_reach(patient)
    assert levels(remarks) == ["ok", "ok", "ok"]
    assert "can reach this hub" in remarks[0].says
    assert "says that 198.51.100.4 called" in remarks[2].says


async def test_a_proxy_that_is_not_trusted_is_named(settings: Settings) -> None:
    async with behind_proxy(settings, trusted=False) as (patient, _):
        remarks = await check_reach(patient)
    assert levels(remarks) == ["ok", "ok", "wrong"]
    assert remarks[2].do == "Set ALLMENDE_TRUSTED_PROXIES=127.0.0.1."


async def test_a_proxy_that_hands_on_what_callers_claim_is_found(settings: Settings) -> None:
    def careless(passing: Passing) -> None:
        passing.headers.setdefault("X-Forwarded-For", "198.51.100.4")

    async with behind_proxy(settings, careless) as (patient, _):
        remarks = await check_reach(patient)
    assert levels(remarks) == ["ok", "ok", "ok", "wrong"]
    assert "can pass for any address" in remarks[3].says


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Signature", "bears no signature"),
        ("Date", "0 headers where one is due"),
        ("Digest", "0 headers where one is due"),
        ("Signature-Input", "rfc9421"),
    ],
)
async def test_a_proxy_that_drops_headers_is_found(settings: Settings, header: str, said: str) -> None:
    def dropping(passing: Passing) -> None:
        forwards(passing)
        passing.headers.pop(header, None)

    async with behind_proxy(settings, dropping) as (patient, _):
        remarks = await check_reach(patient)
    assert levels(remarks) == ["wrong"]
    assert "does not arrive as it was sent" in remarks[0].says
    assert said in remarks[0].says


async def test_a_proxy_that_changes_bodies_is_found(settings: Settings) -> None:
    def compacting(passing: Passing) -> None:
        passing.body = passing.body.replace(b" ", b"")

    async with behind_proxy(settings, compacting) as (patient, _):
        remarks = await check_reach(patient)
    assert "(POST, draft-cavage-12)" in remarks[0].says


async def test_a_proxy_that_changes_paths_is_found(settings: Settings) -> None:
    def nesting(passing: Passing) -> None:
        passing.path = f"/hub{passing.path}"

    async with behind_proxy(settings, nesting) as (patient, _):
        remarks = await check_reach(patient)
    assert levels(remarks) == ["wrong"]
    assert "There is nothing at" in remarks[0].says


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (502, "finds no node behind it"),
        (503, "too busy"),
        (301, "sends callers on to another address"),
        (418, "status 418"),
    ],
)
async def test_a_proxy_without_the_node_is_told_apart(settings: Settings, status: int, said: str) -> None:
    def alone(passing: Passing) -> None:
        passing.answer = web.Response(status=status, headers={"Location": "https://www.hub.example/"})

    async with behind_proxy(settings, alone) as (patient, _):
        remarks = await check_reach(patient)
    assert levels(remarks) == ["wrong"]
    assert said in remarks[0].says


async def test_nobody_there_is_said(db: Db, settings: Settings) -> None:
    async with patient_at(db, settings, "http://127.0.0.9:9") as patient:
        remarks = await check_reach(patient)
    assert levels(remarks) == ["wrong"]
    assert remarks[0].says.startswith("Nobody answers at http://127.0.0.9:9")


async def test_another_program_there_is_said(db: Db, settings: Settings) -> None:
    async with hostile_peer("127.0.0.9") as peer:
        peer.serve(PATH, "<p>It works!</p>", content_type="text/html")
        peer.serve("/actor", "<p>It works!</p>", content_type="text/html")
        async with patient_at(db, settings, peer.base_url) as patient:
            remarks = await check_reach(patient)
    assert levels(remarks) == ["wrong"]
    assert "answers with a page where servers ask for ActivityPub" in remarks[0].says


async def test_another_hub_there_is_said(db: Db, settings: Settings) -> None:
    async with hostile_peer("127.0.0.9") as peer:
        peer.serve("/actor", peer.actor | {"id": peer.url("/actor"), "type": "Application"})
        async with patient_at(db, settings, peer.base_url) as patient:
            remarks = await check_reach(patient)
    assert levels(remarks) == ["wrong"]
    assert "Another hub answers" in remarks[0].says


@pytest.mark.parametrize(("seconds", "level"), [(5, "ok"), (120, "warn"), (-4000, "wrong")])
async def test_a_clock_that_is_off_is_found(db: Db, settings: Settings, seconds: int, level: str) -> None:
    async with hostile_peer("127.0.0.9") as peer:

        async def mirror(request: web.Request) -> web.StreamResponse:
            body = await request.read()
            seen = Mirrored(
                host=peer.domain,
                remote="127.0.0.1",
                client="127.0.0.1",
                forwarding={},
                scheme="rfc9421",
                body_bytes=len(body),
                time=datetime.now(UTC),
            )
            date = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
            return web.Response(body=msgspec.json.encode(seen), headers={"Date": date})

        peer.answer_with(PATH, mirror)
        async with patient_at(db, settings, peer.base_url) as patient:
            remarks = await check_reach(patient)
        assert [one.body for one in peer.requests(PATH)] == [b"", BODY, BODY]
    assert levels(remarks) == ["ok", level]
