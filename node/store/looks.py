"""All that a page shows, looked at at once: whether each post and each person is still as it was read before,
and what stands beside their records. Where nothing of it has changed, what was made of it can be shown again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from node.store.db import Db
from node.store.post_marks import Marks
from node.store.presence import Presence
from node.store.stamps import PARTS, PEOPLE, POSTS, SHOWN, STAMPED, Stamp, stamps_in
from schemas.records import Record

_MARKS = msgspec.json.Decoder(Marks)
_PRESENCE = msgspec.json.Decoder(Presence)

# What `post_marks.of_posts` and `presence.of` ask of each, asked of each table once for all: most of it is not there.
# Each row is a field and its value as JSON. `hidden_why` is asked of what is quoted only. $3 is the viewer.
_BESIDE = f"""
    SELECT 'liked', post_id, 'true', NULL, NULL FROM reactions
     WHERE actor_id = $3 AND post_id = {POSTS} AND kind = 'like'
     UNION ALL
    SELECT 'boosted', b.boost_of_id, 'true', NULL, NULL FROM posts b
     WHERE b.actor_id = $3 AND b.boost_of_id = {POSTS} AND b.deleted_at IS NULL
     UNION ALL
    SELECT 'bookmarked', post_id, 'true', NULL, NULL FROM bookmarks WHERE actor_id = $3 AND post_id = {POSTS}
     UNION ALL
    SELECT 'pinned', post_id, 'true', NULL, NULL FROM featured WHERE actor_id = $3 AND post_id = {POSTS}
     UNION ALL
    SELECT 'thread_muted', shown.id, 'true', NULL, NULL
      FROM muted_threads m JOIN shown ON shown.context = m.context WHERE m.actor_id = $3
     UNION ALL
    SELECT 'follows_author', shown.id, 'true', NULL, NULL
      FROM follows f JOIN shown ON shown.actor_id = f.followed_id
     WHERE f.follower_id = $3 AND f.followed_id = {PEOPLE} AND f.state = 'accepted'
     UNION ALL
    SELECT 'votes', post_id, json_agg(option ORDER BY option)::text, NULL, NULL
      FROM votes WHERE actor_id = $3 AND post_id = {POSTS} GROUP BY post_id
     UNION ALL
    SELECT 'rsvp', shown.id, to_json(r.state)::text, NULL, NULL
      FROM shown JOIN rsvps r ON r.event_id = coalesce(shown.rsvp_for_id, shown.id) AND r.actor_id = $3
     WHERE shown.kind = 'event' OR shown.rsvp_for_id IS NOT NULL
     UNION ALL
    SELECT 'rsvps', event_id, json_object_agg(state, n ORDER BY state)::text, NULL, NULL
      FROM (SELECT r.event_id, r.state, count(*) AS n FROM shown JOIN rsvps r ON r.event_id = shown.id
             WHERE shown.kind = 'event' GROUP BY r.event_id, r.state) AS answered
     GROUP BY event_id
     UNION ALL
    SELECT 'asked', shown.id, asked.poll::text, NULL, NULL
      FROM shown, LATERAL (SELECT q.poll FROM posts q
                            WHERE q.rsvp_for_id = shown.id AND q.poll IS NOT NULL AND q.deleted_at IS NULL
                            ORDER BY q.id + 0 LIMIT 1) AS asked  -- or all posts would be walked in their order
     WHERE shown.kind = 'event' AND NOT shown.local
     UNION ALL
    SELECT 'answered_actor_id', shown.id, parent.actor_id::text, NULL, NULL
      FROM shown JOIN posts parent ON parent.id = shown.in_reply_to_id
     UNION ALL
    SELECT 'edited_at', post_id, to_json(max(edited_at))::text, NULL, NULL
      FROM edits WHERE post_id = {POSTS} GROUP BY post_id
     UNION ALL
    SELECT 'app', shown.id, json_build_object('app_name', app.name, 'app_website', app.website)::text, NULL, NULL
      FROM shown JOIN apps app ON app.id = shown.app_id
     WHERE shown.actor_id = $3 OR NOT EXISTS (
           SELECT FROM accounts a WHERE a.id = shown.written_by AND a.preferences ->> 'show_application' = 'false')
     UNION ALL
    SELECT 'quotes_count', quoted_id, count(*)::text, NULL, NULL
      FROM quotes WHERE quoted_id = {POSTS} AND state = 'accepted' GROUP BY quoted_id
     UNION ALL
    SELECT 'quote', q.post_id, json_build_object(
               'quote_state', q.state, 'quoted_id', q.quoted_id, 'quoted_gone', EXISTS (
                   SELECT FROM posts d WHERE d.id = q.quoted_id AND d.deleted_at IS NOT NULL))::text, NULL, NULL
      FROM quotes q WHERE q.post_id = {POSTS}
     UNION ALL
    SELECT 'card', shown.id, row_to_json(card)::text, NULL, NULL
      FROM shown
      JOIN LATERAL (SELECT c.url, c.title, c.description, c.language, c.author_name, c.provider_name, c.published_at,
                           coalesce(m.preview_path, m.path) AS image, m.width, m.height, m.blurhash, m.alt
                      FROM cards c
                      LEFT JOIN media m ON m.id = c.media_id AND m.state = 'ready' AND m.path IS NOT NULL
                     WHERE c.id = shown.card_id AND c.state = 'ready') AS card ON true
     UNION ALL
    SELECT 'counts', c.actor_id, json_build_object('posts', c.posts, 'followers', c.followers,
               'following', c.following, 'last_post_on', c.last_post_on)::text, NULL, NULL
      FROM actor_counts c WHERE c.actor_id = {PEOPLE}
     UNION ALL
    SELECT 'offices', a.actor_id, json_agg(DISTINCT m.role)::text, NULL, NULL
      FROM accounts a JOIN mandates m ON m.account_id = a.id
     WHERE a.actor_id = {PEOPLE} AND m.role <> 'member'
       AND m.starts_at <= now() AND (m.ends_at IS NULL OR m.ends_at > now())
     GROUP BY a.actor_id
     UNION ALL
    SELECT 'pictures', a.id, json_build_object('icon_alt', coalesce(icon.alt, ''),
               'banner_alt', coalesce(banner.alt, ''))::text, NULL, NULL
      FROM actors a LEFT JOIN media icon ON icon.id = a.icon_id LEFT JOIN media banner ON banner.id = a.banner_id
     WHERE a.id = {PEOPLE} AND (a.icon_id IS NOT NULL OR a.banner_id IS NOT NULL)
     UNION ALL
    SELECT 'shows', a.actor_id, a.preferences::text, NULL, NULL FROM accounts a WHERE a.actor_id = {PEOPLE}
     UNION ALL
    SELECT 'filters', 0, '', NULL, NULL
     WHERE EXISTS (SELECT FROM filters WHERE actor_id = $3 AND (ends_at IS NULL OR ends_at > now()))
