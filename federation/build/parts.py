"""What all documents of things are made of: addressing, language maps, tags, media, places."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from federation import audience
from federation.build.lines import title
from federation.build.urls import Urls
from federation.terms import PUBLIC
from schemas.access import LABELS
from schemas.contexts import NAMESPACE, Group, context
from schemas.records import Actor, Post
from schemas.tags import normal
from schemas.things import Attachment, Place, Version
from schemas.times import utc_text

Document = dict[str, Any]

AP_TYPE = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
"""Marks a link to something that is served as ActivityPub (FEP-e232). Pleroma refuses Link tags without it."""

UNKNOWN = "und"


def at_context(*groups: Group) -> Document:
    """`@context` for a document that uses these groups of terms."""
    return {"@context": list(context(*groups))}


def head(post: Post) -> Document:
    """Who says it. An object's id is its url; one plain string as `type`."""
    return {"id": post.uri, "type": post.type, "url": post.url, "attributedTo": post.actor.uri}


def addressed(post: Post, urls: Urls) -> Document:
    """`to` and `cc` by the audience. What is for the hub or a group stays here and names only its recipients."""
    people = [actor.uri for actor in post.mentions]
    if post.audience in ("hub", "group"):
        return {"to": list(post.recipients), "cc": []}
    if post.audience == "direct":
        people = list(dict.fromkeys([*people, *post.recipients]))
    followers = post.actor.followers or urls.followers(post.actor.uri)
    to, cc = audience.addressing(post.audience, followers, people)
    return {"to": list(to), "cc": list(cc)}


def dated(post: Post) -> Document:
    """`published` and `updated`; never updated before published, which GoToSocial drops."""
    return {"published": utc_text(post.published_at), "updated": utc_text(max(post.updated_at, post.published_at))}


def in_languages(key: str, versions: Sequence[Version], text: Callable[[Version], str]) -> Document:
    """`key` in the primary language and `keyMap` in all, the primary first: Mastodon takes the first entry.

    Versions without this text are left out of the map, except the primary one. No map where that is unknown.
    """
    primary = versions[0].language
    said = {one.language: text(one) for one in versions}
    found = {language: words for language, words in said.items() if words or language == primary}
    told: Document = {key: said[primary]}
    return told if primary == UNKNOWN or not any(found.values()) else told | {f"{key}Map": found}


def own_versions(versions: Sequence[Version]) -> Document:
    """`coop:versions`: the author's words as they were, for other hubs (see schemas/contexts/terms.md)."""
    return {"coop:versions": {one.language: _own_words(one) for one in versions}}


def source(version: Version) -> Document:
    """The primary version's Markdown, where it is known."""
    return {"source": {"content": version.source, "mediaType": "text/markdown"}} if version.source else {}


def thread(post: Post, urls: Urls) -> Document:
    """Where its answers are and which thread or series it belongs to, who liked it, the area it is about, and what it
    came from."""
    told: Document = {
        "replies": urls.replies(post.uri),
        "likes": urls.likes(post.uri),
        "shares": urls.shares(post.uri),
        "context": post.context or urls.context(post.id),
    }
    if post.area:
        told["coop:area"] = urls.area(post.area)
    if post.born_of:
        told["coop:origin"] = post.born_of
    return told


def quotable(post: Post, urls: Urls) -> Document:
    """Who may quote it without asking (FEP-044f); what not everybody may read only its author."""
    followers = post.actor.followers or urls.followers(post.actor.uri)
    policy = post.quote_policy if post.audience in ("public", "unlisted") else "nobody"
    allowed = {"public": PUBLIC, "followers": followers, "nobody": post.actor.uri}[policy]
    return {"interactionPolicy": {"canQuote": {"automaticApproval": [allowed]}}}


def quoted(post: Post) -> Document:
    """What it quotes, in all the words for it, and the stamp by which the author of that agreed (FEP-044f)."""
    if post.quote is None:
        return {}
    told: Document = dict.fromkeys(("quote", "quoteUrl", "quoteUri", "_misskey_quote"), post.quote)
    return told | ({"quoteAuthorization": post.quote_authorization} if post.quote_authorization else {})


