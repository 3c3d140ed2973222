"""Who may see something, as `to` and `cc` say it and as we say it. Pure; polls, quotes and languages never widen it."""

from collections.abc import Collection, Sequence

from federation.terms import PUBLIC
from schemas.things import Audience

_WIDEST_FIRST: tuple[Audience, ...] = ("public", "unlisted", "followers", "group", "hub", "direct")


def of(to: Collection[str], cc: Collection[str], followers: str | None) -> Audience:
    """The audience of something addressed so; `followers` is its author's followers collection, if that is known.

    The order is Mastodon's: followers in `cc` alone are told, but are not who it is for. Without
    `followers`, an address in `to` that ends as such collections do counts as one: never wider than addressed, and
    whoever knows the author asks again.
    """
    if PUBLIC in to:
        return "public"
    if PUBLIC in cc:
        return "unlisted"
    if followers in to or (followers is None and any(_looks_like_followers(address) for address in to)):
        return "followers"
    return "direct"


def narrower(one: Audience, other: Audience) -> Audience:
    """The smaller of two audiences: an activity and its object may disagree."""
    return max(one, other, key=_WIDEST_FIRST.index)


def addressing(audience: Audience, followers: str, people: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`to` and `cc` for an audience; `people`: ids of those mentioned, or of those it is for.

    What is for a group goes to its members one by one; what is for the hub goes nowhere, so it addresses nobody.
    """
    named = tuple(dict.fromkeys(people))
    match audience:
        case "public":
            return (PUBLIC,), (followers, *named)
        case "unlisted":
            return (followers,), (PUBLIC, *named)
        case "followers":
            return (followers,), named
        case "group" | "direct":
            return named, ()
        case "hub":
            return (), ()


def _looks_like_followers(address: str) -> bool:
    return address.rstrip("/").endswith("/followers")
