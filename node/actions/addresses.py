"""Mail addresses count once whoever gave one has shown that they read it: at the first account, and at each change."""

from __future__ import annotations

from federation.build.urls import Urls
from node.actions import alarms
from node.mailing import letters
from node.store.access import mail_keys
from node.store.db import Db
from node.store.members import accounts
from schemas.limits import CONFIRM_SECONDS
from schemas.records import Account

PATH = "/confirm"


async def ask_to_confirm(db: Db, urls: Urls, account: Account, address: str | None = None) -> None:
    """Send the letter with the link that confirms the account's address, or the new one it wants."""
    wanted = address or account.email
    if wanted is None:
        return
    key = await mail_keys.issue(db, account.id, "confirm", wanted, CONFIRM_SECONDS)
    facts = {"link": f"{urls.base_url}{PATH}?token={key}", "new": account.confirmed_at is None, "address": wanted}
    await letters.put(db, urls, account, "confirm_address", facts, to=wanted)


async def ask_to_change(db: Db, urls: Urls, account: Account, address: str) -> None:
    """The same for a new address, and a note to the old one. Where the new one is somebody else's it gets no letter;
    all else is as ever: nobody is told who has an account here."""
    if await accounts.find_by_email(db, address) is None:
        await ask_to_confirm(db, urls, account, address)
    else:
        await mail_keys.issue(db, account.id, "confirm", address, CONFIRM_SECONDS)
    await alarms.tell_changed(db, urls, account, "address_asked")


async def confirm(db: Db, urls: Urls, key: str) -> str | None:
    """The address that is confirmed from now on; None for a key that opens nothing. The old address is told. Conflict
    where somebody else has taken the address meanwhile."""
    found = await mail_keys.take(db, key, "confirm")
    account = await accounts.find(db, found.account_id) if found else None
    if found is None or account is None:
        return None
    await accounts.confirm(db, account.id, found.email)
    if account.email is None or account.email.casefold() != found.email.casefold():
        await mail_keys.revoke(db, account.id, "reset")
        await alarms.tell_changed(db, urls, account, "address")
    return found.email
