"""What a draft says, ready to be kept: the same for publishing and for editing."""

from __future__ import annotations

from datetime import datetime

import msgspec

from federation.build.urls import Urls
from node.actions import composing
from node.actions.permissions import may_act_as
from node.actions.series import Date
from node.actions.surroundings import Surroundings, look_around
from node.actions.wording import Words, dated, words_of
from node.outbox import STAYS_HERE
from node.store.db import Db
from node.store.events import places
from node.store.posts import posts
from schemas.drafts import CallDraft, Draft, EventDraft, FindingDraft, PostDraft
from schemas.drafts.parts import MediumDraft
from schemas.records import Actor, Post, Viewer
from schemas.things import CallDetail, EventDetail, FindingDetail, Poll, QuotePolicy


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """A draft with its author, all that it names, and its words as they will be shown. `agreed`: ids of those who hold
    the event if the draft says so. `before`: the post that it changes, as it stands."""

    draft: Draft
    author: Actor
    around: Surroundings
    words: Words
    urls: Urls
    now: datetime
    agreed: frozenset[str] = frozenset()
    before: Post | None = None


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """At most one of them: the detail of the kind."""

    event: EventDetail | None = None
    finding: FindingDetail | None = None
    call: CallDetail | None = None


async def gather(
    db: Db, urls: Urls, viewer: Viewer, author: Actor, draft: Draft, now: datetime, *, before: Post | None = None
) -> Material:
    """Find whom and what a draft means, and render its texts; Invalid says what it names that is not there."""
    around = await look_around(db, urls, viewer, author, draft, before=before)
    language = (before.language if before else None) or viewer.account.language
    words = words_of(draft, around, urls, language)
    if not isinstance(draft, PostDraft):
        words = dated(words, draft, now, before)
    agreed = {one.uri for one in around.people.values() if one.id == author.id or may_act_as(viewer, one)}
    agreed |= set(before.event.organisers) if before and before.event else set()
    return Material(
        draft=draft,
        author=author,
        around=around,
        words=words,
        urls=urls,
        now=now,
        agreed=frozenset(agreed),
        before=before,
    )


async def content_of(db: Db, made_of: Material, uri: str, *, date: Date | None = None) -> posts.Content:
    """The content of one post of this address. `date`: of a series."""
    draft, words, before = made_of.draft, made_of.words, made_of.before
    details = await _details(db, made_of, uri, date)
    return posts.Content(
        url=uri,
        language=words.versions[0].language,
        versions=words.versions,
        sensitive=isinstance(draft, PostDraft) and (draft.sensitive or bool(draft.summary)),
        tags=words.tags,
        area=draft.area,
        attachments=composing.attachments_of(_media(draft), made_of.around.media, made_of.urls),
        poll=_poll(made_of),
        quote=before.quote if before else draft.quote if isinstance(draft, PostDraft) else None,
        quote_policy=_quote_policy(draft, before),
        event=details.event,
        finding=details.finding,
        call=details.call,
        series=before.series if before else None,
        born_of=None if isinstance(draft, PostDraft) else draft.born_of,
        mention_ids=[actor.id for actor in people(made_of)],
        updated_at=made_of.now,
    )


def named_hosts(made_of: Material) -> list[Actor]:
    """Who shall hold the event beside its author, whether they agreed or not."""
    draft, around = made_of.draft, made_of.around
    if not isinstance(draft, EventDraft):
        return []
    return [around.people[name] for name in (*draft.organisers, *draft.co_hosts)]


def people(made_of: Material) -> list[Actor]:
    """Who is named, addressed or answered, and so may see it: never the author, and of what stays here only locals.
    Whom a direct message has reached it is not taken from again."""
    draft, around = made_of.draft, made_of.around
    named = [around.people[name] for name in draft.to]
    answered = [around.parent.actor] if around.parent else []
    reached = made_of.before.mentions if made_of.before and draft.audience == "direct" else []
    everybody = {actor.id: actor for actor in (*answered, *named, *made_of.words.mentioned, *reached)}
    return [
        actor
        for actor in everybody.values()
        if actor.id != made_of.author.id and (actor.local or draft.audience not in STAYS_HERE)
    ]


async def _details(db: Db, made_of: Material, uri: str, date: Date | None) -> Details:
    draft, around, urls, before = made_of.draft, made_of.around, made_of.urls, made_of.before
    match draft:
        case EventDraft():
            event = composing.event_detail(
                draft,
                around,
                made_of.author,
                starts=date.starts if date else None,
                rrule=date.rrule if date else None,
                before=before.event if before else None,
            )
            place = await places.keep(db, event.place, urls.place) if event.place else None
            held_by = tuple(one for one in event.organisers if one in made_of.agreed or one == made_of.author.uri)
            held_by = held_by if held_by != (made_of.author.uri,) else ()
            return Details(event=msgspec.structs.replace(event, place=place, organisers=held_by))
        case CallDraft():
            call = composing.call_detail(draft, urls.intent(uri), before.call if before else None)
            place = await places.keep(db, call.place, urls.place) if call.place else None
            return Details(call=msgspec.structs.replace(call, place=place))
        case FindingDraft():
            return Details(finding=composing.finding_detail(draft, made_of.now, before.finding if before else None))
        case PostDraft():
            return Details()


def _poll(made_of: Material) -> Poll | None:
    if not isinstance(made_of.draft, PostDraft):
        return None
    return composing.poll_of(made_of.draft, made_of.now, made_of.before.poll if made_of.before else None)


def _quote_policy(draft: Draft, before: Post | None) -> QuotePolicy:
    chosen = draft.quote_policy if isinstance(draft, PostDraft) else None
    return chosen or (before.quote_policy if before else "public")


def _media(draft: Draft) -> list[MediumDraft]:
    if isinstance(draft, PostDraft):
        return list(draft.attachments)
    pictured = [draft.image] if draft.image else []
    return [*pictured, *(draft.attachments if isinstance(draft, FindingDraft) else ())]
