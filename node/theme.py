"""What people see: the templates and static files of the theme. A hub's own theme is the folder `theme` in its data
folder; what it does not hold comes from `themes/commons`, file by file."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import aiohttp_jinja2
import jinja2
import msgspec
from aiohttp import web

from node.keys import SETTINGS
from node.language import THEMES
from node.settings import Settings

COMMONS = THEMES / "commons"
STYLESHEET = "style.css"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
PLACEHOLDER = "/missing.png"  # apps know by this name that there is no picture, so it holds no hash
COMPRESSED = ("text/css", "text/javascript", "image/svg+xml", "application/manifest+json")


class StaticFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it is sent. Its address holds the hash of its contents, so that it may be kept for ever (but for
    placeholders)."""

    path: str
    media_type: str
    body: bytes
    zipped: bytes | None


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """theme.toml: which stylesheets in which order, and the colours a browser shows around the page."""

    name: str
    styles: tuple[str, ...] = ()
    colour_light: str | None = None
    colour_dark: str | None = None


class Theme:
    """The folders of a theme, the nearest first, and its static files by name and by address."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.folders = folders
        self.looks = tuple(_look(folder) for folder in folders)
        files = [_static(name, body) for name, body in self._bodies()]
        self.by_name: Mapping[str, StaticFile] = dict(files)
        self.by_path: Mapping[str, StaticFile] = {file.path: file for _, file in files}

    def asset(self, name: str) -> str:
        """The address of a static file, such as /static/style.3f2a9c.css."""
        return self.by_name[name].path

    def colour(self, name: str) -> str:
        """A colour of theme.toml: colour_light or colour_dark."""
        return next(str(found) for look in self.looks if (found := getattr(look, name)) is not None)

    def loader(self) -> jinja2.BaseLoader:
        """Where templates are looked for."""
        return jinja2.ChoiceLoader([jinja2.FileSystemLoader(folder) for folder in self.folders])

    def _bodies(self) -> Iterator[tuple[str, bytes]]:
        yield (
            STYLESHEET,
            b"\n".join(
                (folder / "static" / name).read_bytes()
                for folder, look in zip(reversed(self.folders), reversed(self.looks), strict=True)
                for name in look.styles
            ),
        )
        seen: set[str] = set()
        for folder in self.folders:
            for path in sorted((folder / "static").rglob("*")):
                name = path.relative_to(folder / "static").as_posix()
                if path.is_file() and path.suffix != ".css" and name not in seen:
                    seen.add(name)
                    yield name, path.read_bytes()


THEME = web.AppKey("theme", Theme)


def set_up(app: web.Application) -> None:
    """Load the theme and make its templates ready on the application."""
    theme, environment = load(folders(app[SETTINGS]))
    app[THEME], app[aiohttp_jinja2.APP_KEY] = theme, environment


def folders(settings: Settings) -> tuple[Path, ...]:
    """The folders of the hub's theme, its own before ours."""
    own = settings.data / "theme"
    return (own, COMMONS) if (own / "theme.toml").is_file() else (COMMONS,)


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
    environment.globals.update(asset=theme.asset, theme=theme)
    return theme, environment


async def show_static(request: web.Request) -> web.Response:
    """A file of the theme by its address; unknown ones, and those of an older version, are not here."""
    file = request.app[THEME].by_path.get(request.path)
    if file is None:
        raise web.HTTPNotFound
    kept = FOR_A_DAY if file.path.endswith(PLACEHOLDER) else FOR_EVER
    response = web.Response(body=file.body, content_type=file.media_type, headers={"Cache-Control": kept})
    response.headers["Vary"] = "Accept-Encoding"
    if file.zipped and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.body = file.zipped
        response.headers["Content-Encoding"] = "gzip"
    return response


def _look(folder: Path) -> Look:
    with (folder / "theme.toml").open("rb") as source:
        return msgspec.convert(tomllib.load(source), Look)


def _static(name: str, body: bytes) -> tuple[str, StaticFile]:
    stem, _, suffix = name.rpartition(".")
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    digest = hashlib.sha256(body).hexdigest()[:10]
    if name.endswith(PLACEHOLDER):
        return name, StaticFile(path=f"/static/{name}", media_type=media_type, body=body, zipped=None)
    zipped = gzip.compress(body, mtime=0) if media_type in COMPRESSED else None
    return name, StaticFile(path=f"/static/{stem}.{digest}.{suffix}", media_type=media_type, body=body, zipped=zipped)
