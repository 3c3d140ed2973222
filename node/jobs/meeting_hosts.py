"""Job: what another server says it runs. Asked once somebody there is met, and then once a week at most."""

from __future__ import annotations

import structlog

from federation.addresses import host_of
from federation.nodeinfo import read_nodeinfo
from federation.outcomes import FetchError
from node.node import Node
from node.store.servers import hosts

_log = structlog.get_logger("node.meeting_hosts")


async def meet_host(node: Node, origin: str) -> None:
    """Keep software, version and whether it is a hub, by its NodeInfo. A server that has none, or
    does not answer, is not asked again before its next turn."""
    host = host_of(origin)
    if not node.policy.may_federate(host):
        return
    try:
        info = await read_nodeinfo(node.client, origin)
    except FetchError as error:
        _log.info("no NodeInfo", host=host, reason=str(error))
        return
    async with node.database.pool.acquire() as db:
        await hosts.keep_nodeinfo(db, host, info.software, info.version, is_hub=info.hub is not None)
