"""The words of ActivityStreams and its neighbours that we read, and the other spellings they arrive in.

To read a new type, add it here and to the rules of `vocabulary.py`."""

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
PUBLIC_NAMES = frozenset({PUBLIC, "as:Public", "Public"})
AS2 = "https://www.w3.org/ns/activitystreams#"

ACTORS = ("Person", "Organization", "Group", "Service", "Application")
THINGS = ("Event", "Question", "Article", "Page", "Video", "Audio", "Image", "Document", "Note", "Proposal")
"""What can stand in a timeline. Of an object with several types the earliest in this list counts, as in Mastodon
a converted type counts before Note."""
VERBS = (
    "Accept",
    "Add",
    "Announce",
    "Block",
    "Create",
    "Delete",
    "Dislike",
    "EmojiReact",
    "Flag",
    "Follow",
    "Ignore",
    "Invite",
    "Join",
    "Leave",
    "Like",
    "Lock",
    "Move",
    "Offer",
    "QuoteRequest",
    "Reject",
    "Remove",
    "TentativeAccept",
    "TentativeJoin",
    "TentativeReject",
    "Undo",
    "Update",
)

CORE = frozenset(
    {"id", "type", "actor", "object", "attributedTo", "to", "cc", "audience", "target", "origin", "instrument"}
    | {"inReplyTo", "publicKey", "owner", "publicKeyPem", "assertionMethod", "controller", "publicKeyMultibase"}
)
"""Keys on which trust rests: no other prefixes than ActivityStreams' own and security's stand before them."""

PREFIXES = {
    "as": AS2,
    "fep8a8e": "https://w3id.org/fep/8a8e/",
    "ical": "http://www.w3.org/2002/12/cal/ical#",
    "litepub": "http://litepub.social/ns#",
    "mz": "https://joinmobilizon.org/ns#",
    "om2": "http://www.ontology-of-units-of-measure.org/resource/om-2/",
    "pt": "https://joinpeertube.org/ns#",
    "sc": "http://schema.org/",
    "schema": "http://schema.org/",
    "sec": "https://w3id.org/security#",
    "sm": "http://smithereen.software/ns#",
    "toot": "http://joinmastodon.org/ns#",
    "ValueFlows": "https://w3id.org/valueflows/ont/vf#",
    "vf": "https://w3id.org/valueflows/ont/vf#",
}
_OWN = frozenset({"as", "sec"})
_PLAIN_CORE = {"id": ("@id",), "type": ("@type",)}
_SECURITY = frozenset({"publicKey", "owner", "publicKeyPem", "assertionMethod", "controller", "publicKeyMultibase"})


def local_name(written: str, *, own_only: bool = False) -> str:
    """`as:Note` and the full IRI become `Note`; words with a prefix we do not know stay as they are."""
    prefix, colon, rest = written.partition(":")
    if not colon:
        return written
    if prefix not in PREFIXES:
        known = (one for one, namespace in PREFIXES.items() if written.startswith(namespace))
        prefix = next(known, "")
        rest = written[len(PREFIXES.get(prefix, "")) :]
    if not prefix or ":" in rest or (own_only and prefix not in _OWN):
        return written
    return rest


def is_own_meaning(term: str, definition: object) -> bool:
    """Whether an inline context gives a core term the meaning it has anyway (case 23)."""
    meaning = definition.get("@id", term) if isinstance(definition, dict) else definition
    if term in _SECURITY:
        return isinstance(meaning, str) and meaning.rpartition("#")[2].rpartition(":")[2] == term
    return meaning in (term, f"as:{term}", AS2 + term, *_PLAIN_CORE.get(term, ()))
