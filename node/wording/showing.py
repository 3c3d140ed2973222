"""How records are shown on a page: titles, names, addresses of their pages, and the language version for a reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from babel import Locale, UnknownLocaleError
from markupsafe import Markup, escape

from federation import sanitise
from federation.build.lines import call_facts, cut, event_summary
from federation.build.markup import bullets, paragraph, strong
from federation.build.markup import plain as escaped
from federation.build.urls import Urls
from node.wording.language import gettext
from schemas import licences
from schemas.access import LABELS
from schemas.languages import OWN_NAMES
from schemas.limits import EXCERPT_CHARS, LANGUAGES_CACHED, TITLE_CHARS
from schemas.records import Actor, Post
from schemas.things import Attachment, Version
from schemas.times import utc_text

FOLDERS = {"post": "posts", "event": "events", "finding": "findings", "call": "calls"}


def version_for(post: Post, language: str) -> Version:
    """The version in this language, or in another variety of it, else the author's primary one."""
    for one in post.versions:
        if one.language == language:
            return one
    primary = language.split("-", maxsplit=1)[0]
    same = (one for one in post.versions if one.language.split("-", maxsplit=1)[0] == primary)
    return next(same, None) or post.version(language)


def plain(html: str) -> str:
    """The words of HTML on one line."""
    return sanitise.plain(html, single_line=True)


def title(post: Post, language: str) -> str:
    """The title, or the first words where there is none."""
    version = version_for(post, language)
    return version.name or cut(plain(version.content) or version.summary, TITLE_CHARS) or post.uri


def excerpt(post: Post, language: str) -> str:
    """The first sentences as plain text."""
    version = version_for(post, language)
    return cut(plain(version.content), EXCERPT_CHARS)


def page_path(post: Post) -> str:
    """The path of a thing's page here. Things from other servers have one too, under our own id."""
    shown = post.boost_of or post
    return f"/{FOLDERS.get(shown.kind, 'posts')}/{shown.id}"


def name(actor: Actor, language: str = "") -> str:
    """What an actor wants to be called, in the reader's language if it says so, else its handle's name."""
    return actor.display_names.get(language) or actor.display_name or actor.name


def handle(actor: Actor) -> str:
    """@name@host."""
    return f"@{actor.name}@{actor.host}"


def profile_path(actor: Actor) -> str:
    """The path of an actor's page here."""
    if not actor.local:
        return f"/@{quote(actor.name)}@{quote(actor.host)}"
    if actor.role_here in ("area", "group"):
        return f"/{actor.role_here}s/{quote(actor.name)}"
    return f"/@{quote(actor.name)}"


def safe_link(url: str | None) -> str | None:
    """A web address that may stand in a link; None for anything else, such as javascript: (case 19)."""
    return url if url and urlsplit(url).scheme in ("http", "https") else None


@lru_cache(maxsize=LANGUAGES_CACHED)
def own_name(code: str) -> str:
    """How a language calls itself, with a capital; its code where nobody knows."""
    if known := OWN_NAMES.get(code):
        return known
    try:
        found = Locale.parse(code.split("-x-", maxsplit=1)[0], sep="-").get_display_name()
    except (ValueError, UnknownLocaleError):
        found = None
    return f"{found[:1].upper()}{found[1:]}" if found else code


def images(post: Post, urls: Urls) -> list[Attachment]:
    """The pictures of a thing that are served from here."""
    return [one for one in post.attachments if one.media_type.startswith("image/") and urls.ours(one.url)]


def copy_of(image: Attachment, width: int, ending: str = "webp") -> str:
    """The address of the smaller copy of this width of a picture of ours."""
    return f"{image.url.rpartition('.')[0]}-w{width}.{ending}"


def face_of(url: str, width: int) -> str:
    """The address of an avatar at this width, one of COPY_WIDTHS_ICON, if it is served from here as a picture."""
    stem, _, ending = url.rpartition(".")
    return f"{stem}-w{width}.webp" if "/media/" in stem and ending in ("jpg", "png", "webp") else url


def words(language: str, urls: Urls, local: Callable[[Any], Any]) -> dict[str, Any]:
    """The functions above for templates, bound to a reader's language."""

    def ours(url: str | None) -> str | None:
        return url if url and (url.startswith("/") or urls.ours(url)) else None

    def lang_of(version: Version) -> Markup:
        code = version.language
        return Markup("") if code in (language, "und", "") else Markup(' lang="{}"').format(code)

    return {
        "version_of": lambda post: version_for(post, language),
        "lang_of": lang_of,
        "title_of": lambda post: title(post, language),
        "excerpt_of": lambda post: excerpt(post, language),
        # Sanitised when it was written or read (federation.sanitise): the one place where HTML is let through.
        "content_of": lambda version: Markup(version.content),  # noqa: S704
        "page_of": page_path,
        "name_of": lambda actor: name(actor, language),
        "handle_of": handle,
        "profile_of": profile_path,
        "icon_of": lambda actor: ours(actor.icon_url) if actor.local or actor.icon_id else None,
        "images_of": lambda post: images(post, urls),
        "copy_of": copy_of,
        "face_of": face_of,
        "safe_link": safe_link,
        "ours": ours,
        "local": local,
        "paragraphs": lambda text: Markup("<br>").join(escape(text).splitlines()),
        "plain": plain,
        "html_of": Markup,  # sanitised like content
        "own_name": own_name,
        "country_name": lambda code: Locale(language).territories.get(code, code),
        "access_label": lambda name: gettext(language, LABELS[name]),
        "licence_name": licences.name_of,
        "is_closed": lambda poll: poll.closed or (poll.ends_at is not None and poll.ends_at <= datetime.now(UTC)),
        "local_place": lambda place: place.uri if place.uri and urls.ours(place.uri) else None,
    }


def feed_words(language: str) -> dict[str, Any]:
    """What a feed says of things, bound to its language. Control characters, which XML knows not, are left out."""

    def line_of(post: Post, version: Version) -> str:
        return event_summary(post.event, version) if post.event else version.summary

    def html_for(post: Post, version: Version) -> str:
        facts = call_facts(post.call, version.language) if post.call else []
        listed = bullets(f"{strong(label)} {escaped(value)}" for label, value in facts)
        claim = paragraph(strong(post.finding.claim)) if post.finding else ""
        return claim + listed + version.content

    return {
        "version_of": lambda post: version_for(post, language),
        "title_of": lambda post: title(post, language),
        "name_of": lambda actor: name(actor, language),
        "line_of": line_of,
        "html_for": html_for,
        "text": lambda words: _NOT_IN_XML.sub("", words),
        "utc": utc_text,
    }


_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
