"""What is published elsewhere: kept for whom it is, once, and only if somebody here has a reason to read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from node.remote import learn_actor
from node.store.calls import answers
from node.store.events import rsvps
from node.store.people import blocks
from node.store.posts import posts
from node.store.queues import jobs
from node.store.servers import gone
from schemas.records import Actor, Post
from schemas.things import CallDetail, Poll, PollOption
from tests.factories import a_post, a_remote_actor, a_remote_object
from tests.node.inbox.conftest import PUBLIC, Hub, a_note, an_activity, an_event, known
from tests.peer import Peer

HOUR = timedelta(hours=1)
NOBODY = ("ignored", "nobody here follows its author")
TAKEN = ("accepted", None)


async def kept(hub: Hub, note: dict[str, Any]) -> Post | None:
    return await posts.find_by_uri(hub.db, note["id"])


async def replies_to(hub: Hub, actor: Actor, parent: Post, text: str, **fields: Any) -> dict[str, Any]:
    """A public reply that was taken."""
    note = a_note(actor, inReplyTo=parent.uri, content=f"<p>{text}</p>", **fields)
    assert await hub.says(actor, "Create", note) == TAKEN
    return note


async def test_a_strangers_post_is_not_kept(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    note = a_note(bo)
    assert await hub.says(bo, "Create", note) == NOBODY
    assert await kept(hub, note) is None


@pytest.mark.parametrize("addressed", ["to", "cc", "tag"])
async def test_a_strangers_post_is_kept_for_whom_it_names(hub: Hub, addressed: str) -> None:
    bo = await a_remote_actor(hub.db)
    mention = [{"type": "Mention", "href": hub.member.uri, "name": "@bea"}]
    fields: dict[str, Any] = {"tag": mention} if addressed == "tag" else {addressed: [PUBLIC, hub.member.uri]}
    note = a_note(bo, **fields)
    assert await hub.says(bo, "Create", note) == TAKEN
    assert await kept(hub, note) is not None
    assert await hub.notices() == (["mention"] if addressed == "tag" else [])


async def test_a_blocked_author_reaches_nobody(hub: Hub) -> None:
    bo, mine = await a_remote_actor(hub.db), await a_post(hub.db, hub.member)
    await blocks.insert(hub.db, hub.member.id, bo.id, None)
    for note in (a_note(bo, to=[hub.member.uri]), a_note(bo, inReplyTo=mine.uri)):
        assert (await hub.says(bo, "Create", note))[0] == "ignored"
        assert await kept(hub, note) is None
    assert await hub.notices() == []


async def test_a_limited_author_is_heard_by_followers_only(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.db.execute("UPDATE actors SET limited_at = now() WHERE id = $1", bo.id)
    mention = [{"type": "Mention", "href": hub.member.uri, "name": "@bea"}]
    assert await hub.says(bo, "Create", a_note(bo, tag=mention)) == TAKEN
    assert await hub.notices() == []
    await hub.follow(bo)
    assert await hub.says(bo, "Create", a_note(bo, tag=mention)) == TAKEN
    assert await hub.notices() == ["mention"]


async def test_case_108_who_is_tagged_but_not_addressed_sees_nothing(hub: Hub) -> None:
    bo, other = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    await hub.follow(bo)
    tag = [{"type": "Mention", "href": hub.member.uri, "name": "@bea"}]
    note = a_note(bo, to=[other.uri], tag=tag)
    assert await hub.says(bo, "Create", note, to=[other.uri]) == TAKEN
    post = await kept(hub, note)
    assert post is not None and post.audience == "direct"
    assert await posts.find_visible(hub.db, post.uri, hub.member.id) is None
    assert await hub.notices() == []


@pytest.mark.parametrize(
    ("around", "inside", "seen"),
    [
        ([PUBLIC], [PUBLIC], "public"),
        ([PUBLIC], ["{followers}"], "followers"),
        (["{followers}"], [PUBLIC], "followers"),
        (["{member}"], [PUBLIC], "direct"),
        ([PUBLIC], None, "public"),
    ],
)
async def test_the_narrower_of_activity_and_object_says_who_may_see_it(
    hub: Hub, around: list[str], inside: list[str] | None, seen: str
) -> None:
    bo = await a_remote_actor(hub.db, followers="https://peer.example/whoever")
    await hub.follow(bo)
    names = {"{followers}": bo.followers, "{member}": hub.member.uri}
    note = a_note(bo, to=None if inside is None else [names.get(one, one) for one in inside])
    assert await hub.says(bo, "Create", note, to=[names.get(one, one) for one in around]) == TAKEN
    post = await kept(hub, note)
    assert post is not None and post.audience == seen


async def test_case_1_an_object_of_another_origin_is_fetched_there_or_not_kept(hub: Hub, peer: Peer) -> None:
    evil = await a_remote_actor(hub.db, host="https://evil.example")
    good = await learn_actor(hub.node, peer.actor_id)
    assert good is not None
    await hub.follow(good)
    await hub.follow(evil)
    real = a_note(good, id=peer.url("/notes/1"), content="<p>real</p>")
    peer.serve("/notes/1", real)
    assert await hub.says(evil, "Create", real | {"content": "<p>forged</p>"}) == TAKEN
    post = await kept(hub, real)
    assert post is not None and post.version().content == "<p>real</p>"
    forged = a_note(good, id=peer.url("/notes/2"))
    assert await hub.says(evil, "Create", forged) == ("ignored", "not to be had at its origin")
    assert await kept(hub, forged) is None


async def test_case_13_nobody_writes_in_the_name_of_another_actor_of_the_same_host(hub: Hub, peer: Peer) -> None:
    alice, bob = await learn_actor(hub.node, peer.actor_id), peer.url("/users/bob")
    peer.serve("/users/bob", peer.actor | {"id": bob, "preferredUsername": "bob", "publicKey": None, "inbox": bob})
    assert alice is not None and await learn_actor(hub.node, bob) is not None
    await hub.follow(alice)
    await hub.follow(await known(hub.db, bob))
    for number, whose in enumerate((alice.uri, [alice.uri, bob], [{"id": alice.uri}, {"id": bob}])):
        forged = a_note(alice, id=peer.url(f"/notes/{number}"), attributedTo=whose)
        said = an_activity(await known(hub.db, bob), "Create", forged, id=peer.url(f"/said/{number}"))
        assert await hub.hear(said) == ("ignored", "not to be had at its origin")
        assert await kept(hub, forged) is None


async def test_a_groups_event_told_by_a_member_is_taken_from_its_origin(hub: Hub, peer: Peer) -> None:
    """Mobilizon: `actor` is the person who wrote it, `attributedTo` the group whose it is."""
    ana, coop = await learn_actor(hub.node, peer.actor_id), peer.url("/@coop")
    group = peer.actor | {"id": coop, "type": "Group", "preferredUsername": "coop", "publicKey": None, "inbox": coop}
    peer.serve("/@coop", group)
    assert ana is not None
    event = an_event(ana, id=peer.url("/events/1"), attributedTo=coop, actor=ana.uri)
    peer.serve("/events/1", event)
    stranger = await hub.says(ana, "Create", event, attributedTo=coop)
    assert stranger == ("ignored", "nobody here follows its author")
    await hub.follow(await learn_actor(hub.node, coop) or ana)
    await hub.follow(ana)
    assert await hub.says(ana, "Create", event, attributedTo=coop) == TAKEN
    post = await kept(hub, event)
    assert post is not None and (post.kind, post.actor.uri) == ("event", coop)
    peer.serve(
        "/events/1", event | {"name": "Moved", "startTime": "2027-06-01T18:00:00Z", "updated": "2026-10-02T10:00:00Z"}
    )
    await rsvps.put(hub.db, post.id, hub.member.id, "going", "button")
    assert await hub.says(ana, "Update", event | {"name": "A lie"}, attributedTo=coop) == TAKEN
    post = await kept(hub, event)
    assert post is not None and post.version().name == "Moved"
    assert "update" in await hub.notices()
    peer.serve("/events/1", {"id": event["id"], "type": "Tombstone"}, status=410)
    assert await hub.says(ana, "Delete", event["id"]) == TAKEN
    assert await kept(hub, event) is None


async def test_only_ids_are_asked_for_where_somebody_could_want_them(hub: Hub, peer: Peer) -> None:
    bo = await learn_actor(hub.node, peer.actor_id)
    assert bo is not None
    uri = peer.serve("/notes/1", a_note(bo, id=peer.url("/notes/1")))
    assert await hub.says(bo, "Create", uri) == NOBODY
    assert peer.requests("/notes/1") == []
    await hub.follow(bo)
    assert await hub.says(bo, "Create", uri) == TAKEN
    assert await posts.find_by_uri(hub.db, uri) is not None
    assert await hub.says(bo, "Create", uri) == TAKEN
    assert len(peer.requests("/notes/1")) == 1


async def test_case_33_what_was_deleted_before_it_came_is_not_kept(hub: Hub) -> None:
    bo, other = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    await hub.follow(bo)
    first, second = a_note(bo), a_note(bo)
    assert await hub.says(bo, "Delete", first["id"]) == ("ignored", "not known here")
    assert await hub.says(bo, "Create", first) == ("ignored", "deleted before")
    await hub.says(other, "Delete", second["id"])  # of the same server, but not its author
    assert await hub.says(bo, "Create", second) == TAKEN
    assert await gone.holds(hub.db, second["id"], other.uri)


async def test_what_it_answers_is_fetched_later(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.follow(bo)
    above = "https://far.example/notes/1"
    assert await hub.says(bo, "Create", a_note(bo, inReplyTo=above)) == TAKEN
    assert await hub.jobs() == [f"learn {above}"]


async def test_a_reply_to_what_its_author_may_not_see_answers_nothing(hub: Hub) -> None:
    bo, inside = await a_remote_actor(hub.db), await a_post(hub.db, hub.member, audience="hub")
    deleted = await a_post(hub.db, hub.member)
    await posts.tombstone(hub.db, deleted.id)
    for parent in (inside, deleted):
        assert await hub.says(bo, "Create", a_note(bo, inReplyTo=parent.uri)) == NOBODY
        named = a_note(bo, inReplyTo=parent.uri, to=[hub.member.uri])
        assert await hub.says(bo, "Create", named) == TAKEN
        post = await kept(hub, named)
        assert post is not None and (post.in_reply_to, post.in_reply_to_id) == (None, None)


async def test_a_reply_tells_whom_it_answers_even_if_it_names_nobody(hub: Hub) -> None:
    bo, mine = await a_remote_actor(hub.db), await a_post(hub.db, hub.member)
    await replies_to(hub, bo, mine, "Nice")
    assert await hub.notices() == ["reply"]
    assert (await posts.get(hub.db, mine.id, None)).replies_count == 1


async def test_a_reply_to_a_stranger_is_no_reason_to_keep_it(hub: Hub) -> None:
    bo, cy = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    parent = await posts.upsert_remote(hub.db, a_remote_object(cy), cy)
    assert parent is not None
    note = a_note(bo, inReplyTo=parent.uri)
    assert await hub.says(bo, "Create", note) == NOBODY
    await hub.follow(cy)
    assert await hub.says(bo, "Create", note) == TAKEN


async def test_a_keyword_in_reply_to_an_event_is_an_rsvp_and_is_confirmed(hub: Hub) -> None:
    bo, event = await a_remote_actor(hub.db), await a_post(hub.db, hub.actor, kind="event", text="Picnic")
    await replies_to(hub, bo, event, "@hub Yes!")
    assert await rsvps.counts(hub.db, event.id) == {"going": 1}
    (message,) = await hub.said("Create")
    assert message["to"] == [bo.uri] and "you are coming" in message["object"]["content"]
    confirmation = await posts.find_by_uri(hub.db, message["object"]["id"])
    assert confirmation is not None and confirmation.audience == "direct"
    await replies_to(hub, bo, event, "yes, but who brings the cake?")
    assert await rsvps.counts(hub.db, event.id) == {"going": 1}
    note = a_note(bo, inReplyTo=confirmation.uri, content="<p>no</p>", to=[hub.actor.uri])
    assert await hub.says(bo, "Create", note, to=[hub.actor.uri]) == TAKEN
    assert await rsvps.counts(hub.db, event.id) == {"declined": 1}


async def test_a_reply_to_an_open_call_is_an_answer_once(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    opened = await a_post(hub.db, hub.actor, kind="call")
    over = await a_post(hub.db, hub.actor, kind="call", call=CallDetail(deadline=datetime.now(UTC) - HOUR))
    by_mail = await a_post(hub.db, hub.actor, kind="call", call=CallDetail(respond_by=("mail",)))
    note = await replies_to(hub, bo, opened, "I can do two weekends")
    await hub.says(bo, "Create", note)
    for call in (over, by_mail):
        await replies_to(hub, bo, call, "Me!")
    found = [len(await answers.list_of(hub.db, call.id)) for call in (opened, over, by_mail)]
    assert found == [1, 0, 0]
    assert await hub.says(bo, "Delete", note["id"]) == TAKEN
    (withdrawn,) = await answers.list_of(hub.db, opened.id)
    assert (withdrawn.state, withdrawn.content) == ("withdrawn", "")


async def a_poll(hub: Hub, *, multiple: bool = False, ends: timedelta = HOUR, **fields: Any) -> Post:
    poll = Poll(options=(PollOption(name="Sat"), PollOption(name="Sun")), multiple=multiple, voters=0)
    poll = Poll(options=poll.options, multiple=multiple, voters=0, ends_at=datetime.now(UTC) + ends)
    return await a_post(hub.db, hub.actor, type="Question", poll=poll, **fields)


def a_vote(actor: Actor, poll: Post, name: str) -> dict[str, Any]:
    note = a_note(actor, name=name, inReplyTo=poll.uri, to=[poll.actor.uri])
    del note["content"]
    return note


async def results(hub: Hub, poll: Post) -> tuple[list[int], int | None]:
    found = (await posts.get(hub.db, poll.id, hub.actor.id)).poll
    assert found is not None
    return [option.votes for option in found.options], found.voters


async def test_case_95_one_vote_each_for_an_option_there_is_while_the_poll_is_open(hub: Hub) -> None:
    bo, cy = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    poll, closed = await a_poll(hub), await a_poll(hub, ends=-HOUR)
    assert await hub.says(bo, "Create", a_vote(bo, poll, "Sun")) == TAKEN
    assert await hub.says(bo, "Create", a_vote(bo, poll, "Sun")) == TAKEN
    assert await hub.says(bo, "Create", a_vote(bo, poll, "Sat")) == ("ignored", "You have voted already.")
    assert await hub.says(cy, "Create", a_vote(cy, poll, "Mon")) == ("refused", "a vote for no option")
    assert await hub.says(cy, "Create", a_vote(cy, closed, "Sat")) == ("ignored", "This poll is over.")
    assert await hub.says(cy, "Create", a_vote(cy, poll, "Sat")) == TAKEN
    assert await results(hub, poll) == ([1, 1], 2)
    assert await results(hub, closed) == ([0, 0], 0)
    assert await hub.jobs() == [f"counts {poll.id}"]
    assert await hub.db.fetchval("SELECT count(*) FROM posts WHERE NOT local") == 0  # a vote is no post


async def test_case_95_nobody_votes_for_another_or_in_what_they_may_not_see(hub: Hub) -> None:
    bo, cy = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    poll, inside = await a_poll(hub), await a_poll(hub, audience="hub")
    said = a_vote(bo, poll, "Sat") | {"id": f"{cy.uri}/v"}
    assert (await hub.says(cy, "Create", said))[0] != "accepted"
    assert await hub.says(bo, "Create", a_vote(bo, inside, "Sat")) == ("ignored", "a vote in no poll of ours")
    assert await results(hub, poll) == ([0, 0], 0)


async def test_in_a_poll_of_several_choices_each_counts_once(hub: Hub) -> None:
    bo, poll = await a_remote_actor(hub.db), await a_poll(hub, multiple=True)
    for name in ("Sat", "Sun", "Sat"):
        assert await hub.says(bo, "Create", a_vote(bo, poll, name)) == TAKEN
    assert await results(hub, poll) == ([1, 1], 1)


async def test_a_public_reply_to_ours_is_passed_on_to_our_followers_as_it_came(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db, host="https://b.example")
    far = await a_remote_actor(hub.db, host="https://c.example")
    neighbour = await a_remote_actor(hub.db, host="https://b.example")
    await hub.followed_by(far)
    await hub.followed_by(neighbour)
    mine, followers = await a_post(hub.db, hub.actor), hub.actor.followers
    for cc, audience in (([], [PUBLIC]), ([followers], [followers]), ([followers], [hub.actor.uri])):
        note = a_note(bo, inReplyTo=mine.uri, to=audience, cc=cc)
        await hub.says(bo, "Create", note, to=audience, cc=cc)
    assert await hub.db.fetchval("SELECT count(*) FROM deliveries") == 0
    note = a_note(bo, inReplyTo=mine.uri, cc=[followers])
    said = an_activity(bo, "Create", note, cc=[followers], proof={"type": "DataIntegrityProof", "of": "whatever"})
    for _ in range(2):
        assert await hub.hear(said) == TAKEN
    owed = await hub.db.fetch(
        "SELECT inbox, signer_id, document FROM deliveries JOIN activities a ON a.id = activity_id"
    )
    assert [(one["inbox"], one["signer_id"]) for one in owed] == [(far.shared_inbox, hub.actor.id)]
    assert owed[0]["document"].encode() == msgspec.json.encode(said)
    grandchild = a_note(bo, inReplyTo=note["id"], cc=[followers])
    await hub.follow(bo)
    assert await hub.says(bo, "Create", grandchild, cc=[followers]) == TAKEN
    assert await hub.db.fetchval("SELECT count(*) FROM deliveries") == 2


async def test_nothing_is_passed_on_for_somebody_who_is_limited(hub: Hub) -> None:
    bo, far = await a_remote_actor(hub.db), await a_remote_actor(hub.db, host="https://c.example")
    await hub.db.execute("UPDATE actors SET limited_at = now() WHERE id = $1", bo.id)
    await hub.followed_by(far)
    mine = await a_post(hub.db, hub.actor)
    note = a_note(bo, inReplyTo=mine.uri, cc=[hub.actor.followers])
    assert await hub.says(bo, "Create", note, cc=[hub.actor.followers]) == TAKEN
    assert await hub.db.fetchval("SELECT count(*) FROM deliveries") == 0


async def test_the_thread_job_is_asked_for_once(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.follow(bo)
    for _ in range(2):
        assert await hub.says(bo, "Create", a_note(bo, inReplyTo="https://far.example/notes/1")) == TAKEN
    assert not await jobs.add(hub.db, "learn_post", {}, once="learn https://far.example/notes/1")


@pytest.mark.parametrize("addressed", [True, False])
async def test_case_108_who_is_named_but_not_addressed_sees_nothing_private(hub: Hub, addressed: bool) -> None:
    bo = await a_remote_actor(hub.db, followers="https://peer.example/users/bo/followers")
    mention = [{"type": "Mention", "href": hub.member.uri, "name": "@bea"}]
    note = a_note(bo, to=[bo.followers, *([hub.member.uri] if addressed else [])], tag=mention)
    await hub.says(bo, "Create", note, to=note["to"])
    found = await kept(hub, note)
    seen = found is not None and await posts.find_visible(hub.db, found.uri, hub.member.id) is not None
    assert (seen, await hub.notices()) == ((True, ["mention"]) if addressed else (False, []))
