"""Our circle: asked for and agreed to by both hubs, ended by either; and recommendations about other servers between
its hubs. None is a command: each is weighed here, and enough of them at first hand make a draft, no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from federation.addresses import BadAddress, canonical_domain
from federation.build import activities as say
from federation.build import circle as build
from federation.sanitise import url as safe_url
from node.errors import Conflict, Forbidden, Invalid, NotFound
from node.node import Node
from node.outbox import new_activity_id, tell
from node.policy import CHANNEL
from node.store.db import Db
from node.store.moderation import drafts, log, measures
from node.store.people import actors
from node.store.servers import circle, hub_mode
from node.store.servers.circle import Kind, Recommendation
from schemas.limits import (
    CHORES_ROWS,
    CIRCLE_EVIDENCE,
    CIRCLE_HUBS,
    CIRCLE_NAME_CHARS,
    CIRCLE_RECOMMENDED_DAYS,
    REASON_CHARS,
)
from schemas.problems import Problem
from schemas.reasons import EMPTY, IN_THE_PAST, NOT_A_CHOICE, TOO_FAR, TOO_LONG, TOO_MANY, msgid
from schemas.records import Actor, Viewer

PERMISSION = "moderate_servers"
KINDS: tuple[Kind, ...] = ("limit", "reject_media", "reject_reports", "suspend")
NO_DOMAIN = msgid("This is not a domain.")


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What we recommend about a domain, why, on what evidence (web addresses), and until when."""

    domain: str
    kind: str
    reason: str
    evidence: Sequence[str]
    hearsay: bool
    expires: datetime


async def invite(node: Node, db: Db, by: Viewer, other: Actor, name: str) -> None:
    """Ask another hub to be in a circle of this name with us. Raises Forbidden, Invalid, and Conflict where it is."""
    _require(by)
    if not name or len(name) > CIRCLE_NAME_CHARS:
        raise Invalid([Problem(field="name", reason=TOO_LONG if name else EMPTY, values={"max": CIRCLE_NAME_CHARS})])
    if other.local or other.kind != "Organization" or other.suspended_at or other.host_suspended:
        raise NotFound
    if len(await circle.list_all(db, CIRCLE_HUBS)) >= CIRCLE_HUBS:
        raise Invalid([Problem(field="name", reason=TOO_MANY, values={"max": CIRCLE_HUBS})])
    itself = await actors.hub(db)
    _, uri = new_activity_id(node.urls)
    if not await circle.put(db, other.id, name, "asked", uri, by.account.id):
        raise Conflict("This hub is in our circle already.")
    await tell(db, itself, build.offer_circle(uri, itself.uri, name, to=[other.uri]), audience="direct", to=[other])
    await _write(db, "circle.invited", by, other)
    await measures.announce(db, CHANNEL)


async def answer(node: Node, db: Db, by: Viewer, actor_id: int, *, accept: bool) -> None:
    """Agree to be in a circle with a hub that asks, or not. Raises Forbidden, and NotFound where none asks."""
    _require(by)
    known, other = await circle.find(db, actor_id), await actors.get(db, actor_id)
    if known is None or known.state != "asks":
        raise NotFound
    itself = await actors.hub(db)
    _, uri = new_activity_id(node.urls)
    if accept:
        await circle.agree(db, actor_id, known.offer_uri)
        said = say.accept(uri, itself.uri, known.offer_uri, to=[other.uri])
    else:
        await circle.end(db, actor_id)
        said = say.reject(uri, itself.uri, known.offer_uri, to=[other.uri])
    await tell(db, itself, said, audience="direct", to=[other])
    await _write(db, "circle.joined" if accept else "circle.declined", by, other)
    await measures.announce(db, CHANNEL)


async def leave(node: Node, db: Db, by: Viewer, actor_id: int) -> None:
    """End it: what that hub recommended does not stand here any more. Raises Forbidden, NotFound."""
    _require(by)
    known, other = await circle.find(db, actor_id), await actors.get(db, actor_id)
    if known is None:
        raise NotFound
    itself = await actors.hub(db)
    _, uri = new_activity_id(node.urls)
    if known.by is not None:
        said = say.undo(uri, itself.uri, build.offered_before(known.offer_uri, itself.uri, "circle"), to=[other.uri])
    else:
        said = say.reject(uri, itself.uri, known.offer_uri, to=[other.uri])
    await tell(db, itself, said, audience="direct", to=[other])
    await ended(db, other)
    await _write(db, "circle.left", by, other)


async def ended(db: Db, other: Actor) -> bool:
    """A hub is no longer in our circle, whoever ended it. False where it was not."""
    if await circle.end(db, other.id) is None:
        return False
    for domain, kind in await circle.retract_all(db, other.id):
        await weigh(db, domain, kind)
    await measures.announce(db, CHANNEL)
    return True


