"""How an actor presents itself: name, text, fields, switches and pictures. Others hear of it by an Update."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from federation import markdown, sanitise
from federation.addresses import BadAddress, canonical_domain
from federation.build import activities as say
from federation.build import actor as build
from federation.terms import PUBLIC
from node.actions.permissions import SHARED, may_act_as
from node.errors import Forbidden, Invalid
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store.db import Db
from node.store.events import places
from node.store.members import kept_lines, profiles
from node.store.members.profiles import Profile
from node.store.people import actors, naming, profile_links
from node.store.queues import jobs
from schemas.limits import (
    ATTRIBUTION_DOMAINS,
    KEPT_LINES,
    PROFILE_FIELD_CHARS,
    PROFILE_FIELDS,
    PROFILE_NAME_CHARS,
    PROFILE_NOTE_CHARS,
)
from schemas.problems import Problem
from schemas.reasons import TOO_LONG, TOO_MANY
from schemas.records import Actor, Medium, Viewer
from schemas.telling import Line, ToldLine


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be different; None stays as it is. `note` and the values of `fields` (name, value) are Markdown."""

    display_name: str | None = None
    note: str | None = None
    locked: bool | None = None
    bot: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    hide_collections: bool | None = None
    attribution_domains: tuple[str, ...] | None = None
    fields: tuple[tuple[str, str], ...] | None = None
    lines: tuple[Line, ...] | None = None
    """All lines, those that only some may read among them; `fields`, as clients send them, are those for everybody."""


class Pictures(msgspec.Struct, frozen=True, kw_only=True):
    """Other pictures: None stays, False is taken away."""

    icon: Medium | bool | None = None
    banner: Medium | bool | None = None


def require_right(viewer: Viewer, actor: Actor) -> None:
    """Forbidden unless the viewer may say how an actor presents itself: their own, or with `manage_hub` a shared
    one."""
    if not may_act_as(viewer, actor) or (actor.role_here in SHARED and not viewer.may("manage_hub")):
        raise Forbidden("You may not change this profile.")


async def change_profile(
    node: Node, db: Db, viewer: Viewer, actor: Actor, changes: Changes, pictures: Pictures | None = None
) -> Actor:
    """Change what is asked, and tell followers once. Forbidden without the right; Invalid says what is too long."""
    require_right(viewer, actor)
    if wrong := problems(changes):
        raise Invalid(wrong)
    before = await actors.get(db, actor.id)
    if changes == Changes() and pictures in (None, Pictures()):
        return before
    if changes != Changes():
        await profiles.change(db, actor.id, await _changed(node, db, before, changes))
    if changes.lines is not None:
        await _keep_lines(node, db, actor, changes.lines)
    if changes.fields is not None or changes.lines is not None:
        await _watch_links(db, actor.id)
    if pictures:
        await _hang(db, actor.id, pictures)
    after = await actors.get(db, actor.id)
    for_everybody = msgspec.structs.replace(changes, lines=None) != Changes() or after.fields != before.fields
    if for_everybody or pictures not in (None, Pictures()):
        await tell_presented(node, db, after)
    return after


async def _keep_lines(node: Node, db: Db, actor: Actor, lines: Sequence[Line]) -> None:
    """Those that only some may read, each at its place; nobody elsewhere is told of them."""
    named = [one for one in lines if one.name.strip()]
    kept = dict[int, ToldLine]()
    for place, one in enumerate(named):
        if one.audience != "public":
            said = await _field(node, db, one.name.strip(), one.value.strip())
            kept[place] = ToldLine(name=said["name"], value=said["value"], source=said["source"], audience=one.audience)
    await kept_lines.put(db, actor.id, kept)


async def _watch_links(db: Db, actor_id: int) -> None:
    """What was verified stays so where the line stays; new links are looked at (`verify_links`)."""
    links = [link for one in (await actors.get(db, actor_id)).fields if (link := profiles.link_in(one))]
    await profile_links.put(db, actor_id, links)
    known = await profile_links.list_of(db, actor_id)
    await profiles.show_verified(db, actor_id, {one.url: one.verified_at for one in known})
    if any(one.checked_at is None for one in known):
        await jobs.add(db, "verify_links", {"actor_id": actor_id}, once=f"links {actor_id}")


async def tell_presented(node: Node, db: Db, actor: Actor) -> None:
    """Say to its followers how a local actor presents itself now: an Update of the whole actor."""
    place = (await places.get(db, actor.place_id)).place if actor.place_id else None
    _, uri = new_activity_id(node.urls)
    document = build.document(actor, node.urls, place=place)
    update = say.update(uri, actor.uri, document, to=[PUBLIC], cc=[node.urls.followers(actor.uri)])
    await tell(db, actor, update, audience="public", followers=True)


