"""Answering calls by program, here and elsewhere; and what becomes of the answers, for those who made the call."""

from __future__ import annotations

from typing import Literal

from aiohttp import web

from node.actions import answer
from node.actions.permissions import may_change, require_change
from node.api.answers import acting, as_json, asked_id, linked, person, writer
from node.api.lists import OldestFirst
from node.api.once import once
from node.api.things import found, read_json
from node.errors import Forbidden, NotFound
from node.store.calls import answers
from node.store.db import Db
from node.store.people import actors, relations
from node.web.handlers import decoded, query, reading, writing
from node.web.keys import NODE
from schemas.answers import Answer
from schemas.records import Actor
from schemas.relations import Answered, AnswerWish

Verdict = Literal["accepted", "rejected"]
VERDICTS: dict[str, tuple[Verdict, str]] = {
    "accept": ("accepted", "Accept an answer to one's call"),
    "reject": ("rejected", "Decline an answer to one's call"),
}
"""By the last part of their address, with a sentence for the description."""


async def create_answer(request: web.Request) -> web.Response:
    """Answer a call: 201. To a call elsewhere it travels."""
    wish = decoded(await read_json(request), AnswerWish)
    node = request.app[NODE]
    async with writing(request) as db:
        who = await writer(request, db)
        if not who.may("answer"):
            raise Forbidden
        call, actor = await found(db, request, "call"), acting(who)

        async def deed() -> web.Response:
            given = await answer.answer(
                node, db, actor, call.id, answer.as_html(wish.text), quantity=wish.quantity, hours=wish.hours
            )
            return as_json(_shown(given, actor), status=201)

        return await once(request, db, who, deed)


async def list_answers(request: web.Request) -> web.Response:
    """All answers for those who may change the call; for others their own."""
    asked = query(request, OldestFirst)
    async with reading(request) as db:
        who = await writer(request, db)
        call = await found(db, request, "call")
        mine = None if may_change(who, call) else acting(who).id
        given = await relations.list_answers(db, call.id, by=mine, after=asked.after, limit=asked.limit)
    links = {"next": {"after": given[-1][0].id}} if len(given) == asked.limit else {}
    return linked(request, [_shown(one, actor) for one, actor in given], links)


async def decide_answer(request: web.Request, verdict: Verdict) -> web.Response:
    """Accept or decline an answer; who gave it is told."""
    async with writing(request) as db:
        who = await writer(request, db)
        require_change(who, await found(db, request, "call"))
        given = await _given(request, db)
        decided = await answer.decide(request.app[NODE], db, who.account.id, given.id, verdict)
        return as_json(_shown(decided, await actors.get(db, decided.actor_id)))


async def withdraw_answer(request: web.Request) -> web.Response:
    """Take one's own answer back, also after it was accepted."""
    async with writing(request) as db:
        actor = acting(await writer(request, db))
        given = await _given(request, db)
        if given.actor_id != actor.id:
            raise NotFound
        return as_json(_shown(await answer.withdraw(request.app[NODE], db, actor, given.id), actor))


async def _given(request: web.Request, db: Db) -> Answer:
    """The answer in the path, if it is one to the call in the path."""
    given = await answers.get(db, asked_id(request, "answer"))
    if given is None or given.call_id != asked_id(request):
        raise NotFound
    return given


def _shown(given: Answer, actor: Actor) -> Answered:
    return Answered(
        id=str(given.id),
        who=person(actor),
        text=given.content,
        quantity=given.quantity,
        hours=given.hours,
        state=given.state,
        answered=given.answered_at,
        decided=given.decided_at,
    )
