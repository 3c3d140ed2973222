"""Tests of federation/build/collection.py: the shapes that crawlers know."""

from federation.build.collection import collection, counted, page
from tests.federation.build.samples import HUB, URLS

REPLIES = URLS.replies(URLS.thing("event", 17))


def bare(made: dict[str, object]) -> dict[str, object]:
    assert next(iter(made)) == "@context"
    return {key: value for key, value in made.items() if key != "@context"}


def test_of_followers_only_the_number_is_told() -> None:
    assert bare(counted(f"{HUB.uri}/followers", 41, of=("followersOf", HUB.uri))) == {
        "id": f"{HUB.uri}/followers",
        "type": "OrderedCollection",
        "followersOf": HUB.uri,
        "totalItems": 41,
    }


def test_a_collection_leads_to_its_first_page() -> None:
    made = collection(f"{HUB.uri}/outbox", total=0, first=f"{HUB.uri}/outbox?page=1", last="l", owner=HUB.uri)
    assert bare(made) == {
        "id": f"{HUB.uri}/outbox",
        "type": "OrderedCollection",
        "attributedTo": HUB.uri,
        "totalItems": 0,
        "first": f"{HUB.uri}/outbox?page=1",
        "last": "l",
    }


def test_replies_bring_their_first_page_along() -> None:
    first = page(
        f"{REPLIES}?page=1", REPLIES, ["https://hub.example/posts/1"], ordered=False, next=f"{REPLIES}?after=1"
    )
    made = bare(collection(REPLIES, ordered=False, first=first, of=("repliesOf", "https://hub.example/events/17")))
    assert made["type"] == "Collection"
    assert made["first"] == {
        "id": f"{REPLIES}?page=1",
        "type": "CollectionPage",
        "partOf": REPLIES,
        "next": f"{REPLIES}?after=1",
        "items": ["https://hub.example/posts/1"],
    }


def test_a_short_collection_holds_its_items_itself() -> None:
    made = collection("x", items=[{"@context": [], "id": "a"}, "b"], total=2)
    assert made["orderedItems"] == [{"id": "a"}, "b"]
    assert "first" not in made


def test_the_last_page_has_no_next() -> None:
    made = bare(page("x?2", "x", ["a"], prev="x?1", total=3))
    assert made == {
        "id": "x?2",
        "type": "OrderedCollectionPage",
        "partOf": "x",
        "totalItems": 3,
        "prev": "x?1",
        "orderedItems": ["a"],
    }


def test_an_empty_page_is_a_page() -> None:
    assert page("x?9", "x", [], ordered=False)["items"] == []
