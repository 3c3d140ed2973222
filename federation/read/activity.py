"""An activity: who does what to what."""

from typing import Any

from federation import sanitise
from federation.read.errors import BadDocument
from federation.read.fields import (
    Document,
    documents,
    embedded,
    entries,
    moment,
    reference,
    references,
    text,
    unique,
)
from federation.read.fields import address as address_of
from schemas.limits import READ_EMOJI, READ_FLAGGED, READ_LINE_CHARS, READ_MESSAGE_CHARS, READ_RECIPIENTS
from schemas.objects import RemoteActivity

_MANY = frozenset({"Flag"})
"""Activities about several things at once."""


def activity(doc: Document) -> RemoteActivity:
    """Read a normalised activity of any type (`vocabulary.check` knows which are wanted).

    Raises BadDocument without a type, one actor or an object, or with an id that is no address. An embedded object
    stays a normalised document: what of it may be believed is for `federation.trust` to say.
    """
    kind = text(doc, "type")
    actor = reference(doc, "actor")
    if not kind or actor is None:
        raise BadDocument("actor" if kind else "type", "missing")
    if "id" in doc and reference(doc, "id") is None:
        raise BadDocument("id", "no http(s) address")
    objects = unique(map(_id_of, _several(doc)), READ_FLAGGED) if kind in _MANY else ()
    carried = None if kind in _MANY else _carried(doc)
    object_id = reference(doc, "object") if kind not in _MANY else None
    if not objects and carried is None and object_id is None:
        raise BadDocument("object", "missing, or no address")
    return RemoteActivity(
        type=kind,
        id=reference(doc, "id"),
        actor=actor,
        object_id=object_id,
        object=carried,
        objects=objects,
        target=reference(doc, "target"),
        origin=reference(doc, "origin"),
        instrument=reference(doc, "instrument"),
        result=_result(doc),
        content=sanitise.plain((text(doc, "content") or text(doc, "_misskey_reaction"))[:READ_MESSAGE_CHARS]) or None,
        tag=tuple(documents(doc, "tag", READ_EMOJI)),
        to=references(doc, "to", READ_RECIPIENTS),
        cc=references(doc, "cc", READ_RECIPIENTS),
        published=moment(doc, "published"),
        outcome=text(doc, "coop:outcome"),
        message=sanitise.plain((text(doc, "participationMessage") or text(doc, "summary"))[:READ_LINE_CHARS]),
    )


def _several(doc: Document) -> list[Any]:
    value = doc.get("object")
    return entries(doc, "object") if isinstance(value, list) else [value]


def _carried(doc: Document) -> Document | None:
    """The embedded object. Several are refused: whoever checks and whoever acts might not mean the same (case 103)."""
    if isinstance(doc.get("object"), list):
        raise BadDocument("object", "more than one")
    found = embedded(doc, "object")
    if "id" in found and reference(found, "id") is None:
        raise BadDocument("object.id", "no http(s) address")
    return found or None


def _result(doc: Document) -> Document | None:
    value = doc.get("result")
    found = {"id": address_of(value)} if isinstance(value, str) else embedded(doc, "result")
    return found if reference(found, "id") else None


def _id_of(value: Any) -> str | None:
    if isinstance(value, dict):
        return reference(value, "id")
    return address_of(value) if isinstance(value, str) else None
