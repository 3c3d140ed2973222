"""The doctor: looks at a hub from inside and from outside and says in plain sentences what is wrong. To add a check:
a function that gives remarks, in the file of its subject, and its line in `examine`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from federation.build.urls import Urls
from node.doctor.address import addresses_of, check_address, check_name
from node.doctor.database import check_database, check_owner, find_hub
from node.doctor.discovery import check_discovery
from node.doctor.disk import check_disk
from node.doctor.mail import check_mail
from node.doctor.patient import admitted
from node.doctor.queues import check_queues
from node.doctor.reach import check_reach
from node.doctor.remark import Remark, wrong
from node.mailing.server import mail_server, server_of
from node.settings import Settings
from node.store.errors import StoreError
from node.store.people import actors
from node.store.pool import Database, open_database
from node.store.upkeep.before_upgrade import bring_up_to_date
from schemas.reasons import msgid

__all__ = ["Remark", "examine", "examine_running"]

Section = tuple[str, list[Remark]]
NOTHING_ELSE = msgid("Nothing else can be looked at before the database is well.")


async def examine(settings: Settings) -> AsyncIterator[Section]:
    """All checks, subject by subject, each as soon as it is done."""
    async for section in _examine_place(settings):
        yield section
    async with AsyncExitStack() as stack:
        try:
            database = await stack.enter_async_context(open_database(settings))
            async with database.direct() as db:
                await bring_up_to_date(db, database, settings)
        except StoreError as error:
            if settings.mail_url is not None:
                yield "Mail", await check_mail(mail_server(settings.mail_url), settings.host)
            yield "Database", [wrong("{why}", NOTHING_ELSE, why=str(error))]
            return
        async for section in _examine_hub(settings, database):
            yield section


async def examine_running(settings: Settings, database: Database) -> AsyncIterator[Section]:
    """The same from inside a running node, on the database that it has open."""
    async for section in _examine_place(settings):
        yield section
    async for section in _examine_hub(settings, database):
        yield section


async def _examine_place(settings: Settings) -> AsyncIterator[Section]:
    yield "Address", [*check_address(settings), *check_name(settings, await addresses_of(settings.host))]
    yield "Disk", check_disk(settings)


async def _examine_hub(settings: Settings, database: Database) -> AsyncIterator[Section]:
    addresses = await addresses_of(settings.host)
    async with database.pool.acquire() as db:
        server = await server_of(db, settings)
    yield "Mail", await check_mail(server, settings.host)
    async with database.pool.acquire() as db:
        yield "Database", await check_database(db, settings)
        yield "Queues", await check_queues(db)
        hub = await find_hub(db)
        instance = await actors.find(db, Urls(settings.base_url).instance_actor)
    owner = check_owner(hub, settings)
    yield "Hub", owner
    if instance is None or not instance.local or not addresses:
        return
    async with admitted(settings, addresses, instance) as patient:
        reached = await check_reach(patient)
        yield "Reached from outside", reached
        if hub is not None and hub.set_up_at is not None and not _is_silent(reached):
            yield "Found by others", await check_discovery(patient)


def _is_silent(reached: list[Remark]) -> bool:
    """Whether the public address gave no answer at all: then asking it more would only repeat that."""
    return len(reached) == 1 and reached[0].level == "wrong"
