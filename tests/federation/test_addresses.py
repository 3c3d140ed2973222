"""Addresses: one spelling each, and no way to a machine that is not public."""

import socket
from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.addresses import (
    BadAddress,
    canonical,
    canonical_domain,
    connection_refusal,
    domain_chain,
    domain_matches,
    host_of,
    is_literal,
    is_public_address,
    networks,
    origin_of,
    parse,
    same_origin,
)
from federation.outcomes import Refusal
from schemas.limits import ADDRESS_BYTES


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://good.test/x", "https://good.test/x"),
        ("HTTPS://GOOD.test/X", "https://good.test/X"),
        ("https://good.test:443/x", "https://good.test/x"),
        ("https://good.test:/x", "https://good.test/x"),
        ("http://good.test:80/x", "http://good.test/x"),
        ("https://good.test:8443/x", "https://good.test:8443/x"),
        ("https://good.test./x", "https://good.test/x"),
        ("https://good.test", "https://good.test/"),
        ("https://good.test?a=..", "https://good.test/?a=.."),
        ("https://BÜCHER.test/ü", "https://xn--bcher-kva.test/%C3%BC"),
        ("https://xn--bcher-kva.TEST/", "https://xn--bcher-kva.test/"),
        ("https://ｇｏｏｄ。test/", "https://good.test/"),
        ("https://[2001:DB8:0:0::1]/x", "https://[2001:db8::1]/x"),
        ("https://good.test/a%2Fb?q=%2e#main-key", "https://good.test/a%2Fb?q=%2e#main-key"),
        ('https://good.test/"<^`{|}>', "https://good.test/%22%3C%5E%60%7B%7C%7D%3E"),
    ],
)
def test_an_address_has_one_spelling(written: str, meant: str) -> None:
    assert canonical(written) == meant
    assert canonical(meant) == meant


@pytest.mark.parametrize(
    "written",
    [
        "https://user@good.test/x",
        "https://user:word@good.test/x",
        "https://good.test\\@evil.test/x",
        "https://good.test/x/../x",
        "https://good.test/./x",
        "https://good.test/..",
        "https://good.test/%2e%2e/x",
        "https://good.test/%2E./x",
        "https://good.test/a/..%2Fb",
        "https://good.test/x%2ejson",
        "https://good.test/a b",
        "https://good.test/a\r\nHost: evil.test",
        "https://good.test/\x00",
        "https://good.test/\x85",
        "https://good.test:0/",
        "https://good.test:65536/",
        "https://good.test:1e3/",
        "https://good..test/",
        "https://good.test../",
        "https://-good.test/",
        "https://go%6fd.test/",
        "https:///x",
        "https://:443/x",
        "https:good.test",
        "//good.test/x",
        "ftp://good.test/x",
        "gopher://good.test/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "acct:ana@good.test",
        "https://2130706433/",
        "https://127.1/",
        "https://0x7f.0.0.1/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://good.1/",
        "https://[fe80::1%25eth0]/",
        "https://[::1/",
        "https://[good.test]/",
        "https://good.test/\ud800",
        "https://" + "a" * 64 + ".test/",
        "https://good.test/" + "x" * ADDRESS_BYTES,
        "https://good.test/" + "ü" * (ADDRESS_BYTES // 3),
        "",
    ],
)
def test_what_is_no_plain_address_is_refused(written: str) -> None:
    with pytest.raises(BadAddress):
        parse(written)
    assert not same_origin(written, written)


def test_case_18_spellings_of_one_id_are_one_and_tricks_are_none() -> None:
    own = canonical("https://good.test/x")
    assert {canonical(u) for u in ("https://good.test:443/x", "https://GOOD.test/x", "https://good.test./x")} == {own}
    for trick in ("https://user@good.test/x", "https://good.test/x/../x", "https://good.test/%2e%2e/x"):
        with pytest.raises(BadAddress):
            canonical(trick)


def test_the_origin_is_scheme_host_and_port() -> None:
    assert origin_of("https://Good.test:443/x#y") == "https://good.test"
    assert host_of("https://Good.test:8443/x") == "good.test"
    assert same_origin("https://good.test/a", "https://GOOD.test:443/b")
    assert not same_origin("https://good.test/a", "http://good.test/a")
    assert not same_origin("https://good.test/a", "https://good.test:8443/a")
    assert not same_origin("https://good.test/a", "https://good.test.evil.test/a")


@pytest.mark.parametrize(
    "spelling",
    ["evil.test", "sub.evil.test", "a.b.EVIL.test", "EVIL.test", "evil.test.", "evil.test:8443", "ｅvil.test"],
)
def test_case_118_a_blocked_domain_is_blocked_in_every_spelling(spelling: str) -> None:
    assert domain_matches(spelling, ["evil.test"])
    assert domain_matches(host_of(f"https://{spelling}/inbox"), ["Evil.test."])


def test_case_118_unicode_and_punycode_are_the_same_domain() -> None:
    assert domain_matches("bücher.test", ["xn--bcher-kva.test"])
    assert domain_matches("sub.xn--bcher-kva.test", ["BÜCHER.test"])


def test_case_118_an_ip_literal_is_blocked_as_itself_and_has_no_parents() -> None:
    assert domain_matches("[2606:4700:0:0::1]", ["[2606:4700::1]"])
    assert domain_matches("93.184.216.34", ["93.184.216.34"])
    assert domain_chain("93.184.216.34") == ("93.184.216.34",)
    assert is_literal(host_of("https://[2606:4700::1]/")) and is_literal(host_of("https://93.184.216.34/"))


def test_a_domain_that_only_looks_like_a_blocked_one_is_not_blocked() -> None:
    assert not any(domain_matches(host, ["evil.test"]) for host in ("notevil.test", "evil.test.good.test", "test"))
    assert domain_chain("a.b.test") == ("a.b.test", "b.test", "test")


def test_a_host_that_cannot_be_compared_counts_as_blocked() -> None:
    assert domain_matches("evil test", [])
    with pytest.raises(BadAddress):
        canonical_domain("user@good.test")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "0.1.2.3",
        "192.0.0.8",
        "192.0.2.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "192.88.99.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
    ],
)
def test_case_43_an_ipv4_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public_address(address)
    assert connection_refusal(address, 443, ()) is Refusal.NETWORK


