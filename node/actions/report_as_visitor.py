"""A report of somebody without an account: taken about what everybody can see here, and followed by a link."""

from __future__ import annotations

import msgspec

from node.actions.accounts import BAD_MAIL
from node.actions.report import Category, problems
from node.errors import Forbidden, Invalid
from node.node import Node
from node.secrets.case_keys import path_of
from node.store.db import Db
from node.store.hub import hub
from node.store.moderation import reports
from node.store.moderation.reports import Report, Visitor
from node.store.notices import mails
from node.store.notices.mails import MailDraft
from schemas.limits import EMAIL_CHARS, PROFILE_NAME_CHARS
from schemas.mail_addresses import is_mail_address
from schemas.problems import Problem
from schemas.reasons import EMPTY, TOO_LONG
from schemas.records import Actor, Post


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with somebody, or with what they published; how the visitor is reached, if they say so."""

    post: Post | None
    comment: str
    category: Category = "other"
    rules: tuple[str, ...] = ()
    visitor: Visitor


async def report(node: Node, db: Db, about: Actor, complaint: Complaint) -> Report:
    """Keep it and tell who handles cases; a visitor who left an address gets the link to the case. Raises Forbidden for
    the hub's own instance actor, and Invalid."""
    if about.role_here == "instance" or about.deleted_at:
        raise Forbidden("You cannot report this account.")
    if wrong := _problems(complaint):
        raise Invalid(wrong)
    itself = await hub.get(db)
    known = {str(rule.get("id", number)) for number, rule in enumerate(itself.rules, start=1)}
    kept = await reports.insert(
        db,
        about.id,
        reporter_id=None,
        host=None,
        uri=None,
        posts=[complaint.post.uri] if complaint.post else [],
        content=complaint.comment.strip(),
        category=complaint.category,
        rule_ids=[one for one in complaint.rules if one in known],
        visitor=complaint.visitor,
    )
    assert kept is not None, "a report without an address is never there already"  # noqa: S101 - a slip of ours
    if kept.visitor_email:
        facts = {"number": kept.id, "link": node.urls.base_url + path_of(itself.secret, "report", kept.id)}
        draft = MailDraft(kind="case_received", to=kept.visitor_email, language=kept.language, facts=facts)
        await mails.put(db, draft)
    return kept


def _problems(complaint: Complaint) -> list[Problem]:
    found = problems(complaint.comment, 1 if complaint.post else 0)
    if not complaint.comment.strip():
        found.append(Problem(field="comment", reason=EMPTY))
    if len(complaint.visitor.name) > PROFILE_NAME_CHARS:
        found.append(Problem(field="name", reason=TOO_LONG, values={"max": PROFILE_NAME_CHARS}))
    email = complaint.visitor.email
    if email and (not is_mail_address(email) or not email.isprintable() or len(email) > EMAIL_CHARS):
        found.append(Problem(field="email", reason=BAD_MAIL))
    return found
