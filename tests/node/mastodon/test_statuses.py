"""Writing, reading, changing and deleting statuses from a client."""

from __future__ import annotations

import pytest

from node.store.access import tokens
from schemas.records import Viewer
from tests.node.mastodon.conftest import Client, ClientHub

TOO_LONG = "Validation failed: Text character limit of 5000 exceeded"

pytestmark = pytest.mark.asyncio(loop_scope="module")
S = "/api/v1/statuses"


async def test_a_status_comes_back_as_it_was_written(client: Client) -> None:
    sent = {"status": "We repair *lamps*\nand #Benches", "visibility": "unlisted", "spoiler_text": "tools"}
    made = await client.post(S, sent | {"language": "de", "sensitive": True})
    assert made.status == 200
    assert (made.json["visibility"], made.json["language"], made.json["spoiler_text"]) == ("unlisted", "de", "tools")
    assert "<br" in made.json["content"] and made.json["tags"][0]["name"] == "benches"
    assert made.json["sensitive"] is True and made.json["poll"] is None and made.json["favourited"] is False
    found = await client.get(f"{S}/{made.json['id']}")
    assert found.json == made.json


async def test_what_a_member_prefers_holds_where_nothing_is_said(hub: ClientHub) -> None:
    who = await hub.newcomer()
    await hub.db.execute(
        "UPDATE accounts SET preferences = $2 WHERE id = $1",
        who.account.id,
        {"privacy": "private", "sensitive": True, "language": "fr", "quote_policy": "nobody"},
    )
    made = (await (await hub.client_of(who)).post(S, {"status": "Bonjour"})).json
    assert (made["visibility"], made["sensitive"], made["language"]) == ("private", True, "fr")
    assert made["quote_approval"] == {"automatic": [], "manual": [], "current_user": "automatic"}


async def test_a_long_address_counts_as_little_as_it_says(client: Client) -> None:
    address = f"https://archive.example/{'x' * 900}"
    made = await client.post(S, {"status": f"{'y' * 4900} {address} @bo"})
    assert made.status == 200, made.text
    assert address in (await client.get(f"{S}/{made.json['id']}/source")).json["text"]
    assert (await client.post(S, {"status": f"{'y' * 4980} {address}"})).json["error"] == TOO_LONG
    far = "@bo@far.example " * 200
    assert (await client.post(S, {"status": far + "y" * 4100})).status == 200
    assert (await client.post(S, {"status": f"{address} " * 22})).status == 422, "no more than is kept as it was typed"


@pytest.mark.parametrize(
    ("sent", "status", "error"),
    [
        ({}, 422, "Validation failed: Text can't be blank"),
        ({"status": "x" * 5001}, 422, TOO_LONG),
        ({"status": "x" * 4990, "spoiler_text": "y" * 20}, 422, TOO_LONG),
        ({"status": "x", "visibility": "friends"}, 422, "Validation failed: 'friends' is not a valid visibility"),
        ({"status": "x", "in_reply_to_id": "12"}, 404, "The post you are trying to reply to does not appear to exist."),
        ({"status": "x", "quoted_status_id": "12"}, 404, "The post you are trying to quote does not appear to exist."),
        ({"status": "x", "scheduled_at": "banana"}, 422, "Record invalid"),
        ({"status": "x", "scheduled_at": "9999-12-31T23:59:59-14:00"}, 422, "Record invalid"),
        ({"status": "x", "poll": {"options": ["a", "b"]}}, 422, "Validation failed: Expires at can't be blank"),
    ],
)
async def test_what_makes_no_sense_is_refused(client: Client, sent: dict[str, object], status: int, error: str) -> None:
    answer = await client.post(S, sent)
    assert (answer.status, answer.json["error"]) == (status, error)


