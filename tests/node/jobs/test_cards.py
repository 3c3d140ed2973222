"""Cards of linked pages: asked for once, shown by every post that links there, never from our own server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from node.jobs.cards import fetch_card
from node.node import Node
from node.store.db import Db
from node.store.posts import cards, post_marks, posts
from schemas.records import Post
from schemas.things import Version
from tests.factories import a_member, a_post, a_remote_actor, a_remote_object
from tests.peer import Peer, hostile_peer

PAGE = """<html lang="en"><head><title>x</title><meta property="og:title" content="Lamps">
<meta property="og:image" content="/lamp.png"></head></html>"""


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with hostile_peer("127.0.0.7") as peer:
        yield peer


async def linking(db: Db, url: str) -> Post:
    who = await a_member(db)
    return await a_post(db, who.actor, text=f'Look: <a href="{url}">there</a>')


async def card_id(db: Db, post: Post) -> int:
    found = await db.fetchval("SELECT card_id FROM posts WHERE id = $1", post.id)
    assert found is not None
    return int(found)


async def shown(db: Db, post: Post) -> post_marks.CardRow | None:
    return (await post_marks.of_posts(db, [post.id], None))[post.id].card


async def test_a_linked_page_is_asked_once_for_all_who_link_to_it(node: Node, db: Db, peer: Peer) -> None:
    url = peer.serve("/page", PAGE, content_type="text/html")
    one, two = await linking(db, url), await linking(db, url)
    assert await card_id(db, one) == await card_id(db, two)
    assert await db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'fetch_card'") == 1
    assert await shown(db, one) is None
    await fetch_card(node, await card_id(db, one))
    card = await shown(db, two)
    assert card is not None and (card.title, card.url, card.image) == ("Lamps", url, None)
    waiting = "SELECT remote_url FROM media JOIN cards ON media_id = media.id WHERE url = $1"
    assert await db.fetchval(waiting, url) == peer.url("/lamp.png")
    await db.execute("DELETE FROM jobs")
    await linking(db, url)
    assert await db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'fetch_card'") == 0


@pytest.mark.parametrize("content_type", ["application/pdf", "text/html"])
async def test_a_page_that_says_nothing_has_no_card(node: Node, db: Db, peer: Peer, content_type: str) -> None:
    post = await linking(db, peer.serve("/nothing", "<p>hello</p>", content_type=content_type))
    await fetch_card(node, await card_id(db, post))
    assert await shown(db, post) is None
    card = await cards.find(db, await card_id(db, post))
    assert card is not None and card.state == "none"


async def test_our_own_pages_are_not_asked(node: Node, db: Db) -> None:
    post = await linking(db, f"{node.urls.base_url}/events/1")
    await fetch_card(node, await card_id(db, post))
    assert await shown(db, post) is None


async def test_an_edit_that_links_elsewhere_or_nowhere_changes_the_card(db: Db) -> None:
    post = await linking(db, "https://pages.example/1")
    before = await card_id(db, post)
    elsewhere = [Version(language="en", content='<p><a href="https://pages.example/2">2</a></p>')]
    await cards.note(db, post.id, elsewhere)
    assert await card_id(db, post) != before
    await cards.note(db, post.id, [Version(language="en", content="<p>nothing</p>")])
    assert await db.fetchval("SELECT card_id FROM posts WHERE id = $1", post.id) is None


async def test_posts_of_other_servers_get_cards_too_and_events_do_not(db: Db) -> None:
    author = await a_remote_actor(db)
    text = '<a href="https://pages.example/3">3</a>'
    post = await posts.upsert_remote(db, a_remote_object(author, text=text), author)
    event = await posts.upsert_remote(db, a_remote_object(author, kind="event", text=text), author)
    assert post is not None and event is not None
    assert await card_id(db, post)
    assert await db.fetchval("SELECT card_id FROM posts WHERE id = $1", event.id) is None
