"""What happens in the demo. A step counts as done when it is seen where it should have arrived, not when it was sent;
what an earlier run did is found and not done again."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import msgspec

from node.demo.coops import draft_names, read_draft
from node.demo.hub import DemoHub
from node.demo.notebook import Notebook
from node.demo.setting_up import found, token
from node.demo.steps import Steps
from node.demo.waiting import DemoFailed, together, until
from schemas.published import Published

FOLDERS = {"event": "events", "finding": "findings", "call": "calls"}
OWN = {
    "event": "/calendar?local=true&limit=100",
    "finding": "/findings?local=true&limit=100",
    "call": "/calls?local=true&open=true&limit=100",
}
"""Where a hub's own things of a kind are found, those left out that are over."""

SHOWN = {"muehlwiese": "event", "carraway": "finding", "grenier": "call"}
"""What each hub gives into the exchange; the rest it has published before."""


class Story:
    """The three hubs, and by kind what they have exchanged so far."""

    def __init__(self, hubs: list[DemoHub], notebook: Notebook, steps: Steps) -> None:
        self.hubs, self.notebook, self.steps = hubs, notebook, steps
        self.exchanged: dict[str, Published] = {}

    async def begin(self) -> None:
        """Start the hubs, set them up, and let each publish something of its own."""
        self.steps.chapter("Three hubs start, each with a database of its own")
        await together(*(self._start(hub) for hub in self.hubs))
        self.steps.chapter("Each has something to tell")
        await together(*(self._publish_own(hub) for hub in self.hubs))

    async def meet(self) -> None:
        """Let each hub find the others by their handles, follow them, and catch up on what they said before."""
        self.steps.chapter("They find each other by WebFinger and follow each other")
        await together(*(self._follow(hub, other) for hub in self.hubs for other in self.others(hub)))
        await together(*(self._count_followers(hub) for hub in self.hubs))
        await together(*(self._catch_up(hub) for hub in self.hubs))

    async def exchange(self) -> None:
        """Let an event, a finding and a call go round."""
        self.steps.chapter("An event, a finding and a call go round")
        for hub in self.hubs:
            kind = SHOWN[hub.coop.slug]
            thing = self.exchanged[kind] = await self._publish(hub, kind)
            await together(*(self._see_arrive(other, thing) for other in self.others(hub)))

    def others(self, hub: DemoHub) -> list[DemoHub]:
        """The other two."""
        return [other for other in self.hubs if other is not hub]

    async def ask(self, hub: DemoHub, name: str, method: str, path: str, body: Any = None) -> Any:
        """One request to a hub's API as somebody there, or as the hub."""
        return await hub.ask(method, path, await token(hub, self.notebook, name), body)

    async def things(self, hub: DemoHub, path: str) -> list[Published]:
        """A list of the hub's API, as the hub sees it."""
        return msgspec.convert(await self.ask(hub, "hub", "GET", path), list[Published], strict=False)

    async def received(self, hub: DemoHub, thing: Published) -> Published | None:
        """A thing of another hub as this hub has it; None before it has arrived."""
        path = f"/{FOLDERS[thing.kind]}?local=false&limit=100"
        return next((one for one in await self.things(hub, path) if one.uri == thing.uri), None)

    async def _start(self, hub: DemoHub) -> None:
        with self.steps.doing(hub.label, f" at {hub.base_url}"):
            await hub.start()
            await found(hub, self.notebook)
            await token(hub, self.notebook)

    async def _publish_own(self, hub: DemoHub) -> None:
        for name in draft_names(hub.coop.slug):
            if name != SHOWN[hub.coop.slug]:
                await self._publish(hub, name)

    async def _publish(self, hub: DemoHub, name: str) -> Published:
        """Publish a draft, unless it is there already: the event that goes round by the command, others by the API."""
        draft = read_draft(hub.coop.slug, name, date.today())
        title, kind = draft["versions"][0]["name"], draft["kind"]
        if (known := await self._own(hub, kind, title)) is not None:
            with self.steps.doing(hub.label, f" still shows “{title}”"):
                return known
        with self.steps.doing(hub.label, f" publishes “{title}”"):
            if SHOWN[hub.coop.slug] == name == "event":
                file = hub.folder / f"{name}.json"
                file.write_bytes(msgspec.json.format(msgspec.json.encode(draft)))
                await hub.command("publish", str(file))
            else:
                await self.ask(hub, "hub", "POST", f"/{FOLDERS[kind]}", draft)
            if (made := await self._own(hub, kind, title)) is None:
                raise DemoFailed(f"{hub.coop.name} does not show what it has published.")
            return made

    async def _own(self, hub: DemoHub, kind: str, title: str) -> Published | None:
        return next((one for one in await self.things(hub, OWN[kind]) if one.versions[0].name == title), None)

    async def _follow(self, hub: DemoHub, other: DemoHub) -> None:
        with self.steps.doing(hub.label, f" finds @{other.handle()} and follows ", other.label):
            made = await self.ask(hub, "hub", "POST", "/follows", {"who": f"@{other.handle()}"})
            if made["who"]["name"] != other.coop.name:
                raise DemoFailed(f"@{other.handle()} turned out to be {made['who']['name']}.")
            await until(partial(self._is_accepted, hub, other), f"{other.coop.name}’s yes to {hub.coop.name}")

    async def _is_accepted(self, hub: DemoHub, other: DemoHub) -> bool | None:
        followed = await self.ask(hub, "hub", "GET", "/follows?limit=100")
        return any(one["who"]["uri"] == other.uri() and one["state"] == "accepted" for one in followed) or None

    async def _count_followers(self, hub: DemoHub) -> None:
        async def two() -> bool | None:
            counted = await hub.look("/actors/hub/followers")
            return (counted is not None and counted.get("totalItems", 0) >= len(self.others(hub))) or None

        with self.steps.doing(hub.label, " is followed by both others"):
            await until(two, f"That {hub.coop.name} is followed by both others")

    async def _catch_up(self, hub: DemoHub) -> None:
        """The first follow of a hub fetches its recent items, so that nothing looks empty."""
        with self.steps.doing(hub.label, " has read what the others published before"):
            for other in self.others(hub):
                earlier = await self.things(other, OWN["call" if SHOWN[other.coop.slug] != "call" else "finding"])
                for thing in earlier:
                    await until(partial(self.received, hub, thing), f"That {hub.coop.name} reads {thing.url}")

    async def _see_arrive(self, hub: DemoHub, thing: Published) -> None:
        with self.steps.doing(f"  the {thing.kind} is at ", hub.label):
            await until(partial(self.received, hub, thing), f"The arrival of {thing.url} at {hub.coop.name}")
