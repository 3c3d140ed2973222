"""What no passkey is, and that the large library behind them is loaded when it is needed. A browser with a device tests
the rest: tests/pages/test_apps.py."""

from __future__ import annotations

import subprocess
import sys
from base64 import urlsafe_b64encode

import pytest

from node.actions import passkeys
from node.settings import Settings
from node.store.access import factors
from node.store.db import Db
from schemas.limits import PASSKEY_CHARS
from tests.factories import a_member

CHALLENGE = b"c" * 32
ID = b"the id of a key"
NAMED = urlsafe_b64encode(ID).rstrip(b"=").decode()
EMPTY = f'"rawId": "{NAMED}", "type": "public-key"'
MADE = '"response": {"clientDataJSON": "e30", "attestationObject": "oA"}'
SIGNED = '"response": {"clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA"}'
NONSENSE = [
    "",
    "{}",
    "[]",
    "null",
    "7",
    "{" * 3000,
    '{"id": 7}',
    '{"id": "é"}',
    f'{{"id": "{NAMED}"}}',
    f'{{"id": "{NAMED}", {EMPTY}, {MADE}}}',
    f'{{"id": "{NAMED}", {EMPTY}, {SIGNED}}}',
    f'{{"id": "{NAMED}", "padding": "{"x" * PASSKEY_CHARS}"}}',
    "\ud800",
]


@pytest.mark.parametrize("answer", NONSENSE)
async def test_nonsense_is_no_passkey_and_signs_nothing(db: Db, settings: Settings, answer: str) -> None:
    who = await a_member(db, "ana")
    assert not await passkeys.add(db, settings, who.account.id, CHALLENGE, answer, "key")
    assert await factors.list_passkeys(db, who.account.id) == []
    await factors.add_passkey(db, who.account.id, credential_id=ID, public_key=b"no key", sign_count=0, name="key")
    assert not await passkeys.check(db, settings, who.account.id, CHALLENGE, answer)
    assert (await factors.list_passkeys(db, who.account.id))[0].used_at is None


async def test_a_passkey_belongs_to_one_account(db: Db) -> None:
    ana, bo = await a_member(db, "ana"), await a_member(db, "bo")
    key = {"credential_id": ID, "public_key": b"key", "sign_count": 0, "name": ""}
    assert await factors.add_passkey(db, ana.account.id, **key)  # type: ignore[arg-type]
    assert not await factors.add_passkey(db, bo.account.id, **key)  # type: ignore[arg-type]
    mine = (await factors.list_passkeys(db, ana.account.id))[0]
    assert not await factors.remove_passkey(db, bo.account.id, mine.id)
    assert await factors.remove_passkey(db, ana.account.id, mine.id)


def test_a_node_starts_without_the_library() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import node.app, sys; print('webauthn' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "False\n"
