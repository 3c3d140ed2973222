"""The plain and complete web form: publish an event, a finding, a call or a short post, and change it later. Nothing
that was entered is lost when something is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from node.actions.acquaint import acquaint
from node.actions.edit import edit
from node.actions.permissions import require_change
from node.actions.publish import publish
from node.errors import Invalid, NotFound
from node.pages import carrying, choices, tongues
from node.pages.draft_forms import names, renumbered, to_raw, without
from node.pages.published_fields import to_fields
from node.pages.thing import id_in
from node.store.db import Db
from node.store.events import co_hosts
from node.store.people import actors
from node.store.posts import posts
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, counted, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from node.web.uploads import receive_upload, takes_files
from node.wording.showing import page_path
from schemas.access import LABELS
from schemas.check import DraftError, read
from schemas.drafts import KINDS, Draft
from schemas.limits import SEARCH_WORDS_CHARS
from schemas.preferences import AUDIENCES, preferences_of
from schemas.problems import Problem
from schemas.reasons import msgid
from schemas.records import Post
from schemas.things import Place

NEW = {
    "event": msgid("Publish an event"),
    "finding": msgid("Publish a finding"),
    "call": msgid("Publish a call"),
    "post": msgid("Write a short post"),
}
CHANGE = {
    "event": msgid("Change the event"),
    "finding": msgid("Change the finding"),
    "call": msgid("Change the call"),
    "post": msgid("Change the post"),
}
PREFILLED = ("in_reply_to", "area")
"""Fields that a link to the form may fill, beside `from`: the address of what it grows out of."""
NEW_MEDIUM = ("alt", "credit", "license")
"""What is said of a file that comes along."""


async def show_new(request: web.Request) -> web.Response:
    """/new: which kind."""
    async with reading(request) as db:
        await signed_in(request, db, "publish")
        around = await frame(request, db)
    return render(request, "pages/new.html", around)


async def show_new_form(request: web.Request) -> web.Response:
    """GET /new/{kind}."""
    kind = _kind(request)
    async with reading(request) as db:
        await signed_in(request, db, "publish")
        around = await frame(request, db)
        places = await choices.known_places(db, around.viewer_id)
        grown = await carrying.carried(db, around, kind, request.query.get("from", ""))
    first = _first_fields(around, kind) | grown
    first |= {name: [request.query[name]] for name in PREFILLED if name in request.query}
    return _page(request, around, kind, Form(first), places)


async def show_filled(request: web.Request, kind: str, fields: dict[str, list[str]]) -> web.Response:
    """The form to publish something with what was found elsewhere filled in; nothing is published before it is sent."""
    async with reading(request) as db:
        await signed_in(request, db, "publish")
        around = await frame(request, db)
        places = await choices.known_places(db, around.viewer_id)
    form = Form(_first_fields(around, kind) | fields)
    return _page(request, around, kind, form, places, more={"path": f"/new/{kind}"})


@takes_files
async def create(request: web.Request) -> web.Response:
    """POST /new/{kind}: publish, or show again what is wrong."""
    kind, sent = _kind(request), carrying.chosen(entered(await posted(request)))
    async with reading(request) as db:
        who = await signed_in(request, db, "publish")
        around = await frame(request, db)
        places = await choices.known_places(db, around.viewer_id)
    if "more" in sent:
        return await _more(request, around, kind, sent, places)
    sent = renumbered(sent) if kind != "post" else sent
    try:
        sent = await with_picture(request, kind, sent)
        draft = _draft(kind, sent, places, new=True)
        await acquaint(request.app[NODE], draft)
        async with writing(request) as db:
            made = await publish(request.app[NODE], db, who, draft)
    except (DraftError, Invalid) as error:
        return _again(request, around, kind, sent, error, places)
    await sessions.say(request, around.say("Published."))
    raise web.HTTPSeeOther(page_path(made))


async def show_edit_form(request: web.Request) -> web.Response:
    """GET /{kind}s/{id}/edit, for whoever may change it."""
    async with reading(request) as db:
        around, post, places = await _to_edit(request, db)
        named = [(await actors.get(db, one)).uri for one in await co_hosts.list_of(db, post.id)]
        group = (await actors.get(db, post.group_id)).uri if post.group_id else ""
        changed = await tongues.changed_since(db, post)
    form = Form(to_fields(post, named, group))
    return _page(
        request, around, post.kind, form, places, post, more={"compared": tongues.compared(form, post, changed)}
    )


@takes_files
async def change(request: web.Request) -> web.Response:
    """POST /{kind}s/{id}/edit."""
    sent = carrying.chosen(entered(await posted(request)))
    async with reading(request) as db:
        around, post, places = await _to_edit(request, db)
        who = await signed_in(request, db, "publish")
    if "more" in sent:
        return await _more(request, around, post.kind, sent, places, post)
    sent = renumbered(sent) if post.kind != "post" else sent
    try:
        sent = await with_picture(request, post.kind, sent)
        draft = _draft(post.kind, sent, places, new=False)
        await acquaint(request.app[NODE], draft)
        async with writing(request) as db:
            await edit(request.app[NODE], db, who, post.id, draft)
    except (DraftError, Invalid) as error:
        return _again(request, around, post.kind, sent, error, places, post)
    await sessions.say(request, around.say("Changed. Those who hold a copy are told."))
    raise web.HTTPSeeOther(page_path(post))


async def with_picture(request: web.Request, kind: str, sent: dict[str, list[str]]) -> dict[str, list[str]]:
    """The fields with the file that came along, taken in now: whatever else is wrong, it need not be sent again. An
    event and a call have one picture, which it replaces. Raises Invalid with what is wrong about the file."""
    try:
        medium = await receive_upload(request, "new.file", alt=_first(sent, "new.alt"))
    except Invalid as error:
        problems = [Problem(field=f"new.{one.field}", reason=one.reason, values=one.values) for one in error.problems]
        raise Invalid(problems) from error
    if medium is None:
        return sent
    index = counted(sent, "media") if kind in ("finding", "post") else 0
    said = {"media_id": str(medium.id), "drop": ""} | {name: _first(sent, f"new.{name}") for name in NEW_MEDIUM}
    added = {f"media.{index}.{name}": [value] for name, value in said.items()}
    return {**sent, **added, **{f"new.{name}": [""] for name in NEW_MEDIUM}}


def _first(sent: dict[str, list[str]], name: str) -> str:
    return next(iter(sent.get(name, [])), "")


def _kind(request: web.Request) -> str:
    kind = request.match_info["kind"]
    if kind not in KINDS:
        raise NotFound
    return kind


def _draft(kind: str, sent: dict[str, list[str]], places: dict[str, Place], *, new: bool) -> Draft:
    return read(to_raw(kind, sent, places), datetime.now(UTC), new=new)


async def _to_edit(request: web.Request, db: Db) -> tuple[Frame, Post, dict[str, Place]]:
    who = await signed_in(request, db, "publish")
    around = await frame(request, db)
    post = await posts.get(db, id_in(request), who.actor.id)
    if request.path.split("/")[1] != page_path(post).split("/")[1]:
        raise NotFound
    require_change(who, post)
    return around, post, await choices.known_places(db, around.viewer_id)


def _first_fields(around: Frame, kind: str) -> dict[str, list[str]]:
    editor = around.viewer is not None and around.viewer.may("publish_as_hub")
    prefers = preferences_of(around.viewer.account.preferences if around.viewer else {})
    spoken = [prefers.language or around.language]
    return {
        "versions.0.language": spoken,
        "language": spoken,
        "zone": [around.zone],
        "audience": [AUDIENCES[prefers.privacy] if kind == "post" else "public"],
        "sensitive": ["true"] if prefers.sensitive else [],
        "acting_as": ["hub" if editor and kind != "post" else "me"],
        "purpose": ["request"],
        "respond_by": ["reply", "offer", "web"],
        "status": ["scheduled"],
        "join_mode": ["free"],
        "waiting_list": ["true"],
        "poll.minutes": ["1440"],
    }


async def _more(
    request: web.Request,
    around: Frame,
    kind: str,
    sent: dict[str, list[str]],
    places: dict[str, Place],
    post: Post | None = None,
) -> web.Response:
    """The same form, not yet sent: with one more language or one less, with things to choose from that it may have come
    from, or with its versions compared."""
    wish, _, number = _first(sent, "more").partition(".")
    more: dict[str, Any] = {}
    if wish == "version":
        sent = {**sent, f"versions.{Form(sent).count('versions')}.language": [""]}
    elif wish == "drop" and number.isdecimal():
        sent = without(sent, int(number))
    elif wish == "origin":
        async with reading(request) as db:
            more["origins"] = await carrying.offered(db, around, _first(sent, carrying.SEARCHED)[:SEARCH_WORDS_CHARS])
    form = Form(sent)
    if wish == "compare":
        more["compared"] = tongues.compared(form, post)
    return _page(request, around, kind, form, places, post, more=more)


def _again(
    request: web.Request,
    around: Frame,
    kind: str,
    sent: dict[str, list[str]],
    error: DraftError | Invalid,
    places: dict[str, Place],
    post: Post | None = None,
) -> web.Response:
    known = names(kind, Form(sent).count("versions"))
    form = with_problems(sent, error.problems, known, around.language)
    return _page(request, around, kind, form, places, post, status=422)


def _page(
    request: web.Request,
    around: Frame,
    kind: str,
    form: Form,
    places: dict[str, Place],
    post: Post | None = None,
    status: int = 200,
    more: dict[str, Any] | None = None,
) -> web.Response:
    say, spoken = around.say, [form.value(f"versions.{index}.language") for index in range(form.count("versions"))]
    values: dict[str, Any] = {
        "kind": kind,
        "form": form,
        "heading": say((CHANGE if post else NEW)[kind]),
        "editing": post is not None,
        "back": page_path(post) if post else "/new",
        "language_options": choices.languages(around, spoken),
        "countries": choices.countries(around.language),
        "zones": choices.european_zones(),
        "access_options": [(name, say(label)) for name, label in LABELS.items()],
        "known_places": [(key, f"{place.name}, {place.locality}".strip(", ")) for key, place in places.items()],
        "audiences": choices.audiences(say, kind),
        "organisations": around.organisations if post is None else [],
        "may_be_hub": post is None and around.viewer is not None and around.viewer.may("publish_as_hub"),
        "area_options": choices.area_options(around),
        "category_options": choices.categories(say),
        "licences": choices.licences(),
        "origin": form.value("born_of"),
        "origins": None,
        "compared": [],
        **(more or {}),
    }
    return render(request, "pages/edit.html", around, values, status=status)
