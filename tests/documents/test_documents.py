"""Documents in the shape of each server: one file each, with what must become of it."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.json"))


def at(found: Any, path: str) -> Any:
    """The value at a dotted path; numbers index lists."""
    for part in path.split("."):
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_document_ends_as_its_file_says(arrive: Any, file: Path) -> None:
    told = json.loads(file.read_text(encoding="utf-8"))
    expected, before = told["expected"], json.dumps(told["document"])
    found = arrive(told["document"])
    assert json.dumps(told["document"]) == before
    assert found.outcome == expected["outcome"], found.reason
    assert "reason" not in expected or found.reason == expected["reason"]
    read = msgspec.json.decode(msgspec.json.encode(found))
    for path, value in expected.get("read", {}).items():
        assert at(read, path) == value, path


def test_each_server_we_know_of_has_its_documents() -> None:
    folders = {file.parent.name for file in FILES}
    assert folders >= {"mastodon", "gotosocial", "pleroma", "misskey", "friendica", "hubzilla", "mobilizon", "gancio"}
    assert folders >= {"wordpress", "wordpress_event_bridge", "lemmy", "piefed", "mbin", "ghost", "pixelfed", "mitra"}
    assert folders >= {"smithereen", "bonfire", "peertube", "hostile"}


def test_each_file_says_what_it_is_about() -> None:
    for file in FILES:
        told = json.loads(file.read_text(encoding="utf-8"))
        assert set(told) == {"about", "expected", "document"}
        assert told["about"]
        assert told["expected"]["outcome"] in ("taken", "refetch", "ignored", "refused")
