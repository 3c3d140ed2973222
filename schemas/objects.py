"""Objects, actors and activities of other servers, normalised and checked: what `federation.read` hands to the node."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from schemas.things import (
    Attachment,
    Audience,
    CallDetail,
    EventDetail,
    FindingDetail,
    Kind,
    Link,
    Poll,
    QuotePolicy,
    Version,
)

ActorKind = Literal["Person", "Organization", "Group", "Service", "Application"]
AtOrigin = Literal["unasked", "there", "gone", "silent"]


class Remote(msgspec.Struct, frozen=True, kw_only=True):
    """Base of everything read from elsewhere."""


class RemoteObject(Remote, frozen=True, kw_only=True):
    """A post, event, finding, call or vote as its origin serves it: text sanitised, lists capped; `type` is AS2's."""

    id: str
    type: str
    kind: Kind
    attributed_to: str
    organisers: tuple[str, ...] = ()
    url: str
    versions: tuple[Version, ...]
    language: str | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    audience: Audience
    published: datetime
    updated: datetime
    sensitive: bool = False
    in_reply_to: str | None = None
    context: str | None = None
    replies: str | None = None
    tags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    emoji: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    quote: str | None = None
    quote_authorization: str | None = None
    quote_policy: QuotePolicy = "nobody"
    event: EventDetail | None = None
    finding: FindingDetail | None = None
    call: CallDetail | None = None
    poll: Poll | None = None
    vote: str | None = None
    rsvp_for: str | None = None
    area: str | None = None
    born_of: str | None = None


class RemoteActor(Remote, frozen=True, kw_only=True):
    """An actor of another server. Keys are those that passed the owner checks."""

    id: str
    kind: ActorKind
    name: str
    display_name: str = ""
    display_names: dict[str, str] = {}
    summary: str = ""
    url: str
    inbox: str
    shared_inbox: str | None = None
    outbox: str | None = None
    followers: str | None = None
    following: str | None = None
    featured: str | None = None
    upcoming: str | None = None
    locked: bool = False
    discoverable: bool = False
    indexable: bool = False
    fields: tuple[tuple[str, str], ...] = ()
    emoji: tuple[tuple[str, str], ...] = ()
    also_known_as: tuple[str, ...] = ()
    moved_to: str | None = None
    icon_url: str | None = None
    banner_url: str | None = None
    public_key_id: str | None = None
    public_key: str | None = None
    multikey_id: str | None = None
    multikey: str | None = None
    published: datetime | None = None
    webfinger: str | None = None
    is_hub: bool = False
    suspended: bool = False


class RemoteActivity(Remote, frozen=True, kw_only=True):
    """An activity in canonical form. `object` is the embedded document if there was one, `object_id` its id.

    Never are both absent, except for Flag, whose `objects` lists the ids. `at_origin`: whether the object's own server
    was asked for it; if it is `there`, `object` is what that server showed, whatever was sent. `raw` is the JSON that
    was sent, `outcome` our own term (terms.md).
    """

    type: str
    id: str | None
    actor: str
    object_id: str | None = None
    object: dict[str, Any] | None = None
    objects: tuple[str, ...] = ()
    target: str | None = None
    origin: str | None = None
    instrument: str | None = None
    result: dict[str, Any] | None = None
    content: str | None = None
    tag: tuple[dict[str, Any], ...] = ()
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    published: datetime | None = None
    message: str = ""
    outcome: str = ""
    at_origin: AtOrigin = "unasked"
    raw: str = ""
