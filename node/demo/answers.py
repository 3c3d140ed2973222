"""The second half of the demo's story: people of one hub answer what another one has published."""

from __future__ import annotations

from functools import partial
from typing import Any

from node.demo.hub import DemoHub
from node.demo.story import FOLDERS, Story
from node.demo.waiting import DemoFailed, until
from schemas.published import Published

OFFER = (
    "Ich schreibe beruflich Schnittstellen und habe dienstags Zeit. Eine eigene Bohrmaschine habe ich nicht, "
    "das ist mein Eigennutz dabei.\n\nTarek"
)
QUESTION = (
    "Neuf phrases, c’est court ! Pourriez-vous les publier ? Chez nous, le règlement du prêt en fait quatre pages, "
    "et personne ne les a lues."
)


async def answer(story: Story) -> None:
    """Two people answer the event, one the call and one the finding; each answer is seen where it belongs."""
    story.steps.chapter("People answer from their own hub")
    housing, cars, attic = story.hubs
    await _attend(story, cars, cars.coop.steward.name, "going")
    await _attend(story, attic, attic.coop.member.name, "maybe")
    await _offer(story, housing, housing.coop.member.name, attic)
    await _ask_about(story, attic, attic.coop.member.name, cars)


async def _attend(story: Story, hub: DemoHub, name: str, wish: str) -> None:
    """Somebody says whether they come; the organisers see it in their list."""
    event = story.exchanged["event"]
    host, here = story.hubs[0], await _arrived(story, hub, event)
    says = {"going": " will come", "maybe": " may come"}[wish]
    with story.steps.doing(_person(hub, name), " of ", hub.label, f"{says}: ", host.label, " has it in its list"):
        await story.ask(hub, name, "PUT", f"/events/{here.id}/rsvp", {"state": wish})

        async def listed() -> bool | None:
            given = await story.ask(host, "hub", "GET", f"/events/{event.id}/rsvps?limit=100")
            return any(_is_by(one, hub, name) and one["state"] == wish for one in given) or None

        await until(listed, f"{_person(hub, name)}’s answer to {event.url}")
    if wish != "going":
        return
    with story.steps.doing("  the seat is confirmed at ", hub.label):

        async def confirmed() -> bool | None:
            mine = await story.ask(hub, name, "GET", f"/events/{here.id}/rsvp")
            return mine["state"] == "going" or None

        await until(confirmed, f"The confirmation for {_person(hub, name)}")


async def _offer(story: Story, hub: DemoHub, name: str, caller: DemoHub) -> None:
    """Somebody answers the call; the callers read it and accept; who answered is told."""
    call = story.exchanged["call"]
    here = await _arrived(story, hub, call)
    there, mine = f"/calls/{call.id}/answers", f"/calls/{here.id}/answers"
    with story.steps.doing(_person(hub, name), " of ", hub.label, " answers the call: ", caller.label, " reads it"):
        if not await story.ask(hub, name, "GET", f"{mine}?limit=1"):
            await story.ask(hub, name, "POST", mine, {"text": OFFER, "hours": 24})
        offered = await until(partial(_read, story, caller, there, hub, name), f"The answer to {call.url}")
    with story.steps.doing("  ", caller.label, " accepts, and ", hub.label, " knows"):
        if offered["state"] == "offered":
            await story.ask(caller, "hub", "POST", f"{there}/{offered['id']}/accept")

        async def told() -> bool | None:
            return any(one["state"] == "accepted" for one in await story.ask(hub, name, "GET", mine)) or None

        await until(told, f"The yes to {_person(hub, name)}")


async def _read(story: Story, caller: DemoHub, path: str, hub: DemoHub, name: str) -> dict[str, Any] | None:
    given = await story.ask(caller, "hub", "GET", f"{path}?limit=100")
    return next((one for one in given if _is_by(one, hub, name)), None)


async def _ask_about(story: Story, hub: DemoHub, name: str, author: DemoHub) -> None:
    """Somebody asks a question under the finding, in another language."""
    finding = story.exchanged["finding"]
    await _arrived(story, hub, finding)

    async def asked() -> bool | None:
        replies = await story.things(author, f"/{FOLDERS['finding']}/{finding.id}/replies?limit=100")
        return any(reply.author.uri == hub.uri(name) for reply in replies) or None

    with story.steps.doing(_person(hub, name), " of ", hub.label, " asks about the finding at ", author.label):
        if not await asked():
            draft = {"kind": "post", "text": QUESTION, "language": "fr", "in_reply_to": finding.uri}
            await story.ask(hub, name, "POST", "/posts", draft)
        await until(asked, f"The question about {finding.url}")


async def _arrived(story: Story, hub: DemoHub, thing: Published) -> Published:
    here = await story.received(hub, thing)
    if here is None:
        raise DemoFailed(f"{hub.coop.name} no longer shows {thing.url}.")
    return here


def _is_by(answer: dict[str, Any], hub: DemoHub, name: str) -> bool:
    return bool(answer.get("who", {}).get("uri") == hub.uri(name))


def _person(hub: DemoHub, name: str) -> str:
    return next(person.shown for person in hub.coop.people if person.name == name)
