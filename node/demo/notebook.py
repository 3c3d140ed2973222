"""What the demo remembers from run to run: ports, passwords and tokens, made once and readable to their owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import msgspec

FILE = "notebook.json"
WORDS, SYLLABLES = 4, 3
CONSONANTS, VOWELS = "bdfgklmnprst", "aeio"


class Kept(msgspec.Struct, kw_only=True):
    """Of one hub: its port, and by name its people's passwords and its tokens."""

    port: int
    passwords: dict[str, str] = {}
    tokens: dict[str, str] = {}


class Notebook:
    """The file in the demo's folder. Every change is on the disk before the method returns."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._hubs: dict[str, Kept] = {}
        if self._file.exists():
            self._hubs = msgspec.json.decode(self._file.read_bytes(), type=dict[str, Kept])

    def hub(self, slug: str) -> Kept | None:
        """What is kept of a hub; None before its first run."""
        return self._hubs.get(slug)

    def begin(self, slug: str, port: int) -> Kept:
        """Keep a hub's port."""
        self._hubs[slug] = Kept(port=port)
        self._save()
        return self._hubs[slug]

    def password(self, slug: str, name: str) -> str:
        """Somebody's password, made on the first call."""
        kept = self._hubs[slug].passwords
        if name not in kept:
            kept[name] = new_password()
            self._save()
        return kept[name]

    def keep_token(self, slug: str, name: str, token: str) -> None:
        """Keep a token."""
        self._hubs[slug].tokens[name] = token
        self._save()

    def _save(self) -> None:
        partial = self._file.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(msgspec.json.format(msgspec.json.encode(self._hubs)))
        partial.rename(self._file)


def new_password() -> str:
    """A password that can be read aloud and typed: four words of three syllables, 67 bits."""
    return "-".join("".join(_syllable() for _ in range(SYLLABLES)) for _ in range(WORDS))


def _syllable() -> str:
    return secrets.choice(CONSONANTS) + secrets.choice(VOWELS)
