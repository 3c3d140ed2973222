"""What stands around every endpoint for clients: who may call it, with which connection it works, and how it fails."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Literal, TypeAlias

import msgspec
import structlog
from aiohttp import web

from node.actions.permissions import may_act_as
from node.errors import FROZEN, Forbidden, NodeError, NotFound, Unauthorized
from node.mastodon import errors, rates, repeated
from node.mastodon.asking import Ask
from node.mastodon.errors import NO_MEMBER, NO_SCOPE, PENDING, UNCONFIRMED, Refused
from node.mastodon.parameters import parameters_of
from node.mastodon.rates import Counted
from node.store.access import bearers
from node.store.access.bearers import Bearer
from node.store.db import Db
from node.store.members import applications
from node.web.handlers import covers, language, reading, writing
from node.web.uploads import close_files, give_room
from schemas.limits import REQUEST_BYTES

Handler: TypeAlias = Callable[[Ask], Awaitable[web.StreamResponse]]
Asker = Literal["member", "app", "anyone"]
"""Whose token is asked for: a member's; any app's or member's; none (but one that is sent must be valid and fit)."""

Work = Literal["reads", "writes", "alone"]
"""The connection in `Ask.db`: one to read with; one in a transaction that is committed after the handler; or only a
closed one, for handlers that open `reading` and `writing` themselves because they wait for the network or for files."""

FOLLOW = frozenset({"blocks", "follows", "mutes"})
"""What the old scope `follow` contains (of `read:` and `write:`)."""

_log = structlog.get_logger("node.mastodon")


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One address of the Mastodon API. `scope`: what the token must contain, for whoever sends one. `files`: there may
    be some in the request. `remembered`: answers are made of nothing but the database, and may be given again as long
    as that is the same."""

    method: str
    path: str
    handler: Handler
    scope: str | None = None
    asker: Asker = "member"
    work: Work = "reads"
    files: bool = False
    remembered: bool = False

    @property
    def only_reads(self) -> bool:
        """Whether who is frozen may call it."""
        return self.method == "GET" or self.work == "reads"


def get(
    path: str,
    handler: Handler,
    scope: str | None = None,
    *,
    asker: Asker = "member",
    work: Work = "reads",
    remembered: bool = False,
) -> Endpoint:
    """An endpoint that reads."""
    return Endpoint(
        method="GET", path=path, handler=handler, scope=scope, asker=asker, work=work, remembered=remembered
    )  # fmt: skip


def post(
    path: str, handler: Handler, scope: str | None = None, *, asker: Asker = "member", work: Work = "writes"
) -> Endpoint:
    """An endpoint that does something."""
    return Endpoint(method="POST", path=path, handler=handler, scope=scope, asker=asker, work=work)


def put(path: str, handler: Handler, scope: str | None = None, *, work: Work = "writes") -> tuple[Endpoint, Endpoint]:
    """An endpoint that changes something: clients send PUT or PATCH, and mean the same."""
    made = Endpoint(method="PUT", path=path, handler=handler, scope=scope, work=work)
    return made, msgspec.structs.replace(made, method="PATCH")


def delete(path: str, handler: Handler, scope: str | None = None, *, work: Work = "writes") -> Endpoint:
    """An endpoint that takes something away."""
    return Endpoint(method="DELETE", path=path, handler=handler, scope=scope, work=work)


def with_files(*endpoints: Endpoint) -> tuple[Endpoint, ...]:
    """The endpoints with room for files in their requests."""
    return tuple(msgspec.structs.replace(one, files=True) for one in endpoints)


def add(router: web.UrlDispatcher, endpoints: Iterable[Endpoint]) -> None:
    """Put endpoints on the application, in this order: of two that fit, the first answers. A slash at the end changes
    nothing, as in Rails: Mastodon.py writes one behind some."""
    for endpoint in endpoints:
        for path in (endpoint.path, f"{endpoint.path}/"):
            router.add_route(endpoint.method, path, served(endpoint))
            if endpoint.method == "GET":
                router.add_route("HEAD", path, served(endpoint))


def served(endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The endpoint as aiohttp calls it."""

    async def handle(request: web.Request) -> web.StreamResponse:
        limits: Counted | None = None
        opened = False
        try:
            if endpoint.files:
                await _require_known(request, endpoint)
            opened = endpoint.files
            parameters = await parameters_of(request)
            async with reading(request) as db:
                token = token_of(request, parameters)
                again = await repeated.find(request, db, token) if endpoint.remembered else repeated.NEVER
                bearer = again.bearer
                if again.response is None:
                    bearer = await authorised(db, token, endpoint, bearer)
                    if not again.bearer:
                        again.is_by(token, bearer)
                limits = rates.counted(request, bearer)
                limits.require()
                if again.response:
                    return limits.on(again.response)
                if endpoint.work == "reads":
                    answer = await endpoint.handler(Ask(request, bearer, parameters, db, again.moment))
                    return limits.on(again.kept(bearer, answer))
            if endpoint.work == "alone":
                answer = await endpoint.handler(Ask(request, bearer, parameters, db, again.moment))
                return limits.on(again.kept(bearer, answer))
            async with writing(request) as db:
                return limits.on(await endpoint.handler(Ask(request, bearer, parameters, db)))
        except NodeError as error:
            limits = limits or rates.counted(request, None)  # whoever brings no token that is good, by their address
            return limits.on(errors.answer(limits.refusal or error, language(request)))
        finally:
            if opened:
                await close_files(request)

    return give_room(handle) if endpoint.files else handle


