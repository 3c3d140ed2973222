"""What the rooms of the panel read from a request: numbers and servers in addresses, and a measure from its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, cast

from aiohttp import web

from federation.addresses import BadAddress, canonical_domain
from node.actions.moderate import Kind, Order
from node.errors import Forbidden, Invalid, NotFound
from node.store.db import Db
from node.web.handlers import signed_in
from node.wording import moments
from schemas.problems import Problem
from schemas.reasons import NO_DATE
from schemas.records import Viewer

_LARGEST_ID = 2**63 - 1


def number_in(request: web.Request) -> int:
    """The id in the path; NotFound for a number that cannot be one."""
    return number_of(request.match_info["id"])


def number_of(written: str) -> int:
    """An id that somebody sent; NotFound for a number that cannot be one."""
    if not (written.isascii() and written.isdecimal()) or len(written) > 19 or int(written) > _LARGEST_ID:
        raise NotFound
    return int(written)


def host_in(request: web.Request) -> str:
    """The server in the path, in its canonical spelling; NotFound for what is no domain."""
    try:
        return canonical_domain(request.match_info["host"])
    except BadAddress as error:
        raise NotFound from error


def domain_of(typed: str) -> str | None:
    """The domain somebody typed, in whichever spelling; None if it is none."""
    try:
        return canonical_domain(typed) if "." in typed else None
    except BadAddress:
        return None


async def any_of(request: web.Request, db: Db, permissions: Sequence[str]) -> Viewer:
    """The viewer, who needs one of these permissions; Unauthorized or Forbidden otherwise."""
    who = await signed_in(request, db)
    if not any(who.may(one) for one in permissions):
        raise Forbidden
    return who


def order_of(
    entered: Mapping[str, Sequence[str]], target_kind: Literal["actor", "domain"], target: str, zone: str | None
) -> Order:
    """The measure that a form asks for; it ends with the named day in the moderator's zone. Invalid for no date."""
    first = {name: values[0] for name, values in entered.items() if values}
    return Order(
        kind=cast(Kind, first.get("kind", "")),  # `moderate.take` refuses what it does not know
        target_kind=target_kind,
        target=target,
        private_reason=first.get("private_reason", ""),
        public_reason=first.get("public_reason", ""),
        ends_at=end_of_day(first.get("ends_at", ""), zone),
        at_once=first.get("at_once") == "true",
    )


def start_of_day(day: str, zone: str | None, field: str = "starts_at") -> datetime | None:
    """When the named day begins in somebody's zone; None for no day, Invalid for no date."""
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time(), moments.known_zone(zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid([Problem(field=field, reason=NO_DATE)]) from error


def end_of_day(day: str, zone: str | None) -> datetime | None:
    """When the named day is over in somebody's zone; None for no day, Invalid for no date."""
    if not day:
        return None
    try:
        after = date.fromisoformat(day) + timedelta(days=1)
        return datetime.combine(after, time(), moments.known_zone(zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid([Problem(field="ends_at", reason=NO_DATE)]) from error
