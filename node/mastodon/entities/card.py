"""What is shown of a link: a page's own words about itself, or an event, finding or call as a card."""

from __future__ import annotations

import msgspec

from federation.build.lines import cut
from federation.build.urls import Urls
from federation.sanitise import plain
from node.mastodon.answers import moment
from node.mastodon.entities.wording import Said
from node.store.posts.post_marks import CardRow
from schemas.limits import EXCERPT_CHARS
from schemas.records import Post


class CardAuthor(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote the linked page."""

    name: str
    url: str = ""
    account: None = None


class PreviewCard(msgspec.Struct, frozen=True, kw_only=True):
    """A link with title, text and picture. Nothing of the page is embedded: `html` and `embed_url` stay empty."""

    url: str
    title: str
    description: str
    language: str | None = None
    type: str = "link"
    author_name: str = ""
    author_url: str = ""
    provider_name: str = ""
    provider_url: str = ""
    html: str = ""
    width: int = 0
    height: int = 0
    image: str | None = None
    image_description: str = ""
    embed_url: str = ""
    blurhash: str | None = None
    published_at: str | None = None
    authors: list[CardAuthor] = []


def of_thing(post: Post, said: Said) -> PreviewCard | None:
    """An event, finding or call as a card: title, facts, picture and the link to its page."""
    if post.kind not in ("event", "finding", "call"):
        return None
    picture = next((one for one in post.attachments if one.media_type.startswith("image/") and one.media_id), None)
    return PreviewCard(
        url=post.url,
        title=said.title,
        description=said.line or cut(plain(said.content, single_line=True), EXCERPT_CHARS),
        language=said.language,
        author_name=post.actor.display_name or post.actor.name,
        author_url=post.actor.url,
        provider_name=post.actor.host,
        provider_url="",
        width=(picture.width or 0) if picture else 0,
        height=(picture.height or 0) if picture else 0,
        image=(picture.preview_url or picture.url) if picture else None,
        image_description=picture.alt if picture else "",
        blurhash=picture.blurhash if picture else None,
        published_at=moment(post.published_at),
        authors=[CardAuthor(name=post.actor.display_name or post.actor.name, url=post.actor.url)],
    )


def of_link(row: CardRow, urls: Urls) -> PreviewCard:
    """A linked page as a card; its picture is served from here."""
    return PreviewCard(
        url=row.url,
        title=row.title,
        description=row.description,
        language=row.language,
        author_name=row.author_name,
        provider_name=row.provider_name,
        width=row.width or 0,
        height=row.height or 0,
        image=urls.media(row.image) if row.image else None,
        image_description=row.alt or "",
        blurhash=row.blurhash,
        published_at=moment(row.published_at) if row.published_at else None,
        authors=[CardAuthor(name=row.author_name)] if row.author_name else [],
    )
