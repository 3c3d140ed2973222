"""/settings/mail: a member's address, which letters they get, and when the weekly one comes."""

from __future__ import annotations

from datetime import UTC, datetime, time

from aiohttp import web
from babel.dates import format_date

from node.actions import accounts, addresses
from node.mailing.digest import next_moment
from node.mailing.kinds import KINDS
from node.mailing.server import sends
from node.pages.security import WRONG_PASSWORD, knows_password, owner
from node.store.access import mail_keys
from node.store.db import Db
from node.store.notices import mail_choices
from node.theming.frame import Frame, frame, render
from node.web import sessions, throttle
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import SETTINGS, URLS
from node.web.limits import Rate
from node.wording import moments
from schemas.limits import CONFIRM_AGAIN_COUNT, CONFIRM_AGAIN_SECONDS, DIGEST_HOUR, DIGEST_WEEKDAY, EMAIL_CHARS
from schemas.mail_addresses import is_mail_address
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid
from schemas.records import Viewer

PATH = "/settings/mail"
CHANGES = Rate(count=CONFIRM_AGAIN_COUNT, seconds=CONFIRM_AGAIN_SECONDS)
KEPT = msgid("What you chose is kept.")
ASKED = msgid("A letter is on its way to the new address. It counts once you have opened the link in it.")
NAMES = ("email", "password_now", "kinds", "weekday", "hour")


async def show_mail(request: web.Request) -> web.Response:
    """GET /settings/mail."""
    async with reading(request) as db:
        who = await signed_in(request, db)
        return await _page(request, db, who, await _chosen(db, who))


async def choose(request: web.Request) -> web.Response:
    """POST /settings/mail: which letters, and when the weekly one comes."""
    fields = entered(await posted(request))
    async with writing(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        weekday, hour = (next(iter(fields.get(name, ())), "") for name in ("weekday", "hour"))
        if weekday not in map(str, range(1, 8)) or hour not in map(str, range(24)):
            problem = Problem(field="weekday", reason=NOT_A_CHOICE, values={"choices": "1–7, 0–23"})
            return await _page(request, db, who, with_problems(fields, [problem], NAMES, around.language), status=422)
        for kind in _offered(who):
            await mail_choices.choose(db, who.account.id, kind, kind in fields.get("kinds", ()))
        following = next_moment(int(weekday), int(hour), who.account.zone, datetime.now(UTC))
        await mail_choices.set_digest(db, who.account.id, int(weekday), int(hour), following)
    return await _done(request, around, KEPT)


async def change_address(request: web.Request) -> web.Response:
    """POST /settings/mail/address: the new one counts once it is confirmed; the old one is told."""
    fields = await posted(request)
    who, address = await owner(request), fields.get("email", "").strip()
    problems = []
    if not is_mail_address(address) or not address.isprintable() or len(address) > EMAIL_CHARS:
        problems.append(Problem(field="email", reason=accounts.BAD_MAIL))
    if not await knows_password(request, who, fields.get("password_now", "")):
        problems.append(Problem(field="password_now", reason=WRONG_PASSWORD))
    if problems:
        async with reading(request) as db:
            around = await frame(request, db)
            kept = {**(await _chosen(db, who)).entered, "email": [address]}
            return await _page(request, db, who, with_problems(kept, problems, NAMES, around.language), status=422)
    await throttle.count(request, "address", str(who.account.id), CHANGES)
    async with writing(request) as db:
        around = await frame(request, db)
        await addresses.ask_to_change(db, request.app[URLS], who.account, address)
    return await _done(request, around, ASKED)


async def _page(request: web.Request, db: Db, who: Viewer, form: Form, *, status: int = 200) -> web.Response:
    around = await frame(request, db)
    language, digest = around.language, await mail_choices.find_digest(db, who.account.id)
    monday = datetime(2024, 1, 1)
    values = {
        "form": form,
        "kinds": [(kind, around.say(KINDS[kind].label)) for kind in _offered(who)],
        "weekdays": [
            (str(day), format_date(monday.replace(day=day), "cccc", locale=moments.locale_of(language)))
            for day in range(1, 8)
        ],
        "hours": [(str(hour), moments.clock(language, datetime.combine(monday, time(hour)))) for hour in range(24)],
        "waiting_for": await mail_keys.waiting_for(db, who.account.id),
        "next_at": digest.next_at if digest else None,
        "sends": await sends(db, request.app[SETTINGS]),
    }
    return render(request, "pages/mail_settings.html", around, values, status=status)


async def _chosen(db: Db, who: Viewer) -> Form:
    chosen, digest = await mail_choices.of(db, who.account.id), await mail_choices.find_digest(db, who.account.id)
    return Form(
        {
            "kinds": [kind for kind in _offered(who) if chosen.get(kind, KINDS[kind].usual)],
            "weekday": [str(digest.weekday if digest else DIGEST_WEEKDAY)],
            "hour": [str(digest.hour if digest else DIGEST_HOUR)],
        }
    )


def _offered(who: Viewer) -> list[str]:
    return [kind for kind, letters in KINDS.items() if letters.needs is None or who.may(letters.needs)]


def _weekday(language: str, day: datetime) -> str:
    name: str = format_date(day, "cccc", locale=moments.locale_of(language))
    return name


async def _done(request: web.Request, around: Frame, words: str) -> web.Response:
    await sessions.say(request, around.say(words))
    raise web.HTTPSeeOther(PATH)
