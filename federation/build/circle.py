"""What hubs of a circle say to each other: whether they want to be in one, and what they recommend about other servers
(terms.md, “Between hubs”)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from federation.build.parts import Document, at_context
from schemas.times import utc_text

CIRCLE = "coop:Circle"
RECOMMENDATION = "coop:Recommendation"


def offer_circle(id: str, actor: str, name: str, *, to: Sequence[str]) -> Document:
    """Ask another hub to be in a circle with us; answered by Accept or Reject, ended by Undo or Reject."""
    return _offer(id, actor, {"id": f"{id}#circle", "type": CIRCLE, "attributedTo": actor, "name": name}, to)


def offer_recommendation(
    id: str,
    actor: str,
    *,
    domain: str,
    severity: str,
    reason: str,
    evidence: Sequence[str],
    hearsay: bool,
    published: datetime,
    expires: datetime,
    to: Sequence[str],
) -> Document:
    """Recommend something about a domain; never a command. Taken back by Undo."""
    said: Document = {
        "id": f"{id}#recommendation",
        "type": RECOMMENDATION,
        "attributedTo": actor,
        "content": reason,
        "published": utc_text(published),
        "endTime": utc_text(expires),
        "coop:domain": domain,
        "coop:severity": severity,
        "coop:evidence": list(evidence),
        "coop:hearsay": hearsay,
    }
    return _offer(id, actor, said, to)


def offered_before(id: str, actor: str, kind: str) -> Document:
    """An earlier Offer, as far as an Undo needs it."""
    return {"id": id, "type": "Offer", "actor": actor, "object": {"id": f"{id}#{kind}", "type": f"coop:{kind.title()}"}}


def _offer(id: str, actor: str, object: Document, to: Sequence[str]) -> Document:
    return at_context() | {"id": id, "type": "Offer", "actor": actor, "object": object, "to": list(to)}
