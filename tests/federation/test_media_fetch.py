"""Remote files end up complete in a file of ours, or not at all."""

import asyncio
from pathlib import Path

import pytest

from federation.client import GuardedClient
from federation.media_fetch import FetchedMedia, fetch_media
from federation.outcomes import Failure, FetchFailed, FetchGone, FetchRefused, Refusal
from tests.peer import Peer, raw_server


def left(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_a_file_is_streamed_to_disk(client: GuardedClient, peer: Peer, tmp_path: Path) -> None:
    url = peer.stream("/a.png", b"0123456789" * 10_000, times=20, content_type="image/png")
    media = await fetch_media(client, url, tmp_path / "a")
    assert media == FetchedMedia(url=url, size=2_000_000, content_type="image/png")
    assert (tmp_path / "a").read_bytes() == b"0123456789" * 200_000
    assert peer.received[0].header("Accept-Encoding") == "identity"
    assert peer.received[0].header("Signature") is None


@pytest.mark.parametrize("kind", ["endless", "bomb", "told"])
async def test_case_53_a_file_over_the_limit_leaves_nothing(
    client: GuardedClient, peer: Peer, tmp_path: Path, kind: str
) -> None:
    peer.stream("/endless", b"x" * 65536)
    peer.bomb("/bomb", "gzip", 3_000_000)
    peer.stream("/told", b"x", times=1, headers={"Content-Length": "3000000"})
    with pytest.raises(FetchRefused) as caught:
        await fetch_media(client, peer.url(f"/{kind}"), tmp_path / "a", max_bytes=1_000_000)
    assert caught.value.reason is Refusal.SIZE
    assert left(tmp_path) == []


async def test_a_file_cut_short_leaves_nothing(client: GuardedClient, tmp_path: Path) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n0123456789")
        await writer.drain()

    async with raw_server(talk) as base:
        with pytest.raises(FetchFailed) as caught:
            await fetch_media(client, base + "/a.png", tmp_path / "a")
    assert caught.value.failure is Failure.DISCONNECTED
    assert left(tmp_path) == []


async def test_a_slow_file_meets_the_deadline(
    client: GuardedClient, peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("federation.media_fetch.MEDIA_SECONDS", 0.4)
    with pytest.raises(FetchFailed) as caught:
        await fetch_media(client, peer.stream("/a", b"x", pause=0.05), tmp_path / "a")
    assert caught.value.failure is Failure.TIMEOUT
    assert left(tmp_path) == []


async def test_what_is_there_already_is_not_overwritten(client: GuardedClient, peer: Peer, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        await fetch_media(client, peer.serve("/a", b"theirs"), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"mine"


@pytest.mark.parametrize("status", [404, 410, 403, 503])
async def test_other_answers_are_no_files(client: GuardedClient, peer: Peer, tmp_path: Path, status: int) -> None:
    url = peer.serve("/a", b"<html>", status=status)
    with pytest.raises(FetchGone if status in (404, 410) else FetchFailed) as caught:
        await fetch_media(client, url, tmp_path / "a")
    assert caught.value.status == status
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/a.png", "https://localhost/a.png", "http://good.test/a.png", "data:,x"]
)
async def test_case_49_media_go_through_the_same_guard(tmp_path: Path, url: str) -> None:
    async with GuardedClient(user_agent="t", may_federate=lambda host: True) as client:
        with pytest.raises(FetchRefused):
            await fetch_media(client, url, tmp_path / "a")
    assert left(tmp_path) == []
