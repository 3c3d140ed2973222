"""Makes outlines.json from `countries-50m.json` of the npm package `world-atlas` 2.0.2, which is Natural Earth's
1:50m data (naturalearthdata.com, public domain): `python -m node.pages.map_data.make countries-50m.json`. It is run
once; the node reads what it wrote.

Outlines come in two degrees of detail: `world`, coarse, and `europe`, fine. Each holds `land`, closed rings, and
`borders`, open lines, as lists of whole numbers: longitude and latitude of the first point, then steps, in hundredths
of a degree."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

Point = tuple[float, float]
Line = list[Point]

OUTLINES = Path(__file__).parent / "outlines.json"
EUROPE = (-25.0, 33.0, 46.0, 72.0)
"""West, south, east, north."""

FINE, COARSE = 0.042, 0.45
"""How far, in degrees, a point may lie from the line that leaves it out."""

SPECK_FINE, SPECK_COARSE = 0.08, 1.2
"""Islands that are smaller than this either way are left out."""


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """The outlines of one degree of detail."""

    land: list[list[int]]
    borders: list[list[int]]


class Atlas(msgspec.Struct, frozen=True):
    """What a TopoJSON file says: lines, and which of them make which country."""

    arcs: list[Line]
    countries: list[list[list[int]]]
    land: list[list[int]]


def read(path: Path) -> Atlas:
    """The file, with its steps added up and its numbers in degrees."""
    raw = msgspec.json.decode(path.read_bytes())
    (wide, high), (left, low) = raw["transform"]["scale"], raw["transform"]["translate"]

    def line(steps: list[list[int]]) -> Line:
        x = y = 0
        points = []
        for step in steps:
            x, y = x + step[0], y + step[1]
            points.append((x * wide + left, y * high + low))
        return points

    countries = [_rings(one) for one in raw["objects"]["countries"]["geometries"]]
    land = [ring for one in raw["objects"]["land"]["geometries"] for ring in _rings(one)]
    return Atlas([line(one) for one in raw["arcs"]], countries, land)


def layer(atlas: Atlas, tolerance: float, speck: float, box: tuple[float, ...] | None = None) -> Layer:
    """The outlines with fewer points; with `box`, only what touches it."""
    uses = Counter(arc if arc >= 0 else ~arc for one in atlas.countries for ring in one for arc in ring)
    rings = (_joined(atlas.arcs, ring) for ring in atlas.land)
    shared = (atlas.arcs[arc] for arc, times in uses.items() if times > 1)
    return Layer(
        land=[_steps(one) for one in _fewer(rings, tolerance, box) if len(one) > 3 and _size(one) > speck],
        borders=[_steps(one) for one in _fewer(shared, tolerance, box)],
    )


def _rings(geometry: dict[str, Any]) -> list[list[int]]:
    arcs = geometry.get("arcs", [])
    return arcs if geometry["type"] == "Polygon" else [ring for polygon in arcs for ring in polygon]


def _joined(arcs: list[Line], ring: list[int]) -> Line:
    points: Line = []
    for number in ring:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += part[1:] if points else part
    return points


def _fewer(lines: Iterator[Line], tolerance: float, box: tuple[float, ...] | None) -> Iterator[Line]:
    for line in lines:
        cut = _within(line, box) if box else line
        if len(cut) > 1:
            half = len(cut) // 2  # a ring begins where it ends: two halves have a direction each
            yield [*_simple(cut[: half + 1], tolerance)[:-1], *_simple(cut[half:], tolerance)]


def _within(line: Line, box: tuple[float, ...]) -> Line:
    """The line with points outside the box moved to its edge, and no three points of one edge in a row."""
    west, south, east, north = box
    moved = [(min(max(x, west), east), min(max(y, south), north)) for x, y in line]
    kept: Line = []
    for point in moved:
        same = [axis for axis in (0, 1) if len(kept) > 1 and kept[-2][axis] == kept[-1][axis] == point[axis]]
        if same and point[same[0]] in box:
            kept[-1] = point
        elif not kept or point != kept[-1]:
            kept.append(point)
    inside = any(west < x < east and south < y < north for x, y in kept)
    return kept if inside else []


def _simple(line: Line, tolerance: float) -> Line:
    """Ramer–Douglas–Peucker."""
    keep, spans = {0, len(line) - 1}, [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        offs = ((_off(line[i], line[first], line[last]), i) for i in range(first + 1, last))
        far, where = max(offs, default=(0.0, 0))
        if far > tolerance:
            keep.add(where)
            spans += [(first, where), (where, last)]
    return [line[i] for i in sorted(keep)]


def _off(point: Point, first: Point, last: Point) -> float:
    """How far a point lies from the line between two others."""
    wide, high = last[0] - first[0], last[1] - first[1]
    length = wide * wide + high * high
    along = ((point[0] - first[0]) * wide + (point[1] - first[1]) * high) / length if length else 0.0
    along = min(max(along, 0.0), 1.0)
    across = (point[0] - first[0] - along * wide, point[1] - first[1] - along * high)
    return float((across[0] ** 2 + across[1] ** 2) ** 0.5)


def _size(line: Line) -> float:
    xs, ys = [x for x, _ in line], [y for _, y in line]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def _steps(line: Line) -> list[int]:
    whole = [(round(x * 100), round(y * 100)) for x, y in line]
    steps = [*whole[0]]
    for (x, y), (next_x, next_y) in pairwise(whole):
        steps += [next_x - x, next_y - y]
    return steps


if __name__ == "__main__":
    found = read(Path(sys.argv[1]))
    made = {"world": layer(found, COARSE, SPECK_COARSE), "europe": layer(found, FINE, SPECK_FINE, EUROPE)}
    OUTLINES.write_bytes(msgspec.json.encode(made))
