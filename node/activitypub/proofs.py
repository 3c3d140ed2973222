"""Whether a document was signed by its author, whoever brings it (FEP-8b32)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from federation.addresses import host_of
from federation.signatures.proofs import parse_proof
from federation.signatures.refusal import Reason, SignatureRefused
from node.activitypub.signed import Aside, Keys, stay
from node.node import Node


async def proves(keys: Keys, node: Node, document: dict[str, Any], actor_uri: str, aside: Aside = stay) -> None:
    """Return if the document's proof is `actor_uri`'s own; SignatureRefused if not, KeyAway if nobody can tell now."""
    pending = parse_proof(document, datetime.now(UTC), allow_http=node.settings.allow_http)
    if pending.owner != actor_uri:
        raise SignatureRefused(Reason.KEY_OWNER, "the proof is by another actor")
    found = await keys.known(pending.key_id) or await keys.fetch(pending.key_id, host_of(pending.key_id), aside)
    actor, key = found
    if actor.uri != actor_uri or actor.suspended_at or actor.host_suspended:
        raise SignatureRefused(Reason.KEY_OWNER, "the key's owner may not speak here")
    if actor.multikey_id != pending.key_id:
        raise SignatureRefused(Reason.KEY_UNKNOWN, "the actor does not make proofs with that key")
    pending.verify(key)
