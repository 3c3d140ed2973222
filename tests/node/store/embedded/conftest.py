"""What the tests of the embedded PostgreSQL share: data folders, and users of several kinds."""

from __future__ import annotations

import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import msgspec
import pytest
import structlog

import node
import schemas
from node.store.embedded import binaries, folders
from node.store.embedded.cluster import Cluster
from tests.node.store.embedded.other import QUICK, User


@pytest.fixture(scope="session")
def made() -> Iterator[Path]:
    """A data folder with a cluster in it that nobody uses, made once."""
    root = Path(tempfile.mkdtemp(prefix="allmende-test-"))
    root.chmod(0o755)
    cluster = Cluster(root / "data", options=QUICK)
    cluster.join()
    cluster.leave()
    yield root / "data"
    shutil.rmtree(root)


@pytest.fixture
def data(folder: Path, made: Path) -> Path:
    """A copy of it, with all owners, for one test."""
    subprocess.run(["cp", "-a", str(made), str(folder / "data")], check=True)
    return folder / "data"


@pytest.fixture(scope="session")
def ordinary() -> Iterator[User]:
    """The user nobody, with a copy of interpreter, packages and PostgreSQL: wherever root keeps the originals,
    nobody reaches these."""
    root = Path(tempfile.mkdtemp(prefix="allmende-test-"))
    root.chmod(0o755)
    packages = root / "packages"
    package = binaries.preferred().folder.parents[1]
    folders._copy(package, packages)
    (packages / package.name / "__init__.py").touch()
    for module in (asyncpg, msgspec, structlog, node, schemas):
        source = Path(module.__file__ or "").parent
        shutil.copytree(source, packages / source.name)
    python = _copy_python(root / "python")
    subprocess.run(["chmod", "-R", "a+rX", str(root)], check=True)
    environment = {"PYTHONPATH": str(packages), "LD_LIBRARY_PATH": str(root / "python/lib"), "HOME": "/"}
    yield User(uid=pwd.getpwnam("nobody").pw_uid, python=python, environment=environment)
    shutil.rmtree(root)


def _copy_python(target: Path) -> Path:
    """The interpreter and its standard library, without what only fills the disk."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    unwanted = shutil.ignore_patterns("__pycache__", "test", "site-packages", "dist-packages", "config-*", "idlelib")
    shutil.copytree(Path(sysconfig.get_path("stdlib")), target / "lib" / name, ignore=unwanted)
    for library in Path(sys.base_prefix, "lib").glob("libpython*.so*"):
        shutil.copy2(library, target / "lib")
    (target / "bin").mkdir()
    return Path(shutil.copy2(Path(sys.executable).resolve(), target / "bin" / name))
