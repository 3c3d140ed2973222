"""The map as we draw it: outlines of land from Natural Earth (public domain), in Mercator's projection, cut to what is
looked at. No other server is asked for anything."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import msgspec

from node.pages.map_data.make import EUROPE, Layer
from schemas.limits import MAP_ZOOM_MOST

OUTLINES = Path(__file__).parent / "map_data" / "outlines.json"
WIDE, HIGH = 600, 460
"""The drawing in its own units; a phone shows 600 of them on some 330 px."""

EDGE = 3
"""How far outlines go on beyond the edge of the drawing."""

NORTH = 80.0
"""No map of ours goes further: Mercator would stretch it."""

FINE_FROM = 2
"""From this zoom on, Europe is drawn in detail."""

XY = tuple[float, float]


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at: the middle, and how near. At zoom 0 the whole world is as wide as the drawing; each step
    doubles that."""

    latitude: float
    longitude: float
    zoom: int

    def xy(self, latitude: float, longitude: float) -> XY:
        """Where a point of the Earth stands in the drawing."""
        x, y = _mercator(latitude, longitude)
        middle_x, middle_y = _mercator(self.latitude, self.longitude)
        scale = WIDE * 2**self.zoom
        return WIDE / 2 + (x - middle_x) * scale, HIGH / 2 + (y - middle_y) * scale

    def moved(self, right: float, down: float) -> View:
        """The view beside this one, so many drawings further."""
        x, y = _mercator(self.latitude, self.longitude)
        scale = 2**self.zoom
        latitude, longitude = _earth(x + right / scale, y + down * HIGH / WIDE / scale)
        return view(latitude, longitude, self.zoom)

    def zoomed(self, steps: int) -> View:
        """The same middle, nearer or further off."""
        return view(self.latitude, self.longitude, self.zoom + steps)

    @property
    def at(self) -> str:
        """The middle as it stands in an address."""
        return f"{self.latitude:.2f},{self.longitude:.2f}"


class Drawing(msgspec.Struct, frozen=True):
    """Land and borders as the `d` of an SVG path. `seas` is laid between the coarse land and the fine one."""

    land: str
    seas: str
    fine: str
    borders: str


EUROPE_VIEW = View(latitude=51.0, longitude=10.0, zoom=3)
WORLD_VIEW = View(latitude=25.0, longitude=10.0, zoom=0)


def view(latitude: float, longitude: float, zoom: int) -> View:
    """A view that lies on the map, whatever was asked for."""
    return View(
        latitude=round(min(max(latitude, -60.0), NORTH - 5), 2),
        longitude=round((longitude + 180) % 360 - 180, 2),
        zoom=min(max(zoom, 0), MAP_ZOOM_MOST),
    )


def around(spots: Iterable[XY]) -> View:
    """The nearest view that holds all these points (latitude, longitude) and something of the land around them;
    Europe if there are none."""
    found = [_mercator(*one) for one in spots]
    if not found:
        return EUROPE_VIEW
    xs, ys = [x for x, _ in found], [y for _, y in found]
    span = max(max(xs) - min(xs), (max(ys) - min(ys)) * WIDE / HIGH, 1e-9) * 1.35
    zoom = min(int(math.log2(1 / span)), MAP_ZOOM_MOST - 2)
    return view(*_earth((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2), zoom)


@lru_cache(maxsize=64)
def drawing(seen: View) -> Drawing:
    """The outlines of what is looked at."""
    world, europe = _outlines()["world"], _outlines()["europe"]
    coarse = _shapes(seen, world.land)
    if seen.zoom < FINE_FROM:
        return Drawing(coarse, "", "", _lines(seen, world.borders))
    west, south, east, north = EUROPE
    corners = [seen.xy(lat, lon) for lat, lon in ((south, west), (north, west), (north, east), (south, east))]
    return Drawing(
        coarse, _path([_cut(corners)], closed=True), _shapes(seen, europe.land), _lines(seen, europe.borders)
    )


@cache
def _outlines() -> dict[str, Layer]:
    return msgspec.json.decode(OUTLINES.read_bytes(), type=dict[str, Layer])


def _mercator(latitude: float, longitude: float) -> XY:
    """A point of the Earth on a map that is 1 wide and high."""
    sine = math.sin(math.radians(min(max(latitude, -85.0), 85.0)))
    return longitude / 360 + 0.5, 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)


def _earth(x: float, y: float) -> XY:
    """The other way round: latitude and longitude."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y)))), (x - 0.5) * 360


def _points(seen: View, steps: list[int]) -> list[XY]:
    longitude = latitude = 0
    points = []
    for number in range(0, len(steps), 2):
        longitude, latitude = longitude + steps[number], latitude + steps[number + 1]
        points.append(seen.xy(latitude / 100, longitude / 100))
    return points


def _shapes(seen: View, rings: Iterable[list[int]]) -> str:
    return _path((_cut(_points(seen, ring)) for ring in rings), closed=True)


def _lines(seen: View, lines: Iterable[list[int]]) -> str:
    return _path((part for line in lines for part in _visible(_points(seen, line))), closed=False)


def _visible(points: list[XY]) -> Iterator[list[XY]]:
    """The parts of a line that lie in the drawing, cut at its edge."""
    part: list[XY] = []
    for first, second in pairwise(points):
        inside = _clipped(first, second)
        if part and (inside is None or inside[0] != part[-1]):
            yield part
            part = []
        if inside is not None:
            part = [*(part or [inside[0]]), inside[1]]
    if part:
        yield part


def _clipped(first: XY, second: XY) -> tuple[XY, XY] | None:
    """What of a straight line lies in the drawing (Liang and Barsky)."""
    begins, ends = 0.0, 1.0
    step = (second[0] - first[0], second[1] - first[1])
    for axis, low, high in ((0, -EDGE, WIDE + EDGE), (1, -EDGE, HIGH + EDGE)):
        if step[axis] == 0:
            if not low <= first[axis] <= high:
                return None
            continue
        near, far = sorted(((low - first[axis]) / step[axis], (high - first[axis]) / step[axis]))
        begins, ends = max(begins, near), min(ends, far)
    if begins > ends:
        return None

    def at(share: float) -> XY:
        return first[0] + share * step[0], first[1] + share * step[1]

    return first if begins == 0 else at(begins), second if ends == 1 else at(ends)


def _cut(ring: list[XY]) -> list[XY]:
    """What of a closed shape lies in the drawing (Sutherland and Hodgman)."""
    for axis, limit, sign in ((0, -EDGE, 1), (0, WIDE + EDGE, -1), (1, -EDGE, 1), (1, HIGH + EDGE, -1)):
        kept: list[XY] = []
        for before, point in zip([ring[-1], *ring[:-1]] if ring else [], ring, strict=True):
            inside, was_inside = sign * (point[axis] - limit) >= 0, sign * (before[axis] - limit) >= 0
            if inside != was_inside:
                share = (limit - before[axis]) / (point[axis] - before[axis])
                kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
            if inside:
                kept.append(point)
        ring = kept
    return ring


def _path(lines: Iterable[list[XY]], *, closed: bool) -> str:
    """SVG path data in whole units and relative steps, which is shortest; points that fall together are one."""
    parts = []
    for line in lines:
        whole = [(round(x), round(y)) for x, y in line]
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(whole) if a != b]
        if len(steps) > (2 if closed else 0):
            walked = "".join(f"{x}{y:+d}" if i == 0 else f"{x:+d}{y:+d}" for i, (x, y) in enumerate(steps))
            parts.append(f"M{whole[0][0]} {whole[0][1]}l{walked}{'z' if closed else ''}")
    return "".join(parts)
