"""The JSON-LD contexts of our documents, inline so that no reader fetches any. `terms.md` explains our own terms."""

from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

ACTIVITYSTREAMS = "https://www.w3.org/ns/activitystreams"
SECURITY = "https://w3id.org/security/v1"
NAMESPACE = "https://w3id.org/allmende/ns#"

Group = Literal["every", "place", "event", "finding", "call", "actor", "collection", "quote"]
Context = tuple[Any, ...]


@cache
def _groups() -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = msgspec.json.decode((files(__name__) / "inline.json").read_bytes())
    return read


@cache
def context(*groups: Group) -> Context:
    """The `@context` for a document that uses these groups of terms beside those of every document."""
    terms: dict[str, Any] = {}
    for group in ("every", *groups):
        terms |= _groups()[group]
    remote = (ACTIVITYSTREAMS, SECURITY) if "actor" in groups else (ACTIVITYSTREAMS,)
    return (*remote, terms)


def terms_text() -> str:
    """What each of our own terms means, as Markdown: served at /ns/coop."""
    return (files(__name__) / "terms.md").read_text(encoding="utf-8")
