"""`federation/read/thing.py`: posts of other servers, and what is refused or degraded."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import read
from federation.normalise import document
from schemas.limits import READ_RECIPIENTS

AUTHOR, PUBLIC = "https://a.example/u/ana", "https://www.w3.org/ns/activitystreams#Public"

KEYS = [
    *("id", "type", "actor", "object", "attributedTo", "to", "name", "nameMap", "content", "contentMap", "url", "tag"),
    *("attachment", "image", "startTime", "timezone", "location", "oneOf", "published", "purpose", "publishes", "icon"),
    *("coop:call", "coop:finding", "coop:versions", "coop:area", "inbox", "preferredUsername", "publicKey", "summary"),
    *("replies", "inReplyTo", "endpoints", "href", "value", "organizers", "items", "category", "status", "endTime"),
]
WORDS = [
    "Note",
    "Event",
    "Article",
    "Question",
    "Group",
    "Person",
    "Create",
    "Undo",
    "Flag",
    "Mention",
    "Hashtag",
    "Link",
]
WORDS += [
    "Emoji",
    "Intent",
    "request",
    AUTHOR,
    "https://a.example/n/1",
    "2026-03-07T14:00:00Z",
    "Europe/Zurich",
    "de",
    "#x",
]
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(WORDS)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=25,
)
raws = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), values, max_size=8)
plausible = raws.map(
    lambda raw: (
        {"id": "https://a.example/n/1", "attributedTo": AUTHOR, "actor": AUTHOR, "inbox": "https://a.example/in"} | raw
    )
)


@given(raws | plausible)
def test_whatever_arrives_is_read_refused_or_ignored_and_nothing_else_is_raised(raw: dict[str, Any]) -> None:
    for reader in (read.thing, read.activity, read.actor):
        for doc in (raw, None):
            try:
                reader(document(raw) if doc is None else doc)
            except (read.BadDocument, read.Unwanted) as why:
                assert str(why)


def test_a_note_is_a_post(thing: Any) -> None:
    found = thing(summary="Spoiler", sensitive=True, inReplyTo="https://b.example/1", context="https://a.example/c/1")
    assert (found.kind, found.type, found.audience, found.attributed_to) == ("post", "Note", "public", AUTHOR)
    assert (found.versions[0].content, found.versions[0].summary) == ("<p>Text</p>", "Spoiler")
    assert (found.sensitive, found.in_reply_to, found.context) == (True, "https://b.example/1", "https://a.example/c/1")
    assert found.published == found.updated == datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "kind", ["Article", "Page", "Video", "Audio", "Image", "Document", "Proposal", "Event", "Question"]
)
def test_other_types_without_what_makes_them_special_are_posts(thing: Any, kind: str) -> None:
    found = thing(type=kind, name="Title")
    assert (found.kind, found.type, found.versions[0].name) == ("post", kind, "Title")


@pytest.mark.parametrize("kind", ["Place", "Profile", "Relationship", "ChatMessage", "Person", "Create", "Collection"])
def test_what_is_no_post_is_unwanted(thing: Any, kind: str) -> None:
    with pytest.raises(read.Unwanted, match=kind):
        thing(type=kind)


def test_a_tombstone_is_gone(thing: Any) -> None:
    with pytest.raises(read.Unwanted, match="gone"):
        thing(type="Tombstone")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("type", None),
        ("id", None),
        ("id", "https://user@a.example/n/1"),
        ("id", "acct:ana@a.example"),
        ("id", "https://a.example/../n"),
        ("id", "https://a.example/" + "n" * 3000),
        ("id", "https://a.example/n\x00"),
        ("id", "https://a.example/n#fragment"),
        ("attributedTo", None),
        ("attributedTo", "https://b.example/u/bo"),
        ("attributedTo", "http://a.example/u/ana"),
        ("attributedTo", "https://a.example:444/u/ana"),
    ],
)
def test_cases_1_and_18_ids_and_authors_that_cannot_be_are_refused(thing: Any, key: str, value: Any) -> None:
    if key == "id" and value and "\x00" in value:
        assert thing(id=value).id == "https://a.example/n"  # what no database stores is never part of an id
        return
    with pytest.raises(read.BadDocument, match=key):
        thing(**{key: value})


def test_case_18_an_id_has_one_spelling(thing: Any) -> None:
    assert thing(id="https://A.example:443/n/1").id == "https://a.example/n/1"
    assert thing(attributedTo="https://a.example", id="https://a.example/1").attributed_to == "https://a.example"


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://a.example/@ana/1", "https://a.example/@ana/1"),
        (
            [{"type": "Link", "mediaType": "video/mp4", "href": "https://a.example/v"}, "https://a.example/p"],
            "https://a.example/p",
        ),
        (["https://a.example/q", {"href": "https://a.example/p", "mediaType": "text/html"}], "https://a.example/p"),
        ({"href": "https://a.example/p", "mediaType": "text/html; charset=utf-8"}, "https://a.example/p"),
        ("https://evil.example/p", "https://a.example/n/1"),
        ("javascript:alert(1)", "https://a.example/n/1"),
        ("data:text/html,x", "https://a.example/n/1"),
        (["https://evil.example/p", "https://a.example/p"], "https://a.example/p"),
        (None, "https://a.example/n/1"),
        (5, "https://a.example/n/1"),
    ],
)
def test_case_19_the_page_is_on_the_host_of_the_id(thing: Any, url: Any, page: str) -> None:
    assert thing(url=url).url == page


def test_a_missing_date_is_when_it_arrived_and_an_update_is_never_before(thing: Any) -> None:
    arrived = datetime(2026, 5, 1, tzinfo=UTC)
    raw = {"id": "https://a.example/n/1", "type": "Note", "attributedTo": AUTHOR}
    assert read.thing(document(raw), received=arrived).published == arrived
    assert thing(updated="2020-01-01T00:00:00Z").updated == thing().published


@pytest.mark.parametrize(
    "written", ["yesterday", "0000-00-00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", 5, {}]
)
def test_a_date_that_cannot_be_is_not_said(thing: Any, written: Any) -> None:
    assert abs((thing(published=written, updated=None).published - datetime.now(UTC)).total_seconds()) < 3600


def test_the_audience_is_that_of_object_and_activity_together() -> None:
    followers = f"{AUTHOR}/followers"
    note = {"type": "Note", "id": "https://a.example/n/1", "attributedTo": AUTHOR, "to": [followers]}
    create = {"type": "Create", "actor": AUTHOR, "to": [PUBLIC], "cc": [followers], "object": note}
    assert read.carried(read.activity(document(create)), followers=followers).audience == "followers"


def test_what_an_object_leaves_unsaid_its_activity_says() -> None:
    create = {
        "type": "Create",
        "actor": AUTHOR,
        "to": [PUBLIC],
        "published": "2026-03-01T10:00:00Z",
        "object": {"type": "Note", "id": "https://a.example/n/1", "content": "x"},
    }
    found = read.carried(read.activity(document(create)))
    assert (found.attributed_to, found.audience, found.published.year) == (AUTHOR, "public", 2026)
    with pytest.raises(read.BadDocument):
        read.carried(read.activity(document(create | {"object": "https://a.example/n/1"})))


def test_case_63_long_lists_of_recipients_are_cut(thing: Any) -> None:
    found = thing(to=[f"https://b.example/{number}" for number in range(900)])
    assert len(found.to) == READ_RECIPIENTS


def test_an_area_is_known_by_its_name(thing: Any) -> None:
    assert thing(**{"coop:area": "https://hub.example/areas/housing"}).area == "housing"
    assert thing(**{"coop:area": "https://hub.example/areas/%3Cscript%3E"}).area is None
    assert thing(**{"coop:area": 5}).area is None
