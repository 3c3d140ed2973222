"""May this be published? The one place that API, command, web form and tests ask.

`decode` looks at the shape, `check` at the sense; `read` does both. What only the hub knows (who a handle is, whether
an area exists, whether a medium is there) is asked where drafts are published."""

from datetime import datetime
from typing import Any, assert_never

from schemas.decoding import DraftError, decode
from schemas.drafts import CallDraft, Draft, EventDraft, FindingDraft, PostDraft
from schemas.problems import Problem
from schemas.rules import call, event, finding, post

__all__ = ["DraftError", "check", "decode", "read"]


def check(draft: Draft, now: datetime, *, new: bool = True) -> tuple[Problem, ...]:
    """What is wrong with a draft of the right shape, field by field; empty if nothing is.

    `now` is aware. An edit is not `new`: its deadline may have passed.
    """
    match draft:
        case EventDraft():
            return tuple(event.check(draft, now))
        case FindingDraft():
            return tuple(finding.check(draft))
        case CallDraft():
            return tuple(call.check(draft, now, new=new))
        case PostDraft():
            return tuple(post.check(draft))
        case _:
            assert_never(draft)


def read(data: bytes | dict[str, Any], now: datetime, *, new: bool = True) -> Draft:
    """A draft that may be published, from JSON bytes or an object; raises DraftError with all problems."""
    draft = decode(data)
    if problems := check(draft, now, new=new):
        raise DraftError(problems)
    return draft
