"""Accounts: whoever can act, here or elsewhere, as clients show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from node.mastodon.answers import moment
from node.mastodon.entities.emoji import CustomEmoji, codes_in, emojis_in
from node.mastodon.eyes import Eyes
from node.store.people import actors, presence
from node.store.people.presence import Presence
from node.store.timelines.looks import Looks
from node.wording.showing import name as shown_name
from schemas.preferences import preferences_of
from schemas.records import Actor

AVATAR = "avatars/original/missing.png"
HEADER = "headers/original/missing.png"


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a profile; `value` is HTML."""

    name: str
    value: str
    verified_at: str | None = None


class FeatureApproval(msgspec.Struct, frozen=True, kw_only=True):
    """Who may take somebody into a collection. `missing`: their server does not say so to ours."""

    automatic: list[Literal["public"]]
    manual: list[str] = []
    current_user: Literal["automatic", "denied", "missing"]


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """An office, shown beside the name."""

    id: str
    name: str
    color: str = ""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An actor. `moved`, `suspended` and `limited` are absent unless they are so."""

    id: str
    username: str
    acct: str
    display_name: str
    locked: bool
    bot: bool
    discoverable: bool
    indexable: bool
    group: bool
    created_at: str
    note: str
    url: str
    uri: str
    avatar: str
    avatar_static: str
    header: str
    header_static: str
    avatar_description: str
    header_description: str
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    feature_approval: FeatureApproval
    followers_count: int
    following_count: int
    statuses_count: int
    last_status_at: str | None
    hide_collections: bool
    noindex: bool
    emojis: list[CustomEmoji]
    roles: list[Role]
    fields: list[Field]
    moved: Account | msgspec.UnsetType = msgspec.UNSET
    suspended: bool | msgspec.UnsetType = msgspec.UNSET
    limited: bool | msgspec.UnsetType = msgspec.UNSET


async def render_accounts(eyes: Eyes, shown: Sequence[Actor], seen: Looks | None = None) -> list[Account]:
    """One per actor, in their order, in three queries however many they are. `seen`: they were just looked at."""
    if not shown:
        return []
    addresses = sorted({one.moved_to for one in shown if one.moved_to})
    moved = await actors.find_many(eyes.db, addresses) if addresses else {}
    everyone = {one.id: one for one in (*shown, *moved.values())}
    about = seen.presence() if seen else {}
    if unseen := [one for one in everyone if one not in about]:
        about |= await presence.of(eyes.db, unseen)
    spoken = {one.id: _spoken(one) for one in everyone.values() if has_emoji(eyes, one)}
    emojis = await emojis_in(eyes.db, eyes.node.urls, spoken)

    def render(one: Actor) -> Account:
        return _known(eyes, one, about[one.id], emojis.get(one.id, []))

    accounts = []
    for one in shown:
        account, target = render(one), moved.get(one.moved_to or "")
        if target is not None and target.id != one.id and not target.host_suspended:
            account = msgspec.structs.replace(account, moved=render(target))
        accounts.append(account)
    return accounts


async def render_account(eyes: Eyes, actor: Actor) -> Account:
    """One account."""
    return (await render_accounts(eyes, [actor]))[0]


def acct_of(actor: Actor) -> str:
    """How an actor is called here: by name if it is ours, else name@host."""
    return actor.name if actor.local else f"{actor.name}@{actor.host}"


def is_away(actor: Actor) -> bool:
    """Whether nothing of an actor is shown but that it is suspended."""
    return bool(actor.suspended_at or actor.host_suspended or actor.deleted_at)


def _spoken(actor: Actor) -> tuple[str, list[str]]:
    """Where emoji may stand in what an actor says of itself."""
    texts = [actor.display_name, *actor.display_names.values(), actor.summary]
    texts += [text for one in actor.fields for text in (one.get("name", ""), one.get("value", ""))]
    return "" if actor.local else actor.host, texts


def has_emoji(eyes: Eyes, actor: Actor) -> bool:
    """Whether shortcodes of emoji are in what it says of itself: looked for once, as long as it is the same."""
    beside = eyes.node.kept.beside(actor)
    if "has_emoji" not in beside:
        beside["has_emoji"] = bool(codes_in(_spoken(actor)[1]))
    return bool(beside["has_emoji"])


def _known(eyes: Eyes, actor: Actor, about: Presence, emojis: list[CustomEmoji]) -> Account:
    """The account, made once as long as nothing of it changes."""
    beside, key, parts = eyes.node.kept.beside(actor), ("account", eyes.language), (about, emojis)
    known: tuple[Any, Account] | None = beside.get(key)
    if known is None or known[0] != parts:
        beside[key] = known = parts, _account(eyes, actor, about, emojis)
    return known[1]


def _account(eyes: Eyes, actor: Actor, about: Presence, emojis: list[CustomEmoji]) -> Account:
    away = is_away(actor)
    avatar = picture_of(eyes, None if away else actor.icon_url, AVATAR)
    header = picture_of(eyes, None if away else actor.banner_url, HEADER)
    return Account(
        id=str(actor.id),
        username=actor.name,
        acct=acct_of(actor),
        display_name="" if away else _display_name(eyes, actor),
        locked=actor.locked,
        bot=actor.bot or actor.kind in ("Service", "Application"),
        discoverable=actor.discoverable and not away,
        indexable=actor.indexable and not away,
        group=actor.kind == "Group",
        created_at=moment(_midnight(actor)),
        note="" if away else actor.summary,
        url=actor.url,
        uri=actor.uri,
        avatar=avatar,
        avatar_static=avatar,
        header=header,
        header_static=header,
        feature_approval=_approval(actor, away=away),
        hide_collections=actor.hide_collections,
        noindex=not actor.indexable,
        emojis=[] if away else emojis,
        fields=[] if away else fields_of(actor),
        suspended=True if away else msgspec.UNSET,
        limited=True if actor.limited_at or actor.host_limited else msgspec.UNSET,
        **_presented(about, away=away),
        **_numbers(about, away=away),
    )


def _display_name(eyes: Eyes, actor: Actor) -> str:
    """Empty where somebody has no other name than that of the handle: clients then show that by themselves."""
    name = shown_name(actor, eyes.language)
    return "" if name == actor.name else name


def _presented(about: Presence, *, away: bool) -> dict[str, Any]:
    shows = preferences_of(about.shows)
    return {
        "avatar_description": "" if away else about.icon_alt,
        "header_description": "" if away else about.banner_alt,
        "show_media": shows.show_media,
        "show_media_replies": shows.show_media_replies,
        "show_featured": shows.show_featured,
    }


def _approval(actor: Actor, *, away: bool) -> FeatureApproval:
    """Whoever is here and wants to be found may be recommended; others elsewhere are not asked by us."""
    if not actor.local:
        return FeatureApproval(automatic=[], current_user="missing")
    if away or not actor.discoverable or actor.limited_at:
        return FeatureApproval(automatic=[], current_user="denied")
    return FeatureApproval(automatic=["public"], current_user="automatic")


def _numbers(about: Presence, *, away: bool) -> dict[str, Any]:
    last = about.last_post_on
    return {
        "followers_count": 0 if away else about.followers,
        "following_count": 0 if away else about.following,
        "statuses_count": 0 if away else about.posts,
        "last_status_at": None if away or last is None else last.isoformat(),
        "roles": [] if away else [Role(id=one, name=one) for one in about.offices],
    }


def fields_of(actor: Actor) -> list[Field]:
    """The lines of a profile as others see them."""
    return [
        Field(name=one.get("name", ""), value=one.get("value", ""), verified_at=one.get("verified_at"))
        for one in actor.fields
    ]


def _midnight(actor: Actor) -> Any:
    """Only the day on which somebody came is told."""
    return (actor.published_at or actor.created_at).replace(hour=0, minute=0, second=0, microsecond=0)


def picture_of(eyes: Eyes, url: str | None, missing: str) -> str:
    """Our own copy; until it is here, a placeholder: nobody is sent to another server for a face."""
    urls = eyes.node.urls
    return url if url and urls.ours(url) else f"{urls.base_url}/static/{missing}"
