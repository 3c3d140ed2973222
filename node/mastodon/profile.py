"""How one presents oneself, and how new statuses begin: read and change it."""

from __future__ import annotations

import msgspec
from aiohttp import web

from federation import sanitise
from node.actions import profile as deeds
from node.actions.profile import Changes, Pictures
from node.mastodon.accounts import require_own
from node.mastodon.answers import as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, delete, get, put, with_files
from node.mastodon.entities.credentials import render_credentials
from node.mastodon.entities.profile import render_profile
from node.mastodon.errors import Unprocessable
from node.mastodon.media import file_in
from node.store.db import Db
from node.store.files import uploads
from node.store.members import profiles
from node.web.handlers import writing
from node.web.uploads import take_file
from schemas.languages import canonical
from schemas.limits import ALT_CHARS, SIDE_BANNER, SIDE_ICON
from schemas.preferences import Preferences, Privacy, QuotePolicy, preferences_of
from schemas.records import Actor, Medium, Viewer

SHOWN = ("show_media", "show_media_replies", "show_featured")


class FieldAsked(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a profile."""

    name: str = ""
    value: str = ""


class SourceAsked(msgspec.Struct, frozen=True, kw_only=True):
    """How new statuses shall begin."""

    privacy: str | None = None
    sensitive: bool | None = None
    language: str | None = None
    quote_policy: str | None = None


class ProfileAsked(msgspec.Struct, frozen=True, kw_only=True):
    """What shall be different. Files come under `avatar` and `header`."""

    display_name: str | None = None
    note: str | None = None
    locked: bool | None = None
    bot: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    hide_collections: bool | None = None
    attribution_domains: list[str] | None = None
    fields_attributes: list[FieldAsked] | None = None
    avatar_description: str | None = None
    header_description: str | None = None
    show_media: bool | None = None
    show_media_replies: bool | None = None
    show_featured: bool | None = None
    source: SourceAsked | None = None


async def update_credentials(ask: Ask) -> web.Response:
    """Change the account, answered as its owner sees it."""
    asked = ask.take(ProfileAsked)
    deeds.require_right(ask.who, ask.who.acting)
    pictures = await _pictures(ask, asked)
    async with writing(ask.request) as db:
        actor, who = await _change(ask, db, asked, pictures)
        return as_json(await render_credentials(msgspec.structs.replace(ask.eyes, db=db), who, actor))


async def update_profile(ask: Ask) -> web.Response:
    """The same, answered as a profile."""
    asked = ask.take(ProfileAsked)
    deeds.require_right(ask.who, ask.who.acting)
    pictures = await _pictures(ask, asked)
    async with writing(ask.request) as db:
        actor, _ = await _change(ask, db, asked, pictures)
        return as_json(await render_profile(msgspec.structs.replace(ask.eyes, db=db), actor))


async def show_profile(ask: Ask) -> web.Response:
    """One's own profile."""
    require_own(ask)
    return as_json(await render_profile(ask.eyes, ask.who.acting))


async def delete_avatar(ask: Ask) -> web.Response:
    """No avatar any more."""
    return await _without(ask, Pictures(icon=False))


async def delete_header(ask: Ask) -> web.Response:
    """No banner any more."""
    return await _without(ask, Pictures(banner=False))


async def _without(ask: Ask, pictures: Pictures) -> web.Response:
    actor = await deeds.change_profile(ask.node, ask.db, ask.who, ask.who.acting, Changes(), pictures)
    return as_json(await render_credentials(ask.eyes, ask.who, actor))


async def _pictures(ask: Ask, asked: ProfileAsked) -> Pictures:
    return Pictures(
        icon=await _picture(ask, "avatar", SIDE_ICON, asked.avatar_description),
        banner=await _picture(ask, "header", SIDE_BANNER, asked.header_description),
    )


async def _picture(ask: Ask, name: str, side: int, alt: str | None) -> Medium | None:
    """The picture that was sent under this name, processed."""
    sent = file_in(ask, name)
    if sent is None:
        return None
    medium = await take_file(ask.request, ask.who, sent, alt=alt or "", side=side)
    if medium.kind != "image":
        raise Unprocessable(f"{name.capitalize()} content type is invalid")
    return medium


async def _change(ask: Ask, db: Db, asked: ProfileAsked, pictures: Pictures) -> tuple[Actor, Viewer]:
    before = ask.who.acting
    if asked.avatar_description is not None and not pictures.icon and before.icon_id:
        await uploads.describe(db, before.icon_id, _alt(asked.avatar_description), None)
    if asked.header_description is not None and not pictures.banner and before.banner_id:
        await uploads.describe(db, before.banner_id, _alt(asked.header_description), None)
    actor = await deeds.change_profile(ask.node, db, ask.who, before, _changes(asked), pictures)
    who = await _prefer(db, ask.who, asked.source) if asked.source else ask.who
    shown = {name: said for name in SHOWN if (said := getattr(asked, name)) is not None}
    return actor, await _show(db, who, shown) if shown else who


def _changes(asked: ProfileAsked) -> Changes:
    fields, domains = asked.fields_attributes, asked.attribution_domains
    return Changes(
        display_name=asked.display_name,
        note=asked.note,
        locked=asked.locked,
        bot=asked.bot,
        discoverable=asked.discoverable,
        indexable=asked.indexable,
        hide_collections=asked.hide_collections,
        attribution_domains=None if domains is None else tuple(domains),
        fields=None if fields is None else tuple((one.name, one.value) for one in fields),
    )


async def _prefer(db: Db, who: Viewer, source: SourceAsked) -> Viewer:
    """Remember how new statuses begin. It belongs to the person, whomever they act as."""
    kept = preferences_of(who.account.preferences)
    language = kept.language
    if source.language is not None:
        language = canonical(source.language) if source.language else None
        if source.language and language is None:
            raise Unprocessable("Setting default language is not included in the list")
    try:
        chosen = msgspec.structs.replace(
            kept,
            privacy=msgspec.convert(source.privacy or kept.privacy, Privacy),
            sensitive=kept.sensitive if source.sensitive is None else source.sensitive,
            language=language,
            quote_policy=msgspec.convert(source.quote_policy or kept.quote_policy, QuotePolicy),
        )
    except msgspec.ValidationError as error:
        raise Unprocessable("Setting default privacy is not included in the list") from error
    return await _remember(db, who, chosen)


async def _show(db: Db, who: Viewer, shown: dict[str, bool]) -> Viewer:
    """Remember which parts of one's profile apps show; the hub's shows all of them."""
    if who.acting.id != who.actor.id:
        raise Unprocessable("The parts of the hub's profile are not chosen")
    return await _remember(db, who, msgspec.structs.replace(preferences_of(who.account.preferences), **shown))


async def _remember(db: Db, who: Viewer, chosen: Preferences) -> Viewer:
    remembered = msgspec.to_builtins(chosen)
    await profiles.set_preferences(db, who.account.id, remembered)
    return msgspec.structs.replace(who, account=msgspec.structs.replace(who.account, preferences=remembered))


def _alt(written: str) -> str:
    if len(written) > ALT_CHARS:
        raise Unprocessable("Description is too long")
    return sanitise.plain(written)


ENDPOINTS: tuple[Endpoint, ...] = (
    *with_files(*put("/api/v1/accounts/update_credentials", update_credentials, "write:accounts", work="alone")),
    get("/api/v1/profile", show_profile),
    *with_files(*put("/api/v1/profile", update_profile, "write:accounts", work="alone")),
    delete("/api/v1/profile/avatar", delete_avatar, "write:accounts"),
    delete("/api/v1/profile/header", delete_header, "write:accounts"),
)
