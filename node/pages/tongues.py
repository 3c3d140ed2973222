"""The language versions of a text side by side, for who writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from node.store.db import Db
from node.store.posts import edits
from node.web.forms import Form
from node.wording import parity
from schemas.records import Post


def compared(
    form: Form, post: Post | None = None, changed: Mapping[str, Sequence[str]] | None = None
) -> list[parity.Compared]:
    """The versions in a form beside the first of them; none where there is only one."""
    count = form.count("versions")
    written = [(form.value(f"versions.{one}.language"), form.value(f"versions.{one}.text")) for one in range(count)]
    behind = parity.behind(post) if post else {}
    return parity.compare(written, behind, dict(changed or {})) if count > 1 else []


async def changed_since(db: Db, post: Post) -> dict[str, list[str]]:
    """For each version that lags behind: the primary's paragraphs that were not there when it was last written."""
    behind = parity.behind(post)
    if not behind:
        return {}
    earlier = await edits.list_of(db, post.id)
    found = {}
    for one in post.versions:
        if one.language not in behind:
            continue
        written = one.changed_at or post.published_at
        known = next((edit.versions[0] for edit in earlier if edit.edited_at > written and edit.versions), None)
        found[one.language] = parity.changed_since(known, post.versions[0]) if known else []
    return found
