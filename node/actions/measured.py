"""Telling a member by letter which measure hit them and where they appeal: the only way while they cannot sign in."""

from __future__ import annotations

from node.secrets.case_keys import path_of
from node.store.db import Db
from node.store.hub import hub
from node.store.members import accounts
from node.store.notices import mails
from node.store.notices.mails import MailDraft
from schemas.records import Actor, Measure

KINDS = frozenset({"warn", "sensitive", "limit", "freeze", "suspend"})


async def tell(db: Db, measure: Measure, actor: Actor) -> None:
    """Write to a member whom a measure of these kinds hits; nobody else gets this letter."""
    account = await accounts.find_by_actor(db, actor.id) if actor.local and measure.kind in KINDS else None
    if account is None or account.email is None:
        return
    itself = await hub.get(db)
    facts = {
        "kind": measure.kind,
        "reason": measure.public_reason,
        "until": measure.ends_at.isoformat() if measure.ends_at else "",
        "link": itself.base_url + path_of(itself.secret, "appeal", measure.id),
    }
    await mails.put(db, MailDraft(kind="measured", to=account.email, language=account.language, facts=facts))
