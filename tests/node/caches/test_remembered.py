"""What a process remembers of answers is bounded in age and size, and ends with the database it was read from."""

from __future__ import annotations

import pytest

from node.caches.remembered import Remembered
from node.caches.watch import Watch
from node.store.db import Db
from schemas.limits import ANSWER_BYTES, ANSWER_OVERHEAD_BYTES, ANSWERS_BYTES, ANSWERS_SECONDS


class Surroundings:
    """A clock, and how often the database was lost."""

    def __init__(self) -> None:
        self.now, self.breaks = 0.0, 0

    def remembered(self) -> Remembered[str, str]:
        return Remembered(Watch(lambda: self.breaks, lambda: self.now), lambda: self.now)


async def keep(remembered: Remembered[str, str], db: Db, key: str, size: int = 10) -> None:
    remembered.put(key, (await remembered.find(db, key)).moment, f"the answer to {key}", size)


async def test_an_answer_is_given_again_until_something_is_written(db: Db) -> None:
    remembered = Surroundings().remembered()
    assert (await remembered.find(db, "a")).value is None
    await keep(remembered, db, "a")
    assert (await remembered.find(db, "a")).value == (await remembered.find(db, "a")).value == "the answer to a"
    assert (await remembered.find(db, "b")).value is None
    await db.execute("INSERT INTO reserved_names (name, reason) VALUES ('one', 'a test')")
    assert (await remembered.find(db, "a")).value is None


async def test_none_is_old_and_none_outlives_its_database(db: Db) -> None:
    around = Surroundings()
    remembered = around.remembered()
    await keep(remembered, db, "a")
    around.now = ANSWERS_SECONDS
    assert (await remembered.find(db, "a")).value
    around.now = ANSWERS_SECONDS + 0.1
    assert (await remembered.find(db, "a")).value is None
    await keep(remembered, db, "a")
    around.breaks += 1
    assert (await remembered.find(db, "a")).value is None


async def test_what_was_asked_before_the_database_was_lost_is_not_remembered_afterwards(db: Db) -> None:
    around = Surroundings()
    remembered = around.remembered()
    before = (await remembered.find(db, "a", "t")).moment
    around.breaks += 1
    await remembered.find(db, "a", "t")
    remembered.put("a", before, "the answer to a", 10)
    remembered.put_asker("t", before, "whose t is")
    found = await remembered.find(db, "a", "t")
    assert (found.value, found.asker) == (None, None)


async def test_who_asks_is_known_until_something_about_people_is_written(
    db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = Surroundings()
    remembered = around.remembered()

    async def asker(token: str) -> str | None:
        return (await remembered.find(db, "a", token)).asker

    async def keep_asker(token: str) -> None:
        remembered.put_asker(token, (await remembered.find(db, "a", token)).moment, f"whose {token} is")

    await keep_asker("t")
    await db.execute("INSERT INTO reserved_names (name, reason) VALUES ('one', 'a test')")
    assert (await asker("t"), await asker("u")) == ("whose t is", None)
    await db.execute("INSERT INTO tokens (token_hash, scopes) VALUES ('x', '{read}')")
    assert await asker("t") is None
    await keep_asker("t")
    around.now = ANSWERS_SECONDS + 0.1
    assert await asker("t") is None
    await keep_asker("t")
    around.breaks += 1
    assert await asker("t") is None
    monkeypatch.setattr("node.caches.remembered.ASKERS", 1)
    await keep_asker("t")
    await keep_asker("u")
    assert (await asker("t"), await asker("u")) == (None, "whose u is")


async def test_the_oldest_go_when_there_are_too_many(db: Db) -> None:
    remembered = Surroundings().remembered()
    await keep(remembered, db, "large", ANSWER_BYTES + 1)
    assert (await remembered.find(db, "large")).value is None
    held = ANSWERS_BYTES // (ANSWER_BYTES + ANSWER_OVERHEAD_BYTES)
    for number in range(held + 1):
        await keep(remembered, db, str(number), ANSWER_BYTES)
        await keep(remembered, db, str(number), ANSWER_BYTES)  # in the place of the first
    found = [(await remembered.find(db, str(number))).value is not None for number in range(held + 1)]
    assert found == [False, *[True] * held]


async def test_empty_answers_take_room_too(db: Db) -> None:
    remembered = Surroundings().remembered()
    moment = (await remembered.find(db, "0")).moment
    held = ANSWERS_BYTES // ANSWER_OVERHEAD_BYTES
    for number in range(held + 1):
        remembered.put(str(number), moment, "[]", 0)
    assert (await remembered.find(db, "0")).value is None
    assert (await remembered.find(db, "1")).value == "[]"
