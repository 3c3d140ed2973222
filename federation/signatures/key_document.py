"""Actor and key documents, as fetched from strangers → a key whose owner is settled (FEP-521a).

The rule: an actor's own document, read at the actor's own id, lists the key, and the key names that actor as its owner.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal

import msgspec

from federation.signatures.freshness import check_unexpired, parse_timestamp
from federation.signatures.key_ids import origin_of
from federation.signatures.keys import ActorKey, PublicKey, load_public_key, read_multikey
from federation.signatures.refusal import Reason, SignatureRefused
from schemas.limits import ACTOR_KEYS

Document = Mapping[str, Any]
Relation = Literal["publicKey", "assertionMethod"]

RELATIONS: tuple[Relation, ...] = ("publicKey", "assertionMethod")


class KeyPointer(msgspec.Struct, frozen=True, kw_only=True):
    """A document that only points at the key's owner: fetch `actor`, then `confirm_key`. `document` is untrusted."""

    key_id: str
    actor: str
    document: dict[str, Any]


def find_key(document: object, *, key_id: str, fetched_from: str, now: datetime) -> ActorKey | KeyPointer:
    """The key in the document that `key_address(key_id)` led to, or the actor that must be asked about it.

    `fetched_from` is the final URL after redirects. SignatureRefused (KEY_OWNER, KEY_UNKNOWN, WEAK_KEY …) where the
    document cannot speak for this key.
    """
    found = _mapping(document)
    if origin_of(key_id) is None or origin_of(fetched_from) != origin_of(key_id):
        raise SignatureRefused(Reason.KEY_OWNER, "the document is not from the key's origin")
    if _holds_key(found):
        return _pointer(found, key_id, _key_owner(found))
    if found.get("id") == fetched_from:
        return actor_key(found, key_id=key_id, now=now)
    return _pointer(found, key_id, found.get("id"))  # a stub, as GoToSocial serves at …/main-key


def confirm_key(pointer: KeyPointer, actor: object, *, fetched_from: str, now: datetime) -> ActorKey:
    """The key of a pointer, if its actor, fetched from its own id, lists the key back; else SignatureRefused."""
    found = _mapping(actor)
    if not found.get("id") == fetched_from == pointer.actor:
        raise SignatureRefused(Reason.KEY_OWNER, "the owner's document is not at the owner's id")
    own_document = pointer.document if _holds_key(pointer.document) else None
    return actor_key(found, key_id=pointer.key_id, now=now, key_document=own_document)


def actor_key(
    actor: Document,
    *,
    key_id: str,
    now: datetime,
    relations: tuple[Relation, ...] = RELATIONS,
    key_document: Document | None = None,
) -> ActorKey:
    """A key from a document that was fetched from the actor's own id. The first relation that lists it decides.

    Where the actor lists only the id, `key_document` (the object found there) supplies the key itself.
    """
    actor_id = actor.get("id")
    if not isinstance(actor_id, str) or origin_of(actor_id) is None or origin_of(actor_id) != origin_of(key_id):
        raise SignatureRefused(Reason.KEY_OWNER, "the actor is not of the key's origin")
    for relation in relations:
        listed = [entry for entry in _entries(actor, relation) if _id_of(entry) == key_id]
        if len(listed) > 1:
            raise SignatureRefused(Reason.MALFORMED, "the actor lists the key twice")
        if listed:
            entry = key_document if isinstance(listed[0], str) else listed[0]
            return ActorKey(key_id=key_id, actor=actor_id, public_key=_owned_key(entry, key_id, actor_id, now))
    raise SignatureRefused(Reason.KEY_UNKNOWN, "the actor does not list the key")


def proof_key(actor: Document, *, key_id: str, now: datetime) -> ActorKey:
    """A key with which the actor signs proofs: from `assertionMethod` only (FEP-8b32). As trusted as `actor_key`."""
    return actor_key(actor, key_id=key_id, now=now, relations=("assertionMethod",))


def all_keys(actor: Document, *, now: datetime) -> tuple[ActorKey, ...]:
    """The usable keys of an actor document fetched from its own id, those for requests first; others are left out."""
    found: dict[str, ActorKey] = {}
    for key_id in [_id_of(entry) for relation in RELATIONS for entry in _entries(actor, relation)]:
        if key_id is not None and key_id not in found:
            with suppress(SignatureRefused):
                found[key_id] = actor_key(actor, key_id=key_id, now=now)
    return tuple(found.values())


def _mapping(document: object) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise SignatureRefused(Reason.MALFORMED, "the key document is not an object")
    return document


def _holds_key(document: Document) -> bool:
    return "publicKeyPem" in document or "publicKeyMultibase" in document


def _key_owner(key: Document) -> str:
    owners = [key[name] for name in ("owner", "controller") if key.get(name) is not None]
    if not owners or not isinstance(owners[0], str) or any(owner != owners[0] for owner in owners):
        raise SignatureRefused(Reason.KEY_OWNER, "the key names no owner, or two")
    return owners[0]


def _pointer(document: dict[str, Any], key_id: str, actor: object) -> KeyPointer:
    if _holds_key(document) and document.get("id") != key_id:
        raise SignatureRefused(Reason.KEY_UNKNOWN, "the document is another key's")
    if not isinstance(actor, str) or origin_of(actor) is None or origin_of(actor) != origin_of(key_id):
        raise SignatureRefused(Reason.KEY_OWNER, "the owner is not of the key's origin")
    return KeyPointer(key_id=key_id, actor=actor, document=document)


def _entries(actor: Document, relation: Relation) -> Iterator[object]:
    value = actor.get(relation)
    yield from value[:ACTOR_KEYS] if isinstance(value, list) else [value]


def _id_of(entry: object) -> str | None:
    found = entry.get("id") if isinstance(entry, dict) else entry
    return found if isinstance(found, str) else None


def _owned_key(entry: object, key_id: str, actor_id: str, now: datetime) -> PublicKey:
    key = _mapping(entry)
    if key.get("id") != key_id or _key_owner(key) != actor_id:
        raise SignatureRefused(Reason.KEY_OWNER, "the key is not the listing actor's")
    if key.get("expires") is not None:
        check_unexpired(parse_timestamp(key["expires"]), now)
    return _material(key)


def _material(key: Document) -> PublicKey:
    pem, multibase, kind = key.get("publicKeyPem"), key.get("publicKeyMultibase"), key.get("type")
    if isinstance(pem, str) and multibase is None:
        return load_public_key(pem)
    if isinstance(multibase, str) and pem is None and "Multikey" in (kind if isinstance(kind, list) else [kind]):
        return read_multikey(multibase)
    raise SignatureRefused(Reason.MALFORMED, "the key has no readable value, or two")
