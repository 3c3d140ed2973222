"""Reports from other servers: about what is ours and what the reporter may see, and not without end."""

from __future__ import annotations

import pytest

from node.actions import react, report
from node.store.moderation import reports
from node.store.posts import posts
from schemas.limits import OPEN_REPORTS_PER_HOST, REPORT_CHARS
from tests.factories import a_post, a_remote_actor, a_remote_object
from tests.node.inbox.conftest import Hub, an_activity

TAKEN = ("accepted", None)
NONE = ("ignored", "nobody of ours")


async def test_a_report_is_kept_once_with_the_posts_of_whom_it_is_about(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db, "actor", kind="Application")
    mine, others = await a_post(hub.db, hub.member), await a_post(hub.db, hub.actor)
    flag = an_activity(bo, "Flag", [hub.member.uri, mine.uri, others.uri], content="<b>spam</b>\n\nand lies")
    for _ in range(2):
        assert await hub.hear(flag) == TAKEN
    (row,) = await hub.db.fetch("SELECT * FROM reports")
    assert (row["actor_id"], row["post_uris"], row["uri"]) == (hub.member.id, [mine.uri], flag["id"])
    assert (row["from_host"], "<" in row["content"], "spam" in row["content"]) == ("peer.example", False, True)


async def test_a_report_of_a_post_alone_is_about_its_author(hub: Hub) -> None:
    bo, post = await a_remote_actor(hub.db), await a_post(hub.db, hub.member)
    assert await hub.says(bo, "Flag", post.uri) == TAKEN
    assert await hub.db.fetchval("SELECT actor_id FROM reports") == hub.member.id


async def test_case_99_what_the_reporter_cannot_see_is_not_in_the_report(hub: Hub) -> None:
    bo, hidden = await a_remote_actor(hub.db), await a_post(hub.db, hub.member, audience="hub")
    assert await hub.says(bo, "Flag", hidden.uri) == NONE
    assert await hub.says(bo, "Flag", [hub.member.uri, hidden.uri]) == TAKEN
    assert await hub.db.fetchval("SELECT post_uris FROM reports") == []


async def test_a_report_about_others_is_none_of_ours(hub: Hub) -> None:
    bo, other = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    for about in (other.uri, [other.uri, f"{other.uri}/notes/1"], f"{hub.node.urls.base_url}/actors/nobody"):
        assert await hub.says(bo, "Flag", about) == NONE
    assert await hub.db.fetchval("SELECT count(*) FROM reports") == 0


async def test_what_the_hub_passes_on_is_reported_to_it_too_with_its_author_elsewhere(hub: Hub) -> None:
    bo, author = await a_remote_actor(hub.db, kind="Application"), await a_remote_actor(hub.db)
    carried = await posts.upsert_remote(hub.db, a_remote_object(author), author)
    boosted = await posts.upsert_remote(hub.db, a_remote_object(author), author)
    assert carried and boosted
    await react.boost(hub.node, hub.db, hub.actor, carried.id)
    await react.boost(hub.node, hub.db, hub.member, boosted.id)  # a member's affair, and of who follows them
    assert await hub.says(bo, "Flag", [author.uri, boosted.uri]) == NONE
    assert await hub.says(bo, "Flag", [author.uri, carried.uri, boosted.uri]) == TAKEN
    (row,) = await hub.db.fetch("SELECT actor_id, post_uris FROM reports")
    assert (row["actor_id"], row["post_uris"]) == (author.id, [carried.uri])


async def test_who_was_told_of_a_report_and_nobody_else_says_what_became_of_it(hub: Hub) -> None:
    bo, other = await a_remote_actor(hub.db), await a_remote_actor(hub.db, host="https://other.example")
    kept = await reports.insert(hub.db, bo.id, reporter_id=hub.member.id, host=None, uri=None, posts=[], content="x")
    assert kept
    await report.forward_to_home(hub.node, hub.db, bo, kept)
    flag = await hub.db.fetchval("SELECT uri FROM activities WHERE type = 'Flag'")
    said = {"content": "<p>Thank you.</p>", "coop:outcome": "acted"}
    assert await hub.says(other, "Accept", flag, **said) == ("refused", "only who was told answers")
    home = await a_remote_actor(hub.db, kind="Application")
    assert await hub.says(home, "Accept", flag, **said) == TAKEN
    found = await reports.find_forwarded(hub.db, flag)
    assert found and (found.home_outcome, found.home_words) == ("acted", "Thank you.")
    assert await hub.says(home, "Accept", flag, **{"coop:outcome": "praised"}) == TAKEN
    found = await reports.find_forwarded(hub.db, flag)
    assert found and (found.home_outcome, found.home_words) == (None, "")


async def test_a_long_report_is_cut(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    assert await hub.says(bo, "Flag", hub.member.uri, content="x" * (REPORT_CHARS * 3)) == TAKEN
    assert await hub.db.fetchval("SELECT length(content) FROM reports") == REPORT_CHARS


@pytest.mark.parametrize("neighbours", [1, 3])
async def test_case_99_a_server_has_so_many_reports_open_whoever_sends_them(hub: Hub, neighbours: int) -> None:
    senders = [await a_remote_actor(hub.db) for _ in range(neighbours)]
    for number in range(OPEN_REPORTS_PER_HOST):
        assert await hub.says(senders[number % neighbours], "Flag", hub.member.uri) == TAKEN
    assert await hub.says(senders[0], "Flag", hub.member.uri) == (
        "ignored",
        "too many open reports from this server",
    )
    other = await a_remote_actor(hub.db, host="https://other.example")
    assert await hub.says(other, "Flag", hub.member.uri) == TAKEN
