"""Which scheme, whose key, how fresh: the first half of believing a request. The second half is PendingSignature's."""

from __future__ import annotations

from datetime import datetime

from federation.signatures import draft, rfc9421
from federation.signatures.key_ids import check_key_id
from federation.signatures.message import OwnAddress, SignedRequest
from federation.signatures.pending import PendingSignature
from federation.signatures.refusal import Reason, SignatureRefused


def parse(request: SignedRequest, own_base_url: str, now: datetime, *, allow_http: bool = False) -> PendingSignature:
    """Everything that can be checked without the key: form, cover, freshness, digest of the raw body, key id.

    Host and target are taken from `own_base_url`, never from the request's headers. A `Signature-Input` header selects
    RFC 9421, else the draft is read. `allow_http` admits http key ids (loopback peers). Raises SignatureRefused, and
    ValueError only for a base URL that is none. Then: look the key up (key_document.py), `pending.signed_by(key)`.
    """
    own = OwnAddress.of(own_base_url)
    request.check()
    if not request.values("signature"):
        raise SignatureRefused(Reason.UNSIGNED, "the request bears no signature")
    read = rfc9421.parse if request.values("signature-input") else draft.parse
    pending = read(request, own, now)
    check_key_id(pending.key_id, allow_http=allow_http)
    return pending
