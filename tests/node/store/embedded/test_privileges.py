"""As whom the embedded PostgreSQL runs, started by root and by an ordinary user."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.node.store.embedded.other import Other, User, another, postmaster

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be two users; as another, all tests are ordinary")


@as_root
def test_root_runs_the_server_as_somebody_else(data: Path) -> None:
    with another(data) as other:
        server = postmaster(data)
        assert Path(f"/proc/{server}").stat().st_uid not in (0,)
        assert (data / "postgres").stat().st_uid == 0
        assert other.ask("SELECT current_user") == "allmende"


@as_root
def test_an_ordinary_user_has_everything_under_the_own_name(folder: Path, ordinary: User) -> None:
    folder.chmod(0o777)
    data = folder / "data"
    with another(data, ordinary) as other:
        assert Path(f"/proc/{postmaster(data)}").stat().st_uid == ordinary.uid
        other.ask("CREATE TABLE kept AS SELECT 7 AS number")
        other.kill()
    with another(data, ordinary) as other:
        assert other.ask("SELECT number FROM kept") == "7"
        other.end()
    assert {path.stat().st_uid for path in data.rglob("*")} == {ordinary.uid}


@as_root
def test_root_and_the_owner_of_the_folder_share_one_database(folder: Path, ordinary: User) -> None:
    data = folder / "data"
    data.mkdir()
    os.chown(data, ordinary.uid, ordinary.uid)
    with another(data) as root:
        assert Path(f"/proc/{postmaster(data)}").stat().st_uid == ordinary.uid
        root.ask("CREATE TABLE kept AS SELECT 7 AS number")
        with another(data, ordinary) as owner:
            assert owner.ask("SELECT number FROM kept") == "7"
            root.end()
            assert owner.ask("SELECT number FROM kept") == "7"
            owner.end()
    with another(data, ordinary) as owner:
        assert owner.ask("SELECT number FROM kept") == "7"


@as_root
def test_a_stranger_is_told_whose_database_it_is(data: Path, ordinary: User) -> None:
    stranger = Other(data, ordinary)
    answer = stranger.answer()
    stranger.kill()
    assert answer.startswith("refused: ")
    assert "another user" in answer
