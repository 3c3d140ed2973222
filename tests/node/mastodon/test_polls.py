"""Voting from a client: in polls, and in the poll of an event, where a vote is an answer in its list."""

from __future__ import annotations

import pytest

from node.store.posts import posts
from schemas.records import Viewer
from schemas.things import JoinMode, Poll, PollOption
from tests.factories import a_remote_actor, a_remote_object, an_event_detail
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")
S, P = "/api/v1/statuses", "/api/v1/polls"
VOTED = "You have already voted on this poll"


async def ask(client: Client, **poll: object) -> str:
    sent = {"status": "Which?", "poll": {"options": ["foo", "bar", "baz"], "expires_in": 3600} | poll}
    made = await client.post(S, sent)
    assert made.status == 200, made.text
    return str(made.json["poll"]["id"])


async def test_a_vote_counts_once(client: Client, bos_client: Client) -> None:
    poll = await ask(client)
    voted = await bos_client.post(f"{P}/{poll}/votes", {"choices": ["1"]})
    assert voted.status == 200 and voted.json["own_votes"] == [1] and voted.json["voted"] is True
    assert [one["votes_count"] for one in voted.json["options"]] == [0, 1, 0] and voted.json["voters_count"] == 1
    for again in (["1"], ["2"]):
        answer = await bos_client.post(f"{P}/{poll}/votes", {"choices": again})
        assert (answer.status, answer.json["error"]) == (422, f"Validation failed: {VOTED}")
    assert (await bos_client.get(f"{P}/{poll}")).json["votes_count"] == 1


@pytest.mark.parametrize(
    ("choices", "error"),
    [
        (["5"], "The chosen vote option does not exist"),
        ([], "The chosen vote option does not exist"),
        (["one"], "The chosen vote option does not exist"),
        (["0", "2"], VOTED),
    ],
)
async def test_a_wrong_choice_is_refused(client: Client, bos_client: Client, choices: list[str], error: str) -> None:
    answer = await bos_client.post(f"{P}/{await ask(client)}/votes", {"choices": choices})
    assert answer.status == 422 and error in answer.json["error"]


async def test_several_may_be_chosen_where_that_was_asked(client: Client, bos_client: Client) -> None:
    poll = await ask(client, multiple=True)
    voted = await bos_client.ask("POST", f"{P}/{poll}/votes", params=[("choices[]", "0"), ("choices[]", "2")])
    assert voted.json["own_votes"] == [0, 2] and voted.json["multiple"] is True
    assert (await bos_client.post(f"{P}/{poll}/votes", {"choices": [1]})).status == 422


async def test_nobody_votes_in_their_own_poll_or_in_one_that_is_over(
    hub: ClientHub, client: Client, bos_client: Client
) -> None:
    poll = await ask(client)
    assert (await client.post(f"{P}/{poll}/votes", {"choices": [0]})).status == 422
    await hub.db.execute(
        "UPDATE posts SET poll = jsonb_set(poll::jsonb, '{ends_at}', '\"2026-01-01T00:00:00Z\"')::json WHERE id = $1",
        int(poll),
    )
    answer = await bos_client.post(f"{P}/{poll}/votes", {"choices": [0]})
    assert (answer.status, answer.json["error"]) == (422, "Validation failed: The poll has already ended")


async def test_totals_stay_hidden_until_the_end(client: Client, bos_client: Client) -> None:
    poll = await ask(client, hide_totals=True)
    voted = await bos_client.post(f"{P}/{poll}/votes", {"choices": [0]})
    assert [one["votes_count"] for one in voted.json["options"]] == [None, None, None]


async def test_a_poll_of_a_hidden_status_is_hidden(hub: ClientHub, client: Client, bos_client: Client) -> None:
    sent = {"status": "Us?", "visibility": "direct", "poll": {"options": ["a", "b"], "expires_in": 3600}}
    poll = (await client.post(S, sent)).json["id"]
    assert (await bos_client.get(f"{P}/{poll}")).status == 404
    assert (await bos_client.post(f"{P}/{poll}/votes", {"choices": [0]})).status == 404
    assert (await hub.stranger.get(f"{P}/{poll}")).status == 404


async def test_a_vote_in_the_poll_of_an_event_lands_in_its_list_and_may_be_changed(
    hub: ClientHub, ana: Viewer, bo: Viewer, bos_client: Client
) -> None:
    event = await hub.publish(ana, kind="event")
    for choice, state in ((0, "going"), (2, "declined"), (1, "maybe")):
        voted = await bos_client.post(f"{P}/{event.id}/votes", {"choices": [choice]})
        assert voted.status == 200 and voted.json["own_votes"] == [choice]
        row = await hub.db.fetchrow(
            "SELECT state, door FROM rsvps WHERE event_id = $1 AND actor_id = $2", event.id, bo.actor.id
        )
        assert (row["state"], row["door"]) == (state, "poll")
    shown = (await bos_client.get(f"{S}/{event.id}")).json["poll"]
    assert [one["votes_count"] for one in shown["options"]] == [0, 1, 0] and shown["own_votes"] == [1]


