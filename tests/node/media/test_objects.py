"""Media in a store that speaks S3, reached over HTTP: a stand-in keeps them in a dictionary and checks no signature."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

pytest.importorskip("obstore")

from node.media.objects import ObjectStorage, StoreAway

NAME = "ab/cd.png"


class Store:
    """Objects by the path of their bucket, with what signed the last request."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.authorization = ""

    async def answer(self, request: web.Request) -> web.Response:
        """PUT, DeleteObjects, HEAD and GET, whole or in part."""
        self.authorization = request.headers.get("Authorization", "")
        if request.method == "PUT":
            self.objects[request.path] = await request.read()
            return web.Response(headers={"ETag": '"1"'})
        if request.method == "POST" and "delete" in request.query:
            keys = re.findall("<Key>(.*?)</Key>", await request.text())
            for key in keys:
                self.objects.pop(f"{request.path.rstrip('/')}/{key}", None)
            gone = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
            return web.Response(text=f"<DeleteResult>{gone}</DeleteResult>", content_type="application/xml")
        found = self.objects.get(request.path)
        if found is None:
            return web.Response(status=404)
        headers = {"ETag": '"1"', "Last-Modified": "Mon, 23 Nov 2026 00:00:00 GMT"}
        part = request.http_range
        if part.start is None:
            return web.Response(body=found, headers=headers)
        start, end = part.start, min(part.stop, len(found))
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(found)}"
        return web.Response(status=206, body=found[start:end], headers=headers)


@pytest.fixture
async def served(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Store, str]]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    store, app = Store(), web.Application()
    app.router.add_route("*", "/{path:.*}", store.answer)
    async with TestServer(app) as server:
        yield store, f"s3://media/hub?endpoint=http://127.0.0.1:{server.port}&region=eu-1"


async def test_a_store_in_the_own_network_may_speak_plain_http(served: tuple[Store, str], tmp_path: Path) -> None:
    store, url = served
    kept = ObjectStorage(url)
    (tmp_path / "file").write_bytes(b"0123456789")
    await kept.put(NAME, tmp_path / "file")
    assert store.objects == {f"/media/hub/{NAME}": b"0123456789"}
    assert store.authorization.startswith("AWS4-HMAC-SHA256 Credential=key/")
    found = await kept.find(NAME)
    assert found is not None
    assert found.size == 10
    assert b"".join([piece async for piece in kept.read(NAME, 2, 5)]) == b"234"
    await kept.remove([NAME])
    assert await kept.find(NAME) is None


async def test_a_store_that_is_away_is_said_to_be(
    monkeypatch: pytest.MonkeyPatch, served: tuple[Store, str], tmp_path: Path, unused_tcp_port: int
) -> None:
    monkeypatch.setattr("node.media.objects.MEDIA_STORE_RETRIES", 0)
    kept = ObjectStorage(f"s3://media?endpoint=http://127.0.0.1:{unused_tcp_port}&region=eu-1")
    (tmp_path / "file").write_bytes(b"0")
    with pytest.raises(StoreAway):
        await kept.put(NAME, tmp_path / "file")
    with pytest.raises(StoreAway):
        await kept.find(NAME)
    with pytest.raises(StoreAway):
        await anext(kept.list_all())


def test_a_node_with_a_store_that_cannot_be_does_not_start(tmp_path: Path) -> None:
    environment = os.environ | {"ALLMENDE_MEDIA_URL": "s3://media?allow_http=true", "ALLMENDE_DATA": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-m", "node", "serve"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "ALLMENDE_MEDIA_URL" in ended.stderr
    assert list(tmp_path.iterdir()) == []
