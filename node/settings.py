"""Every setting of the node, its default and its sentence. They are read once, at start, from `ALLMENDE_…`
names in the environment over an `allmende.toml` in the working directory. To add one: a field here, a reader below."""

from __future__ import annotations

import os
import re
import socket
import tomllib
from collections.abc import Callable, Mapping
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs, parse_qsl, urlsplit, urlunsplit

import msgspec
from msgspec import Meta

from schemas.limits import MEDIA_CACHE_BYTES, WORKERS
from schemas.mail_addresses import is_mail_address

PREFIX = "ALLMENDE_"
FILE = "allmende.toml"
MAIL_SCHEMES = ("smtp", "smtps", "smtp+starttls")
MEDIA_SCHEMES = ("file", "s3")
DATABASE_SCHEMES = ("postgres", "postgresql")

Network = IPv4Network | IPv6Network


class SettingsError(Exception):
    """A setting is unknown, wrong or does not fit another; the message is a plain sentence that names it."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What the operator decides before the start; see `load`. What stewards decide later lives in the database."""

    base_url: Annotated[
        str, Meta(description="The address under which everybody reaches this hub; never change it later.")
    ] = "http://localhost:8080"
    listen: Annotated[
        str, Meta(description="The host and port on which the node itself listens, behind a proxy or not.")
    ] = "127.0.0.1:8080"
    data: Annotated[Path, Meta(description="The folder that holds the embedded database and the media files.")] = Path(
        "data"
    )
    database_url: Annotated[
        str | None,
        Meta(description="A PostgreSQL (15 or later) to use instead of the embedded one; may name several hosts."),
    ] = None
    workers: Annotated[
        int, Meta(description="How many web processes share the port; one is enough for a small hub.")
    ] = 1
    allow_networks: Annotated[
        tuple[Network, ...],
        Meta(description="Networks (CIDR, comma-separated) federation may call although they are not public."),
    ] = ()
    mail_url: Annotated[
        str | None, Meta(description="The mail server, smtp(s)://user:password@host:port?from=address; unset: no mail.")
    ] = None
    media_url: Annotated[
        str | None, Meta(description="Where media are kept, file:/path or s3://bucket; unset: in the data folder.")
    ] = None
    media_cache_bytes: Annotated[
        int, Meta(description="Room for copies of other servers' media, without previews; the longest unused go first.")
    ] = MEDIA_CACHE_BYTES
    trusted_proxies: Annotated[
        tuple[Network, ...],
        Meta(description="Networks (CIDR) of proxies whose X-Forwarded-For is believed; empty: nobody's is."),
    ] = ()
    rate_limits: Annotated[
        bool, Meta(description="on, or off for load programs and client suites; never off in public.")
    ] = True
    test_signups: Annotated[
        bool, Meta(description="1: sign-ups through the client API are usable at once; for loopback hubs only.")
    ] = False
    metrics_token: Annotated[
        str | None, Meta(description="The bearer token that opens /metrics; unset: only loopback may read it.")
    ] = None

    @property
    def host(self) -> str:
        """The base URL's host name or address, without port and brackets."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def authority(self) -> str:
        """The base URL's host, with its port if it is not the usual one: what stands behind the @ of a handle."""
        return urlsplit(self.base_url).netloc

    @property
    def https(self) -> bool:
        """Whether readers reach the hub encrypted (secure cookies, HSTS)."""
        return self.base_url.startswith("https:")

    @property
    def listen_host(self) -> str:
        """The address to listen on; empty means every address."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def listen_port(self) -> int:
        """The port to listen on."""
        return int(self.listen.rpartition(":")[2])

    @property
    def media_folder(self) -> Path | None:
        """The folder of the media files, or None when they live in an object store."""
        if self.media_url is None:
            return self.data / "media"
        parts = urlsplit(self.media_url)
        return Path(parts.path) if parts.scheme == "file" else None

    @property
    def back_ups_folder(self) -> Path:
        """The folder of the back-ups that the node makes by itself."""
        return self.data / "backups"

    @cached_property
    def allow_http(self) -> bool:
        """Whether peers may be spoken to over plain http: only where this hub is http itself and its host is
        loopback or resolves into `allow_networks`; the peer's address is checked at each connection besides."""
        if self.https:
            return False
        return is_loopback(self.host) or _resolves_into(self.host, self.allow_networks)

    def __repr__(self) -> str:
        """Name every field but show no password and no token: settings end up in logs."""
        shown = (f"{name}={_unsecret(name, getattr(self, name))!r}" for name in self.__struct_fields__)
        return f"Settings({', '.join(shown)})"


