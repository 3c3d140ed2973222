"""Tests of schemas/categories.py: what goes out is always a word that every calendar knows."""

import pytest

from schemas import categories


def test_there_are_29_common_words() -> None:
    assert len(set(categories.COMMON)) == 29


@pytest.mark.parametrize("category", sorted(categories.ALL))
def test_every_word_has_a_common_one(category: str) -> None:
    assert categories.common(category) in categories.COMMON


def test_a_common_word_stays_itself_and_a_stranger_becomes_the_default() -> None:
    assert categories.common("MUSIC") == "MUSIC"
    assert categories.common("TUPPERWARE") == "MEETING"


def test_a_finer_word_becomes_a_readable_hashtag() -> None:
    assert categories.hashtag("WORKSHOPS_SKILL_SHARING") == "WorkshopsSkillSharing"
