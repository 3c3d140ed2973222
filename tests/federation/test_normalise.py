"""`federation/normalise.py`: the many ways to write a thing become one."""

import contextlib
import copy
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.normalise import document
from federation.read import BadDocument
from federation.terms import PUBLIC
from schemas.limits import DOCUMENT_LIST_ITEMS, DOCUMENT_NESTING

KEYS = re.split(
    r" ",
    "@context @id @type @value @list @set @language id type actor object attributedTo to cc bto as:to audience tag "
    "attachment name nameMap summary content contentMap as:content url image icon location address latitude status "
    "ical:status replies oneOf inReplyTo published sensitive publicKey owner rel category totalItems href mediaType "
    "coop:locations coop:call signature proof x",
)
WORDS = re.split(
    r" ", "Create Undo Note Event Person as:Note as:as:Note as:Public Public https://a.example/1 de true 12 -0.5"
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(WORDS)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)
documents = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), values, max_size=8)


@given(documents)
def test_whatever_arrives_is_normalised_once_and_for_all_or_refused(raw: dict[str, Any]) -> None:
    try:
        once = document(raw)
    except BadDocument:
        return
    assert document(once) == once


@given(documents)
def test_the_argument_is_never_changed(raw: dict[str, Any]) -> None:
    before = repr(raw)
    with contextlib.suppress(BadDocument):
        document(raw)
    assert repr(raw) == before


@pytest.mark.parametrize("written", [PUBLIC, "as:Public", "Public", [PUBLIC], ["as:Public", "Public"], {"id": PUBLIC}])
def test_public_has_one_name(written: Any) -> None:
    assert document({"to": written})["to"] == [PUBLIC]


@pytest.mark.parametrize(
    "written", ["Note", ["Note"], "as:Note", "https://www.w3.org/ns/activitystreams#Note", ["Note", None]]
)
def test_a_type_has_one_spelling(written: Any) -> None:
    assert document({"type": written})["type"] == "Note"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["Note", "Article"], "Article"),
        (["Note", "Event"], "Event"),
        (["Proposal", "Note"], "Note"),
        (["ValueFlows:Intent"], "Intent"),
        (["evil:Unknown", "Person"], "Person"),
        ("sm:TentativeJoin", "TentativeJoin"),
        ("evil:Create", "evil:Create"),
    ],
)
def test_of_several_types_the_order_of_ours_decides(written: Any, read: str) -> None:
    assert document({"type": written})["type"] == read


@pytest.mark.parametrize("written", [["Create", "Delete"], ["Note", "Create"], ["Create", "x"]])
def test_case_103_two_activities_in_one_are_refused(written: list[str]) -> None:
    with pytest.raises(BadDocument, match="type"):
        document({"type": written})


def test_case_103_two_actors_are_refused_and_one_in_a_list_is_one() -> None:
    with pytest.raises(BadDocument, match="actor: more than one"):
        document({"actor": ["https://a.example/1", "https://a.example/2"]})
    assert document({"actor": [{"type": "Person", "id": "https://a.example/1"}]}) == {"actor": "https://a.example/1"}


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("https://a.example/p", [{"type": "Link", "href": "https://a.example/p"}]),
        ({"type": "Link", "href": "https://a.example/p"}, [{"type": "Link", "href": "https://a.example/p"}]),
        (["https://a.example/p", None], [{"type": "Link", "href": "https://a.example/p"}]),
    ],
)
def test_an_address_of_a_page_is_a_list_of_links(raw: Any, read: list[dict[str, Any]]) -> None:
    assert document({"url": raw}) == {"url": read}


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("Bern", [{"type": "Place", "name": "Bern"}]),
        ("https://a.example/place/1", [{"type": "Place", "id": "https://a.example/place/1"}]),
        ({"type": "Place", "name": "Bern"}, [{"type": "Place", "name": "Bern"}]),
        ([{"type": "VirtualLocation"}, {"type": "Place"}], [{"type": "VirtualLocation"}, {"type": "Place"}]),
    ],
)
def test_a_location_is_a_list_of_places(raw: Any, read: list[dict[str, Any]]) -> None:
    assert document({"location": raw}) == {"location": read}


def test_an_address_in_one_line_is_a_street_line() -> None:
    place = document({"location": {"type": "Place", "name": "Hall", "address": "Via 1, Roma"}})["location"][0]
    assert place["address"] == {"type": "PostalAddress", "streetAddress": "Via 1, Roma"}


@pytest.mark.parametrize("raw", ["https://a.example/i.png", {"type": "Image", "url": "https://a.example/i.png"}])
def test_a_picture_has_links(raw: Any) -> None:
    picture = document({"image": raw})["image"][0]
    assert picture == {"type": "Image", "url": [{"type": "Link", "href": "https://a.example/i.png"}]}