async def recommend(node: Node, db: Db, by: Viewer, wish: Wish) -> None:
    """Recommend something to all hubs of our circle. Raises Forbidden, Invalid."""
    _require(by)
    domain, kind = _checked(wish)
    itself, now = await actors.hub(db), datetime.now(UTC)
    told = [other for one, other in await circle.list_all(db, CIRCLE_HUBS) if one.state == "member"]
    _, uri = new_activity_id(node.urls)
    evidence = [one for one in wish.evidence if safe_url(one)][:CIRCLE_EVIDENCE]
    kept = Recommendation(
        id=0,
        uri=f"{uri}#recommendation",
        offer_uri=uri,
        actor_id=itself.id,
        domain=domain,
        kind=kind,
        reason=wish.reason,
        evidence=evidence,
        hearsay=wish.hearsay,
        published_at=now,
        expires_at=wish.expires,
        retracted_at=None,
        draft_id=None,
    )
    await circle.recommend(db, kept)
    said = build.offer_recommendation(
        uri,
        itself.uri,
        domain=domain,
        severity=kind,
        reason=wish.reason,
        evidence=evidence,
        hearsay=wish.hearsay,
        published=now,
        expires=wish.expires,
        to=[one.uri for one in told],
    )
    if told:
        await tell(db, itself, said, audience="direct", to=told)
    content = {"target": domain, "kind": kind, "by": by.actor.uri}
    await log.append(db, "recommendation.sent", content, public=f"{kind} · {domain}: {wish.reason}")


async def retract(node: Node, db: Db, by: Viewer, offer_uri: str) -> None:
    """Take back what we recommended. Raises Forbidden, and NotFound where nothing of ours stands."""
    _require(by)
    itself = await actors.hub(db)
    found = await circle.retract(db, itself.id, offer_uri)
    if found is None:
        raise NotFound
    told = [other for one, other in await circle.list_all(db, CIRCLE_HUBS) if one.state == "member"]
    _, uri = new_activity_id(node.urls)
    before = build.offered_before(offer_uri, itself.uri, "recommendation")
    if told:
        said = say.undo(uri, itself.uri, before, to=[one.uri for one in told])
        await tell(db, itself, said, audience="direct", to=told)
    content = {"target": found.domain, "kind": found.kind, "by": by.actor.uri}
    await log.append(db, "recommendation.retracted", content, public=f"{found.kind} · {found.domain}")


async def set_weight(db: Db, by: Viewer, weight: int) -> None:
    """How many hubs must say the same at first hand before it becomes a draft. Raises Forbidden, Invalid."""
    if not by.may("manage_hub"):
        raise Forbidden
    if not 1 <= weight <= 20:
        raise Invalid([Problem(field="weight", reason=NOT_A_CHOICE, values={"choices": "1–20"})])
    await hub_mode.put_weight(db, weight)


async def weigh(db: Db, domain: str, kind: Kind) -> None:
    """Make a draft of what enough hubs of our circle recommend at first hand; withdraw it where they no longer do."""
    reasons = await circle.weigh(db, domain, kind)
    if len(reasons) >= await hub_mode.weight(db):
        number = await drafts.put_one(db, domain, kind, " · ".join(dict.fromkeys(reasons))[:REASON_CHARS])
        if number is not None:
            await circle.keep_draft(db, domain, kind, number)
    elif (number := await circle.draft_of(db, domain, kind)) is not None:
        await drafts.withdraw(db, number)


async def expire(db: Db) -> None:
    """What stood until now stands no more."""
    for domain, kind in await circle.list_expired(db, CHORES_ROWS):
        await weigh(db, domain, kind)


def _checked(wish: Wish) -> tuple[str, Kind]:
    found = []
    kind = next((one for one in KINDS if one == wish.kind), None)
    if kind is None:
        found.append(Problem(field="kind", reason=NOT_A_CHOICE, values={"choices": ", ".join(KINDS)}))
    if not wish.reason.strip():
        found.append(Problem(field="reason", reason=EMPTY))
    if len(wish.reason) > REASON_CHARS:
        found.append(Problem(field="reason", reason=TOO_LONG, values={"max": REASON_CHARS}))
    if wish.expires <= datetime.now(UTC):
        found.append(Problem(field="ends_at", reason=IN_THE_PAST))
    if wish.expires > datetime.now(UTC) + timedelta(days=CIRCLE_RECOMMENDED_DAYS):
        found.append(Problem(field="ends_at", reason=TOO_FAR, values={"years": 1}))
    try:
        domain = canonical_domain(wish.domain) if "." in wish.domain else ""
    except BadAddress:
        domain = ""
    if not domain:
        found.append(Problem(field="domain", reason=NO_DOMAIN))
    if found or kind is None:
        raise Invalid(found)
    return domain, kind


def _require(by: Viewer) -> None:
    if not by.may(PERMISSION):
        raise Forbidden


async def _write(db: Db, kind: str, by: Viewer, other: Actor) -> None:
    content = {"target": other.uri, "by": by.actor.uri}
    await log.append(db, kind, content, public=other.host)
