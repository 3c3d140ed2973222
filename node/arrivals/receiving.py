"""What arrivals do: each is read, judged and handed to its receiver; effects and end commit together.

Many are done in one transaction, since beginning, ending and looking up who speaks cost more than most effects. What
cannot be done with the others, because it must learn something first or fails, is done apart."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial

import msgspec

from federation import bounded_json, normalise, read, trust
from federation.addresses import BadAddress, host_of
from federation.bounded_json import BadJson
from federation.read.errors import BadDocument, Unwanted
from node.arrivals.slots import Slots
from node.errors import NodeError
from node.inbox import RECEIVERS, Ignored, Needs, Outcome, Refused, Taken
from node.inbox.gathered import GATHERERS, Gatherer, Told
from node.inbox.outcome import Want, WantKind
from node.node import Node
from node.observability.logs import escape
from node.remote import learn_actor, learn_post, look_at_origin
from node.store.db import Db, is_away
from node.store.posts import posts
from node.store.queues import arrivals
from node.store.queues.arrivals import Ending, Speaker
from schemas.limits import (
    ARRIVAL_NEEDS,
    ARRIVALS_LANES,
    FAILURE_CHARS,
    LEARNING,
    LEARNING_PER_HOST,
)
from schemas.objects import RemoteActivity
from schemas.records import Actor, Arrival

LEARN: Mapping[WantKind, Callable[[Node, str], Awaitable[object]]] = {
    "fresh": partial(learn_actor, refresh=True),
    "actor": learn_actor,
    "post": learn_post,
}

TAKEN_OF_FROZEN = frozenset({"Delete", "Undo", "Leave", "Reject", "Block"})
"""What somebody elsewhere who is frozen may still say: that less be there, not more, and who is to let them alone."""
TAKEN_OF_SUSPENDED_THERE = frozenset({"Update", "Delete", "Undo", "Reject"})
"""The same of somebody whom their own server has suspended: that it is so no more, too."""


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """An arrival that was read and whose sender may say that. `needs`: what its receiver must know first."""

    arrival: Arrival
    activity: RemoteActivity
    needs: Needs | None = None

    @property
    def speaker(self) -> tuple[str, str | None]:
        """Who says it, and the activity's id."""
        return self.arrival.actor_uri, self.activity.id

    @property
    def about(self) -> str:
        """What it is likely to lock."""
        answered = (self.activity.object or {}).get("inReplyTo")
        return answered if isinstance(answered, str) else self.activity.object_id or ""


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How an arrival ended. `counted` is a text of ours: strangers' words would fill the tallies."""

    arrival: Arrival
    outcome: Taken | Ignored | Refused
    counted: str = ""

    @property
    def ending(self) -> Ending:
        """How it is written down."""
        match self.outcome:
            case Taken():
                return Ending(id=self.arrival.id, outcome="accepted")
            case Ignored(reason):
                return Ending(id=self.arrival.id, outcome="ignored", reason=reason)
            case Refused(reason):
                return Ending(id=self.arrival.id, outcome="refused", reason=reason)


