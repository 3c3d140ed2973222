"""Quotes in statuses (FEP-044f): what became of one, and who may make one."""

from __future__ import annotations

from typing import Literal

import msgspec

from node.store.posts.post_marks import Marks
from schemas.records import Post

State = Literal[
    "accepted",
    "pending",
    "rejected",
    "revoked",
    "deleted",
    "unauthorized",
    "blocked_account",
    "blocked_domain",
    "muted_account",
]


class ShallowQuote(msgspec.Struct, frozen=True, kw_only=True):
    """A quote inside a quoted status: only which one it is."""

    state: State
    quoted_status_id: str | None


class QuoteApproval(msgspec.Struct, frozen=True, kw_only=True):
    """Who may quote a status without asking, who after asking, and which of it holds for the viewer."""

    automatic: list[str]
    manual: list[str]
    current_user: Literal["automatic", "manual", "denied", "unknown"]


def state_of(marks: Marks, quoted: Post | None, about_quoted: Marks) -> State:
    """How a quote stands for its viewer. `quoted`: what is quoted, if the viewer may see it."""
    if marks.quoted_gone:
        return "deleted"
    if marks.quote_state != "accepted":
        return marks.quote_state or "pending"
    if quoted is None:
        return "unauthorized"
    return about_quoted.hidden_why or "accepted"


def approval_of(post: Post, marks: Marks, viewer: int | None) -> QuoteApproval:
    """Who may quote a post. What not everybody may read is quoted by its author only."""
    policy = post.quote_policy if post.audience in ("public", "unlisted") else "nobody"
    automatic = {"public": ["public"], "followers": ["followers"], "nobody": []}[policy]
    allowed = viewer is not None and (
        viewer == post.actor.id or policy == "public" or (policy == "followers" and marks.follows_author)
    )
    return QuoteApproval(automatic=automatic, manual=[], current_user="automatic" if allowed else "denied")
