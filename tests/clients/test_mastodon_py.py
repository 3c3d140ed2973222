"""Mastodon.py logs in through the real consent page and walks through what members do."""

from __future__ import annotations

import io
import queue
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from mastodon import Mastodon, MastodonAPIError, MastodonNotFoundError, MastodonUnauthorizedError, StreamListener

from tests.clients.conftest import PATIENCE, Server
from tests.files import film, image

pytestmark = pytest.mark.timeout(600)  # a node is started first, and films are made smaller

SCOPES = ["read", "write", "follow", "push"]


def log_in(server: Server, name: str, act_as: str = "") -> Mastodon:
    """A client of this member, with a token that was got as everybody gets one."""
    client_id, secret = Mastodon.create_app("Walk", scopes=SCOPES, api_base_url=server.base_url)
    client = Mastodon(client_id=client_id, client_secret=secret, api_base_url=server.base_url)
    address = client.auth_request_url(scopes=SCOPES, allow_http=True)
    client.log_in(code=server.authorize(address, name, act_as), scopes=SCOPES, allow_http=True)
    return client


@pytest.fixture(scope="module")
def ada(server: Server) -> Mastodon:
    return log_in(server, "ada")


@pytest.fixture(scope="module")
def bo(server: Server, ada: Mastodon) -> Iterator[Mastodon]:
    """Bo, who follows Ada."""
    client = log_in(server, "bo")
    client.account_follow(ada.me().id)
    yield client


