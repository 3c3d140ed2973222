"""What moderation clients show: people with what only the staff knows of them, cases, domains cut or let in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from node.mastodon.answers import moment
from node.mastodon.entities.account import Account, render_accounts
from node.mastodon.entities.instance import Rule, rules_of
from node.mastodon.entities.status import Status, render_statuses
from node.mastodon.eyes import Eyes
from node.store.hub import hub
from node.store.moderation import admin_lists, reports
from node.store.moderation.admin_lists import Cut, Known
from node.store.moderation.reports import Report
from node.store.people import people
from node.store.posts import posts
from schemas.records import Actor, Measure


class AdminRole(msgspec.Struct, frozen=True, kw_only=True):
    """An office. `permissions` is a sum of Mastodon's bits; ours are not those, and are asked at each deed."""

    id: str
    name: str
    permissions: str = "0"
    color: str = ""
    highlighted: bool = False


class AdminAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody (Admin::Account). Addresses of the network are not kept, so none is told."""

    id: str
    username: str
    domain: str | None
    created_at: str
    email: str | None
    ip: str | None = None
    ips: list[Any] = []
    locale: str | None
    invite_request: str | None = None
    role: AdminRole | None
    confirmed: bool
    approved: bool
    disabled: bool
    sensitized: bool
    silenced: bool
    suspended: bool
    account: Account


class AdminReport(msgspec.Struct, frozen=True, kw_only=True):
    """A case (Admin::Report)."""

    id: str
    action_taken: bool
    action_taken_at: str | None
    category: str
    comment: str
    forwarded: bool
    created_at: str
    updated_at: str
    account: AdminAccount | None
    target_account: AdminAccount
    assigned_account: AdminAccount | None
    action_taken_by_account: AdminAccount | None
    statuses: list[Status]
    rules: list[Rule]


class AdminDomainBlock(msgspec.Struct, frozen=True, kw_only=True):
    """A domain with measures (Admin::DomainBlock)."""

    id: str
    domain: str
    digest: str
    created_at: str
    severity: str
    reject_media: bool
    reject_reports: bool
    private_comment: str
    public_comment: str
    obfuscate: bool = False


class AdminDomainAllow(msgspec.Struct, frozen=True, kw_only=True):
    """A domain that was let in (Admin::DomainAllow)."""

    id: str
    domain: str
    created_at: str


async def render_people(eyes: Eyes, shown: Sequence[Actor]) -> list[AdminAccount]:
    """One per actor, in their order."""
    about = await admin_lists.known(eyes.db, [one.id for one in shown])
    accounts = await render_accounts(eyes, shown)
    return [_person(one, about[one.id], account) for one, account in zip(shown, accounts, strict=True)]


async def render_cases(eyes: Eyes, kept: Sequence[Report]) -> list[AdminReport]:
    """One per report, in their order; the posts are those that are still here."""
    staff = await admin_lists.actor_ids(
        eyes.db, [one for case in kept for one in (case.assigned_to, case.resolved_by) if one is not None]
    )
    named = {one for case in kept for one in (case.actor_id, case.reporter_id) if one is not None}
    found = await people.get_many(eyes.db, [*named, *staff.values()])
    shown = dict(zip(found, await render_people(eyes, list(found.values())), strict=True))
    ids = await reports.post_ids(eyes.db, [uri for case in kept for uri in case.post_uris])
    there = await posts.get_many(eyes.db, list(ids.values()), eyes.me)
    statuses = dict(zip(there, await render_statuses(eyes, list(there.values())), strict=True))
    rules = {one.id: one for one in rules_of(await hub.get(eyes.db), eyes.language)}
    return [
        AdminReport(
            id=str(case.id),
            action_taken=case.resolved_at is not None,
            action_taken_at=moment(case.resolved_at) if case.resolved_at else None,
            category=case.category,
            comment=case.content,
            forwarded=case.forwarded_at is not None,
            created_at=moment(case.created_at),
            updated_at=moment(case.resolved_at or case.created_at),
            account=shown.get(case.reporter_id or 0),
            target_account=shown[case.actor_id],
            assigned_account=shown.get(staff.get(case.assigned_to or 0, 0)),
            action_taken_by_account=shown.get(staff.get(case.resolved_by or 0, 0)),
            statuses=[statuses[ids[uri]] for uri in case.post_uris if ids.get(uri) in statuses],
            rules=[rules[one] for one in case.rule_ids if one in rules],
        )
        for case in kept
    ]


def from_cut(cut: Cut) -> AdminDomainBlock:
    """A domain with all its measures as one block."""
    kinds = set(cut.kinds)
    return AdminDomainBlock(
        id=str(cut.id),
        domain=cut.domain,
        digest=hashlib.sha256(cut.domain.encode()).hexdigest(),
        created_at=moment(cut.created_at),
        severity="suspend" if "suspend" in kinds else "silence" if "limit" in kinds else "noop",
        reject_media="reject_media" in kinds,
        reject_reports="reject_reports" in kinds,
        private_comment=cut.private_reason,
        public_comment=cut.public_reason,
    )


def from_proposals(measures: Sequence[Measure]) -> AdminDomainBlock:
    """What was just ordered, whether or not it waits for a second person."""
    first = measures[0]
    return from_cut(
        Cut(
            id=first.id,
            domain=first.target,
            kinds=[one.kind for one in measures],
            created_at=first.proposed_at,
            private_reason=first.private_reason,
            public_reason=first.public_reason,
        )
    )


def allow_of(domain: str, since: datetime) -> AdminDomainAllow:
    """A domain that was let in; its number is made of its name, for there is none."""
    return AdminDomainAllow(id=str(number_of(domain)), domain=domain, created_at=moment(since))


def number_of(domain: str) -> int:
    """A number for a name, always the same, that fits where ids go."""
    return int.from_bytes(hashlib.sha256(domain.encode()).digest()[:7])


def _person(actor: Actor, known: Known, account: Account) -> AdminAccount:
    offices = [one for one in known.roles if one != "member"] or known.roles
    return AdminAccount(
        id=str(actor.id),
        username=actor.name,
        domain=None if actor.local else actor.host,
        created_at=moment(known.created_at),
        email=known.email,
        locale=known.language,
        role=AdminRole(id=offices[0], name=offices[0], highlighted=offices[0] != "member") if offices else None,
        confirmed=known.confirmed or not actor.local,
        approved=True,
        disabled=known.disabled or known.frozen,
        sensitized=known.sensitive,
        silenced=known.limited,
        suspended=known.suspended,
        account=account,
    )
