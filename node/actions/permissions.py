"""May this viewer do this? Rights are named permissions of the mandates in force, asked at each deed of every door."""

from __future__ import annotations

from node.errors import Forbidden
from node.store import actors
from node.store.db import Db
from schemas.drafts import Draft
from schemas.records import Actor, Post, Viewer

SHARED = ("hub", "group", "area")
"""What local actors stand for many: editors publish as them and change what they published."""


async def author_of(db: Db, viewer: Viewer, draft: Draft) -> Actor:
    """The actor in whose name the viewer publishes a draft: the hub if the draft says so, else whom the session or
    token acts as. Forbidden without the right to publish, or to publish as that actor."""
    if not viewer.may("publish"):
        raise Forbidden("You may not publish here.")
    actor = await actors.hub(db) if draft.acting_as == "hub" else viewer.acting
    if not may_act_as(viewer, actor):
        raise Forbidden("You may not publish as the hub.")
    if actor.suspended_at is not None:
        raise Forbidden("This account is suspended.")
    if actor.moved_to is not None:
        raise Forbidden("This account has moved. To publish here again, take that back first.")
    return actor


def may_act_as(viewer: Viewer, actor: Actor) -> bool:
    """Whether a viewer may speak in an actor's name: their own, or as an editor that of the hub, a group or an area."""
    if actor.id == viewer.actor.id:
        return True
    return actor.local and actor.role_here in SHARED and viewer.may("publish_as_hub")


def may_change(viewer: Viewer, post: Post) -> bool:
    """Whether a viewer may edit, cancel or delete a post: its author, or an editor what was published in common."""
    return post.local and viewer.may("publish") and may_act_as(viewer, post.actor)


def require_change(viewer: Viewer, post: Post) -> None:
    """Forbidden unless the viewer may change the post."""
    if not may_change(viewer, post):
        raise Forbidden("Only its author may change this.")
