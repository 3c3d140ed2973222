"""How a hub looks: chosen in the panel, seen on its pages."""

from __future__ import annotations

import re

from tests.node.pages.conftest import Browser, Hub

PAGE = "/admin/look"
FRONT = {"block.findings": "1", "block.meetings": "2"}


async def test_a_steward_chooses_colours_theme_and_order(hub: Hub, stranger: Browser) -> None:
    steward = await hub.signed_in("stew", "steward")
    sent = {"theme": "example-coop", "colour": "#7A1F5C", "css": ".hero { border-radius: 2rem }", **FRONT}
    saved = await steward.post(PAGE, sent, form=PAGE)
    assert "Saved." in saved.words
    front = (await stranger.get("/")).text
    address = re.search(r'href="(/look/[0-9a-f]{16}\.css)"', front)
    assert address
    style = await stranger.get(address[1])
    assert "--meadow: #7a1f5c;" in style.text and ".hero { border-radius: 2rem }" in style.text
    assert "immutable" in style.headers["Cache-Control"]
    assert '"#f3f6f8"' in front, "the paper of the chosen theme"
    assert (await stranger.get("/look/0123456789abcdef.css")).status == 404


async def test_what_cannot_be_read_or_asks_others_is_refused_and_kept_in_the_form(hub: Hub) -> None:
    steward = await hub.signed_in("stew", "steward")
    sent = {"theme": "none of ours", "colour": "#ffee88", "accent": "blue", "css": "@import 'x'", **FRONT}
    page = await steward.post(PAGE, sent, form=PAGE)
    assert page.status == 422
    for words in ("its contrast is", "A colour is #", "The style may not ask"):
        assert words in page.words
    assert 'value="#ffee88"' in page.text and "@import" in page.text
    assert "/look/" not in (await steward.get("/")).text
    twice = await steward.post(PAGE, {"block.calls": "1", "block.about": "1"}, form=PAGE)
    assert twice.status == 200, "two at one place stand in their usual order"


async def test_a_reader_chooses_light_or_dark(stranger: Browser) -> None:
    assert "data-scheme" not in (await stranger.get("/")).text
    chosen = await stranger.get("/?scheme=dark")
    assert '<html lang="en" data-scheme="dark">' in chosen.text
    assert 'data-scheme="dark"' in (await stranger.get("/findings")).text
    assert "data-scheme" not in (await stranger.get("/?scheme=device")).text
    assert "data-scheme" not in (await stranger.get("/?scheme=%22%3E")).text
