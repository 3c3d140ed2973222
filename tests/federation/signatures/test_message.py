"""The requests that are signed and checked."""

from __future__ import annotations

import pytest

from federation.signatures.message import OwnAddress, SignedRequest, UnsignedRequest
from federation.signatures.refusal import Reason, SignatureRefused


def arrived(**changes) -> SignedRequest:
    return SignedRequest(**{"method": "POST", "path_and_query": "/inbox", "headers": (), **changes})


def test_header_names_are_the_same_in_any_case() -> None:
    request = arrived(headers=(("X-A", " 1 "), ("x-a", "2"), ("B", "3")))
    assert request.values("x-a") == ["1", "2"]
    assert request.joined("x-a") == "1, 2"
    assert request.only("b") == "3"


@pytest.mark.parametrize("headers", [(), (("Date", "1"), ("date", "1"))])
def test_a_header_that_must_be_there_once_is(headers) -> None:
    with pytest.raises(SignatureRefused) as refused:
        arrived(headers=headers).only("date")
    assert refused.value.reason is Reason.MALFORMED


@pytest.mark.parametrize("headers", [(), (("X", "a\nhost: evil.example"),), (("X", "a\rb"),)])
def test_a_signed_header_is_there_and_is_one_line(headers) -> None:
    with pytest.raises(SignatureRefused):
        arrived(headers=headers).joined("x")


@pytest.mark.parametrize(
    "changes",
    [
        {"path_and_query": target}
        for target in ("", "inbox", "*", "https://hub.example/inbox", "/in box", "/in\nhost: x", "/i#x", "/ü")
    ]
    + [{"method": method} for method in ("", "post", "PO ST", "GET\n")],
)
def test_a_request_line_that_is_not_plain_is_refused(changes) -> None:
    with pytest.raises(SignatureRefused) as refused:
        arrived(**changes).check()
    assert refused.value.reason is Reason.MALFORMED


def test_only_a_get_without_body_needs_no_digest() -> None:
    assert not arrived(method="GET").needs_digest
    assert not arrived(method="HEAD").needs_digest
    assert arrived(method="GET", body=b"x").needs_digest
    assert arrived(method="POST").needs_digest


def test_host_and_target_of_a_request_about_to_leave() -> None:
    request = UnsignedRequest(method="GET", url="https://Peer.example:443/a%20b?x=1&y")
    assert (request.host, request.path_and_query) == ("peer.example", "/a%20b?x=1&y")
    assert UnsignedRequest(method="GET", url="http://127.0.0.2:8080").path_and_query == "/"


@pytest.mark.parametrize(
    "url", ["https://peer.example/a#b", "https://u@peer.example/", "/inbox", "https://peer.example/ü"]
)
def test_nothing_is_signed_for_an_odd_address(url: str) -> None:
    with pytest.raises(ValueError, match="plain"):
        _ = UnsignedRequest(method="GET", url=url).host


def test_our_own_address_comes_from_the_settings() -> None:
    assert OwnAddress.of("https://Hub.example:443/").host == "hub.example"
    assert OwnAddress.of("http://127.0.0.2:8080") == OwnAddress(origin="http://127.0.0.2:8080", host="127.0.0.2:8080")
    with pytest.raises(ValueError, match="base URL"):
        OwnAddress.of("hub.example")
