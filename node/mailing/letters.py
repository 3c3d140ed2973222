"""A letter to somebody with an account here: in their language, to their address, with the way to switch it off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from federation.build.urls import Urls
from node.mailing import links
from node.store.db import Db
from node.store.hub import hub
from node.store.notices import mails
from node.store.notices.mails import MailDraft
from node.store.people import actors
from node.wording import showing
from schemas.records import Account


async def put(
    db: Db,
    urls: Urls,
    account: Account,
    letter: str,
    facts: Mapping[str, Any],
    *,
    to: str | None = None,
    switch: str | None = None,
) -> None:
    """Put a letter into the outbox, in the caller's transaction; nothing for an account without an address. `to`:
    another address than the account's; `switch`: the kind (node.mailing.kinds) that its reader can switch off.
    Templates find besides `facts`: name, zone."""
    address = to or account.email
    if address is None:
        return
    actor = await actors.get(db, account.actor_id)
    secret = (await hub.get(db)).secret
    draft = MailDraft(
        kind=letter,
        to=address,
        language=account.language,
        facts={**facts, "name": showing.name(actor, account.language), "zone": account.zone},
        unsubscribe=links.switch_off(urls, secret, account.id, switch) if switch else None,
    )
    await mails.put(db, draft)
