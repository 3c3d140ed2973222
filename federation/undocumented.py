"""What this package uses of aiohttp that its documentation does not promise, in one list that can be checked: at the
start and in a test, so that another release of it says plainly what it changed instead of failing at a peer."""

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import aiohttp
import yarl
from aiohttp.client_proto import ResponseHandler
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.streams import StreamReader

KNOWN = ">=3.14,<3.15"
"""The releases for which this was tried, as `pyproject.toml` asks for them."""


class AiohttpChanged(RuntimeError):
    """The aiohttp that is installed is not the one this package was written for."""


class Part(NamedTuple):
    """Something of aiohttp, who leans on it, and how it is called there; `None` for what is only read or set."""

    owner: type
    name: str
    used_by: str
    call: tuple[tuple[Any, ...], Mapping[str, Any]] | None = None


_PARAMETERS = dict.fromkeys(
    ("timer", "read_until_eof", "auto_decompress", "read_timeout", "max_line_size", "max_field_size", "max_headers")
)

PARTS = (
    Part(aiohttp.BaseConnector, "connect", "posting", ((None, None, [], None), {})),
    Part(aiohttp.BaseConnector, "force_close", "posting"),
    Part(ClientRequest, "__init__", "posting", ((None, "POST", yarl.URL()), {"loop": None})),
    Part(Connection, "protocol", "posting"),
    Part(Connection, "release", "posting", ((None,), {})),
    Part(Connection, "close", "posting", ((None,), {})),
    Part(ResponseHandler, "__init__", "one_answer", ((None, None), {})),
    Part(ResponseHandler, "set_response_params", "posting, one_answer", ((None,), _PARAMETERS)),
    Part(ResponseHandler, "data_received", "one_answer", ((None, b""), {})),
    Part(ResponseHandler, "feed_data", "one_answer", ((None, (), 0), {})),
    Part(ResponseHandler, "read", "posting", ((None,), {})),
    Part(ResponseHandler, "start_timeout", "posting", ((None,), {})),
    Part(ResponseHandler, "should_close", "posting"),
    Part(ResponseHandler, "force_close", "posting, one_answer", ((None,), {})),
    Part(ResponseHandler, "set_exception", "one_answer", ((None, None), {})),
    Part(StreamReader, "on_eof", "posting", ((None, None), {})),
    Part(StreamReader, "is_eof", "one_answer", ((None,), {})),
)


def changes(parts: tuple[Part, ...]) -> list[str]:
    """What is not there, or cannot be called as it is; each in words."""
    return [words for part in parts if (words := _change(part)) is not None]


@cache
def check() -> None:
    """Raise AiohttpChanged, with all that changed, unless everything is there."""
    _refuse(changes(PARTS))


def check_factory(connector: aiohttp.BaseConnector) -> None:
    """Raise AiohttpChanged unless the connector opens what its `_factory` makes: set where nobody reads it, it would
    let all peers speak unasked again."""
    factory: Callable[[], object] | None = getattr(connector, "_factory", None)
    made = factory() if callable(factory) else None
    if not isinstance(made, ResponseHandler):
        _refuse(["BaseConnector._factory makes no ResponseHandler any more (federation/one_answer.py)"])


def _change(part: Part) -> str | None:
    called = f"{part.owner.__name__}.{part.name}"
    whose = f"(federation: {part.used_by})"
    found = inspect.getattr_static(part.owner, part.name, None)
    if found is None:
        return f"{called} is gone {whose}"
    if part.call is not None:
        positional, named = part.call
        try:
            signature = inspect.signature(found)
            signature.bind(*positional, **named)
        except (TypeError, ValueError) as error:
            return f"{called} is called otherwise: {error} {whose}"
    return None


def _refuse(found: list[str]) -> None:
    if found:
        raise AiohttpChanged(
            f"aiohttp {aiohttp.__version__} is not what this program was written for ({KNOWN}): {'; '.join(found)}"
        )
