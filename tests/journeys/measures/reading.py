"""Every way by which words that are here already leave: whether they still come out of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec

from tests.journeys.measures.scene import Scene
from tests.node.mastodon.conftest import Client

ACTIVITY = {"Accept": "application/activity+json"}
PAGE = {"Accept": "text/html"}
Reader = Literal["ana", "bo", "cy", "stranger", "server"]
Way = Callable[[Scene], Awaitable[bool]]


class Look(msgspec.Struct, frozen=True):
    """Who asks for what, and what shows that it is there. In the path `{post}` is the number here of what they
    said under this name; `{word}`, `{tag}`, `{x}`, `{list}`, `{quoting}` as in the scene, `{name}` theirs."""

    reader: Reader
    path: str
    sign: str = "{word}"


READ: dict[str, Look] = {
    "status": Look("ana", "/api/v1/statuses/{post}"),
    "own statuses": Look("ana", "/api/v1/accounts/{x}/statuses"),
    "thread": Look("ana", "/api/v1/statuses/{our thread}/context"),
    "public timeline": Look("ana", "/api/v1/timelines/public?limit=40"),
    "public timeline to followers": Look("bo", "/api/v1/timelines/public?limit=40"),
    "tag timeline": Look("ana", "/api/v1/timelines/tag/{tag}"),
    "home timeline": Look("bo", "/api/v1/timelines/home?limit=40"),
    "list timeline": Look("bo", "/api/v1/timelines/list/{list}?limit=40"),
    "boost by others": Look("ana", "/api/v1/accounts/{bo}/statuses"),
    "boost in home": Look("ana", "/api/v1/timelines/home?limit=40"),
    "quote by others": Look("ana", "/api/v1/statuses/{quoting}"),
    "favourites": Look("ana", "/api/v1/favourites"),
    "bookmarks": Look("ana", "/api/v1/bookmarks"),
    "conversation": Look("ana", "/api/v1/conversations"),
    "notifications": Look("ana", "/api/v1/notifications?types[]=mention&types[]=favourite"),
    "grouped notifications": Look("ana", "/api/v2/notifications?types[]=mention&types[]=favourite"),
    "search": Look("ana", "/api/v2/search?q={word}&type=statuses"),
    "search for people": Look("ana", "/api/v1/accounts/search?q={word}"),
    "search for tags": Look("ana", "/api/v2/search?q={tag}&type=hashtags", "{tag}"),
    "trends": Look("ana", "/api/v1/trends/tags?limit=20", "{tag}"),
    "directory": Look("ana", "/api/v1/directory?limit=80&order=new"),
    "calendar": Look("stranger", "/api/allmende/v1/calendar"),
    "events page": Look("stranger", "/events"),
    "findings page": Look("stranger", "/findings"),
    "calls page": Look("stranger", "/calls"),
    "search page": Look("stranger", "/search?q={word}"),
    "tag page": Look("stranger", "/tags/{tag}"),
    "thread page": Look("stranger", "/posts/{our thread}"),
    "replies collection": Look("server", "/posts/{our thread}/replies"),
}
"""Whoever is measured, wherever they live."""

READ_HERE: dict[str, Look] = READ | {
    "calls feed": Look("stranger", "/calls.atom"),
    "findings feed": Look("stranger", "/findings.atom"),
    "events feed": Look("stranger", "/events.ics"),
    "local timeline": Look("ana", "/api/v1/timelines/public?local=true&limit=40"),
    "people page": Look("stranger", "/people"),
    "page": Look("stranger", "/posts/{post}"),
    "event page": Look("stranger", "/events/{event}"),
    "profile": Look("stranger", "/@{name}"),
    "object": Look("server", "/posts/{post}"),
    "actor": Look("server", "/actors/{name}"),
    "outbox": Look("server", "/actors/{name}/outbox?page=1"),
    "tag collection": Look("server", "/tags/{tag}?page=1"),
    "collection with them": Look("ana", "/api/v1/collections/{recommending}"),
    "their collection": Look("ana", "/api/v1/collections/{recommended}"),
    "their collections": Look("ana", "/api/v1/accounts/{x}/collections"),
    "search for collections": Look("ana", "/api/v2/search?q={word}&type=collections"),
    "home elsewhere": Look("cy", "/api/v1/timelines/home?limit=40"),
}
READ_THERE: dict[str, Look] = READ | {
    "remote timeline": Look("ana", "/api/v1/timelines/public?remote=true&limit=40"),
    "card": Look("ana", "/api/v1/statuses/{linking}"),
    "home elsewhere": Look("cy", "/api/v1/timelines/home?limit=40"),
}


def looks(scene: Scene) -> dict[str, Look]:
    """Those that there are."""
    return READ_HERE if scene.where == "here" else READ_THERE


async def comes_out(scene: Scene, look: Look) -> bool:
    """Whether the words stand in the answer; of a link to a page only its card counts, of a collection the ids, and of
    a page that repeats what was searched for the addresses."""
    client, headers = _asker(scene, look.reader)
    answer = await client.ask("GET", await _filled(scene, look.path), headers=headers)
    if look.path.endswith("{linking}"):
        return bool(answer.json and answer.json.get("card"))
    if (look.reader == "server" and look.path != "/actors/{name}") or look.path.startswith("/search"):
        theirs = {name: uri for name, uri in scene.uris.items() if not name.startswith("our ")}
        known = [str(await scene.at(scene.three.ana, name)) for name in theirs]
        return any(one in answer.text for one in (*theirs.values(), *known))
    return await _filled(scene, look.sign) in answer.text


async def picture_comes_out(scene: Scene) -> bool:
    """Whether the file of a picture of theirs, that ana saw, is still handed out."""
    return (await scene.three.here.stranger.ask("HEAD", scene.picture)).status == 200


def _asker(scene: Scene, reader: Reader) -> tuple[Client, dict[str, str]]:
    match reader:
        case "server":
            return scene.three.here.stranger, ACTIVITY
        case "stranger":
            return scene.three.here.stranger, PAGE
        case _:
            return getattr(scene.three, reader).client, {}


async def _filled(scene: Scene, path: str) -> str:
    known = {
        "{word}": scene.word,
        "{tag}": scene.tag,
        "{x}": scene.x_here,
        "{list}": scene.list,
        "{quoting}": scene.quoting,
        "{recommending}": scene.recommending,
        "{recommended}": scene.recommended,
    }
    known |= {"{linking}": scene.linking, "{bo}": scene.three.bo.id, "{name}": scene.x.viewer.actor.name}
    for name in scene.uris:
        if f"{{{name}}}" in path:
            known[f"{{{name}}}"] = await scene.at(scene.three.ana, name)
    for gap, value in known.items():
        path = path.replace(gap, str(value))
    return path
