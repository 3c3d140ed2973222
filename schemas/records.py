"""Rows as our database knows them, as the rest of the node sees them. One struct per table family; no behaviour."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from schemas import house_rules
from schemas.look import Look
from schemas.sign_ups import SignUps
from schemas.things import (
    Attachment,
    Audience,
    CallDetail,
    EventDetail,
    FindingDetail,
    Place,
    Poll,
    QuotePolicy,
    Version,
)

ActorKind = Literal["Person", "Organization", "Group", "Service", "Application"]
RoleHere = Literal["hub", "instance", "member", "area", "group", "log"]
RsvpState = Literal["going", "maybe", "waiting", "asked", "declined"]
PostKind = Literal["post", "event", "finding", "call", "boost"]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all rows: immutable, named fields only."""


class Actor(Record, frozen=True, kw_only=True):
    """Anyone who can act over ActivityPub. `private_key` and `ed25519_private`: PEM, set for local actors only."""

    id: int
    uri: str
    kind: ActorKind
    local: bool
    role_here: RoleHere | None = None
    name: str
    host: str
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
    discoverable: bool = True
    indexable: bool = False
    fields: list[dict[str, str]] = []
    also_known_as: list[str] = []
    moved_to: str | None = None
    moved_at: datetime | None = None
    icon_id: int | None = None
    banner_id: int | None = None
    icon_url: str | None = None
    banner_url: str | None = None
    place_id: int | None = None
    public_key_id: str | None = None
    public_key: str | None = None
    multikey_id: str | None = None
    multikey: str | None = None
    private_key: str | None = None
    ed25519_private: str | None = None
    published_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    fetched_at: datetime | None = None
    backfilled_at: datetime | None = None
    suspended_at: datetime | None = None
    limited_at: datetime | None = None
    host_suspended: bool = False
    host_limited: bool = False
    deleted_at: datetime | None = None
    sensitized_at: datetime | None = None
    frozen_at: datetime | None = None
    bot: bool = False
    hide_collections: bool = False
    attribution_domains: list[str] = []
    suspended_there: bool = False


class Account(Record, frozen=True, kw_only=True):
    """A person's login here, with the permissions in force. `edits`: ids of organisations they may publish as."""

    id: int
    actor_id: int
    email: str | None
    password_hash: str | None
    language: str
    zone: str
    created_at: datetime
    confirmed_at: datetime | None
    disabled_at: datetime | None
    preferences: dict[str, Any] = {}
    roles: list[str] = []
    permissions: list[str] = []
    edits: list[int] = []


class Viewer(Record, frozen=True, kw_only=True):
    """Who is asking: an account acting as an actor with some scopes. Checked again at each request."""

    account: Account
    actor: Actor
    acting: Actor
    scopes: tuple[str, ...] = ()

    def may(self, permission: str) -> bool:
        """Whether a mandate in force gives this named permission; to who is frozen, none does."""
        return permission in self.account.permissions and self.actor.frozen_at is None


class Post(Record, frozen=True, kw_only=True):
    """Something published, with its author and the detail of its kind. For a boost, `boost_of` is the boosted post.
    `quote`: the id of what it quotes; `quote_authorization`: the stamp of its author; `born_of`: id of its origin."""

    id: int
    uri: str
    url: str
    kind: PostKind
    type: str
    local: bool
    actor: Actor
    written_by: int | None = None
    audience: Audience
    group_id: int | None = None
    recipients: list[str] = []
    in_reply_to: str | None = None
    in_reply_to_id: int | None = None
    context: str | None = None
    boost_of_id: int | None = None
    language: str | None = None
    versions: list[Version] = []
    sensitive: bool = False
    tags: list[str] = []
    area: str | None = None
    attachments: list[Attachment] = []
    poll: Poll | None = None
    quote: str | None = None
    quote_authorization: str | None = None
    quote_policy: QuotePolicy = "public"
    born_of: str | None = None
    rsvp_for_id: int | None = None
    replies_count: int = 0
    likes_count: int = 0
    boosts_count: int = 0
    published_at: datetime
    updated_at: datetime
    received_at: datetime
    deleted_at: datetime | None = None
    series: str | None = None
    event: EventDetail | None = None
    finding: FindingDetail | None = None
    call: CallDetail | None = None
    boost_of: Post | None = None
    mentions: list[Actor] = []

    def version(self, language: str | None = None) -> Version:
        """The version in `language` if there is one, else the primary (first) one."""
        primary = self.versions[0] if self.versions else Version(language=self.language or "und")
        return next((one for one in self.versions if one.language == language), primary)


class Follow(Record, frozen=True, kw_only=True):
    """Follower → followed by the Follow `uri`: whether with `boosts`, told (`notify`), in some `languages` (or all)."""

    id: int
    follower_id: int
    followed_id: int
    uri: str
    state: Literal["pending", "accepted"]
    created_at: datetime
    accepted_at: datetime | None = None
    boosts: bool = True
    notify: bool = False
    languages: list[str] | None = None


class Rsvp(Record, frozen=True, kw_only=True):
    """One answer in an event's list, of an actor or a guest. `companions` come along; `answers` are those to the
    organisers' questions, by id; `told_id` is the last of the event's tellings that reached them."""

    id: int
    event_id: int
    actor_id: int | None
    guest_email: str | None
    guest_name: str | None
    state: RsvpState
    door: Literal["button", "join", "accept", "poll", "reply", "mail", "panel"]
    note: str
    activity_uri: str | None
    answered_at: datetime
    queued_at: datetime
    companions: int = 0
    answers: dict[str, str] = {}
    guest_language: str = "en"
    checked_in_at: datetime | None = None
    reminded_at: datetime | None = None
    told_id: int = 0
    erased_at: datetime | None = None


