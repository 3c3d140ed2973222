"""What a member prefers when posting and reading, as clients look it up when they start."""

from __future__ import annotations

import msgspec
from aiohttp import web

from node.mastodon.answers import as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, get
from schemas.preferences import preferences_of


class PreferencesShown(msgspec.Struct, frozen=True, kw_only=True):
    """Names with colons, as Mastodon has them."""

    visibility: str = msgspec.field(name="posting:default:visibility")
    sensitive: bool = msgspec.field(name="posting:default:sensitive")
    language: str | None = msgspec.field(name="posting:default:language")
    quote_policy: str = msgspec.field(name="posting:default:quote_policy")
    media: str = msgspec.field(name="reading:expand:media")
    spoilers: bool = msgspec.field(name="reading:expand:spoilers")
    gifs: bool = msgspec.field(name="reading:autoplay:gifs")


async def show(ask: Ask) -> web.Response:
    """One's own preferences."""
    chosen = preferences_of(ask.who.account.preferences)
    return as_json(
        PreferencesShown(
            visibility=chosen.privacy,
            sensitive=chosen.sensitive,
            language=chosen.language,
            quote_policy=chosen.quote_policy,
            media=chosen.expand_media,
            spoilers=chosen.expand_spoilers,
            gifs=chosen.autoplay_gifs,
        )
    )


ENDPOINTS: tuple[Endpoint, ...] = (get("/api/v1/preferences", show, "read:accounts"),)
