"""What people see: the templates and static files of the themes. The node has some in `themes/`, a hub its own in
`themes/` in its data folder, or the only one in `theme`; what a theme does not hold comes from `commons`, file by file.

Each theme is for light and dark: as the reader's device has it, unless the reader chose (`data-scheme` on the page)."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path

import jinja2
import msgspec
from aiohttp import web

from node.theming import templates
from node.web.keys import SETTINGS
from node.wording.browsers import browser_of
from node.wording.language import THEMES as SHIPPED
from schemas.look import Look

COMMONS = SHIPPED / "commons"
DEFAULT = ""
STYLESHEET = "style.css"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
PLACEHOLDER = "/missing.png"  # apps know by this name that there is no picture, so it holds no hash
COMPRESSED = ("text/css", "text/javascript", "image/svg+xml", "application/manifest+json")

_DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{(?P<rules>(?:[^{}]*\{[^{}]*\})*\s*)\}")
_RULE = re.compile(r"(?P<selectors>[^{}]+?)\s*\{(?P<values>[^{}]*)\}")


class StaticFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it is sent. Its address holds the hash of its contents, so that it may be kept for ever (but for
    placeholders)."""

    path: str
    media_type: str
    body: bytes
    zipped: bytes | None


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """theme.toml: which stylesheets in which order, and the colours a browser shows around the page."""

    name: str
    styles: tuple[str, ...] = ()
    colour_light: str | None = None
    colour_dark: str | None = None


