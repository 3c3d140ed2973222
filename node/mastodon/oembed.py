"""A public thing as other websites embed it (oEmbed 1.0): a quotation with a link, without scripts or frames."""

from __future__ import annotations

import msgspec
from aiohttp import web

from federation.addresses import BadAddress, canonical
from federation.build import markup
from node.errors import NotFound
from node.mastodon.answers import as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, get
from node.mastodon.entities.wording import said
from node.store.hub import hub
from node.store.posts import posts
from node.wording.showing import excerpt, name
from schemas.limits import OEMBED_SECONDS, OEMBED_WIDTH


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The address of what is to be embedded, and how wide it may be."""

    url: str = ""
    maxwidth: int | None = None


class Embedded(msgspec.Struct, frozen=True, kw_only=True):
    """The answer (oEmbed 2.3.4)."""

    type: str = "rich"
    version: str = "1.0"
    title: str
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    cache_age: int = OEMBED_SECONDS
    html: str
    width: int
    height: int | None = None


async def show(ask: Ask) -> web.Response:
    """GET /api/oembed: 404 for what is not of this hub, or not for everybody."""
    asked = ask.take(Asked)
    try:
        found = await posts.find_visible(ask.db, canonical(asked.url), None)
    except BadAddress as error:
        raise NotFound from error
    if found is None or not found.local or found.kind == "boost":
        raise NotFound
    words, author = said(found, ask.language), name(found.actor, ask.language)
    text = words.title or excerpt(found, ask.language)
    quoted = markup.paragraph(markup.plain(text)) + markup.paragraph(
        markup.plain(f"{author}, "), markup.link(found.url)
    )
    return as_json(
        Embedded(
            title=text,
            author_name=author,
            author_url=found.actor.url,
            provider_name=(await hub.get(ask.db)).name,
            provider_url=ask.urls.base_url,
            html=f"<blockquote>{quoted}</blockquote>",
            width=min(max(asked.maxwidth or OEMBED_WIDTH, 1), OEMBED_WIDTH),
        )
    )


ENDPOINTS: tuple[Endpoint, ...] = (get("/api/oembed", show, asker="anyone"),)
