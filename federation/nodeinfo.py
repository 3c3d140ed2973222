"""What another server says about itself in its NodeInfo: untrusted text, cut and cleaned."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from federation.addresses import BadAddress, parse, same_origin
from federation.client import GuardedClient
from federation.discovery import read_discovery
from federation.outcomes import FetchRefused, Refusal
from schemas.discovery import NODEINFO_VERSIONS, REL_APPLICATION, REL_NODEINFO, Geo, Jrd, PeerNodeInfo
from schemas.limits import DISCOVERY_LINKS, NODEINFO_TEXT_CHARS, NODEINFO_TEXTS

_SOFTWARE = re.compile(r"[a-z0-9-]+")
# Controls, and the marks that turn or hide text.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class PeerInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A peer by its own account. Texts are single lines; addresses are canonical and of the peer's own origin."""

    software: str
    version: str
    open_registrations: bool
    name: str
    description: str
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    application: str | None
    hub: str | None
    known_hubs: str | None
    geo: Geo | None


async def read_nodeinfo(client: GuardedClient, origin: str) -> PeerInfo:
    """The NodeInfo of the server at `origin` (canonical); raises FetchRefused, FetchFailed, FetchGone."""
    index = await read_discovery(client, f"{origin}/.well-known/nodeinfo", Jrd)
    links = {link.rel: link.href for link in (index.links or ())[:DISCOVERY_LINKS] if link.rel and link.href}
    chosen = (links.get(REL_NODEINFO + version) for version in NODEINFO_VERSIONS)
    address = next((found for href in chosen if (found := _own(href, origin))), None)
    if address is None:
        raise FetchRefused(Refusal.ANSWER_TYPE, "no NodeInfo that we read on the same origin")
    info = await read_discovery(client, address, PeerNodeInfo)
    return _cleaned(info, origin, _own(links.get(REL_APPLICATION), origin))


def _cleaned(info: PeerNodeInfo, origin: str, application: str | None) -> PeerInfo:
    metadata = info.metadata if isinstance(info.metadata, dict) else {}
    coop = metadata.get("coop")
    coop = coop if isinstance(coop, dict) else {}
    name = _text(info.software.name).lower()
    return PeerInfo(
        software=name if _SOFTWARE.fullmatch(name) else "",
        version=_text(info.software.version),
        open_registrations=info.open_registrations,
        name=_text(metadata.get("nodeName")),
        description=_text(metadata.get("nodeDescription")),
        languages=_texts(metadata.get("languages")),
        topics=_texts(coop.get("topics")),
        application=application,
        hub=_own(coop.get("hub"), origin),
        known_hubs=_own(coop.get("knownHubs"), origin),
        geo=_geo(coop.get("geo")),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return _UNSEEN.sub("", re.sub(r"\s+", " ", value)).strip()[:NODEINFO_TEXT_CHARS]


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(text for entry in value[:NODEINFO_TEXTS] if (text := _text(entry)))


def _own(value: Any, origin: str) -> str | None:
    if not isinstance(value, str) or not same_origin(value, origin):
        return None
    try:
        return parse(value).url
    except BadAddress:
        return None


def _geo(value: Any) -> Geo | None:
    try:
        geo = msgspec.convert(value, Geo)
    except msgspec.ValidationError:
        return None
    return geo if -90 <= geo.lat <= 90 and -180 <= geo.lon <= 180 else None
