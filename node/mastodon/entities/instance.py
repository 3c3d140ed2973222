"""This hub, as clients ask for it before they do anything else: versions 1 and 2 of the same."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import msgspec

from node.mastodon.entities.account import Account
from node.media.kinds import CONTAINERS, IMAGES
from schemas import limits
from schemas.records import Hub

VERSION = f"4.5.0 (compatible; Allmende {version('allmende')})"
"""Clients read the first number: what is promised here must work."""
API_VERSION = 10
EVERYBODY = {"local": "public", "remote": "public"}
FEEDS = ("live_feeds", "hashtag_feeds", "trending_link_feeds")


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule of the house."""

    id: str
    text: str
    hint: str
    translations: dict[str, dict[str, str]]


class Thumbnail(msgspec.Struct, frozen=True, kw_only=True):
    """The picture that stands for the hub."""

    url: str


class Icon(msgspec.Struct, frozen=True, kw_only=True):
    """Its icon in one size."""

    src: str
    size: str


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to ask."""

    email: str
    account: Account | None


class Registrations(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one can join from a client."""

    enabled: bool
    approval_required: bool = False
    reason_required: bool = False
    message: str | None = None
    min_age: int | None = None
    url: str | None = None


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """Version 2."""

    domain: str
    title: str
    version: str
    source_url: str
    description: str
    usage: dict[str, dict[str, int]]
    thumbnail: Thumbnail
    icon: list[Icon]
    languages: list[str]
    configuration: dict[str, Any]
    registrations: Registrations
    api_versions: dict[str, int]
    contact: Contact
    rules: list[Rule]


class V1Instance(msgspec.Struct, frozen=True, kw_only=True):
    """Version 1, for older clients."""

    uri: str
    title: str
    short_description: str
    description: str
    email: str
    version: str
    urls: dict[str, str]
    stats: dict[str, int]
    thumbnail: str
    languages: list[str]
    registrations: bool
    approval_required: bool
    invites_enabled: bool
    configuration: dict[str, Any]
    contact_account: Account | None
    rules: list[Rule]
    max_toot_chars: int


def rules_of(hub: Hub, language: str) -> list[Rule]:
    """The rules in the reader's language, with all their versions. A rule's text is one, or one by language."""
    found = []
    for number, one in enumerate(hub.rules, start=1):
        texts, hints = _versions(one.get("text", ""), hub), _versions(one.get("hint", ""), hub)
        found.append(
            Rule(
                id=str(one.get("id", number)),
                text=_for(texts, language),
                hint=_for(hints, language),
                translations={code: {"text": text, "hint": _for(hints, code)} for code, text in texts.items()},
            )
        )
    return found


def shared_configuration() -> dict[str, Any]:
    """The limits, which both versions tell."""
    return {
        "accounts": {
            "max_featured_tags": limits.FEATURED_TAGS,
            "max_pinned_statuses": limits.PINNED_POSTS,
            "max_profile_fields": limits.PROFILE_FIELDS,
            "profile_field_name_limit": limits.PROFILE_FIELD_CHARS,
            "profile_field_value_limit": limits.PROFILE_FIELD_CHARS,
            "max_display_name_length": limits.PROFILE_NAME_CHARS,
            "max_note_length": limits.PROFILE_NOTE_CHARS,
            "max_avatar_description_length": limits.ALT_CHARS,
            "max_header_description_length": limits.ALT_CHARS,
            "max_collections": limits.COLLECTIONS,
        },
        "statuses": {
            "max_characters": limits.POST_CHARS,
            "max_media_attachments": limits.ATTACHMENTS,
            "characters_reserved_per_url": limits.URL_COUNTS_AS,
        },
        "media_attachments": {
            "supported_mime_types": [*IMAGES, *CONTAINERS],
            "description_limit": limits.ALT_CHARS,
            "image_size_limit": limits.IMAGE_BYTES,
            "image_matrix_limit": limits.IMAGE_PIXELS,
            "video_size_limit": limits.MEDIA_BYTES,
            "video_frame_rate_limit": limits.FILM_FRAMES_PER_SECOND,
            "video_matrix_limit": limits.FILM_PIXELS,
        },
        "polls": {
            "max_options": limits.POLL_OPTIONS,
            "max_characters_per_option": limits.POLL_OPTION_CHARS,
            "min_expiration": limits.POLL_SECONDS_LEAST,
            "max_expiration": limits.POLL_HOURS * 3600,
        },
    }


def configuration(hub: Hub, urls: Mapping[str, str | None], public_key: str) -> dict[str, Any]:
    """All of it, as version 2 tells it. `urls`: of streams and pages; `public_key`: of the hub, for push services."""
    return shared_configuration() | {
        "urls": dict(urls),
        "vapid": {"public_key": public_key},
        "translation": {"enabled": False},
        "timelines_access": dict.fromkeys(("live_feeds", "hashtag_feeds", "trending_link_feeds"), EVERYBODY),
        "limited_federation": hub.federation_mode != "open",
    }


def mail_of(hub: Hub) -> str:
    """The hub's contact if that is a mail address."""
    return hub.contact if "@" in hub.contact and "://" not in hub.contact else ""


def _versions(said: object, hub: Hub) -> dict[str, str]:
    if isinstance(said, dict):
        return {str(code): str(text) for code, text in said.items()}
    return {hub.language: str(said)} if said else {}


def _for(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")
