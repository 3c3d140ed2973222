"""Answers as clients expect them: JSON, times with milliseconds, pages with Link headers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec
from aiohttp import web

from node.mastodon.asking import Ask
from node.store.posts.reading import Page
from schemas.limits import ID_MOST


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """How a client asks for a part of a list. Cursors that are no ids are taken as not given."""

    max_id: str | None = None
    since_id: str | None = None
    min_id: str | None = None
    limit: int | None = None

    def page(self, usual: int, most: int) -> Page:
        """As the store takes it, with at most `most` items, `usual`ly so many."""
        limit = usual if self.limit is None else max(1, min(self.limit, most))
        return Page(
            max_id=_cursor(self.max_id), since_id=_cursor(self.since_id), min_id=_cursor(self.min_id), limit=limit
        )


def as_json(entity: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """An entity, a list of them, or `{}`. Nothing that a client reads is kept by a cache for others."""
    response = web.Response(
        body=msgspec.json.encode(entity), status=status, content_type="application/json", headers=headers
    )
    response.headers.setdefault("Cache-Control", "private, no-store")
    response.headers.setdefault("Vary", "Authorization, Origin")
    return response


def paged(ask: Ask, entities: object, cursors: Sequence[int], page: Page) -> web.Response:
    """A page of a list, newest first, with Link to the next (`max_id`) and previous (`min_id`) one.

    `cursors`: the ids by which the list is walked, one per row that was read (which may be more than are shown). A
    page with fewer rows than asked for is the last one, except when it was counted from its old end.
    """
    return as_json(entities, headers={"Link": links} if (links := _links(ask, cursors, page)) else None)


def moment(instant: datetime) -> str:
    """ISO 8601 in UTC with exactly three fractional digits and `Z`: strict decoders accept nothing else."""
    instant = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return instant.isoformat(timespec="milliseconds")[:-6] + "Z"


def _links(ask: Ask, cursors: Sequence[int], page: Page) -> str:
    if not cursors:
        return ""
    relations: dict[str, str] = {}
    if len(cursors) >= page.limit or page.min_id is not None:
        relations["next"] = f"max_id={min(cursors)}"
    relations["prev"] = f"min_id={max(cursors)}"
    base = ask.request.rel_url.without_query_params("max_id", "since_id", "min_id")
    start = f"{ask.urls.base_url}{base}{'&' if base.raw_query_string else '?'}"
    return ", ".join(f'<{start}{query}>; rel="{name}"' for name, query in relations.items())


def _cursor(written: str | None) -> int | None:
    if not written or not (written.isascii() and written.isdecimal()):
        return None
    return min(int(written[:20]), ID_MOST)
