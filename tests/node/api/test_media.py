"""Files are uploaded by programs, named in drafts, and nobody else's can be."""

from __future__ import annotations

import io
from typing import Any

import aiohttp
import pytest

from node.jobs import media as media_jobs
from schemas.limits import REQUEST_BYTES, UPLOAD_REQUEST_BYTES
from schemas.records import Viewer
from tests import files
from tests.node.api.conftest import BASE, Answer, Hub, Program

POST = {"text": "Look", "language": "en"}


async def upload(
    hub: Hub, program: Program, content: bytes = files.image(), name: str = "a.png", **fields: str
) -> Answer:
    """Send a file in a form."""
    form = aiohttp.FormData(fields, default_to_multipart=True)
    form.add_field("file", io.BytesIO(content), filename=name, content_type="text/html")
    address = hub.server.make_url(f"{BASE}/media")
    async with hub.session.post(address, data=form, headers=program._headers) as response:
        return Answer(response.status, response.headers, await response.json())


async def with_picture(program: Program, medium_id: str, **more: Any) -> Answer:
    return await program.post("/posts", POST | {"attachments": [{"media_id": medium_id, "alt": "a boat"}]} | more)


async def test_a_picture_is_uploaded_and_published(hub: Hub, program: Program) -> None:
    answer = await upload(hub, program, alt="a red boat", focus="0.5, -0.25")
    assert answer.status == 201
    assert answer.json["state"] == "ready"
    assert (answer.json["media_type"], answer.json["alt"], answer.json["focus"]) == (
        "image/jpeg",
        "a red boat",
        [0.5, -0.25],
    )
    published = await with_picture(program, answer.json["id"])
    assert published.status == 201
    (shown,) = published.json["attachments"]
    assert shown["url"] == answer.json["url"]
    assert shown["preview_url"] == answer.json["preview_url"]
    assert shown["alt"] == "a boat"


async def test_a_film_is_published_once_it_is_ready(hub: Hub, program: Program) -> None:
    answer = await upload(hub, program, files.film(), "talk.mp4")
    assert (answer.status, answer.json["state"], answer.json.get("url")) == (202, "waiting", None)
    too_early = await with_picture(program, answer.json["id"])
    assert (too_early.status, too_early.json["problems"][0]["field"]) == (422, "attachments.0.media_id")
    await media_jobs.process_media(hub.node, int(answer.json["id"]))
    seen = await program.get(f"/media/{answer.json['id']}")
    assert (seen.status, seen.json["state"], seen.json["kind"]) == (200, "ready", "video")
    assert (await with_picture(program, answer.json["id"])).status == 201


async def test_case_81_a_medium_of_somebody_else_cannot_be_attached_or_seen(hub: Hub, program: Program) -> None:
    medium_id = (await upload(hub, program)).json["id"]
    eve = await hub.program_of(await hub.member("eve"))
    refused = await with_picture(eve, medium_id)
    assert (refused.status, refused.json["problems"][0]["field"]) == (422, "attachments.0.media_id")
    assert (await eve.get(f"/media/{medium_id}")).status == 404
    assert (await eve.get("/media/77")).status == 404
    assert (await hub.stranger.get(f"/media/{medium_id}")).status == 401


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg"), (b"<!doctype html>", "a.jpg"), (b"", "a.png")],
)
async def test_case_75_a_file_that_is_not_taken_is_named(hub: Hub, program: Program, content: bytes, name: str) -> None:
    answer = await upload(hub, program, content, name)
    assert answer.status == 422
    assert [one["field"] for one in answer.json["problems"]] == ["file"]
    assert await hub.db.fetchval("SELECT count(*) FROM media") == 0


@pytest.mark.parametrize("focus", ["x", "1", "1,2,3", "7,0", "nan,0"])
async def test_a_focus_that_is_none_is_named(hub: Hub, program: Program, focus: str) -> None:
    answer = await upload(hub, program, focus=focus)
    assert (answer.status, answer.json["problems"][0]["field"]) == (422, "focus")


async def test_case_80_nothing_else_in_the_form_is_heeded(hub: Hub, program: Program) -> None:
    answer = await upload(hub, program, url="http://10.0.0.1/", format="svg", owner_id="1", path="../x")
    assert answer.status == 201
    assert answer.json["media_type"] == "image/jpeg"


async def test_a_stranger_uploads_nothing(hub: Hub) -> None:
    assert (await upload(hub, hub.stranger)).status == 401
    assert (await upload(hub, hub.program("nonsense"))).status == 401


async def test_a_program_that_may_only_read_uploads_nothing(hub: Hub, ana: Viewer) -> None:
    assert (await upload(hub, await hub.program_of(ana, "read"))).status == 403


async def test_who_may_not_publish_uploads_nothing(hub: Hub, ana: Viewer, program: Program) -> None:
    await hub.db.execute("DELETE FROM mandates WHERE account_id = $1", ana.account.id)
    assert (await upload(hub, program)).status == 403


async def test_case_56_a_stranger_cannot_send_much(hub: Hub) -> None:
    assert (await upload(hub, hub.stranger, bytes(REQUEST_BYTES + 1))).status == 401  # nothing of it is read
    assert (await upload(hub, hub.program("nonsense"), bytes(REQUEST_BYTES + 1))).status == 413


async def test_case_56_a_member_cannot_send_without_end(hub: Hub, program: Program) -> None:
    answer = await upload(hub, program, bytes(UPLOAD_REQUEST_BYTES + 1))
    assert answer.status == 413


async def test_a_large_picture_fits(hub: Hub, program: Program) -> None:
    content = files.image() + bytes(5 * REQUEST_BYTES)
    assert (await upload(hub, program, content)).status == 201


@pytest.mark.parametrize("how", ["no file", "no form"])
async def test_a_form_without_a_file_is_refused(hub: Hub, program: Program, how: str) -> None:
    if how == "no form":
        assert (await program.post("/media", {"file": "x"})).status == 415
        return
    form = aiohttp.FormData({"file": "just words"}, default_to_multipart=True)
    address = hub.server.make_url(f"{BASE}/media")
    async with hub.session.post(address, data=form, headers=program._headers) as response:
        assert response.status == 422


async def test_media_of_a_deleted_post_are_gone_at_once(hub: Hub, program: Program) -> None:
    medium = (await upload(hub, program)).json
    post = await with_picture(program, medium["id"])
    path = medium["url"].partition("/media/")[2]
    async with hub.session.get(hub.server.make_url(f"/media/{path}")) as response:
        assert response.status == 200
    assert (await program.ask("DELETE", f"/posts/{post.json['id']}")).status == 204
    async with hub.session.get(hub.server.make_url(f"/media/{path}")) as response:
        assert response.status == 404
