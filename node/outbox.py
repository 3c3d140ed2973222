"""Who hears of it: an activity becomes one stored text and one delivery per inbox, in the transaction of the deed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from federation.addresses import BadAddress, host_of
from federation.build.urls import Urls
from federation.signatures.keys import SigningKey, load_private_key
from federation.signatures.proofs import create_proof
from node.ids import new_id
from node.store.db import Db
from node.store.people import actors
from node.store.posts import activities
from node.store.queues import deliveries
from node.store.queues.deliveries import Owed
from schemas.records import Activity, Actor, Post
from schemas.things import Audience

STAYS_HERE = ("hub", "group")
"""Audiences that never leave this hub."""

PROVED = frozenset({"Create", "Update", "Delete", "Offer", "Accept", "Reject", "Announce", "Join", "Leave"})
"""What hubs may pass on to each other without asking us again (FEP-8b32)."""


def new_activity_id(urls: Urls) -> tuple[int, str]:
    """An id for something about to be said, and its address."""
    number = new_id()
    return number, urls.activity(number)


async def tell(
    db: Db,
    sender: Actor,
    document: dict[str, Any],
    *,
    post: Post | None = None,
    audience: Audience,
    followers: bool = False,
    to: Sequence[Actor] = (),
) -> Activity:
    """Say it: keep the activity, with the sender's proof, and owe it to the inboxes of `to` and, if asked, of all
    followers. The document's `id` comes from `new_activity_id`. What is for the hub or a group is kept, never sent.
    """
    if document["type"] in PROVED and audience not in STAYS_HERE:
        document = await _proved(db, sender, document)
    activity = await activities.insert(db, _record(sender, document, post, audience))
    if audience not in STAYS_HERE:
        found = await activities.inboxes(db, sender.id, followers=followers, to=[actor.id for actor in to])
        await deliveries.insert_many(db, activity.id, sender.id, _owed(found))
    return activity


async def forward(db: Db, activity: Activity, sender: Actor, to: Sequence[Actor]) -> None:
    """Owe something that was said before to more inboxes, as it was said."""
    found = await activities.inboxes(db, sender.id, followers=False, to=[actor.id for actor in to])
    await deliveries.insert_many(db, activity.id, sender.id, _owed(found))


async def pass_on(db: Db, said: Activity, owner: Actor, *, but: str) -> None:
    """Owe what somebody else said, as it came, to the followers of `owner`, who signs the requests; not to the host
    `but`, where it comes from. Once, whatever is repeated."""
    if await activities.find_by_uri(db, said.uri) is None:
        await activities.insert(db, said)
        found = await activities.inboxes(db, owner.id, followers=True, to=())
        await deliveries.insert_many(db, said.id, owner.id, [one for one in _owed(found) if one.host != but])


def _record(sender: Actor, document: dict[str, Any], post: Post | None, audience: Audience) -> Activity:
    about = document.get("object")
    return Activity(
        id=int(document["id"].rpartition("/")[2]),
        uri=document["id"],
        type=document["type"],
        actor_id=sender.id,
        post_id=post.id if post else None,
        object_uri=about.get("id") if isinstance(about, dict) else about if isinstance(about, str) else None,
        audience=audience,
        recipients=[*_listed(document.get("to")), *_listed(document.get("cc"))],
        document=msgspec.json.encode(document).decode(),
        published_at=datetime.now(UTC),
    )


def _listed(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else []


def _owed(inboxes: Sequence[str]) -> list[Owed]:
    """An inbox that is no address was checked away when its actor was read; should one be left, nobody is there."""
    owed = []
    for inbox in inboxes:
        try:
            owed.append(Owed(inbox=inbox, host=host_of(inbox)))
        except BadAddress:
            continue
    return owed


async def _proved(db: Db, sender: Actor, document: dict[str, Any]) -> dict[str, Any]:
    secret = await actors.secret_keys(db, sender.id)
    key = SigningKey(key_id=secret.multikey_id, private_key=load_private_key(secret.ed25519_private))
    # The text that is signed is the one that is kept: plain JSON values, whatever the builders used.
    return create_proof(msgspec.to_builtins(document), key, datetime.now(UTC))
