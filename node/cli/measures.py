"""What `allmende domain` and `allmende account suspend` share: the terms of a measure, and what they say of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Literal

import click
import msgspec

from node.actions import moderate
from node.actions.moderate import Order
from node.store.db import Db
from node.store.moderation import measures
from schemas.records import Measure

Kind = Literal["limit", "suspend"]

DOMAIN_WORDS = {"suspend": "blocked", "limit": "limited"}
ACTOR_WORDS = {"suspend": "suspended"}


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Why, until when, and whether to wait for a second person."""

    private_reason: str
    public_reason: str
    ends_at: datetime | None
    at_once: bool


def with_terms(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of every measure; it gets them as its argument `terms`."""

    @click.option("--reason", default="", help="Why, for the staff.")
    @click.option("--public-reason", default="", help="Why, for everybody: it stands in the public log.")
    @click.option("--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="When it ends by itself (UTC).")
    @click.option(
        "--at-once", is_flag=True, help="Do not wait for a second person; it is to be reviewed within three days."
    )
    @wraps(command)
    def gathered(reason: str, public_reason: str, until: datetime | None, at_once: bool, **rest: Any) -> None:
        ends_at = until.replace(tzinfo=UTC) if until else None
        if ends_at is not None and ends_at <= datetime.now(UTC):
            raise click.BadParameter("it lies in the past.", param_hint="--until")
        terms = Terms(private_reason=reason, public_reason=public_reason, ends_at=ends_at, at_once=at_once)
        command(terms=terms, **rest)

    return gathered


async def take(db: Db, kind: Kind, target_kind: Literal["actor", "domain"], target: str, terms: Terms) -> Measure:
    """Take a measure as the operator of the machine, in the caller's transaction; see `actions.moderate.take`."""
    order = Order(kind=kind, target_kind=target_kind, target=target, **msgspec.structs.asdict(terms))
    return await moderate.take(db, None, order)


async def end_all(db: Db, target_kind: measures.Target, target: str) -> list[Measure]:
    """End every block, suspension and limit of a target, in force or proposed, in the caller's transaction."""
    found = [*await measures.list_in_force(db, target_kind), *await measures.list_proposed(db, target_kind)]
    kinds = DOMAIN_WORDS if target_kind == "domain" else ACTOR_WORDS
    mine = [measure for measure in found if measure.target == target and measure.kind in kinds]
    return [await moderate.end(db, None, measure.id) for measure in mine]


def done(measure: Measure) -> str:
    """In one word, what a measure does to its target."""
    return (DOMAIN_WORDS if measure.target_kind == "domain" else ACTOR_WORDS)[measure.kind]


def say(measure: Measure, name: str) -> None:
    """Print what became of a measure."""
    if measure.state == "proposed":
        click.echo(f"Proposed: {name} is to be {done(measure)}. A second moderator has to confirm it (or --at-once).")
        return
    until = f" until {measure.ends_at:%Y-%m-%d %H:%M} UTC" if measure.ends_at else ""
    click.echo(f"{name} is {done(measure)}{until}.")
    if measure.stands_alone and measure.review_at:
        click.echo(f"Nobody confirmed it, which the log says; it is to be reviewed by {measure.review_at:%Y-%m-%d}.")
