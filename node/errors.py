"""What can go wrong, in words we may show. The middleware turns these into JSON or a page; nobody else does."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.problems import Problem
from schemas.reasons import msgid


class NodeError(Exception):
    """Base of all errors we may show. `message` is an English sentence (the msgid) with {named} gaps for `values`."""

    status = 500
    message = "Something went wrong on our side."

    def __init__(self, message: str | None = None, **values: str | int) -> None:
        self.message = message or type(self).message
        self.values = values
        super().__init__(self.message)


class NotFound(NodeError):
    """It is not here, or the asker may not know that it is: both answer alike."""

    status = 404
    message = "There is nothing here."


class SwitchedOff(NotFound):
    """The stewards decided that the hub does without it (schemas/modules.py)."""

    off = True


class Gone(NodeError):
    """It was here and was deleted."""

    status = 410
    message = "This was deleted."


class Unauthorized(NodeError):
    """Nobody is signed in, or the token is not valid."""

    status = 401
    message = "Please sign in first."


FROZEN = msgid("Your account is frozen: you can read, but change nothing. You may appeal.")


class Forbidden(NodeError):
    """Signed in, but not allowed."""

    status = 403
    message = "You may not do this."


class Conflict(NodeError):
    """It cannot be done in the present state."""

    status = 409
    message = "This cannot be done now."


class TooMany(NodeError):
    """Asked too often. `retry_after` is in seconds."""

    status = 429
    message = "Too many requests. Please wait a little."

    def __init__(self, retry_after: int, message: str | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Overloaded(NodeError):
    """More than can be taken now. `retry_after` is in seconds."""

    status = 503
    message = "The hub is busy for a moment. Please try again."

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


class Invalid(NodeError):
    """Some fields are wrong; `problems` says which and why."""

    status = 422
    message = "Please check what you entered."

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)
