"""A published thing as the fields of its form, so that it can be changed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from node.pages.draft_forms import PLACE_FIELDS, VERSION_FIELDS
from node.wording.showing import handle
from schemas.licences import name_of
from schemas.records import Post
from schemas.things import Place
from schemas.times import WALL_TIME, instant_to_local, is_zone


def to_fields(post: Post, named: Sequence[str] = (), group: str = "") -> dict[str, list[str]]:
    """A published thing as the fields of its form. `named`: who shall hold an event and has not agreed; `group`: for
    which group it is, by address."""
    fields: dict[str, list[str]] = {
        "audience": [post.audience],
        "group": [group],
        "acting_as": ["hub" if post.actor.role_here == "hub" else "me"],
        "area": [post.area or ""],
        "born_of": [post.born_of or ""],
        "tags": [", ".join(post.tags)],
    }
    for index, one in enumerate(post.versions):
        values = (one.language, one.name, one.summary, one.source, "")
        fields |= {f"versions.{index}.{field}": [value] for field, value in zip(VERSION_FIELDS, values, strict=True)}
    if post.kind == "post":
        version = post.version()
        words = {"text": version.source, "language": version.language, "summary": version.summary}
        fields |= {name: [value] for name, value in words.items()}
        fields |= {"sensitive": ["true" if post.sensitive else ""], "in_reply_to": [post.in_reply_to or ""]}
        fields |= {"to": [", ".join(handle(one) for one in post.mentions) if post.audience == "direct" else ""]}
    return (
        fields
        | _media_fields(post)
        | _poll_fields(post)
        | _event_fields(post, named)
        | _finding_fields(post)
        | _call_fields(post)
    )


def _media_fields(post: Post) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for index, one in enumerate(one for one in post.attachments if one.media_id):
        said = {
            "media_id": str(one.media_id),
            "alt": one.alt,
            "credit": one.credit,
            "license": name_of(one.license or ""),
        }
        fields |= {f"media.{index}.{name}": [value] for name, value in said.items()}
    return fields


def _poll_fields(post: Post) -> dict[str, list[str]]:
    if post.poll is None or post.poll.ends_at is None:
        return {}
    minutes = round((post.poll.ends_at - post.published_at).total_seconds() / 60)
    return {
        "poll.options": ["\n".join(option.name for option in post.poll.options)],
        "poll.multiple": ["true" if post.poll.multiple else ""],
        "poll.minutes": [str(minutes)],
    }


def _event_fields(post: Post, named: Sequence[str]) -> dict[str, list[str]]:
    if (event := post.event) is None:
        return {}
    others = [*(uri for uri in event.organisers if uri != post.actor.uri), *named]
    return {
        "starts": [event.starts_local.strftime(WALL_TIME)],
        "ends": [event.ends_local.strftime(WALL_TIME) if event.ends_local else ""],
        "zone": [event.zone],
        "online_url": [event.online_url or ""],
        "status": [event.status],
        "join_mode": [event.join_mode],
        "external_url": [event.external_url or ""],
        "uid": [event.uid or ""],
        "told_at": [event.told_at or ""],
        "capacity": [str(event.capacity or "")],
        "waiting_list": ["true" if event.waiting_list else ""],
        "categories": list(event.categories),
        "co_hosts": [", ".join(others)],
        **place_fields(event.place),
    }


def _finding_fields(post: Post) -> dict[str, list[str]]:
    if (finding := post.finding) is None:
        return {}
    return {
        "finding_kind": [finding.finding_kind],
        "claim": [finding.claim],
        "reasons": ["\n".join(" ".join(reason.split()) for reason in finding.reasons)],
        "scope": [finding.scope],
        "sources": ["\n".join(f"{source.url} {source.name}".strip() for source in finding.sources)],
        "contributors": ["\n".join(finding.contributors)],
        "license": [name_of(finding.license or "")],
    }


def _call_fields(post: Post) -> dict[str, list[str]]:
    if (call := post.call) is None:
        return {}
    zone = call.zone if is_zone(call.zone) else "UTC"
    times = {name: getattr(call, name) for name in ("deadline", "begins", "ends")}
    local = {name: [instant_to_local(at, zone).strftime(WALL_TIME) if at else ""] for name, at in times.items()}
    return local | {
        "purpose": [call.purpose],
        "skills": [", ".join(call.skills)],
        "effort": [call.effort],
        "effort_hours": [str(call.effort_hours or "")],
        "places": [str(call.places or "")],
        "remote": ["true" if call.remote else ""],
        "respond_by": list(call.respond_by),
        "contact": [call.contact],
        "zone": [zone],
        **place_fields(call.place),
    }


def place_fields(place: Place | None) -> dict[str, list[str]]:
    """The fields of a place."""
    values = msgspec.to_builtins(place) if place else {}
    fields = {f"place.{name}": ["" if values.get(name) is None else str(values[name])] for name in PLACE_FIELDS}
    if place:
        fields |= {"place.access": list(place.access), "place.access_note": [place.access_note]}
    return fields
