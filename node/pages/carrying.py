"""What a form takes over from the thing it grows out of, so that finding → call → event → finding is one click each."""

from __future__ import annotations

from node.pages.published_fields import place_fields
from node.store.db import Db
from node.store.people import actors
from node.store.posts import origins, posts
from node.theming.frame import Frame
from node.wording.showing import handle, plain
from schemas.limits import ORIGINS_OFFERED, TITLE_CHARS
from schemas.records import Post
from schemas.things import Kind, Place, Version
from schemas.times import WALL_TIME, instant_to_local, is_zone

Fields = dict[str, list[str]]
CHOSEN = "chosen_origin"
SEARCHED = "origin.words"
"""The field with words to look for what a thing came from."""


async def carried(db: Db, around: Frame, kind: str, uri: str) -> Fields:
    """The first fields of a form for something of this kind that grows out of what has this address; none if the viewer
    may not see that."""
    found = await posts.find_visible(db, uri, around.viewer_id) if uri else None
    if found is None or found.kind not in ("event", "finding", "call"):
        return {}
    fields: Fields = {"born_of": [found.uri], "area": [_area(around, found)], "tags": [", ".join(found.tags)]}
    for index, version in enumerate(found.versions):
        words = (version.language, version.name[:TITLE_CHARS], _text(found, version, kind))
        fields |= {
            f"versions.{index}.{name}": [one] for name, one in zip(("language", "name", "text"), words, strict=True)
        }
    if found.audience in ("hub", "followers"):
        fields["audience"] = [found.audience]
    if kind == "finding":
        fields["contributors"] = ["\n".join(await _organisers(db, found))]
    else:
        fields |= place_fields(_place(found)) | _times(found, kind)
    return fields


def chosen(sent: Fields) -> Fields:
    """The fields with what was chosen from a search as what it came from."""
    picked = [one for one in sent.get(CHOSEN, []) if one]
    return {**sent, "born_of": picked[:1]} if picked else sent


async def offered(db: Db, around: Frame, words: str) -> list[Post]:
    """Things to choose from that have these words, or the latest ones."""
    return await origins.search(db, words, around.viewer_id, ORIGINS_OFFERED)


def _text(found: Post, version: Version, kind: Kind | str) -> str:
    """A link to where it came from, and what the next step goes on from: the claim, or the text. What people were
    invited to is not what they found."""
    link = f"[{version.name or found.uri}]({found.uri})"
    if kind == "finding":
        return link
    claim = found.finding.claim if found.finding and version is found.versions[0] else ""
    said = version.source or plain(version.content)
    if found.born_of:
        # The link to where that came from stands on its own page, and in the chain.
        said = "\n\n".join(part for part in said.split("\n\n") if not part.endswith(f"]({found.born_of})"))
    return "\n\n".join(part for part in (claim, said, link) if part)


def _area(around: Frame, found: Post) -> str:
    return found.area if found.area and any(area.name == found.area for area in around.areas) else ""


async def _organisers(db: Db, found: Post) -> list[str]:
    """Who held the event, or made the call, by handle."""
    named = found.event.organisers if found.event else ()
    known = await actors.find_many(db, named)
    return [handle(one) for one in known.values()] or [handle(found.actor)]


def _place(found: Post) -> Place | None:
    return found.event.place if found.event else found.call.place if found.call else None


def _times(found: Post, kind: str) -> Fields:
    """When a call's work is done is when people may meet for it."""
    if kind != "event" or found.call is None or not is_zone(found.call.zone):
        return {}
    times = {"starts": found.call.begins, "ends": found.call.ends}
    zone = found.call.zone
    local = {name: [instant_to_local(at, zone).strftime(WALL_TIME)] for name, at in times.items() if at}
    return local | {"zone": [zone]} if local else {}
