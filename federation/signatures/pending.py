"""A signature of which everything is checked but the mathematics: the caller looks up the key, then asks here."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from federation.signatures.keys import ActorKey, KeyKind, PublicKey, kind_of, verify_bytes
from federation.signatures.refusal import Reason, SignatureRefused


class Scheme(StrEnum):
    """The two ways in which servers sign requests."""

    DRAFT = "draft-cavage-12"
    RFC9421 = "rfc9421"


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed. `query_signed` is False where the peer left the query out (older habits): worth a log line."""

    key_id: str
    actor: str
    scheme: Scheme
    query_signed: bool


class PendingSignature(msgspec.Struct, frozen=True, kw_only=True):
    """`bases` are the texts over which the signature may stand, the proper one first; `key_kinds` who may verify.

    `foreign_host` tells that the request was addressed to another host: only the reason of a refusal depends on it.
    `covered`: what the signature stands for, headers in lower case.
    """

    key_id: str
    scheme: Scheme
    key_kinds: frozenset[KeyKind]
    signature: bytes
    bases: tuple[bytes, ...]
    foreign_host: bool
    covered: frozenset[str] = frozenset()

    def verify(self, public_key: PublicKey) -> None:
        """Return if `public_key` made this signature; SignatureRefused (INVALID, HOST, ALGORITHM, WEAK_KEY) if not."""
        self._matching_base(public_key)

    def signed_by(self, key: ActorKey) -> Signer:
        """The signer, if `key` is the one named and made this signature; SignatureRefused if not."""
        if key.key_id != self.key_id:
            raise SignatureRefused(Reason.KEY_UNKNOWN, "that is not the key the signature names")
        position = self._matching_base(key.public_key)
        return Signer(key_id=key.key_id, actor=key.actor, scheme=self.scheme, query_signed=position == 0)

    def _matching_base(self, public_key: PublicKey) -> int:
        if kind_of(public_key) not in self.key_kinds:
            raise SignatureRefused(Reason.ALGORITHM, "the algorithm is not one for this kind of key")
        for position, base in enumerate(self.bases):
            try:
                verify_bytes(public_key, self.signature, base)
            except SignatureRefused as refusal:
                if refusal.reason is not Reason.INVALID:
                    raise
            else:
                return position
        if self.foreign_host:
            raise SignatureRefused(Reason.HOST, "signed for another host, or the proxy hides the real one")
        raise SignatureRefused(Reason.INVALID, "the signature does not match")
