"""Members like, pass on and bookmark things and answer them from their pages; editors also as the hub."""

from __future__ import annotations

import re

import pytest

from node.store.posts import posts, reactions
from node.wording.showing import page_path
from schemas.records import Post
from tests.node.pages.conftest import Browser, Hub, Page
from tests.node.pages.test_reading import a_thing

BUTTON = re.compile(r'name="deed" value="(\w+)" aria-pressed="(\w+)"')


async def react(browser: Browser, post: Post, deed: str, react_as: str = "me") -> Page:
    path = page_path(post)
    return await browser.post(f"{path}/react", {"deed": deed, "react_as": react_as}, form=path)


async def counts(hub: Hub, post: Post) -> tuple[int, int]:
    found = await posts.get(hub.db, post.id, None)
    return found.likes_count, found.boosts_count


@pytest.mark.parametrize("kind", ["event", "finding", "call", "post"])
async def test_a_member_likes_passes_on_and_bookmarks_a_thing_and_takes_it_back(hub: Hub, kind: str) -> None:
    post, bo = await a_thing(hub, kind), await hub.signed_in("bo")
    for deed in ("like", "boost", "bookmark"):
        page = await react(bo, post, deed)
        assert page.url == hub.base + page_path(post)
    assert BUTTON.findall(page.text) == [("unlike", "true"), ("unboost", "true"), ("unbookmark", "true")]
    assert "1 person likes this · passed on once" in page.words
    assert await counts(hub, post) == (1, 1)
    for deed in ("unlike", "unboost", "unbookmark"):
        page = await react(bo, post, deed)
    assert BUTTON.findall(page.text) == [("like", "false"), ("boost", "false"), ("bookmark", "false")]
    assert await counts(hub, post) == (0, 0)


async def test_an_editor_does_it_as_the_hub(hub: Hub, ana: Browser) -> None:
    bo = await hub.member("bo")
    post = await a_thing(hub, "post", actor=bo.actor)
    page = await react(ana, post, "boost", "hub")
    assert BUTTON.findall(page.text)[3:] == [("like", "false"), ("unboost", "true")]
    boost = await hub.db.fetchrow("SELECT name FROM posts p JOIN actors a ON a.id = actor_id WHERE p.kind = 'boost'")
    assert boost["name"] == "hub"
    await react(ana, post, "unboost", "hub")
    assert await counts(hub, post) == (0, 0)


async def test_only_editors_do_it_as_the_hub(hub: Hub) -> None:
    post, bo = await a_thing(hub, "post"), await hub.signed_in("bo")
    assert "As the hub" not in (await bo.get(page_path(post))).words
    assert (await react(bo, post, "like", "hub")).status == 403
    assert await counts(hub, post) == (0, 0)


async def test_what_is_not_public_is_not_passed_on(hub: Hub) -> None:
    post, bo = await a_thing(hub, "post", audience="hub"), await hub.signed_in("bo")
    assert "boost" not in [deed for deed, _ in BUTTON.findall((await bo.get(page_path(post))).text)]
    assert (await react(bo, post, "boost")).status == 403
    assert (await react(bo, post, "like")).status == 200


async def test_nobody_likes_what_they_may_not_see(hub: Hub) -> None:
    ana = await hub.db.fetchrow("SELECT id FROM actors WHERE name = 'ana'")
    post, bo = await a_thing(hub, "post", audience="direct"), await hub.signed_in("bo")
    page = await bo.post(f"{page_path(post)}/react", {"deed": "like"}, form="/desk")
    assert page.status == 404
    assert not await reactions.exists(hub.db, ana["id"], post.id)


@pytest.mark.parametrize("fields", [{"deed": "adore"}, {}, {"deed": "like", "react_as": "everybody"}])
async def test_a_deed_that_there_is_not_is_refused(hub: Hub, ana: Browser, fields: dict[str, str]) -> None:
    post = await a_thing(hub, "post")
    assert (await ana.post(f"{page_path(post)}/react", fields, form="/desk")).status == 422
    assert await counts(hub, post) == (0, 0)


async def test_a_stranger_sees_how_many_and_no_buttons(hub: Hub, stranger: Browser) -> None:
    post = await a_thing(hub, "finding")
    await react(await hub.signed_in("bo"), post, "like")
    page = await stranger.get(page_path(post))
    assert "1 person likes this" in page.words
    assert not BUTTON.findall(page.text)


async def test_an_answer_is_for_whom_the_thing_is_and_an_editor_may_write_it_as_the_hub(hub: Hub, ana: Browser) -> None:
    bo = await hub.member("bo")
    post = await a_thing(hub, "call", actor=bo.actor, audience="hub")
    path = page_path(post)
    page = await ana.get(path)
    assert 'name="audience" value="hub"' in page.text
    sent = {"in_reply_to": post.uri, "audience": "hub", "text": "We can help.", "acting_as": "hub"}
    await ana.post("/new/post", sent, form=path)
    reply = await hub.db.fetchrow(
        "SELECT name, audience FROM posts p JOIN actors a ON a.id = actor_id WHERE in_reply_to_id = $1", post.id
    )
    assert (reply["name"], reply["audience"]) == ("hub", "hub")
    assert "We can help." in (await ana.get(path)).words
