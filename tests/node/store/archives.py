"""Look into an archive, and write it anew with something changed, as a fault or an attacker would."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import msgspec

from node.store.upkeep import archive


def member(file: Path, name: str) -> bytes:
    with tarfile.open(file) as tar:
        content = tar.extractfile(name)
        assert content
        return content.read()


def rewrite(
    file: Path,
    changed: dict[str, bytes],
    *,
    drop: str = "",
    more: tuple[tarfile.TarInfo, bytes] | None = None,
    keep_checksums: bool = True,
) -> None:
    """Write the archive anew with some members changed, left out or added; with a manifest to match, if wanted."""
    with tarfile.open(file) as tar:
        members = {info.name: changed.get(info.name, member(file, info.name)) for info in tar}
    members.pop(drop, None)
    manifest = msgspec.json.decode(members.get(archive.MANIFEST, b"null"))
    if not keep_checksums:
        contents = {name: content for name, content in members.items() if name != archive.MANIFEST}
        manifest["files"] = {name: digest(content) for name, content in contents.items()}
        members[archive.MANIFEST] = msgspec.json.encode(manifest)
    with tarfile.open(file, "w") as tar:
        if more:
            tar.addfile(more[0], io.BytesIO(more[1]))
        for name, content in members.items():
            tar.addfile(info(name, len(content)), io.BytesIO(content))


def digest(content: bytes) -> dict[str, object]:
    return msgspec.to_builtins(archive._digest(io.BytesIO(content)))  # type: ignore[no-any-return]


def info(name: str, size: int = 0, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.size, made.type, made.linkname = size, kind, target
    return made
