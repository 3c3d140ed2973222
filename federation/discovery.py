"""Small public documents of other servers, WebFinger and NodeInfo: fetched unsigned, bounded, read into structs."""

from typing import TypeVar

from federation.bounded_json import BadJson, decode
from federation.client import GuardedClient, Outgoing
from federation.outcomes import FetchRefused, Refusal, check_ok
from schemas.discovery import JRD_JSON
from schemas.limits import DISCOVERY_BYTES

T = TypeVar("T")


async def read_discovery(client: GuardedClient, url: str, kind: type[T]) -> T:
    """The document at `url`. Redirects may lead to other hosts: that is how domains delegate their WebFinger.

    Raises FetchRefused, FetchFailed, FetchGone.
    """
    request = Outgoing(url=url, headers={"Accept": f"{JRD_JSON}, application/json"}, max_bytes=DISCOVERY_BYTES)
    async with client.send(request) as incoming:
        check_ok(incoming.status, incoming.headers.get("Retry-After", ""))
        raw = await incoming.read()
    try:
        return decode(raw, kind)
    except BadJson as error:
        raise FetchRefused(Refusal.MALFORMED, str(error)) from error