class Medium(Record, frozen=True, kw_only=True):
    """A file in the media pipeline. `path` and `preview_path` are below /media/. `silent`: a film without sound;
    `withheld`: of a server whose media are refused."""

    id: int
    owner_id: int | None
    path: str | None
    preview_path: str | None
    remote_url: str | None
    media_type: str
    kind: Literal["image", "audio", "video", "document"]
    bytes: int | None
    width: int | None
    height: int | None
    duration_ms: int | None
    blurhash: str | None
    focus_x: float | None
    focus_y: float | None
    alt: str
    file_name: str
    state: Literal["waiting", "ready", "failed"]
    error: str | None
    created_at: datetime
    used_at: datetime
    evicted_at: datetime | None = None
    preview_width: int | None = None
    preview_height: int | None = None
    widths: list[int] = []
    avif: bool = False
    silent: bool | None = None
    withheld: bool = False


class PlaceRow(Record, frozen=True, kw_only=True):
    """A place with the id under which it is served."""

    id: int
    uri: str | None
    local: bool
    place: Place


class Activity(Record, frozen=True, kw_only=True):
    """Something we said, exactly as we said it (`document` is the JSON text)."""

    id: int
    uri: str
    type: str
    actor_id: int
    post_id: int | None
    object_uri: str | None
    audience: Audience
    recipients: list[str]
    document: str
    published_at: datetime


class Delivery(Record, frozen=True, kw_only=True):
    """One activity owed to one inbox. `for_followers`: its own actor sends it, and not in public."""

    id: int
    activity_id: int
    signer_id: int
    host: str
    inbox: str
    attempts: int
    created_at: datetime
    document: str
    for_followers: bool = False


class Arrival(Record, frozen=True, kw_only=True):
    """An activity someone sent us, kept before we answered. `document`: its body, where that was read just now and is
    not large. `comes_after`: the last one of its actor that waited or was in work when it was kept; of one that was
    leased later nobody asks, since what is leased comes in order."""

    id: int
    uri: str
    type: str
    actor_uri: str
    host: str
    body: str
    attempts: int
    received_at: datetime
    document: dict[str, Any] | None = None
    comes_after: int | None = None


class Job(Record, frozen=True, kw_only=True):
    """Work to do later: `kind` names the worker function, `arguments` are its named arguments."""

    id: int
    kind: str
    host: str
    arguments: dict[str, Any]
    attempts: int
    created_at: datetime


class Measure(Record, frozen=True, kw_only=True):
    """A measure, or a change of roles or rules, in one of its states. `how` it is decided, until `closes_at`. One taken
    at once in an emergency is undone at `lapses_at` unless confirmed; one without is safe."""

    id: int
    kind: str
    target_kind: Literal["actor", "domain", "hub"]
    target: str
    detail: dict[str, Any]
    private_reason: str
    public_reason: str
    state: Literal["proposed", "confirmed", "executed", "ended"]
    stands_alone: bool
    proposed_by: int | None
    confirmed_by: int | None
    ended_by: int | None
    proposed_at: datetime
    confirmed_at: datetime | None
    executed_at: datetime | None
    review_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    how: Literal["alone", "second", "vote"] = "second"
    quorum: int | None = None
    closes_at: datetime | None = None
    lapses_at: datetime | None = None
    purge_at: datetime | None = None
    purged_at: datetime | None = None
    ended_why: str = ""


class Host(Record, frozen=True, kw_only=True):
    """Another server: what it runs and how deliveries to it fare."""

    host: str
    software: str | None
    version: str | None
    is_hub: bool
    scheme: Literal["draft", "rfc9421"] | None
    scheme_at: datetime | None
    breaker: dict[str, Any] | None
    open_until: datetime | None
    last_ok_at: datetime | None
    last_error: str | None
    last_error_at: datetime | None
    nodeinfo_at: datetime | None
    approved_at: datetime | None
    seen_at: datetime
    waits_since: datetime | None = None
    dropped_at: datetime | None = None
    paused_at: datetime | None = None


class Hub(Record, frozen=True, kw_only=True):
    """This hub's own row. `secret` signs links and forms; `logo` and `cover` are paths of its actor's pictures."""

    name: str
    description: str
    language: str
    languages: list[str]
    zone: str
    contact: str
    rules: list[dict[str, Any]]
    federation_mode: Literal["open", "ask", "circle"]
    set_up_at: datetime | None
    secret: bytes
    base_url: str
    created_at: datetime
    descriptions: dict[str, str] = {}
    look: Look = Look()
    sign_ups: SignUps = SignUps()
    logo: str | None = None
    cover: str | None = None
    modules_off: list[str] = []

    def uses(self, module: str) -> bool:
        """Whether the stewards left a module (schemas/modules.py) on."""
        return module not in self.modules_off

    def described(self, language: str) -> str:
        """What the hub says of itself to a reader, in their language if it does."""
        return self.descriptions.get(language) or self.description

    def rules_in(self, language: str) -> dict[str, tuple[str, str]]:
        """The words and the hint of each rule by its number."""
        return house_rules.in_language(self.rules, language, self.language)