def until(look: Callable[[], Any], what: str) -> Any:
    """What is looked for, once it is there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited in vain: {what}")


def test_who_logs_in_is_who_signed_in_on_the_consent_page(ada: Mastodon) -> None:
    me = ada.account_verify_credentials()
    assert (me.username, me.acct) == ("ada", "ada")
    assert me.source.privacy == "public"
    assert ada.app_verify_credentials().name == "Walk"


def test_an_editor_may_choose_to_act_as_the_hub(server: Server) -> None:
    hub = log_in(server, "ada", act_as="hub")
    assert hub.me().username == "hub"
    assert hub.status_post("We meet on Friday").account.username == "hub"


def test_mastodon_py_takes_us_for_a_recent_mastodon(ada: Mastodon) -> None:
    assert ada.retrieve_mastodon_version().startswith("4.")
    assert ada.verify_minimum_version("4.4.0")
    instance = ada.instance_v2()
    assert instance.api_versions.mastodon >= 2
    assert ada.instance_v1().uri == instance.domain
    assert isinstance(ada.instance_peers(), list)
    assert ada.instance_health()
    assert ada.instance_nodeinfo().software.name == "allmende"


def test_a_post_is_edited_answered_and_deleted(ada: Mastodon, bo: Mastodon) -> None:
    picture = ada.media_post(io.BytesIO(image()), mime_type="image/png", description="A bench", synchronous=True)
    said = ada.status_post("Oak for the #bench", media_ids=[picture], idempotency_key="once")
    assert ada.status_post("Oak for the #bench", media_ids=[picture], idempotency_key="once").id == said.id
    assert said.media_attachments[0].description == "A bench"
    answer = bo.status_reply(said, "I bring tools")
    assert answer.in_reply_to_account_id == said.account.id
    assert [one.id for one in ada.status_context(said).descendants] == [answer.id]
    ada.status_update(said, "Beech for the #bench")
    assert ada.status_source(said).text == "Beech for the #bench"
    assert len(ada.status_history(said)) == 2
    assert bo.status_favourite(said).favourited
    assert bo.status_reblog(said).reblog.id == said.id
    assert bo.status_bookmark(said).bookmarked
    assert [one.id for one in bo.bookmarks()] == [said.id]
    assert [one.username for one in ada.status_favourited_by(said)] == ["bo"]
    assert ada.status_delete(said).text == "Beech for the #bench"
    with pytest.raises(MastodonNotFoundError):
        ada.status(said)


def test_a_film_comes_back_as_mp4(ada: Mastodon) -> None:
    medium = ada.media_post(io.BytesIO(film()), mime_type="video/mp4", synchronous=True)
    assert medium.type in ("video", "gifv")
    assert medium.url.endswith(".mp4")


def test_a_poll_takes_one_vote_of_each(ada: Mastodon, bo: Mastodon) -> None:
    asked = ada.status_post("Oak?", poll=ada.make_poll(["yes", "no"], 600))
    assert bo.poll_vote(asked.poll, [1]).own_votes == [1]
    with pytest.raises(MastodonAPIError, match="already voted"):
        bo.poll_vote(asked.poll, [0])


def test_a_scheduled_post_waits(ada: Mastodon) -> None:
    waiting = ada.status_post("Later", scheduled_at=datetime.now(UTC) + timedelta(hours=1))
    moved = ada.scheduled_status_update(waiting, datetime.now(UTC) + timedelta(hours=2))
    assert moved.id in [one.id for one in ada.scheduled_statuses()]
    ada.scheduled_status_delete(waiting)
    assert waiting.id not in [one.id for one in ada.scheduled_statuses()]


def test_timelines_have_pages_that_meet(ada: Mastodon, bo: Mastodon) -> None:
    said = [ada.status_post(f"Number {number} of #pages").id for number in range(5)]
    first = bo.timeline_hashtag("pages", limit=2)
    second = bo.fetch_next(first)
    third = bo.fetch_next(second)
    assert [one.id for one in (*first, *second, *third)] == said[::-1]
    assert [one.id for one in bo.fetch_previous(second)] == [one.id for one in first]
    assert set(said) <= {one.id for one in bo.timeline_home()}
    assert said[-1] in [one.id for one in bo.timeline_local()]
    assert len(bo.account_statuses(ada.me(), limit=3)) == 3


def test_notices_are_told_grouped_and_cleared(ada: Mastodon, bo: Mastodon) -> None:
    said = ada.status_post("Tell me")
    bo.status_favourite(said)
    bo.status_post("@ada well done")
    notices = until(lambda: {one.type for one in ada.notifications()} >= {"favourite", "mention"}, "notices")
    assert notices
    grouped = ada.grouped_notifications()
    assert {group.type for group in grouped.notification_groups} >= {"favourite", "mention"}
    assert ada.notifications_unread_count().count >= 2
    ada.notifications_clear()
    assert ada.notifications() == []
    assert ada.update_notifications_policy(for_new_accounts="filter").for_new_accounts == "filter"


def test_lists_filters_and_tags_are_kept(ada: Mastodon, bo: Mastodon) -> None:
    ada.account_follow(bo.me())
    kept = ada.list_create("Wood")
    ada.list_accounts_add(kept, [bo.me()])
    assert [one.username for one in ada.list_accounts(kept)] == ["bo"]
    said = bo.status_post("For the list")
    assert said.id in [one.id for one in ada.timeline_list(kept)]
    hidden = ada.create_filter_v2(
        "Sale", ["home"], "hide", keywords_attributes=[{"keyword": "sale", "whole_word": True}]
    )
    loud = bo.status_post("Big sale")
    assert loud.id not in [one.id for one in ada.timeline_home()]
    ada.delete_filter_v2(hidden)
    assert ada.tag_follow("oak").following
    assert [one.name for one in ada.followed_tags()] == ["oak"]
    assert ada.markers_set(["home"], [said.id])["home"].last_read_id == said.id


def test_profile_and_relations_change(ada: Mastodon, bo: Mastodon) -> None:
    me = ada.account_update_credentials(
        display_name="Ada", note="Benches", fields=[("Workshop", "Ghent")], avatar=image(), avatar_mime_type="image/png"
    )
    assert (me.display_name, me.fields[0].value, me.avatar.endswith("missing.png")) == ("Ada", "Ghent", False)
    other = bo.me().id
    assert ada.account_mute(other, duration=600).muting
    assert [one.id for one in ada.mutes()] == [other]
    assert not ada.account_unmute(other).muting
    assert ada.account_note_set(other, "met in Ghent").note == "met in Ghent"
    assert ada.account_search("bo")[0].id == other
    assert ada.account_lookup("bo").id == other
    assert ada.search_v2("bo", result_type="accounts").accounts[0].id == other


def test_streams_tell_what_happens(ada: Mastodon, bo: Mastodon) -> None:
    heard: queue.Queue[tuple[str, Any]] = queue.Queue()

    class Ear(StreamListener):
        def on_update(self, status: Any) -> None:
            heard.put(("update", status.id))

        def on_notification(self, notification: Any) -> None:
            heard.put(("notification", notification.type))

        def on_delete(self, status_id: Any) -> None:
            heard.put(("delete", str(status_id)))

    stream = bo.stream_user(Ear(), run_async=True)
    try:
        until(bo.stream_healthy, "a healthy stream")
        said = ada.status_post("@bo listen")
        wanted = {("update", said.id), ("notification", "mention"), ("delete", str(said.id))}
        found: set[tuple[str, Any]] = set()
        ada_deleted = False
        end = time.monotonic() + PATIENCE
        while not wanted <= found and time.monotonic() < end:
            try:
                found.add(heard.get(timeout=1))
            except queue.Empty:
                if not ada_deleted and ("update", said.id) not in found:
                    said = ada.status_post("@bo listen again")  # said before anybody listened
                    wanted = {("update", said.id), ("notification", "mention"), ("delete", str(said.id))}
            if ("update", said.id) in found and not ada_deleted:
                ada.status_delete(said)
                ada_deleted = True
        assert wanted <= found
    finally:
        stream.close()


def test_a_revoked_token_opens_nothing(server: Server) -> None:
    cem = log_in(server, "cem")
    assert cem.me().username == "cem"
    secrets = {"client_id": cem.client_id, "client_secret": cem.client_secret, "token": cem.access_token}
    assert requests.post(f"{server.base_url}/oauth/revoke", data=secrets, timeout=PATIENCE).json() == {}
    with pytest.raises(MastodonUnauthorizedError):
        cem.account_verify_credentials()
