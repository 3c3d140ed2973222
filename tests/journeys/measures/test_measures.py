"""Each measure, and each mode, against each way by which words arrive or leave: what is cut and what is not, between
whole nodes. First nothing is done: all ways are open. Then what is cut is exactly what is listed here."""

from __future__ import annotations

import pytest

from node.actions import moderate
from node.actions.moderate import Kind, Order
from node.policy import CHANNEL
from node.store.moderation import measures
from node.store.servers import circle, hosts, hub_mode
from node.store.servers.hub_mode import Mode
from schemas.records import Measure
from tests.journeys.measures.hubs import Three, eventually, know
from tests.journeys.measures.reading import READ_HERE, READ_THERE, comes_out, looks, picture_comes_out
from tests.journeys.measures.scene import Scene, Where, a_scene
from tests.journeys.measures.trying import Tried, act_here, arrive, move, pass_on, reach, served, streamed

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

SAID = {
    "Create", "reply", "notification", "media", "Update", "Announce", "Like", "Follow", "quote", "Join", "Offer",
    "vote", "Move", "user stream", "list stream", "public stream", "hashtag stream",
}  # fmt: skip
"""What somebody does elsewhere, by which more is here than before."""
TAKEN_BACK = {"Delete", "Undo", "Block"}
"""By which there is less."""
PASSED_ON = {"new boost from beyond", "new group post", "new quote from beyond", "new thread"}
OURS = {"our post to followers", "our message to them", "our follow", "our like", "our report"}
ASKED = {"our object", "look-up", "key", "new card", "fetch"}
DONE_HERE = {"their app", "their like", "their post", "their post elsewhere"}
"""What somebody here does with their app; it has to be let in again even to read."""
DONE_HERE |= {"user stream", "list stream", "public stream", "hashtag stream"}
LISTED = {
    "calendar", "calls page", "directory", "events page", "findings page", "public timeline", "tag timeline", "search",
    "search for people", "search page", "search for tags", "trends", "tag page", "thread", "thread page",
    "replies collection", "public stream", "hashtag stream",
}  # fmt: skip
"""Where those find it who do not follow them."""
FEEDS = {"events feed", "findings feed", "calls feed", "people page", "local timeline", "tag collection"}
RECOMMENDED = {"collection with them", "their collection", "their collections", "search for collections"}
LEFT = {"home timeline", "list timeline", "home elsewhere"}
"""Where they are no longer, once their followers have gone with them to another account."""
HIDDEN_THERE = set(READ_THERE) - {"home elsewhere", "card"} | {"picture"}
"""All but what stands with others: on a hub beyond, or on a page of that server."""
EVERYTHING_THERE = set(READ_THERE) | SAID | TAKEN_BACK | PASSED_ON | OURS | ASKED | {"Flag", "picture"}

CUT: dict[tuple[Where, Kind | Mode], set[str]] = {
    ("elsewhere", "warn"): set(),
    ("elsewhere", "sensitive"): set(),
    ("elsewhere", "limit"): LISTED | {"remote timeline", "notification"},
    ("elsewhere", "freeze"): SAID | PASSED_ON,
    ("elsewhere", "suspend"): HIDDEN_THERE | SAID | TAKEN_BACK | PASSED_ON | OURS,
    ("server", "limit"): LISTED | {"remote timeline", "notification"},
    ("server", "reject_media"): {"picture", "media"},
    ("server", "reject_reports"): {"Flag"},
    ("server", "suspend"): EVERYTHING_THERE - {"home elsewhere"},
    ("here", "warn"): set(),
    ("here", "sensitive"): set(),
    ("here", "limit"): LISTED | FEEDS | RECOMMENDED,
    ("here", "freeze"): DONE_HERE,
    ("here", "suspend"): set(READ_HERE) | DONE_HERE | {"picture"},
    ("mode", "ask"): SAID | TAKEN_BACK | PASSED_ON | OURS | ASKED | {"Flag", "picture"},
    ("mode", "circle"): SAID | TAKEN_BACK | PASSED_ON | OURS | ASKED | {"Flag", "picture"},
}
"""What is cut, by whom a measure is on. All else stays as it is."""
ALWAYS = {("server", "suspend"), ("elsewhere", "suspend"), ("here", "suspend"), ("elsewhere", "limit")}
SECURITY = {("server", "suspend"): "cases 118, 119", ("elsewhere", "suspend"): "case 121"}
CASES = [
    pytest.param(
        *one, marks=() if one in ALWAYS else pytest.mark.full, id="-".join((*one, SECURITY.get(one, ""))).strip("-")
    )
    for one in CUT
    if one[0] != "mode"
]


