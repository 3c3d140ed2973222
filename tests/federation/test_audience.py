"""`federation/audience.py`: who may see what, both ways."""

import itertools
from typing import get_args

import pytest

from federation.audience import addressing, narrower, of
from federation.terms import PUBLIC
from schemas.things import Audience

FOLLOWERS, BO, MEMBER = "https://a.example/u/x/followers", "https://b.example/bo", "https://b.example/member"


@pytest.mark.parametrize(
    ("to", "cc", "audience"),
    [
        ([PUBLIC], [FOLLOWERS], "public"),
        ([PUBLIC, BO], [], "public"),
        ([FOLLOWERS], [PUBLIC], "unlisted"),
        ([BO], [PUBLIC], "unlisted"),
        ([FOLLOWERS], [BO], "followers"),
        ([BO], [FOLLOWERS], "direct"),
        ([BO], [], "direct"),
        ([], [], "direct"),
        (["https://b.example/u/other/followers"], [], "direct"),
    ],
)
def test_addresses_say_who_may_see_it(to: list[str], cc: list[str], audience: Audience) -> None:
    assert of(to, cc, FOLLOWERS) == audience


def test_without_knowing_the_author_a_followers_collection_is_known_by_its_looks() -> None:
    assert of([FOLLOWERS], [], None) == "followers"
    assert of([BO], [FOLLOWERS], None) == "direct"


@pytest.mark.parametrize("audience", ["public", "unlisted", "followers", "direct"])
def test_what_we_address_is_read_back_as_it_was_meant(audience: Audience) -> None:
    to, cc = addressing(audience, FOLLOWERS, [BO, MEMBER, BO])
    assert of(to, cc, FOLLOWERS) == audience
    assert [one for one in (*to, *cc) if one in (BO, MEMBER)] == [BO, MEMBER]


@pytest.mark.parametrize("audience", ["hub", "group", "direct"])
def test_nothing_private_addresses_followers_or_everybody(audience: Audience) -> None:
    to, cc = addressing(audience, FOLLOWERS, [MEMBER])
    assert not {PUBLIC, FOLLOWERS} & {*to, *cc}


def test_what_is_for_the_hub_leaves_for_nobody() -> None:
    assert addressing("hub", FOLLOWERS, [MEMBER]) == ((), ())


def test_of_two_audiences_the_narrower_counts_whichever_comes_first() -> None:
    assert narrower("public", "followers") == "followers"
    for one, other in itertools.product(get_args(Audience), repeat=2):
        assert narrower(one, other) == narrower(other, one)
        assert narrower(one, one) == one
