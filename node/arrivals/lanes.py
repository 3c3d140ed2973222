"""Arrivals in memory, one queue for each actor: what an actor said is begun in its order, and only when nobody is at
something else of the same actor."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

from schemas.limits import ARRIVALS_REMEMBERED
from schemas.records import Arrival


class Lanes:
    """Put in, pick some, give back what was not done, and say when an actor's picked ones are done."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: dict[str, deque[Arrival]] = {}
        self._busy: set[str] = set()
        self._held: dict[int, int] = {}
        """The length of each one's text, by id."""
        self.chars = 0
        """Of all texts that are held."""
        self._came: dict[int, None] = {}
        """The last ones that came, in that order."""
        self._early: dict[int, list[Arrival]] = {}
        """By the id of the one after which they come, which has not come yet."""
        self._early_since: dict[int, float] = {}

    def __len__(self) -> int:
        """How many are held, picked and early ones included."""
        return len(self._held)

    @property
    def ids(self) -> tuple[int, ...]:
        """All that is held, early ones included."""
        return tuple(self._held)

    @property
    def ready(self) -> int:
        """How many could be picked now."""
        return sum(len(lane) for actor, lane in self._waiting.items() if actor not in self._busy)

    def put(self, arrivals: Iterable[Arrival]) -> None:
        """Add, in the order in which they came; what comes late takes its place among those that wait, and what comes
        before the one that it comes after is kept until that has come."""
        for one in arrivals:
            if one.id not in self._held:
                self._held[one.id] = len(one.body)
                self.chars += len(one.body)
                if one.comes_after is None or one.comes_after in self._came:
                    self._let_in(one)
                else:
                    self._early.setdefault(one.comes_after, []).append(one)
                    self._early_since.setdefault(one.comes_after, self._clock())

    def overdue(self, seconds: float) -> list[int]:
        """Give up those that came early if one of them has waited for so long: they are no longer held. Their ids."""
        if not self._early or self._clock() - min(self._early_since.values()) < seconds:
            return []
        early = [one for waiting in self._early.values() for one in waiting]
        self._early.clear()
        self._early_since.clear()
        for one in early:
            self.done(one)
        return [one.id for one in early]

    def _let_in(self, first: Arrival) -> None:
        coming = [first]
        for one in coming:
            lane = self._waiting.setdefault(one.actor_uri, deque())
            late = bool(lane) and lane[-1].id > one.id
            lane.append(one)
            if late:
                self._waiting[one.actor_uri] = deque(sorted(lane, key=attrgetter("id")))
            self._came[one.id] = None
            if len(self._came) > ARRIVALS_REMEMBERED:
                del self._came[next(iter(self._came))]
            if one.id in self._early:
                coming += self._early.pop(one.id)
                del self._early_since[one.id]

    def pick(self, limit: int, parts: int = 1) -> list[Arrival]:
        """Up to so many of actors with whom nobody is busy, who are from now on: the first of each, then their second
        ones, so that nobody who says much holds up the others. Of one of so many parts of these actors only."""
        free = [lane for actor, lane in self._waiting.items() if actor not in self._busy]
        free = free[: -(-len(free) // parts)]
        picked: list[Arrival] = []
        while free and len(picked) < limit:
            picked += [lane.popleft() for lane in free[: limit - len(picked)]]
            free = [lane for lane in free if lane]
        for actor in {one.actor_uri for one in picked}:
            self._busy.add(actor)
            if not self._waiting[actor]:
                del self._waiting[actor]
        return picked

    def put_back(self, arrivals: Sequence[Arrival]) -> None:
        """What was picked and not begun stands in front again, in the order given."""
        for one in reversed(arrivals):
            self._waiting.setdefault(one.actor_uri, deque()).appendleft(one)

    def done(self, arrival: Arrival) -> None:
        """It is no longer held."""
        self.chars -= self._held.pop(arrival.id, 0)

    def free(self, actor_uri: str) -> None:
        """Nobody is busy with this actor any more."""
        self._busy.discard(actor_uri)
