"""WebFinger, NodeInfo and host-meta: how they look, read from peers and written by us."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

import msgspec

ACTIVITY_JSON = "application/activity+json"
LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
JRD_JSON = "application/jrd+json"

REL_SELF = "self"
REL_PROFILE = "http://webfinger.net/rel/profile-page"
REL_SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
REL_INTENT = "https://w3id.org/fep/3b86/"
REL_SERVICE = "https://www.w3.org/ns/activitystreams#Service"
REL_APPLICATION = "https://www.w3.org/ns/activitystreams#Application"
REL_NODEINFO = "http://nodeinfo.diaspora.software/ns/schema/"

NODEINFO_VERSIONS = ("2.1", "2.0")
"""What we write, and read, the better one first."""


class Link(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One link of a JRD. Peers may leave out or null everything."""

    rel: str | None = None
    type: str | None = None
    href: str | None = None
    template: str | None = None


class Jrd(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A WebFinger answer (RFC 7033); also the discovery document of NodeInfo and host-meta.json, without a subject."""

    subject: str | None = None
    aliases: Sequence[str] | None = None
    links: Sequence[Link] | None = None


class Software(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`repository` and `homepage` exist from NodeInfo 2.1 on."""

    name: str
    version: str
    repository: str | None = None
    homepage: str | None = None


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """Other networks a node speaks with."""

    inbound: Sequence[str] = ()
    outbound: Sequence[str] = ()


class Users(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """People with an account, and how many of them were here lately."""

    total: int
    active_month: int
    active_halfyear: int


class Usage(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """True figures or none (FEP-0151)."""

    users: Users
    local_posts: int
    local_comments: int


class Geo(msgspec.Struct, frozen=True, kw_only=True):
    """Where a hub is."""

    lat: float
    lon: float


class Coop(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What hubs say to each other about themselves."""

    hub: str
    known_hubs: str | None = None
    profile: str | None = None
    topics: Sequence[str] = ()
    geo: Geo | None = None


class FederationState(msgspec.Struct, frozen=True, kw_only=True):
    """Whether this node speaks to others."""

    enabled: bool = True


class Metadata(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The free part of NodeInfo, as this software fills it."""

    node_name: str
    node_description: str
    languages: Sequence[str]
    staff_accounts: Sequence[str]
    coop: Coop
    federation: FederationState = FederationState()


class NodeInfo(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What this node says about itself at /nodeinfo/2.0 and 2.1."""

    version: str
    software: Software
    open_registrations: bool
    usage: Usage
    metadata: Metadata
    protocols: Sequence[str] = ("activitypub",)
    services: Services = Services()


def actor_jrd(
    *, handle: str, actor: str, profile: str, subscribe: str, intents: Mapping[str, str] | None = None
) -> Jrd:
    """What WebFinger says of an actor here. `handle` is name@host; `subscribe` and the FEP-3b86 `intents`
    (Create, Object, Join …) are URL templates with their variables in braces."""
    offered = (Link(rel=REL_INTENT + name, template=template) for name, template in (intents or {}).items())
    return Jrd(
        subject=f"acct:{handle}",
        aliases=list(dict.fromkeys((profile, actor))),
        links=(
            Link(rel=REL_SELF, type=ACTIVITY_JSON, href=actor),
            Link(rel=REL_PROFILE, type="text/html", href=profile),
            Link(rel=REL_SUBSCRIBE, template=subscribe),
            *offered,
        ),
    )


def service_jrd(*, resource: str, instance_actor: str) -> Jrd:
    """What WebFinger says when asked about this node itself (FEP-d556)."""
    return Jrd(subject=resource, links=(Link(rel=REL_SERVICE, type=ACTIVITY_JSON, href=instance_actor),))


def nodeinfo_index(*, addresses: Mapping[str, str], instance_actor: str) -> Jrd:
    """The document at /.well-known/nodeinfo: version → address, and the instance actor (FEP-2677)."""
    versions = (Link(rel=REL_NODEINFO + version, href=address) for version, address in addresses.items())
    return Jrd(links=(*versions, Link(rel=REL_APPLICATION, href=instance_actor)))


def as_version(info: NodeInfo, version: str) -> NodeInfo:
    """The same facts as 2.0 or 2.1 allow them: 2.0 knows neither repository nor homepage."""
    software = info.software
    if version == "2.0":
        software = Software(name=software.name, version=software.version)
    return msgspec.structs.replace(info, version=version, software=software)


def host_meta(webfinger: str) -> str:
    """The XRD of /.well-known/host-meta; `webfinger` is a URL template with {uri}."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n'
        f'  <Link rel="lrdd" type="{JRD_JSON}" template={quoteattr(webfinger)}/>\n</XRD>\n'
    )


def host_meta_jrd(webfinger: str) -> Jrd:
    """The same as JSON, for /.well-known/host-meta.json."""
    return Jrd(links=(Link(rel="lrdd", type=JRD_JSON, template=webfinger),))


def to_json(document: msgspec.Struct) -> bytes:
    """Any of these documents as it is served."""
    return msgspec.json.encode(document)


class PeerSoftware(msgspec.Struct, frozen=True, kw_only=True):
    """Of a stranger's NodeInfo."""

    name: str = ""
    version: str = ""


class PeerNodeInfo(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The little that is read of a stranger's NodeInfo; the rest may be of any shape."""

    software: PeerSoftware
    open_registrations: bool = False
    metadata: dict[str, Any] | list[Any] | None = None
