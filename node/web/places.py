"""The places at a door: who holds how many, and who has to give one up when all are taken.

A place is either at work, which ends soon and by our own doing, or it waits for somebody else: for the rest of a body,
for a key. Only those that wait can be taken away, and first from who has most of them: nobody keeps others out by being
slow. Who was heard with a valid signature before goes before strangers."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from operator import attrgetter

from node.errors import Overloaded
from schemas.limits import INBOX_RETRY_SECONDS


class NoRoom(Overloaded):
    """No place can be had now, or somebody else needs the one that was had."""

    def __init__(self) -> None:
        soonest, latest = INBOX_RETRY_SECONDS
        super().__init__(random.randint(soonest, latest))  # noqa: S311 - spreads their return


class Place:
    """One, from `Places.take` until `Places.leave`."""

    __slots__ = ("_places", "_timeout", "bytes", "few", "heard", "lost", "since", "who")

    def __init__(self, places: Places, who: str, *, heard: bool) -> None:
        self._places = places
        self.who = who
        self.heard = heard
        self.bytes = 0
        self.few = True
        self.since = 0.0
        """Since when it waits, by the clock of the places."""
        self.lost = False
        self._timeout: asyncio.Timeout | None = None

    @asynccontextmanager
    async def waiting(self, seconds: float | None, *, few: bool = True) -> AsyncIterator[None]:
        """A block that waits for somebody else, so long at most: then TimeoutError. NoRoom if too many wait, or the
        place is needed by others meanwhile. `few`: whether only a few of one asker may; not where they wait for what
        is under way for another one anyway."""
        self.few = few
        self._places.begin_to_wait(self)
        try:
            async with asyncio.timeout(seconds) as self._timeout:
                yield
        except TimeoutError as error:
            if self.lost:
                raise NoRoom from error
            raise
        finally:
            self._timeout = None
            self._places.end_waiting(self)

    def hold(self, size: int) -> None:
        """So many bytes are in memory for it from now on; NoRoom if that is too much."""
        self._places.hold(self, size)

    def leave(self) -> None:
        """Give it back, and the room of what it held."""
        self._places.leave(self)

    def lose(self) -> None:
        """Somebody else has it: end the block that waits."""
        self.lost = True
        if self._timeout is not None and not self._timeout.expired():
            self._timeout.reschedule(0)


class Places:
    """`most` in all, `of_one` of them of one asker; of those that wait for somebody else `waiting_of_one` of one asker
    and `waiting_strangers` of all who were not heard before. What is large together has `most_bytes`, `bytes_of_one` of
    them of one asker. Who waits for longer than `prompt` seconds gives way to anybody."""

    def __init__(
        self, most: int, of_one: int, *, waiting_of_one: int, waiting_strangers: int, most_bytes: int,
        bytes_of_one: int, prompt: float, remembered: int, clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.most, self._of_one = most, of_one
        self._waiting_of_one, self._waiting_strangers = waiting_of_one, waiting_strangers
        self._most_bytes, self._bytes_of_one = most_bytes, bytes_of_one
        self._prompt, self._remembered, self._clock = prompt, remembered, clock
        self._of: Counter[str] = Counter()
        self._waiting: dict[str, dict[Place, None]] = {}
        """Of each asker those that wait, the one that waits for longest first."""
        self._strangers = 0
        self._bytes_of: Counter[str] = Counter()
        self._heard: OrderedDict[str, None] = OrderedDict()
        self.taken = 0
        self.bytes = 0
        """Of all that is large."""
        self.cut = 0
        """How many lost their places to others."""

    def heard(self, who: str) -> None:
        """A valid signature came from there."""
        self._heard[who] = None
        self._heard.move_to_end(who)
        if len(self._heard) > self._remembered:
            self._heard.popitem(last=False)

    def take(self, who: str) -> Place:
        """A place at work; NoRoom if there is none and none can be taken from somebody who waits."""
        place = Place(self, who, heard=who in self._heard)
        if self._of[who] >= self._of_one:
            raise NoRoom
        if self.taken >= self.most:
            self._make_room(place, list(self._waiting.values()), len, len(self._waiting.get(who, ())) + 1)
        self._of[who] += 1
        self.taken += 1
        return place

    def leave(self, place: Place) -> None:
        """Give the place back, and the room of what it held."""
        if not place.lost:
            self._give_back(place)

    def begin_to_wait(self, place: Place) -> None:
        """From now on it waits for somebody else; NoRoom if too many do already."""
        own = self._waiting.get(place.who, {})
        if place.few and sum(one.few for one in own) >= self._waiting_of_one:
            raise NoRoom
        if not place.heard and self._strangers >= self._waiting_strangers:
            strangers = [of for of in self._waiting.values() if not next(iter(of)).heard]
            self._make_room(place, strangers, len, len(own) + 1)
        place.since = self._clock()
        self._waiting.setdefault(place.who, {})[place] = None
        self._strangers += not place.heard

    def end_waiting(self, place: Place) -> None:
        """It goes on by itself."""
        own = self._waiting.get(place.who, {})
        if place in own:
            del own[place]
            self._strangers -= not place.heard
            if not own:
                del self._waiting[place.who]

    def hold(self, place: Place, size: int) -> None:
        """So many bytes are in memory for a place from now on; NoRoom if that is too much."""
        more = size - place.bytes
        own = self._bytes_of[place.who] + more
        if place.lost or own > self._bytes_of_one:
            raise NoRoom
        while more > 0 and self.bytes + more > self._most_bytes:
            large = ([one for one in of if one.bytes and one is not place] for of in self._waiting.values())
            self._make_room(place, [of for of in large if of], lambda of: sum(one.bytes for one in of), own)
        place.bytes += more
        self._bytes_of[place.who] += more
        self.bytes += more

    def _make_room(
        self, place: Place, waiting: Sequence[Collection[Place]], weigh: Callable[[Collection[Place]], int], own: int
    ) -> None:
        """Take the place of who waits for longest of the asker who has most: if that is more than who needs it would
        have, or a stranger gives way to who is none. Else of who waits for longest of all, if that is long. Else
        NoRoom."""
        if not waiting:
            raise NoRoom
        most = max(waiting, key=lambda of: (not next(iter(of)).heard, weigh(of)))
        first = next(iter(most))
        if weigh(most) <= own and not (place.heard and not first.heard):
            first = min((next(iter(of)) for of in waiting), key=attrgetter("since"))
            if self._clock() - first.since <= self._prompt:
                raise NoRoom
        self._cut(first)

    def _cut(self, place: Place) -> None:
        self.cut += 1
        self.end_waiting(place)
        self._give_back(place)
        place.lose()

    def _give_back(self, place: Place) -> None:
        self.taken -= 1
        for counts, amount in ((self._of, 1), (self._bytes_of, place.bytes)):
            counts[place.who] -= amount
            if not counts[place.who]:
                del counts[place.who]
        self.bytes -= place.bytes
        place.bytes = 0
