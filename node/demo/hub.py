"""One hub of the demo: a process of its own on its own address. The demo speaks to it through the doors that everybody
uses: the command line and the JSON API."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from rich.text import Text

from node.demo.coops import Coop
from node.demo.notebook import Kept
from node.demo.waiting import DemoFailed, until
from schemas.discovery import ACTIVITY_JSON
from schemas.limits import DEMO_REQUEST_SECONDS, DEMO_STOP_SECONDS

API = "/api/allmende/v1"
PR_SET_PDEATHSIG = 1
LOG = "node.log"
_LIBC = ctypes.CDLL(None)  # loaded here: after a fork nothing may be


class DemoHub:
    """A co-op's hub in a folder of its own. `start` and `stop` are its life; the rest needs it alive."""

    def __init__(self, coop: Coop, kept: Kept, folder: Path, session: aiohttp.ClientSession, colour: str) -> None:
        self.coop, self.kept, self.folder = coop, kept, folder
        self.label = Text(coop.name, style=colour)
        self._session = session
        self._process: asyncio.subprocess.Process | None = None

    @property
    def base_url(self) -> str:
        """Where everybody reaches it."""
        return f"http://{self.coop.address}:{self.kept.port}"

    def handle(self, name: str = "hub") -> str:
        """The handle of one of its actors."""
        return f"{name}@{self.coop.address}:{self.kept.port}"

    def uri(self, name: str = "hub") -> str:
        """The id of one of its actors."""
        return f"{self.base_url}/actors/{name}"

    @property
    def environment(self) -> dict[str, str]:
        """Its settings, and nothing of those of the hub that the demo's user may have besides."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ALLMENDE_")}
        return inherited | {
            "ALLMENDE_BASE_URL": self.base_url,
            "ALLMENDE_LISTEN": f"{self.coop.address}:{self.kept.port}",
            "ALLMENDE_DATA": str(self.folder),
            "ALLMENDE_ALLOW_NETWORKS": "127.0.0.0/8",
        }

    async def start(self) -> None:
        """Start the node and wait until it answers. DemoFailed with the end of its log if it does not."""
        with (self.folder / LOG).open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "node", "serve"),
                cwd=self.folder,
                env=self.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the demo, which then stops its hubs
                preexec_fn=_end_with_the_demo,
            )
        await until(self._answers, f"{self.coop.name} has not answered at {self.base_url}; the start")

    async def stop(self) -> None:
        """Let it end in order; kill it if it does not."""
        if self._process is not None:
            await _end(self._process)

    async def command(self, *words: str, given: str = "") -> str:
        """Run `allmende` beside the node and give what it prints. DemoFailed with what it says went wrong."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "node", *words),
            cwd=self.folder,
            env=self.environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
            preexec_fn=_end_with_the_demo,
        )
        try:
            out, err = await process.communicate(given.encode())
        finally:
            await _end(process)
        if process.returncode != 0:
            raise DemoFailed(f"allmende {words[0]} at {self.coop.name}: {err.decode(errors='replace').strip()}")
        return out.decode().strip()

    async def ask(self, method: str, path: str, token: str, body: Any = None) -> Any:
        """One request to its JSON API with a token, and its answer. DemoFailed if it is refused."""
        try:
            async with self._session.request(
                method,
                self.base_url + API + path,
                json=body,
                headers={"Authorization": f"Bearer {token}"},
                timeout=aiohttp.ClientTimeout(total=DEMO_REQUEST_SECONDS),
            ) as response:
                text = await response.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise DemoFailed(f"{self.coop.name} does not answer: {error or type(error).__name__}.") from error
        if response.status >= 400:
            raise DemoFailed(f"{self.coop.name} refuses {method} {path}: {text[:500]}")
        return msgspec.json.decode(text) if text else None

    async def look(self, path: str) -> dict[str, Any] | None:
        """A document as other servers see it; None if there is none."""
        headers = {"Accept": ACTIVITY_JSON}
        async with self._session.get(self.base_url + path, headers=headers) as response:
            return msgspec.json.decode(await response.read()) if response.status == 200 else None

    async def _answers(self) -> bool | None:
        if self._process is None or self._process.returncode is not None:
            raise DemoFailed(f"{self.coop.name} did not start. {self._last_words()}")
        with suppress(aiohttp.ClientError):
            async with self._session.get(f"{self.base_url}/health") as response:
                return response.status == 200 or None
        return None

    def _last_words(self) -> str:
        lines = (self.folder / LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return f"{lines[-1][:500] if lines else 'It said nothing.'} (see {self.folder / LOG})"


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), DEMO_STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


def _end_with_the_demo() -> None:
    """In the new process: end as by SIGTERM when the demo is killed, so that no hub is left behind (Linux only)."""
    with suppress(AttributeError, OSError):
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
