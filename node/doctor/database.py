"""The database: which it is, and whether what it confirms is kept."""

from __future__ import annotations

from datetime import UTC, datetime

from node.doctor.clock import judge_clock
from node.doctor.remark import Remark, ok, wrong
from node.settings import Settings
from node.store.db import Db
from node.store.hub import hub
from node.store.upkeep import condition
from node.store.upkeep.condition import Condition
from schemas.reasons import msgid
from schemas.records import Hub


async def check_database(db: Db, settings: Settings) -> list[Remark]:
    """Ask the database about itself, and whose it is."""
    found = await condition.condition(db)
    which = msgid("The database is PostgreSQL {version} (of ALLMENDE_DATABASE_URL), {size} MB large and up to date.")
    if settings.database_url is None:
        which = msgid("The database is PostgreSQL {version} (embedded), {size} MB large and up to date.")
    return [
        ok(which, version=found.version, size=f"{found.bytes / 1e6:.1f}"),
        *judge_safety(found),
        judge_clock("database", found.now, datetime.now(UTC)),
    ]


def judge_safety(found: Condition) -> list[Remark]:
    """Whether a power cut can take what the hub has confirmed."""
    remarks = []
    if found.standby:
        says = msgid("The database is a standby, which takes nothing new.")
        do = msgid("Name all hosts in ALLMENDE_DATABASE_URL, with target_session_attrs=read-write.")
        remarks.append(wrong(says, do))
    off = [name for name in ("fsync", "full_page_writes") if not getattr(found, name)]
    if found.synchronous_commit == "off":
        off.append("synchronous_commit")
    if off:
        says = msgid("A power cut may take what the hub has confirmed: what PostgreSQL has off is {settings}.")
        wished = ", ".join(f"{name} = on" for name in off)
        do = msgid("Set {wished} in postgresql.conf.")
        remarks.append(wrong(says, do, settings=", ".join(off), wished=wished))
    return remarks


async def find_hub(db: Db) -> Hub | None:
    """The hub's own row; None before any node has started on this database."""
    try:
        return await hub.get(db)
    except LookupError:
        return None


def check_owner(found: Hub | None, settings: Settings) -> list[Remark]:
    """Whether the database is of the hub that the settings mean, and whether it was set up."""
    if found is None:
        return [wrong(msgid("No node has started on this database yet."), msgid("Start it with `allmende serve`."))]
    if found.base_url != settings.base_url:
        return [
            wrong(
                msgid("This database is that of the hub at {known}, and ALLMENDE_BASE_URL is {set}."),
                msgid("Set ALLMENDE_BASE_URL={known}: others know the hub by that address for ever."),
                known=found.base_url,
                set=settings.base_url,
            )
        ]
    if found.set_up_at is None:
        do = msgid("Open the link that `allmende serve` prints, or use `allmende init`.")
        return [wrong(msgid("The hub is not set up yet: it has neither name nor steward."), do)]
    return [ok(msgid("The hub is called {name}."), name=found.name)]
