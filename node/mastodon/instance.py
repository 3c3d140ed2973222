"""This hub: what it is and allows, its rules and texts, whom it knows and whom it does not talk to."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import msgspec
from aiohttp import web
from babel import Locale

from federation import markdown
from node.errors import NotFound
from node.mastodon.answers import as_json, moment
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, get
from node.mastodon.entities import instance as entity
from node.mastodon.entities.account import Account, render_account
from node.mastodon.entities.emoji import from_emoji
from node.store.files import emojis
from node.store.hub import hub, hub_texts, statistics, usage
from node.store.notices import vapid
from node.store.people import actors
from node.store.servers import servers
from node.theming.theme import THEMES
from node.web.keys import SETTINGS
from schemas.limits import ACTIVITY_WEEKS, PEERS_TOLD, POST_CHARS
from schemas.look import Look
from schemas.records import Hub

SEVERITIES = {"suspend": "suspend", "limit": "silence"}


class Language(msgspec.Struct, frozen=True, kw_only=True):
    """One that a status may be in."""

    code: str
    name: str


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """A week in numbers, all as texts."""

    week: str
    statuses: str
    logins: str
    registrations: str


class DomainBlock(msgspec.Struct, frozen=True, kw_only=True):
    """A server to which measures apply, with the reason that everybody may know."""

    domain: str
    digest: str
    severity: str
    comment: str


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """A text of the hub, as HTML."""

    updated_at: str
    content: str


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of service and the day from which they hold."""

    effective_date: str
    effective: bool
    content: str
    succeeded_by: str | None = None


async def show(ask: Ask) -> web.Response:
    """GET /api/v2/instance."""
    ours, used = await hub.get(ask.db), await usage.count(ask.db)
    told = entity.Instance(
        domain=ask.urls.domain,
        title=ours.name,
        version=entity.VERSION,
        source_url=f"{ask.urls.base_url}/about",
        description=ours.described(ask.language),
        usage={"users": {"active_month": used.active_month}},
        thumbnail=entity.Thumbnail(url=_asset(ask, "thumbnail.png")),
        icon=[entity.Icon(src=_asset(ask, "icon.png"), size="512x512")],
        languages=ours.languages,
        configuration=entity.configuration(ours, await _urls(ask), await vapid.public_key(ask.db)),
        registrations=_registrations(ask, ours),
        api_versions={"mastodon": entity.API_VERSION},
        contact=entity.Contact(email=entity.mail_of(ours), account=await _contact(ask)),
        rules=entity.rules_of(ours, ask.language),
    )
    return as_json(told)


async def show_v1(ask: Ask) -> web.Response:
    """GET /api/v1/instance."""
    ours, used = await hub.get(ask.db), await usage.count(ask.db)
    peers = await statistics.count_peers(ask.db)
    told = entity.V1Instance(
        uri=ask.urls.domain,
        title=ours.name,
        short_description=ours.described(ask.language),
        description=ours.described(ask.language),
        email=entity.mail_of(ours),
        version=entity.VERSION,
        urls={"streaming_api": _streaming(ask)},
        stats={"user_count": used.accounts, "status_count": used.posts + used.comments, "domain_count": peers},
        thumbnail=_asset(ask, "thumbnail.png"),
        languages=ours.languages,
        registrations=_registrations(ask, ours).enabled,
        approval_required=_registrations(ask, ours).approval_required,
        invites_enabled=ours.sign_ups.mode != "closed",
        configuration=entity.shared_configuration(),
        contact_account=await _contact(ask),
        rules=entity.rules_of(ours, ask.language),
        max_toot_chars=POST_CHARS,
    )
    return as_json(told)


async def rules(ask: Ask) -> web.Response:
    """The rules of the house."""
    return as_json(entity.rules_of(await hub.get(ask.db), ask.language))


async def extended_description(ask: Ask) -> web.Response:
    """What the hub says about itself at length, else its description."""
    text = await hub_texts.find(ask.db, "about")
    if text is None:
        ours = await hub.get(ask.db)
        return as_json(_text(ask, ours.described(ask.language), ours.set_up_at or ours.created_at))
    return as_json(_text(ask, text.in_language(ask.language), text.updated_at))


async def privacy_policy(ask: Ask) -> web.Response:
    """The privacy policy; NotFound where the hub has none."""
    text = await hub_texts.find(ask.db, "privacy")
    if text is None:
        raise NotFound
    return as_json(_text(ask, text.in_language(ask.language), text.updated_at))


