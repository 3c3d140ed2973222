"""All that a page shows, looked at at once: whether each post and each person is still as it was read before,
and what stands beside their records. Where nothing of it has changed, what was made of it can be shown again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from node.store.db import Db, ids_as_text
from node.store.people.presence import Presence
from node.store.posts.post_marks import Marks
from node.store.posts.reading import records_in
from node.store.timelines.stamps import PARTS, Stamp, stamps_in
from schemas.records import Post, Record

_MARKS = msgspec.json.Decoder(Marks)
_PRESENCE = msgspec.json.Decoder(Presence)

# Asks all that `post_marks.of_posts` and `presence.of` ask, of each table once for all posts: most of it is not there.
# Each row is a part, the posts or people that have it, and its value of each as JSON (without values: true).
# `hidden_why` is asked of what is quoted only.
_LOOKS = "SELECT * FROM looks($1::text::bigint[], $2::text::bigint[], $3, $4::text::bigint[])"
_OF_PEOPLE = frozenset({"counts", "offices", "pictures", "shows"})
_WHOLE = frozenset({"app", "quote", "counts", "pictures"})
"""Several fields in one JSON object."""

_STAMPED = frozenset({"post", "actor", "named", *PARTS})

Fields = tuple[tuple[str, str], ...]


class Shown(Record, frozen=True, kw_only=True):
    """Whose a post is and what it passes on."""

    actor_id: int
    passed_on: int | None


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """By id the fields of posts, with what they pass on, and of people: of those that there are. `filters`: the viewer
    has some that are in force. `rows`: all that was seen, as it came from the database; `records`: posts that were
    read, too, less those that are deleted. `officers`: members here, of whom something changes by time alone: offices
    begin and end."""

    shown: Mapping[int, Shown]
    posts: Mapping[int, Fields]
    people: Mapping[int, Fields]
    rows: Sequence[Any]
    filters: bool
    records: Sequence[Post] = ()
    officers: frozenset[int] = frozenset()

    @property
    def stamps(self) -> dict[int, Stamp]:
        """Of posts, by id; found out where something is read."""
        return stamps_in(self.rows)

    def of_post(self, post_id: int) -> tuple[object, ...]:
        """All that was seen of a post, to be compared: while it is the same, the same is shown of it."""
        shown = self.shown[post_id]
        own = self.posts[post_id], self.people[shown.actor_id]
        return own if shown.passed_on is None else (*own, *self.of_post(shown.passed_on))

    def concerned(self, post_id: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The posts and people of which something is shown with a post: with what it passes on."""
        shown = self.shown[post_id]
        if shown.passed_on is None:
            return (post_id,), (shown.actor_id,)
        posts, people = self.concerned(shown.passed_on)
        return (post_id, *posts), (shown.actor_id, *people)

    def marks(self, post_ids: Iterable[int]) -> dict[int, Marks]:
        """Of these posts, by id."""
        return {one: _MARKS.decode(_as_object(self.posts[one])) for one in post_ids if one in self.posts}

    def presence(self) -> dict[int, Presence]:
        """Of all people, by id."""
        return {one: _PRESENCE.decode(_as_object((("actor_id", str(one)), *self.people[one]))) for one in self.people}


NOTHING = Looks(shown={}, posts={}, people={}, rows=(), filters=False)
"""What is seen where nothing is looked at."""


async def look_at(
    db: Db, post_ids: Sequence[int], actor_ids: Sequence[int], viewer: int | None, unread: Sequence[int] = ()
) -> Looks:
    """Posts, the people whose they are and other people, as one viewer is shown them. Nobody's right to see them is
    asked. Whatever is read of them afterwards is as here or newer; the records of those that are `unread` come along.
    """
    rows = await db.fetch(_LOOKS, ids_as_text(post_ids), ids_as_text(actor_ids), viewer, ids_as_text(unread))
    found = {part: (numbers, beside, whose) for part, numbers, beside, whose in rows}
    if "post" not in found and "actor" not in found:
        return Looks(shown={}, posts={}, people={}, rows=rows, filters="filters" in found)
    stamps = dict(zip(*found["actor"][:2], strict=True))
    shown = dict[int, Shown]()
    if "post" in found:
        ids, _, authors = found["post"]
        shown = {
            number: Shown(actor_id=author, passed_on=passed_on)
            for number, author, passed_on in zip(ids, authors, found["passed_on"][2], strict=True)
        }
    posts = {number: list[tuple[str, str]]() for number in shown}
    who = {*(one.actor_id for one in shown.values()), *actor_ids}
    people = {one: [("actor", stamp)] for one, stamp in stamps.items() if one in who}
    for row in rows:
        _sort_in(row, posts, people, shown, stamps)
    return Looks(
        shown=shown,
        posts=_fixed(posts),
        people=_fixed(people),
        rows=rows,
        filters="filters" in found,
        officers=frozenset(found["shows"][0]) if "shows" in found else frozenset(),
        records=records_in(found["record"][1]) if "record" in found and found["record"][1] else [],
    )


def _sort_in(
    row: Any,
    posts: Mapping[int, list[tuple[str, str]]],
    people: Mapping[int, list[tuple[str, str]]],
    shown: Mapping[int, Shown],
    stamps: Mapping[int, str],
) -> None:
    """What was found of one part, to the posts or people that have it."""
    part, numbers, beside, whose = row
    if part in ("actor", "filters", "passed_on", "record"):
        return
    if part == "follows":
        for number, one in shown.items():
            if one.actor_id in numbers:
                posts[number].append(("follows_author", "true"))
    elif part == "named":
        for number, one in zip(numbers, whose, strict=True):
            posts[number].append((part, stamps[one]))
    else:
        owners = people if part in _OF_PEOPLE else posts
        for place, number in enumerate(numbers):
            owners[number].append((part, beside[place] if beside else "true"))


def _fixed(found: Mapping[int, list[tuple[str, str]]]) -> dict[int, Fields]:
    return {number: tuple(fields) for number, fields in found.items()}


def _as_object(fields: Fields) -> str:
    """Fields as one JSON object; stamps, which are none, left out."""
    parts = [
        beside[1:-1] if part in _WHOLE else f'"{part}":{beside}' for part, beside in fields if part not in _STAMPED
    ]
    return "{" + ",".join(parts) + "}"
