"""Bodies that come slowly keep nobody out, take little memory, and do not stay for ever; those that come in pieces are
what was sent."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

import node
from node.web.bodies import BODIES
from schemas.limits import BODIES_BYTES_ALL, BODIES_BYTES_OF_ONE, BODIES_OF_ONE, REQUEST_BYTES
from tests.node.pages.conftest import Hub, base, cheap_passwords, hub, unfounded

__all__ = ["base", "cheap_passwords", "hub", "unfounded"]

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def begin(hub: Hub, path: str, length: int, body: bytes, kind: str = "application/json", of: str = "1") -> Line:
    """A request of which so much is sent."""
    port = int(hub.browser().base.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(f"127.0.0.{of}", 0))
    fields = {"Host": "x", "Connection": "close", "Content-Type": kind, "Content-Length": length}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    writer.write(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
    await writer.drain()
    return reader, writer


async def taken(hub: Hub, count: int) -> None:
    """Wait until so many places are."""
    async with asyncio.timeout(10):
        while hub.app[BODIES].taken != count:  # noqa: ASYNC110 - it is on the other side
            await asyncio.sleep(0.01)


async def test_what_comes_in_pieces_is_read_as_a_whole_and_files_go_to_their_handler(hub: Hub) -> None:
    said = json.dumps({"client_name": "ä" * 30, "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"}).encode()
    form = b'--b\r\nContent-Disposition: form-data; name="client_name"\r\n\r\nby form\r\n--b\r\n'
    form += b'Content-Disposition: form-data; name="redirect_uris"\r\n\r\nurn:ietf:wg:oauth:2.0:oob\r\n--b--\r\n'
    for kind, body, name in (
        ("application/json", said, "ä" * 30),
        ("multipart/form-data; boundary=b", form, "by form"),
    ):
        reader, writer = await begin(hub, "/api/v1/apps", len(body), body[:50], kind)
        await taken(hub, 1)
        assert hub.app[BODIES].bytes == len(body)
        writer.write(body[50:])
        answer = await asyncio.wait_for(reader.read(), 10)
        assert answer.startswith(b"HTTP/1.1 200"), (kind, answer)
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["name"] == name
        writer.close()
        await taken(hub, 0)
    assert hub.app[BODIES].bytes == 0


async def test_who_sends_slowly_has_a_few_places_and_bytes_and_others_have_theirs(hub: Hub) -> None:
    small = [await begin(hub, "/api/v1/apps", 9, b"{", of="66") for _ in range(BODIES_OF_ONE)]
    await taken(hub, BODIES_OF_ONE)
    large = [await begin(hub, "/sign-in", REQUEST_BYTES, b"x" * 9000, of=str(70 + n // 6)) for n in range(24)]
    await taken(hub, BODIES_OF_ONE + BODIES_BYTES_ALL // REQUEST_BYTES - 1)
    assert BODIES_BYTES_ALL - REQUEST_BYTES < hub.app[BODIES].bytes <= BODIES_BYTES_ALL
    assert hub.app[BODIES]._bytes_of["127.0.0.70"] <= BODIES_BYTES_OF_ONE
    reader, last = await begin(hub, "/api/v1/apps", 9, b"{", of="66")
    assert b" 503 " in await asyncio.wait_for(reader.readline(), 10)
    body = b'{"client_name": "honest", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"}'
    reader, writer = await begin(hub, "/api/v1/apps", len(body), body[:9], of="99")
    writer.write(body[9:])
    assert b" 200 " in await asyncio.wait_for(reader.readline(), 10)
    for _, one in (*small, *large):
        one.close()
    last.close()
    writer.close()
    await taken(hub, 0)
    assert hub.app[BODIES].bytes == 0


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=b"])
async def test_what_does_not_come_is_not_waited_for_for_ever(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("node.web.bodies.BODY_SECONDS", 0.05)
    reader, writer = await begin(hub, "/api/v1/apps", 99, b"--b\r\n", kind)
    assert b" 408 " in await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    await taken(hub, 0)


def test_nobody_asks_whether_a_body_is_left_to_be_read() -> None:
    """It may have been read as a whole already: then a GET with a body would be taken for one without."""
    files = [path for path in Path(node.__path__[0]).rglob("*.py") if "can_read_body" in path.read_text()]
    assert files == []
