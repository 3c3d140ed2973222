"""/map: hubs, places and meetings on a map that works without scripts, and the same as a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec
from aiohttp import web

from node.pages.calendar_choice import COORDINATES
from node.pages.calendar_sources import gathered
from node.pages.map_drawing import EUROPE_VIEW, HIGH, WIDE, WORLD_VIEW, View, around, drawing, view
from node.store.db import Db
from node.store.events import mapped
from node.store.posts.reading import Wanted
from node.theming.frame import Frame, frame, render
from node.web.handlers import query, reading
from node.wording.showing import name, page_path, profile_path, title
from schemas.limits import MAP_EVENTS, MAP_HUBS, MAP_PLACES, MAP_ZOOM_MOST
from schemas.records import PlaceRow, Post

Kind = Literal["hubs", "places", "events"]
TOUCH = 46.0
"""Spots nearer to each other than this, in units of the drawing, are one: else two could not be tapped apart."""


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """Something on the map. `line`: what else is said of it in the list; `day`: of an event."""

    kind: Kind
    label: str
    path: str
    latitude: float
    longitude: float
    line: str = ""
    day: date | None = None


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One spot, or several that stand too near each other, as drawn. `near`: the view in which they come apart,
    or the list."""

    x: int
    y: int
    spots: list[Spot]
    near: str

    @property
    def kind(self) -> str:
        """What it is drawn as."""
        kinds = {spot.kind for spot in self.spots}
        return kinds.pop() if len(kinds) == 1 else "several"


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The query: the middle of the map and how near; what is shown; in which area."""

    at: str | None = None
    zoom: int = 0
    show: Kind | None = None
    area: str | None = None


async def show_map(request: web.Request) -> web.Response:
    """/map, for everybody."""
    chosen = query(request, Chosen)
    async with reading(request) as db:
        surroundings = await frame(request, db)
        spots = await _spots(db, surroundings, chosen)
    seen = _view(chosen, spots)
    shown = [spot for spot in spots if inside(seen, spot)]
    values: dict[str, Any] = {
        "chosen": chosen,
        "spots": {kind: [spot for spot in shown if spot.kind == kind] for kind in ("events", "hubs", "places")},
        "outside": len(spots) - len(shown),
        "base": drawing(seen),
        "marks": marks(seen, shown, chosen),
        "wide": WIDE,
        "high": HIGH,
        "ways": _ways(seen, chosen),
        "zoom_most": MAP_ZOOM_MOST,
    }
    return render(request, "pages/map.html", surroundings, values)


def inside(seen: View, spot: Spot) -> bool:
    """Whether something stands in the drawing."""
    x, y = seen.xy(spot.latitude, spot.longitude)
    return 0 <= x <= WIDE and 0 <= y <= HIGH


def marks(seen: View, spots: Sequence[Spot], chosen: Chosen) -> list[Mark]:
    """What is drawn: each spot joins the first group that is near enough, and groups stand in their middle."""
    groups: list[tuple[tuple[float, float], list[Spot]]] = []
    for spot in spots:
        x, y = seen.xy(spot.latitude, spot.longitude)
        near = ((x - at[0]) ** 2 + (y - at[1]) ** 2 < TOUCH**2 for at, _ in groups)
        number = next((i for i, found in enumerate(near) if found), None)
        if number is None:
            groups.append(((x, y), [spot]))
        else:
            groups[number][1].append(spot)
    return [_mark(seen, x, y, found, chosen) for (x, y), found in groups]


def _mark(seen: View, x: float, y: float, spots: list[Spot], chosen: Chosen) -> Mark:
    if seen.zoom >= MAP_ZOOM_MOST:
        return Mark(x=round(x), y=round(y), spots=spots, near="#listed")
    closer = around((spot.latitude, spot.longitude) for spot in spots)
    if closer.zoom <= seen.zoom:
        closer = view(closer.latitude, closer.longitude, seen.zoom + 1)
    return Mark(x=round(x), y=round(y), spots=spots, near=_address(closer, chosen))


async def _spots(db: Db, surroundings: Frame, chosen: Chosen) -> list[Spot]:
    language = surroundings.language
    spots: list[Spot] = []
    if chosen.show in (None, "events"):
        wanted = Wanted(area=chosen.area or None, network=True)
        found = await mapped.events(db, viewer=surroundings.viewer_id, wanted=wanted, limit=MAP_EVENTS)
        spots += [_meeting(entry.post, language) for entry in await gathered(db, found)]
    if chosen.show in (None, "hubs") and not chosen.area:
        spots += [_hub(one, language) for one in await mapped.hubs(db, MAP_HUBS)]
    if chosen.show in (None, "places") and not chosen.area:
        spots += [_place(one) for one in await mapped.places(db, MAP_PLACES)]
    return spots


def _meeting(post: Post, language: str) -> Spot:
    assert post.event and post.event.place  # noqa: S101 - the store was asked for those
    place = post.event.place
    return Spot(
        kind="events",
        label=title(post, language),
        path=page_path(post),
        line=place.locality or place.name,
        day=post.event.starts_local.date(),
        latitude=place.latitude or 0.0,
        longitude=place.longitude or 0.0,
    )


def _hub(one: mapped.MappedHub, language: str) -> Spot:
    actor = one.actor
    return Spot(
        kind="hubs",
        label=name(actor, language),
        path=profile_path(actor),
        line=actor.host,
        latitude=one.latitude,
        longitude=one.longitude,
    )


def _place(row: PlaceRow) -> Spot:
    place = row.place
    return Spot(
        kind="places",
        label=place.name,
        path=f"/places/{row.id}",
        line=place.locality,
        latitude=place.latitude or 0.0,
        longitude=place.longitude or 0.0,
    )


def _view(chosen: Chosen, spots: Sequence[Spot]) -> View:
    written = COORDINATES.fullmatch(chosen.at or "")
    if written:
        return view(float(written[1]), float(written[2]), chosen.zoom)
    return around((spot.latitude, spot.longitude) for spot in spots)


def _address(seen: View, chosen: Chosen) -> str:
    given = {"show": chosen.show, "area": chosen.area, "at": seen.at, "zoom": seen.zoom}
    return f"/map?{urlencode({key: value for key, value in given.items() if value not in (None, '')})}"


def _ways(seen: View, chosen: Chosen) -> dict[str, str | None]:
    """Where the links around the map lead."""
    rest = {key: value for key, value in (("show", chosen.show), ("area", chosen.area)) if value}
    return {
        "nearer": _address(seen.zoomed(1), chosen) if seen.zoom < MAP_ZOOM_MOST else None,
        "further": _address(seen.zoomed(-1), chosen) if seen.zoom > 0 else None,
        "north": _address(seen.moved(0, -0.5), chosen),
        "south": _address(seen.moved(0, 0.5), chosen),
        "west": _address(seen.moved(-0.5, 0), chosen),
        "east": _address(seen.moved(0.5, 0), chosen),
        "all": f"/map?{urlencode(rest)}" if rest else "/map",
        "europe": _address(EUROPE_VIEW, chosen),
        "world": _address(WORLD_VIEW, chosen),
    }
