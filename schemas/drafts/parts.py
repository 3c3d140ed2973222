"""What drafts are made of. Limits and descriptions stand here once: for decoding and for the published JSON Schema."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from schemas.access import AccessFeature
from schemas.limits import (
    ACCESS_NOTE_CHARS,
    ADDRESS_BYTES,
    ALT_CHARS,
    LINE_CHARS,
    NAME_CHARS,
    RECIPIENTS,
    SENTENCES_CHARS,
    TAG_CHARS,
    TAGS,
    TEXT_CHARS,
    VERSIONS,
)
from schemas.things import Audience

Name = Annotated[str, Meta(max_length=NAME_CHARS)]
Line = Annotated[str, Meta(max_length=LINE_CHARS)]
Sentences = Annotated[str, Meta(max_length=SENTENCES_CHARS)]
Language = Annotated[str, Meta(description="BCP 47 language tag", examples=["de", "en", "fr-CA"])]
Url = Annotated[
    str,
    Meta(
        max_length=ADDRESS_BYTES,
        description="http(s) address",
        extra_json_schema={"format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"},
    ),
]
ActorName = Annotated[
    str,
    Meta(
        max_length=ADDRESS_BYTES,
        description="a handle, or the address (id) of an account",
        examples=["ana", "@bo@hub.example", "https://hub.example/actors/bo"],
    ),
]
WallTime = Annotated[
    str,
    Meta(
        description="wall time in the draft's `zone`; a time that comes twice when clocks go back means the first",
        examples=["2026-03-07T14:00"],
        extra_json_schema={"pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$"},
    ),
]
Zone = Annotated[str, Meta(description="IANA time zone", examples=["Europe/Berlin"])]
BornOf = Annotated[Url, Meta(description="address of the finding, call or event it came from")]
Area = Annotated[
    str,
    Meta(
        description="name of a field of activity of this hub",
        examples=["housing"],
        extra_json_schema={"pattern": "^[a-z0-9][a-z0-9-]{0,39}$"},
    ),
]
Tags = Annotated[
    tuple[Annotated[str, Meta(max_length=TAG_CHARS + 1)], ...],
    Meta(max_length=TAGS, description="hashtags, with or without #", examples=[["repair", "energy"]]),
]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what drafts are made of: unknown fields are refused."""


class VersionDraft(Part, frozen=True, kw_only=True):
    """The words in one language. The first version's language is the primary one."""

    language: Language
    name: Annotated[Name, Meta(min_length=1, description="title, one plain line")]
    summary: Annotated[Line, Meta(description="one plain line; if absent, the first sentence of the text")] = ""
    text: Annotated[str, Meta(max_length=TEXT_CHARS, description="the full text in Markdown")] = ""
    current: Annotated[bool, Meta(description="it says what the first version says now, although unchanged")] = False


Versions = Annotated[
    tuple[VersionDraft, ...],
    Meta(min_length=1, max_length=VERSIONS, description="language versions, the primary language first"),
]


class PlaceDraft(Part, frozen=True, kw_only=True):
    """A place on Earth."""

    name: Annotated[Name, Meta(min_length=1, description="what people call it", examples=["Community hall"])]
    street: Name = ""
    postal_code: Name = ""
    locality: Annotated[Name, Meta(description="town or village")] = ""
    region: Name = ""
    country: Annotated[
        str, Meta(description="ISO 3166-1 alpha-2", examples=["BE"], extra_json_schema={"pattern": "^([A-Z]{2})?$"})
    ] = ""
    latitude: Annotated[float, Meta(ge=-90, le=90, description="WGS 84")] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180, description="WGS 84")] | None = None
    access: Annotated[tuple[AccessFeature, ...], Meta(description="how people get in and what helps them there")] = ()
    access_note: Annotated[str, Meta(max_length=ACCESS_NOTE_CHARS, description="what else one should know")] = ""


class MediumDraft(Part, frozen=True, kw_only=True):
    """An uploaded medium by its id, or, with `allmende publish`, a file beside the draft."""

    media_id: Annotated[str, Meta(extra_json_schema={"pattern": "^[0-9]{1,19}$"})] | None = None
    path: Annotated[str, Meta(max_length=ADDRESS_BYTES, description="file, relative to the draft")] | None = None
    alt: Annotated[str, Meta(max_length=ALT_CHARS, description="what it shows, for those who do not see it")] = ""
    credit: Annotated[Line, Meta(description="who made it", examples=["Ana Peeters"])] = ""
    license: Annotated[str, Meta(max_length=ADDRESS_BYTES, description="its licence, if it has one of its own")] = ""
    focus: tuple[Annotated[float, Meta(ge=-1, le=1)], Annotated[float, Meta(ge=-1, le=1)]] | None = None


class LinkDraft(Part, frozen=True, kw_only=True):
    """A named web address."""

    url: Url
    name: Line = ""


class BaseDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What all drafts say: for whom, and as whom."""

    audience: Annotated[Audience, Meta(description="who may see it; `hub` and `group` never leave this hub")] = "public"
    group: Annotated[ActorName, Meta(description="the group, if the audience is a group")] | None = None
    to: Annotated[tuple[ActorName, ...], Meta(max_length=RECIPIENTS, description="the people, if `direct`")] = ()
    acting_as: Annotated[
        Literal["me", "hub"], Meta(description="`hub` publishes in the name of the hub (editors only)")
    ] = "me"
    organisation: (
        Annotated[ActorName, Meta(description="the name of an organisation here, to publish as it (its editors only)")]
        | None
    ) = None
