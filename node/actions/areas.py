"""The fields of activity of a hub: add one, call it otherwise, put one into another, retire it or take it up again."""

from __future__ import annotations

from collections.abc import Mapping

from node.actions.accounts import KEPT
from node.actions.hub_settings import require
from node.actions.profile import tell_presented
from node.actions.setup import own_areas
from node.errors import Conflict, Invalid, NotFound
from node.node import Node
from node.store.db import Db
from node.store.hub import area_changes, areas, hub
from node.store.hub.areas import Area
from node.store.members import accounts
from node.store.moderation import log
from node.store.people import actors
from node.store.people.actors import Keys, NewActor
from schemas.limits import AREAS_MOST, NAME_CHARS
from schemas.problems import Problem
from schemas.reasons import EMPTY, NOT_A_CHOICE, TOO_LONG, TOO_MANY, msgid
from schemas.records import Viewer

TAKEN = msgid("There is one of this name already.")


async def add(node: Node, db: Db, by: Viewer, labels: Mapping[str, str], keys: Keys) -> Area:
    """A new area with an actor of its own (`keys` are made before any transaction), named after its first label.
    Raises Forbidden, Invalid."""
    require(by)
    _check(labels)
    there = await areas.list_all(db)
    if len(there) >= AREAS_MOST:
        raise Invalid([Problem(field="", reason=TOO_MANY, values={"max": AREAS_MOST})])
    label = await _main(db, labels)
    name = next(iter(own_areas([label], "en")), "")
    if not name:
        raise Invalid([Problem(field="label", reason=EMPTY)])
    if name in KEPT or await accounts.is_reserved(db, name) or await actors.find_local(db, name):
        raise Invalid([Problem(field="label", reason=TAKEN)])
    new = NewActor(role="area", kind="Service", name=name, display_name=label, display_names=dict(labels))
    actor = await actors.insert_local(db, node.urls, new, keys)
    made = await areas.insert(db, name, actor.id, dict(labels), len(there))
    await _write(db, by, "added", name, labels=dict(labels))
    return made


async def rename(node: Node, db: Db, by: Viewer, name: str, labels: Mapping[str, str], position: int | None) -> None:
    """Call it otherwise, or put it elsewhere in the order; whoever follows it is told its new name. Raises Forbidden,
    Invalid, NotFound."""
    require(by)
    area = await _get(db, name)
    _check(labels)
    if position is not None:
        await area_changes.move(db, name, position)
    if dict(labels) != area.labels:
        await area_changes.rename(db, area, labels, await _main(db, labels))
        await tell_presented(node, db, await actors.get(db, area.actor_id))
    await _write(db, by, "renamed", name, labels=dict(labels), position=position)


async def merge(db: Db, by: Viewer, name: str, into: str) -> int:
    """Put an area into another one, and offer it no more. How many things moved. Raises Forbidden, Invalid, NotFound,
    Conflict."""
    require(by)
    await _get(db, name)
    choices = [one.name for one in await areas.list_all(db) if one.name != name]
    if into not in choices:
        raise Invalid([Problem(field="into", reason=NOT_A_CHOICE, values={"choices": ", ".join(choices)})])
    if not await area_changes.retire(db, name, into):
        raise Conflict("This area is retired already.")
    moved = await area_changes.hand_over(db, name, into)
    await _write(db, by, "merged", name, into=into, moved=moved)
    return moved


async def retire(db: Db, by: Viewer, name: str) -> None:
    """Offer it no more; its page and what stands there stay. Raises Forbidden, NotFound, Conflict."""
    require(by)
    await _get(db, name)
    if not await area_changes.retire(db, name):
        raise Conflict("This area is retired already.")
    await _write(db, by, "retired", name)


async def take_up(db: Db, by: Viewer, name: str) -> None:
    """Offer it again. Raises Forbidden, NotFound, Conflict."""
    require(by)
    await _get(db, name)
    if not await area_changes.take_up(db, name):
        raise Conflict("This area is not retired.")
    await _write(db, by, "taken up", name)


async def _get(db: Db, name: str) -> Area:
    found = await areas.find(db, name)
    if found is None:
        raise NotFound
    return found


async def _main(db: Db, labels: Mapping[str, str]) -> str:
    return labels.get((await hub.get(db)).language) or next(iter(labels.values()))


def _check(labels: Mapping[str, str]) -> None:
    if not labels:
        raise Invalid([Problem(field="label", reason=EMPTY)])
    long = [one for one, text in labels.items() if len(text) > NAME_CHARS]
    if long:
        raise Invalid([Problem(field=f"label.{one}", reason=TOO_LONG, values={"max": NAME_CHARS}) for one in long])


async def _write(db: Db, by: Viewer, deed: str, name: str, **more: object) -> None:
    await log.append(db, "hub.area", {"by": by.actor.uri, "deed": deed, "area": name, **more})
