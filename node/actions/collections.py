"""Recommending people together. Nobody is recommended who does not want to be found, and whoever is may end it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from federation import sanitise
from node.errors import Conflict, Forbidden, Invalid, NotFound
from node.store.db import Db
from node.store.notices import notifications
from node.store.people import blocks, collections
from node.store.people.collections import Collection, Described, Item
from schemas.limits import COLLECTION_NAME_CHARS, COLLECTION_PEOPLE, COLLECTION_TEXT_CHARS, COLLECTIONS
from schemas.problems import Problem
from schemas.reasons import EMPTY, NO_TAG, TOO_LONG, msgid
from schemas.records import Actor
from schemas.tags import is_tag, normal

CollectionNotice = Literal["added_to_collection", "collection_update"]

NOT_YOURS = msgid("This collection belongs to somebody else.")
TOO_MANY = msgid("There may be {max} collections at most.")
FULL = msgid("There may be {max} people in a collection at most.")
NOT_TO_BE_FOUND = msgid("{name} does not want to be recommended.")
IN_IT = msgid("{name} is in this collection already, or has left it.")


async def create(db: Db, owner: Actor, said: Described, people: Sequence[Actor] = ()) -> Collection:
    """Make a collection with these people in it. Invalid for what it cannot say; Conflict for too many."""
    cleaned = _checked(said)
    if await collections.count_of(db, owner.id) >= COLLECTIONS:
        raise Conflict(TOO_MANY, max=COLLECTIONS)
    made = await collections.insert(db, owner.id, cleaned)
    for one in people:
        await add(db, owner, made, one)
    return made


async def change(db: Db, owner: Actor, collection: Collection, said: Described) -> Collection:
    """Let one's own collection say something else, and tell those in it; Forbidden for another's."""
    _require_own(owner, collection)
    checked = _checked(said)
    if checked == collections.described(collection):
        return collection
    changed = await collections.update(db, collection.id, checked)
    for item in (await collections.items_of(db, [collection.id], None))[collection.id]:
        await _tell(db, owner, changed, item.actor_id, "collection_update")
    return changed


async def delete(db: Db, owner: Actor, collection: Collection) -> None:
    """Drop one's own collection."""
    _require_own(owner, collection)
    await collections.delete(db, collection.id)


async def add(db: Db, owner: Actor, collection: Collection, somebody: Actor) -> Item:
    """Take somebody into one's own collection; they are told. Conflict for whoever may not be, or is in it."""
    _require_own(owner, collection)
    if not await may_be_featured(db, owner, somebody):
        raise Conflict(NOT_TO_BE_FOUND, name=somebody.name)
    if await collections.count_items(db, collection.id) >= COLLECTION_PEOPLE:
        raise Conflict(FULL, max=COLLECTION_PEOPLE)
    item = await collections.insert_item(db, collection.id, somebody.id)
    if item is None:
        raise Conflict(IN_IT, name=somebody.name)
    await _tell(db, owner, collection, somebody.id, "added_to_collection")
    return item


async def remove(db: Db, owner: Actor, collection: Collection, item_id: int) -> None:
    """Take somebody out of one's own collection; NotFound for whoever is not in it."""
    _require_own(owner, collection)
    await collections.delete_item(db, (await _item(db, collection, item_id)).id)


async def revoke(db: Db, somebody: Actor, collection: Collection, item_id: int) -> None:
    """Take oneself out of another's collection, for good; Forbidden for whoever is not meant."""
    item = await _item(db, collection, item_id)
    if item.actor_id != somebody.id:
        raise Forbidden
    await collections.revoke_item(db, item.id)


async def may_be_featured(db: Db, owner: Actor, somebody: Actor) -> bool:
    """Whoever is here, wants to be found and has not blocked the other. Accounts of other servers cannot be asked."""
    if not somebody.local or not somebody.discoverable or somebody.suspended_at or somebody.deleted_at:
        return False
    if somebody.limited_at and somebody.id != owner.id:
        return False
    blocked = await blocks.exists(db, somebody.id, owner.id) or await blocks.exists(db, owner.id, somebody.id)
    return not blocked


async def _tell(db: Db, owner: Actor, collection: Collection, told_id: int, kind: CollectionNotice) -> None:
    if told_id != owner.id:
        detail = {"collection": collection.id, "words": collection.name}
        await notifications.tell_actor(db, told_id, kind, from_id=owner.id, detail=detail)


async def _item(db: Db, collection: Collection, item_id: int) -> Item:
    item = await collections.find_item(db, collection.id, item_id)
    if item is None:
        raise NotFound
    return item


def _require_own(owner: Actor, collection: Collection) -> None:
    if collection.actor_id != owner.id:
        raise Forbidden(NOT_YOURS)


def _checked(said: Described) -> Described:
    """What is said as plain text, and the tag in its stored form. Invalid with every problem."""
    name, text = sanitise.plain(said.name, single_line=True).strip(), sanitise.plain(said.description).strip()
    tag = (said.tag or "").strip().removeprefix("#")
    wrong = []
    if not name:
        wrong.append(Problem(field="name", reason=EMPTY))
    for field, value, most in (("name", name, COLLECTION_NAME_CHARS), ("description", text, COLLECTION_TEXT_CHARS)):
        if len(value) > most:
            wrong.append(Problem(field=field, reason=TOO_LONG, values={"max": most}))
    if tag and not is_tag(tag):
        wrong.append(Problem(field="tag_name", reason=NO_TAG))
    if wrong:
        raise Invalid(wrong)
    return Described(
        name=name,
        description=text,
        language=said.language,
        sensitive=said.sensitive,
        discoverable=said.discoverable,
        tag=normal(tag) if tag else None,
    )
