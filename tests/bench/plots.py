"""Small line plots as SVG, without any library: two figures in PERFORMANCE.md do not need one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 720, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 190, 40, 44
FONT = 'font-family="sans-serif" font-size="12"'
COLOURS = ("#0b6e4f", "#c2410c", "#1d4ed8", "#7c3aed", "#b45309", "#475569", "#be123c", "#0e7490", "#4d7c0f")

Line = Sequence[tuple[float, float]]


def plot(title: str, across: str, up: str, lines: Mapping[str, Line], *, logarithmic: bool = True) -> str:
    """An SVG with a line for each name; `logarithmic`: the axis across, by powers of ten."""
    xs = [x for line in lines.values() for x, _ in line]
    most = _round_up(max(y for line in lines.values() for _, y in line))
    scale = math.log10 if logarithmic else float
    low, high = scale(min(xs)), scale(max(xs))

    def at(x: float, y: float) -> tuple[float, float]:
        share = (scale(x) - low) / (high - low or 1)
        return LEFT + share * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - y / most * (HEIGHT - TOP - BOTTOM)

    ticks = sorted({10.0**n for n in range(math.ceil(low), math.floor(high) + 1)}) if logarithmic else _even(low, high)
    middle = HEIGHT / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="22" font-size="15" font-weight="bold">{escape(title)}</text>',
        *(_level(most * n / 4, at(min(xs), most * n / 4)[1]) for n in range(5)),
        *(_tick(tick, at(tick, 0)) for tick in ticks),
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{escape(across)}</text>',
        f'<text x="14" y="{middle}" transform="rotate(-90 14 {middle})" text-anchor="middle">{escape(up)}</text>',
    ]
    for number, (name, line) in enumerate(lines.items()):
        parts += _line(name, [at(x, y) for x, y in line], COLOURS[number % len(COLOURS)], TOP + 18 * number)
    return "\n".join([*parts, "</svg>", ""])


def _line(name: str, points: Sequence[tuple[float, float]], colour: str, y: float) -> list[str]:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
    beside = WIDTH - RIGHT + 14
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *dots,
        f'<rect x="{beside}" y="{y}" width="12" height="12" fill="{colour}"/>',
        f'<text x="{beside + 18}" y="{y + 10}">{escape(name)}</text>',
    ]


def _level(value: float, y: float) -> str:
    return (
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
        f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'
    )


def _tick(value: float, point: tuple[float, float]) -> str:
    return f'<text x="{point[0]:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{value:,.0f}</text>'


def _even(low: float, high: float) -> list[float]:
    return [low + (high - low) * n / 4 for n in range(5)]


def _round_up(value: float) -> float:
    step = 10 ** math.floor(math.log10(value or 1))
    return next(step * n for n in (1, 2, 4, 5, 8, 10) if step * n >= value)
