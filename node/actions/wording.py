"""The words of a draft as they will be shown: each language version's Markdown as HTML, its hashtags, whom it names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from federation import markdown
from federation.build.urls import Urls
from node.actions.surroundings import Surroundings, handle_of
from schemas.drafts import CallDraft, Draft, EventDraft, FindingDraft, PostDraft
from schemas.languages import canonical
from schemas.limits import TAGS
from schemas.records import Actor, Post
from schemas.tags import normal
from schemas.things import Version

ThingDraft = EventDraft | FindingDraft | CallDraft


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """Versions, the primary one first; `tags` in their stored form; `mentioned` in the order of the text."""

    versions: Sequence[Version]
    tags: Sequence[str]
    mentioned: Sequence[Actor]


def words_of(draft: Draft, around: Surroundings, urls: Urls, language: str) -> Words:
    """Render a draft. `language`: that of a short post which does not say its own."""
    versions = _written(draft, language)
    shown = [
        msgspec.structs.replace(one, content=_render(one.source, around, urls)) if one.source else one
        for one in versions
    ]
    named = [markdown.names(one.source) for one in versions]
    tags = [*getattr(draft, "tags", ()), *(tag for names in named for tag in names.tags)]
    people = [around.mentioned.get(handle_of(one, urls) or ("", "")) for names in named for one in names.handles]
    return Words(
        versions=shown,
        tags=list(dict.fromkeys(map(normal, tags)))[:TAGS],
        mentioned=list({actor.id: actor for actor in people if actor}.values()),
    )


def dated(words: Words, draft: ThingDraft, now: datetime, before: Post | None = None) -> Words:
    """The words with the moment at which each version was last written: what says the same as `before` keeps its own,
    unless its author says that it is `current`."""
    known = {one.language: one for one in before.versions} if before else {}

    def moment(one: Version, current: bool) -> datetime | None:
        old = known.get(one.language)
        if old is None or current:
            return now
        same = (old.name, old.summary, old.source) == (one.name, one.summary, one.source)
        return old.changed_at if same else now

    asked = zip(words.versions, draft.versions, strict=True)
    versions = [msgspec.structs.replace(one, changed_at=moment(one, said.current)) for one, said in asked]
    return msgspec.structs.replace(words, versions=versions)


def _written(draft: Draft, language: str) -> list[Version]:
    if isinstance(draft, PostDraft):
        spoken = canonical(draft.language or language) or language
        return [Version(language=spoken, summary=draft.summary.strip(), source=draft.text)]
    return [
        Version(
            language=canonical(one.language) or one.language,
            name=one.name.strip(),
            summary=one.summary.strip(),
            source=one.text,
        )
        for one in draft.versions
    ]


def _render(source: str, around: Surroundings, urls: Urls) -> str:
    def mention(written: str) -> tuple[str, str] | None:
        actor = around.mentioned.get(handle_of(written, urls) or ("", ""))
        return (actor.url, actor.name) if actor else None

    return markdown.render(source, mention=mention, tag=urls.tag)
