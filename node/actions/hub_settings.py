"""What stewards decide about the hub itself: its card, its rules, and what is kept for how long. Each change stands in
the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from node.actions.profile import tell_presented
from node.errors import Forbidden, Invalid
from node.node import Node
from node.store.db import Db
from node.store.events import places
from node.store.hub import hub, hub_settings
from node.store.members import members
from node.store.moderation import log
from node.store.people import actors
from schemas import reasons
from schemas.languages import canonical
from schemas.limits import HUB_RULES, LINE_CHARS, NAME_CHARS
from schemas.modules import MODULES
from schemas.problems import Problem
from schemas.reasons import EMPTY, NO_LANGUAGE, NO_ZONE, TOO_BIG, TOO_LONG, TOO_MANY, TOO_SMALL
from schemas.records import Viewer
from schemas.retention import BOUNDS, Retention
from schemas.things import Place
from schemas.times import is_zone

DESCRIPTION_CHARS = LINE_CHARS * 4
NO_CONTACT = reasons.msgid("Write a mail address, or a web address that begins with https://.")


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """Who the hub is. `descriptions` and rules by language; of `languages` the first is the main one."""

    name: str
    descriptions: Mapping[str, str]
    contact: str
    languages: Sequence[str]
    zone: str
    place: Place | None = None


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of the house, with a hint, by language. `id` stays when the rules are put in another order."""

    id: str
    text: Mapping[str, str]
    hint: Mapping[str, str] = {}


async def change_card(node: Node, db: Db, by: Viewer, card: Card) -> None:
    """Say who the hub is; whoever follows it is told its name and place. Raises Forbidden, Invalid."""
    require(by)
    if wrong := list(_wrong_card(card)):
        raise Invalid(wrong)
    place = await places.keep(db, card.place, node.urls.place) if card.place else None
    itself = await actors.hub(db)
    place_id = await places.id_of(db, place, local=True)
    changed = itself.display_name != card.name or itself.place_id != place_id
    said = msgspec.structs.asdict(card)
    del said["place"]
    await hub_settings.set_card(db, **said)
    if changed:
        await hub_settings.show_card(db, itself.id, card.name, place_id)
        await tell_presented(node, db, await actors.get(db, itself.id))
    await log.append(db, "hub.card", {"by": by.actor.uri, **msgspec.to_builtins(card)})


async def change_rules(db: Db, by: Viewer, rules: Sequence[Rule]) -> None:
    """These are the rules from now on, in this order. Raises Forbidden, Invalid."""
    require(by)
    if wrong := list(_wrong_rules(rules)):
        raise Invalid(wrong)
    kept = msgspec.to_builtins(list(rules))
    await hub_settings.set_rules(db, kept)
    await log.append(db, "hub.rules", {"by": by.actor.uri, "rules": kept})


async def change_retention(db: Db, by: Viewer, kept: Retention) -> None:
    """What is kept for how long from now on. Raises Forbidden, and Invalid for what lies beyond the bounds."""
    require(by)
    wrong = []
    for name, (least, most) in BOUNDS.items():
        value = getattr(kept, name)
        if value is not None and value < least:
            wrong.append(Problem(field=name, reason=TOO_SMALL, values={"min": least}))
        elif value is not None and value > most:
            wrong.append(Problem(field=name, reason=TOO_BIG, values={"max": most}))
    if wrong:
        raise Invalid(wrong)
    await hub_settings.set_retention(db, kept)
    await log.append(db, "hub.retention", {"by": by.actor.uri, **msgspec.to_builtins(kept)})


async def change_modules(db: Db, by: Viewer, used: Sequence[str]) -> None:
    """The hub uses these from now on and does without the others; nothing is deleted. With a register again, everybody
    who has an account stands in it. Raises Forbidden."""
    require(by)
    off = [one for one in MODULES if one not in used]
    if off == await hub.modules_off(db):
        return
    await hub.set_modules_off(db, off)
    if "register" not in off:
        await members.enter_all(db)
    await log.append(db, "hub.modules", {"by": by.actor.uri, "off": off})


def require(by: Viewer) -> None:
    """Forbidden without the permission manage_hub."""
    if not by.may("manage_hub"):
        raise Forbidden


def _wrong_card(card: Card) -> Iterator[Problem]:
    if not card.name:
        yield Problem(field="name", reason=EMPTY)
    elif len(card.name) > NAME_CHARS:
        yield Problem(field="name", reason=TOO_LONG, values={"max": NAME_CHARS})
    for language, text in card.descriptions.items():
        if len(text) > DESCRIPTION_CHARS:
            yield Problem(field=f"description.{language}", reason=TOO_LONG, values={"max": DESCRIPTION_CHARS})
    if len(card.contact) > LINE_CHARS:
        yield Problem(field="contact", reason=TOO_LONG, values={"max": LINE_CHARS})
    elif card.contact and "@" not in card.contact and not card.contact.startswith("https://"):
        yield Problem(field="contact", reason=NO_CONTACT)
    if not card.languages:
        yield Problem(field="languages", reason=EMPTY)
    elif any(canonical(one) != one for one in card.languages):
        yield Problem(field="languages", reason=NO_LANGUAGE)
    if not is_zone(card.zone):
        yield Problem(field="zone", reason=NO_ZONE)


def _wrong_rules(rules: Sequence[Rule]) -> Iterator[Problem]:
    if len(rules) > HUB_RULES:
        yield Problem(field="", reason=TOO_MANY, values={"max": HUB_RULES})
    for number, rule in enumerate(rules):
        if not any(rule.text.values()):
            yield Problem(field=f"rule.{number}", reason=EMPTY)
        for name in ("text", "hint"):
            for language, words in getattr(rule, name).items():
                if len(words) > LINE_CHARS:
                    field = f"rule.{number}.{name}.{language}"
                    yield Problem(field=field, reason=TOO_LONG, values={"max": LINE_CHARS})
