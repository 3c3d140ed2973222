"""ActivityStreams lets one thing be written many ways; here it becomes one way, before anybody else looks at it.

Documents are read as plain compacted JSON: no context is ever fetched, none may give a core word another meaning."""

from typing import Any

from federation import shapes
from federation.read.errors import BadDocument
from federation.shapes import Inner, Shape
from federation.terms import ACTORS, AS2, CORE, THINGS, VERBS, is_own_meaning, local_name
from schemas.limits import DOCUMENT_NESTING

_DROPPED = frozenset({"bto", "bcc", "signature", "@graph", "@included", "@reverse", "@nest", "@value", "@list", "@set"})
"""Blind recipients are nobody's business, LD signatures are never used, graphs are not restructured (case 24), and
values in their wrapping are no documents."""

_NOTHING: tuple[object, ...] = (None, [], {})
_WITH_MAP = {"name": "nameMap", "summary": "summaryMap", "content": "contentMap"}


def _rules() -> dict[str, Shape]:
    by_shape: list[tuple[Shape, str]] = [
        (_type, "type"),
        (shapes.only_identifier, "id actor owner controller"),
        (
            shapes.identifier,
            "inReplyTo context target origin instrument inbox outbox followers following featured sharedInbox movedTo "
            "upcomingEvents partOf next prev last quote quoteUrl quoteUri _misskey_quote href license onlineLink "
            "externalParticipationUrl buyTicketsLink satisfies resourceConformsTo verificationMethod",
        ),
        (shapes.identifiers, "to cc audience attributedTo alsoKnownAs contacts citation"),
        (
            shapes.text,
            "name summary content preferredUsername webfinger mediaType published updated deleted startTime endTime "
            "previousStartTime timezone formerType blurhash publicKeyPem publicKeyMultibase status eventStatus "
            "joinMode inLanguage language participationMessage streetAddress postalCode addressLocality addressRegion "
            "addressCountry purpose action hasUnit hasNumericalValue hasBeginning hasEnd due",
        ),
        (shapes.texts, "rel category"),
        (shapes.language_map, "nameMap summaryMap contentMap"),
        (
            shapes.number,
            "latitude longitude totalItems maximumAttendeeCapacity remainingAttendeeCapacity participantCount "
            "votersCount width height",
        ),
        (
            shapes.flag,
            "sensitive manuallyApprovesFollowers discoverable indexable isOnline displayEndTime unitBased",
        ),
        (shapes.thing, "object result first publishes reciprocal stipulates generator preview"),
        (shapes.things, "items orderedItems"),
        (shapes.documents, "oneOf anyOf"),
        (shapes.tags, "tag"),
        (shapes.links, "url attachment"),
        (shapes.pictures, "image icon"),
        (shapes.keys, "publicKey assertionMethod"),
        (shapes.collection, "replies likes shares attendees organizers"),
        (shapes.places, "location coop:locations"),
        (shapes.postal_address, "address"),
        (
            shapes.embedded,
            "endpoints source resourceQuantity availableQuantity effortQuantity interactionPolicy canQuote",
        ),
    ]
    return {key: shape for shape, names in by_shape for key in names.split()}


def document(raw: dict[str, Any]) -> dict[str, Any]:
    """The canonical form of a decoded JSON document; `raw` is not changed.

    Keys and types lose the prefixes of known vocabularies; each known key has one shape (`federation/shapes.py`);
    nulls, blind recipients and LD signatures are gone; unknown keys are kept as they came. Doing it twice changes
    nothing. Raises BadDocument where the document can be read in two ways or is absurdly deep or long.
    """
    _check_context(raw.get("@context"))
    return _normalised(raw, DOCUMENT_NESTING)


def _normalised(raw: dict[str, Any], depth: int) -> dict[str, Any]:
    if depth == 0:
        raise BadDocument("", "absurdly nested")

    def inner(one: dict[str, Any]) -> dict[str, Any]:
        return _normalised(one, depth - 1)

    done: dict[str, Any] = {}
    for written, value in raw.items():
        if value is None:
            continue
        key, shape = written, _RULES.get(written)
        if shape is None:
            key = _key(written)
            if key in _DROPPED or (key != written and key in raw):
                continue
            shape = _RULES.get(key)
        try:
            shaped = value if shape is None else shape(value, inner)
        except BadDocument as error:
            raise BadDocument(f"{key}.{error.where}" if error.where else key, error.why) from error
        if shaped or shaped not in _NOTHING:
            done[key] = shaped
    _separate_maps(raw, done)
    return done


def _key(written: str) -> str:
    if ":" not in written:
        return written[1:] if written in ("@id", "@type") else written
    plain = local_name(written)
    if plain in CORE:
        return local_name(written, own_only=True)
    return plain if plain in _RULES else written


def _type(value: Any, _inner: Inner) -> str | None:
    """One type. Two activities in one are refused (case 103); of several objects the order of THINGS decides."""
    if isinstance(value, str) and value.isalnum():
        return value
    written = [local_name(one.strip()).strip() for one in shapes.entries(value) if isinstance(one, str)]
    found = list(dict.fromkeys(one for one in written if one))
    if len(found) < 2:
        return found[0] if found else None
    if any(one in VERBS for one in found):
        raise BadDocument("", "an activity and something else at once")
    return next((one for one in (*THINGS, *ACTORS) if one in found), found[0])


def _separate_maps(raw: dict[str, Any], done: dict[str, Any]) -> None:
    """A text given as a map of languages belongs under the key for maps."""
    for key, its_map in _WITH_MAP.items():
        value = raw.get(key)
        if not isinstance(value, (dict, list)) or its_map in done:
            continue
        if isinstance(value, dict) and not {"@value", "type", "identifier"}.isdisjoint(value):
            continue
        by_language = shapes.language_map(value)
        if by_language:
            done[its_map] = by_language
            done.setdefault(key, next(iter(by_language.values())))


def _check_context(context: Any) -> None:
    for one in context if isinstance(context, list) else [context]:
        if not isinstance(one, dict):
            continue
        if one.get("as", AS2) not in (AS2, {"@id": AS2, "@prefix": True}):
            raise BadDocument("@context", "as: means something else")
        for term in sorted(CORE & one.keys()):
            if not is_own_meaning(term, one[term]):
                raise BadDocument(f"@context.{term}", "given another meaning")


_RULES = _rules()
