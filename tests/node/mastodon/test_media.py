"""Uploads from client apps."""

from __future__ import annotations

import asyncio
import io
from urllib.parse import urlsplit

import aiohttp
import pytest

from node.jobs import media as media_jobs
from node.store.files import media
from schemas.limits import ALT_CHARS, REQUEST_BYTES
from schemas.records import Viewer
from tests import files
from tests.node.mastodon.conftest import Client, ClientHub
from tests.node.mastodon.streaming.listening import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")


def a_form(body: bytes | None = None, name: str = "bench.png", **fields: str) -> aiohttp.FormData:
    form = aiohttp.FormData(fields, default_to_multipart=True)
    if body is not None:
        form.add_field("file", io.BytesIO(body), filename=name, content_type="text/html")
    return form


async def test_a_picture_is_ready_at_once_with_all_that_clients_assert(client: Client) -> None:
    sent = a_form(files.image(size=(1280, 640)), description="a bench", focus="0.5,-0.25")
    answer = await client.post("/api/v2/media", data=sent)
    assert answer.status == 200
    small = {"width": 640, "height": 320, "size": "640x320", "aspect": 2.0}
    assert answer.json["meta"] == {
        "original": {"width": 1280, "height": 640, "size": "1280x640", "aspect": 2.0},
        "small": small,
        "focus": {"x": 0.5, "y": -0.25},
    }
    assert (answer.json["type"], answer.json["description"], answer.json["remote_url"]) == ("image", "a bench", None)
    assert answer.json["blurhash"]
    assert answer.json["url"].startswith(client.base)
    shown = files.opened(await _body(client, answer.json["preview_url"]))
    assert shown.size == (small["width"], small["height"])
    assert (await client.get(f"/api/v1/media/{answer.json['id']}")).json == answer.json


async def test_the_old_way_of_uploading(client: Client) -> None:
    answer = await client.post("/api/v1/media", data=a_form(files.image() + bytes(2 * REQUEST_BYTES)))
    assert (answer.status, answer.json["type"], answer.json["description"]) == (200, "image", None)


async def test_a_film_is_206_until_it_is_ready_and_comes_back_as_mp4(hub: ClientHub, client: Client) -> None:
    answer = await client.post("/api/v2/media", data=a_form(files.film(), "talk.webm"))
    assert (answer.status, answer.json["type"], answer.json["url"]) == (202, "video", None)
    path = f"/api/v1/media/{answer.json['id']}"
    assert (await client.get(path)).status == 206
    await media_jobs.process_media(hub.node, int(answer.json["id"]))
    ready = await client.get(path)
    assert (ready.status, ready.json["url"].endswith(".mp4")) == (200, True)
    assert ready.json["meta"]["original"]["duration"] > 0
    assert ready.json["meta"]["small"]


async def test_what_could_not_be_processed_is_422(hub: ClientHub, client: Client) -> None:
    answer = await client.post("/api/v2/media", data=a_form(files.film(), "talk.mp4"))
    await media.fail(hub.db, int(answer.json["id"]), "broken")
    assert (await client.get(f"/api/v1/media/{answer.json['id']}")).status == 422


async def test_a_film_may_have_a_preview_of_its_own(hub: ClientHub, client: Client) -> None:
    form = a_form(files.film(), "talk.mp4")
    form.add_field("thumbnail", files.image(size=(90, 60)), filename="still.png")
    answer = await client.post("/api/v2/media", data=form)
    await media_jobs.process_media(hub.node, int(answer.json["id"]))
    ready = (await client.get(f"/api/v1/media/{answer.json['id']}")).json
    assert files.opened(await _body(client, ready["preview_url"])).size == (90, 60)
    assert ready["preview_url"].endswith(".png")
    assert (ready["meta"]["small"]["size"], ready["meta"]["original"]["size"] != "90x60") == ("90x60", True)
    form = a_form()
    form.add_field("thumbnail", files.sound(), filename="still.mp3")
    assert (await client.put(f"/api/v1/media/{answer.json['id']}", data=form)).status == 422


async def test_an_upload_is_described_and_taken_back(hub: ClientHub, client: Client) -> None:
    path = await _uploaded(client)
    changed = await client.put(path, {"description": "a table", "focus": "0,1"})
    assert (changed.json["description"], changed.json["meta"]["focus"]) == ("a table", {"x": 0.0, "y": 1.0})
    assert (await client.put(path, {"focus": "1"})).status == 422
    assert (await client.put(path, {"focus": "2,0"})).status == 422
    assert (await client.put(path, {"description": "x" * (ALT_CHARS + 1)})).status == 422
    assert (await client.delete(path)).json == {}
    assert (await client.get(path)).status == 404


