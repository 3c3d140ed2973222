"""The page of somebody: lines of facts, and the mark of those whose page links back."""

from __future__ import annotations

from node.store.people import actors
from schemas.things import Attachment
from tests.factories import a_post
from tests.node.pages.conftest import Browser, Hub


async def test_the_page_of_a_profile_shows_the_mark(hub: Hub, stranger: Browser) -> None:
    ana = await actors.find_local(hub.db, "ana")
    assert ana is not None
    fields = [
        {"name": "Web", "value": '<a href="https://ana.example/">ana.example</a>'},
        {"name": "Town", "value": "B"},
    ]
    for marked in (False, True):
        told = [fields[0] | ({"verified_at": "2026-11-22T08:00:00.000Z"} if marked else {}), fields[1]]
        await hub.db.execute("UPDATE actors SET fields = $2 WHERE id = $1", ana.id, told)
        page = await stranger.get("/@ana")
        assert (page.status, page.words.count("This page links back here")) == (200, int(marked))


async def test_films_and_sounds_have_a_player(hub: Hub, stranger: Browser) -> None:
    ana = await actors.find_local(hub.db, "ana")
    assert ana is not None
    base = f"{hub.base}/media/00"
    film = Attachment(url=f"{base}/a.mp4", media_type="video/mp4", preview_url=f"{base}/a.jpg")
    sound = Attachment(url=f"{base}/b.mp3", media_type="audio/mpeg", alt="A <saw>")
    far = Attachment(url="https://far.example/c.mp4", media_type="video/mp4")
    post = await a_post(hub.db, ana, attachments=[film, sound, far])
    page = (await stranger.get(f"/posts/{post.id}")).text
    assert f'src="{hub.base}/media/00/a.mp4" poster="{hub.base}/media/00/a.jpg"' in page
    assert f'<audio controls preload="none" src="{hub.base}/media/00/b.mp3" aria-label="A &lt;saw&gt;">' in page
    assert 'src="https://far.example' not in page, "nobody is sent to another server for a film"
