"""What becomes of a document of another server, and the documents that `fediverse-pasture-inputs` can make."""

import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import msgspec
import pytest

from federation import read, sanitise, trust, vocabulary
from federation.normalise import document
from federation.terms import ACTORS
from federation.vocabulary import Opinion
from schemas.objects import RemoteActivity, RemoteActor, RemoteObject


class Outcome(msgspec.Struct, kw_only=True):
    """`outcome`: taken, refetch (acted on only after asking the origin), ignored or refused; and what was read."""

    outcome: str
    reason: str = ""
    opinion: Opinion | None = None
    activity: RemoteActivity | None = None
    thing: RemoteObject | None = None
    actor: RemoteActor | None = None


Arriving = Callable[[dict[str, Any]], Outcome]


@pytest.fixture(scope="session")
def arrive() -> Arriving:
    """Put a document through everything that the node asks before it acts: an activity as sent and signed by its
    actor, anything else as fetched from its own id."""
    return _arrive


def _arrive(raw: dict[str, Any]) -> Outcome:
    found = Outcome(outcome="taken")
    try:
        doc = document(raw)
        if doc.get("type") in ACTORS:
            _fetch_actor(doc, found)
        elif "object" in doc:
            _receive(doc, found)
        else:
            found.thing = read.thing(doc)
    except read.Unwanted as why:
        found.outcome, found.reason = "ignored", str(why)
    except read.BadDocument as why:
        found.outcome, found.reason = "refused", str(why)
    if found.thing is not None:
        _check_text(found.thing)
    return found


def _fetch_actor(doc: dict[str, Any], found: Outcome) -> None:
    found.actor = read.actor(doc)
    if any(one.get("type") == "Event" for one in doc.get("attachment", [])):
        found.thing = read.thing(doc)


def _receive(doc: dict[str, Any], found: Outcome) -> None:
    found.opinion = vocabulary.check(doc)
    found.activity = activity = read.activity(doc)
    verdict = trust.may_say(activity.actor, activity)
    if verdict.decision != "take":
        found.outcome = {"refuse": "refused"}.get(verdict.decision, verdict.decision)
        found.reason = verdict.reason
    carried = activity.object or {}
    if activity.type not in ("Create", "Update", "Invite") or not carried or carried.get("type") in ACTORS:
        return
    if verdict.decision == "take":
        found.thing = read.carried(activity)
    elif trust.owns(next(iter(trust.owners_of(carried)), ""), carried):
        found.thing = read.thing(carried)  # as its origin would show it


def _check_text(thing: RemoteObject) -> None:
    """What is shown is settled: a browser, or another pass, finds the tree that was checked."""
    for version in thing.versions:
        assert sanitise.html(version.content) == version.content
        for bare in (version.name, version.summary, *(one.alt for one in thing.attachments)):
            assert sanitise.plain(bare) == bare


@pytest.fixture(scope="session")
def pasture() -> Iterator[dict[str, list[dict[str, Any]]]]:
    """The examples of `fediverse-pasture-inputs` by the name of their page.

    The package takes one name, for a type annotation only, from `fediverse-pasture`, whose pinned dependencies collide
    with ours: an empty class stands in for it.
    """
    names = ("fediverse_pasture", "fediverse_pasture.runner", "fediverse_pasture.runner.entry")
    stand_ins = {name: ModuleType(name) for name in names}
    stand_ins[names[-1]].Entry = type("Entry", (), {})  # type: ignore[attr-defined]
    sys.modules.update(stand_ins)
    try:
        from fediverse_pasture_inputs import available  # noqa: PLC0415 - importable only with the stand-in

        yield {name: inputs.examples for name, inputs in available.items()}
    finally:
        for name in names:
            sys.modules.pop(name)