async def terms_of_service(ask: Ask) -> web.Response:
    """The terms of service, or those of a day; NotFound where there are none."""
    text = await hub_texts.find(ask.db, "terms")
    if text is None:
        raise NotFound
    day = text.effective_on or text.updated_at.date()
    if ask.request.match_info.get("date", day.isoformat()) != day.isoformat():
        raise NotFound
    content = _html(ask, text.in_language(ask.language))
    return as_json(Terms(effective_date=day.isoformat(), effective=day <= datetime.now(UTC).date(), content=content))


async def domain_blocks(ask: Ask) -> web.Response:
    """The measures in force on other servers, the stronger one of each, with their public reasons."""
    return as_json(
        [
            DomainBlock(
                domain=domain,
                digest=hashlib.sha256(domain.encode()).hexdigest(),
                severity=SEVERITIES[kind],
                comment=comment,
            )
            for domain, kind, comment in await servers.list_cut(ask.db)
        ]
    )


async def peers(ask: Ask) -> web.Response:
    """Servers we know people of."""
    return as_json(await statistics.peers(ask.db, PEERS_TOLD))


async def activity(ask: Ask) -> web.Response:
    """The last weeks in numbers."""
    return as_json(
        [
            Activity(
                week=str(int(week.begins.timestamp())),
                statuses=str(week.statuses),
                logins=str(week.active),
                registrations=str(week.joined),
            )
            for week in await statistics.weeks(ask.db, ACTIVITY_WEEKS)
        ]
    )


async def languages(ask: Ask) -> web.Response:
    """Languages that a status may be in."""
    named = {str(code): str(name) for code, name in Locale("en").languages.items()}
    return as_json([Language(code=code, name=named[code]) for code in sorted(named) if len(code) == 2])


async def translation_languages(ask: Ask) -> web.Response:
    """Nothing is translated by machine."""
    return as_json({})


async def custom_emojis(ask: Ask) -> web.Response:
    """The hub's own emoji."""
    return as_json([from_emoji(one, ask.urls) for one in await emojis.list_own(ask.db)])


def _asset(ask: Ask, name: str) -> str:
    return f"{ask.urls.base_url}{ask.request.app[THEMES].of(Look()).asset(name)}"


def _streaming(ask: Ask) -> str:
    """Streams are at the same host; ws:// where the hub itself is http://."""
    return ask.urls.base_url.replace("http", "ws", 1)


async def _urls(ask: Ask) -> dict[str, str | None]:
    base = ask.urls.base_url
    return {
        "streaming": _streaming(ask),
        "status": None,
        "about": f"{base}/about",
        "privacy_policy": f"{base}/about" if await hub_texts.find(ask.db, "privacy") else None,
        "terms_of_service": f"{base}/about" if await hub_texts.find(ask.db, "terms") else None,
    }


def _registrations(ask: Ask, ours: Hub) -> entity.Registrations:
    """Whether and how one can join from an app: what it sends is always looked at. Where client suites are tried on
    loopback, everybody is in at once."""
    if ask.request.app[SETTINGS].test_signups:
        return entity.Registrations(enabled=True)
    taken = ours.sign_ups.takes_anybody
    return entity.Registrations(
        enabled=taken,
        approval_required=taken,
        reason_required=taken and any(one.needed for one in ours.sign_ups.questions),
        url=f"{ask.urls.base_url}/join" if taken else None,
    )


async def _contact(ask: Ask) -> Account | None:
    ours = await actors.find_local(ask.db, "hub")
    return await render_account(ask.eyes, ours) if ours else None


def _text(ask: Ask, source: str, updated_at: datetime) -> Text:
    return Text(updated_at=moment(updated_at), content=_html(ask, source))


def _html(ask: Ask, source: str) -> str:
    return markdown.render(source, mention=lambda _: None, tag=ask.urls.tag)


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v2/instance", show, asker="anyone"),
    get("/api/v1/instance", show_v1, asker="anyone"),
    get("/api/v1/instance/rules", rules, asker="anyone"),
    get("/api/v1/instance/extended_description", extended_description, asker="anyone"),
    get("/api/v1/instance/privacy_policy", privacy_policy, asker="anyone"),
    get("/api/v1/instance/terms_of_service", terms_of_service, asker="anyone"),
    get("/api/v1/instance/terms_of_service/{date}", terms_of_service, asker="anyone"),
    get("/api/v1/instance/domain_blocks", domain_blocks, asker="anyone"),
    get("/api/v1/instance/peers", peers, asker="anyone"),
    get("/api/v1/instance/activity", activity, asker="anyone"),
    get("/api/v1/instance/languages", languages, asker="anyone"),
    get("/api/v1/instance/translation_languages", translation_languages, asker="anyone"),
    get("/api/v1/custom_emojis", custom_emojis, asker="anyone"),
)