async def every_way(scene: Scene) -> dict[str, bool]:
    """Whether something comes through, by each way."""
    ways = {name: await comes_out(scene, look) for name, look in looks(scene).items()}
    ways["picture"] = await picture_comes_out(scene)
    tried: list[Tried] = []

    async def act() -> None:
        tried.extend(await (act_here if scene.where == "here" else arrive)(scene))

    for hub in scene.three.all:
        hub.asked.clear()
    ways |= await streamed(scene, act)
    if scene.where != "here":
        for trying in (reach, served, pass_on):
            tried.extend(await trying(scene))
        await scene.three.settled()
    ways |= {one.way: await one.check() for one in tried}
    if scene.where != "here":
        moved = await move(scene)
        await scene.three.settled()
        ways[moved.way] = await moved.check()
        ways["fetch"] = bool(scene.three.there.was_asked_by(scene.three.here))
    return ways


def shut(ways: dict[str, bool]) -> set[str]:
    """By which nothing comes through."""
    return {name for name, there in ways.items() if not there}


async def take(scene: Scene, kind: Kind) -> Measure:
    """Take a measure as the operator, so that nobody else is needed; a domain is written as nobody writes it."""
    here, domain = scene.three.here, scene.where == "server"
    target = scene.x.hub.domain if domain else scene.x.uri
    order = Order(kind=kind, target_kind="domain" if domain else "actor", target=target, public_reason="a test")
    async with here.db.transaction():
        taken = await moderate.take(here.db, None, order)
    await in_force(scene.three)
    return taken


async def switch(three: Three, mode: Mode) -> None:
    """Whom we federate with: the hub beyond is let in, and in our circle."""
    here = three.here
    beyond = await know(here, f"{three.beyond.base}/actors/hub")
    async with here.db.transaction():
        await hosts.decide(here.db, three.beyond.host, let_in=True)
        await circle.put(here.db, beyond, "Ours", "asked", f"{here.base}/offers/1")
        await circle.agree(here.db, beyond, f"{here.base}/offers/1")
        await hub_mode.put(here.db, mode)
        await measures.announce(here.db, CHANNEL)
    await in_force(three)


async def in_force(three: Three) -> None:
    """What follows from it is done, and each process knows of it."""
    three.here.node.wake()
    await three.here.node.policy.refresh(three.here.db)
    await three.settled()


@pytest.mark.parametrize("where", ["elsewhere", "here"])
async def test_without_a_measure_every_way_is_open(three: Three, where: Where) -> None:
    ways = await every_way(await a_scene(three, where))
    assert shut(ways) == set()
    expected = EVERYTHING_THERE if where == "elsewhere" else set(READ_HERE) | DONE_HERE | {"picture"}
    assert set(ways) == expected


@pytest.mark.parametrize(("where", "kind"), CASES)
async def test_what_a_measure_cuts_what_it_leaves_and_that_it_can_be_undone(
    three: Three, where: Where, kind: Kind
) -> None:
    scene = await a_scene(three, where)
    taken = await take(scene, kind)
    ways = await every_way(scene)
    cut, expected = shut(ways), CUT[where, kind]
    assert (cut - expected, expected - cut) == (set(), set())
    async with three.here.db.transaction():
        await moderate.end(three.here.db, None, taken.id)
    await in_force(three)
    again = {name: await comes_out(scene, look) for name, look in looks(scene).items() if name in cut}
    if "picture" in cut:
        await eventually(lambda: picture_comes_out(scene), "the picture is back")
    assert shut(again) - (LEFT if ways.get("Move") else set()) == set()


@pytest.mark.parametrize(
    "mode", [pytest.param("ask", id="ask-case 122"), pytest.param("circle", marks=pytest.mark.full)]
)
async def test_what_a_mode_cuts_and_what_it_leaves(three: Three, mode: Mode) -> None:
    scene = await a_scene(three, "mode")
    await switch(three, mode)
    try:
        ways = await every_way(scene)
    finally:
        await switch(three, "open")
    cut, expected = shut(ways), CUT["mode", mode]
    assert (cut - expected, expected - cut) == (set(), set())
