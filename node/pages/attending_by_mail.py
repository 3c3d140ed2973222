"""Answering an event without an account: a name and a mail address; the answer counts once the mail's link was used."""

from __future__ import annotations

from aiohttp import web

from federation.sanitise import plain
from node.actions.rsvp_mails import ask_to_confirm
from node.errors import Conflict
from node.pages import thing
from node.pages.attending import WISHES
from node.store.events import rsvp_requests
from node.theming.frame import render
from node.web import throttle
from node.web.forms import entered, posted, with_problems
from node.web.handlers import reading, writing
from node.web.keys import NODE
from node.web.limits import Rate
from node.wording.moments import is_over
from schemas.limits import (
    EMAIL_CHARS,
    NAME_CHARS,
    RSVP_ERASED_WEEKS,
    RSVP_MAIL_COUNT,
    RSVP_MAIL_SECONDS,
    RSVP_RATE_COUNT,
    RSVP_RATE_SECONDS,
)
from schemas.mail_addresses import is_mail_address
from schemas.problems import Problem
from schemas.reasons import EMPTY, NOT_A_CHOICE, TOO_LONG, msgid
from schemas.records import Post

FROM_ONE_NETWORK = Rate(count=RSVP_RATE_COUNT, seconds=RSVP_RATE_SECONDS)
TO_ONE_ADDRESS = Rate(count=RSVP_MAIL_COUNT, seconds=RSVP_MAIL_SECONDS)
FIELDS = ("state", "name", "email")
NO_ADDRESS = msgid("This is no mail address.")
TRAP = "website"
"""A field that people do not see: who fills it in is a program, and is told the same as everybody."""


async def answer_by_mail(request: web.Request) -> web.Response:
    """POST /events/{id}/answer-by-mail: send the mail whose link makes the answer count. Whether the address has
    answered before is told to nobody but its owner."""
    sent = entered(await posted(request))
    async with reading(request) as db:
        around, event = await thing.to_change(request, db, "event")
    _check_open(event)
    name, email = plain(_first(sent, "name"), single_line=True), _first(sent, "email")
    if problems := _problems(_first(sent, "state"), name, email):
        form = with_problems(sent, problems, FIELDS, around.language)
        values = {"post": event, "form": form, "erased_weeks": RSVP_ERASED_WEEKS}
        return render(request, "pages/attending_by_mail.html", around, values, status=422)
    if not _first(sent, TRAP):
        await throttle.count(request, "answer an event by mail", throttle.network(request), FROM_ONE_NETWORK)
        await throttle.count(request, "mail about an event", email.lower(), TO_ONE_ADDRESS)
        async with writing(request) as db:
            kept = await rsvp_requests.put(db, event.id, email, name, _first(sent, "state"), around.language)
            await ask_to_confirm(request.app[NODE], db, event, kept)
    return render(request, "pages/attending_sent.html", around, {"post": event, "email": email})


def takes_mail(post: Post) -> bool:
    """Whether an event of ours can be answered by mail: everybody may see it, and it takes answers here."""
    event = post.event
    return (
        event is not None
        and post.local
        and post.audience in ("public", "unlisted")
        and event.join_mode not in ("external", "none")
        and event.status != "cancelled"
        and not is_over(event)
    )


def _check_open(post: Post) -> None:
    if not takes_mail(post):
        raise Conflict("This event takes no answers here.")


def _problems(state: str, name: str, email: str) -> list[Problem]:
    found = []
    if state not in WISHES:
        found.append(Problem(field="state", reason=NOT_A_CHOICE, values={"choices": ", ".join(WISHES)}))
    if not name:
        found.append(Problem(field="name", reason=EMPTY))
    if len(name) > NAME_CHARS:
        found.append(Problem(field="name", reason=TOO_LONG, values={"max": NAME_CHARS}))
    if not is_mail_address(email) or len(email) > EMAIL_CHARS or not email.isprintable():
        found.append(Problem(field="email", reason=NO_ADDRESS))
    return found


def _first(sent: dict[str, list[str]], name: str) -> str:
    return next(iter(sent.get(name, ())), "")
