"""All that a page shows, looked at in one statement: whether each post and each person is still as it was read before,
and what stands beside their records. Where nothing of it has changed, what was made of it can be shown again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from node.store.db import Db
from node.store.post_marks import MARKED, MARKS, Marks
from node.store.presence import PRESENCE, PRESENT, Presence
from node.store.stamps import PARTS, Stamp

_MARKS = msgspec.json.Decoder(Marks)
_PRESENCE = msgspec.json.Decoder(Presence)

# A boost is one row and what it passes on another, which alone has marks. Of each person there is one row, however many
# of the posts are theirs.
_LOOKS = f"""
    WITH asked AS MATERIALIZED (
        SELECT p.id, p.boost_of_id FROM unnest((SELECT $1::bigint[])) AS one (id) JOIN posts p ON p.id = one.id
    ), every AS MATERIALIZED (
        SELECT p.id, p.boost_of_id, p.actor_id, {PARTS.format(p="p", a="a")} AS stamp,
               CASE WHEN p.boost_of_id IS NULL THEN (
                   SELECT row_to_json(mark)::text FROM (SELECT {MARKS.format(viewer="$3")}) AS mark) END AS beside
          FROM (SELECT id FROM asked UNION SELECT boost_of_id FROM asked WHERE boost_of_id IS NOT NULL) AS one
          JOIN posts p ON p.id = one.id
          JOIN actors a ON a.id = p.actor_id {MARKED.format(viewer="$3")}
    )
    SELECT * FROM every
     UNION ALL
    SELECT NULL, NULL, a.id, concat_ws(' ', a.xmin, a.ctid),
           (SELECT row_to_json(about)::text FROM (SELECT a.id AS actor_id, {PRESENCE}) AS about)
      FROM (SELECT actor_id FROM every UNION SELECT unnest((SELECT $2::bigint[]))) AS one
      JOIN actors a ON a.id = one.actor_id {PRESENT}
     UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL
     WHERE EXISTS (SELECT FROM filters WHERE actor_id = $3 AND (ends_at IS NULL OR ends_at > now()))
"""  # noqa: S608 - texts of this package


class PersonLook(msgspec.Struct, frozen=True):
    """The stamp of an actor's row, and its presence as it came from the database."""

    stamp: str
    presence: str


class PostLook(msgspec.Struct, frozen=True):
    """Whose a post is, its stamp, and its marks as they came from the database; or what it passes on, which has marks
    instead."""

    person: int
    stamp: str
    marks: str | None
    passed_on: int | None = None


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """Posts with what they pass on, and people, by id: those that there are. `filters`: the viewer has some that are in
    force."""

    posts: Mapping[int, PostLook]
    people: Mapping[int, PersonLook]
    filters: bool

    def of_post(self, post_id: int) -> tuple[object, ...]:
        """All that was seen of a post, to be compared: while it is the same, the same is shown of it."""
        look = self.posts[post_id]
        own = look, self.people[look.person]
        return own if look.passed_on is None else (*own, *self.of_post(look.passed_on))

    def stamps(self) -> dict[int, Stamp]:
        """By id the stamps of posts."""
        return {
            number: (look.stamp, None if look.passed_on is None else self.posts[look.passed_on].stamp)
            for number, look in self.posts.items()
        }

    def marks(self, post_ids: Iterable[int]) -> dict[int, Marks]:
        """Of these posts, which are no boosts, by id."""
        texts = {one: self.posts[one].marks for one in post_ids if one in self.posts}
        return {number: _MARKS.decode(text) for number, text in texts.items() if text}

    def presence(self) -> dict[int, Presence]:
        """Of these people, by id."""
        return {number: _PRESENCE.decode(look.presence) for number, look in self.people.items()}


async def look_at(db: Db, post_ids: Sequence[int], actor_ids: Sequence[int], viewer: int | None) -> Looks:
    """Posts, the people whose they are and other people, as one viewer is shown them. Nobody's right to see them is
    asked. Whatever is read of them afterwards is as here or newer."""
    people, posts, filters = dict[int, PersonLook](), dict[int, PostLook](), False
    boosts = list[tuple[int, int, str, int]]()
    for number, passed_on, by, stamp, beside in await db.fetch(_LOOKS, list(post_ids), list(actor_ids), viewer):
        if by is None:
            filters = True
        elif number is None:
            people[by] = PersonLook(stamp, beside)
        elif passed_on is None:
            posts[number] = PostLook(by, stamp, beside)
        else:
            boosts.append((number, by, stamp, passed_on))
    for number, by, stamp, passed_on in boosts:
        posts[number] = PostLook(by, stamp, None, passed_on)
    return Looks(posts=posts, people=people, filters=filters)
