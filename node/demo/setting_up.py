"""Before the story: for each co-op a folder, a port and a hub with its people; a second run finds all of it again."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

import aiohttp

from node.demo.coops import NAMES, Coop, Person, read_coop
from node.demo.hub import DemoHub
from node.demo.notebook import Notebook
from node.demo.waiting import DemoFailed

PORT = 8080
COLOURS = ("green", "cyan", "magenta")


def make_hubs(folder: Path, notebook: Notebook, session: aiohttp.ClientSession) -> list[DemoHub]:
    """The three hubs, not yet started. DemoFailed if an address or a port cannot be had."""
    return [
        _make_hub(read_coop(slug), folder / slug, notebook, session, colour)
        for slug, colour in zip(NAMES, COLOURS, strict=True)
    ]


async def found(hub: DemoHub, notebook: Notebook) -> None:
    """Set the hub up with its steward and its member, where that was not done before."""
    if await hub.look("/actors/hub") is None:
        await hub.command(*_init(hub.coop), given=notebook.password(hub.coop.slug, hub.coop.steward.name))
    member = hub.coop.member
    if await hub.look(f"/actors/{member.name}") is None:
        words = ("account", "create", member.name, "--email", email(hub.coop, member), "--display-name", member.shown)
        await hub.command(*words, "--password-stdin", given=notebook.password(hub.coop.slug, member.name))


async def token(hub: DemoHub, notebook: Notebook, name: str = "hub") -> str:
    """A token of the hub itself, or of somebody there; the same one on the next run."""
    kept = hub.kept.tokens.get(name)
    if kept is None:
        of = ("token", hub.coop.steward.name, "--as-hub") if name == "hub" else ("token", name)
        kept = await hub.command(*of, "--scopes", "read write follow", "--label", "demo")
        notebook.keep_token(hub.coop.slug, name, kept)
    return kept


def email(coop: Coop, person: Person) -> str:
    """With what somebody signs in."""
    return f"{person.name}@{coop.slug}.example"


def _init(coop: Coop) -> list[str]:
    words = ["init", "--name", coop.name, "--description", coop.description, "--zone", coop.zone]
    words += ["--place", coop.place, "--town", coop.town, "--country", coop.country]
    for language in coop.languages:
        words += ["--language", language]
    for area in coop.areas:
        words += ["--area", area]
    return [*words, "--steward", coop.steward.name, "--email", email(coop, coop.steward), "--password-stdin"]


def _make_hub(coop: Coop, folder: Path, notebook: Notebook, session: aiohttp.ClientSession, colour: str) -> DemoHub:
    folder.mkdir(parents=True, exist_ok=True)
    kept = notebook.hub(coop.slug)
    if kept is None:
        kept = notebook.begin(coop.slug, PORT if _is_free(coop.address, PORT) else _free_port(coop.address))
    elif not _is_free(coop.address, kept.port):
        raise DemoFailed(
            f"{coop.name} lives at {coop.address}:{kept.port}, where another program listens now. "
            f"Stop that one, or remove {folder.parent} to begin anew."
        )
    return DemoHub(coop, kept, folder, session, colour)


def _is_free(address: str, port: int) -> bool:
    """Whether a port can be listened on. DemoFailed if this machine does not have the address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise DemoFailed(
                    f"This machine does not know its address {address} (on macOS: sudo ifconfig lo0 alias {address})."
                ) from error
            return False
        return True


def _free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
        return port
