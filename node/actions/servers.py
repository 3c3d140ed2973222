"""What staff do with other servers that is no measure: let them in or not where the hub asks, switch whom the hub
federates with at all, and pause, hurry or throw away what is owed to them."""

from __future__ import annotations

from node.errors import Conflict, Forbidden
from node.policy import CHANNEL
from node.store.db import Db
from node.store.moderation import log, measures
from node.store.queues import deliveries, jobs
from node.store.servers import held, hosts, hub_mode
from node.store.servers.hub_mode import Mode
from schemas.records import Viewer


async def let_in(db: Db, by: Viewer, host: str) -> None:
    """Federate with a server from now on, and take what it said while it waited. Raises Forbidden."""
    _require(by, "moderate_servers")
    await hosts.decide(db, host, let_in=True)
    await jobs.add(db, "take_held", {"host": host}, once=f"take held {host}", host=host)
    await _write(db, "server.let_in", by, host)
    await measures.announce(db, CHANNEL)


async def keep_out(db: Db, by: Viewer, host: str) -> None:
    """Do not federate with a server as long as the hub asks, and throw away what it said. Raises Forbidden."""
    _require(by, "moderate_servers")
    await hosts.decide(db, host, let_in=False)
    await held.delete_of(db, host)
    await _write(db, "server.kept_out", by, host)
    await measures.announce(db, CHANNEL)


async def set_mode(db: Db, by: Viewer, mode: Mode, *, keep_related: bool = True) -> None:
    """Switch whom the hub federates with. Where it begins to ask, those with whom somebody here has a relation stay in,
    unless that is not wished. Raises Forbidden, and Conflict if that is the mode already."""
    _require(by, "manage_hub")
    if not await hub_mode.put(db, mode):
        raise Conflict("That is how it is already.")
    if mode == "ask" and keep_related:
        await hosts.let_in_related(db)
    content = {"mode": mode, "by": by.actor.uri}
    await log.append(db, "federation.mode", content, public=mode)
    await measures.announce(db, CHANNEL)


async def pause(db: Db, by: Viewer, host: str, *, on: bool) -> None:
    """Send nothing to a server until this is called again; what is owed to it waits. Raises Forbidden."""
    _require(by, "moderate_servers")
    await hosts.pause(db, host, on=on)


async def hurry(db: Db, by: Viewer, host: str) -> int:
    """Try at once what is owed to a server, also what was given up. How many. Raises Forbidden."""
    _require(by, "moderate_servers")
    await hosts.close_breaker(db, host)
    return await deliveries.hurry(db, host)


async def throw_away(db: Db, by: Viewer, host: str) -> int:
    """Owe a server nothing any more. How many deliveries went. Raises Forbidden."""
    _require(by, "moderate_servers")
    gone = await deliveries.forget_of(db, host)
    content = {"target": host, "deliveries": gone, "by": by.actor.uri}
    await log.append(db, "server.purged", content, public=host)
    return gone


def _require(by: Viewer, permission: str) -> None:
    if not by.may(permission):
        raise Forbidden


async def _write(db: Db, kind: str, by: Viewer, host: str) -> None:
    await log.append(db, kind, {"target": host, "by": by.actor.uri}, public=host)