async def source_of(db: Db, actor: Actor) -> str:
    """What an actor wrote of itself; its plain text where that is not kept."""
    kept = await profiles.source(db, actor.id)
    return sanitise.plain(actor.summary) if kept is None else kept


async def _changed(node: Node, db: Db, before: Actor, changes: Changes) -> Profile:
    note = await source_of(db, before) if changes.note is None else changes.note.strip()
    summary = before.summary
    if changes.note is not None:
        summary = await _rendered(node, db, note)
    fields: Sequence[Mapping[str, str]] = before.fields
    said = changes.fields
    if changes.lines is not None:
        said = tuple((one.name, one.value) for one in changes.lines if one.audience == "public")
    if said is not None:
        named = [(name.strip(), value.strip()) for name, value in said]
        fields = [await _field(node, db, name, value) for name, value in named if name]
    name = before.display_name if changes.display_name is None else sanitise.plain(changes.display_name).strip()
    domains = before.attribution_domains
    if changes.attribution_domains is not None:
        domains = _domains(changes.attribution_domains)
    return Profile(
        display_name=name,
        summary=summary,
        source=note,
        fields=fields,
        attribution_domains=domains,
        locked=_or(changes.locked, before.locked),
        bot=_or(changes.bot, before.bot),
        discoverable=_or(changes.discoverable, before.discoverable),
        indexable=_or(changes.indexable, before.indexable),
        hide_collections=_or(changes.hide_collections, before.hide_collections),
    )


def _or(wanted: bool | None, before: bool) -> bool:
    return before if wanted is None else wanted


async def _hang(db: Db, actor_id: int, pictures: Pictures) -> None:
    if pictures.icon is not None:
        await profiles.set_icon(db, actor_id, pictures.icon.id if isinstance(pictures.icon, Medium) else None)
    if pictures.banner is not None:
        await profiles.set_banner(db, actor_id, pictures.banner.id if isinstance(pictures.banner, Medium) else None)


async def _field(node: Node, db: Db, name: str, value: str) -> dict[str, str]:
    html = await _rendered(node, db, value)
    if html.count("<p>") == 1 and html.startswith("<p>") and html.endswith("</p>"):
        html = html.removeprefix("<p>").removesuffix("</p>")
    html = html.replace('rel="nofollow', 'rel="me nofollow')  # so that pages named here can in turn know their author
    return {"name": sanitise.plain(name, single_line=True), "value": html, "source": value}


async def _rendered(node: Node, db: Db, text: str) -> str:
    """HTML with links to those whom it names, as far as we know them: a profile looks nobody up."""
    handles = {one: _handle(node, one) for one in markdown.names(text).handles}
    known = await naming.find_by_handles(db, list(handles.values())) if handles else {}

    def mention(written: str) -> tuple[str, str] | None:
        actor = known.get(handles.get(written, ("", "")))
        return (actor.url, actor.name) if actor else None

    return markdown.render(text, mention=mention, tag=node.urls.tag)


def _handle(node: Node, written: str) -> tuple[str, str]:
    name, _, host = written.lower().partition("@")
    return name, host or node.urls.domain


def _domains(written: Sequence[str]) -> list[str]:
    """Hosts without duplicates; what is none is left out."""
    found: dict[str, None] = {}
    for one in written:
        try:
            found[canonical_domain(one.strip().removeprefix("https://").rstrip("/"))] = None
        except BadAddress:
            continue
    return list(found)


def problems(changes: Changes) -> list[Problem]:
    """What is too long or too many; `fields[0]` is the first line, be it its name or its value."""
    lines = changes.lines or tuple(Line(name=name, value=value) for name, value in changes.fields or ())
    lengths = {
        "display_name": (changes.display_name or "", PROFILE_NAME_CHARS),
        "note": (changes.note or "", PROFILE_NOTE_CHARS),
    }
    for number, one in enumerate(lines):
        lengths[f"fields[{number}]"] = (max(one.name, one.value, key=len), PROFILE_FIELD_CHARS)
    found = [
        Problem(field=field, reason=TOO_LONG, values={"max": most})
        for field, (text, most) in lengths.items()
        if len(text) > most
    ]
    public = [one for one in lines if one.audience == "public" and (one.name or one.value)]
    if max(len(public), len(changes.fields or ())) > PROFILE_FIELDS:
        found.append(Problem(field="fields", reason=TOO_MANY, values={"max": PROFILE_FIELDS}))
    if sum(one.audience != "public" for one in lines) > KEPT_LINES:
        found.append(Problem(field="fields", reason=TOO_MANY, values={"max": KEPT_LINES}))
    if len(changes.attribution_domains or ()) > ATTRIBUTION_DOMAINS:
        found.append(Problem(field="attribution_domains", reason=TOO_MANY, values={"max": ATTRIBUTION_DOMAINS}))
    return found
