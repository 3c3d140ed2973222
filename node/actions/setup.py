"""The first deeds on a new database: what a node needs before anybody has named the hub, and naming it."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

import msgspec

from federation.build.markup import paragraph, plain
from federation.build.urls import HUB_NAME, Urls
from node.actions import accounts
from node.actions.accounts import KEPT, NewAccount, Ready
from node.errors import Conflict
from node.store.db import Db
from node.store.events import places
from node.store.hub import areas, hub
from node.store.people import actors
from node.wording.language import gettext
from schemas.limits import AREA_NAME_CHARS
from schemas.records import Account, Actor
from schemas.things import Place

LOG_NAME = "log"


async def prepare(db: Db, urls: Urls) -> Actor:
    """Make the hub's row and the instance actor if they are not there; give the instance actor.

    Several processes may start at once: the unique constraints decide whose row it is.
    """
    await hub.prepare(db, urls.base_url)
    found = await actors.find(db, urls.instance_actor)
    if found is not None:
        return found
    keys = await asyncio.to_thread(actors.make_keys)
    name = urlsplit(urls.base_url).hostname or "instance"
    new = actors.NewActor(role="instance", kind="Application", name=name, discoverable=False)
    try:
        return await actors.insert_local(db, urls, new, keys)
    except Conflict:
        return await actors.instance(db)


AREAS: dict[str, dict[str, str]] = {
    "housing": {"en": "Housing", "de": "Wohnen", "fr": "Habitat"},
    "carsharing": {"en": "Carsharing", "de": "Carsharing", "fr": "Autopartage"},
    "freelancing": {"en": "Freelancing", "de": "Freies Arbeiten", "fr": "Travail indépendant"},
    "items": {"en": "Sharing items", "de": "Dinge teilen", "fr": "Partage d’objets"},
    "it": {"en": "IT", "de": "IT", "fr": "Informatique"},
}
"""Fields of activity that hubs share; a hub picks some and adds its own."""


class Founding(msgspec.Struct, frozen=True, kw_only=True):
    """What the first steward says about the hub. `areas`: name → label by language; `place`: where the hub is."""

    name: str
    description: str = ""
    language: str
    languages: tuple[str, ...]
    zone: str
    areas: dict[str, dict[str, str]] = {}
    place: Place | None = None
    steward: NewAccount


class Founded(msgspec.Struct, frozen=True, kw_only=True):
    """What takes time and needs no database: the steward's, and the keys of all the hub's actors."""

    steward: Ready
    keys: list[actors.Keys]


def own_areas(written: Iterable[str], language: str) -> dict[str, dict[str, str]]:
    """Areas a hub names itself: `Food & energy` becomes `food-energy`, with that label. Nameless ones are left out."""
    plain = {one: unicodedata.normalize("NFKD", one).encode("ascii", "ignore").decode().lower() for one in written}
    names = {one: re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:AREA_NAME_CHARS] for one, text in plain.items()}
    return {name: AREAS.get(name, {language: one}) for one, name in names.items() if name and name not in KEPT}


async def ready(founding: Founding) -> Founded:
    """Make what takes time, before any transaction. Raises Invalid with what is wrong about the steward."""
    steward = await accounts.prepare(founding.steward)
    many = 2 + len(founding.areas)
    return Founded(steward=steward, keys=[await asyncio.to_thread(actors.make_keys) for _ in range(many)])


async def found(db: Db, urls: Urls, founding: Founding, prepared: Founded) -> Account:
    """Set the hub up: its name, its actor, its log, its areas and its first steward, in the caller's transaction.

    Conflict if that was done before: of two set-ups at the same moment one wins whole (cases 142, 144).
    """
    named = await hub.set_up(
        db,
        name=founding.name,
        language=founding.language,
        languages=founding.languages,
        zone=founding.zone,
        description=founding.description,
    )
    if not named:
        raise Conflict("This hub is set up already.")
    place_id = await _place(db, urls, founding.place)
    keys = iter(prepared.keys)
    itself = actors.NewActor(
        role="hub",
        kind="Organization",
        name=HUB_NAME,
        display_name=founding.name,
        summary=paragraph(plain(founding.description)),
        place_id=place_id,
    )
    await actors.insert_local(db, urls, itself, next(keys))
    called = gettext(founding.language, "Log of moderation")
    the_log = actors.NewActor(role="log", kind="Service", name=LOG_NAME, display_name=called)
    await actors.insert_local(db, urls, the_log, next(keys))
    for position, (name, labels) in enumerate(founding.areas.items()):
        label = labels.get(founding.language) or next(iter(labels.values()))
        area = actors.NewActor(role="area", kind="Service", name=name, display_name=label, display_names=labels)
        actor = await actors.insert_local(db, urls, area, next(keys))
        await areas.insert(db, name, actor.id, labels, position)
    return await accounts.create(db, urls, founding.steward, prepared.steward)


async def _place(db: Db, urls: Urls, place: Place | None) -> int | None:
    if place is None:
        return None
    return await places.id_of(db, await places.keep(db, place, urls.place), local=True)
