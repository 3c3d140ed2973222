"""A picture goes from one hub to another: fetched, made anew and shown from there, until its origin deletes it."""

from __future__ import annotations

from pathlib import Path

import aiohttp

from node.actions import withdraw
from node.actions.upload import Upload, upload
from node.store.files import media
from node.store.people import actors
from schemas.records import Medium, Post
from tests import files
from tests.journeys.conftest import Hub, eventually
from tests.journeys.test_story import MakeHub, arrived, copy_of, doing, example, met, published


async def uploaded(hub: Hub, folder: Path, content: bytes) -> Medium:
    """A file, in the name of the hub."""
    (folder / "sent").write_bytes(content)
    async with hub.node() as node:
        async with node.database.pool.acquire() as db:
            owner = await actors.hub(db)
        return await upload(node, owner, Upload(file=folder / "sent", name="a"))


async def got(url: str) -> tuple[int, bytes]:
    """What a browser gets there."""
    async with aiohttp.ClientSession(headers={"Accept": "text/html"}) as session, session.get(url) as answer:
        return answer.status, await answer.read()


async def shown_there(hub: Hub, uri: str) -> Post:
    """Wait until this hub shows the picture of a thing from its own address."""
    return await arrived(hub, uri, lambda post: all(one.url.startswith(hub.base_url) for one in post.attachments))


async def test_a_picture_is_shown_by_the_other_hub_from_its_own_address(hubs: MakeHub, tmp_path: Path) -> None:
    bern, lyon = await hubs("Bern", "127.0.0.2"), await hubs("Lyon", "127.0.0.3")
    await met(lyon, bern)
    medium = await uploaded(bern, tmp_path, files.located())
    poster = {"media_id": str(medium.id), "alt": "a red boat"}
    event = await published(bern, example("event", image=poster))
    assert event.attachments[0].url.startswith(f"{bern.base_url}/media/")

    there = await shown_there(lyon, event.uri)
    (picture,) = there.attachments
    assert picture.alt == "a red boat"
    assert picture.blurhash
    status, content = await got(picture.url)
    assert status == 200
    assert files.opened(content).size == (320, 200)
    status, page = await got(f"{lyon.base_url}/events/{there.id}")
    assert status == 200
    assert picture.url.encode() in page
    assert b'alt="a red boat"' in page
    assert f"{bern.base_url}/media/".encode() not in page

    async with doing(bern) as (node, db, viewer):
        await withdraw.delete(node, db, viewer, event.id)

    async def gone() -> bool:
        return await copy_of(lyon, event.uri) is None

    await eventually(gone, "the event is deleted in Lyon")
    assert (await got(picture.url))[0] == 404
    assert (await got(event.attachments[0].url))[0] == 404


async def test_a_film_becomes_ready_although_the_node_is_killed_meanwhile(hubs: MakeHub, tmp_path: Path) -> None:
    bern = await hubs("Bern", "127.0.0.2")
    medium = await uploaded(bern, tmp_path, files.film("webm", "libvpx", "libopus", size=(640, 360)))
    await bern.kill()
    await bern.start()

    async def ready() -> bool:
        async with doing(bern) as (_, db, _viewer):
            found = await media.find(db, medium.id)
        return found is not None and found.state == "ready"

    await eventually(ready, "the film is ready")