@pytest.mark.parametrize(
    "sent",
    [
        {"status": "x", "media_ids": ["123456"]},
        {"status": "x", "poll": {"options": ["a"], "expires_in": 600}},
        {"status": "x", "poll": {"options": ["a", "b"], "expires_in": 10}},
        {"status": "x", "quote_approval_policy": "friends"},
    ],
)
async def test_what_cannot_be_published_is_refused_with_a_reason(client: Client, sent: dict[str, object]) -> None:
    answer = await client.post(S, sent)
    assert answer.status == 422 and answer.json["error"].startswith("Validation failed: ")


async def test_a_repeated_request_gives_the_first_status(client: Client, bos_client: Client) -> None:
    key = {"Idempotency-Key": "once"}
    first = await client.post(S, {"status": "Only once"}, headers=key)
    again = await client.post(S, {"status": "Only once"}, headers=key)
    other = await bos_client.post(S, {"status": "Only once"}, headers=key)
    assert first.json["id"] == again.json["id"] != other.json["id"]


async def test_a_status_says_with_which_app_it_was_written(hub: ClientHub, ana: Viewer, client: Client) -> None:
    assert (await client.post(S, {"status": "By hand"})).json["application"] is None
    app, _ = await hub.app_named("Tusky", website="https://tusky.app")
    token = await tokens.insert(hub.db, ana.account.id, ("write",))
    await hub.db.execute("UPDATE tokens SET app_id = $1 WHERE id = (SELECT max(id) FROM tokens)", app.id)
    made = await hub.client(token).post(S, {"status": "From my phone"})
    assert made.json["application"] == {"name": "Tusky", "website": "https://tusky.app"}


async def test_a_status_is_changed_and_remembers_what_it_said(client: Client) -> None:
    made = (await client.post(S, {"status": "Frist", "language": "en"})).json
    assert made["edited_at"] is None
    changed = (await client.put(f"{S}/{made['id']}", {"status": "First", "spoiler_text": "order"})).json
    assert "First" in changed["content"] and changed["edited_at"] and changed["spoiler_text"] == "order"
    states = (await client.get(f"{S}/{made['id']}/history")).json
    assert ["Frist" in one["content"] for one in states] == [True, False]
    assert [one["spoiler_text"] for one in states] == ["", "order"]
    source = (await client.get(f"{S}/{made['id']}/source")).json
    assert source == {"id": made["id"], "text": "First", "spoiler_text": "order"}


async def test_nobody_else_changes_or_deletes_a_status(client: Client, bos_client: Client) -> None:
    made = (await client.post(S, {"status": "Mine"})).json
    assert (await bos_client.put(f"{S}/{made['id']}", {"status": "Yours"})).status == 404
    assert (await bos_client.delete(f"{S}/{made['id']}")).status == 404
    assert "Mine" in (await client.get(f"{S}/{made['id']}")).json["content"]


async def test_a_deleted_status_is_given_back_to_be_written_again(client: Client) -> None:
    made = (await client.post(S, {"status": "Oh *no*", "poll": {"options": ["a", "b"], "expires_in": 600}})).json
    gone = await client.delete(f"{S}/{made['id']}")
    assert gone.json["text"] == "Oh *no*" and [o["title"] for o in gone.json["poll"]["options"]] == ["a", "b"]
    assert (await client.get(f"{S}/{made['id']}")).status == 404
    assert (await client.delete(f"{S}/{made['id']}")).status == 404


async def test_events_findings_and_calls_are_not_changed_as_statuses(
    hub: ClientHub, ana: Viewer, client: Client
) -> None:
    for kind in ("event", "finding", "call"):
        post = await hub.publish(ana, kind=kind)
        answer = await client.put(f"{S}/{post.id}", {"status": "Something else"})
        assert answer.status == 422 and "website" in answer.json["error"]
        assert (await client.get(f"{S}/{post.id}/source")).json["text"] == post.version().source


