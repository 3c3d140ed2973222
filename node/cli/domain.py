"""`allmende domain`: measures on other servers, each with all the domains below it."""

from __future__ import annotations

import click

from federation.addresses import BadAddress, canonical_domain
from node.cli.database import with_db
from node.cli.measures import Kind, Terms, done, end_all, say, take, with_terms
from node.cli.showing import show_table
from node.observability.logs import escape
from node.store.db import Db
from node.store.moderation import measures
from schemas.records import Measure


@click.group()
def domain() -> None:
    """Limit or block other servers."""


@domain.command()
@click.argument("domain")
@with_terms
def block(domain: str, terms: Terms) -> None:
    """Have nothing more to do with DOMAIN and all below it: nothing is sent, taken, fetched or shown."""
    _take("suspend", domain, terms)


@domain.command()
@click.argument("domain")
@with_terms
def limit(domain: str, terms: Terms) -> None:
    """Show what comes from DOMAIN and all below it only to those who follow its authors."""
    _take("limit", domain, terms)


@domain.command()
@click.argument("domain")
def unblock(domain: str) -> None:
    """End every block and limit of DOMAIN, in force or proposed."""
    target = _canonical(domain)
    if not with_db(lambda db: end_all(db, "domain", target)):
        raise click.ClickException(f"{target} is neither blocked nor limited.")
    click.echo(f"{target} is no longer blocked or limited.")


@domain.command("list")
def list_() -> None:
    """Show the domains that are blocked or limited, and what is proposed."""
    found = with_db(_all)
    if not found:
        click.echo("No domain is blocked or limited.")
        return
    columns = ("Domain", "Measure", "Since", "Until (UTC)", "Public reason", "Reason")
    show_table(columns, map(_row, found))


def _take(kind: Kind, domain: str, terms: Terms) -> None:
    target = _canonical(domain)
    say(with_db(lambda db: take(db, kind, "domain", target, terms)), target)


async def _all(db: Db) -> list[Measure]:
    return [*await measures.list_proposed(db, "domain"), *await measures.list_in_force(db, "domain")]


def _canonical(domain: str) -> str:
    try:
        return canonical_domain(domain)
    except BadAddress as error:
        raise click.BadParameter(f"“{escape(domain)}” is no domain.", param_hint="DOMAIN") from error


def _row(measure: Measure) -> tuple[str, ...]:
    return (
        measure.target,
        f"to be {done(measure)}" if measure.state == "proposed" else done(measure),
        f"{measure.proposed_at:%Y-%m-%d}",
        f"{measure.ends_at:%Y-%m-%d %H:%M}" if measure.ends_at else "",
        measure.public_reason,
        measure.private_reason,
    )
