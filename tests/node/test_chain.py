"""The chain of the public log."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from node import chain
from schemas.log_entry import LogEntry

START = datetime(2026, 3, 1, 10, tzinfo=UTC)


def a_chain(length: int) -> list[LogEntry]:
    entries: list[LogEntry] = []
    previous = chain.FIRST_LINK
    for number in range(1, length + 1):
        salt, at = chain.new_salt(), START + timedelta(minutes=number)
        hashed = chain.content_hash(salt, f"entry {number}")
        previous = chain.link(previous, number, "measure.executed", at, hashed)
        entries.append(
            LogEntry(
                id=number,
                kind="measure.executed",
                at=at,
                content=f"entry {number}",
                public=None,
                salt=salt,
                content_hash=hashed,
                link=previous,
                redacted_why=None,
            )
        )
    return entries


def changed(entries: list[LogEntry], number: int, **fields: object) -> list[LogEntry]:
    return [
        msgspec.structs.replace(entry, **fields) if entry.id == number else entry  # type: ignore[arg-type]
        for entry in entries
    ]


def test_an_untouched_chain_verifies() -> None:
    assert chain.first_broken(a_chain(5)) is None
    assert chain.first_broken([]) is None


def test_a_redacted_entry_leaves_the_chain_whole() -> None:
    assert chain.first_broken(changed(a_chain(5), 3, content=None, salt=None, redacted_why="names a person")) is None


@pytest.mark.parametrize(
    "fields",
    [{"content": "something else"}, {"kind": "measure.ended"}, {"at": START}, {"content_hash": bytes(32)}],
)
def test_a_changed_entry_breaks_the_chain_where_it_stands(fields: dict[str, object]) -> None:
    assert chain.first_broken(changed(a_chain(5), 3, **fields)) == 3


def test_a_missing_entry_breaks_the_chain() -> None:
    entries = a_chain(5)
    assert chain.first_broken(entries[1:]) == 1
    assert chain.first_broken(entries[:2] + entries[3:]) == 3


def test_the_same_content_twice_has_two_hashes() -> None:
    assert chain.content_hash(chain.new_salt(), "x") != chain.content_hash(chain.new_salt(), "x")
