"""Mastodon.py again: what members do less often, each once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from mastodon import Mastodon, MastodonNotFoundError

from tests.clients.conftest import Server
from tests.clients.test_mastodon_py import log_in, until

pytestmark = pytest.mark.timeout(600)  # a node is started first

LOOKS: dict[str, Callable[[Mastodon], Any]] = {
    name: (lambda client, name=name: getattr(client, name)())  # type: ignore[misc]
    for name in (
        "announcements", "blocks", "conversations", "custom_emojis", "directory", "domain_blocks", "endorsements",
        "favourites", "featured_tags", "featured_tag_suggestions", "filters", "filters_v2", "follow_requests",
        "instance_activity", "instance_domain_blocks", "instance_extended_description", "instance_languages",
        "instance_rules", "instance_translation_languages", "lists", "mutes", "notification_requests",
        "notifications_policy", "preferences", "scheduled_statuses", "suggestions_v1", "suggestions_v2",
        "timeline_public", "trending_links", "trending_statuses", "trending_tags", "unread_grouped_notifications_count",
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def ada(server: Server) -> Mastodon:
    return log_in(server, "ada")


@pytest.fixture(scope="module")
def bo(server: Server) -> Mastodon:
    return log_in(server, "bo")


@pytest.mark.parametrize("name", LOOKS)
def test_what_it_looks_at_is_there(ada: Mastodon, name: str) -> None:
    assert LOOKS[name](ada) is not None


def test_a_conversation_is_read(ada: Mastodon, bo: Mastodon) -> None:
    said = bo.status_post("@ada between us", visibility="direct")
    talk = next(one for one in ada.conversations() if one.last_status.id == said.id)
    assert talk.unread
    assert not ada.conversations_read(talk).unread


def test_who_asks_to_follow_waits_for_an_answer(ada: Mastodon, bo: Mastodon) -> None:
    ada.account_update_credentials(locked=True)
    assert bo.account_follow(ada.me()).requested
    assert [one.username for one in ada.follow_requests()] == ["bo"]
    ada.follow_request_authorize(bo.me())
    assert bo.account_relationships(ada.me())[0].following
    assert ada.account_remove_from_followers(bo.me()).followed_by is False
    ada.account_update_credentials(locked=False)


def test_people_and_servers_are_kept_away(ada: Mastodon, bo: Mastodon) -> None:
    other = bo.me()
    assert ada.account_block(other).blocking
    with pytest.raises(MastodonNotFoundError):
        bo.status(ada.status_post("Not for those whom I block"))
    assert not ada.account_unblock(other).blocking
    ada.domain_block("spam.example")
    assert "spam.example" in ada.domain_blocks()
    ada.domain_unblock("spam.example")
    assert ada.domain_blocks() == []
    report = ada.report(other, comment="too loud", category="other")
    assert report.target_account.id == other.id


def test_people_and_tags_are_shown_on_the_profile(ada: Mastodon, bo: Mastodon) -> None:
    ada.account_follow(bo.me())
    assert ada.account_endorse(bo.me()).endorsed
    assert [one.username for one in ada.endorsements()] == ["bo"]
    shown = ada.featured_tag_create("wood")
    assert [one.name for one in bo.account_featured_tags(ada.me())] == ["wood"]
    ada.featured_tag_delete(shown)
    pinned = ada.status_pin(ada.status_post("Pinned"))
    assert [one.id for one in bo.account_statuses(ada.me(), pinned=True)] == [pinned.id]


def test_a_post_is_quoted_and_the_quote_taken_back(ada: Mastodon, bo: Mastodon) -> None:
    quoted = ada.status_post("Quote me", quote_approval_policy="public")
    quoting = bo.status_post("Look at that", quoted_status_id=quoted.id)
    assert quoting.quote.state == "accepted"
    assert [one.id for one in ada.status_quotes(quoted)] == [quoting.id]
    ada.status_quote_revoke(quoted, quoting)
    assert bo.status(quoting).quote.state == "revoked"


def test_a_push_subscription_is_made_changed_and_ended(ada: Mastodon) -> None:
    _, keys = ada.push_subscription_generate_keys()
    made = ada.push_subscription_set("https://push.example/1", keys, mention_events=True)
    assert (made.endpoint, made.alerts.mention, made.alerts.follow) == ("https://push.example/1", True, False)
    assert ada.push_subscription_update(follow_events=True).alerts.follow
    ada.push_subscription_delete()
    with pytest.raises(MastodonNotFoundError):
        ada.push_subscription()


def test_events_findings_and_calls_are_posts(ada: Mastodon, server: Server) -> None:
    addresses = {
        kind: server.allmende("publish", str(server.example(kind))).strip() for kind in ("event", "finding", "call")
    }
    for kind, address in addresses.items():
        found = ada.search_v2(address, resolve=True, result_type="statuses").statuses
        assert [one.uri for one in found] == [address], kind
        assert found[0].card.title
        assert ada.status_favourite(found[0]).favourited and ada.status_reblog(found[0]).reblog.uri == address
    event = ada.search_v2(addresses["event"], resolve=True).statuses[0]
    assert ada.poll_vote(event.poll, [0]).own_votes == [0]
    until(lambda: ada.status(event).poll.voters_count == 1, "the answer is counted")
