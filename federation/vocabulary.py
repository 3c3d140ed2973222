"""little-boxes' opinion of an activity: does the verb exist, may it carry such an object, may this answer or undo that.

The only importer of little-boxes. Its vocabulary is extended through its own metaclass and the lookup hook of its enum;
its backend is one of ours that reads what was fetched and verified before, and writes down what would have to be done.
It never fetches, never prints, and gets a copy of the bones of a document, so that nothing of the caller's changes."""

import logging
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any

import msgspec
from little_boxes import activitypub as boxes
from little_boxes.errors import Error, UnexpectedActivityTypeError

from federation.read.errors import BadDocument, Unwanted
from federation.terms import ACTORS, THINGS, VERBS
from schemas.limits import OPINIONS_KEPT

Document = Mapping[str, Any]

_ANSWERABLE = ("Follow", "Join", "Invite", "Offer", "QuoteRequest", "Event")
_REACTIONS = ("Like", "Dislike", "EmojiReact", "Announce")
_GATHERINGS = ("Event", "Group")
_OTHERS = (
    "Tombstone",
    "Agreement",
    "Commitment",
    "Collection",
    "OrderedCollection",
    "coop:Circle",
    "coop:Recommendation",
)
_MAY_CARRY: dict[str, Iterable[str]] = {
    "Accept": _ANSWERABLE,
    "Add": (*THINGS, *ACTORS, *VERBS),
    "Announce": (*THINGS, *ACTORS, *VERBS),
    "Block": ACTORS,
    "Create": THINGS,
    "Delete": (*THINGS, *ACTORS, "Tombstone", "Agreement"),
    "Dislike": THINGS,
    "EmojiReact": THINGS,
    "Flag": (),
    "Follow": ACTORS,
    "Ignore": ("Join", "Invite", "Offer"),
    "Invite": _GATHERINGS,
    "Join": _GATHERINGS,
    "Leave": _GATHERINGS,
    "Like": THINGS,
    "Lock": THINGS,
    "Move": ACTORS,
    "Offer": ("Agreement", "coop:Circle", "coop:Recommendation"),
    "QuoteRequest": THINGS,
    "Reject": _ANSWERABLE,
    "Remove": (*THINGS, *ACTORS),
    "TentativeAccept": ("Event", "Invite"),
    "TentativeJoin": _GATHERINGS,
    "TentativeReject": ("Event", "Invite"),
    "Undo": (
        "Follow",
        "Like",
        "Dislike",
        "Announce",
        "Block",
        "EmojiReact",
        "Join",
        "TentativeJoin",
        "Accept",
        "TentativeAccept",
        "Offer",
    ),
    "Update": (*THINGS, *ACTORS, "Agreement"),
}
"""Which object each verb may embed. The keys are the verbs we know."""
_KNOWN = frozenset((*VERBS, *THINGS, *ACTORS, *_OTHERS))
_LOOKS_INSIDE = frozenset({"Accept", "Create", "Ignore", "Reject", "TentativeAccept", "TentativeReject", "Undo"})
"""Verbs whose meaning is in what they carry."""
_BONES = ("id", "type", "actor")


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """`about` is the type of what the activity carries, if it can be known; `effect` what follows, in little-boxes'
    words (`new_follower`, `undo_inbox_like`…). `missing`: documents without which there is no opinion; learn them and
    ask again."""

    verb: str
    about: str | None = None
    effect: str | None = None
    missing: tuple[str, ...] = ()


def check(doc: Document, known: Mapping[str, Document] | None = None) -> Opinion:
    """Judge a normalised activity. `known`: documents already fetched and verified, or stored, by id.

    Raises Unwanted for a verb or an object type that is not for us, BadDocument for an activity that contradicts
    itself: no actor, an object without a type, an Undo or an Accept{Follow} by the wrong actor (cases 89 and 90).
    """
    verb = doc.get("type")
    if not isinstance(verb, str) or verb not in _MAY_CARRY:
        raise Unwanted(f"activity {str(verb)[:40]}")
    outline = None if known else _outline(doc, {})
    if outline is not None and (before := _FORMED.get(outline)) is not None:
        return before
    opinion = _judged(doc, verb, known or {})
    if outline is not None and not opinion.missing and len(_FORMED) < OPINIONS_KEPT:
        _FORMED[outline] = opinion
    return opinion


def _judged(doc: Document, verb: str, known: Mapping[str, Document]) -> Opinion:
    desk = _Desk(known)
    token = _DESK.set(desk)
    try:
        activity = boxes.parse_activity(_bones(doc))
        activity.process_from_inbox(None)
    except _Missing as missing:
        return Opinion(verb=verb, missing=(missing.id,))
    except (UnexpectedActivityTypeError, ValueError) as error:
        raise Unwanted(f"{verb} of {_type_of(doc.get('object'))}") from error
    except Error as error:
        raise BadDocument("object", _why(error)) from error
    finally:
        _DESK.reset(token)
    return Opinion(verb=verb, about=desk.about or _type_of(doc.get("object")), effect=desk.effect)


class _Missing(Exception):
    def __init__(self, missing: str) -> None:
        super().__init__(missing)
        self.id = missing


class _Desk:
    """What one check may read, and what it writes down."""

    def __init__(self, known: Mapping[str, Document]) -> None:
        self.known = known
        self.about: str | None = None
        self.effect: str | None = None


_DESK: ContextVar[_Desk] = ContextVar("little_boxes_desk")


