"""An actor of ours as the signer of requests: its key, in either scheme."""

from collections.abc import Callable, Mapping
from datetime import datetime

from federation.signatures import draft, rfc9421
from federation.signatures.keys import SigningKey
from federation.signatures.message import UnsignedRequest
from federation.signatures.pending import Scheme

_ALSO_COVERED = ("Collection-Synchronization",)
"""Headers that mean something to the receiver and so must be signed where they are sent."""


class KeySigner:
    """Signs with one RSA key; `now` is the clock."""

    def __init__(self, key: SigningKey, now: Callable[[], datetime]) -> None:
        self._key = key
        self._now = now

    def sign(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, scheme: Scheme
    ) -> Mapping[str, str]:
        """The headers to add to a request to `url` (encoded, without fragment); ValueError if it cannot be signed."""
        covered = tuple((name, headers[name]) for name in _ALSO_COVERED if name in headers)
        request = UnsignedRequest(method=method, url=url, body=body, covered=covered)
        if scheme is Scheme.RFC9421:
            return rfc9421.sign(request, self._key, self._now())
        return draft.sign(request, self._key, self._now())
