"""Small line plots as SVG, without any library: two figures in PERFORMANCE.md do not need one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 720, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 190, 40, 44
FONT = 'font-family="sans-serif" font-size="12"'
COLOURS = ("#0b6e4f", "#c2410c", "#1d4ed8", "#7c3aed", "#0891b2", "#475569", "#be123c", "#a16207", "#4d7c0f")

Line = Sequence[tuple[float, float]]


def plot(
    title: str, across: str, up: str, lines: Mapping[str, Line], *, logarithmic: bool = True, steep: bool = False
) -> str:
    """An SVG with a line for each name; `logarithmic`: the axis across, by powers of ten; `steep`: that upwards too,
    for lines of very different heights."""
    xs = [x for line in lines.values() for x, _ in line]
    ys = [y for line in lines.values() for _, y in line]
    scale, rise = math.log10 if logarithmic else float, math.log10 if steep else float
    low, high = scale(min(xs)), scale(max(xs))
    levels = _steps(min(ys), max(ys)) if steep else [_round_up(max(ys)) * n / 4 for n in range(5)]
    bottom, top = rise(levels[0]), rise(levels[-1])

    def at(x: float, y: float) -> tuple[float, float]:
        share, height = (scale(x) - low) / (high - low or 1), (rise(y) - bottom) / (top - bottom or 1)
        return LEFT + share * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - height * (HEIGHT - TOP - BOTTOM)

    ticks = sorted({10.0**n for n in range(math.ceil(low), math.floor(high) + 1)}) if logarithmic else _even(low, high)
    middle = HEIGHT / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="22" font-size="15" font-weight="bold">{escape(title)}</text>',
        *(_level(level, at(min(xs), level)[1]) for level in levels),
        *(_tick(tick, at(tick, levels[0])) for tick in ticks),
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


def _steps(least: float, most: float) -> list[float]:
    """1, 2, 5, 10, 20 …: from below the least to above the most."""
    all_ = [digit * 10.0**power for power in range(-3, 6) for digit in (1, 2, 5)]
    below, above = max(step for step in all_ if step <= least), min(step for step in all_ if step >= most)
    return [step for step in all_ if below <= step <= above]


def _round_up(value: float) -> float:
    step = 10 ** math.floor(math.log10(value or 1))
    return next(step * n for n in (1, 2, 4, 5, 8, 10) if step * n >= value)
