"""Letters to the owner of an account about its locks: something changed, or it was opened somewhere new. Nobody can
switch them off: they are how a theft is noticed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from federation.build.urls import Urls
from node.mailing import letters
from node.store.access import devices
from node.store.db import Db
from schemas.records import Account

Change = Literal["password", "address", "address_asked", "factor_added", "factor_removed", "recovery_codes"]


async def tell_changed(db: Db, urls: Urls, account: Account, change: Change) -> None:
    """Tell the address that the account had before."""
    facts = {"change": change, "when": datetime.now(UTC).isoformat(), "link": f"{urls.base_url}/password/forgotten"}
    await letters.put(db, urls, account, "account_changed", facts)


async def meet_device(db: Db, urls: Urls, account: Account, device: str, agent: str) -> None:
    """Somebody signed in with this browser; a letter if the account was never open in it."""
    if await devices.meet(db, account.id, device):
        facts = {
            "agent": agent,
            "when": datetime.now(UTC).isoformat(),
            "link": f"{urls.base_url}/settings/security",
        }
        await letters.put(db, urls, account, "new_device", facts)
