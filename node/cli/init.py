"""`allmende init`: set the hub up without a browser."""

from __future__ import annotations

import click

from federation.build.urls import Urls
from node.actions import setup
from node.actions.accounts import NewAccount
from node.actions.setup import AREAS, Founding
from node.cli.database import with_database
from node.cli.prompt import read_password
from node.settings import Settings
from node.store.pool import Database
from node.wording.language import LANGUAGES
from schemas.things import Place
from schemas.times import is_zone


@click.command()
@click.option("--name", required=True, help="The name of the hub.")
@click.option("--description", default="", help="Who you are, in two sentences.")
@click.option("--language", "languages", multiple=True, type=click.Choice(LANGUAGES), help="The first is the main one.")
@click.option("--area", "areas", multiple=True, help=f"{', '.join(AREAS)}, or one of your own; may be repeated.")
@click.option("--zone", default="Europe/Brussels", show_default=True, help="The time zone where you are.")
@click.option("--place", default="", help="The place where you are, by name.")
@click.option("--town", default="", help="Its town.")
@click.option("--country", default="", help="Its country, as two letters.")
@click.option("--steward", required=True, help="The short name of the first steward: small letters, digits and _.")
@click.option("--email", required=True, help="The steward's mail address.")
@click.option("--password-stdin", is_flag=True, help="Read the steward's password from standard input.")
def init(
    name: str,
    description: str,
    languages: tuple[str, ...],
    areas: tuple[str, ...],
    zone: str,
    place: str,
    town: str,
    country: str,
    steward: str,
    email: str,
    password_stdin: bool,
) -> None:
    """Set the hub up: its name, its areas and its first steward. Possible once."""
    if not is_zone(zone):
        raise click.BadParameter("no time zone such as Europe/Berlin.", param_hint="--zone")
    languages = languages or (LANGUAGES[0],)
    founding = Founding(
        name=name,
        description=description,
        language=languages[0],
        languages=tuple(dict.fromkeys(languages)),
        zone=zone,
        areas=_areas(areas, languages[0]),
        place=Place(name=place or town, locality=town, country=country.upper()) if place or town else None,
        steward=NewAccount(
            name=steward,
            email=email,
            password=read_password(from_stdin=password_stdin),
            role="steward",
            language=languages[0],
            zone=zone,
        ),
    )

    async def run(settings: Settings, database: Database) -> str:
        urls = Urls(settings.base_url)
        async with database.pool.acquire() as db:
            await setup.prepare(db, urls)
        prepared = await setup.ready(founding)
        async with database.pool.acquire() as db, db.transaction():
            await setup.found(db, urls, founding, prepared)
        return settings.base_url

    click.echo(f"{name} is set up: {with_database(run)}")


def _areas(named: tuple[str, ...], language: str) -> dict[str, dict[str, str]]:
    known = {one: AREAS[one] for one in named if one in AREAS}
    return known | setup.own_areas([one for one in named if one not in AREAS], language)
