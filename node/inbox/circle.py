"""What hubs of a circle, or who want to be one, offer: to be in it, and what they recommend about other servers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from federation import sanitise
from federation.build.circle import CIRCLE, RECOMMENDATION
from federation.read.errors import BadDocument
from federation.read.fields import Document, text
from federation.read.recommendation import recommendation
from federation.trust import same_origin
from node.actions import circle as deeds
from node.inbox.outcome import Ignored, Outcome, Refused, Taken
from node.store.db import Db
from node.store.notices import notifications
from node.store.people import actors
from node.store.servers import circle
from node.store.servers.circle import Recommendation
from schemas.limits import CIRCLE_HUBS, CIRCLE_NAME_CHARS, CIRCLE_RECOMMENDATIONS, CIRCLE_RECOMMENDED_DAYS
from schemas.objects import RemoteActivity
from schemas.records import Actor

TYPES = (CIRCLE, RECOMMENDATION)


async def receive_circle_offer(db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """An Offer of a circle, or of a recommendation from a hub that is in ours."""
    said = activity.object or {}
    if activity.id is None or actor.kind != "Organization":
        return Refused("no hub")
    if said.get("type") == CIRCLE:
        return await _asked(db, activity.id, said, actor)
    known = await circle.find(db, actor.id)
    if known is None or known.state != "member":
        return Refused("not of our circle")
    return await _recommended(db, activity.id, said, actor)


async def answer_circle(db: Db, offer_uri: str, actor: Actor, *, accepted: bool) -> Outcome | None:
    """An Accept or Reject of the Offer of a circle, ours or theirs; None if it was about something else."""
    known = await circle.find(db, actor.id)
    if known is None or known.offer_uri != offer_uri:
        return None
    if not accepted:
        await deeds.ended(db, actor)
        return Taken()
    if known.state != "asked" or not await circle.agree(db, actor.id, offer_uri):
        return Ignored("nothing was asked")
    return Taken()


async def take_back(db: Db, uri: str, actor: Actor) -> bool:
    """An Undo of the Offer of a circle, or of a recommendation. False if it was about something else."""
    known = await circle.find(db, actor.id)
    if known is not None and known.offer_uri == uri:
        return await deeds.ended(db, actor)
    retracted = await circle.retract(db, actor.id, uri)
    if retracted is None:
        return False
    await deeds.weigh(db, retracted.domain, retracted.kind)
    return True


async def _asked(db: Db, offer_uri: str, said: Document, actor: Actor) -> Outcome:
    name = sanitise.plain(text(said, "name"), single_line=True)[:CIRCLE_NAME_CHARS]
    if not name:
        return Refused("a circle needs a name")
    if len(await circle.list_all(db, CIRCLE_HUBS)) >= CIRCLE_HUBS:
        return Ignored("our circle is full")
    known = await circle.find(db, actor.id)
    if known is not None and known.state == "asked":  # both asked: both want it
        await circle.agree(db, actor.id, known.offer_uri)
        return Taken()
    if not await circle.put(db, actor.id, name, "asks", offer_uri):
        return Ignored("in our circle already")
    await notifications.tell_actor(db, (await actors.hub(db)).id, "suggested_hub", from_id=actor.id)
    return Taken()


async def _recommended(db: Db, offer_uri: str, said: Document, actor: Actor) -> Outcome:
    try:
        read = recommendation(said)
    except BadDocument as error:
        return Refused(str(error))
    now = datetime.now(UTC)
    if not same_origin(read.uri, actor.uri) or read.expires <= now:
        return Ignored("over, or not its own")
    if await circle.count_standing(db, actor.id) >= CIRCLE_RECOMMENDATIONS:
        return Ignored("too many recommendations")
    kept = Recommendation(
        id=0,
        uri=read.uri,
        offer_uri=offer_uri,
        actor_id=actor.id,
        domain=read.domain,
        kind=read.severity,
        reason=read.reason,
        evidence=read.evidence,
        hearsay=read.hearsay,
        published_at=min(read.published or now, now),
        expires_at=min(read.expires, now + timedelta(days=CIRCLE_RECOMMENDED_DAYS)),
        retracted_at=None,
        draft_id=None,
    )
    if not await circle.recommend(db, kept):
        return Ignored("known before")
    await deeds.weigh(db, read.domain, read.severity)
    return Taken()
