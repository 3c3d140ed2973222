"""One row per endpoint: what is sent, what must come back, and what must be refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from tests.node.mastodon.conformance.shapes import Check

Sent = Mapping[str, Any]
GET, POST, PUT, PATCH, DELETE = "GET", "POST", "PUT", "PATCH", "DELETE"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """`path` and `sent` take objects of the world by name, as in `/api/v1/lists/{list}`.

    `scope`: what a token must contain (None: an address for everybody). `asker`: whose token it takes; "steward" is for
    the staff alone. `missing`: the path with an id that is nobody's answers 404. `foreign`: names in the path, and what
    stands there for the object of another member: 404, too. `bad`: what may not be sent, and the status it is refused
    with. `status`: of success.
    """

    method: str
    path: str
    shape: Check
    scope: str | None = None
    asker: str = "member"
    sent: Sent = {}
    status: int = 200
    missing: bool = True
    foreign: Mapping[str, str] = {}
    bad: tuple[tuple[Sent, int], ...] = ()

    @property
    def name(self) -> str:
        """For reports."""
        return f"{self.method} {self.path}"


def get(path: str, shape: Check, scope: str | None = None, **more: Any) -> Row:
    """A row that reads."""
    return Row(method=GET, path=path, shape=shape, scope=scope, **more)


def post(path: str, shape: Check, scope: str | None = None, **more: Any) -> Row:
    """A row that does something."""
    return Row(method=POST, path=path, shape=shape, scope=scope, **more)


def put(path: str, shape: Check, scope: str | None = None, **more: Any) -> Row:
    """A row that changes something by PUT."""
    return Row(method=PUT, path=path, shape=shape, scope=scope, **more)


def patch(path: str, shape: Check, scope: str | None = None, **more: Any) -> Row:
    """A row that changes something by PATCH."""
    return Row(method=PATCH, path=path, shape=shape, scope=scope, **more)


def delete(path: str, shape: Check, scope: str | None = None, **more: Any) -> Row:
    """A row that takes something away."""
    return Row(method=DELETE, path=path, shape=shape, scope=scope, **more)
