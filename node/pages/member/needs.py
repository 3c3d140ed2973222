"""What a member's desk puts first: each thing that waits for them, in a sentence, with one button."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from node.actions.decisions import VOTERS, permission_of
from node.store.db import Db
from node.store.members import applications, leaving, needs, offers
from node.store.members.mandates import Mandate
from node.store.members.needs import Waiting, What
from node.store.moderation import measures
from node.store.people import people
from node.store.posts import posts
from node.store.tabular import Slice
from node.theming.frame import Frame
from node.wording.moments import moment
from node.wording.showing import page_path, title
from schemas.limits import NEEDS_SHOWN, ROLE_ENDS_DAYS
from schemas.reasons import msgid
from schemas.records import Measure, Post, Viewer

LEAVES = msgid("Your account will be deleted on {moment}. Until then you can change your mind.")
BUTTONS: dict[What, tuple[str, str]] = {
    "rsvp_asked": (msgid("Decide"), "people"),
    "rsvp_maybe": (msgid("Answer"), "answer"),
    "co_host": (msgid("Answer"), ""),
    "answers": (msgid("Look at them"), "desk"),
}
"""What the button of each says, and which page below the thing's it leads to."""


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that waits: what is said (`words`, or `what` with how many there are, as the template says it), of
    what, and where the button leads."""

    words: str = ""
    what: str = ""
    count: int = 0
    button: str
    link: str
    about: str = ""


async def list_of(db: Db, around: Frame, who: Viewer, held: list[Mandate]) -> list[Need]:
    """Everything that waits for this member, bounded; what others may do is not here."""
    say, found = around.say, list[Need]()
    if day := await leaving.day_of(db, who.account.id):
        words = say(LEAVES, moment=_day(around, day))
        found.append(Need(words=words, button=say("Keep my account"), link="/settings/leave"))
    found += await _of_offices(db, around, who, held)
    waiting = await needs.list_waiting(db, who.account.id, who.actor.id, NEEDS_SHOWN)
    things = await posts.get_many(db, [one.post_id for one in waiting], who.actor.id)
    found += [_of_post(around, one, things[one.post_id]) for one in waiting if one.post_id in things]
    if n := await people.count_asking(db, who.actor.id):
        found.append(Need(what="asking", count=n, button=say("Decide"), link="/notifications?sort=people"))
    if n := await needs.count_replies(db, who.account.id):
        found.append(Need(what="replies", count=n, button=say("Read them"), link="/notifications?sort=talk"))
    return found[:NEEDS_SHOWN]


async def _of_offices(db: Db, around: Frame, who: Viewer, held: list[Mandate]) -> list[Need]:
    """What comes with an office: offered, ending, decisions to take and people who would like to join."""
    say, found = around.say, list[Need]()
    if n := len(await offers.list_open(db, who.account.id)):
        found.append(Need(what="offers", count=n, button=say("Answer"), link="/offices"))
    soon = datetime.now(UTC) + timedelta(days=ROLE_ENDS_DAYS)
    for one in held:
        if one.ends_at and datetime.now(UTC) < one.ends_at < soon:
            words = say("Your office {role} ends: {moment}", role=one.role, moment=_day(around, one.ends_at))
            found.append(Need(words=words, button=say("Hand it over"), link="/offices"))
    if n := sum(_decides(who, one) for one in await measures.list_undecided(db)):
        found.append(Need(what="decisions", count=n, button=say("Decide"), link="/admin/decisions"))
    if who.may("manage_members"):
        wanted = await applications.list_of(db, "waiting", Slice(order="number", limit=NEEDS_SHOWN))
        if n := len(wanted):
            found.append(Need(what="applicants", count=n, button=say("Decide"), link="/admin/applications"))
    return found


def _decides(who: Viewer, measure: Measure) -> bool:
    """Whether somebody else's proposal waits for this member, as a second person or as a voter."""
    if measure.proposed_by == who.account.id or measure.target == who.actor.uri:
        return False
    return who.may(VOTERS if measure.how == "vote" else permission_of(measure))


def _day(around: Frame, at: datetime) -> str:
    return moment(around.language, at, around.zone)


def _of_post(around: Frame, one: Waiting, post: Post) -> Need:
    button, below = BUTTONS[one.what]
    link = f"{page_path(post)}/{below}" if below else page_path(post)
    about = title(post, around.language)
    return Need(what=one.what, count=one.count, button=around.say(button), link=link, about=about)
