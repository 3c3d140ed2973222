"""The database: which it is, and whether what it confirms is kept."""

from __future__ import annotations

from datetime import UTC, datetime

from node.doctor.clock import judge_clock
from node.doctor.remark import Remark, ok, wrong
from node.settings import Settings
from node.store import condition, hub
from node.store.condition import Condition
from node.store.db import Db
from schemas.records import Hub


async def check_database(db: Db, settings: Settings) -> list[Remark]:
    """Ask the database about itself, and whose it is."""
    found = await condition.condition(db)
    which = "The database is PostgreSQL {} ({}), {:.1f} MB large and up to date."
    place = "embedded" if settings.database_url is None else "of ALLMENDE_DATABASE_URL"
    return [
        ok(which.format(found.version, place, found.bytes / 1e6)),
        *judge_safety(found),
        judge_clock("The database", found.now, datetime.now(UTC)),
    ]


def judge_safety(found: Condition) -> list[Remark]:
    """Whether a power cut can take what the hub has confirmed."""
    remarks = []
    if found.standby:
        says = "The database is a standby, which takes nothing new."
        remarks.append(wrong(says, "Name all hosts in ALLMENDE_DATABASE_URL, with target_session_attrs=read-write."))
    off = [name for name in ("fsync", "full_page_writes") if not getattr(found, name)]
    if found.synchronous_commit == "off":
        off.append("synchronous_commit")
    if off:
        says = f"A power cut may take what the hub has confirmed: {' and '.join(off)} is off in PostgreSQL."
        remarks.append(wrong(says, f"Set {', '.join(f'{name} = on' for name in off)} in postgresql.conf."))
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
        return [wrong("No node has started on this database yet.", "Start it with `allmende serve`.")]
    if found.base_url != settings.base_url:
        return [
            wrong(
                f"This database is that of the hub at {found.base_url}, and ALLMENDE_BASE_URL is {settings.base_url}.",
                f"Set ALLMENDE_BASE_URL={found.base_url}: others know the hub by that address for ever.",
            )
        ]
    if found.set_up_at is None:
        do = "Open the link that `allmende serve` prints, or use `allmende init`."
        return [wrong("The hub is not set up yet: it has neither name nor steward.", do)]
    return [ok(f"The hub is called {found.name}.")]