Heard = Understood | Ended
"""An arrival after it was read."""


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a round: those that ended; those to be done apart; those that must wait for one of these."""

    ended: Sequence[Ended]
    apart: Sequence[Heard]
    later: Sequence[Arrival]


class Failed(Exception):
    """One in a round failed, so all was rolled back; the cause is why."""

    def __init__(self, one: Understood) -> None:
        super().__init__()
        self.one = one


class NotGathered(Exception):
    """One of those that were gathered failed, and nobody knows which; the cause is why."""


class _Undo(Exception):
    """Rolls the transaction back: it needs to know something first."""

    def __init__(self, needs: Needs) -> None:
        super().__init__()
        self.needs = needs


class Receiving:
    """One per working process."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._lanes = asyncio.Semaphore(ARRIVALS_LANES)
        self._slots = Slots(LEARNING, LEARNING_PER_HOST)

    def understand(self, arrival: Arrival) -> Understood | Ended:
        """Read it; say how it ends if it must not have any effect."""
        from federation import vocabulary  # noqa: PLC0415 - little-boxes brings requests; only who works needs it

        try:
            written = arrival.document
            if written is None:
                written = bounded_json.decode_object(arrival.body.encode())
            document = normalise.document(written)
            vocabulary.check(document)
            activity = msgspec.structs.replace(read.activity(document), raw=arrival.body)
        except (BadDocument, BadJson, Unwanted) as error:
            return refused_by(arrival, error)
        outcome = self._refusal(arrival, activity)
        if outcome is not None:
            return Ended(arrival=arrival, outcome=outcome, counted=outcome.reason)
        verdict = trust.may_say(arrival.actor_uri, activity)
        if verdict.decision == "refuse":
            return Ended(arrival=arrival, outcome=Refused(verdict.reason), counted=verdict.reason)
        if verdict.decision == "refetch":
            activity = msgspec.structs.replace(activity, object=None)
        return Understood(arrival=arrival, activity=activity)

    async def together(self, heard: Sequence[Heard], *, gather: bool = True) -> Round:
        """Do all in one transaction; what is plain is gathered, unless told not to. Raises Failed for a receiver's
        error and NotGathered for a gatherer's; whatever is raised, nothing was done."""
        ended = [one for one in heard if isinstance(one, Ended)]
        told = _ordered([one for one in heard if isinstance(one, Understood)])
        apart: dict[str, Understood] = {}
        later: list[Arrival] = []
        async with self._lanes, self._node.database.pool.acquire() as db, db.transaction():
            speakers = await arrivals.speakers(db, [one.speaker for one in told])
            gathered = await self._gathered(db, told, speakers) if gather else {}
            spoken: set[str] = set()
            for one, speaker in zip(told, speakers, strict=True):
                actor_uri = one.arrival.actor_uri
                if actor_uri in apart:
                    later.append(one.arrival)
                    continue
                outcome = gathered.get(one.arrival.id)
                if outcome is None:
                    outcome = await self._one_of_many(db, one, None if actor_uri in spoken else speaker)
                    spoken.add(actor_uri)
                if isinstance(outcome, Needs):
                    apart[actor_uri] = msgspec.structs.replace(one, needs=outcome)
                else:
                    ended.append(_ended(one.arrival, outcome))
            more = await arrivals.finish_all(db, [one.ending for one in ended])
        self._tell(ended, more=more)
        return Round(ended=ended, apart=list(apart.values()), later=later)

    async def apart(self, one: Understood) -> None:
        """Do it in a transaction of its own, after learning what it needs. Raises what is temporary, and mistakes."""
        arrival, activity, asked = one.arrival, one.activity, set[Want]()
        needs = one.needs
        try:
            for _ in range(ARRIVAL_NEEDS):
                if needs is not None:
                    activity = await self._learn_all(activity, needs, asked)
                needs = await self._attempt(arrival, activity, frozenset(asked))
                if needs is None:
                    return
        except (BadDocument, BadJson, Unwanted, NodeError) as error:
            await self.end(refused_by(arrival, error))
        else:
            await self.end(_ended(arrival, Ignored("needs too much")))

    async def end(self, ended: Ended) -> None:
        """Nothing was done, and that is the end of it."""
        with suppress(arrivals.EndedBefore):
            async with self._node.database.pool.acquire() as db, db.transaction():
                more = await arrivals.finish_all(db, [ended.ending])
            self._tell([ended], more=more)

    def _refusal(self, arrival: Arrival, activity: RemoteActivity) -> Ignored | Refused | None:
        if activity.type not in RECEIVERS:
            return Ignored("unknown type")
        unnamed = activity.id is None and arrival.uri.startswith(arrival.actor_uri + arrivals.UNNAMED)
        if activity.actor != arrival.actor_uri or not (unnamed or activity.id == arrival.uri):
            return Refused("read in two ways")
        if not self._node.policy.may_federate(arrival.host):
            return Refused("not federated with")
        return None

    async def _attempt(self, arrival: Arrival, activity: RemoteActivity, asked: frozenset[Want]) -> Needs | None:
        """Run the receiver in a transaction with the end of the arrival; what it needs first, or None when done."""
        try:
            async with self._lanes, self._node.database.pool.acquire() as db, db.transaction():
                outcome = await self._receive(db, arrival, activity)
                while isinstance(outcome, Needs) and outcome.origin is None and asked.issuperset(outcome.wanted):
                    outcome = outcome.otherwise
                if isinstance(outcome, Needs):
                    raise _Undo(outcome)
                ended = _ended(arrival, outcome)
                more = await arrivals.finish_all(db, [ended.ending])
        except _Undo as undo:
            return undo.needs
        except arrivals.EndedBefore:
            return None
        self._tell([ended], more=more)
        return None

    async def _gathered(self, db: Db, told: Sequence[Understood], speakers: Sequence[Speaker]) -> dict[int, Outcome]:
        """By arrival, what could be done at once: of each actor as far as nothing else comes before it."""
        gathered: dict[Gatherer, list[tuple[int, Told]]] = {}
        behind: set[str] = set()
        for one, speaker in zip(told, speakers, strict=True):
            gatherer, activity = GATHERERS.get(one.activity.type), one.activity
            actor = speaker.actor
            if gatherer is None or actor is None or actor.uri in behind or _turned_away(speaker, actor, activity.type):
                behind.add(one.arrival.actor_uri)
            else:
                gathered.setdefault(gatherer, []).append((one.arrival.id, Told(activity, actor)))
        outcomes: dict[int, Outcome] = {}
        try:
            await posts.lock_known(db, [one.about for one in told])
            for gatherer, many in gathered.items():
                done = await gatherer(self._node, db, [one for _, one in many])
                outcomes |= {number: one for (number, _), one in zip(many, done, strict=True) if one is not None}
        except Exception as error:
            if is_away(error):
                raise
            raise NotGathered from error
        return outcomes

    async def _one_of_many(self, db: Db, one: Understood, speaker: Speaker | None) -> Outcome:
        try:
            return await self._receive(db, one.arrival, one.activity, speaker)
        except Exception as error:  # whatever it is, it is raised again where it is done apart
            raise Failed(one) from error

    async def _receive(
        self, db: Db, arrival: Arrival, activity: RemoteActivity, speaker: Speaker | None = None
    ) -> Outcome:
        """`speaker` is looked up unless it is known as of this moment."""
        if speaker is None:
            (speaker,) = await arrivals.speakers(db, [(arrival.actor_uri, activity.id)])
        actor = speaker.actor
        if actor is None:
            return Needs(actors=(activity.actor,))
        if turned_away := _turned_away(speaker, actor, activity.type):
            return turned_away
        return await RECEIVERS[activity.type](self._node, db, activity, actor)

    async def _learn_all(self, activity: RemoteActivity, needs: Needs, asked: set[Want]) -> RemoteActivity:
        """The activity, after all it needs was asked for; with its object as the object's own server shows it now."""
        if needs.origin is not None:
            async with self._slots.taken(host_of(needs.origin)):
                found = await look_at_origin(self._node, needs.origin)
            activity = msgspec.structs.replace(activity, object=found.document, at_origin=found.state)
        for want in needs.wanted:
            await self._learn(want, asked)
        return activity

    async def _learn(self, want: Want, asked: set[Want]) -> None:
        if want in asked:
            return
        asked.add(want)
        kind, uri = want
        with suppress(BadAddress):
            async with self._slots.taken(host_of(uri)):
                await LEARN[kind](self._node, uri)

    def _tell(self, ended: Sequence[Ended], *, more: bool) -> None:
        """It is committed: count what had no effect, and wake who does what the others caused, if there is `more`."""
        for one in ended:
            if not isinstance(one.outcome, Taken):
                self._node.tallies.count(one.arrival.host, one.arrival.type, one.counted)
        (self._node.wake if more else self._node.wake_for_news)()


