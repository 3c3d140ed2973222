"""Filters: made, changed and dropped; which of them match, and where what they hide is left out."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from node.mastodon.entities.filter import results_for
from node.mastodon.eyes import Eyes
from node.store.people import follows
from schemas.limits import FILTER_KEYWORDS, FILTER_TITLE_CHARS, FILTERS
from schemas.records import Actor, Post, Viewer
from schemas.things import Attachment, Poll, PollOption, Version
from tests.factories import a_local_actor, a_member, a_post
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

FILTERS_AT = "/api/v2/filters"


class Reader:
    """A new member with a client, who follows somebody."""

    def __init__(self, hub: ClientHub, who: Viewer, client: Client, friend: Actor) -> None:
        self.hub, self.who, self.client, self.friend = hub, who, client, friend

    async def filters(self, *words: str, whole_word: bool = True, **said: Any) -> Any:
        """A new filter for these words."""
        keywords = [{"keyword": one, "whole_word": whole_word} for one in words]
        usual = {"title": "Some", "context": ["home"], "keywords_attributes": keywords}
        return (await self.client.post(FILTERS_AT, usual | said)).json

    async def matches(self, post: Post) -> list[list[str] | None]:
        """The words for which each filter matches a post."""
        eyes = Eyes(node=self.hub.node, db=self.hub.db, who=self.who, language="en")
        return [one.keyword_matches for one in (await results_for(eyes, [post]))[post.id]]


@pytest_asyncio.fixture(loop_scope="module")
async def reader(hub: ClientHub) -> Reader:
    who, friend = await a_member(hub.db, urls=hub.urls), await a_local_actor(hub.db, urls=hub.urls)
    await follows.insert(hub.db, who.actor.id, friend.id, f"f/{friend.id}", accepted=True)
    return Reader(hub, who, await hub.client_of(who), friend)


async def test_a_filter_is_made_with_its_keywords_and_changed_as_rails_would(reader: Reader) -> None:
    made = await reader.client.post(
        FILTERS_AT,
        data={
            "title": "Tea",
            "context[]": "home",
            "filter_action": "blur",
            "expires_in": "3600",
            "keywords_attributes[0][keyword]": "tea",
            "keywords_attributes[0][whole_word]": "false",
        },
    )
    assert made.status == 200, made.text
    keyword = made.json["keywords"][0]
    assert made.json | {"id": "", "expires_at": ""} == {
        "id": "",
        "title": "Tea",
        "context": ["home"],
        "expires_at": "",
        "filter_action": "blur",
        "keywords": [{"id": keyword["id"], "keyword": "tea", "whole_word": False}],
        "statuses": [],
    }
    assert made.json["expires_at"].endswith("Z")
    changes = [{"id": keyword["id"], "_destroy": True}, {"keyword": "coffee"}]
    one = f"{FILTERS_AT}/{made.json['id']}"
    changed = await reader.client.put(one, {"context": ["public", "thread"], "keywords_attributes": changes})
    assert (changed.json["context"], changed.json["expires_at"]) == (["public", "thread"], made.json["expires_at"])
    assert [(k["keyword"], k["whole_word"]) for k in changed.json["keywords"]] == [("coffee", True)]
    renamed = [{"id": changed.json["keywords"][0]["id"], "keyword": "cocoa"}]
    again = await reader.client.put(one, {"keywords_attributes": renamed, "expires_in": ""})
    assert (again.json["keywords"][0]["keyword"], again.json["expires_at"]) == ("cocoa", None)
    assert (await reader.client.get(one)).json == again.json
    assert (await reader.client.get(FILTERS_AT)).json == [again.json]
    assert (await reader.client.delete(one)).json == {}
    assert (await reader.client.get(one)).status == 404
    assert (await reader.client.delete(one)).status == 404


@pytest.mark.parametrize(
    "said",
    [
        {"title": ""},
        {"title": "x" * (FILTER_TITLE_CHARS + 1)},
        {"context": []},
        {"context": ["nowhere"]},
        {"filter_action": "burn"},
        {"expires_in": "soon"},
        {"keywords_attributes": [{"keyword": " "}]},
        {"keywords_attributes": [{"keyword": "x" * 600}]},
        {"keywords_attributes": [{"keyword": "x"}] * (FILTER_KEYWORDS + 1)},
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused_and_none_is_made(reader: Reader, said: dict[str, Any]) -> None:
    answer = await reader.client.post(FILTERS_AT, {"title": "a", "context": ["home"]} | said)
    assert answer.status == 422
    assert answer.json["error"].startswith("Validation failed")
    assert (await reader.client.get(FILTERS_AT)).json == []


async def test_nobody_has_more_filters_than_anybody_needs(reader: Reader) -> None:
    for _ in range(FILTERS):
        await reader.filters("a")
    assert (await reader.client.post(FILTERS_AT, {"title": "a", "context": ["home"]})).status == 422
    one_more = {"phrase": "a", "context": ["home"]}
    assert (await reader.client.post("/api/v1/filters", one_more)).status == 422


async def test_keywords_have_addresses_of_their_own(reader: Reader) -> None:
    made = await reader.filters("tea")
    added = await reader.client.post(f"{FILTERS_AT}/{made['id']}/keywords", {"keyword": "milk", "whole_word": False})
    assert added.json == {"id": added.json["id"], "keyword": "milk", "whole_word": False}
    one = f"{FILTERS_AT}/keywords/{added.json['id']}"
    assert (await reader.client.get(one)).json == added.json
    assert (await reader.client.put(one, {"keyword": "soy"})).json["keyword"] == "soy"
    listed = (await reader.client.get(f"{FILTERS_AT}/{made['id']}/keywords")).json
    assert [keyword["keyword"] for keyword in listed] == ["tea", "soy"]
    assert (await reader.client.delete(one)).json == {}
    assert (await reader.client.get(one)).status == 404
    assert (await reader.client.post(f"{FILTERS_AT}/{made['id']}/keywords", {})).status == 422


async def test_a_filter_can_be_about_single_statuses_that_one_may_see(reader: Reader) -> None:
    made = await reader.filters()
    post = await a_post(reader.hub.db, reader.friend)
    hidden = await a_post(reader.hub.db, reader.friend, audience="direct")
    at = f"{FILTERS_AT}/{made['id']}/statuses"
    assert (await reader.client.post(at, {"status_id": str(hidden.id)})).status == 404
    added = await reader.client.post(at, {"status_id": str(post.id)})
    assert added.json == {"id": added.json["id"], "status_id": str(post.id)}
    assert (await reader.client.post(at, {"status_id": str(post.id)})).json == added.json
    assert (await reader.client.get(at)).json == [added.json]
    assert await reader.matches(post) == [None]
    one = f"{FILTERS_AT}/statuses/{added.json['id']}"
    assert (await reader.client.get(one)).json == (await reader.client.delete(one)).json == added.json
    assert (await reader.client.get(one)).status == 404
    assert await reader.matches(post) == []


async def test_filters_of_others_are_not_there(reader: Reader, bos_client: Client) -> None:
    made = await reader.filters("tea")
    post = await a_post(reader.hub.db, reader.friend)
    entry = (await reader.client.post(f"{FILTERS_AT}/{made['id']}/statuses", {"status_id": str(post.id)})).json
    keyword = made["keywords"][0]["id"]
    for path in (made["id"], f"keywords/{keyword}", f"statuses/{entry['id']}"):
        assert (await bos_client.get(f"{FILTERS_AT}/{path}")).status == 404
        assert (await bos_client.delete(f"{FILTERS_AT}/{path}")).status == 404
    assert (await bos_client.put(f"{FILTERS_AT}/{made['id']}", {"title": "b"})).status == 404
    assert (await bos_client.put(f"{FILTERS_AT}/keywords/{keyword}", {"keyword": "b"})).status == 404
    assert (await bos_client.post(f"{FILTERS_AT}/{made['id']}/keywords", {"keyword": "b"})).status == 404
    assert (await bos_client.get(f"{FILTERS_AT}/{made['id']}/keywords")).status == 404
    assert (await bos_client.get(f"{FILTERS_AT}/{made['id']}/statuses")).status == 404
    assert (await bos_client.get(f"/api/v1/filters/{keyword}")).status == 404
    own = (await bos_client.post(FILTERS_AT, {"title": "b", "context": ["home"]})).json["id"]
    theft = {"keywords_attributes": [{"id": keyword, "_destroy": "1"}]}
    assert (await bos_client.put(f"{FILTERS_AT}/{own}", theft)).status == 404
    assert (await reader.client.get(f"{FILTERS_AT}/{made['id']}")).json["keywords"] == made["keywords"]


async def test_filters_ask_for_their_scopes(hub: ClientHub, reader: Reader) -> None:
    reads = await hub.client_of(reader.who, "read:filters")
    assert (await reads.get(FILTERS_AT)).status == 200
    assert (await reads.post(FILTERS_AT, {"title": "a", "context": ["home"]})).status == 403
    assert (await hub.stranger.get(FILTERS_AT)).status == 401


async def test_words_are_found_in_all_that_can_be_read_of_a_post(reader: Reader) -> None:
    await reader.filters("tea")
    for found in (
        {"text": "TEA time"},
        {"text": "<b>t</b>ea"},
        {"text": "Tee", "versions": [Version(language="de", content="Tee"), Version(language="en", content="Tea")]},
        {"versions": [Version(language="en", summary="about tea", content="x")]},
        {"text": "x", "tags": ["tea"]},
        {"text": "x", "attachments": [Attachment(url="https://a.example/a", media_type="image/png", alt="tea")]},
        {"text": "x", "poll": Poll(options=(PollOption(name="tea"), PollOption(name="milk")))},
        {"kind": "event", "text": "Tea for all"},
    ):
        assert await reader.matches(await a_post(reader.hub.db, reader.friend, **found)) == [["tea"]], found


async def test_a_word_is_whole_or_a_part_as_the_filter_says(reader: Reader) -> None:
    await reader.filters("eam")
    await reader.filters("eam", whole_word=False)
    await reader.filters("c++")
    assert await reader.matches(await a_post(reader.hub.db, reader.friend, text="a steam engine")) == [["eam"]]
    assert await reader.matches(await a_post(reader.hub.db, reader.friend, text="in c++, I say")) == [["c++"]]


async def test_a_boost_is_asked_for_what_it_passes_on_and_ones_own_posts_never(reader: Reader) -> None:
    await reader.filters("tea")
    post = await a_post(reader.hub.db, reader.friend, text="tea")
    boost = await a_post(reader.hub.db, reader.friend, kind="boost", boost_of_id=post.id, versions=[])
    assert await reader.matches(boost) == [["tea"]]
    assert await reader.matches(await a_post(reader.hub.db, reader.who.actor, text="tea")) == []


async def test_a_filter_that_is_over_matches_nothing(reader: Reader) -> None:
    made = await reader.filters("tea", expires_in=60)
    post = await a_post(reader.hub.db, reader.friend, text="tea")
    assert await reader.matches(post) == [["tea"]]
    await reader.hub.db.execute("UPDATE filters SET ends_at = now() WHERE id = $1", int(made["id"]))
    assert await reader.matches(post) == []
    assert len((await reader.client.get(FILTERS_AT)).json) == 1


@pytest.mark.parametrize("context", ["home", "public", "account", "notifications", "thread"])
async def test_what_a_filter_hides_is_left_out_where_it_says(reader: Reader, context: str) -> None:
    post = await a_post(reader.hub.db, reader.friend, text="tea", tags=["drinks"], mention_ids=[reader.who.actor.id])
    await a_post(reader.hub.db, reader.friend, text="tea", audience="direct", mention_ids=[reader.who.actor.id])
    await reader.filters("tea", context=[context], filter_action="hide")
    await reader.filters("tea", context=["home", "public", "account", "thread"], filter_action="warn")
    timelines = {
        "home": f"timelines/home?min_id={post.id - 1}",
        "public": f"timelines/tag/drinks?min_id={post.id - 1}",
        "account": f"accounts/{reader.friend.id}/statuses",
        "notifications": "timelines/direct",
    }
    for where, path in timelines.items():
        assert bool((await reader.client.get(f"/api/v1/{path}")).json) is (where != context), where
