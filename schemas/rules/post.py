"""Rules for short posts: something is said, in a language, with media or a poll."""

from schemas import reasons
from schemas.drafts import PostDraft
from schemas.languages import canonical
from schemas.lengths import counted
from schemas.limits import POST_CHARS
from schemas.rules import parts
from schemas.rules.parts import Problems, problem


def check(draft: PostDraft) -> Problems:
    """All that is wrong with a post."""
    yield from parts.audience(draft, people_needed=False)
    if not draft.text.strip() and not draft.attachments and draft.poll is None:
        yield problem("text", reasons.NOTHING_SAID)
    if counted(draft.text) > POST_CHARS:
        yield problem("text", reasons.TOO_LONG, max=POST_CHARS)
    if draft.language is not None and canonical(draft.language) is None:
        yield problem("language", reasons.NO_LANGUAGE)
    yield from parts.line("summary", draft.summary)
    yield from parts.web_address("in_reply_to", draft.in_reply_to)
    yield from parts.web_address("quote", draft.quote)
    for index, medium in enumerate(draft.attachments):
        yield from parts.medium(f"attachments.{index}", medium)
    if draft.poll is not None:
        if draft.attachments:
            yield problem("poll", reasons.POLL_AND_MEDIA)
        yield from parts.lines("poll.options", draft.poll.options)
        yield from parts.once("poll.options", draft.poll.options)
    yield from parts.area(draft.area)
