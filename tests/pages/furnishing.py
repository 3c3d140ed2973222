"""A hub with something of every sort in it, as full and as long as it may be, for those who look at pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
from PIL import Image

from node.actions import composing, moderate, upload
from node.ids import new_id
from node.secrets.case_keys import path_of
from node.store.events import places, rsvps
from node.store.files import media
from node.store.hub import contact
from node.store.hub import hub as hubs
from node.store.moderation import appeals, domain_lists, reports
from node.store.notices import mails, notifications
from node.store.people import actors, follows
from node.store.posts import posts
from node.store.queues import jobs
from node.store.servers import held, hosts
from schemas.drafts.parts import MediumDraft
from schemas.records import Actor, Medium, Post
from schemas.things import CallDetail, FindingDetail, Link, Place, Version
from tests.factories import a_post, a_remote_actor, a_remote_object, an_event_detail
from tests.node.pages.conftest import Hub

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
HALL = Place(name="Haus am Mühlbach", street="Am Mühlbach 3", postal_code="37213", locality="Witzenhausen",
             country="DE", latitude=51.3417, longitude=9.8574)  # fmt: skip
TEXT = (
    "<p>The pipes are in; next come clay plaster and tiles. <strong>We show you everything.</strong></p>"
    "<h2>The day</h2><ul><li>10:00 coffee, then three groups</li><li>13:00 lunch from the garden</li></ul>"
    f"<p>Please bring sturdy shoes. <a href='https://x.example'>The way from the station</a>. {LONG}</p>"
)


class Furnished(msgspec.Struct, frozen=True, kw_only=True):
    """Paths of what no page links to for everybody, and of things in states that matter."""

    for_all: list[str]
    for_ana: list[str]


async def furnish(hub: Hub) -> Furnished:
    """Put something of every sort into the hub, whose steward is ana."""
    ana = await actors.find_local(hub.db, "ana")
    us = await actors.hub(hub.db)
    assert ana
    pictures = [await _picture(hub, us, size, tint) for size, tint in [((1800, 1100), 90), ((900, 1300), 150)]]
    await media.set_pictures(hub.db, us.id, pictures[1].id, pictures[0].id)
    own = await _picture(hub, ana, (500, 500), 30)
    await media.set_pictures(hub.db, ana.id, own.id, None)
    things = await _things(hub, us, pictures)
    await _answers(hub, ana, things)
    bo = await a_remote_actor(hub.db, "bo", display_name="Bo " + LONG)
    await follows.insert(hub.db, bo.id, ana.id, "https://peer.example/f/1", accepted=False)
    await follows.insert(hub.db, bo.id, us.id, "https://peer.example/f/2", accepted=True)
    theirs = await posts.upsert_remote(hub.db, a_remote_object(bo, text="Buy my boots now, only today!"), bo)
    assert theirs
    for kind in ("follow_request", "like"):
        await notifications.tell_actor(hub.db, ana.id, kind, from_id=bo.id)  # type: ignore[arg-type]
    links = await _cases(hub, bo, theirs)
    await _of_servers(hub)
    paths = [f"/{one.kind}s/{one.id}" for one in things]
    return Furnished(
        for_all=[*paths, *links, f"/posts/{theirs.id}", "/events?view=month", "/events?view=week", "/search?q=kitchen",
                 "/search?q=nothingatall", "/nowhere", f"/interact?uri={things[0].uri}", "/desk"],
        for_ana=["/", *paths, f"/report?post={theirs.id}", "/settings/profile?as=hub", "/search?q=kitchen",
                 "/admin/desk?q=peer.example", "/@bo@peer.example", "/admin/reports?state=all"],
    )  # fmt: skip


async def a_thing(hub: Hub, kind: str = "event", *, title: str = "Repair café", **fields: Any) -> Post:
    """Something the hub published, straight into the store."""
    actor = fields.pop("actor", None) or await actors.hub(hub.db)
    version = Version(language="en", name="" if kind == "post" else title, content=f"<p>{title}</p>")
    usual: dict[str, Any] = {"versions": [version], "area": "housing", "tags": ["mending"]}
    post_id = new_id()
    address = hub.urls.thing(kind, post_id)  # type: ignore[arg-type]
    mine = {"id": post_id, "uri": address, "url": address, "context": hub.urls.context(post_id)}
    return await a_post(hub.db, actor, kind=kind, **(usual | mine | fields))  # type: ignore[arg-type]


async def _things(hub: Hub, us: Actor, pictures: list[Medium]) -> list[Post]:
    """Events that take place, are off and over, a call, a finding, a post; and a page full of others."""
    drafts = [MediumDraft(media_id=str(one.id), alt="Plaster on a wall", credit="Ana", license="CC-BY-4.0")
              for one in pictures]  # fmt: skip
    shown = composing.attachments_of(drafts, {one.id: one for one in pictures}, hub.urls)
    both = [
        Version(language="en", name="Open building site: our shared kitchen", summary="One Saturday.", content=TEXT),
        Version(language="de", name=LONG, summary="Ein Samstag", content=TEXT),
    ]
    hall = await places.keep(hub.db, HALL, hub.urls.place)
    soon = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    detail = an_event_detail(soon, place=hall, capacity=2, zone="Asia/Tokyo", waiting_list=True)
    event = await a_thing(hub, versions=both, event=detail, attachments=shown)
    gone = await a_thing(hub, title="Assembly of the whole association", event=an_event_detail(
        soon + timedelta(days=2), status="cancelled", online_url="https://m.example"))  # fmt: skip
    over = await a_thing(hub, title="Over", event=an_event_detail(soon - timedelta(days=30)))
    call = await a_thing(hub, "call", title="Who can build a roof? " + LONG, attachments=shown[:1], call=CallDetail(
        skills=("carpentry", LONG), effort="two weekends", effort_hours=3, place=hall, deadline=soon, places=3,
        contact="roof@example.org"))  # fmt: skip
    finding = await a_thing(hub, "finding", versions=both, attachments=shown, finding=FindingDetail(
        claim="Neighbours can do without two cars of three if the rules fit on one page.",
        reasons=("Costs fell from 310 to 92 euro a month.", "All are still with us."), scope="Villages",
        born_of=event.uri, sources=(Link(url="https://x.example", name="A study"),), contributors=("Ana", LONG),
        license="https://creativecommons.org/licenses/by/4.0/"))  # fmt: skip
    post = await a_thing(hub, "post", title="Hello there", attachments=shown)
    for number in range(3):
        await a_thing(hub, title=f"Thursday workshop {number + 1}", event=an_event_detail(
            soon + timedelta(days=7 * (number + 1)), place=hall))  # fmt: skip
        await a_thing(hub, "call", title=f"Looking for a carpenter {number + 1}")
        await a_thing(hub, "finding", title=f"Four cars for eleven households {number + 1}")
    return [event, gone, over, call, finding, post]


async def _answers(hub: Hub, ana: Actor, things: list[Post]) -> None:
    event, call = things[0], things[3]
    await a_thing(hub, "post", actor=ana, title="I agree", in_reply_to=event.uri)
    await rsvps.put(hub.db, event.id, ana.id, "going", "button")
    lea = await hub.member("lea")
    await rsvps.put(hub.db, event.id, lea.actor.id, "going", "button")
    await a_thing(hub, "post", actor=lea.actor, title="I can come with tools", in_reply_to=call.uri)


async def _cases(hub: Hub, bo: Actor, theirs: Post) -> list[str]:
    """A report, a measure with an appeal, a message; the links by which those without an account follow them."""
    kept = await reports.insert(hub.db, bo.id, reporter_id=None, host=None, uri=None, posts=[theirs.uri],
                                content="They send this to everybody. " + LONG, category="spam")  # fmt: skip
    kim = await hub.member("kim")
    order = moderate.Order(kind="limit", target_kind="actor", target=kim.actor.uri, public_reason="Advertising.")
    measure = await moderate.take(hub.db, None, order)
    await appeals.insert(hub.db, measure.id, "It was a joke among friends.")
    said = {"name": "Kim", "email": "kim@x.example", "subject": "Your kitchen", "body": "May we come and look?"}
    await contact.insert(hub.db, "K-2030", said, "en")
    secret = (await hubs.get(hub.db)).secret
    assert kept
    return [path_of(secret, "report", kept.id), path_of(secret, "appeal", measure.id), "/contact/K-2030"]


async def _of_servers(hub: Hub) -> None:
    account = await hub.db.fetchval("SELECT min(id) FROM accounts")
    await jobs.add(hub.db, "recheck", {"uri": "https://peer.example/x"}, host="peer.example")
    await hosts.remember_scheme(hub.db, "peer.example", "draft")
    await hosts.ask_about(hub.db, "a-very-long-name-of-a-server-that-somebody-chose.example")
    await held.insert(hub.db, "a-very-long-name-of-a-server-that-somebody-chose.example", "{}", "x")
    await domain_lists.insert(hub.db, "Friends’ list", "block", account, url=None, body=b"#domain,#severity\n")
    await mails.put(
        hub.db,
        mails.MailDraft(
            kind="confirm_address",
            to="lea@x.example",
            language="en",
            facts={"name": "Lea", "new": True, "link": "https://hub.example/confirm?token=x"},
        ),
    )


async def _picture(hub: Hub, owner: Actor, size: tuple[int, int], tint: int) -> Medium:
    """A picture as if from a telephone, through the pipeline."""
    gradient = Image.linear_gradient("L").resize(size)
    made = Image.merge("RGB", (gradient, gradient.point(lambda value: (value + tint) // 2), Image.new("L", size, tint)))
    sent, file = BytesIO(), Path(hub.node.settings.data) / f"sent-{tint}"
    made.save(sent, "JPEG")
    file.write_bytes(sent.getvalue())
    return await upload.upload(hub.node, owner, upload.Upload(file=file, name="wall.jpg", alt="A wall"))