async def test_a_thread_has_what_is_above_and_below(client: Client, bos_client: Client) -> None:
    first = (await client.post(S, {"status": "One"})).json
    second = (await bos_client.post(S, {"status": "Two", "in_reply_to_id": first["id"]})).json
    third = (await client.post(S, {"status": "Three", "in_reply_to_id": second["id"]})).json
    assert second["in_reply_to_account_id"] == first["account"]["id"]
    thread = (await client.get(f"{S}/{second['id']}/context")).json
    assert [one["id"] for one in thread["ancestors"]] == [first["id"]]
    assert [one["id"] for one in thread["descendants"]] == [third["id"]]


async def test_several_statuses_are_asked_for_at_once_in_their_order(client: Client, bos_client: Client) -> None:
    public = (await client.post(S, {"status": "All"})).json["id"]
    private = (await client.post(S, {"status": "Me", "visibility": "direct"})).json["id"]
    asked = {"id[]": [private, public, "77", "no number", str(2**63), "9" * 5000]}
    assert [one["id"] for one in (await client.get(S, **asked)).json] == [private, public]
    assert [one["id"] for one in (await bos_client.get(S, **asked)).json] == [public]


@pytest.mark.parametrize("visibility", ["private", "direct"])
@pytest.mark.parametrize("part", ["", "/source", "/history", "/context", "/card", "/favourited_by", "/reblogged_by"])
async def test_what_is_not_for_everybody_leaks_nowhere(
    hub: ClientHub, client: Client, bos_client: Client, visibility: str, part: str
) -> None:
    made = (await client.post(S, {"status": "Secret", "visibility": visibility})).json
    for other in (bos_client, hub.stranger):
        answer = await other.get(f"{S}/{made['id']}{part}")
        assert answer.status in (401, 404) and "Secret" not in answer.text
        assert answer.status == 404 or (other is hub.stranger and part == "/source")
    for deed in ("favourite", "bookmark", "reblog", "mute", "pin"):
        assert (await bos_client.post(f"{S}/{made['id']}/{deed}")).status == 404


async def test_a_direct_status_reaches_who_is_named_and_a_hidden_reply_stays_hidden(
    hub: ClientHub, ana: Viewer, client: Client, bos_client: Client
) -> None:
    made = (await client.post(S, {"status": "@bo hello", "visibility": "direct"})).json
    assert made["mentions"][0]["acct"] == "bo"
    assert (await bos_client.get(f"{S}/{made['id']}")).status == 200
    inside = await hub.publish(ana, "Only here", audience="hub")
    reply = (await bos_client.post(S, {"status": "Good", "in_reply_to_id": str(inside.id)})).json
    assert reply["visibility"] == "private"
    assert (await hub.stranger.get(f"{S}/{reply['id']}")).status == 404


async def test_a_reply_to_a_call_is_an_answer_to_it(
    hub: ClientHub, ana: Viewer, bo: Viewer, bos_client: Client
) -> None:
    call = await hub.publish(ana, kind="call")
    assert (await bos_client.post(S, {"status": "I can help", "in_reply_to_id": str(call.id)})).status == 200
    row = await hub.db.fetchrow("SELECT door, content FROM answers WHERE call_id = $1", call.id)
    assert row["door"] == "reply" and "I can help" in row["content"]


async def test_one_status_has_one_language(hub: ClientHub, ana: Viewer) -> None:
    versions = [
        {"language": "de", "name": "Reparaturcafé", "text": "Bringt Lampen mit."},
        {"language": "en", "name": "Repair café", "text": "Bring lamps."},
    ]
    event = await hub.publish(ana, kind="event", versions=versions)
    for language, title in (("de", "Reparaturcafé"), ("en", "Repair café")):
        reader = await hub.client_of(await hub.newcomer(language=language))
        status = (await reader.get(f"{S}/{event.id}")).json
        assert status["language"] == language and title in status["content"] and status["card"]["title"] == title
        assert (await reader.get(f"{S}/{event.id}/history")).json[0]["content"] == status["content"]
        source = (await reader.get(f"{S}/{event.id}/source")).json["text"]
        assert source == next(one["text"] for one in versions if one["language"] == language)
