"""Why another server's answer is not to be had: the closed lists of reasons and the errors that carry them."""

from datetime import UTC, datetime
from enum import StrEnum

from federation.retry import retry_after_seconds


class Refusal(StrEnum):
    """We do not want it: a rule of ours forbids the call or the answer."""

    ADDRESS = "bad-address"
    ANSWER_TYPE = "content-type"
    BLOCKED = "not-federated"
    DOWNGRADE = "redirect-downgrade"
    ENCODING = "content-encoding"
    HANDLE = "handle-not-confirmed"
    ID = "wrong-id"
    LITERAL = "ip-literal"
    LOOP = "redirect-loop"
    MALFORMED = "malformed"
    NETWORK = "private-address"
    ORIGIN = "redirect-origin"
    PLAIN = "plain-http"
    PORT = "port"
    REDIRECTS = "too-many-redirects"
    SIZE = "too-large"


class Failure(StrEnum):
    """They did not give it: the network or their server failed, or said no."""

    CONNECT = "connect"
    DISCONNECTED = "disconnected"
    DNS = "dns"
    HTTP = "bad-http"
    STATUS = "status"
    TIMEOUT = "timeout"
    TLS = "tls"


NOT_REACHED = frozenset({Failure.CONNECT, Failure.DNS, Failure.TLS})
"""Failures before a word was said: what opens a circuit breaker sooner."""


class FetchError(Exception):
    """Nothing was fetched. Always one of the subclasses below."""


class FetchRefused(FetchError):
    """A rule of ours stopped the call; asking again changes nothing unless the peer changes."""

    def __init__(self, reason: Refusal, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason


class FetchFailed(FetchError):
    """The peer or the network failed. `temporary` says whether a later try may do better."""

    def __init__(self, failure: Failure, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(f"{failure} {status}" if status else str(failure))
        self.failure = failure
        self.status = status
        self.retry_after = retry_after

    @property
    def temporary(self) -> bool:
        """Everything but a status that is final."""
        return self.status is None or is_temporary(self.status)


class FetchGone(FetchFailed):
    """The peer says that there is nothing (404) or nothing any more (410)."""

    def __init__(self, status: int) -> None:
        super().__init__(Failure.STATUS, status=status)


def is_temporary(status: int) -> bool:
    """Whether an HTTP status deserves another try (401, 408, 429 and 5xx less 501)."""
    return status in (401, 408, 429) or (500 <= status < 600 and status != 501)


def check_ok(status: int, retry_after: str = "") -> None:
    """Raise FetchGone or FetchFailed for every status but 200; `retry_after` is that header."""
    if status in (404, 410):
        raise FetchGone(status)
    if status != 200:
        wait = retry_after_seconds(retry_after, datetime.now(UTC))
        raise FetchFailed(Failure.STATUS, status=status, retry_after=wait)