def quote_link(post: Post) -> list[Document]:
    """The same as a link among the tags (FEP-e232)."""
    if post.quote is None:
        return []
    return [
        {
            "type": "Link",
            "mediaType": AP_TYPE,
            "rel": "https://misskey-hub.net/ns#_misskey_quote",
            "href": post.quote,
            "name": f"RE: {post.quote}",
        }
    ]


def tagged(post: Post, urls: Urls, *, also: Iterable[str] = (), links: Iterable[Document] = ()) -> Document:
    """`tag`: hashtags (FEP-eb48), mentions, links. `also`: tags that the thing brings with it, as they are written."""
    names = {normal(name): name for name in (*also, *post.tags)}
    hashtags = [{"type": "Hashtag", "name": f"#{name}", "href": urls.tag(name)} for name in names.values()]
    return {"tag": [*hashtags, *map(mention, post.mentions), *links]}


def mention(actor: Actor) -> Document:
    """A Mention by the actor's id and handle."""
    return {"type": "Mention", "href": actor.uri, "name": f"@{actor.name}@{actor.host}"}


def pictures_first(attachments: Sequence[Attachment]) -> list[Attachment]:
    """Images before all else: some readers take the first attachment for the picture."""
    return sorted(attachments, key=lambda one: not _is_image(one))


def media(attachments: Sequence[Attachment], *, image_type: str = "Image") -> list[Document]:
    """Attachments, images first, each with its media type (Gancio) and alt text."""
    return [_medium(one, image_type) for one in pictures_first(attachments)]


def picture(attachments: Sequence[Attachment]) -> Document:
    """`image`: the first image as an object with `url` (PieFed), never a list (Mobilizon)."""
    first = next(filter(_is_image, attachments), None)
    return {"image": _medium(first, "Image")} if first else {}


def place(where: Place) -> Document:
    """A Place whose id changes with its address: Mobilizon remembers places by id for ever. Coordinates are floats."""
    told: Document = {"type": "Place"} | ({"id": where.uri} if where.uri else {}) | {"name": where.name}
    if where.latitude is not None and where.longitude is not None:
        told |= {"latitude": float(where.latitude), "longitude": float(where.longitude)}
    lines = {
        "streetAddress": where.street,
        "postalCode": where.postal_code,
        "addressLocality": where.locality,
        "addressRegion": where.region,
        "addressCountry": where.country,
    }
    told["address"] = {"type": "PostalAddress"} | {key: text for key, text in lines.items() if text}
    if where.access:
        told["amenityFeature"] = [
            {
                "type": "LocationFeatureSpecification",
                "propertyID": f"{NAMESPACE}{name}",
                "name": LABELS[name],
                "value": True,
            }
            for name in where.access
        ]
    return told | ({"coop:accessNote": where.access_note} if where.access_note else {})


def instant(moment: datetime | None) -> str | None:
    """An instant in UTC, or nothing."""
    return utc_text(moment) if moment else None


def _own_words(version: Version) -> Document:
    said = {
        "name": title(version.name),
        "summary": title(version.summary),
        "content": version.content,
        "updated": instant(version.changed_at),
    }
    return {key: text for key, text in said.items() if text}


def _is_image(attachment: Attachment) -> bool:
    return attachment.media_type.startswith("image/")


def _medium(attachment: Attachment, image_type: str) -> Document:
    kinds = {"image": image_type, "video": "Video", "audio": "Audio"}
    told: Document = {
        "type": kinds.get(attachment.media_type.partition("/")[0], "Document"),
        "mediaType": attachment.media_type,
        "url": attachment.url,
        "name": attachment.alt,
    }
    if attachment.focus:
        told["focalPoint"] = list(attachment.focus)
    optional = {
        "blurhash": attachment.blurhash,
        "width": attachment.width,
        "height": attachment.height,
        "coop:credit": attachment.credit or None,
        "license": attachment.license,
    }
    return told | {key: value for key, value in optional.items() if value is not None}
