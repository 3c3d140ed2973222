"""Home timelines as they were last put together: what is new since then is put on top of them."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, datetime

import msgspec

from node.caches.watch import Moment, Watch
from node.store import timelines
from node.store.db import Db
from node.store.reading import Page
from node.store.timelines import Walk
from schemas.limits import HOMES_KEPT, NEW_POSTS_ASKED


class _Home(msgspec.Struct, frozen=True, kw_only=True):
    walk: Walk
    moment: Moment


class Homes:
    """The newest pages of homes, in the memory of one process. They are walked anew after every change but new posts
    and what is counted: that says of no other post that it stands there now, or no longer."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._homes = OrderedDict[tuple[int, int], _Home]()

    async def list_home(self, db: Db, viewer: int, page: Page, moment: Moment | None) -> Walk:
        """A page of the home of an actor, as `timelines.list_home` gives it. `moment`: when the watch has looked in
        this request."""
        newest = page.max_id is page.since_id is page.min_id is None
        if moment is None or not newest:
            return await timelines.list_home(db, viewer, page)
        key = viewer, page.limit
        walk = await self._with_new(db, viewer, self._homes.get(key)) or await timelines.list_home(db, viewer, page)
        if len(walk.ids) == page.limit:  # else posts may come from below
            self._homes[key] = _Home(walk=walk, moment=moment)
            self._homes.move_to_end(key)
            while len(self._homes) > HOMES_KEPT:
                self._homes.popitem(last=False)
        return walk

    async def _with_new(self, db: Db, viewer: int, home: _Home | None) -> Walk | None:
        """What is known, with what is new; None where it has to be walked anew."""
        if home is None or (home.walk.turns_at and home.walk.turns_at <= datetime.now(UTC)):
            return None
        made = self._watch.made_since(home.moment)
        if made is None or len(made) > NEW_POSTS_ASKED:
            return None
        ids = home.walk.ids
        if not (made := [one for one in made if one not in ids]):
            return home.walk
        found = await timelines.newcomers(db, viewer, made)
        # Of two boosts of one post the older stands, so an older one that came later takes the place of the newer, from
        # below the page, too.
        if any(one.passes_on and one.id < ids[0] for one in found):
            return None
        ids = sorted([*ids, *(one.id for one in found if one.stands)], reverse=True)[: len(ids)]
        return Walk(ids=ids, cursors=ids, turns_at=home.walk.turns_at)
