"""Search for readers: things by their words, titles before texts, with what was found marked; people and hubs by parts
of their names and of what they say of themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from node.store.db import Db
from node.store.people.people import actors_of
from node.store.posts.reading import post_of
from node.store.timelines.feeds import LISTED
from node.store.timelines.searching import WALKED
from schemas.limits import SEARCH_EXCERPT_WORDS, SEARCH_RANKED, SEARCH_SHOWN, SEARCH_WORDS_CHARS
from schemas.records import Actor, Post

BEGIN, END = "\x02", "\x03"
"""Around the words that were found; no text of ours holds them."""

_IN_LISTS = LISTED.replace("$4", "$2").replace(" AND NOT keeps_out($2, p.actor_id)", "")
_FOUND = (
    WALKED.format(words="$1", author="NULL", after=0, before=2**63 - 1, wanted="$3")
    + """
    , found AS MATERIALIZED (
        (SELECT one.id, one.kind, one.search, (SELECT question FROM asked) AS question
           FROM worded CROSS JOIN LATERAL (
                SELECT p.id, p.kind, p.search
                  FROM posts p
                 WHERE p.id = worded.id
                   AND p.kind <> 'boost' AND p.deleted_at IS NULL AND p.rsvp_for_id IS NULL
                   AND (p.kind <> 'post' OR p.actor_id = $2 OR EXISTS (
                          SELECT FROM actors author WHERE author.id = p.actor_id AND author.indexable))
                   AND /* listed */
                OFFSET 0) AS one
          LIMIT $3)
        UNION ALL
        (SELECT p.id, p.kind, p.search, asked.question
           FROM asked, posts p
          WHERE p.kind IN ('event', 'finding', 'call')
            AND title_letters(p.versions) ~ ($4::text[])[1] AND title_letters(p.versions) ~ ALL ($4)
            AND NOT p.search @@ asked.question
            AND p.deleted_at IS NULL AND in_lists(p, $2)
          ORDER BY p.id DESC
          LIMIT $3))
""".replace("/* listed */", _IN_LISTS)
)
_PART = re.compile(r"[^\W\d_]{3,}")


_TELLS = """
    AND ($5 = '' OR EXISTS (SELECT FROM told_facts f WHERE f.actor_id = a.id AND f.name = 'areas'
                               AND $5 = ANY (f.words) AND may_read(f.audience, a.id, $2)))
    AND ($6 = '' OR EXISTS (SELECT FROM told_facts f WHERE f.actor_id = a.id AND f.name = 'languages'
                               AND $6 = ANY (f.words) AND may_read(f.audience, a.id, $2)))
"""


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that was found, and the part of its text with the words, in which language."""

    post: Post
    excerpt: str
    language: str


def parts(words: str) -> list[str]:
    """For each word a pattern of what begins or ends with it, the longest first: so compounds are found. None where a
    word is too short, or more is asked than that words are there."""
    asked = words[:SEARCH_WORDS_CHARS].lower().split()
    if not all(_PART.fullmatch(one) for one in asked):
        return []
    return [rf"\m{one}|{one}\M" for one in sorted(asked, key=len, reverse=True)]


async def counts(db: Db, words: str, viewer: int | None) -> dict[str, int]:
    """How many things of each kind there are with these words, among the newest SEARCH_RANKED."""
    rows = await db.fetch(
        _FOUND + "SELECT kind, count(*) AS number FROM found GROUP BY kind",  # noqa: S608
        words[:SEARCH_WORDS_CHARS],
        viewer,
        SEARCH_RANKED,
        parts(words),
    )
    return {row["kind"]: row["number"] for row in rows}


