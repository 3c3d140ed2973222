"""Arrivals in memory, one queue for each actor: what an actor said is begun in its order, and only when nobody is at
something else of the same actor."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from operator import attrgetter

from schemas.records import Arrival


class Lanes:
    """Put in, pick some, give back what was not done, and say when an actor's picked ones are done."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Arrival]] = {}
        self._busy: set[str] = set()
        self._held: dict[int, int] = {}
        """The length of each one's text, by id."""
        self.chars = 0
        """Of all texts that are held."""

    def __len__(self) -> int:
        """How many are held, picked ones included."""
        return len(self._held)

    @property
    def ids(self) -> tuple[int, ...]:
        """All that is held."""
        return tuple(self._held)

    @property
    def ready(self) -> int:
        """How many could be picked now."""
        return sum(len(lane) for actor, lane in self._waiting.items() if actor not in self._busy)

    def put(self, arrivals: Iterable[Arrival]) -> None:
        """Add, in the order in which they came; what comes late takes its place among those that wait."""
        for one in arrivals:
            if one.id not in self._held:
                self._held[one.id] = len(one.body)
                self.chars += len(one.body)
                lane = self._waiting.setdefault(one.actor_uri, deque())
                late = bool(lane) and lane[-1].id > one.id
                lane.append(one)
                if late:
                    self._waiting[one.actor_uri] = deque(sorted(lane, key=attrgetter("id")))

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
