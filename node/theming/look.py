"""The stylesheet of a hub's own look: its colours for light and dark, then what its stewards wrote."""

from __future__ import annotations

import hashlib

from aiohttp import web

from node.store.hub import hub as hubs
from node.theming.theme import FOR_EVER, THEMES, Theme
from node.web.handlers import reading
from schemas.look import BLACK, WHITE, Look, contrast, is_colour, mix, on, readable

DEEPER = 0.25
WASH = 0.88
FIELDS = ((1, 0.72), (2, 0.6), (3, 0.46), (5, 0.28), (6, 0.08))
"""The strips of the picture on the front page: how far each is from the colour towards the paper."""


def address(look: Look) -> str | None:
    """Where the stylesheet of a look is, named by what it says; None if there is nothing to say."""
    if not (look.colour or look.accent or look.css):
        return None
    said = "\n".join((look.theme, look.colour, look.accent, look.css))
    return f"/look/{hashlib.sha256(said.encode()).hexdigest()[:16]}.css"


def stylesheet(look: Look, theme: Theme) -> str:
    """CSS for light and dark. Where a colour could not be read on a theme's dark paper, a lighter one stands for it."""
    light, dark = theme.colour("colour_light"), theme.colour("colour_dark")
    by_day, by_night = (_values(look, paper) for paper in (light, dark))
    night = f'@media (prefers-color-scheme: dark) {{\n:root:not([data-scheme="light"]) {{{by_night}}}\n}}\n'
    chosen = f':root[data-scheme="dark"] {{{by_night}}}\n'
    return f":root {{{by_day}}}\n{night}{chosen}{look.css}\n"


async def show_look(request: web.Request) -> web.Response:
    """/look/{digest}.css: the present look. Kept for ever under its own name; an older name is not here."""
    async with reading(request) as db:
        hub = await hubs.get(db)
    if address(hub.look) != request.path:
        raise web.HTTPNotFound
    body = stylesheet(hub.look, request.app[THEMES].of(hub.look))
    return web.Response(text=body, content_type="text/css", charset="utf-8", headers={"Cache-Control": FOR_EVER})


def _values(look: Look, paper: str) -> str:
    values = dict[str, str]()
    if is_colour(look.colour):
        main = readable(look.colour, paper)
        away = BLACK if contrast(paper, WHITE) < contrast(paper, BLACK) else WHITE
        deep, wash = mix(main, away, DEEPER), mix(main, paper, WASH)
        values |= {"meadow": main, "meadow-deep": deep, "on-meadow": on(main), "good-wash": wash}
        values |= {f"field-{number}": mix(main, paper, share) for number, share in FIELDS}
    if is_colour(look.accent):
        values["clay"] = readable(look.accent, paper)
    return " ".join(f"--{name}: {value};" for name, value in values.items())
