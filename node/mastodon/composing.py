"""From what a client sends for a status to a draft: clients write plain text, which is read as Markdown here."""

from __future__ import annotations

from typing import Any

import msgspec

from node.errors import Gone, Invalid, NotFound
from node.mastodon.asking import parsed_id
from node.mastodon.entities.status import Visibility
from node.mastodon.errors import Refused, Unprocessable
from node.store.db import Db
from node.store.people import people
from node.store.posts import posts
from schemas.check import DraftError, decode
from schemas.drafts import PostDraft
from schemas.languages import canonical
from schemas.lengths import counted
from schemas.limits import POST_CHARS, POST_SOURCE_CHARS
from schemas.preferences import AUDIENCES, preferences_of
from schemas.records import Post, Viewer
from schemas.things import Audience


class SentPoll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll as clients send it; `expires_in` in seconds."""

    options: list[str] = []
    expires_in: int | None = None
    multiple: bool = False
    hide_totals: bool = False


class SentMedium(msgspec.Struct, frozen=True, kw_only=True):
    """A changed description of an attached medium; `focus` as `x,y`."""

    id: str
    description: str | None = None
    focus: str | None = None


class SentStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A status as clients send it, new or changed."""

    status: str | None = None
    media_ids: list[str] = []
    media_attributes: list[SentMedium] = []
    poll: SentPoll | None = None
    in_reply_to_id: str | None = None
    sensitive: bool | None = None
    spoiler_text: str | None = None
    visibility: str | None = None
    language: str | None = None
    scheduled_at: str | None = None
    quoted_status_id: str | None = None
    quote_approval_policy: str | None = None


async def draft_of(db: Db, who: Viewer, sent: SentStatus) -> PostDraft:
    """The draft of a new status: what is not said is as the member prefers it.

    A reply to what stays in the hub stays there too. Refused for what is too long or answers nothing; Invalid else.
    """
    prefers = preferences_of(who.account.preferences)
    visibility = sent.visibility or prefers.privacy
    if visibility not in AUDIENCES:
        raise Unprocessable(f"'{visibility}' is not a valid visibility")
    parent = await _answered(db, who, sent)
    quoted = await _quoted(db, who, sent)
    raw = _common(sent) | {
        "language": _language(sent) or prefers.language or who.account.language,
        "sensitive": prefers.sensitive if sent.sensitive is None else sent.sensitive,
        "quote_policy": sent.quote_approval_policy or prefers.quote_policy,
        "quote": quoted.uri if quoted else None,
    }
    return _read(raw | await _addressed(db, AUDIENCES[visibility], parent))


async def changed_draft(db: Db, before: Post, sent: SentStatus) -> PostDraft:
    """The draft of a changed status; whom it is for and what it answers stay."""
    raw = _common(sent) | {
        "language": _language(sent) or before.language,
        "sensitive": before.sensitive if sent.sensitive is None else sent.sensitive,
        "quote_policy": sent.quote_approval_policy,
        "audience": before.audience,
        "group": await _group(db, before),
    }
    return _read(raw)


def visibility_of(draft: PostDraft) -> Visibility:
    """For whom a draft is, in clients' words."""
    found: dict[Audience, Visibility] = {"public": "public", "unlisted": "unlisted", "direct": "direct"}
    return found.get(draft.audience, "private")


def _common(sent: SentStatus) -> dict[str, Any]:
    text, warning = sent.status or "", (sent.spoiler_text or "").strip()
    if counted(text) + len(warning) > POST_CHARS or len(text) > POST_SOURCE_CHARS:
        raise Unprocessable(f"Text character limit of {POST_CHARS} exceeded")
    if not text.strip() and not sent.media_ids and sent.poll is None:
        if not warning:
            raise Unprocessable("Text can't be blank")
        text = warning
    return {
        "kind": "post",
        "text": text,
        "summary": " ".join(warning.split()),
        "attachments": _media(sent),
        "poll": _poll(sent.poll) if sent.poll and sent.poll.options else None,
    }


def _language(sent: SentStatus) -> str | None:
    """A language that we know; Mastodon ignores any other."""
    return canonical(sent.language) if sent.language else None


def _poll(sent: SentPoll) -> dict[str, Any]:
    if not sent.expires_in:
        raise Unprocessable("Expires at can't be blank")
    return {
        "options": [option.strip() for option in sent.options],
        "multiple": sent.multiple,
        "minutes": -(-sent.expires_in // 60),
        "hide_totals": sent.hide_totals,
    }


def _media(sent: SentStatus) -> list[dict[str, Any]]:
    described = {one.id: one for one in sent.media_attributes}
    return [{"media_id": one, **_description(described.get(one))} for one in dict.fromkeys(sent.media_ids)]


def _description(said: SentMedium | None) -> dict[str, Any]:
    if said is None:
        return {}
    told: dict[str, Any] = {"alt": said.description.strip()} if said.description else {}
    if said.focus:
        try:
            x, y = (float(part) for part in said.focus.split(","))
        except ValueError as error:
            raise Unprocessable("Focus is invalid") from error
        told["focus"] = [x, y]
    return told


async def _answered(db: Db, who: Viewer, sent: SentStatus) -> Post | None:
    if not sent.in_reply_to_id:
        return None
    try:
        found = await posts.get(db, parsed_id(sent.in_reply_to_id), who.acting.id)
    except (NotFound, Gone) as error:
        raise Refused(404, "The post you are trying to reply to does not appear to exist.") from error
    return found.boost_of or found


async def _quoted(db: Db, who: Viewer, sent: SentStatus) -> Post | None:
    if not sent.quoted_status_id:
        return None
    try:
        found = await posts.get(db, parsed_id(sent.quoted_status_id), who.acting.id)
    except (NotFound, Gone) as error:
        raise Refused(404, "The post you are trying to quote does not appear to exist.") from error
    return found.boost_of or found


async def _addressed(db: Db, audience: Audience, parent: Post | None) -> dict[str, Any]:
    if parent is None:
        return {"audience": audience}
    if parent.audience in ("hub", "group") and audience != "direct":
        return {"in_reply_to": parent.uri, "audience": parent.audience, "group": await _group(db, parent)}
    return {"in_reply_to": parent.uri, "audience": audience}


async def _group(db: Db, post: Post) -> str | None:
    """The address of the group that a post is for."""
    found = await people.get_many(db, [post.group_id]) if post.group_id else {}
    return next((group.uri for group in found.values()), None)


def _read(raw: dict[str, Any]) -> PostDraft:
    try:
        draft = decode({name: value for name, value in raw.items() if value is not None})
    except DraftError as error:
        raise Invalid(error.problems) from error
    assert isinstance(draft, PostDraft)  # noqa: S101 - its kind says so
    return draft
