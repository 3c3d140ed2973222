"""A forgotten password: a letter with a key that sets a new one, once and within an hour. A second factor is still
asked for afterwards (case 132)."""

from __future__ import annotations

from federation.build.urls import Urls
from node.actions import accounts, alarms
from node.mailing import letters
from node.node import Node
from node.store.access import mail_keys
from node.store.db import Db
from node.store.members import accounts as logins
from node.store.queues import jobs
from schemas.limits import RESET_SECONDS
from schemas.records import Account

JOB = "send_reset"
PATH = "/password/new"


async def ask(db: Db, who: str) -> None:
    """Have the letter sent, to whoever that is. The account is looked for later: the answer takes the same time
    whether there is one or not (case 115)."""
    await jobs.add(db, JOB, {"who": who})


async def send_reset(node: Node, who: str) -> None:
    """The job: send the letter if there is such an account."""
    async with node.database.pool.acquire() as db, db.transaction():
        account = await accounts.find_account(db, who)
        if account is None or account.email is None or not await accounts.is_usable(db, account):
            return
        key = await mail_keys.issue(db, account.id, "reset", account.email, RESET_SECONDS)
        facts = {"link": f"{node.urls.base_url}{PATH}?token={key}"}
        await letters.put(db, node.urls, account, "reset_password", facts)
    node.wake()


async def owner_of(db: Db, key: str) -> Account | None:
    """Whose password a key sets anew; None for one that opens nothing, or was sent to an address given up since."""
    found = await mail_keys.find(db, key, "reset")
    account = await logins.find(db, found.account_id) if found else None
    if found is None or account is None or not await accounts.is_usable(db, account):
        return None
    return account if account.email and account.email.casefold() == found.email.casefold() else None


async def reset(db: Db, urls: Urls, key: str, password_hash: str) -> bool:
    """Set the password; whatever was open with the old one closes (case 129). False where somebody was quicker."""
    account = await owner_of(db, key)
    if account is None or await mail_keys.take(db, key, "reset") is None:
        return False
    await accounts.change_password(db, account, password_hash)
    await logins.confirm(db, account.id, account.email or "")
    await alarms.tell_changed(db, urls, account, "password")
    return True
