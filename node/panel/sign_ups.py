"""How people come in: the mode, the hub's own questions, invitations, mail domains, and its words in the letters."""

from __future__ import annotations

from aiohttp import web

from federation.addresses import BadAddress, canonical_domain
from node.actions import admit
from node.errors import Invalid
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.wording.language import LANGUAGES
from node.wording.showing import own_name
from schemas.limits import (
    INVITATION_DAYS,
    LINE_CHARS,
    SIGN_UP_DOMAINS,
    SIGN_UP_LETTER_CHARS,
    SIGN_UP_QUESTIONS,
    SIGN_UP_QUOTA,
)
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, NOT_WHOLE, TOO_BIG, TOO_LONG, TOO_MANY, msgid
from schemas.sign_ups import MODES, Mode, Question, SignUps

PATH = "/admin/sign-ups"
MODE_WORDS: dict[Mode, str] = {
    "open": msgid("Open: whoever confirms a mail address is in; what looks odd waits for a decision."),
    "application": msgid("Application: whoever comes answers the questions, and somebody here decides."),
    "invitation": msgid("Invitation: only who was invited by a member."),
    "closed": msgid("Closed: nobody at present."),
}
KEPT = msgid("It holds from now on.")
NO_DOMAIN = msgid("These are no domains: {words}.")


async def show_sign_ups(request: web.Request) -> web.Response:
    """GET /admin/sign-ups, for manage_members."""
    async with reading(request) as db:
        await signed_in(request, db, admit.RIGHT)
        around = await frame(request, db)
    return _page(request, around, Form(_fields(around.hub.sign_ups)))


async def change_sign_ups(request: web.Request) -> web.Response:
    """POST /admin/sign-ups: all of it at once."""
    sent = entered(await posted(request))
    try:
        async with writing(request) as db:
            who = await signed_in(request, db, admit.RIGHT)
            around = await frame(request, db)
            await admit.set_up(db, who, _read(sent, around.hub.languages))
    except Invalid as error:
        names = {*sent, "mode", "quota", "days", "refused", "allowed"}
        return _page(request, around, with_problems(sent, error.problems, names, around.language), status=422)
    await sessions.say(request, around.say(KEPT))
    raise web.HTTPSeeOther(PATH)


def _page(request: web.Request, around: Frame, form: Form, status: int = 200) -> web.Response:
    values = {
        "form": form,
        "modes": [(name, around.say(words)) for name, words in MODE_WORDS.items()],
        "numbers": range(SIGN_UP_QUESTIONS),
        "letters": [(code, own_name(code)) for code in LANGUAGES],
        "spoken": [(code, own_name(code)) for code in around.hub.languages],
    }
    return render(request, "panel/sign_ups.html", around, values, status=status)


def _fields(now: SignUps) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {
        "mode": [now.mode],
        "look_at_invited": ["true"] if now.look_at_invited else [],
        "quota": [str(now.quota)],
        "days": [str(now.days)],
        "refused": ["\n".join(now.refused)],
        "allowed": ["\n".join(now.allowed)],
    }
    fields |= {f"welcome.{code}": [now.words(True, code)] for code in LANGUAGES}
    fields |= {f"farewell.{code}": [now.words(False, code)] for code in LANGUAGES}
    for number, question in enumerate(now.questions):
        fields |= {f"question.{number}.{code}": [text] for code, text in question.texts.items()}
        fields[f"question.{number}.needed"] = ["true"] if question.needed else []
    return fields


def _read(sent: dict[str, list[str]], languages: list[str]) -> SignUps:
    form, problems = Form(sent), list[Problem]()
    mode = next((one for one in MODES if one == form.value("mode")), None)
    if mode is None:
        problems.append(Problem(field="mode", reason=NOT_A_CHOICE, values={"choices": ", ".join(MODES)}))
    wanted = SignUps(
        mode=mode or "application",
        questions=_questions(form, languages, problems),
        look_at_invited=form.value("look_at_invited") == "true",
        quota=_number(form, "quota", SIGN_UP_QUOTA, problems),
        days=_number(form, "days", INVITATION_DAYS, problems) or 1,
        refused=_domains(form, "refused", problems),
        allowed=_domains(form, "allowed", problems),
        welcome=_letters(form, "welcome", problems),
        farewell=_letters(form, "farewell", problems),
    )
    if problems:
        raise Invalid(problems)
    return wanted


def _letters(form: Form, name: str, problems: list[Problem]) -> dict[str, str]:
    """The hub's own words in each language in which it writes letters."""
    texts = {code: text for code in LANGUAGES if (text := form.value(f"{name}.{code}"))}
    problems += [
        Problem(field=f"{name}.{code}", reason=TOO_LONG, values={"max": SIGN_UP_LETTER_CHARS})
        for code, text in texts.items()
        if len(text) > SIGN_UP_LETTER_CHARS
    ]
    return texts


def _questions(form: Form, languages: list[str], problems: list[Problem]) -> tuple[Question, ...]:
    found = []
    for number in range(SIGN_UP_QUESTIONS):
        typed = {code: form.value(f"question.{number}.{code}") for code in languages}
        texts = {code: text for code, text in typed.items() if text}
        problems += [
            Problem(field=f"question.{number}.{code}", reason=TOO_LONG, values={"max": LINE_CHARS})
            for code, text in texts.items()
            if len(text) > LINE_CHARS
        ]
        if texts:
            found.append(Question(texts=texts, needed=form.value(f"question.{number}.needed") == "true"))
    return tuple(found)


def _number(form: Form, field: str, most: int, problems: list[Problem]) -> int:
    typed = form.value(field)
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > 9:
        problems.append(Problem(field=field, reason=NOT_WHOLE))
        return 0
    if int(typed) > most:
        problems.append(Problem(field=field, reason=TOO_BIG, values={"max": most}))
    return int(typed)


def _domains(form: Form, field: str, problems: list[Problem]) -> tuple[str, ...]:
    found, wrong = list[str](), list[str]()
    for typed in form.value(field).split():
        try:
            found.append(canonical_domain(typed.removeprefix("@")))
        except BadAddress:
            wrong.append(typed[:40])
    if wrong:
        problems.append(Problem(field=field, reason=NO_DOMAIN, values={"words": ", ".join(wrong[:5])}))
    if len(found) > SIGN_UP_DOMAINS:
        problems.append(Problem(field=field, reason=TOO_MANY, values={"max": SIGN_UP_DOMAINS}))
    return tuple(dict.fromkeys(found))
