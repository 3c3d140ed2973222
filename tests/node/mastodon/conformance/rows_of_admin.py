"""The administrative endpoints, one row each: what moderation clients decode."""

from __future__ import annotations

from functools import partial

from tests.node.mastodon.conformance.entities import ACCOUNT, STATUS
from tests.node.mastodon.conformance.rows import Row, delete, get, post, put
from tests.node.mastodon.conformance.shapes import (
    BOOL,
    DIGITS,
    ID,
    MOMENT,
    TEXT,
    WORDS,
    choice,
    entity,
    many,
    opt,
    some,
)

ROLE = entity({"id": WORDS, "name": WORDS, "permissions": DIGITS, "color": TEXT, "highlighted": BOOL})
PERSON = entity(
    {
        "id": ID, "username": WORDS, "domain": opt(WORDS), "created_at": MOMENT, "email": opt(TEXT), "ip": opt(TEXT),
        "ips": many(TEXT), "locale": opt(TEXT), "invite_request": opt(TEXT), "role": opt(ROLE), "confirmed": BOOL,
        "approved": BOOL, "disabled": BOOL, "sensitized": BOOL, "silenced": BOOL, "suspended": BOOL, "account": ACCOUNT,
    }
)  # fmt: skip
CATEGORY = choice("spam", "legal", "violation", "other")
REPORT = entity(
    {
        "id": ID, "action_taken": BOOL, "action_taken_at": opt(MOMENT), "category": CATEGORY, "comment": TEXT,
        "forwarded": BOOL, "created_at": MOMENT, "updated_at": MOMENT, "account": opt(PERSON),
        "target_account": PERSON, "assigned_account": opt(PERSON), "action_taken_by_account": opt(PERSON),
        "statuses": many(STATUS), "rules": many(entity({"id": WORDS, "text": WORDS})),
    }
)  # fmt: skip
BLOCK = entity(
    {
        "id": ID, "domain": WORDS, "digest": WORDS, "created_at": MOMENT,
        "severity": choice("noop", "silence", "suspend"), "reject_media": BOOL, "reject_reports": BOOL,
        "private_comment": opt(TEXT), "public_comment": opt(TEXT), "obfuscate": BOOL,
    }
)  # fmt: skip
ALLOW = entity({"id": ID, "domain": WORDS, "created_at": MOMENT})
EMPTY = entity({})
NONE = many(EMPTY)

TRENDS, FIGURES = ("links", "links/publishers", "statuses", "tags"), ("measures", "dimensions", "retention")
_staff = {"asker": "steward"}
read, do, change, drop = (partial(one, **_staff) for one in (get, post, put, delete))
ACCOUNTS, REPORTS = ("admin:read:accounts", "admin:write:accounts"), ("admin:read:reports", "admin:write:reports")
BLOCKS = ("admin:read:domain_blocks", "admin:write:domain_blocks")
ALLOWS = ("admin:read:domain_allows", "admin:write:domain_allows")
_PERSON, _CASE = "/api/v1/admin/accounts/{offender}", "/api/v1/admin/reports/{case}"
_NEW_CASE = "/api/v1/admin/reports/{fresh_case}"

ROWS: tuple[Row, ...] = (
    read("/api/v1/admin/accounts", some(PERSON), ACCOUNTS[0], sent={"local": "true"}),
    read("/api/v2/admin/accounts", some(PERSON), ACCOUNTS[0], sent={"origin": "local", "permissions": "staff"}),
    read(_PERSON, PERSON, ACCOUNTS[0]),
    do(f"{_PERSON}/action", EMPTY, ACCOUNTS[1], sent={"type": "silence"}, bad=(({"type": "shout"}, 422),)),
    read("/api/v1/admin/accounts/{applicant}", PERSON, ACCOUNTS[0]),
    do("/api/v1/admin/accounts/{fresh_applicant}/approve", PERSON, ACCOUNTS[1]),
    do("/api/v1/admin/accounts/{fresh_applicant}/reject", PERSON, ACCOUNTS[1]),
    do(f"{_PERSON}/unsilence", PERSON, ACCOUNTS[1]),
    do(f"{_PERSON}/enable", PERSON, ACCOUNTS[1]),
    do(f"{_PERSON}/unsensitive", PERSON, ACCOUNTS[1]),
    do(f"{_PERSON}/unsuspend", PERSON, ACCOUNTS[1]),
    drop("/api/v1/admin/accounts/{suspended}", PERSON, ACCOUNTS[1]),
    read("/api/v1/admin/reports", some(REPORT), REPORTS[0]),
    read(_CASE, REPORT, REPORTS[0]),
    do(f"{_CASE}/assign_to_self", REPORT, REPORTS[1]),
    do(f"{_CASE}/unassign", REPORT, REPORTS[1]),
    do(f"{_NEW_CASE}/resolve", REPORT, REPORTS[1]),
    do("/api/v1/admin/reports/{closed_case}/reopen", REPORT, REPORTS[1]),
    read("/api/v1/admin/domain_blocks", some(BLOCK), BLOCKS[0]),
    read("/api/v1/admin/domain_blocks/{cut}", BLOCK, BLOCKS[0]),
    do("/api/v1/admin/domain_blocks", BLOCK, BLOCKS[1], sent={"domain": "loud.example", "severity": "silence"},
       bad=(({"domain": "no domain", "severity": "silence"}, 422), ({"domain": "a.example", "severity": "noop"}, 422))),
    change("/api/v1/admin/domain_blocks/{cut}", BLOCK, BLOCKS[1], sent={"reject_media": True}),
    drop("/api/v1/admin/domain_blocks/{fresh_cut}", EMPTY, BLOCKS[1]),
    read("/api/v1/admin/domain_allows", some(ALLOW), ALLOWS[0]),
    read("/api/v1/admin/domain_allows/{allowed}", ALLOW, ALLOWS[0]),
    do("/api/v1/admin/domain_allows", ALLOW, ALLOWS[1], sent={"domain": "kind.example"},
       bad=(({"domain": "no domain"}, 422),)),
    drop("/api/v1/admin/domain_allows/{fresh_allowed}", EMPTY, ALLOWS[1]),
    read("/api/v1/admin/ip_blocks", NONE, "admin:read:ip_blocks"),
    read("/api/v1/admin/email_domain_blocks", NONE, "admin:read:email_domain_blocks"),
    read("/api/v1/admin/canonical_email_blocks", NONE, "admin:read:canonical_email_blocks"),
    *(read(f"/api/v1/admin/trends/{one}", NONE, "admin:read") for one in TRENDS),
    *(do(f"/api/v1/admin/{one}", NONE, "admin:read", sent={"keys": []}) for one in FIGURES),
)  # fmt: skip