class _Backend:
    """What little-boxes calls its backend: reads the desk, writes to it, does nothing else."""

    def fetch_iri(self, iri: str) -> dict[str, Any]:
        found = _DESK.get().known.get(iri)
        if found is None:
            raise _Missing(iri)
        return _bones(found)

    def outbox_is_blocked(self, _as_actor: object, _actor_id: str) -> bool:
        return False  # whom we block is asked before, by those who know

    def inbox_get_by_iri(self, _as_actor: object, _iri: str) -> None:
        return None  # so is what was here before

    def inbox_new(self, _as_actor: object, activity: Any) -> None:
        pass  # it was stored when it arrived

    def record(self, effect: str, about: str | None = None) -> None:
        desk = _DESK.get()
        desk.effect, desk.about = effect, about


class _Rules:
    """Stands before little-boxes' own class of each type: its checks stay, its broken or printing hooks go."""

    ACTIVITY_TYPE: Any
    ALLOWED_OBJECT_TYPES: list[Any]
    _data: dict[str, Any]

    def _init(self, **_kwargs: Any) -> None:
        return None

    def _validate_person(self, actor: str) -> str:
        return actor  # verified with the signature, long before

    def get_actor(self) -> Any:
        return boxes.Person(id=self._data.get("actor", ""))

    def _pre_process_from_inbox(self, _as_actor: object) -> None:
        verb = self.ACTIVITY_TYPE.value
        if verb not in _LOOKS_INSIDE:
            return
        carried = self.get_object()  # type: ignore[attr-defined]  # little-boxes' own: allowed types, else an error
        about = carried.ACTIVITY_TYPE.value
        if verb == "Undo" and carried.get_actor().id != self.get_actor().id:
            raise boxes.BadActivityError("undoes what another did")
        if verb in ("Accept", "Reject") and about == "Follow" and carried._data.get("object") != self._data["actor"]:
            raise boxes.BadActivityError("answers for somebody else")
        _DESK.get().about = about

    def _process_from_inbox(self, _as_actor: object) -> None:
        verb, about = self.ACTIVITY_TYPE.value, _DESK.get().about
        boxes.BACKEND.record(_EFFECTS.get((verb, about), f"inbox_{verb.lower()}"), about)


_EFFECTS: dict[tuple[str, str | None], str] = {
    ("Follow", None): "new_follower",
    ("Accept", "Follow"): "new_following",
    ("Undo", "Follow"): "undo_new_follower",
    ("Undo", "Like"): "undo_inbox_like",
    ("Undo", "Announce"): "undo_inbox_announce",
}
_ADDED: dict[str, Any] = {}


def _type(name: str) -> Any:
    """little-boxes' enum member of that name; one it lacks is made and found from now on."""
    try:
        return boxes.ActivityType(name)
    except ValueError:
        member = object.__new__(boxes.ActivityType)
        member._name_, member._value_ = name.upper(), name
        _ADDED[name] = member
        return member


def _register() -> None:
    """Teach little-boxes the types that others send: each class goes through its metaclass, ours before its own."""
    boxes.ActivityType._missing_ = classmethod(lambda _enum, name: _ADDED.get(name))
    meta = type(boxes.BaseActivity)
    for name in dict.fromkeys((*VERBS, *THINGS, *ACTORS, *_OTHERS)):
        carries = [_type(carried) for carried in _MAY_CARRY.get(name, ())]
        base = boxes._ACTIVITY_CLS.get(_type(name), boxes.BaseActivity)
        body = {
            "ACTIVITY_TYPE": _type(name),
            "ALLOWED_OBJECT_TYPES": carries,
            "OBJECT_REQUIRED": bool(carries),
            "ACTOR_REQUIRED": name in VERBS,
        }
        meta(name, (_Rules, base), body)
    boxes.use_backend(_Backend())
    logging.getLogger("little_boxes").setLevel(logging.WARNING)


_Outline = tuple[Any, ...]
_FORMED: dict[_Outline, Opinion] = {}
"""Opinions about what was well formed, by its outline: few are different."""


def _outline(doc: Document, ids: dict[str, int]) -> _Outline | None:
    """The bones of a document with a number for each id, the same for the same: all that an opinion depends on, if no
    id must be looked up. None where something is no text, or of a type that nobody knows."""
    kind = doc.get("type")
    if not isinstance(kind, str) or kind not in _KNOWN:
        return None
    found: list[Any] = [kind]
    for key in ("id", "actor", "object"):
        value = doc.get(key)
        if key == "object" and isinstance(value, dict):
            value = _outline(value, ids)
            if value is None:
                return None
        elif isinstance(value, str):
            value = ids.setdefault(value, len(ids)) if value else ""
        elif value is not None or key in doc:
            return None
        found.append(value)
    return tuple(found)


def _bones(doc: Document) -> dict[str, Any]:
    """What the rules look at, copied: id, type, actor, and the same of what is carried."""
    bones = {key: doc[key] for key in _BONES if key in doc}
    carried = doc.get("object")
    if isinstance(carried, dict):
        bones["object"] = {"id": None} | _bones(carried)
    elif carried is not None:
        bones["object"] = carried
    return bones


def _type_of(carried: Any) -> str | None:
    kind = carried.get("type") if isinstance(carried, dict) else None
    return kind[:40] if isinstance(kind, str) else None


def _why(error: Any) -> str:
    return str(getattr(error, "message", ""))[:100] or "not as little-boxes wants it"


_register()