async def things(db: Db, words: str, viewer: int | None, kinds: Sequence[str], offset: int, language: str) -> list[Hit]:
    """What the viewer may find with these words, the best first: in the title, then as a tag, then in the text, then as
    a part of a word of the title. Of several versions with the words the one in `language` is shown."""
    rows = await db.fetch(
        _FOUND  # noqa: S608 - both are texts of this file
        + """
        , best AS MATERIALIZED (
            SELECT id, question, ts_rank('{0.05, 0.1, 0.4, 1}', search, question) AS rank
              FROM found
             WHERE kind = ANY ($5)
             ORDER BY rank DESC, id DESC
             LIMIT $6 OFFSET $7)
        SELECT r.record,
               said.language,
               ts_headline(search_words(said.language), said.words, best.question, $8) AS excerpt
          FROM best
          JOIN posts p ON p.id = best.id
          JOIN post_records r ON r.id = best.id
         CROSS JOIN LATERAL (
               SELECT language, words
                 FROM json_array_elements(p.versions) WITH ORDINALITY AS one(version, number),
                      coalesce(version ->> 'language', 'und') AS language,
                      regexp_replace(concat_ws(' ', version ->> 'summary', version ->> 'content'), '<[^>]*>', ' ', 'g')
                          AS words
                ORDER BY to_tsvector(search_words(language), words) @@ best.question DESC, language = $9 DESC, number
                LIMIT 1) AS said
         ORDER BY best.rank DESC, best.id DESC
        """,
        words[:SEARCH_WORDS_CHARS],
        viewer,
        SEARCH_RANKED,
        parts(words),
        list(kinds),
        SEARCH_SHOWN + 1,
        max(0, min(offset, SEARCH_RANKED)),
        f"StartSel={BEGIN}, StopSel={END}, MaxWords={SEARCH_EXCERPT_WORDS}, MinWords=15",
        language,
    )
    found = ((post_of(row), row) for row in rows)
    return [Hit(post=post, excerpt=row["excerpt"], language=row["language"]) for post, row in found if post]


async def people(
    db: Db, words: str, viewer: int | None, offset: int = 0, *, area: str = "", language: str = ""
) -> list[Actor]:
    """Members who want to be found, by all of the words, and by an area and a language of theirs; without any, all of
    them. Looked for is in what the viewer may read."""
    return await _actors(
        db, words, viewer, f"a.role_here = 'member' AND a.discoverable {_TELLS}", offset, area, language
    )


async def hubs(db: Db, words: str, viewer: int | None, offset: int = 0) -> list[Actor]:
    """This hub, its areas and groups, and approved hubs, by all of the words."""
    wanted = """a.id IN (SELECT id FROM actors WHERE role_here IN ('hub', 'area')
                          UNION
                         SELECT actor_id FROM known_hubs WHERE state = 'approved')"""
    return await _actors(db, words, viewer, wanted, offset)


async def _actors(db: Db, words: str, viewer: int | None, wanted: str, offset: int, *more: str) -> list[Actor]:
    """`wanted` is one of the texts of this file, never what somebody sent."""
    return actors_of(
        await db.fetch(
            f"""
            SELECT row_to_json(a)::text AS actor
              FROM public_actors a
              LEFT JOIN LATERAL (
                   SELECT string_agg(t.words, ' ') AS words
                     FROM (SELECT l.name || ' ' || l.source AS words FROM kept_lines l
                            WHERE l.actor_id = a.id AND may_read(l.audience, a.id, $2)
                           UNION ALL
                           SELECT array_to_string(f.words, ' ') FROM told_facts f
                            WHERE f.actor_id = a.id AND may_read(f.audience, a.id, $2)) AS t) AS told ON a.local
             WHERE {wanted} AND may_be_listed(a.id, $2) AND a.moved_to IS NULL
               AND NOT EXISTS (
                   SELECT FROM regexp_split_to_table(unaccent(lower($1)), '\\s+') AS word
                    WHERE strpos(unaccent(lower(concat_ws(' ', a.name, a.display_name, a.summary, a.fields::text,
                                 told.words))), word) = 0)
             ORDER BY lower(a.display_name), a.id
             LIMIT $3 OFFSET $4
            """,  # noqa: S608
            words.strip()[:SEARCH_WORDS_CHARS],
            viewer,
            SEARCH_SHOWN + 1,
            max(0, min(offset, SEARCH_RANKED)),
            *more,
        )
    )


def total(found: Mapping[str, int]) -> int:
    """Of all kinds together."""
    return sum(found.values())