async def test_what_is_published_is_neither_described_nor_taken_back_alone(
    hub: ClientHub, client: Client, ana: Viewer
) -> None:
    path = await _uploaded(client)
    number = path.rpartition("/")[2]
    await hub.publish(ana, attachments=[{"media_id": number, "alt": "a bench"}])
    assert (await client.put(path, {"description": "other"})).status == 422
    assert (await client.delete(path)).status == 422
    assert (await client.get(path)).status == 200


async def test_case_81_nobody_else_sees_or_changes_an_upload(client: Client, bos_client: Client) -> None:
    path = await _uploaded(client)
    for method in ("GET", "PUT", "DELETE"):
        assert (await bos_client.ask(method, path)).status == 404


@pytest.mark.parametrize(
    "sent", [a_form(None, x="y"), a_form(b"<svg/>", "a.svg"), a_form(b"", "a.png"), a_form(files.image(), focus="a,b")]
)
async def test_what_is_no_medium_is_refused(client: Client, sent: aiohttp.FormData) -> None:
    answer = await client.post("/api/v2/media", data=sent)
    assert answer.status == 422
    assert answer.json["error"].startswith("Validation failed: ")


async def test_uploading_needs_the_scope_and_a_member(hub: ClientHub, ana: Viewer) -> None:
    reader = await hub.client_of(ana, "read", "write:statuses")
    assert (await reader.post("/api/v2/media", data=a_form(files.image()))).status == 403
    assert (await hub.stranger.post("/api/v2/media", data=a_form(files.image()))).status == 401
    large = await hub.stranger.post("/api/v2/media", data=a_form(bytes(REQUEST_BYTES + 1)))
    assert large.status == 401


async def _uploaded(client: Client) -> str:
    answer = await client.post("/api/v2/media", data=a_form(files.image()))
    return f"/api/v1/media/{answer.json['id']}"


async def _body(client: Client, url: str) -> bytes:
    async with client.session.get(url) as answer:
        assert answer.status == 200
        return await answer.read()


async def test_who_may_not_upload_is_told_before_the_file_is_read(hub: ClientHub, client: Client) -> None:
    reader = await hub.client_of(await hub.newcomer(), "read")
    large = b"\0" * (REQUEST_BYTES + 1)
    for asker, status in ((hub.stranger, 401), (hub.client("nobody's"), 401), (reader, 403), (client, 422)):
        for path in ("/api/v1/media", "/api/v2/media"):
            answer = await asker.post(path, data=a_form(large, "x.bin"))
            assert answer.status == status, (path, answer.text)


async def test_whoever_only_announces_a_file_is_refused_at_once(hub: ClientHub) -> None:
    there = urlsplit(hub.base)
    reader, writer = await asyncio.open_connection(there.hostname, there.port)
    head = f"POST /api/v2/media HTTP/1.1\r\nHost: {there.netloc}\r\nAuthorization: Bearer nobodys\r\n"
    writer.write(f"{head}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 40000000\r\n\r\n".encode())
    async with asyncio.timeout(PATIENCE):
        assert b"401" in await reader.readline(), "not one byte of the file was waited for"
    writer.close()


async def test_a_gif_that_moves_and_a_film_without_sound_play_by_themselves(hub: ClientHub, client: Client) -> None:
    gif = await client.post("/api/v2/media", data=a_form(files.animation(), "cat.gif"))
    assert (gif.status, gif.json["type"], gif.json["url"].endswith(".mp4")) == (200, "gifv", True)
    assert gif.json["meta"]["original"]["duration"] == 0.4
    for film, kind in ((files.film(audio=None), "gifv"), (files.film(), "video")):
        sent = (await client.post("/api/v2/media", data=a_form(film, "talk.webm"))).json
        await media_jobs.process_media(hub.node, int(sent["id"]))
        assert (await client.get(f"/api/v1/media/{sent['id']}")).json["type"] == kind
    shown = (await client.post("/api/v1/statuses", {"status": "Look", "media_ids": [gif.json["id"]]})).json
    assert [one["type"] for one in shown["media_attachments"]] == ["gifv"]
    [state] = (await client.get(f"/api/v1/statuses/{shown['id']}/history")).json
    assert [one["type"] for one in state["media_attachments"]] == ["gifv"]
