"""Rules for findings: something was found, and what it rests on can be looked up."""

from schemas import reasons
from schemas.drafts import FindingDraft
from schemas.licences import address_of
from schemas.rules import parts
from schemas.rules.parts import Problems, problem


def check(draft: FindingDraft) -> Problems:
    """All that is wrong with a finding."""
    yield from parts.audience(draft)
    yield from parts.versions(draft.versions)
    if not draft.claim.strip() and not draft.versions[0].text.strip():
        yield problem("claim", reasons.NOTHING_FOUND)
    for index, reason in enumerate(draft.reasons):
        if not reason.strip():
            yield problem(f"reasons.{index}", reasons.EMPTY)
    yield from parts.line("scope", draft.scope)
    yield from parts.web_address("born_of", draft.born_of)
    for index, source in enumerate(draft.sources):
        yield from parts.web_address(f"sources.{index}.url", source.url)
        yield from parts.line(f"sources.{index}.name", source.name)
    if draft.license is not None and not parts.is_web_address(address_of(draft.license)):
        yield problem("license", reasons.NO_LICENCE)
    yield from parts.lines("contributors", draft.contributors)
    yield from parts.area(draft.area)
    yield from parts.tags(draft.tags)
    yield from parts.medium("image", draft.image)
    for index, medium in enumerate(draft.attachments):
        yield from parts.medium(f"attachments.{index}", medium)
