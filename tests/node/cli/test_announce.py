"""`allmende announce TEXT`: what it tells members, and how that is taken back."""

from __future__ import annotations

import pytest

from node.store.db import Db
from node.store.hub import announcements
from tests.factories import a_member
from tests.node.cli.conftest import Allmende


async def test_members_are_told_until_it_is_taken_back(allmende: Allmende, db: Db) -> None:
    who = await a_member(db)
    done = await allmende("announce", "We **move**.", "--until", "2099-01-01", "--language", "de")
    assert (done.status, done.err) == (0, "")
    (told,) = await announcements.list_current(db, who.account.id, 10)
    assert (str(told.id), told.versions[0].language) == (done.out.strip(), "de")
    assert told.versions[0].content == "<p>We <strong>move</strong>.</p>"
    assert told.ends_at and told.ends_at.year == 2099
    assert (await allmende("announce", "--withdraw", str(told.id))).status == 0
    assert await announcements.list_current(db, who.account.id, 10) == []
    assert (await allmende("announce", "--withdraw", str(told.id))).status == 1


@pytest.mark.parametrize("words", [(), ("Hello", "--withdraw", "1"), (" ",), ("Hello", "--language", "qqq")])
async def test_half_a_command_is_refused(allmende: Allmende, words: tuple[str, ...]) -> None:
    assert (await allmende("announce", *words)).status != 0
