"""What the pages of an event, a finding, a call and a post have in common: the thing a reader may see, in a language
the reader can read, with its answers."""

from __future__ import annotations

from typing import Literal

import msgspec
from aiohttp import web

from node.actions.permissions import may_change
from node.errors import NotFound
from node.store.db import Db
from node.store.people import actors
from node.store.posts import origins, post_marks, posts
from node.store.posts.origins import Chain
from node.store.posts.post_marks import NO_MARKS, Marks
from node.theming.frame import Frame, frame
from node.web.handlers import reading
from node.wording import parity
from node.wording.showing import page_path, version_for
from schemas.records import Post, Viewer
from schemas.things import Kind, Version

LARGEST_ID = 2**63 - 1


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What one of the actors a viewer can be has already done with a thing."""

    mine: Literal["me", "hub"]
    marks: Marks


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """A thing as its page shows it. `above`: what it answers; `answers`: what was answered to it, and to that;
    `standings`: what the viewer and, for an editor, the hub did with it; `chain`: what it came from and what came of
    it."""

    frame: Frame
    post: Post
    version: Version
    above: list[Post]
    answers: list[Post]
    may_manage: bool
    standings: list[Standing]
    chain: Chain | None = None

    @property
    def values(self) -> dict[str, object]:
        """For the template."""
        return {
            "post": self.post,
            "version": self.version,
            "above": self.above,
            "answers": self.answers,
            "may_manage": self.may_manage,
            "standings": self.standings,
            "chain": self.chain,
            "behind": parity.behind(self.post).get(self.version.language),
        }


def id_in(request: web.Request, name: str = "id") -> int:
    """The id in the path; NotFound for a number that cannot be one."""
    written = request.match_info[name]
    if not (written.isascii() and written.isdecimal()) or len(written) > 19 or int(written) > LARGEST_ID:
        raise NotFound
    return int(written)


async def read(request: web.Request, db: Db, kind: Kind) -> Thing:
    """The thing at this path; NotFound or Gone. A `?version=` chooses among its languages."""
    around = await frame(request, db)
    post = await posts.get(db, id_in(request), around.viewer_id)
    if post.kind != kind:
        raise NotFound
    above, answers = await posts.context(db, post.id, viewer=around.viewer_id)
    return Thing(
        frame=around,
        post=post,
        version=version_for(post, request.query.get("version") or around.language),
        above=above,
        answers=answers,
        may_manage=around.viewer is not None and may_change(around.viewer, post),
        standings=await standings(db, around.viewer, post) if around.viewer else [],
        chain=await origins.chain_of(db, post, around.viewer_id) if kind != "post" else None,
    )


async def standings(db: Db, viewer: Viewer, post: Post) -> list[Standing]:
    """What the viewer, and for an editor the hub, did with a thing: the viewer first."""

    async def of(actor_id: int, mine: Literal["me", "hub"]) -> Standing:
        found = await post_marks.of_posts(db, [post.id], actor_id)
        return Standing(mine=mine, marks=found.get(post.id, NO_MARKS))

    own = [await of(viewer.actor.id, "me")]
    return [*own, await of((await actors.hub(db)).id, "hub")] if viewer.may("publish_as_hub") else own


async def to_change(request: web.Request, db: Db, kind: Kind) -> tuple[Frame, Post]:
    """The thing at this path for somebody signed in who wants to do something with it; NotFound, Unauthorized."""
    around = await frame(request, db)
    post = await posts.get(db, id_in(request), around.viewer_id)
    if post.kind != kind:
        raise NotFound
    return around, post


async def redirect_to_page(request: web.Request) -> web.Response:
    """/@name/id → the page of the thing, for whoever may see it; NotFound tells nobody else that it is there."""
    async with reading(request) as db:
        around = await frame(request, db)
        post = await posts.get(db, id_in(request), around.viewer_id)
    raise web.HTTPSeeOther(page_path(post))
