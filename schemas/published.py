"""What our own JSON API answers: a published thing as its readers see it. Ids are decimal strings; times are UTC, and
events tell their wall time and zone besides. The names are those of the drafts."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from schemas.media_types import MediumKind
from schemas.things import Attachment, Audience, CallDetail, EventDetail, FindingDetail, Kind, Poll


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of what is answered: what does not apply is left out."""


class Person(Answer, frozen=True, kw_only=True):
    """Who published something, or is named in it. `handle` is name@host."""

    uri: str
    url: str
    handle: str
    name: str


class PublishedVersion(Answer, frozen=True, kw_only=True):
    """The words in one language: `text` is the author's Markdown (ours only), `html` is safe to show."""

    language: str
    name: str = ""
    summary: str = ""
    text: str = ""
    html: str = ""


class Counts(Answer, frozen=True, kw_only=True):
    """How others reacted."""

    replies: int = 0
    likes: int = 0
    boosts: int = 0


class Published(Answer, frozen=True, kw_only=True):
    """A post, event, finding or call; the primary language version first."""

    kind: Kind
    id: str
    uri: str
    url: str
    local: bool
    author: Person
    audience: Audience
    published: datetime
    updated: datetime
    language: str | None = None
    versions: list[PublishedVersion]
    sensitive: bool = False
    area: str | None = None
    tags: list[str] = []
    mentions: list[Person] = []
    attachments: list[Attachment] = []
    in_reply_to: str | None = None
    context: str | None = None
    series: str | None = None
    born_of: str | None = None
    counts: Counts = Counts()
    event: EventDetail | None = None
    finding: FindingDetail | None = None
    call: CallDetail | None = None
    poll: Poll | None = None


class UploadedMedium(Answer, frozen=True, kw_only=True):
    """A file that somebody uploaded. It has its addresses once it is `ready`; `error` says why it `failed`."""

    id: str
    state: Literal["waiting", "ready", "failed"]
    kind: MediumKind
    media_type: str
    url: str | None = None
    preview_url: str | None = None
    alt: str = ""
    focus: tuple[float, float] | None = None
    blurhash: str | None = None
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    error: str | None = None


class AreaAnswer(Answer, frozen=True, kw_only=True):
    """A field of activity of this hub; `uri` is the actor to follow, `labels` are by language."""

    name: str
    uri: str
    labels: dict[str, str]


class ProblemAnswer(Answer, frozen=True, kw_only=True):
    """What is wrong with one field, in the reader's language; `field` is its path in what was sent."""

    field: str
    reason: str


class ErrorAnswer(Answer, frozen=True, kw_only=True):
    """Why something was not done; then nothing has changed."""

    error: str
    problems: list[ProblemAnswer] = []
