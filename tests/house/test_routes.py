"""What holds for every address of the node, over the router itself, so that no new one is forgotten: somebody tests it,
a form proves that it is ours, strangers write nothing, and no nonsense makes it fail."""

from __future__ import annotations

import io
import itertools
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TypeVar
from zlib import crc32

import pytest
from aiohttp import web
from aiohttp.multipart import MultipartWriter

from node.api.openapi import plain_path, table
from node.pages.take_back import DEEDS
from node.routes import add_routes
from node.settings import Settings
from schemas.limits import DOCUMENT_BYTES
from schemas.mirror import PATH as MIRROR
from tests.house.conftest import API, KINDS, House

pytestmark = pytest.mark.asyncio(loop_scope="module")

One = TypeVar("One")
Other = TypeVar("Other")
TESTS = Path(__file__).parents[1]
GAP = re.compile(r"\{(\w+)\}")
SEGMENT = r"[^/\s\"'?]+"
SIGNED = ("/inbox", "/mirror")
"""Ends of addresses where a signature proves who speaks, not a form's token."""

BY_SECRET = ("/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/mail/off")
"""Addresses where a client's secret does (RFC 6749, 2.3; 7009, 2.1), or what stands in a link (RFC 8058)."""

VALUES = {
    "account_id": "1",
    "code": "nothing",
    "collection_id": "1",
    "date": "2026-01-01",
    "version": "2.1",
    "name": "ana",
    "path": "aa/bb",
    "kind": "event",
    "answer": "1",
    "tail": "nothing/there",
    "deed": "delete",
    "digest": "0123456789abcdef",
    "id": "1",
    "filter_id": "1",
    "file": "blocks.csv",
    "hashtag": "bench",
    "host": "peer.example",
    "key": "favourite-1",
    "list_id": "1",
    "number": "1",
    "quoting": "1",
    "token": "nothing",
}
NONSENSE = {
    "nothing": (b"", "application/x-www-form-urlencoded"),
    "an empty JSON": (b"{}", "application/json"),
    "a JSON list": (b"[[[]]]", "application/json"),
    "no JSON": (b'{"a": \xff\x00', "application/json"),
    "deep JSON": (b"[" * 100_000, "application/json"),
    "numbers": (b'{"id": 1e999, "versions": 1, "kind": 7, "starts": "x"}', "application/json"),
    "half a form": (b"a=%ff%00&=&&&id=%zz", "application/x-www-form-urlencoded"),
    "no multipart": (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
    "multipart without boundary": (b"nonsense", "multipart/form-data"),
    "an odd charset": (b"a=1", "application/x-www-form-urlencoded; charset=rot13"),
    "an unknown charset": (b"{}", "application/json; charset=klingon"),
    "an odd type": (b"\x00" * 64, "application/octet-stream"),
    "no type": (b"a=1", ";;"),
}
STRANGE_VALUES = ("0", "9" * 19, "9" * 40, "١٢", "%00", "%2e%2e", "a%0d%0ab", "x" * 3000, "null", "-1")


@cache
def routes() -> list[tuple[str, str]]:
    """Method and address of each route, with gaps for its parameters; one with a slash behind it is the same one."""
    app = web.Application()
    add_routes(app)
    found = {
        (route.method.replace("*", "POST"), one.canonical) for route in app.router.routes() if (one := route.resource)
    }
    return sorted({(method, path.rstrip("/") or "/") for method, path in found if method != "HEAD"})


def some_of(these: Iterable[One], those: Sequence[Other]) -> Iterator[tuple[One, Other]]:
    """Each of `these` with one of `those` in turn; in the full run with all."""
    if os.environ.get("FULL"):
        return itertools.product(these, those)
    return zip(these, itertools.cycle(those), strict=False)


def some_for(address: str, these: Iterable[One], those: Iterable[Other]) -> list[tuple[One, Other]]:
    """Every fifth pair of both, for another address from another one on: each pair meets a fifth of the addresses. In
    the full run all."""
    pairs = list(itertools.product(these, those))
    return pairs if os.environ.get("FULL") else pairs[crc32(address.encode()) % 5 :: 5]


READ = [path for method, path in routes() if method == "GET"]
WRITTEN = [(method, path) for method, path in routes() if method != "GET"]
FORMS = [path for method, path in WRITTEN if not path.startswith("/api/") and not path.endswith(SIGNED + BY_SECRET)]
OPEN = ("/api/v1/apps", "{tail}")
"""Ends of addresses of the API where strangers may write, or nobody, since there is nothing."""
WRITTEN_BY_PROGRAMS = [
    (m, path) for m, path in WRITTEN if path.startswith("/api/") and not path.endswith(SIGNED + OPEN)
]


def filled(path: str, /, **values: str) -> str:
    """The address with something in each gap: a deed that its kind knows."""
    if "{deed}" in path:
        kind = path.split("/")[1].removesuffix("s")
        values = {"deed": next(name for name, deed in DEEDS.items() if kind in deed.of)} | values
    return GAP.sub(lambda gap: (VALUES | values)[gap[1]], path)


async def with_things(house: House, path: str) -> str:
    """The address of something that is there: a new thing where the address is of one."""
    kind = next((one for one in KINDS if f"/{one}s/{{id}}" in path), None)
    return filled(path, id=await house.publish(kind)) if kind else filled(path)


@cache
def words_of_tests() -> str:
    others = [path for path in TESTS.rglob("*.py") if path != Path(__file__)]
    return "\n".join(path.read_text(encoding="utf-8") for path in others)


@cache
def addresses_in_tests() -> str:
    """What has a slash in it, each once: quicker to search than all the words."""
    return "\n".join({one for one in re.split(r"[\s\"'?]+", words_of_tests()) if "/" in one})


@cache
def addresses_by_handler() -> dict[str, list[str]]:
    """Several addresses may have one handler: then it is enough that one of them is asked for."""
    app = web.Application()
    add_routes(app)
    found: dict[str, list[str]] = {}
    for route in app.router.routes():
        if route.method != "HEAD" and route.resource and not isinstance(route.handler, partial):
            path = route.resource.canonical
            own = route.handler.__name__ == "either"  # two doors behind one address
            found.setdefault(path if own else f"{route.handler.__module__}.{route.handler.__name__}", []).append(path)
    return found


def is_asked_for(path: str) -> bool:
    """Whether a test names the address, whole or, behind the id of a thing or actor, its end."""
    if path == MIRROR:  # known by its constant only
        return "schemas.mirror import" in words_of_tests()
    whole = SEGMENT.join(re.escape(part) for part in GAP.split(path)[::2])
    end = path.rpartition("}")[2]
    ends = [whole, *([re.escape(end)] if len(end) > 4 else [])]
    return any(re.search(rf"(?<!\w){one}(?!\w)", addresses_in_tests()) for one in ends)


async def test_the_router_is_read_whole() -> None:
    assert len(routes()) > 150
    assert len(FORMS) > 15
    assert len(WRITTEN_BY_PROGRAMS) > 25


@pytest.mark.parametrize("handler", sorted(addresses_by_handler()))
async def test_somebody_tests_each_handler(handler: str) -> None:
    paths = addresses_by_handler()[handler]
    described = {plain_path(one.path) for one in table()}
    assert any(path in described or is_asked_for(path) for path in paths), paths


@pytest.mark.parametrize("path", FORMS)
async def test_case_130_a_form_without_a_token_of_ours_is_refused(house: House, path: str) -> None:
    there = await with_things(house, path)
    kind = "application/x-www-form-urlencoded"
    for token in ("", "form_token=", "form_token=" + "0" * 64):
        answer = await house.send(house.browser.session, "POST", there, token.encode(), Content_Type=kind)
        assert answer.status == 403
    as_json = f'{{"form_token": "{house.form_token}"}}'.encode()
    assert (await house.send(house.browser.session, "POST", there, as_json, Content_Type="text/plain")).status == 403


@pytest.mark.parametrize("path", FORMS)
async def test_case_130_a_form_of_ours_sent_from_elsewhere_is_refused(house: House, path: str) -> None:
    there, kind = await with_things(house, path), "application/x-www-form-urlencoded"
    right = f"form_token={house.form_token}".encode()
    for origin in ("https://evil.example", "null", house.hub.base.replace("http:", "https:")):
        answer = await house.send(house.browser.session, "POST", there, right, Content_Type=kind, Origin=origin)
        assert answer.status == 403


@pytest.mark.parametrize(("method", "path"), WRITTEN_BY_PROGRAMS)
async def test_a_stranger_writes_nothing_by_the_api(house: House, method: str, path: str) -> None:
    there = filled(path)
    assert (await house.ask(method, there, b"{}", Content_Type="application/json")).status == 401
    assert (await house.ask(method, there, b"{}", Authorization="Bearer nonsense")).status in (401, 415, 422)
    # A browser sends its cookie along, whoever wrote the page that asks: it counts for nothing here (case 130).
    answer = await house.send(house.browser.session, method, there, b"{}", Content_Type="application/json")
    assert answer.status == 401


@pytest.mark.parametrize("path", [path for _, path in WRITTEN if path.endswith(SIGNED)])
async def test_what_is_sent_without_a_signature_is_refused(house: House, path: str) -> None:
    answer = await house.ask("POST", filled(path), b"{}", Content_Type="application/activity+json")
    assert answer.status in (401, 404)


@pytest.mark.parametrize(("method", "path"), WRITTEN)
async def test_no_nonsense_in_a_body_makes_it_fail(house: House, method: str, path: str) -> None:
    there = await with_things(house, path)
    for (name, (body, kind)), headers in some_for(method + path, NONSENSE.items(), ({}, house.program)):
        answer = await house.ask(method, there, body, Content_Type=kind, **headers)
        assert answer.status < 500, name


@pytest.mark.parametrize("path", FORMS)
async def test_no_nonsense_in_a_form_of_ours_makes_it_fail(house: House, path: str) -> None:
    there = await with_things(house, path)
    fields = {
        "": "x",
        "id": "\x00",
        "kind": "\ud7ff",
        "starts": "9999-99-99",
        "versions.999999999.name": "x",
        "to": "@",
    }
    token = {"form_token": house.form_token}
    every = dict.fromkeys(_fields(), "\x00")
    forms: list[MultipartWriter | dict[str, str]] = [every | token]
    in_parts = [{}, fields, dict.fromkeys(fields, "x" * 9000)]
    for pairs in [*in_parts, every] if os.environ.get("FULL") else in_parts:  # so many parts take long to write
        forms.append(form := MultipartWriter("form-data"))
        for name, value in (pairs | token).items():
            form.append(value).set_content_disposition("form-data", name=name)
    for sent in forms:
        address = house.hub.base + there
        async with house.browser.session.post(address, data=sent, allow_redirects=False) as answer:
            assert answer.status < 500, sent
    await house.hub.db.execute("UPDATE hub SET modules_off = '{}'")  # what a form without ticks switches off
    if path in ("/sign-out", "/sign-in"):
        await house.browser.post("/sign-in", {"who": "ana", "password": "twelve quiet carrots"})


@cache
def _fields() -> list[str]:
    """The names of what forms ask for."""
    templates = Path(__file__).parents[2] / "themes" / "commons"
    return sorted(set(re.findall(r'name="(\w[\w.]*)"', "".join(one.read_text() for one in templates.rglob("*.html")))))


@pytest.mark.parametrize("path", [path for _, path in routes() if "{" in path])
async def test_no_odd_value_in_an_address_makes_it_fail(house: House, path: str) -> None:
    methods = [method for method, one in routes() if one == path]
    for value, accept in some_for(path, STRANGE_VALUES, ("text/html", "application/activity+json")):
        there = filled(path, **dict.fromkeys(GAP.findall(path), value))
        for method in methods:
            answer = await house.ask(method, there, Accept=accept, **house.program)
            assert answer.status < 500, there[:80]


@pytest.mark.parametrize("path", READ)
async def test_each_address_answers_a_reader_a_server_and_a_member(house: House, path: str) -> None:
    there = await with_things(house, path)
    odd = (
        "?max_id=x&min_id=-1&page=%00&before=1e9&lang=xx&q=%ff&after="
        + "9" * 40
        + "&limit=-1&resource=acct:%00&uri=%00"
    )
    sessions = (house.stranger.session, house.browser.session)
    asked = itertools.product(("", odd), ("text/html", "application/activity+json", "*/*;q=x, ,;"))
    for (query, accept), session in some_of(asked, sessions):
        assert (await house.send(session, "GET", there + query, Accept=accept)).status < 500


async def test_a_body_larger_than_any_request_is_refused(house: House, module_settings: Settings) -> None:
    body = b"x" * (DOCUMENT_BYTES + 8_000_000)
    answer = await house.ask("POST", f"{API}/posts", io.BytesIO(body), Content_Type="application/json", **house.program)
    assert answer.status == 413
