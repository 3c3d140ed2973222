"""Records as our JSON answers, and who asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from aiohttp import web

from node.actions.permissions import may_act_as
from node.errors import Forbidden, NotFound, Unauthorized
from node.store.db import Db
from node.store.posts.reading import Page, neighbours
from node.web.handlers import covers, signed_in, viewer
from node.web.keys import URLS
from schemas.published import Counts, Person, Published, PublishedVersion
from schemas.records import Actor, Post, Viewer

LARGEST_ID = 2**63 - 1


async def writer(request: web.Request, db: Db) -> Viewer:
    """Who wants to change something: by a bearer token with the scope `write`, never by a cookie that a browser sends
    along by itself. Unauthorized or Forbidden for anybody else."""
    if "Authorization" not in request.headers:
        raise Unauthorized
    return await signed_in(request, db, scope="write")


def acting(who: Viewer) -> Actor:
    """The actor for whom the asker does something: themselves, or whom the token acts as. Forbidden if they may no
    longer."""
    if not may_act_as(who, who.acting):
        raise Forbidden
    return who.acting


async def reader(request: web.Request, db: Db) -> int | None:
    """The actor with whose eyes the asker reads; None for a stranger. Forbidden for a token without scope `read`."""
    who = await viewer(request, db)
    if who is None:
        return None
    if not covers(who.scopes, "read"):
        raise Forbidden("This token may not do that.")
    return who.acting.id


def asked_id(request: web.Request, name: str = "id") -> int:
    """The id in the path; NotFound for one that cannot be."""
    number = int(request.match_info[name])
    if number > LARGEST_ID:
        raise NotFound
    return number


def as_json(
    answer: object, *, status: int = 200, headers: Mapping[str, str] | None = None, shared: bool = False
) -> web.Response:
    """An answer as JSON. Unless it is `shared` (the same for everybody), no cache may keep it."""
    response = web.Response(
        body=msgspec.json.encode(answer), status=status, content_type="application/json", headers=headers
    )
    if not shared:
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers["Vary"] = "Authorization, Cookie"
    return response


def published(post: Post) -> Published:
    """A post as its readers see it."""
    return Published(
        kind=post.kind if post.kind != "boost" else "post",
        id=str(post.id),
        uri=post.uri,
        url=post.url,
        local=post.local,
        author=person(post.actor),
        audience=post.audience,
        published=post.published_at,
        updated=post.updated_at,
        language=post.language,
        versions=[
            PublishedVersion(
                language=one.language, name=one.name, summary=one.summary, text=one.source, html=one.content
            )
            for one in post.versions
        ],
        sensitive=post.sensitive,
        area=post.area,
        tags=post.tags,
        mentions=[person(actor) for actor in post.mentions],
        attachments=post.attachments,
        in_reply_to=post.in_reply_to,
        context=post.context,
        series=post.series,
        born_of=post.born_of,
        counts=Counts(replies=post.replies_count, likes=post.likes_count, boosts=post.boosts_count),
        event=post.event,
        finding=post.finding,
        call=post.call,
        poll=post.poll,
    )


def person(actor: Actor) -> Person:
    """An actor as far as a list needs it."""
    return Person(
        uri=actor.uri, url=actor.url, handle=f"{actor.name}@{actor.host}", name=actor.display_name or actor.name
    )


def page_of(request: web.Request, found: Sequence[Post], page: Page) -> web.Response:
    """A page of a list that stands newest first, with links (RFC 8288) to what is older (`next`) and newer (`prev`)."""
    ends = neighbours(list(found), page)
    links = {"next": {"max_id": ends.get("older")}, "prev": {"min_id": ends.get("newer")}}
    return listed(request, found, {relation: query for relation, query in links.items() if all(query.values())})


def listed(
    request: web.Request, found: Sequence[Post], links: Mapping[str, Mapping[str, Any]] | None = None
) -> web.Response:
    """A list of posts with links to its other pages; see `linked`."""
    return linked(request, [published(post) for post in found], links)


def linked(
    request: web.Request, answer: Sequence[object], links: Mapping[str, Mapping[str, Any]] | None = None
) -> web.Response:
    """A list with links to its other pages; `links`: relation → what its query says instead of this one's cursor."""
    base = request.rel_url.without_query_params("max_id", "since_id", "min_id", "after")
    address = request.app[URLS].base_url
    said = [f'<{address}{base.update_query(query)}>; rel="{relation}"' for relation, query in (links or {}).items()]
    return as_json(answer, headers={"Link": ", ".join(said)} if said else None)
