"""Saying how people get into a place and what helps them there; whoever holds an event that will be there is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from node.actions.composing import place_of
from node.actions.spread import OPEN, tell_changed
from node.errors import Forbidden, Invalid
from node.node import Node
from node.store.db import Db
from node.store.events import events, places
from node.store.posts import posts
from node.store.posts.reading import Wanted
from schemas.access import LABELS, AccessFeature
from schemas.drafts import CallDraft, Draft, EventDraft
from schemas.limits import ACCESS_NOTE_CHARS, PLACE_EVENTS_TOLD
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, TOO_LONG
from schemas.records import Viewer
from schemas.things import Place
from schemas.times import changed_at


async def describe_place(node: Node, db: Db, viewer: Viewer, place_id: int, access: Sequence[str], note: str) -> Place:
    """Describe a place of ours anew, in the caller's transaction. Raises Forbidden, NotFound, Invalid."""
    if not viewer.may("manage_events"):
        raise Forbidden("Only editors describe places.")
    before = (await places.get(db, place_id)).place
    chosen = _checked(access, note)
    if (chosen, note) == (before.access, before.access_note):
        return before
    await _describe(node, db, place_id, chosen, note)
    return msgspec.structs.replace(before, access=chosen, access_note=note)


async def describe_with(node: Node, db: Db, draft: Draft) -> None:
    """Keep the place of a draft with what is said there of the access, unless somebody described the place before."""
    place = place_of(draft.place) if isinstance(draft, EventDraft | CallDraft) else None
    if place is None or not (place.access or place.access_note):
        return
    kept = await places.keep(db, place, node.urls.place)
    place_id = await places.id_of(db, kept, local=True)
    if place_id is not None and not (kept.access or kept.access_note):
        await _describe(node, db, place_id, place.access, place.access_note)


async def _describe(node: Node, db: Db, place_id: int, access: Sequence[AccessFeature], note: str) -> None:
    await places.describe(db, place_id, access, note)
    now, wanted = datetime.now(UTC), Wanted(place_id=place_id, local=True)
    for event in await events.list_between(db, now, wanted=wanted, limit=PLACE_EVENTS_TOLD):
        if event.audience in OPEN:
            content = posts.content_of(event, updated_at=changed_at(now, event.updated_at))
            await tell_changed(node, db, await posts.update(db, event.id, content))


def _checked(access: Sequence[str], note: str) -> tuple[AccessFeature, ...]:
    wrong = []
    if not set(access) <= set(LABELS):
        wrong.append(Problem(field="access", reason=NOT_A_CHOICE, values={"choices": ", ".join(LABELS)}))
    if len(note) > ACCESS_NOTE_CHARS:
        wrong.append(Problem(field="access_note", reason=TOO_LONG, values={"max": ACCESS_NOTE_CHARS}))
    if wrong:
        raise Invalid(wrong)
    return tuple(name for name in LABELS if name in access)
