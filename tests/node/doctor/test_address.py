"""What is said of the public address before anybody is asked."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from node.doctor.address import addresses_of, check_address, check_name
from node.settings import Settings

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.mark.parametrize(
    ("settings", "levels"),
    [
        (Settings(base_url="https://hub.example"), ["ok"]),
        (Settings(base_url="http://localhost:8080"), ["note"]),
        (Settings(base_url="http://hub.example"), ["wrong"]),
        (Settings(base_url="https://192.0.2.7"), ["wrong"]),
        (Settings(base_url="https://[2001:db8::7]"), ["wrong"]),
        (Settings(base_url="https://localhost"), ["wrong"]),
        (Settings(base_url="https://hub.example:8443"), ["warn"]),
        (Settings(base_url="https://hub.example", allow_networks=LOOPBACK), ["ok", "warn"]),
        (Settings(base_url="https://hub.example", rate_limits=False), ["ok", "warn"]),
    ],
)
def test_an_address_is_judged(settings: Settings, levels: list[str]) -> None:
    remarks = check_address(settings)
    assert [remark.level for remark in remarks] == levels
    assert all(remark.do for remark in remarks if remark.level != "ok")


@pytest.mark.parametrize(
    ("base_url", "addresses", "levels"),
    [
        ("https://hub.example", ("93.184.216.34", "2606:2800:220:1::1"), ["ok"]),
        ("https://hub.example", (), ["wrong"]),
        ("https://hub.example", ("127.0.1.1",), ["warn"]),
        ("https://hub.example", ("93.184.216.34", "10.0.0.5"), ["warn"]),
        ("http://localhost:8080", ("127.0.0.1",), []),
    ],
)
def test_a_name_is_judged_by_where_it_leads(base_url: str, addresses: tuple[str, ...], levels: list[str]) -> None:
    assert [remark.level for remark in check_name(Settings(base_url=base_url), addresses)] == levels


async def test_names_and_numbers_lead_to_addresses() -> None:
    assert "127.0.0.1" in await addresses_of("localhost")
    assert await addresses_of("127.0.0.9") == ("127.0.0.9",)


async def test_a_name_that_nobody_has_leads_nowhere() -> None:
    assert await addresses_of("nobody.invalid") == ()
