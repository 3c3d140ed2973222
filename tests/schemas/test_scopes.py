"""What contains what among the scopes of client apps."""

from __future__ import annotations

import pytest

from schemas.scopes import SCOPES, contains, parse, unknown, within


@pytest.mark.parametrize(
    ("granted", "wanted"),
    [
        ("read", "read"),
        ("read", "read:lists"),
        ("write", "write:media"),
        ("follow", "read:blocks"),
        ("follow", "write:follows"),
        ("follow", "follow"),
        ("admin:read", "admin:read:accounts"),
    ],
)
def test_a_broad_scope_contains_its_narrow_ones(granted: str, wanted: str) -> None:
    assert contains((granted,), wanted)


@pytest.mark.parametrize(
    ("granted", "wanted"),
    [
        ("read:lists", "read"),
        ("read", "write:lists"),
        ("read", "follow"),
        ("read", "profile"),
        ("read", "admin:read"),
        ("write", "push"),
        ("follow", "read:lists"),
        ("follow", "read"),
        ("follow", "admin:read:follows"),
        ("rea", "read"),
        ("", "read"),
    ],
)
def test_nothing_else_is_contained(granted: str, wanted: str) -> None:
    assert not contains((granted,), wanted)


def test_scopes_are_read_out_of_a_text() -> None:
    assert parse("read  write:lists read") == ("read", "write:lists")
    assert parse("") == ("read",)
    assert unknown(("read", "reed", "write:nothing")) == ["reed", "write:nothing"]
    assert unknown(SCOPES) == []


def test_nothing_more_than_was_granted() -> None:
    assert within(("read:lists", "write"), ("read", "write"))
    assert not within(("read", "follow"), ("read", "write"))
