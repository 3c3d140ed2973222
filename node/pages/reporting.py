"""/report: a member or a visitor tells who handles cases here what is wrong with somebody or with something they
published, and follows the case by a link that nobody can guess."""

from __future__ import annotations

import msgspec
from aiohttp import web

from node.actions import report, report_as_visitor
from node.actions.report import Category, Complaint
from node.errors import Forbidden, Invalid, NotFound
from node.pages.thing import LARGEST_ID
from node.secrets.case_keys import fits, path_of
from node.store.db import Db
from node.store.moderation import cases
from node.store.moderation.reports import Visitor
from node.store.people import actors
from node.store.posts import posts
from node.theming.frame import Frame, frame, render
from node.web import sessions, throttle
from node.web.forms import Fields, Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from node.web.limits import Rate
from node.wording.showing import page_path, profile_path
from schemas.limits import VISITOR_REPORTS, VISITOR_REPORTS_SECONDS
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid
from schemas.records import Actor, Hub, Post, Viewer

PATH = "/report"
CATEGORIES: dict[str, str] = {
    "spam": msgid("Unwanted advertising, or a false account"),
    "violation": msgid("It breaks a rule of this hub"),
    "legal": msgid("It is against the law"),
    "other": msgid("Something else"),
}
DONE = msgid("Thank you. Those who look after this hub will see to it and tell you what they did.")
RATE = Rate(count=VISITOR_REPORTS, seconds=VISITOR_REPORTS_SECONDS)
FIELDS = ("category", "comment", "name", "email")


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a report is about, and what of theirs, if anything."""

    actor: Actor
    post: Post | None

    @property
    def path(self) -> str:
        """Where the reader came from."""
        return page_path(self.post) if self.post else profile_path(self.actor)


async def show_report(request: web.Request) -> web.Response:
    """GET /report?post= (its number) or ?actor= (an address)."""
    given = {name: [request.query[name]] for name in ("post", "actor") if name in request.query}
    async with reading(request) as db:
        around, _, about = await _to_report(request, db, given)
    return _page(request, around, about, Form(given | {"category": ["other"]}))


async def send_report(request: web.Request) -> web.Response:
    """POST /report: keep it, or show again what is wrong. A visitor is led to the page of the case."""
    sent = entered(await posted(request))
    async with reading(request) as db:
        around, who, about = await _to_report(request, db, sent)
    if who is None:
        await throttle.count(request, "report", throttle.network(request), RATE)
    try:
        complaint = _complaint(sent, about)
        async with writing(request) as db:
            if who is not None:
                await report.report(request.app[NODE], db, who, about.actor, complaint)
                onward = about.path
            else:
                kept = await report_as_visitor.report(
                    request.app[NODE], db, about.actor, _of_visitor(sent, about, complaint, around.language)
                )
                onward = path_of(around.hub.secret, "report", kept.id)
    except Invalid as error:
        form = with_problems(sent, error.problems, FIELDS, around.language)
        return _page(request, around, about, form, status=422)
    await sessions.say(request, around.say(DONE))
    raise web.HTTPSeeOther(onward)


async def show_case(request: web.Request) -> web.Response:
    """GET /report/{id}/{key}: how a case stands, for whoever has the link. Nothing of what others said is here."""
    number = number_in(request.match_info["id"])
    async with reading(request) as db:
        around = await frame(request, db)
        if not fits(around.hub.secret, "report", number, request.match_info["key"]):
            raise NotFound
        case = await cases.get(db, number)
    values = {"case": case, "reason": around.say(CATEGORIES.get(case.category, CATEGORIES["other"]))}
    response = render(request, "pages/case.html", around, values)
    response.headers["Cache-Control"] = "no-store"
    return response


async def _to_report(request: web.Request, db: Db, sent: Fields) -> tuple[Frame, Viewer | None, About]:
    """Who reports whom, None for a visitor. NotFound for what they may not see, Forbidden for oneself."""
    around = await frame(request, db)
    who = await signed_in(request, db, "report") if around.viewer else None
    form, post = Form(sent), None
    if number := form.value("post"):
        post = await posts.get(db, number_in(number), around.viewer_id)
    actor = post.actor if post else await actors.find(db, form.value("actor"))
    if actor is None or actor.role_here == "instance":
        raise NotFound
    if who is not None and actor.id == who.actor.id:
        raise Forbidden("You cannot report this account.")
    return around, who, About(actor=actor, post=post)


def number_in(written: str) -> int:
    """A number in an address; NotFound for none."""
    if not (written.isascii() and written.isdecimal()) or len(written) > 19 or int(written) > LARGEST_ID:
        raise NotFound
    return int(written)


def _of_visitor(sent: Fields, about: About, complaint: Complaint, language: str) -> report_as_visitor.Complaint:
    form = Form(sent)
    return report_as_visitor.Complaint(
        post=about.post,
        comment=complaint.comment,
        category=complaint.category,
        rules=tuple(complaint.rules),
        visitor=Visitor(name=form.value("name").strip(), email=form.value("email").strip() or None, language=language),
    )


def _complaint(sent: Fields, about: About) -> Complaint:
    form = Form(sent)
    if form.value("category") not in CATEGORIES:
        raise Invalid([Problem(field="category", reason=NOT_A_CHOICE, values={"choices": ", ".join(CATEGORIES)})])
    return Complaint(
        posts=[about.post.id] if about.post else [],
        comment=form.value("comment"),
        category=msgspec.convert(form.value("category"), Category),
        rules=form.values("rules"),
        forward=form.value("forward") == "true",
    )


def _rules(hub: Hub, language: str) -> list[tuple[str, str]]:
    """Number and words of each rule."""
    return [(number, words) for number, (words, _) in hub.rules_in(language).items()]


def _page(request: web.Request, around: Frame, about: About, form: Form, status: int = 200) -> web.Response:
    values = {
        "form": form,
        "about": about,
        "categories": [(name, around.say(words)) for name, words in CATEGORIES.items()],
        "rules": _rules(around.hub, around.language),
    }
    return render(request, "pages/report.html", around, values, status=status)