def load(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """The settings out of `environment` (default: this process's) over `allmende.toml` in `folder` (default: the
    working directory). Relative paths mean that folder. Raises SettingsError."""
    folder = folder or Path.cwd()
    texts = _from_file(folder / FILE) | _from_environment(os.environ if environment is None else environment)
    values: dict[str, Any] = {name: _read(name, text) for name, text in texts.items()}
    values["data"] = (folder / values.get("data", "data")).resolve()
    settings = Settings(**values)
    if settings.test_signups and not is_loopback(settings.host):
        raise SettingsError(
            f"{PREFIX}TEST_SIGNUPS opens this hub to everyone, so it is allowed only where the host of "
            f"{PREFIX}BASE_URL is loopback (localhost, 127.0.0.1 or [::1]), not {settings.host}."
        )
    return settings


def is_loopback(host: str) -> bool:
    """Whether `host` can mean nothing but this machine: a loopback address, `localhost` or a name below it."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _resolves_into(host: str, networks: tuple[Network, ...]) -> bool:
    if not networks:
        return False
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except OSError:
        return False
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    return all(any(address in network for network in networks) for address in addresses)


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        _known(name.removeprefix(PREFIX), f"{name} in the environment"): text.strip()
        for name, text in environment.items()
        if name.startswith(PREFIX) and text.strip()
    }


def _from_file(path: Path) -> dict[str, str]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.") from error
    return {
        _known(name.upper().removeprefix(PREFIX), f"{name} in {path}"): _as_text(name, path, value)
        for name, value in content.items()
    }


def _as_text(name: str, path: Path, value: object) -> str:
    """One spelling for both sources: what TOML says as a list or a truth is read as the environment's text."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ",".join(value)
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str | int):
        return str(value).strip()
    raise SettingsError(f"{name} in {path} must be a text, a number, true, false or a list of texts.")


def _known(name: str, where: str) -> str:
    if name.lower() in Settings.__struct_fields__ and name == name.upper():
        return name.lower()
    known = ", ".join(PREFIX + field.upper() for field in Settings.__struct_fields__)
    raise SettingsError(f"{where} is not a setting of Allmende. The settings are {known}.")


def _read(name: str, text: str) -> object:
    try:
        return READERS[name](text)
    except ValueError as error:
        raise SettingsError(f"{PREFIX}{name.upper()} is not right: {error}.") from error


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it must be an address such as https://hub.example")
    if parts.username or parts.password or parts.query or parts.fragment or parts.path not in ("", "/"):
        raise ValueError("it must end after the host (and port), without path, user or query")
    host = parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else parts.hostname
    if not re.fullmatch(r"[a-z0-9.:_-]+", host):
        raise ValueError("its host holds characters that no host name has")
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return urlunsplit((parts.scheme, host + port, "", "", ""))


def _listen(text: str) -> str:
    host, colon, port = text.rpartition(":")
    if not colon or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > 65535:
        raise ValueError("it must be host:port, such as 127.0.0.1:8080")
    if ":" in host and not re.fullmatch(r"\[[0-9a-fA-F:.]+\]", host):
        raise ValueError("an IPv6 address stands in brackets, such as [::1]:8080")
    return text


def _workers(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= WORKERS:
        raise ValueError(f"it must be a whole number from 1 to {WORKERS}")
    return int(text)


def _bytes(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise ValueError("it must be a number of bytes, such as 10737418240")
    return int(text)


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(_network(part.strip()) for part in text.split(",") if part.strip())


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise ValueError(f"{text} is not a network such as 10.0.0.0/8 or fd00::/8") from error


def _switch(text: str) -> bool:
    if text.lower() in ("1", "on", "true", "yes"):
        return True
    if text.lower() in ("0", "off", "false", "no"):
        return False
    raise ValueError("it must be on or off")


def _mail_url(text: str) -> str:
    parts = urlsplit(_url(*MAIL_SCHEMES)(text))
    senders = parse_qs(parts.query).get("from", [])
    if not parts.hostname or not all(is_mail_address(one) for one in senders):
        raise ValueError("it needs a host, and behind ?from= stands a mail address")
    return text


def _media_url(text: str) -> str:
    parts = urlsplit(_url(*MEDIA_SCHEMES)(text))
    if parts.scheme == "s3":
        options = dict(parse_qsl(parts.query))
        if not parts.netloc or not options.keys() <= {"endpoint", "region"}:
            raise ValueError("it needs the name of a bucket, and behind ? may stand endpoint and region, nothing else")
        _url("https", "http")(options.get("endpoint", "https:"))
    return text


def _url(*schemes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes:
            raise ValueError(f"it must begin with {' or '.join(f'{scheme}:' for scheme in schemes)}")
        if parts.scheme == "file" and (parts.netloc not in ("", "localhost") or not parts.path.startswith("/")):
            raise ValueError("file: needs a whole path, such as file:/srv/media")
        return text

    return read


READERS: dict[str, Callable[[str], object]] = {
    "base_url": _base_url,
    "listen": _listen,
    "data": lambda text: Path(text).expanduser(),
    "database_url": _url(*DATABASE_SCHEMES),
    "workers": _workers,
    "allow_networks": _networks,
    "mail_url": _mail_url,
    "media_url": _media_url,
    "media_cache_bytes": _bytes,
    "trusted_proxies": _networks,
    "rate_limits": _switch,
    "test_signups": _switch,
    "metrics_token": str,
}


def _unsecret(name: str, value: object) -> object:
    if name in ("database_url", "mail_url", "media_url") and isinstance(value, str):
        parts = urlsplit(value)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    return "…" if name == "metrics_token" and value else value
