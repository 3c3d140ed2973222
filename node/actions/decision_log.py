"""What the log says about measures: all of it for the staff, and for everybody without names of persons."""

from __future__ import annotations

from node.store.db import Db
from node.store.moderation import log
from schemas.records import Measure, Viewer

DEEDS = {
    "give": "given",
    "end": "ended",
    "prolong": "prolonged",
    "deputy": "deputy named",
    "permissions": "permissions changed",
}


async def write(db: Db, kind: str, measure: Measure, by: Viewer | None, told: str = "") -> None:
    """Leave an entry about a step of a measure. `by` None is the operator's shell or the node itself; `told`: more for
    everybody, such as how a vote ended."""
    content = {
        "measure": measure.id,
        "kind": measure.kind,
        "target_kind": measure.target_kind,
        "target": measure.target,
        "by": by.actor.uri if by else None,
        "public_reason": measure.public_reason,
        "private_reason": measure.private_reason,
        "stands_alone": measure.stands_alone,
        "how": measure.how,
    }
    if told:
        content["told"] = told
    if measure.kind in ("role", "rules"):
        content["detail"] = measure.detail
    await log.append(db, kind, content, public=_public(measure, told))


def _public(measure: Measure, told: str) -> str:
    parts = [
        measure.kind,
        _named(measure),
        told,
        "by one person" if measure.stands_alone and measure.how != "alone" else "",
    ]
    reason = f": {measure.public_reason}" if measure.public_reason else ""
    return " · ".join(one for one in parts if one) + reason


def _named(measure: Measure) -> str:
    """What everybody may know of whom or what it is about: servers and roles by name, persons not."""
    if measure.kind == "rules":
        rules = measure.detail.get("rules", {})
        return ", ".join(f"{name}: {rule['how']}" for name, rule in sorted(rules.items()))
    if measure.kind == "role":
        return f"{measure.detail.get('role', '')} {DEEDS.get(measure.detail.get('deed', ''), '')}".strip()
    return measure.target if measure.target_kind == "domain" else "an account"
