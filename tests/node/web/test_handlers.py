"""What handlers are handed: forms as structs, the reader's language, who asks, and through which door."""

from __future__ import annotations

from ipaddress import ip_network

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from node.errors import Invalid
from node.settings import Settings
from node.web.handlers import client_address, covers, decoded, language, query, wants_activity
from node.web.keys import SETTINGS
from schemas import reasons


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    places: int = 1
    areas: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("accept", "activity"),
    [
        ("application/activity+json", True),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', True),
        ('application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"', True),
        ("application/activity+json, text/html;q=0.9", True),
        ("text/html, application/activity+json;q=0.9", False),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
        ("application/activity+json;q=nonsense", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_accept_chooses_the_door(accept: str, activity: bool) -> None:
    assert wants_activity(make_mocked_request("GET", "/", {"Accept": accept})) is activity


@pytest.mark.parametrize(
    ("target", "headers", "expected"),
    [
        ("/?lang=fr", {"Accept-Language": "de"}, "fr"),
        ("/?lang=xx", {"Accept-Language": "de-AT,en;q=0.5"}, "de"),
        ("/", {"Cookie": "language=de", "Accept-Language": "fr"}, "de"),
        ("/", {}, "en"),
    ],
)
def test_the_reader_gets_the_language_that_was_asked_for_first(
    target: str, headers: dict[str, str], expected: str
) -> None:
    assert language(make_mocked_request("GET", target, headers)) == expected


def test_a_wrong_field_is_named() -> None:
    with pytest.raises(Invalid) as caught:
        decoded(b'{"name": "x", "places": "many"}', Wish)
    assert [problem.field for problem in caught.value.problems] == ["places"]
    with pytest.raises(Invalid):
        decoded(b"[" * 100_000, Wish)


@pytest.mark.parametrize(
    ("sent", "field", "reason"),
    [
        (b'{"name": "x", "places": "many"}', "places", reasons.NOT_WHOLE),
        (b'{"places": 2}', "name", reasons.REQUIRED),
        (b"nothing", "", reasons.NOT_JSON),
    ],
)
def test_what_is_wrong_is_a_sentence_that_can_be_translated(sent: bytes, field: str, reason: str) -> None:
    with pytest.raises(Invalid) as caught:
        decoded(sent, Wish)
    assert [(one.field, one.reason) for one in caught.value.problems] == [(field, reason)]


def test_a_query_may_repeat_a_list_and_leave_fields_empty() -> None:
    request = make_mocked_request("GET", "/?name=ada&places=&areas[]=it&areas[]=housing&areas=items&areas=")
    assert query(request, Wish) == Wish(name="ada", areas=("it", "housing", "items"))
    with pytest.raises(Invalid):
        query(make_mocked_request("GET", "/?name=ada&places=-1x"), Wish)


def test_a_broad_scope_contains_the_narrow_ones() -> None:
    assert covers(("read",), "read:statuses")
    assert covers(("*",), "admin:write")
    assert not covers(("read:statuses",), "read")
    assert not covers(("read",), "write:statuses")
    assert not covers((), "read")


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.9", ["203.0.113.5"], "192.0.2.9"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["6.6.6.6, 203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["6.6.6.6", "203.0.113.5, 10.0.0.2"], "203.0.113.5"),
    ],
)
def test_case_125_only_trusted_proxies_say_who_called(peer: str, forwarded: list[str], expected: str) -> None:
    app = web.Application()
    app[SETTINGS] = Settings(trusted_proxies=(ip_network("10.0.0.0/8"),))
    request = make_mocked_request("GET", "/", [("X-Forwarded-For", hop) for hop in forwarded], app=app)  # type: ignore[arg-type]
    assert client_address(request.clone(remote=peer)) == expected
