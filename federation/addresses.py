"""Addresses of other servers, made one way, and the question which of them may be called (pure).

Every comparison of ids, origins and domains goes through here (cases 18, 43, 44, 51, 118)."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, unquote

import idna
import msgspec

from federation.outcomes import Refusal
from schemas.limits import ADDRESS_BYTES, ADDRESSES_CACHED, HOST_CHARS, HOST_LABEL_CHARS

Network = IPv4Network | IPv6Network

DEFAULT_PORTS = {"http": 80, "https": 443}

_URL = re.compile(r"(https?)://([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]@]+)(?::([0-9]{0,5}))?", re.IGNORECASE)
_UNWANTED = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_LABEL = re.compile(rf"(?!-)[a-z0-9_-]{{1,{HOST_LABEL_CHARS}}}(?<!-)")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_KEPT = "!#$%&'()*+,/:;=?@[]~"
_PLAIN_PATH = re.compile(r"/[A-Za-z0-9/_~@:=+,-]*")
"""Most paths: nothing in them has to be quoted, and there is no dot for a dot segment."""

_NOT_PUBLIC_4 = tuple(
    IPv4Network(cidr)
    for cidr in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_6 = IPv6Network("2000::/3")
# Within it: protocol assignments with Teredo, documentation (two), 6to4.
_NOT_PUBLIC_6 = tuple(IPv6Network(cidr) for cidr in ("2001::/23", "2001:db8::/32", "3fff::/20", "2002::/16"))
_NAT64 = IPv6Network("64:ff9b::/96")


class BadAddress(ValueError):
    """What was given is no address that we would call, store or compare."""


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """An http(s) URL in canonical form. `target` is path and query, `fragment` comes with its `#` or is empty; `origin`
    is scheme, host and, unless it is the default, port, `url` all of it."""

    scheme: str
    host: str
    port: int
    target: str
    fragment: str
    origin: str
    url: str

    @property
    def document(self) -> str:
        """The URL of the document: all but the fragment."""
        return self.origin + self.target


@lru_cache(ADDRESSES_CACHED)
def parse(url: str) -> Address:
    """Read an http(s) URL into its canonical parts, or raise BadAddress.

    Refused are user names, dot segments (plain or encoded), control characters, blanks, backslashes, other
    schemes, unknown spellings of IP addresses, and more than ADDRESS_BYTES.
    """
    if len(url) > ADDRESS_BYTES or _UNWANTED.search(url):
        raise BadAddress("too long, or with characters that no URL has")
    match = _URL.fullmatch(url)
    if match is None:
        raise BadAddress("not an http(s) URL")
    scheme = match[1].lower()
    host, port = _split_authority(match[2])
    usual = DEFAULT_PORTS[scheme]
    port = port or usual
    origin = f"{scheme}://{host}" if port == usual else f"{scheme}://{host}:{port}"
    target, fragment = _path(match[3]) + _quoted(match[4]), _quoted(match[5])
    whole = origin + target + fragment
    if len(whole) > ADDRESS_BYTES:
        raise BadAddress("too long")
    return Address(scheme=scheme, host=host, port=port, target=target, fragment=fragment, origin=origin, url=whole)


def canonical(url: str) -> str:
    """The one spelling of a URL, fragment included; raises BadAddress."""
    return parse(url).url


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL in canonical form; raises BadAddress."""
    return parse(url).origin


def host_of(url: str) -> str:
    """The canonical host of a URL without its port: what blocks and breakers count by; raises BadAddress."""
    return parse(url).host


def same_origin(one: str, other: str) -> bool:
    """Whether two URLs belong to the same origin; False when either is no address."""
    try:
        return origin_of(one) == origin_of(other)
    except BadAddress:
        return False


@lru_cache(ADDRESSES_CACHED)
def canonical_domain(written: str) -> str:
    """The canonical host of `host` or `host:port` as a person or a handle writes it; raises BadAddress."""
    if len(written) > ADDRESS_BYTES or _UNWANTED.search(written):
        raise BadAddress("no domain")
    return _split_authority(written)[0]


