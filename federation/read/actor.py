"""An actor of another server: person, organization, group, service or application."""

import re
from datetime import UTC, datetime
from typing import Any, get_args

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from federation.read.errors import BadDocument, Unwanted
from federation.read.fields import (
    Document,
    documents,
    embedded,
    flag,
    moment,
    reference,
    references,
    required_id,
    same_origin,
    text,
)
from federation.read.tags import emoji, image_url
from federation.read.text import html, line, names_by_language
from federation.read.thing import page_url
from federation.signatures.key_document import all_keys
from federation.signatures.keys import ActorKey, public_text
from schemas.limits import (
    DOCUMENT_LIST_ITEMS,
    HANDLE_NAME_CHARS,
    READ_ALIASES,
    READ_FIELDS,
    READ_HANDLE_CHARS,
    READ_LINE_CHARS,
    READ_SUMMARY_CHARS,
)
from schemas.objects import ActorKind, RemoteActor

_NAME = re.compile(r"\w(?:[\w.~+-]*[\w~+-])?")
_HANDLE = re.compile(r"(?:acct:)?@?([^@\s]+)@([^@\s/]+)")
_OUR_SOFTWARE = "allmende"


def actor(doc: Document, *, now: datetime | None = None) -> RemoteActor:
    """Read a normalised actor document that was fetched from its own id.

    Keys are taken only where the actor lists them and they name it as their owner (case 8, `all_keys`); an inbox or a
    collection of another origin is refused or dropped; the page is on the id's own host (case 19). `now` (default:
    the present) decides which keys have expired. Raises Unwanted for what is no actor, BadDocument without an id,
    a name or an inbox. The handle still has to be confirmed by WebFinger (cases 15 and 16).
    """
    kind = _kind(doc)
    own_id = required_id(doc)
    if "#" in own_id:
        raise BadDocument("id", "has a fragment")
    inbox = _own(doc, "inbox", own_id)
    if inbox is None:
        raise BadDocument("inbox", "missing, or of another origin")
    rsa, ed25519 = _keys(doc, now or datetime.now(UTC))
    webfinger = _webfinger(doc)
    return RemoteActor(
        id=own_id,
        kind=kind,
        name=_name(doc, webfinger),
        display_name=line(text(doc, "name")),
        display_names=names_by_language(doc),
        summary=html(text(doc, "summary"), READ_SUMMARY_CHARS),
        url=page_url(doc, own_id),
        inbox=inbox,
        shared_inbox=_own(embedded(doc, "endpoints"), "sharedInbox", own_id),
        outbox=_own(doc, "outbox", own_id),
        followers=_own(doc, "followers", own_id),
        following=_own(doc, "following", own_id),
        featured=_own(doc, "featured", own_id),
        upcoming=_own(doc, "upcomingEvents", own_id),
        locked=flag(doc, "manuallyApprovesFollowers"),
        discoverable=flag(doc, "discoverable"),
        indexable=flag(doc, "indexable"),
        fields=_fields(doc),
        emoji=emoji(doc),
        also_known_as=references(doc, "alsoKnownAs", READ_ALIASES),
        moved_to=reference(doc, "movedTo"),
        icon_url=image_url(doc, "icon"),
        banner_url=image_url(doc, "image"),
        public_key_id=rsa.key_id if rsa else None,
        public_key=public_text(rsa.public_key) if rsa else None,
        multikey_id=ed25519.key_id if ed25519 else None,
        multikey=public_text(ed25519.public_key) if ed25519 else None,
        published=moment(doc, "published"),
        webfinger=webfinger,
        is_hub=_is_hub(doc, own_id, kind),
        suspended=flag(doc, "suspended"),
    )


def _kind(doc: Document) -> ActorKind:
    said = text(doc, "type")
    found: ActorKind | None = next((kind for kind in get_args(ActorKind) if kind == said), None)
    if found is None:
        raise Unwanted("gone" if said == "Tombstone" else f"type {said[:40]}")
    return found


def _own(doc: Document, key: str, own_id: str) -> str | None:
    found = reference(doc, key)
    return found if found and same_origin(found, own_id) else None


def _name(doc: Document, webfinger: str | None) -> str:
    """What stands before the @: letters, digits and a few signs, nothing invisible (case 72)."""
    said = text(doc, "preferredUsername") or (webfinger or "").partition("@")[0]
    if len(said) > HANDLE_NAME_CHARS or not _NAME.fullmatch(said):
        raise BadDocument("preferredUsername", "missing, or not a name")
    return said


def _webfinger(doc: Document) -> str | None:
    """The handle the actor prefers (FEP-2c59), unconfirmed."""
    said = text(doc, "webfinger")[: READ_HANDLE_CHARS + 1]
    found = _HANDLE.fullmatch(said) if len(said) <= READ_HANDLE_CHARS else None
    return f"{found[1]}@{found[2].lower()}" if found and _NAME.fullmatch(found[1]) else None


def _fields(doc: Document) -> tuple[tuple[str, str], ...]:
    told = [one for one in documents(doc, "attachment", DOCUMENT_LIST_ITEMS) if one.get("type") == "PropertyValue"]
    named = ((line(text(one, "name")), html(_spelt(one.get("value")), READ_LINE_CHARS)) for one in told[:READ_FIELDS])
    return tuple((name, value) for name, value in named if name)


def _spelt(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _keys(doc: Document, now: datetime) -> tuple[ActorKey | None, ActorKey | None]:
    """The first usable RSA key and the first usable Ed25519 key."""
    found = all_keys(doc, now=now)
    rsa = next((one for one in found if isinstance(one.public_key, RSAPublicKey)), None)
    ed25519 = next((one for one in found if not isinstance(one.public_key, RSAPublicKey)), None)
    return rsa, ed25519


def _is_hub(doc: Document, own_id: str, kind: ActorKind) -> bool:
    """A hub names itself as its hub; so does, to be sure, an organization made by our software."""
    if kind != "Organization":
        return False
    said = doc.get("coop:hub")
    if isinstance(said, str):
        return reference(doc, "coop:hub") == own_id
    generator = embedded(doc, "generator")
    return said is True or text(generator, "name").lower() == _OUR_SOFTWARE
