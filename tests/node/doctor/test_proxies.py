"""What is said of proxies, case by case."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from node.doctor.proxies import SPOOFED, judge_proxies, judge_spoofed
from node.settings import Network, Settings
from schemas.mirror import Mirrored

TRUSTED = (ip_network("10.0.0.0/8"),)
FORWARDED = {"X-Forwarded-For": "198.51.100.4", "X-Forwarded-Proto": "https"}


def seen(**fields: object) -> Mirrored:
    usual: dict[str, object] = {
        "host": "hub.example",
        "remote": "10.0.0.2",
        "client": "198.51.100.4",
        "forwarding": FORWARDED,
        "scheme": "rfc9421",
        "body_bytes": 0,
        "time": datetime.now(UTC),
    }
    return Mirrored(**(usual | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("trusted", "fields", "levels"),
    [
        (TRUSTED, {}, ["ok"]),
        ((), {}, ["wrong"]),
        (TRUSTED, {"forwarding": {}}, ["wrong"]),
        ((), {"forwarding": {}}, ["wrong"]),
        (TRUSTED, {"host": "127.0.0.1:8080"}, ["ok", "note"]),
        (TRUSTED, {"forwarding": FORWARDED | {"X-Forwarded-Proto": "http"}}, ["ok", "warn"]),
        (TRUSTED, {"forwarding": FORWARDED | {"X-Forwarded-Proto": "http, https"}}, ["ok"]),
    ],
)
def test_behind_https(trusted: tuple[Network, ...], fields: dict[str, object], levels: list[str]) -> None:
    settings = Settings(base_url="https://hub.example", trusted_proxies=trusted)
    assert [remark.level for remark in judge_proxies(settings, seen(**fields))] == levels


@pytest.mark.parametrize(("trusted", "levels"), [((), []), (TRUSTED, ["warn"])])
def test_without_a_proxy(trusted: tuple[Network, ...], levels: list[str]) -> None:
    settings = Settings(base_url="http://localhost:8080", trusted_proxies=trusted)
    direct = seen(host="localhost:8080", forwarding={}, remote="127.0.0.1", client="127.0.0.1")
    assert [remark.level for remark in judge_proxies(settings, direct)] == levels


def test_an_address_that_a_caller_claims_is_not_believed() -> None:
    assert judge_spoofed(seen(client="198.51.100.4")) == []
    assert [remark.level for remark in judge_spoofed(seen(client=SPOOFED))] == ["wrong"]