def _turned_away(speaker: Speaker, actor: Actor, said: str) -> Ignored | Refused | None:
    """How it ends, if this actor may not have any effect by saying that."""
    if actor.local or actor.host_suspended or (actor.suspended_at and not actor.suspended_there):
        return Refused("suspended")
    if actor.suspended_there and said not in TAKEN_OF_SUSPENDED_THERE:
        return Refused("suspended by its own server")
    if actor.frozen_at and said not in TAKEN_OF_FROZEN:
        return Refused("frozen")
    return Ignored("undone before it came") if speaker.took_back else None


def refused_by(arrival: Arrival, error: BadDocument | BadJson | Unwanted | NodeError) -> Ended:
    """How an arrival ends whose reading or receiver raised this."""
    if isinstance(error, NodeError):
        return Ended(arrival=arrival, outcome=Refused(error.message), counted=error.message)
    words = escape(str(error), FAILURE_CHARS)
    if isinstance(error, Unwanted):
        return Ended(arrival=arrival, outcome=Ignored(words), counted="unwanted")
    return Ended(arrival=arrival, outcome=Refused(words), counted="bad document")


def _ended(arrival: Arrival, outcome: Taken | Ignored | Refused) -> Ended:
    counted = "" if isinstance(outcome, Taken) else outcome.reason
    return Ended(arrival=arrival, outcome=outcome, counted=counted)


def _ordered(told: Sequence[Understood]) -> Sequence[Understood]:
    """In one order everywhere, as far as each actor's own order allows: so that transactions that take several do not
    wait for each other for ever."""
    if len({one.arrival.actor_uri for one in told}) < len(told):
        return told
    return sorted(told, key=lambda one: one.about)
