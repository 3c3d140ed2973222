"""The JSON with which people publish a finding."""

from typing import Annotated

from msgspec import Meta

from schemas.drafts.parts import (
    Area,
    BaseDraft,
    BornOf,
    Line,
    LinkDraft,
    MediumDraft,
    Name,
    Sentences,
    Tags,
    Versions,
)
from schemas.limits import ADDRESS_BYTES, ATTACHMENTS, CONTRIBUTORS, REASONS, SOURCES
from schemas.things import FindingKind


class FindingDraft(BaseDraft, frozen=True, kw_only=True, tag="finding"):
    """A finding: what was learnt, and what it rests on."""

    versions: Versions
    finding_kind: FindingKind = "insight"
    claim: Annotated[Sentences, Meta(description="what holds, in a sentence or two")] = ""
    reasons: Annotated[tuple[Sentences, ...], Meta(max_length=REASONS, description="why it holds")] = ()
    scope: Annotated[Line, Meta(description="where and for whom it holds", examples=["Housing co-ops in Belgium"])] = ""
    born_of: BornOf | None = None
    sources: Annotated[tuple[LinkDraft, ...], Meta(max_length=SOURCES)] = ()
    license: (
        Annotated[
            str,
            Meta(
                max_length=ADDRESS_BYTES,
                description="short name or address of a licence",
                examples=["CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/"],
            ),
        ]
        | None
    ) = None
    contributors: Annotated[
        tuple[Name, ...], Meta(max_length=CONTRIBUTORS, description="names or handles of those who worked on it")
    ] = ()
    correction: Annotated[
        Sentences, Meta(description="only in a change: what is put right by it; readers see it with its date")
    ] = ""
    area: Area | None = None
    tags: Tags = ()
    image: MediumDraft | None = None
    attachments: Annotated[tuple[MediumDraft, ...], Meta(max_length=ATTACHMENTS)] = ()