@lru_cache(ADDRESSES_CACHED)
def domain_chain(host: str) -> tuple[str, ...]:
    """A canonical host and the domains above it, nearest first. An IP address stands alone."""
    if is_literal(host):
        return (host,)
    labels = host.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels)))


def domain_matches(host: str, rules: Iterable[str]) -> bool:
    """Whether a domain rule covers a host, itself or a domain above it, however either is written.

    A host that is no address at all matches: what cannot be compared is not let through.
    """
    try:
        chain = domain_chain(canonical_domain(host))
    except BadAddress:
        return True
    return any(canonical_domain(rule) in chain for rule in rules)


def is_literal(host: str) -> bool:
    """Whether a canonical host is an IP address and not a name."""
    return host.startswith("[") or host.rpartition(".")[2].isdigit()


@lru_cache(ADDRESSES_CACHED)
def is_public_address(address: str) -> bool:
    """Whether an IP address belongs to the public internet (cases 43 and 44).

    Addresses that carry another one (mapped, compatible, 6to4, Teredo) are not public, except NAT64, by which
    hosts without IPv4 reach all others: there the carried address decides.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _NOT_PUBLIC_4)
    if ip.scope_id is not None:
        return False
    if ip in _NAT64:
        return is_public_address(str(IPv4Address(int(ip) & 0xFFFF_FFFF)))
    return ip in _GLOBAL_6 and not any(ip in network for network in _NOT_PUBLIC_6)


def networks(cidrs: Iterable[str]) -> tuple[Network, ...]:
    """Read the CIDRs of a setting; raises ValueError for one that is none."""
    return tuple(ip_network(cidr.strip()) for cidr in cidrs if cidr.strip())


def in_networks(address: str, allowed: Sequence[Network]) -> bool:
    """Whether an IP address lies in one of the networks the operator allows."""
    try:
        ip = _ip_address(address)
    except ValueError:
        return False
    return any(ip.version == network.version and ip in network for network in allowed)


_ip_address = lru_cache(ADDRESSES_CACHED)(ip_address)


def connection_refusal(address: str, port: int, allowed: Sequence[Network]) -> Refusal | None:
    """Why a socket may not connect to this resolved address and port, or None if it may (case 51)."""
    if in_networks(address, allowed):
        return None
    if not is_public_address(address):
        return Refusal.NETWORK
    return None if port == DEFAULT_PORTS["https"] else Refusal.PORT


@lru_cache(ADDRESSES_CACHED)
def _split_authority(authority: str) -> tuple[str, int]:
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        raise BadAddress("no plain host and port")
    port = int(match[2] or 0)
    if match[2] and not 0 < port < 65536:
        raise BadAddress("no port")
    return _host(match[1]), port


def _host(written: str) -> str:
    if written.startswith("["):
        try:
            return f"[{IPv6Address(written[1:-1])}]"
        except ValueError as error:
            raise BadAddress("no IPv6 address") from error
    name = _a_label(written).lower().removesuffix(".")
    labels = name.split(".")
    if len(name) > HOST_CHARS or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadAddress("no host name")
    if _NUMERIC.fullmatch(labels[-1]):
        # 127.1, 0x7f.1 and 2130706433 are addresses to some resolvers: only the dotted quad is one to us.
        try:
            return str(IPv4Address(name))
        except ValueError as error:
            raise BadAddress("no IPv4 address") from error
    return name


def _a_label(name: str) -> str:
    if name.isascii():
        return name
    if len(name) > HOST_CHARS:
        raise BadAddress("no host name")
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (UnicodeError, ValueError) as error:
        raise BadAddress("no international host name") from error


def _path(path: str) -> str:
    if _PLAIN_PATH.fullmatch(path):
        return path
    if any(part in (".", "..") for part in unquote(path).split("/")) or "%2e" in path.lower():
        raise BadAddress("dot segments")
    return _quoted(path) or "/"


def _quoted(text: str | None) -> str:
    if not text:
        return ""
    try:
        return quote(text, safe=_KEPT)
    except UnicodeEncodeError as error:
        raise BadAddress("not text") from error
