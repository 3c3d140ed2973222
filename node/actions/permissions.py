"""May this viewer do this? Rights are named permissions of the mandates in force, asked at each deed of every door."""

from __future__ import annotations

from node.errors import Forbidden
from node.store.db import Db
from node.store.people import actors
from schemas.drafts import Draft
from schemas.records import Actor, Post, Viewer

SHARED = ("hub", "group", "area")
"""What local actors stand for many: editors publish as them and change what they published."""


async def author_of(db: Db, viewer: Viewer, draft: Draft) -> Actor:
    """The actor in whose name the viewer publishes a draft: the hub or an organisation if the draft says so, else whom
    the session or token acts as. Forbidden without the right to publish, or to publish as that actor."""
    if not viewer.may("publish"):
        raise Forbidden("You may not publish here.")
    actor = await _wanted(db, viewer, draft)
    if not may_act_as(viewer, actor):
        if actor.role_here == "hub":
            raise Forbidden("You may not publish as the hub.")
        raise Forbidden("You may no longer act as {name}.", name=actor.name)
    if actor.suspended_at is not None:
        raise Forbidden("This account is suspended.")
    if actor.moved_to is not None:
        raise Forbidden("This account has moved. To publish here again, take that back first.")
    return actor


async def _wanted(db: Db, viewer: Viewer, draft: Draft) -> Actor:
    """In whose name a draft wants to be published."""
    if draft.organisation is not None:
        found = await actors.find_local(db, draft.organisation.removeprefix("@"))
        if found is None or found.role_here != "group" or found.deleted_at is not None:
            raise Forbidden("There is no organisation of this name here.")
        return found
    return await actors.hub(db) if draft.acting_as == "hub" else viewer.acting


def may_act_as(viewer: Viewer, actor: Actor) -> bool:
    """Whether a viewer may speak in an actor's name: their own, that of an organisation whose editor they are, or as an
    editor of the hub that of the hub, a group or an area."""
    if actor.id == viewer.actor.id:
        return True
    if not actor.local or actor.role_here not in SHARED:
        return False
    return viewer.may("publish_as_hub") or actor.id in viewer.account.edits


def may_change(viewer: Viewer, post: Post) -> bool:
    """Whether a viewer may edit, cancel or delete a post: its author, or an editor what was published in common."""
    return post.local and viewer.may("publish") and may_act_as(viewer, post.actor)


def require_change(viewer: Viewer, post: Post) -> None:
    """Forbidden unless the viewer may change the post."""
    if not may_change(viewer, post):
        raise Forbidden("Only its author may change this.")
