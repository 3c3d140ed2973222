"""`allmende init`, `account create` and `token`: from nothing to somebody who may use the API."""

from __future__ import annotations

import pytest

from node.secrets import passwords
from node.store.access import bearers
from node.store.db import Db
from node.store.hub import areas, hub
from node.store.members import accounts, mandates
from node.store.moderation import log
from node.store.people import actors
from tests.node.cli.conftest import Allmende

PASSWORD = "twelve quiet carrots"
FOUND = (
    "init",
    "--name",
    "Werkhof",
    "--language",
    "de",
    "--language",
    "fr",
    "--area",
    "housing",
    "--area",
    "Food & energy",
)
STEWARD = ("--zone", "Europe/Berlin", "--town", "Leipzig", "--steward", "ana", "--email", "ana@example.org")


async def found(allmende: Allmende) -> None:
    done = await allmende(*FOUND, *STEWARD, "--password-stdin", given=PASSWORD + "\n")
    assert (done.status, done.err) == (0, "")
    assert "Werkhof is set up: http://localhost:8080" in done.out


async def test_init_sets_the_hub_up_with_its_areas_and_its_steward(db: Db, allmende: Allmende) -> None:
    await found(allmende)
    this = await hub.get(db)
    assert (this.name, this.language, this.languages, this.zone) == ("Werkhof", "de", ["de", "fr"], "Europe/Berlin")
    assert [(area.name, area.label("de")) for area in await areas.list_all(db)] == [
        ("housing", "Wohnen"),
        ("food-energy", "Food & energy"),
    ]
    itself = await actors.hub(db)
    assert (itself.kind, itself.display_name, itself.place_id is not None) == ("Organization", "Werkhof", True)
    steward = await accounts.find_by_email(db, "ANA@example.org")
    assert steward is not None
    assert steward.roles == ["steward"]
    assert (await mandates.list_of(db, steward.id))[0].ends_at is not None
    assert await passwords.matches(steward.password_hash, PASSWORD)


async def test_init_works_once(allmende: Allmende) -> None:
    await found(allmende)
    done = await allmende(*FOUND, *STEWARD, "--password-stdin", given=PASSWORD)
    assert (done.status, done.err) == (1, "Error: This hub is set up already.\n")


async def test_init_refuses_a_weak_password_and_changes_nothing(db: Db, allmende: Allmende) -> None:
    done = await allmende(*FOUND, *STEWARD, "--password-stdin", given="short")
    assert done.status == 1
    assert "password: The password needs at least 10 characters." in done.err
    assert (await hub.get(db)).set_up_at is None
    assert await actors.find_local(db, "hub") is None


async def test_an_account_is_made_with_a_role(db: Db, allmende: Allmende) -> None:
    await found(allmende)
    words = ("account", "create", "bo", "--email", "bo@example.org", "--role", "editor", "--password-stdin")
    done = await allmende(*words, given=PASSWORD)
    assert (done.status, done.out) == (0, "bo can sign in now, as editor.\n")
    made = await accounts.find_by_email(db, "bo@example.org")
    assert made is not None
    assert "publish_as_hub" in made.permissions


@pytest.mark.parametrize(
    ("name", "email", "role", "said"),
    [
        ("ana", "other@example.org", "member", "name: This name is taken or kept."),
        ("admin", "other@example.org", "member", "name: This name is taken or kept."),
        ("Ana Maria", "other@example.org", "member", "name: Use small letters, digits and _, 30 characters at most."),
        ("bo", "ANA@example.org", "member", "email: There is an account with this address."),
        ("bo", "no address", "member", "email: This is no mail address."),
        ("bo", "bo@example.org", "king", "role: There is no such role. Roles are: editor, member, moderator, steward."),
    ],
)
async def test_a_wrong_account_is_not_made(allmende: Allmende, name: str, email: str, role: str, said: str) -> None:
    await found(allmende)
    words = ("account", "create", name, "--email", email, "--role", role, "--password-stdin")
    done = await allmende(*words, given=PASSWORD)
    assert done.status == 1
    assert said in done.err


async def test_an_account_needs_a_hub(allmende: Allmende) -> None:
    done = await allmende("account", "create", "bo", "--email", "bo@example.org", "--password-stdin", given=PASSWORD)
    assert done.status == 1
    assert "Set the hub up first" in done.err


async def test_a_token_is_printed_once_and_kept_as_a_hash(db: Db, allmende: Allmende) -> None:
    await found(allmende)
    done = await allmende("token", "ana", "--scopes", "read write", "--as-hub")
    assert done.status == 0
    kept = await bearers.find(db, done.out.strip())
    assert kept is not None
    assert kept.viewer is not None
    assert kept.scopes == ("read", "write")
    assert kept.viewer.acting.id == (await actors.hub(db)).id
    assert (
        await db.fetchval("SELECT count(*) FROM tokens WHERE encode(token_hash, 'escape') = $1", done.out.strip()) == 0
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody",), "There is no member of the name nobody."),
        (("ana", "--scopes", "everything"), "unknown: everything."),
    ],
)
async def test_a_wrong_token_is_not_made(allmende: Allmende, words: tuple[str, ...], said: str) -> None:
    await found(allmende)
    done = await allmende("token", *words)
    assert done.status != 0
    assert said in done.err


async def test_an_office_that_the_operator_gives_stands_in_the_log(db: Db, allmende: Allmende) -> None:
    await found(allmende)
    for name, role in (("mo", "moderator"), ("bo", "member")):
        sent = ("account", "create", name, "--email", f"{name}@example.org", "--role", role, "--password-stdin")
        done = await allmende(*sent, given=PASSWORD + "\n")
        assert done.status == 0
    said = [(entry.kind, (entry.public or "").split(" ")[0]) async for entry in log.entries(db)]
    assert said == [("mandate.begun", "moderator")]