@pytest.mark.parametrize(
    ("key", "raw", "read"),
    [
        ("latitude", "46.95", 46.95),
        ("latitude", "north", None),
        ("latitude", float("nan"), None),
        ("latitude", True, None),
        ("totalItems", 10**40, None),
        ("sensitive", "true", True),
        ("sensitive", 0, False),
        ("sensitive", "perhaps", None),
        ("postalCode", 3011, "3011"),
        ("name", {"@value": "Ana", "@language": "de"}, "Ana"),
        ("name", ["Ana", "Bo"], "Ana"),
        ("name", "a\x00b\ud800", "ab"),
        ("inLanguage", {"identifier": "de", "name": "Deutsch"}, "de"),
        ("inReplyTo", {"type": "Link", "href": "https://a.example/1"}, "https://a.example/1"),
        ("inReplyTo", ["https://a.example/1", "https://a.example/2"], "https://a.example/1"),
        ("tag", "#bern", [{"type": "Hashtag", "name": "#bern"}]),
        ("replies", "https://a.example/r", {"id": "https://a.example/r"}),
        ("category", "MUSIC", ["MUSIC"]),
        ("published", None, None),
    ],
)
def test_mistyped_values_are_read_or_left_out(key: str, raw: Any, read: Any) -> None:
    assert document({key: raw}).get(key) == read


def test_a_map_of_languages_keeps_its_order_and_loses_what_is_no_text() -> None:
    read = document({"contentMap": {"fr": "c", "de": "a", "en": None, "it": ["d"], "es": 5}})
    assert list(read["contentMap"].items()) == [("fr", "c"), ("de", "a"), ("it", "d"), ("es", "5")]


@pytest.mark.parametrize(
    "raw", [{"de": "Tag", "en": "Day"}, [{"@language": "de", "@value": "Tag"}, {"@language": "en", "@value": "Day"}]]
)
def test_a_text_given_as_a_map_is_a_map(raw: Any) -> None:
    assert document({"name": raw}) == {"name": "Tag", "nameMap": {"de": "Tag", "en": "Day"}}


def test_prefixed_keys_of_known_vocabularies_are_plain_and_plain_keys_win() -> None:
    raw = {
        "as:name": "A",
        "ical:status": "CANCELLED",
        "status": "CONFIRMED",
        "vf:purpose": "request",
        "dfrn:adjust": True,
    }
    assert document(raw) == {"name": "A", "status": "CONFIRMED", "purpose": "request", "dfrn:adjust": True}


def test_what_is_blind_signed_or_restructured_is_gone_and_unknown_keys_stay() -> None:
    raw = {"bto": ["x"], "bcc": "y", "signature": {"type": "RsaSignature2017"}, "@graph": [1], "proof": {"a": [None]}}
    assert document(raw) == {"proof": {"a": [None]}}


@pytest.mark.parametrize(
    "context",
    [
        {"actor": "as:attributedTo"},
        {"attributedTo": {"@id": "as:actor"}},
        {"id": "as:url"},
        {"as": "https://evil.example/ns#"},
        {"publicKey": "https://evil.example/other"},
        {"to": None},
    ],
)
def test_case_23_a_context_that_gives_a_core_word_another_meaning_is_refused(context: dict[str, Any]) -> None:
    with pytest.raises(BadDocument, match="@context"):
        document({"@context": ["https://www.w3.org/ns/activitystreams", context], "type": "Note"})


def test_contexts_as_servers_write_them_pass() -> None:
    context = {
        "as": "https://www.w3.org/ns/activitystreams#",
        "id": "@id",
        "type": "@type",
        "attributedTo": {"@id": "as:attributedTo", "@type": "@id"},
        "publicKey": {"@id": "sec:publicKey", "@type": "@id"},
        "owner": "https://w3id.org/security#owner",
        "Hashtag": "as:Hashtag",
        "location": {"@id": "sc:location", "@type": "sc:Place"},
    }
    raw = {"@context": ["https://www.w3.org/ns/activitystreams", context], "type": "Note"}
    assert document(copy.deepcopy(raw)) == raw


def test_case_23_an_alias_for_a_core_word_means_nothing() -> None:
    raw = {"@context": [{"who": "as:actor"}], "type": "Create", "who": "https://good.example/u", "schema:actor": "x"}
    assert "actor" not in document(raw)


def test_case_63_absurdly_long_lists_are_refused() -> None:
    with pytest.raises(BadDocument, match="tag: absurdly long"):
        document({"tag": [{"type": "Hashtag", "name": f"#t{number}"} for number in range(DOCUMENT_LIST_ITEMS)]})


def test_case_55_absurd_nesting_is_refused() -> None:
    raw: dict[str, Any] = {"type": "Note"}
    for _ in range(DOCUMENT_NESTING):
        raw = {"type": "Announce", "object": raw}
    with pytest.raises(BadDocument, match="absurdly nested"):
        document(raw)
