"""Job: somebody let a server in, so what it said while it waited is checked as if it came now, and taken."""

from __future__ import annotations

import msgspec
import structlog

from federation.addresses import host_of
from federation.outcomes import FetchError, FetchFailed
from federation.signatures.keys import ActorKey
from federation.signatures.pending import PendingSignature
from federation.signatures.refusal import SignatureRefused
from node.activitypub.inbox import BadActivity, read_activity
from node.inbox import RECEIVERS
from node.node import Node
from node.remote import learn_key
from node.store.queues import arrivals
from node.store.queues.arrivals import NewArrival, unnamed
from node.store.servers import held
from node.store.servers.held import Held
from schemas.records import Actor

_log = structlog.get_logger("node.taking_held")

Known = dict[str, tuple[Actor, ActorKey]]


async def take_held(node: Node, host: str) -> None:
    """Take what the host said, each once; what its signature does not prove is thrown away. Raises FetchFailed where
    its keys are not to be had now."""
    async with node.database.pool.acquire() as db:
        await node.policy.refresh(db)
        waiting = await held.list_of(db, host)
    known: Known = {}
    for one in waiting:
        if not node.policy.may_federate(host):
            return
        arrival = await _arrival(node, one, known)
        async with node.database.pool.acquire() as db, db.transaction():
            if await held.delete(db, one.id) and arrival is not None:
                await arrivals.insert_many(db, [arrival])
        node.wake_for_arrivals()


async def _arrival(node: Node, one: Held, known: Known) -> NewArrival | None:
    pending = msgspec.json.decode(one.signature, type=PendingSignature)
    try:
        if pending.key_id not in known:
            known[pending.key_id] = await learn_key(node, pending.key_id)
        actor, key = known[pending.key_id]
        pending.signed_by(key)
        said = read_activity(one.body.encode())
    except FetchFailed as error:
        if error.temporary:
            raise
        _log.info("held activity thrown away", held=one.id, reason=str(error))
        return None
    except (SignatureRefused, FetchError, BadActivity) as error:
        _log.info("held activity thrown away", held=one.id, reason=str(error))
        return None
    if said.actor != actor.uri or actor.suspended_at or actor.host_suspended or said.type not in RECEIVERS:
        return None
    uri = said.id or unnamed(said.actor, one.body.encode(), one.signature)
    return NewArrival(uri=uri, type=said.type, actor_uri=said.actor, host=host_of(said.actor), body=one.body)
