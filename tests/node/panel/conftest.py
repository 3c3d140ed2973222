"""A running hub, its steward `ana`, a moderator `mo`, and people elsewhere who are complained about."""

from __future__ import annotations

import pytest

from node.store.db import Db
from node.store.moderation import reports
from node.store.moderation.reports import Report
from schemas.records import Actor, Viewer
from tests.node.pages.conftest import Browser, Hub, ana, base, cheap_passwords, hub, stranger, unfounded

__all__ = ["ana", "base", "cheap_passwords", "hub", "stranger", "unfounded"]


@pytest.fixture
async def mo(hub: Hub) -> Browser:
    """A moderator's browser, signed in."""
    return await hub.signed_in("mo", "moderator")


async def a_report(db: Db, about: Actor, by: Viewer | None = None, *posts: str, text: str = "Please look") -> Report:
    """A report by a member, or else by the server peer.example."""
    kept = await reports.insert(
        db,
        about.id,
        reporter_id=by.actor.id if by else about.id,
        host=None if by else "peer.example",
        uri=None,
        posts=list(posts),
        content=text,
        category="spam",
    )
    assert kept
    return kept
