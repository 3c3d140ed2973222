"""Inviting somebody: members within the hub's quota, those who look after members without one."""

from __future__ import annotations

from node.actions.admit import RIGHT
from node.errors import Forbidden, Invalid, NotFound
from node.store.db import Db
from node.store.hub import hub
from node.store.members import invitations
from schemas.limits import INVITATION_DAYS, INVITATION_PLACES, INVITATION_QUOTA_DAYS, LINE_CHARS
from schemas.problems import Problem
from schemas.reasons import TOO_BIG, TOO_LONG, TOO_SMALL, msgid
from schemas.records import Viewer

QUOTA_OVER = msgid("You can give away {left} more places in these {days} days.")


async def left(db: Db, viewer: Viewer) -> int | None:
    """How many places a viewer can still give away; None for any number."""
    if viewer.may(RIGHT):
        return None
    quota = (await hub.get(db)).sign_ups.quota
    return max(0, quota - await invitations.given_away(db, viewer.account.id))


async def invite(db: Db, viewer: Viewer, places: int, days: int | None, note: str) -> int:
    """Make an invitation, in the caller's transaction; its id. `days`: by those without a quota, else the hub's. Raises
    Forbidden where the hub takes in nobody, Invalid."""
    settings = (await hub.get(db)).sign_ups
    if settings.mode == "closed" or not viewer.may("publish"):
        raise Forbidden
    free = await left(db, viewer)
    held = settings.days if days is None or free is not None else days
    problems = []
    for field, value, most in (("places", places, INVITATION_PLACES), ("days", held, INVITATION_DAYS)):
        if value < 1:
            problems.append(Problem(field=field, reason=TOO_SMALL, values={"min": 1}))
        elif value > most:
            problems.append(Problem(field=field, reason=TOO_BIG, values={"max": most}))
    if len(note) > LINE_CHARS:
        problems.append(Problem(field="note", reason=TOO_LONG, values={"max": LINE_CHARS}))
    if free is not None and places > free:
        values: dict[str, str | int] = {"left": free, "days": INVITATION_QUOTA_DAYS}
        problems.append(Problem(field="places", reason=QUOTA_OVER, values=values))
    if problems:
        raise Invalid(problems)
    return await invitations.insert(db, viewer.account.id, places, held, note.strip())


async def end(db: Db, viewer: Viewer, invitation_id: int) -> None:
    """It lets nobody in any more: one's own, or anybody's for those who look after members. Raises NotFound."""
    if not await invitations.end(db, invitation_id, None if viewer.may(RIGHT) else viewer.account.id):
        raise NotFound
