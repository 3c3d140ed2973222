"""Statuses as they are rendered: every kind, in one language, with a constant number of queries."""

from __future__ import annotations

from typing import Any

import pytest

from node.mastodon.entities.status import Status, render_statuses
from node.mastodon.eyes import Eyes
from node.store.posts import posts
from node.store.posts.post_marks import of_posts
from node.wording.language import choose
from schemas.records import Post, Viewer
from tests.node.mastodon.conftest import ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Counting:
    """A connection that counts what it is asked."""

    def __init__(self, db: Any) -> None:
        self._db, self.count = db, 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._db, name)
        if name in ("fetch", "fetchrow", "fetchval", "execute"):
            self.count += 1
        return found


def eyes_of(hub: ClientHub, who: Viewer | None, language: str = "en", db: Any = None) -> Eyes:
    return Eyes(node=hub.node, db=db or hub.db, who=who, language=choose((language,), "", "en"))


async def rendered(hub: ClientHub, post: Post, who: Viewer | None = None, language: str = "en") -> Status:
    found = await posts.find(hub.db, post.id)
    assert found is not None
    return (await render_statuses(eyes_of(hub, who, language), [found]))[0]


async def test_a_page_takes_as_many_queries_with_forty_statuses_as_with_five(hub: ClientHub, ana: Viewer) -> None:
    made = [await hub.publish(ana, f"Number {number} #bench @bo") for number in range(34)]
    made += [await hub.publish(ana, kind="event") for _ in range(3)]
    made += [await hub.publish(ana, kind="call") for _ in range(3)]
    counted = []
    for page in (made[-7:], made):
        shown = list((await posts.get_many(hub.db, [one.id for one in page], ana.acting.id)).values())
        db = Counting(hub.db)
        assert len(await render_statuses(eyes_of(hub, ana, db=db), shown)) == len(page)
        counted.append(db.count)
    assert counted[0] == counted[1] <= 12


async def test_an_event_is_a_status_with_title_facts_text_link_card_and_poll(hub: ClientHub, ana: Viewer) -> None:
    event = await hub.publish(ana, kind="event")
    status = await rendered(hub, event, ana)
    assert event.version().name in status.content
    assert status.content.index(event.version().name) < status.content.index("Europe/")
    assert f'href="{event.url}"' in status.content
    assert status.card is not None and status.card.url == event.url
    assert status.poll is not None and len(status.poll.options) == 3 and status.poll.id == status.id
    assert status.visibility == "public" and status.favourited is False and status.pinned is False


async def test_a_stranger_is_told_nothing_that_concerns_a_viewer(hub: ClientHub, ana: Viewer) -> None:
    status = await rendered(hub, await hub.publish(ana))
    assert not isinstance(status.favourited, bool) and not isinstance(status.muted, bool)
    assert status.in_reply_to_id is None and status.poll is None


async def test_marks_are_those_of_the_viewer_only(hub: ClientHub, ana: Viewer, bo: Viewer) -> None:
    post = await hub.publish(ana)
    await hub.db.execute("INSERT INTO bookmarks (actor_id, post_id) VALUES ($1, $2)", bo.acting.id, post.id)
    assert (await of_posts(hub.db, [post.id], bo.acting.id))[post.id].bookmarked
    assert not (await of_posts(hub.db, [post.id], ana.acting.id))[post.id].bookmarked
    assert not (await of_posts(hub.db, [post.id], None))[post.id].bookmarked


async def test_a_finding_and_a_call_say_their_facts(hub: ClientHub, ana: Viewer) -> None:
    finding, call = await hub.publish(ana, kind="finding"), await hub.publish(ana, kind="call")
    learnt, sought = await rendered(hub, finding, ana), await rendered(hub, call, ana)
    assert finding.version().name in learnt.content and learnt.card is not None
    assert call.version().name in sought.content and sought.card is not None
    assert learnt.poll is None and sought.poll is None
