"""`allmende migrate`, `backup` and `restore`: the hub into one file and out of it again."""

from __future__ import annotations

from pathlib import Path

from node.store.migrate import read
from tests.node.cli.conftest import Allmende, run_allmende


async def test_migrate_says_what_it_did_and_does_it_once(empty_db_url: str, folder: Path) -> None:
    environment = {"ALLMENDE_DATABASE_URL": empty_db_url}
    first = await run_allmende(folder, environment, "migrate")
    assert first.out.splitlines() == [f"Applied {migration.name}." for migration in read()]
    second = await run_allmende(folder, environment, "migrate", "--without-back-up")
    assert (second.status, second.out) == (0, "The database is up to date.\n")


async def test_a_hub_goes_into_a_file_and_out_of_it(empty_db_url: str, folder: Path, allmende: Allmende) -> None:
    await allmende("domain", "block", "evil.example")
    file = folder / "hub.tar"
    done = await allmende("backup", str(file))
    assert (done.status, done.err) == (0, "")
    assert "hub.tar holds the hub at http://localhost:8080" in done.out
    assert file.stat().st_mode & 0o077 == 0
    new = folder / "new"
    new.mkdir()
    elsewhere = {"ALLMENDE_DATABASE_URL": empty_db_url, "ALLMENDE_DATA": str(new)}
    done = await run_allmende(new, elsewhere, "restore", str(file))
    assert (done.status, done.err) == (0, "")
    assert "The hub at http://localhost:8080 is back" in done.out
    assert "evil.example" in (await run_allmende(new, elsewhere, "domain", "list")).out


async def test_a_backup_into_no_folder_is_refused(allmende: Allmende) -> None:
    done = await allmende("backup", "nowhere/hub.tar")
    assert done.status == 1
    assert "does not exist" in done.err


async def test_what_is_no_backup_is_not_restored(folder: Path, allmende: Allmende) -> None:
    (folder / "hub.tar").write_bytes(b"nothing")
    done = await allmende("restore", "hub.tar")
    assert done.status == 1
    assert "Traceback" not in done.err
    assert (await allmende("restore", "missing.tar")).status == 2
