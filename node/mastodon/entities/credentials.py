"""The account that a token acts as, with what only its owner sees of it."""

from __future__ import annotations

import msgspec

from node.actions.profile import source_of
from node.mastodon.entities.account import Account, Field, render_account
from node.mastodon.eyes import Eyes
from node.store.people import people
from schemas.limits import COLLECTIONS
from schemas.preferences import Privacy, QuotePolicy, preferences_of
from schemas.records import Actor, Viewer

PLAIN_ROLE = "member"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """What its owner edits: texts as they were written, and how new statuses begin."""

    privacy: Privacy
    sensitive: bool
    language: str | None
    note: str
    fields: list[Field]
    follow_requests_count: int
    hide_collections: bool
    discoverable: bool
    indexable: bool
    attribution_domains: list[str]
    quote_policy: QuotePolicy


class CredentialRole(msgspec.Struct, frozen=True, kw_only=True):
    """The office with most rights; `permissions` is Mastodon's bit set, in which nothing here has a bit."""

    id: str
    name: str
    color: str = ""
    permissions: str = "0"
    highlighted: bool = False
    collection_limit: int = COLLECTIONS


class CredentialAccount(Account, frozen=True, kw_only=True):
    """An account as its owner sees it."""

    source: Source
    role: CredentialRole


async def render_credentials(eyes: Eyes, who: Viewer, actor: Actor | None = None) -> CredentialAccount:
    """The account that acts; `actor` where it was just changed."""
    actor = actor or who.acting
    account = await render_account(eyes, actor)
    kept = {name: getattr(account, name) for name in Account.__struct_fields__}
    offices = [role.name for role in account.roles] or [PLAIN_ROLE]
    role = CredentialRole(id=offices[0], name=offices[0], highlighted=offices[0] != PLAIN_ROLE)
    return CredentialAccount(**kept, source=await _source(eyes, who, actor), role=role)


def raw_fields(actor: Actor) -> list[Field]:
    """The lines of a profile as they were written."""
    return [Field(name=one["name"], value=one.get("source", one["value"])) for one in actor.fields]


async def _source(eyes: Eyes, who: Viewer, actor: Actor) -> Source:
    chosen = preferences_of(who.account.preferences)
    return Source(
        privacy=chosen.privacy,
        sensitive=chosen.sensitive,
        language=chosen.language,
        note=await source_of(eyes.db, actor),
        fields=raw_fields(actor),
        follow_requests_count=await people.count_asking(eyes.db, actor.id),
        hide_collections=actor.hide_collections,
        discoverable=actor.discoverable,
        indexable=actor.indexable,
        attribution_domains=list(actor.attribution_domains),
        quote_policy=chosen.quote_policy,
    )
