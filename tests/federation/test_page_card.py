"""What pages say of themselves, and what of it is believed."""

from __future__ import annotations

import asyncio
import time

import pytest
from aiohttp import web

from federation.client import GuardedClient
from federation.outcomes import FetchFailed, FetchRefused, Refusal
from federation.page_card import fetch_card, first_link, read_card
from schemas.limits import CARD_BYTES, CARD_HEAD_BYTES
from tests.peer import Peer

URL = "https://pages.example/a/b.html"


def test_open_graph_comes_before_plain_html() -> None:
    card = read_card(
        b"""<html lang="de-AT"><head><title>Plain</title>
        <meta name="description" content="plain words"><meta property="og:title" content="Lamps &amp; benches">
        <meta property="og:description" content="How we <b>repair</b>"><meta property="og:image" content="../i.png">
        <meta property="og:site_name" content="Werkhof">
        <meta property="article:published_time" content="2026-03-01T10:00:00Z">
        <meta name="author" content="Ana"></head><body><meta property="og:title" content="late"></body>""",
        URL,
    )
    assert card is not None
    assert (card.title, card.image, card.provider) == ("Lamps & benches", "https://pages.example/i.png", "Werkhof")
    assert (card.language, card.author) == ("de-AT", "Ana") and "<b>" not in card.description
    assert card.published is not None and card.published.year == 2026


def test_a_page_without_open_graph_has_its_title_and_host() -> None:
    card = read_card(b"<title>Only this</title>", URL)
    assert card is not None and (card.title, card.provider, card.image) == ("Only this", "pages.example", None)


@pytest.mark.parametrize("head", [b"", b"<p>No title</p>", b"<title>  </title>", b"\xff\xfe\x00", b"<title"])
def test_a_page_without_a_title_has_no_card(head: bytes) -> None:
    assert read_card(head, URL) is None


@pytest.mark.parametrize("image", ["javascript:alert(1)", "data:image/png;base64,AA", "file:///etc/passwd"])
def test_a_picture_is_only_taken_from_the_web(image: str) -> None:
    card = read_card(f'<title>x</title><meta property="og:image" content="{image}">'.encode(), URL)
    assert card is not None and card.image is None


def test_other_alphabets_are_read_as_the_page_says() -> None:
    card = read_card('<meta charset="iso-8859-1"><title>Café</title>'.encode("iso-8859-1"), URL)
    assert card is not None and card.title == "Café"
    broken = read_card("<title>Café</title>".encode(), URL, "no-such-charset")
    assert broken is not None and broken.title == "Café"


def test_very_long_words_are_cut() -> None:
    card = read_card(b"<title>" + b"x" * 100_000 + b"</title>", URL)
    assert card is not None and len(card.title) <= 200


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<p><a href="https://a.example/">a</a> <a href="https://b.example/">b</a></p>', "https://a.example/"),
        ('<a href="https://a.example/@bo" class="u-url mention">@bo</a>', None),
        ('<a href="https://a.example/tags/x" class="mention hashtag" rel="tag">#x</a>', None),
        ('<p class="quote-inline">RE: <a href="https://a.example/1">1</a></p><p>Hm</p>', None),
        ('<a href="mailto:a@a.example">write</a>', None),
        ("<p>no link</p>", None),
    ],
)
def test_the_first_link_that_is_no_name_counts(html: str, found: str | None) -> None:
    assert first_link(html) == found


async def test_a_page_is_asked_for_its_head_only(client: GuardedClient, peer: Peer) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "text/html; charset=utf-8"})
        await answer.prepare(request)
        await answer.write(b"<html><head><title>Here</title></he")
        await answer.write(b"ad><body>")
        await asyncio.Event().wait()
        return answer

    card = await fetch_card(client, peer.answer_with("/page", endless))
    assert card is not None and card.title == "Here"
    assert peer.received[0].header("Signature") is None


@pytest.mark.parametrize("kind", ["json", "bomb", "told"])
async def test_what_is_no_page_or_too_large_is_refused(client: GuardedClient, peer: Peer, kind: str) -> None:
    peer.serve("/json", {"title": "x"}, content_type="application/json")
    peer.bomb("/bomb", "gzip", CARD_BYTES * 2, content_type="text/html")
    peer.stream("/told", b"x", times=1, content_type="text/html", headers={"Content-Length": str(CARD_BYTES + 1)})
    if kind == "bomb":
        assert await fetch_card(client, peer.url("/bomb")) is None  # read only so far
        return
    with pytest.raises(FetchRefused) as caught:
        await fetch_card(client, peer.url(f"/{kind}"))
    assert caught.value.reason is (Refusal.ANSWER_TYPE if kind == "json" else Refusal.SIZE)


async def test_a_page_that_is_gone_has_no_card(client: GuardedClient, peer: Peer) -> None:
    with pytest.raises(FetchFailed):
        await fetch_card(client, peer.url("/nowhere"))


@pytest.mark.parametrize("piece", ["<", "<a ", "<!--", "<![CDATA[", "<title>", '<meta name="a', "</", "&#", "<?"])
def test_a_page_full_of_nonsense_is_read_in_a_moment(piece: str) -> None:
    started = time.process_time()
    read_card((piece * CARD_HEAD_BYTES).encode()[:CARD_HEAD_BYTES], URL)
    assert time.process_time() - started < 10
