"""Somebody who is going to be measured, and all that they said and did before, as it stands where that happens."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Literal

import aiohttp
import msgspec

from tests import files
from tests.drafts import json_of
from tests.journeys.measures.hubs import Person, Three, a_person, eventually, number_at, post_at

Where = Literal["elsewhere", "server", "here", "mode"]
API = "/api/allmende/v1"
FAR_DAYS = 1000
"""The first event is then, each one of a later scene a day before: it stands on the first page of the calendar."""
_numbers = count(1)


class Scene(msgspec.Struct, kw_only=True):
    """`x` is measured. `word` stands in all that is theirs and in nothing else. `uris`: what was said before, by its
    name here; ana's things begin with `our`. `list`: bo's, with x in it. `recommending`: ana's collection with x in it,
    `recommended`: one of theirs (of people who live here alone)."""

    three: Three
    where: Where
    x: Person
    x_here: int
    word: str
    tag: str
    picture: str = ""
    uris: dict[str, str] = {}
    list: str = ""
    quoting: str = ""
    linking: str = ""
    recommending: str = ""
    recommended: str = ""

    async def at(self, hub_of: Person, name: str) -> int:
        """The number of one of these things where somebody lives."""
        return await post_at(hub_of.hub, self.uris[name])


async def a_scene(three: Three, where: Where) -> Scene:
    """They are followed by bo and cy and follow ana, whom they have answered."""
    x = await a_person(three.here if where == "here" else three.there)
    await three.here.db.execute("DELETE FROM post_tags")  # what scenes before talked about is no trend in this one
    word, tag = f"word{next(_numbers)}", f"tag{next(_numbers)}"
    await x.hub.db.execute("UPDATE actors SET display_name = $2 WHERE id = $1", x.id, word)
    scene = Scene(three=three, where=where, x=x, x_here=await number_at(three.bo, x), word=word, tag=tag)
    for one, other in ((three.bo, x), (three.cy, x), (x, three.ana)):
        await one.does(f"/api/v1/accounts/{await number_at(one, other)}/follow")
    await three.settled()
    scene.list = (await three.bo.does("/api/v1/lists", {"title": word}))["id"]
    members = [str(scene.x_here), str(await number_at(three.bo, three.cy))]
    await three.bo.does(f"/api/v1/lists/{scene.list}/accounts", {"account_ids": members})
    await _ours(scene)
    await _theirs(scene)
    await _about_theirs(scene)
    if where == "here":
        scene.recommending = await _recommended(three.ana, "Good people", x)
        scene.recommended = await _recommended(x, word, three.ana)
    return scene


async def _ours(scene: Scene) -> None:
    ana = scene.three.ana
    said = await ana.says(f"What do you think? {scene.x.handle}")
    poll = await ana.says("Which?", poll={"options": ["This", "That"], "expires_in": 86400})
    scene.uris |= {"our thread": said["uri"], "our poll": poll["uri"]}
    for kind in ("event", "call"):
        made = await ana.does(f"{API}/{kind}s", json_of(kind))
        scene.uris[f"our {kind}"] = made["uri"]
    await scene.three.settled()


async def _theirs(scene: Scene) -> None:
    x, word, ana = scene.x, scene.word, scene.three.ana
    thread = str(await scene.at(x, "our thread"))
    said = {
        "post": await x.says(f"{word} #{scene.tag}"),
        "reply": await x.says(f"{ana.handle} {word}, I think", in_reply_to_id=thread),
        "direct": await x.says(f"{ana.handle} {word}, between us", visibility="direct"),
        "doomed": await x.says(f"{word} for a day"),
        "picture": await x.says(f"{word}, look", media_ids=[await uploaded(x)]),
    }
    scene.uris |= {name: one["uri"] for name, one in said.items()}
    day = (datetime.now(UTC) + timedelta(days=FAR_DAYS - int(word.removeprefix("word")))).date()
    for kind in ("event", "finding", "call"):
        versions = [{"language": "en", "name": f"{word} {kind}", "text": word}]
        dates = {"starts": f"{day}T14:00", "ends": f"{day}T17:00"} if kind == "event" else {}
        made = await x.does(f"{API}/{kind}s", json_of(kind, versions=versions, **dates))
        scene.uris[f"{kind}"] = made["uri"]
    await x.does(f"/api/v1/statuses/{thread}/favourite")
    await scene.three.settled()


async def _about_theirs(scene: Scene) -> None:
    ana, bo = scene.three.ana, scene.three.bo
    post = await scene.at(ana, "post")
    for deed in ("favourite", "bookmark"):
        await ana.does(f"/api/v1/statuses/{post}/{deed}")
    await bo.does(f"/api/v1/statuses/{post}/reblog")
    scene.quoting = (await ana.says("As they say", quoted_status_id=str(post), visibility="unlisted"))["id"]
    await scene.three.settled()
    shown = f"/api/v1/statuses/{await scene.at(ana, 'picture')}"

    async def seen() -> bool:
        scene.picture = (await ana.client.get(shown)).json["media_attachments"][0]["preview_url"] or ""
        return scene.picture.startswith(scene.three.here.base)

    await eventually(seen, "the picture is here")
    if scene.where != "here":
        scene.linking = (await link_there(scene))["id"]


async def _recommended(by: Person, name: str, whom: Person) -> str:
    made = await by.does("/api/v1/collections", {"name": name, "account_ids": [str(whom.id)]})
    return str(made["collection"]["id"])


async def link_there(scene: Scene) -> Any:
    """Ana links to a page of There; the card is made at once, without the wait that spares servers."""
    ana = scene.three.ana
    said = await ana.says(f"See {scene.three.there.base}/about?{next(_numbers)}")
    await ana.hub.db.execute("UPDATE jobs SET next_at = now() WHERE kind = 'fetch_card'")
    ana.hub.node.wake()

    async def done() -> bool:
        return not await ana.hub.one("SELECT count(*) FROM jobs WHERE kind = 'fetch_card' AND attempts = 0")

    await eventually(done, "the card is made")
    return said


async def uploaded(who: Person) -> str:
    """A picture; its number."""
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("file", io.BytesIO(files.image(size=(64, 48))), filename="bench.png", content_type="image/png")
    answer = await who.client.post("/api/v2/media", data=form)
    assert answer.status == 200, answer.text
    return str(answer.json["id"])