async def _require_known(request: web.Request, endpoint: Endpoint) -> None:
    """Where files may come: who sends them is asked before a byte of them is read. A token may stand in a form, too,
    but only in one that is no larger than any other request."""
    if token := header_token(request):
        async with reading(request) as db:
            await authorised(db, token, endpoint)
    elif request.content_length is None or request.content_length > REQUEST_BYTES:
        raise Unauthorized


def header_token(request: web.Request) -> str | None:
    """The bearer token in the header of a request (RFC 6750, 2.1)."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else None


def token_of(request: web.Request, parameters: dict[str, object]) -> str | None:
    """The bearer token of a request: in its header, else as the parameter `access_token` in a form (RFC 6750, 2.2)."""
    in_header = header_token(request)
    if in_header is not None:
        return in_header
    sent = parameters.get("access_token")
    return sent if isinstance(sent, str) and sent else None


async def authorised(db: Db, token: str | None, endpoint: Endpoint, known: Bearer | None = None) -> Bearer | None:
    """Whoever stands behind the token, if that may call the endpoint; Unauthorized or Refused else. `known`: who that
    is, asked at this moment."""
    bearer = known or (await bearer_of(db, token) if token else None)
    if bearer is None:
        if endpoint.asker != "anyone":
            raise Unauthorized
        return None
    if endpoint.scope and not allows(bearer.scopes, endpoint.scope):
        raise Refused(403, NO_SCOPE)
    if endpoint.asker == "member" and bearer.viewer is None:
        raise Refused(422, NO_MEMBER)
    if bearer.viewer is not None and bearer.viewer.actor.frozen_at and not endpoint.only_reads:
        raise Forbidden(FROZEN)
    return bearer


async def bearer_of(db: Db, token: str) -> Bearer:
    """What a token stands for now; Unauthorized for one that is not valid, Forbidden where its right has ended."""
    bearer = await bearers.find(db, token)
    if bearer is None:
        if state := await applications.state_of_token(db, token):
            raise Refused(403, UNCONFIRMED if state == "confirming" else PENDING)
        raise Unauthorized
    if bearer.viewer and not may_act_as(bearer.viewer, bearer.viewer.acting):
        raise Forbidden("You may no longer act as {name}.", name=bearer.viewer.acting.name)
    return bearer


def allows(scopes: tuple[str, ...], wanted: str) -> bool:
    """Whether a token's scopes contain the wanted one: `read` contains `read:lists`, `follow` what it always did."""
    if covers(scopes, wanted):
        return True
    verb, _, subject = wanted.partition(":")
    return "follow" in scopes and verb in ("read", "write") and subject in FOLLOW


async def nothing(request: web.Request) -> web.Response:
    """What is not there, by whatever method: 404 as JSON, so that clients fall back to what is."""
    return errors.answer(NotFound(), language(request))
