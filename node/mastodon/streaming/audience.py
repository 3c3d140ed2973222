"""Who hears of which posts of a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from node.mastodon.streaming.channels import Channel, Kind
from node.mastodon.streaming.listener import Listener
from node.store.db import Db
from node.store.happenings import Happening
from node.store.timelines import streams
from node.store.timelines.streams import Pairs, Traits


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """Pairs of posts and actors, or lists, and what is known of the posts. `named`: whom deleted posts had named."""

    traits: Mapping[int, Traits]
    homes: Pairs
    lists: Pairs
    public: Pairs
    directs: Pairs
    bereaved: Pairs
    named: Mapping[int, Sequence[int]]

    @property
    def shown_posts(self) -> set[int]:
        """The posts that somebody is to be shown."""
        return {post for pairs in (self.homes, self.lists, self.public) for post, _ in pairs}

    def has(self, listener: Listener, channel: Channel, post_id: int) -> bool:
        """Whether a post stands in a stream of a listener."""
        match channel.kind:
            case "user":
                return (post_id, listener.me) in self.homes
            case "list":
                return (post_id, channel.list_id) in self.lists
            case "direct":
                return (post_id, listener.me) in self.directs
            case "public" | "hashtag":
                return (post_id, listener.me) in self.public and channel.takes(self.traits[post_id])
            case _:
                return False

    def is_fresh(self, post_id: int) -> bool:
        """Whether a post is news: what is learnt of long after it was published comes into no stream."""
        return post_id in self.traits and self.traits[post_id].fresh

    def misses(self, listener: Listener, post_id: int) -> bool:
        """Whether a listener may know that a post is gone."""
        return (post_id, listener.me) in self.bereaved or listener.me in self.named.get(post_id, ())

    def written_to(self, actor_id: int) -> list[int]:
        """The messages to few in which an actor has a part."""
        return sorted(post for post, viewer in self.directs if viewer == actor_id)


async def find_audience(db: Db, listeners: Sequence[Listener], batch: Sequence[Happening]) -> Audience:
    """Ask for all listeners and all posts of a batch at once; what nobody listens to is not asked."""
    changed = list({one.subject_id for one in batch if one.kind in ("post.new", "post.changed") and one.subject_id})
    gone = {one.subject_id or 0: one.detail.get("named", ()) for one in batch if one.kind == "post.deleted"}
    homes = _who(listeners, "user") if changed else []
    public = _who(listeners, "public", "hashtag") if changed else []
    directs = _who(listeners, "direct") if changed else []
    lists = list({one.list_id for each in listeners for one in each.channels if one.kind == "list"}) if changed else []
    everyone = list({one.me for one in listeners})
    return Audience(
        traits=await streams.traits(db, changed) if changed else {},
        homes=await streams.homes(db, changed, homes) if homes else NOBODY,
        lists=await streams.lists(db, changed, lists) if lists else NOBODY,
        public=await streams.public(db, changed, public) if public else NOBODY,
        directs=await streams.directs(db, changed, directs) if directs else NOBODY,
        bereaved=await streams.bereaved(db, list(gone), everyone) if gone else NOBODY,
        named=gone,
    )


def _who(listeners: Sequence[Listener], *kinds: Kind) -> list[int]:
    return list({one.me for one in listeners if any(channel.kind in kinds for channel in one.channels)})


NOBODY: Pairs = frozenset()
