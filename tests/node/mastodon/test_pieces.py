"""What was written of statuses and people before is shown again only while all of it is as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from node.caches.kept import Kept
from node.caches.watch import Moment
from node.mastodon.entities.pieces import written_accounts, written_statuses
from node.mastodon.eyes import Eyes
from node.mastodon.walks import statuses_of
from node.store.timelines import looks
from schemas.limits import KEPT_PIECE_BYTES
from schemas.records import Post, Viewer
from schemas.things import Poll, PollOption
from tests.factories import a_post, a_remote_actor, an_event_detail
from tests.node.mastodon.conftest import ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHANGES = {
    "liked": "INSERT INTO reactions (actor_id, post_id, kind) VALUES ($2, $1, 'like')",
    "bookmarked": "INSERT INTO bookmarks (actor_id, post_id) VALUES ($2, $1)",
    "counted": "UPDATE posts SET likes_count = likes_count + 1 WHERE id = $1 AND $2::bigint > 0",
    "muted": "INSERT INTO muted_threads (actor_id, context) SELECT $2, context FROM posts WHERE id = $1",
    "edited": "INSERT INTO edits (post_id, versions, edited_at) SELECT $1, '[]', now() WHERE $2::bigint > 0",
    "written anew": """UPDATE posts SET versions = '[{"language": "en", "content": "Anew"}]'
                        WHERE id = $1 AND $2::bigint > 0""",
    "renamed": """UPDATE actors SET display_name = 'Another' FROM posts
                   WHERE posts.id = $1 AND actor_id = actors.id AND $2::bigint > 0""",
    "followed by more": """INSERT INTO actor_counts (actor_id, followers) SELECT actor_id, 77 FROM posts
                            WHERE id = $1 AND $2::bigint > 0
                            ON CONFLICT (actor_id) DO UPDATE SET followers = 77""",
    "deleted": "UPDATE posts SET deleted_at = now() WHERE id = $1 AND $2::bigint > 0",
}
"""What can happen to a post ($1) and whoever looks ($2), as one statement each."""


def eyes_of(hub: ClientHub, who: Viewer | None, kept: Kept, moment: Moment | None = None) -> Eyes:
    return Eyes(node=msgspec.structs.replace(hub.node, kept=kept), db=hub.db, who=who, language="en", moment=moment)


async def shown(hub: ClientHub, who: Viewer | None, ids: list[int], kept: Kept) -> bytes:
    """As a request does it, which lets the watch look first."""
    return msgspec.json.encode(await statuses_of(eyes_of(hub, who, kept, await kept.watch.look(hub.db)), ids))


def is_sure(hub: ClientHub, kept: Kept, who: Viewer, post: Post) -> bool:
    return bool(kept.sure_pieces({1: ("status", post.id, who.acting.id, "en", hub.node.policy.version)}))


async def is_written_again(hub: ClientHub, kept: Kept, who: Viewer, post: Post) -> bool:
    key = ("status", post.id, who.acting.id, "en", hub.node.policy.version)
    seen = await looks.look_at(hub.db, [post.id], (), who.acting.id)
    return kept.piece(key, seen.of_post(post.id)) is None


@pytest.mark.parametrize("boosted", [False, True])
@pytest.mark.parametrize("change", [*CHANGES, "passed on"])
async def test_every_change_is_shown_at_once(hub: ClientHub, ana: Viewer, change: str, boosted: bool) -> None:
    kept, post = Kept(), await a_post(hub.db, await a_remote_actor(hub.db))
    boost = await a_post(hub.db, await a_remote_actor(hub.db), kind="boost", boost_of_id=post.id, versions=[])
    ids = [boost.id] if boosted else [post.id]
    before = await shown(hub, ana, ids, kept)
    assert before == await shown(hub, ana, ids, kept) == await shown(hub, ana, ids, Kept())
    stranger = await shown(hub, None, ids, kept)
    if change == "passed on":
        await a_post(hub.db, ana.actor, kind="boost", boost_of_id=post.id, versions=[])
    else:
        await hub.db.execute(CHANGES[change], post.id, ana.acting.id)
    after = await shown(hub, ana, ids, kept)
    assert after == await shown(hub, ana, ids, Kept())
    assert after != before
    assert await shown(hub, None, ids, kept) == await shown(hub, None, ids, Kept())
    assert stranger != before, "what a viewer did with it is nobody else's"


ELSEWHERE = {
    "another post": True,
    "a boost of it": False,
    "UPDATE posts SET likes_count = likes_count + 1 WHERE id <> $1": True,
    "UPDATE posts SET likes_count = likes_count + 1 WHERE id = $1": False,
    "UPDATE posts SET versions = '[]' WHERE id = $1::bigint + 1": True,
    "UPDATE notifications SET seen_at = now() WHERE post_id = $1": True,
    "UPDATE actors SET display_name = 'X' WHERE id < $1": False,
}
"""What is written, and whether it is known without a look that a post ($1) is shown as before."""


@pytest.mark.parametrize("change", ELSEWHERE)
async def test_only_what_was_touched_is_looked_at(hub: ClientHub, ana: Viewer, change: str) -> None:
    kept, post, other = Kept(), await a_post(hub.db, await a_remote_actor(hub.db)), await a_remote_actor(hub.db)
    assert not is_sure(hub, kept, ana, post)
    await shown(hub, ana, [post.id], kept)
    assert is_sure(hub, kept, ana, post)
    if "$1" in change:
        await hub.db.execute(change, post.id)
    else:
        boosts = {"kind": "boost", "boost_of_id": post.id, "versions": []} if "boost" in change else {}
        await a_post(hub.db, other, **boosts)
    await kept.watch.look(hub.db)
    assert is_sure(hub, kept, ana, post) is ELSEWHERE[change]


async def test_a_member_is_looked_at_now_and_then_since_offices_end_by_themselves(
    hub: ClientHub, ana: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, post = Kept(), await a_post(hub.db, ana.actor)
    await shown(hub, ana, [post.id], kept)
    assert is_sure(hub, kept, ana, post)
    monkeypatch.setattr("node.mastodon.entities.pieces.ANSWERS_SECONDS", 0)
    kept = Kept()
    await shown(hub, ana, [post.id], kept)
    assert not is_sure(hub, kept, ana, post)


OF_AN_EVENT = (
    "INSERT INTO rsvps (event_id, actor_id, state, door) VALUES ($1, $2, 'going', 'poll')",
    "UPDATE events SET status = 'cancelled' WHERE post_id = $1 AND $2::bigint > 0",
)


async def test_so_is_a_change_of_an_event_and_of_who_comes(hub: ClientHub, ana: Viewer) -> None:
    author = await a_remote_actor(hub.db)
    for change in OF_AN_EVENT:
        kept, event = Kept(), await a_post(hub.db, author, kind="event", event=an_event_detail())
        before = await shown(hub, ana, [event.id], kept)
        assert not await is_written_again(hub, kept, ana, event)
        await hub.db.execute(change, event.id, ana.acting.id)
        after = await shown(hub, ana, [event.id], kept)
        assert before != after == await shown(hub, ana, [event.id], Kept()), change


async def test_and_a_vote(hub: ClientHub, ana: Viewer) -> None:
    poll = Poll(options=[PollOption(name="yes"), PollOption(name="no")])
    kept, post = Kept(), await a_post(hub.db, await a_remote_actor(hub.db), poll=poll)
    before = await shown(hub, ana, [post.id], kept)
    await hub.db.execute("INSERT INTO votes (post_id, actor_id, option) VALUES ($1, $2, 1)", post.id, ana.acting.id)
    after = await shown(hub, ana, [post.id], kept)
    assert b'"own_votes":[1]' in after != before
    assert after == await shown(hub, ana, [post.id], Kept())


async def test_a_page_of_which_nothing_changed_takes_one_query_and_is_made_of_what_was_written(
    hub: ClientHub, ana: Viewer
) -> None:
    kept, posts = Kept(), [await a_post(hub.db, await a_remote_actor(hub.db)) for _ in range(3)]
    await shown(hub, ana, [one.id for one in posts], kept)
    assert not any([await is_written_again(hub, kept, ana, one) for one in posts])
    await hub.db.execute("UPDATE posts SET likes_count = 3 WHERE id = $1", posts[1].id)
    assert [await is_written_again(hub, kept, ana, one) for one in posts] == [False, True, False]


@pytest.mark.parametrize("text", ["Hello :wave:", '<a href="https://hub.example/collections/1">People</a>'])
async def test_what_shows_other_things_is_written_every_time(hub: ClientHub, ana: Viewer, text: str) -> None:
    kept, post = Kept(), await a_post(hub.db, await a_remote_actor(hub.db), text=text)
    await shown(hub, ana, [post.id], kept)
    assert await is_written_again(hub, kept, ana, post)


async def test_so_is_who_moved_and_what_quotes(hub: ClientHub, ana: Viewer) -> None:
    mover, quoted = await a_remote_actor(hub.db), await a_post(hub.db, await a_remote_actor(hub.db))
    await hub.db.execute("UPDATE actors SET moved_to = $2 WHERE id = $1", mover.id, ana.actor.uri)
    quoting = await a_post(hub.db, await a_remote_actor(hub.db))
    await hub.db.execute(
        "INSERT INTO quotes (post_id, quoted_uri, quoted_id, state) VALUES ($1, $2, $3, 'accepted')",
        quoting.id,
        quoted.uri,
        quoted.id,
    )
    kept = Kept()
    for post in (await a_post(hub.db, mover), quoting):
        await shown(hub, ana, [post.id], kept)
        assert await is_written_again(hub, kept, ana, post)


async def test_a_poll_is_written_again_when_it_closes(hub: ClientHub, ana: Viewer) -> None:
    now = datetime.now(UTC)
    for ends, holds in ((now - timedelta(hours=1), True), (now + timedelta(hours=1), True)):
        poll = Poll(options=[PollOption(name="yes"), PollOption(name="no")], ends_at=ends)
        kept, post = Kept(), await a_post(hub.db, await a_remote_actor(hub.db), poll=poll)
        await shown(hub, ana, [post.id], kept)
        assert await is_written_again(hub, kept, ana, post) is not holds
        (piece,) = kept._pieces.values()
        assert (piece.ends == ends) is (ends > now)


MAKE_FILTER = """WITH made AS (INSERT INTO filters (actor_id, title, contexts, action)
                                VALUES ($1, 'Wood', '{home}', 'warn') RETURNING id)
                 INSERT INTO filter_keywords (filter_id, keyword, whole_word) SELECT id, 'benches', true FROM made"""


async def test_a_filter_is_asked_whatever_was_written_before(hub: ClientHub) -> None:
    who, kept = await hub.newcomer(), Kept()
    post = await a_post(hub.db, await a_remote_actor(hub.db), text="Of the benches")
    assert b'"filtered":[]' in await shown(hub, who, [post.id], kept)
    await hub.db.execute(MAKE_FILTER, who.acting.id)
    assert b'"keyword_matches":["benches"]' in await shown(hub, who, [post.id], kept)


async def test_a_filter_that_is_made_meanwhile_says_nothing_of_what_was_looked_at_before_it(hub: ClientHub) -> None:
    who, kept = await hub.newcomer(), Kept()
    post = await a_post(hub.db, await a_remote_actor(hub.db), text="Of the benches")
    seen = await looks.look_at(hub.db, [post.id], (), who.acting.id)
    await hub.db.execute(MAKE_FILTER, who.acting.id)
    written = await written_statuses(eyes_of(hub, who, kept), [post.id], seen)
    assert b'"filtered":[]' in bytes(written[post.id])
    await hub.db.execute("DELETE FROM filters WHERE actor_id = $1", who.acting.id)
    assert b'"filtered":[]' in await shown(hub, who, [post.id], kept)


async def test_an_account_is_written_once_as_long_as_it_is_the_same(hub: ClientHub, ana: Viewer) -> None:
    somebody, kept = await a_remote_actor(hub.db), Kept()

    async def account() -> bytes:
        seen = await looks.look_at(hub.db, [], [somebody.id], ana.acting.id)
        return bytes((await written_accounts(eyes_of(hub, ana, kept), [somebody.id], seen))[somebody.id])

    before = await account()
    assert await account() is not None and len(kept._pieces) == 1
    await hub.db.execute("UPDATE actors SET display_name = 'Another' WHERE id = $1", somebody.id)
    assert b'"display_name":"Another"' in await account() != before


async def test_pieces_are_bounded_and_end_with_their_time_and_their_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("node.caches.kept.KEPT_PIECES", 2)
    lost = 0
    kept, later = Kept(lambda: lost), datetime.now(UTC) + timedelta(hours=1)
    for key in "abc":
        kept.put_piece(key, 1, later, b"x")
    assert [kept.piece(key, 1) for key in "abc"] == [None, b"x", b"x"]
    kept.put_piece("large", 1, later, b"x" * (KEPT_PIECE_BYTES + 1))
    kept.put_piece("past", 1, datetime.now(UTC), b"x")
    assert kept.piece("large", 1) is kept.piece("past", 1) is kept.piece("c", 2) is None
    lost += 1
    assert kept.piece("c", 1) is None