class Theme:
    """The folders of a theme, the nearest first, and its static files by name and by address."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.folders = folders
        self.cards = tuple(_card(folder) for folder in folders)

    @property
    def name(self) -> str:
        """What its theme.toml calls it."""
        return self.cards[0].name

    @cached_property
    def by_name(self) -> Mapping[str, StaticFile]:
        """Its static files."""
        return dict(_static(name, body) for name, body in self._bodies())

    @cached_property
    def by_path(self) -> Mapping[str, StaticFile]:
        """The same by their addresses."""
        return {file.path: file for file in self.by_name.values()}

    def asset(self, name: str) -> str:
        """The address of a static file, such as /static/style.3f2a9c.css."""
        return self.by_name[name].path

    def colour(self, name: str) -> str:
        """A colour of theme.toml: colour_light or colour_dark."""
        return next(str(found) for card in self.cards if (found := getattr(card, name)) is not None)

    def loader(self) -> jinja2.BaseLoader:
        """Where templates are looked for."""
        return jinja2.ChoiceLoader([jinja2.FileSystemLoader(folder) for folder in self.folders])

    def _bodies(self) -> Iterator[tuple[str, bytes]]:
        yield (
            STYLESHEET,
            both_schemes(
                "\n".join(
                    (folder / "static" / name).read_text()
                    for folder, card in zip(reversed(self.folders), reversed(self.cards), strict=True)
                    for name in card.styles
                )
            ).encode(),
        )
        seen: set[str] = set()
        for folder in self.folders:
            for path in sorted((folder / "static").rglob("*")):
                name = path.relative_to(folder / "static").as_posix()
                if path.is_file() and path.suffix != ".css" and name not in seen:
                    seen.add(name)
                    yield name, path.read_bytes()


class Themes:
    """All themes that are here by name; DEFAULT is the one of a hub that chose none."""

    def __init__(self, found: Mapping[str, tuple[Path, ...]]) -> None:
        self.names = tuple(name for name in found if name != DEFAULT)
        self._found = {name: load(folders) for name, folders in found.items()}
        self.keys = {name: web.AppKey(f"templates of {name}", jinja2.Environment) for name in found}

    def of(self, look: Look) -> Theme:
        """The theme of a look; the default one where the chosen one is gone."""
        return self._found[self._name(look)][0]

    def key(self, look: Look) -> web.AppKey[jinja2.Environment]:
        """Under which name the application holds the templates of a look."""
        return self.keys[self._name(look)]

    def hand_over(self, app: web.Application) -> None:
        """Put the templates of all themes on the application."""
        kept = templates.kept(app[SETTINGS].data, self._found[DEFAULT][1])
        for name, (_, environment) in self._found.items():
            environment.bytecode_cache = kept
            app[self.keys[name]] = environment

    def file(self, path: str) -> StaticFile | None:
        """A static file of any theme by its address: a page that is still open may be of the former one."""
        files = (theme.by_path.get(path) for theme, _ in self._found.values())
        return next((file for file in files if file is not None), None)

    def _name(self, look: Look) -> str:
        return look.theme if look.theme in self._found else DEFAULT


THEMES = web.AppKey("themes", Themes)


def set_up(app: web.Application) -> None:
    """Load the themes and make their templates ready on the application."""
    themes = Themes(folders(app[SETTINGS].data))
    app[THEMES] = themes
    themes.hand_over(app)


def folders(data: Path) -> dict[str, tuple[Path, ...]]:
    """The folders of each theme, its own before ours."""
    found: dict[str, tuple[Path, ...]] = {}
    for place in (SHIPPED, data / "themes"):
        for card in sorted(place.glob("*/theme.toml")):
            found[_card(card.parent).name] = (COMMONS,) if card.parent == COMMONS else (card.parent, COMMONS)
    only = data / "theme"
    found[DEFAULT] = (only, COMMONS) if (only / "theme.toml").is_file() else (COMMONS,)
    return found


def chosen(data: Path, look: Look) -> tuple[Path, ...]:
    """The folders of the theme of a look."""
    found = folders(data)
    return found.get(look.theme, found[DEFAULT])


@cache
def load(folders: tuple[Path, ...]) -> tuple[Theme, jinja2.Environment]:
    """A theme and the environment of its templates, compiled once for all applications of this process."""
    theme = Theme(folders)
    environment = jinja2.Environment(
        loader=theme.loader(),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    environment.globals.update(asset=theme.asset, theme=theme, browser_of=browser_of)
    return theme, environment


def both_schemes(css: str) -> str:
    """What a stylesheet says for dark devices, said also for readers who chose dark, and not for those who chose light.
    Rules within one media query at a time, without further queries in it."""

    def twice(match: re.Match[str]) -> str:
        rules = match["rules"]
        device = _RULE.sub(lambda rule: _within(rule, ':root:not([data-scheme="light"])'), rules)
        chosen = _RULE.sub(lambda rule: _within(rule, ':root[data-scheme="dark"]'), rules)
        return f"@media (prefers-color-scheme: dark) {{{device}}}\n{chosen}"

    return _DARK.sub(twice, css)


def _within(rule: re.Match[str], root: str) -> str:
    selectors = (one.strip() for one in rule["selectors"].split(","))
    said = ", ".join(
        root + one.removeprefix(":root") if one.startswith(":root") else f"{root} {one}" for one in selectors
    )
    return f"{said} {{{rule['values']}}}"


async def show_static(request: web.Request) -> web.Response:
    """A file of the theme by its address; unknown ones, and those of an older version, are not here."""
    file = request.app[THEMES].file(request.path)
    if file is None:
        raise web.HTTPNotFound
    kept = FOR_A_DAY if file.path.endswith(PLACEHOLDER) else FOR_EVER
    response = web.Response(body=file.body, content_type=file.media_type, headers={"Cache-Control": kept})
    response.headers["Vary"] = "Accept-Encoding"
    if file.zipped and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.body = file.zipped
        response.headers["Content-Encoding"] = "gzip"
    return response


def _card(folder: Path) -> Card:
    with (folder / "theme.toml").open("rb") as source:
        return msgspec.convert(tomllib.load(source), Card)


def _static(name: str, body: bytes) -> tuple[str, StaticFile]:
    stem, _, suffix = name.rpartition(".")
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    digest = hashlib.sha256(body).hexdigest()[:10]
    if name.endswith(PLACEHOLDER):
        return name, StaticFile(path=f"/static/{name}", media_type=media_type, body=body, zipped=None)
    zipped = gzip.compress(body, mtime=0) if media_type in COMPRESSED else None
    return name, StaticFile(path=f"/static/{stem}.{digest}.{suffix}", media_type=media_type, body=body, zipped=zipped)
