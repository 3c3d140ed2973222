"""Deliver one activity to one inbox: a signed POST and what its answer means for the next try.

Case 65. No redirect is followed, the answer's body is not looked at."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from federation.addresses import BadAddress, host_of
from federation.client import GuardedClient, Outgoing, Signer, Signing
from federation.knocking import SchemeMemory, knock
from federation.outcomes import NOT_REACHED, Failure, FetchFailed, FetchRefused, Refusal, is_temporary
from federation.retry import retry_after_seconds
from federation.signatures.pending import Scheme
from schemas.limits import DELIVERY_ANSWER_BYTES, DELIVERY_ANSWER_SECONDS, DELIVERY_SECONDS


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """The peer took it."""

    status: int


class TryLater(msgspec.Struct, frozen=True, kw_only=True):
    """Not now. `reached` is false where there was no connection at all; `retry_after` is the peer's wish."""

    reason: Failure | Refusal
    status: int | None = None
    retry_after: float | None = None
    reached: bool = True


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """The inbox is no more (410)."""


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Never this way: the peer's final status, or a rule of ours."""

    status: int | None = None
    reason: Failure | Refusal


Outcome = Delivered | TryLater | Gone | Refused


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    status: int
    retry_after: str


async def deliver(
    client: GuardedClient,
    inbox: str,
    body: bytes,
    signer: Signer,
    memory: SchemeMemory,
    *,
    headers: Mapping[str, str] | None = None,
) -> Outcome:
    """POST `body` to `inbox`, with further `headers` (Collection-Synchronization). Raises nothing for what peers do."""
    request = Outgoing(
        url=inbox,
        method="POST",
        headers={"Content-Type": "application/activity+json", **(headers or {})},
        body=body,
        redirects="none",
    )

    async def ask(scheme: Scheme) -> _Answer:
        signed = msgspec.structs.replace(request, signing=Signing(signer=signer, scheme=scheme))
        try:
            return await _post(client, signed)
        except FetchFailed as error:
            if error.failure is not Failure.DISCONNECTED:
                raise
        # Most often a kept connection that the peer closed just now; receivers know an activity by its id.
        return await _post(client, signed)

    try:
        async with asyncio.timeout(DELIVERY_SECONDS):
            return _meaning(await knock(host_of(inbox), memory, ask))
    except TimeoutError:
        return TryLater(reason=Failure.TIMEOUT)
    except BadAddress:
        return Refused(reason=Refusal.ADDRESS)
    except FetchRefused as error:
        return _not_called(error.reason)
    except FetchFailed as error:
        return TryLater(reason=error.failure, reached=error.failure not in NOT_REACHED)


async def _post(client: GuardedClient, request: Outgoing) -> _Answer:
    incoming = await client.ask(request)
    try:
        await incoming.discard(DELIVERY_ANSWER_BYTES, DELIVERY_ANSWER_SECONDS)
        return _Answer(status=incoming.status, retry_after=incoming.headers.get("Retry-After", ""))
    finally:
        incoming.close()


def _meaning(answer: _Answer) -> Outcome:
    if 200 <= answer.status < 300:
        return Delivered(status=answer.status)
    if answer.status == 410:
        return Gone()
    # A redirect is how some peers say that they are being moved or mended: not followed, but not final either.
    if is_temporary(answer.status) or answer.status < 400:
        wait = retry_after_seconds(answer.retry_after, datetime.now(UTC))
        return TryLater(reason=Failure.STATUS, status=answer.status, retry_after=wait)
    return Refused(status=answer.status, reason=Failure.STATUS)


def _not_called(reason: Refusal) -> Outcome:
    # A name can point to a private address by a passing mistake in DNS; all other rules are about the address itself.
    if reason is Refusal.NETWORK:
        return TryLater(reason=reason, reached=False)
    return Refused(reason=reason)
