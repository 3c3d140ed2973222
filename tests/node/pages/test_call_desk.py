"""The desk of a call: a shortlist, messages, thanks and renewal, for those who made it and nobody else."""

from __future__ import annotations

import pytest

from node.actions.answer import answer, receive_offer
from node.store.calls import answers
from schemas.answers import Answer
from schemas.drafts import CallDraft
from schemas.records import Post
from tests.factories import a_remote_actor
from tests.node.pages.conftest import Browser, Hub
from tests.node.pages.test_loop import WORDS, made

CALL = CallDraft(versions=WORDS, remote=True, skills=("carpentry",), places=3)


@pytest.fixture
async def call(hub: Hub) -> Post:
    """A call by a member."""
    return await made(hub, CALL, "flo")


async def answered(hub: Hub, call: Post, *names: str) -> list[Answer]:
    """Members of these names answer, and somebody from another server by an Offer."""
    for name in names:
        who = await hub.member(name)
        await answer(hub.node, hub.db, who.actor, call.id, f"<p>{name} can help.</p>")
    far = await a_remote_actor(hub.db)
    await receive_offer(hub.db, far, call, f"{far.uri}/offers/1", "<p>From afar.</p>", quantity=1, hours=None)
    return await answers.list_of(hub.db, call.id)


async def owner(hub: Hub) -> Browser:
    """The browser of who made the call."""
    made_by = hub.browser()
    await made_by.post("/sign-in", {"who": "flo", "password": "twelve quiet carrots"})
    return made_by


async def test_answers_are_sorted_answered_and_thanked(hub: Hub, call: Post) -> None:
    bo, far = await answered(hub, call, "bo")
    flo, desk = await owner(hub), f"/calls/{call.id}/desk"
    assert "2 answers wait for you." in (await flo.get(f"/calls/{call.id}")).words
    page = await flo.post(desk, {"deed": "shortlist", "answer": str(far.id)})
    assert page.words.index("Shortlist") < page.words.index("From afar.") < page.words.index("bo can help.")
    page = await flo.post(desk, {"deed": "unlist", "answer": str(far.id)})
    assert "Off the shortlist" not in page.words

    page = await flo.post(desk, {"deed": "message", "answer": str(far.id), "text": "When can *you* come?"})
    assert "Your message is on its way." in page.words
    assert "When can you come?" in page.words
    [sent] = await hub.db.fetch("SELECT audience, recipients FROM posts WHERE kind = 'post'")
    assert (sent["audience"], len(sent["recipients"])) == ("direct", 1)
    assert await hub.db.fetchval("SELECT count(*) FROM deliveries WHERE inbox <> ''") > 0

    page = await flo.post(f"/calls/{call.id}/answers/{bo.id}", {"decision": "accept"}, form=desk)
    assert page.url.endswith(desk)
    assert "1 of 3 found" in page.words
    page = await flo.post(desk, {"deed": "thank", "thanks": "Thank you all!"})
    assert "Thanked: 2." in page.words
    await flo.post(desk, {"deed": "thank", "thanks": "Thank you all!"}, form=f"/calls/{call.id}")
    assert await hub.db.fetchval("SELECT count(*) FROM posts WHERE kind = 'post'") == 3


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"deed": "explode"}, 422),
        ({"deed": "message", "answer": "1", "text": ""}, 422),
        ({"deed": "thank", "thanks": ""}, 422),
        ({"deed": "shortlist", "answer": "1"}, 404),
        ({"deed": "shortlist", "answer": "x"}, 404),
    ],
)
async def test_what_the_desk_does_not_take(hub: Hub, call: Post, fields: dict[str, str], status: int) -> None:
    flo = await owner(hub)
    page = await flo.post(f"/calls/{call.id}/desk", fields)
    assert page.status == status


async def test_the_desk_is_for_who_made_the_call(hub: Hub, call: Post, stranger: Browser) -> None:
    [bo, _] = await answered(hub, call, "bo")
    cy = await hub.signed_in("cy")
    path = f"/calls/{call.id}/desk"
    assert (await stranger.get(path)).status == 401
    assert (await cy.get(path)).status == 403
    for deed in ({"deed": "renew"}, {"deed": "message", "answer": str(bo.id), "text": "x"}, {"deed": "thank"}):
        assert (await cy.post(path, {"thanks": "x", **deed}, form="/new/post")).status == 403
    assert await hub.db.fetchval("SELECT count(*) FROM posts WHERE kind = 'post'") == 0


async def test_an_answer_is_taken_back_by_who_gave_it(hub: Hub, call: Post) -> None:
    cy = await hub.signed_in("cy")
    await cy.post(f"/calls/{call.id}/answer", {"content": "Me"})
    [given] = await answers.list_of(hub.db, call.id)
    dan = await hub.signed_in("dan")
    sent = {"decision": "withdraw"}
    assert (await dan.post(f"/calls/{call.id}/answers/{given.id}", sent, form="/new/post")).status == 403
    page = await cy.post(f"/calls/{call.id}/answers/{given.id}", sent, form=f"/calls/{call.id}")
    assert "You took your answer back" in page.words


async def test_a_closed_call_is_renewed_with_one_click(hub: Hub, call: Post) -> None:
    await hub.db.execute("UPDATE calls SET state = 'closed' WHERE post_id = $1", call.id)
    flo = await owner(hub)
    page = await flo.post(f"/calls/{call.id}/desk", {"deed": "renew"})
    assert "The call goes on." in page.words
    assert await hub.db.fetchval("SELECT state FROM calls WHERE post_id = $1", call.id) == "open"
    await hub.db.execute("UPDATE calls SET state = 'filled' WHERE post_id = $1", call.id)
    assert (await flo.post(f"/calls/{call.id}/desk", {"deed": "renew"}, form="/new/post")).status == 409