async def test_an_event_that_takes_no_answers_or_is_cancelled_offers_none(
    hub: ClientHub, ana: Viewer, bos_client: Client
) -> None:
    bare = await hub.publish(ana, kind="event", join_mode="none")
    assert (await bos_client.get(f"{S}/{bare.id}")).json["poll"] is None
    assert (await bos_client.post(f"{P}/{bare.id}/votes", {"choices": [0]})).status == 404
    cancelled = await hub.publish(ana, kind="event", status="cancelled")
    assert (await bos_client.get(f"{S}/{cancelled.id}")).json["poll"]["expired"] is True
    assert (await bos_client.post(f"{P}/{cancelled.id}/votes", {"choices": [0]})).status == 422


async def test_the_poll_of_an_event_elsewhere_is_its_status_poll_and_a_vote_is_a_join(
    hub: ClientHub, bo: Viewer, bos_client: Client
) -> None:
    host = await a_remote_actor(hub.db, host="https://other.example")
    event = await posts.upsert_remote(hub.db, a_remote_object(host, kind="event", event=an_event_detail()), host)
    assert event is not None
    poll = Poll(options=tuple(PollOption(name=one, votes=2) for one in ("Yes", "Maybe", "No")))
    question = a_remote_object(host, type="Question", poll=poll, rsvp_for=event.uri, in_reply_to=event.uri)
    await posts.upsert_remote(hub.db, question, host)
    shown = (await bos_client.get(f"{S}/{event.id}")).json["poll"]
    assert [one["title"] for one in shown["options"]] == ["Yes", "Maybe", "No"] and shown["own_votes"] == []
    assert (await bos_client.post(f"{P}/{event.id}/votes", {"choices": [0]})).json["own_votes"] == [0]
    said = await hub.db.fetchval(
        "SELECT type FROM activities WHERE actor_id = $1 AND object_uri = $2", bo.actor.id, event.uri
    )
    assert said == "Join"
    context = (await bos_client.get(f"{S}/{event.id}/context")).json
    assert context["descendants"] == []


async def test_an_event_elsewhere_that_asks_by_no_poll_is_answered_by_one_whose_votes_its_organisers_hear(
    hub: ClientHub, bo: Viewer, bos_client: Client
) -> None:
    host = await a_remote_actor(hub.db, host="https://mobilizon.example")
    told = a_remote_object(host, kind="event", event=an_event_detail(join_mode="restricted", going=7))
    event = await posts.upsert_remote(hub.db, told, host)
    assert event is not None
    shown = (await bos_client.get(f"{S}/{event.id}")).json["poll"]
    assert [one["votes_count"] for one in shown["options"]] == [7, 0, 0] and shown["expired"] is False
    for choice, verb in ((0, "Join"), (1, "TentativeAccept"), (2, "Leave")):
        voted = await bos_client.post(f"{P}/{event.id}/votes", {"choices": [choice]})
        assert (voted.status, voted.json["own_votes"]) == (200, [choice]), voted.text
        row = await hub.db.fetchrow(
            """
            SELECT a.type, d.inbox FROM activities a JOIN deliveries d ON d.activity_id = a.id
             WHERE a.actor_id = $1 AND a.object_uri = $2 ORDER BY a.id DESC LIMIT 1
            """,
            bo.actor.id,
            event.uri,
        )
        assert (row["type"], row["inbox"]) == (verb, host.shared_inbox or host.inbox)
    assert (await bos_client.get(f"{S}/{event.id}")).json["poll"]["own_votes"] == [2]


@pytest.mark.parametrize("mode", ["external", "none"])
async def test_an_event_elsewhere_that_takes_no_answers_has_no_poll(
    hub: ClientHub, bos_client: Client, mode: JoinMode
) -> None:
    host = await a_remote_actor(hub.db, host="https://gancio.example")
    told = a_remote_object(host, kind="event", event=an_event_detail(join_mode=mode))
    event = await posts.upsert_remote(hub.db, told, host)
    assert event is not None
    assert (await bos_client.get(f"{S}/{event.id}")).json["poll"] is None
    assert (await bos_client.post(f"{P}/{event.id}/votes", {"choices": [0]})).status == 404


async def test_other_options_begin_anew_and_the_same_ones_keep_their_votes(client: Client, bos_client: Client) -> None:
    poll = await ask(client)
    await bos_client.post(f"{P}/{poll}/votes", {"choices": [1]})
    same = {"options": ["foo", "bar", "baz"], "expires_in": 3600}
    kept = await client.put(f"{S}/{poll}", {"status": "Which now?", "poll": same})
    assert [one["votes_count"] for one in kept.json["poll"]["options"]] == [0, 1, 0]
    await client.put(f"{S}/{poll}", {"status": "Which?", "poll": same | {"options": ["one", "two"]}})
    anew = (await bos_client.get(f"{P}/{poll}")).json
    assert [one["votes_count"] for one in anew["options"]] == [0, 0] and anew["voted"] is False
    assert (await bos_client.post(f"{P}/{poll}/votes", {"choices": [0]})).json["votes_count"] == 1
