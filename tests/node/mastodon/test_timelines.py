"""Home: what comes from whom one follows, each post once, without what one does not want to see; page by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from node.store.people import blocks, follows
from node.store.posts import posts
from node.store.timelines import timelines
from schemas.records import Actor, Post, Viewer
from schemas.things import Attachment, Version
from tests.factories import a_local_actor, a_member, a_post, a_remote_actor, a_remote_object
from tests.node.mastodon.conftest import Answer, Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOME = "/api/v1/timelines/home"


def ids(answer: Answer) -> list[int]:
    assert answer.status == 200, answer.text
    return [int(one["id"]) for one in answer.json]


def ago(**time: float) -> datetime:
    return datetime.now(UTC) - timedelta(**time)


async def follows_(hub: ClientHub, follower: Actor, followed: Actor, **more: Any) -> None:
    made = await follows.insert(
        hub.db, follower.id, followed.id, f"{follower.uri}/follows/{followed.id}", accepted=True
    )
    for name, value in more.items():
        await hub.db.execute(f"UPDATE follows SET {name} = $2 WHERE id = $1", made.id, value)


async def boosted(hub: ClientHub, actor: Actor, post: Post, **more: Any) -> Post:
    return await a_post(hub.db, actor, kind="boost", boost_of_id=post.id, versions=[], **more)


async def somebody(hub: ClientHub) -> Actor:
    return await a_local_actor(hub.db, urls=hub.urls)


class Reader:
    """A new member, the client they read with, and somebody they follow."""

    def __init__(self, hub: ClientHub, who: Viewer, client: Client, friend: Actor) -> None:
        self.hub, self.who, self.client, self.friend = hub, who, client, friend

    @property
    def me(self) -> Actor:
        return self.who.actor

    async def home(self, **asked: Any) -> list[int]:
        return ids(await self.client.get(HOME, **asked))

    async def says(self, actor: Actor | None = None, text: str = "Hello", **more: Any) -> Post:
        return await a_post(self.hub.db, actor or self.friend, text=text, **more)


@pytest_asyncio.fixture(loop_scope="module")
async def reader(hub: ClientHub) -> Reader:
    who, friend = await a_member(hub.db, urls=hub.urls), await somebody(hub)
    await follows_(hub, who.actor, friend)
    return Reader(hub, who, await hub.client_of(who), friend)


async def test_home_holds_ones_own_posts_and_those_of_whom_one_follows_newest_first(reader: Reader) -> None:
    stranger = await somebody(reader.hub)
    first = await reader.says(published_at=ago(minutes=3))
    await reader.says(stranger, published_at=ago(minutes=2))
    mine = await reader.says(reader.me, published_at=ago(minutes=1))
    assert await reader.home() == [mine.id, first.id]


async def test_events_findings_and_calls_of_a_hub_one_follows_stand_there(reader: Reader) -> None:
    made = [
        await reader.says(kind=kind, published_at=ago(minutes=minutes))
        for minutes, kind in enumerate(("call", "finding", "event"), 1)
    ]
    assert await reader.home() == [one.id for one in made]


async def test_a_pending_follow_brings_nothing(reader: Reader) -> None:
    locked = await somebody(reader.hub)
    await follows_(reader.hub, reader.me, locked, state="pending")
    await reader.says(locked)
    assert await reader.home() == []


async def test_private_posts_stand_there_for_whom_they_are_meant(reader: Reader) -> None:
    for_members = await reader.says(audience="hub", published_at=ago(minutes=3))
    for_followers = await reader.says(audience="followers", published_at=ago(minutes=2))
    await reader.says(audience="direct", published_at=ago(minutes=1))
    to_me = await reader.says(audience="direct", mention_ids=[reader.me.id])
    assert await reader.home() == [to_me.id, for_followers.id, for_members.id]


async def test_what_only_asks_who_comes_to_an_event_never_stands_there(reader: Reader) -> None:
    event = await reader.says(kind="event", published_at=ago(minutes=1))
    await reader.says(rsvp_for_id=event.id)
    assert await reader.home() == [event.id]


@pytest.mark.parametrize("ended", [False, True])
async def test_a_mute_leaves_somebody_out_until_it_ends(reader: Reader, ended: bool) -> None:
    post = await reader.says()
    ends = ago(minutes=1) if ended else ago(minutes=-60)
    await reader.hub.db.execute(
        "INSERT INTO mutes (actor_id, muted_id, ends_at) VALUES ($1, $2, $3)", reader.me.id, reader.friend.id, ends
    )
    assert await reader.home() == ([post.id] if ended else [])


async def test_posts_that_name_or_pass_on_somebody_muted_are_left_out(reader: Reader) -> None:
    muted = await somebody(reader.hub)
    await reader.hub.db.execute("INSERT INTO mutes (actor_id, muted_id) VALUES ($1, $2)", reader.me.id, muted.id)
    await reader.says(mention_ids=[muted.id])
    await boosted(reader.hub, reader.friend, await reader.says(muted))
    assert await reader.home() == []


async def test_boosts_of_whom_one_blocks_or_is_blocked_by_are_left_out(reader: Reader) -> None:
    for blocker_first in (True, False):
        other = await somebody(reader.hub)
        pair = (reader.me.id, other.id) if blocker_first else (other.id, reader.me.id)
        await blocks.insert(reader.hub.db, *pair, None)
        await boosted(reader.hub, reader.friend, await reader.says(other))
    assert await reader.home() == []


async def test_a_blocked_server_is_left_out_with_all_below_it(reader: Reader) -> None:
    far = await a_remote_actor(reader.hub.db, host="https://deep.blocked.example")
    near = await a_remote_actor(reader.hub.db, host="https://unblocked.example")
    shown = []
    for author in (far, near):
        await follows_(reader.hub, reader.me, author)
        shown.append(await posts.upsert_remote(reader.hub.db, a_remote_object(author), author))
    await reader.hub.db.execute(
        "INSERT INTO blocked_domains (actor_id, domain) VALUES ($1, 'blocked.example')", reader.me.id
    )
    assert shown[1] and await reader.home() == [shown[1].id]


async def test_suspended_authors_are_left_out_and_limited_ones_stay_for_their_followers(reader: Reader) -> None:
    post = await reader.says()
    await reader.hub.db.execute("UPDATE actors SET limited_at = now() WHERE id = $1", reader.friend.id)
    assert await reader.home() == [post.id]
    await reader.hub.db.execute("UPDATE actors SET suspended_at = now() WHERE id = $1", reader.friend.id)
    assert await reader.home() == []


async def test_answers_stand_there_only_if_one_knows_who_is_answered(reader: Reader) -> None:
    stranger, second = await somebody(reader.hub), await somebody(reader.hub)
    await follows_(reader.hub, reader.me, second)
    said = await reader.says(stranger, published_at=ago(minutes=9))
    mine = await reader.says(reader.me, published_at=ago(minutes=8))
    known = await reader.says(second, published_at=ago(minutes=7))
    await reader.says(in_reply_to=said.uri, published_at=ago(minutes=6))
    await reader.says(in_reply_to="https://far.example/1", published_at=ago(minutes=5))
    to_me = await reader.says(in_reply_to=mine.uri, published_at=ago(minutes=4))
    to_known = await reader.says(in_reply_to=known.uri, published_at=ago(minutes=3))
    to_self = await reader.says(in_reply_to=to_me.uri, published_at=ago(minutes=2))
    assert await reader.home() == [to_self.id, to_known.id, to_me.id, known.id, mine.id]


async def test_a_follow_without_boosts_or_for_some_languages_brings_only_that(reader: Reader) -> None:
    stranger, quiet = await somebody(reader.hub), await somebody(reader.hub)
    await follows_(reader.hub, reader.me, quiet, boosts=False, languages=["de"])
    await boosted(reader.hub, quiet, await reader.says(stranger))
    await reader.says(quiet, "English")
    german = await reader.says(quiet, language="de", versions=[Version(language="de", content="Hallo")])
    both = await reader.says(quiet, versions=[Version(language="en"), Version(language="de")])
    assert sorted(await reader.home()) == sorted([german.id, both.id])


async def test_a_boost_stands_there_once_and_not_beside_the_original(reader: Reader) -> None:
    stranger, second = await somebody(reader.hub), await somebody(reader.hub)
    await follows_(reader.hub, reader.me, second)
    known = await reader.says(published_at=ago(minutes=9))
    far = await reader.says(stranger, published_at=ago(minutes=8))
    first = await boosted(reader.hub, reader.friend, far, published_at=ago(minutes=7))
    await boosted(reader.hub, second, far, published_at=ago(minutes=6))
    await boosted(reader.hub, second, known, published_at=ago(minutes=5))
    assert await reader.home() == [first.id, known.id]
    # The same on whatever page they stand.
    assert await reader.home(max_id=first.id) == [known.id]
    assert await reader.home(min_id=first.id) == []
    assert await reader.home(limit=1, since_id=known.id) == [first.id]


async def test_a_boost_of_something_old_stands_there_again(reader: Reader) -> None:
    second = await somebody(reader.hub)
    await follows_(reader.hub, reader.me, second)
    old = await reader.says(published_at=ago(days=40))
    early = await boosted(reader.hub, second, old, published_at=ago(days=20))
    late = await boosted(reader.hub, reader.friend, old, published_at=ago(minutes=1))
    assert await reader.home() == [late.id, early.id, old.id]


async def test_an_earlier_boost_that_one_does_not_see_hides_nothing(reader: Reader) -> None:
    stranger, unseen = await somebody(reader.hub), await somebody(reader.hub)
    far = await reader.says(stranger, published_at=ago(minutes=9))
    await boosted(reader.hub, unseen, far, published_at=ago(minutes=8))
    seen = await boosted(reader.hub, reader.friend, far, published_at=ago(minutes=7))
    assert await reader.home() == [seen.id]


async def test_public_posts_with_a_tag_one_follows_stand_there(reader: Reader) -> None:
    stranger = await somebody(reader.hub)
    assert (await reader.client.post("/api/v1/tags/Werkbank/follow")).status == 200
    found = await reader.says(stranger, tags=["werkbank"])
    await reader.says(stranger, tags=["werkbank"], audience="unlisted")
    await reader.says(stranger, tags=["other"])
    assert await reader.home() == [found.id]
    await reader.hub.db.execute("UPDATE actors SET limited_at = now() WHERE id = $1", stranger.id)
    assert await reader.home() == []


async def test_whoever_is_in_an_exclusive_list_stands_there_only(reader: Reader) -> None:
    post = await reader.says()
    made = (await reader.client.post("/api/v1/lists", {"title": "Apart", "exclusive": True})).json
    await reader.client.post(f"/api/v1/lists/{made['id']}/accounts", {"account_ids": [str(reader.friend.id)]})
    assert await reader.home() == []
    assert ids(await reader.client.get(f"/api/v1/timelines/list/{made['id']}")) == [post.id]


async def test_home_is_right_at_both_ends_and_links_go_through_all_of_it(reader: Reader) -> None:
    made = [(await reader.says(published_at=ago(minutes=9 - one))).id for one in range(7)][::-1]
    first = await reader.client.get(HOME, limit=3)
    assert ids(first) == made[:3]
    second = await reader.client.get(first.links["next"])
    third = await reader.client.get(second.links["next"])
    assert (ids(second), ids(third)) == (made[3:6], made[6:])
    assert "next" not in third.links
    back = await reader.client.get(third.links["prev"])
    assert ids(back) == made[3:6]
    assert ids(await reader.client.get(back.links["prev"])) == made[:3]
    assert await reader.home(limit=2, since_id=made[6]) == made[:2]
    assert await reader.home(limit=2, min_id=made[6]) == made[4:6]
    assert await reader.home(min_id=made[0]) == []
    for end in (0, 2**63 - 1, 10**30):
        assert await reader.home(since_id=end) == await reader.home(min_id=end) == (made if end == 0 else [])
        assert await reader.home(max_id=end) == ([] if end == 0 else made)
    assert await reader.home(max_id=made[3], since_id=made[1]) == []
    assert await reader.home(max_id="x", min_id="-1") == made


async def test_a_page_on_which_nothing_is_left_still_says_how_it_goes_on(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = await reader.says(published_at=ago(days=3))
    stranger = await reader.says(await somebody(reader.hub), published_at=ago(days=2))
    for minute in range(70):
        await reader.says(published_at=ago(minutes=minute), in_reply_to=stranger.uri)
    assert await reader.home(limit=5) == [last.id], "it went on by itself"
    monkeypatch.setattr(timelines, "EMPTY_WALKS", 0)
    empty = await reader.client.get(HOME, limit=5, since_id=0)
    assert ids(empty) == []
    assert ids(await reader.client.get(empty.links["next"])) == [last.id]
    upwards = await reader.client.get(HOME, limit=5, min_id=stranger.id)
    assert ids(upwards) == []
    newest = await reader.says()
    assert ids(await reader.client.get(upwards.links["prev"])) == [newest.id]
    assert ids(await reader.client.get(upwards.links["next"])) == [last.id]


async def test_filters_that_hide_leave_statuses_out_at_home_only_where_they_say_so(reader: Reader) -> None:
    shown, hidden = await reader.says(text="Tea"), await reader.says(text="Coffee beans")
    made = await reader.client.post(
        "/api/v2/filters",
        {
            "title": "No coffee",
            "context": ["public"],
            "filter_action": "hide",
            "keywords_attributes": [{"keyword": "coffee", "whole_word": True}],
        },
    )
    assert sorted(await reader.home()) == sorted([shown.id, hidden.id])
    await reader.client.put(f"/api/v2/filters/{made.json['id']}", {"context": ["home"]})
    assert await reader.home() == [shown.id]


async def test_pictures_of_posts_are_shown_with_them(reader: Reader) -> None:
    picture = Attachment(url="https://hub.example/media/a.png", media_type="image/png", alt="A bench")
    await reader.says(attachments=[picture])
    (status,) = (await reader.client.get(HOME)).json
    assert status["media_attachments"][0]["description"] == "A bench"


async def test_home_asks_for_a_token_with_its_scope(hub: ClientHub, ana: Viewer) -> None:
    assert (await hub.stranger.get(HOME)).status == 401
    assert (await (await hub.client_of(ana, "read:lists")).get(HOME)).status == 403