"""  # noqa: S608 - texts of this package
_LOOKS = f"WITH {SHOWN} {STAMPED} UNION ALL {_BESIDE}"
_OF_PEOPLE = frozenset({"actor", "counts", "offices", "pictures", "shows"})
_WHOLE = frozenset({"app", "quote", "counts", "pictures"})
"""Several fields in one JSON object."""

Fields = tuple[tuple[str, str], ...]


class Shown(Record, frozen=True, kw_only=True):
    """Whose a post is and what it passes on."""

    actor_id: int
    passed_on: int | None


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """By id the fields of posts, with what they pass on, and of people: of those that there are. `filters`: the viewer
    has some that are in force. `rows`: all that was seen, as it came from the database."""

    shown: Mapping[int, Shown]
    posts: Mapping[int, Fields]
    people: Mapping[int, Fields]
    rows: Sequence[Any]
    filters: bool

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

    def holds_office(self, actor_id: int) -> bool:
        """Whether an actor is a member here, of whom something changes by time alone: offices begin and end."""
        return any(part == "shows" for part, _ in self.people[actor_id])

    def marks(self, post_ids: Iterable[int]) -> dict[int, Marks]:
        """Of these posts, by id."""
        return {one: _MARKS.decode(_as_object(self.posts[one])) for one in post_ids if one in self.posts}

    def presence(self) -> dict[int, Presence]:
        """Of all people, by id."""
        return {one: _PRESENCE.decode(_as_object((("actor_id", str(one)), *self.people[one]))) for one in self.people}


NOTHING = Looks(shown={}, posts={}, people={}, rows=(), filters=False)
"""What is seen where nothing is looked at."""


async def look_at(db: Db, post_ids: Sequence[int], actor_ids: Sequence[int], viewer: int | None) -> Looks:
    """Posts, the people whose they are and other people, as one viewer is shown them. Nobody's right to see them is
    asked. Whatever is read of them afterwards is as here or newer."""
    rows = await db.fetch(_LOOKS, list(post_ids), list(actor_ids), viewer)
    posts, people = defaultdict[int, list[tuple[str, str]]](list), defaultdict[int, list[tuple[str, str]]](list)
    shown, filters = dict[int, Shown](), False
    for part, number, beside, actor_id, passed_on in rows:
        if part == "filters":
            filters = True
        else:
            (people if part in _OF_PEOPLE else posts)[number].append((part, beside))
            if part == "post":
                shown[number] = Shown(actor_id=actor_id, passed_on=passed_on)
    return Looks(shown=shown, posts=_fixed(posts), people=_fixed(people), rows=rows, filters=filters)


def _fixed(found: Mapping[int, list[tuple[str, str]]]) -> dict[int, Fields]:
    return {number: tuple(fields) for number, fields in found.items()}


def _as_object(fields: Fields) -> str:
    """Fields as one JSON object; stamps, which are none, left out."""
    parts = [beside[1:-1] if part in _WHOLE else f'"{part}":{beside}' for part, beside in fields if part not in PARTS]
    return "{" + ",".join(parts) + "}"