@pytest.mark.parametrize(
    "address",
    [
        "::1",
        "::",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "3fff::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::7f00:1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "::8.8.8.8",
        "2001:0:7f00:1::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "100::1",
        "5f00::1",
        "4000::1",
        "not-an-address",
    ],
)
def test_case_44_an_ipv6_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public_address(address)
    assert connection_refusal(address, 443, ()) is Refusal.NETWORK


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "2a01:4f8::1", "64:ff9b::808:808"]
)
def test_public_addresses_may_be_called_on_the_port_of_https(address: str) -> None:
    assert is_public_address(address)
    assert connection_refusal(address, 443, ()) is None


@pytest.mark.parametrize("port", [22, 25, 80, 6379, 8443])
def test_case_51_other_ports_are_for_allowed_networks_only(port: int) -> None:
    assert connection_refusal("8.8.8.8", port, networks(["127.0.0.0/8"])) is Refusal.PORT
    assert connection_refusal("127.0.0.2", port, networks(["127.0.0.0/8", "::1/128"])) is None
    assert connection_refusal("::1", port, networks(["127.0.0.0/8", "::1/128"])) is None
    assert connection_refusal("::ffff:127.0.0.2", port, networks(["127.0.0.0/8"])) is Refusal.NETWORK


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_the_own_list_refuses_all_that_python_calls_not_global(address: object) -> None:
    ip = ip_address(str(address))
    if not ip.is_global or ip.is_multicast:
        assert not is_public_address(str(ip))


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_never_a_way_around(address: object) -> None:
    four = ip_address(str(address))
    number = int(four)
    carried = [number, 0xFFFF << 32 | number, 0x2002 << 112 | number << 80, 0x2001 << 112 | number << 64]
    assert not any(is_public_address(str(ip_address(inner.to_bytes(16, "big")))) for inner in carried)
    nat64 = ip_address((0x64FF9B << 96 | number).to_bytes(16, "big"))
    assert is_public_address(str(nat64)) == is_public_address(str(four))


_URLISH = st.text(st.sampled_from("https:/@.%2eE#?[]\\ \t\r\nüａ。0x7fgood-_~127"), max_size=60)


@settings(deadline=None)
@given(
    st.one_of(st.text(max_size=80), _URLISH, _URLISH.map("https://".__add__), _URLISH.map("https://good.test/".__add__))
)
def test_whatever_is_written_is_refused_or_has_a_fixed_point(written: str) -> None:
    try:
        address = parse(written)
    except BadAddress:
        return
    assert canonical(address.url) == address.url
    assert len(address.url) <= ADDRESS_BYTES
    assert address.url.isascii() and address.url.isprintable() and " " not in address.url
    assert "@" not in address.origin and ".." not in address.target.partition("?")[0].split("/")
    assert is_literal(address.host) == _is_numeric(address.host)


def _is_numeric(host: str) -> bool:
    """Whether the system's resolver would take it for an address."""
    try:
        socket.getaddrinfo(host.strip("[]"), 443, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return False
    return True
