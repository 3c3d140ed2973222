"""The JSON with which people publish a short post. Mentions and hashtags are read from its text."""

from typing import Annotated

from msgspec import Meta

from schemas.drafts.parts import Area, BaseDraft, Language, Line, MediumDraft, Part, Url
from schemas.limits import (
    ATTACHMENTS,
    POLL_HOURS,
    POLL_OPTION_CHARS,
    POLL_OPTIONS,
    POST_CHARS,
    POST_SOURCE_CHARS,
    URL_COUNTS_AS,
)
from schemas.things import QuotePolicy


class PollDraft(Part, frozen=True, kw_only=True):
    """A question with answers to choose from."""

    options: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=POLL_OPTION_CHARS)], ...],
        Meta(min_length=2, max_length=POLL_OPTIONS),
    ]
    multiple: Annotated[bool, Meta(description="whether one may choose several")] = False
    minutes: Annotated[int, Meta(ge=5, le=POLL_HOURS * 60, description="how long one may answer")] = 1440
    hide_totals: Annotated[bool, Meta(description="whether it is told only at the end how it stands")] = False


class PostDraft(BaseDraft, frozen=True, kw_only=True, tag="post"):
    """A short message."""

    text: Annotated[
        str,
        Meta(
            max_length=POST_SOURCE_CHARS,
            description=f"Markdown; @name@host mentions, #tag tags. {POST_CHARS} characters at most, of which a web "
            f"address counts as {URL_COUNTS_AS}, and a handle without its host",
        ),
    ] = ""
    language: Language | None = None
    summary: Annotated[Line, Meta(description="content warning: shown before the text")] = ""
    sensitive: Annotated[bool, Meta(description="whether media are hidden at first")] = False
    in_reply_to: Annotated[Url, Meta(description="id of what this answers")] | None = None
    attachments: Annotated[tuple[MediumDraft, ...], Meta(max_length=ATTACHMENTS)] = ()
    poll: PollDraft | None = None
    area: Area | None = None
    quote: Annotated[Url, Meta(description="id of the post that is quoted; an edit does not change it")] | None = None
    quote_policy: (
        Annotated[QuotePolicy, Meta(description="who may quote this without asking; absent: everybody, or as before")]
        | None
    ) = None
