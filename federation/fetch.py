"""Fetch one ActivityPub document: a guarded, signed GET whose answer is taken only as what its own id says it is.

The rules of FEP-fe34: content type, origin of the final address, `id` = final address."""

from email.message import Message
from typing import Any

import msgspec

from federation.addresses import BadAddress, parse
from federation.bounded_json import BadJson, decode_object
from federation.client import GuardedClient, Incoming, Outgoing, Redirects, Signer, Signing, deadline
from federation.knocking import SchemeMemory, knock
from federation.outcomes import FetchRefused, Refusal, check_ok
from federation.signatures.pending import Scheme
from schemas.limits import DOCUMENT_SECONDS

ACTIVITY_STREAMS = "https://www.w3.org/ns/activitystreams"
ACCEPT = f'application/activity+json, application/ld+json; profile="{ACTIVITY_STREAMS}"'


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """A document, the canonical address it really came from, and its bytes."""

    document: dict[str, Any]
    url: str
    raw_bytes: bytes


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    status: int
    url: str
    content_types: list[str]
    retry_after: str
    body: bytes


async def fetch_document(
    client: GuardedClient, url: str, signer: Signer, memory: SchemeMemory, *, may_move: bool = False
) -> Fetched:
    """The object or actor at `url` (its fragment is left out), whose `id` is `Fetched.url`.

    That id may differ from what was asked for where the document names another one as its own: compare if it matters.
    `may_move` allows redirects to other origins, for addresses that people type in and that are nobody's id yet.
    Raises FetchRefused, FetchFailed, FetchGone.
    """
    async with deadline(DOCUMENT_SECONDS):
        found = await _fetch(client, url, signer, memory, "any" if may_move else "same-origin")
        named = _id_of(found)
        if named == found.url:
            return found
        # Whoever answered says that it belongs elsewhere: only that place may say what it is (case 2).
        found = await _fetch(client, named, signer, memory, "same-origin")
        if _id_of(found) != found.url:
            raise FetchRefused(Refusal.ID, named)
        return found


async def fetch_page(client: GuardedClient, url: str, signer: Signer, memory: SchemeMemory) -> Fetched:
    """A collection or a page of one: transient, so only its origin counts and it needs no id."""
    async with deadline(DOCUMENT_SECONDS):
        return await _fetch(client, url, signer, memory, "same-origin")


async def _fetch(
    client: GuardedClient, url: str, signer: Signer, memory: SchemeMemory, redirects: Redirects
) -> Fetched:
    try:
        address = parse(url)
    except BadAddress as error:
        raise FetchRefused(Refusal.ADDRESS, str(error)) from error

    async def ask(scheme: Scheme) -> _Answer:
        answer = await _get(client, address.document, Signing(signer=signer, scheme=scheme), redirects)
        if answer.status == 401 and scheme is Scheme.DRAFT and "?" in address.target:
            bare = Signing(signer=signer, scheme=scheme, query=False)
            return await _get(client, address.document, bare, redirects)
        return answer

    answer = await knock(address.host, memory, ask)
    check_ok(answer.status, answer.retry_after)
    if len(answer.content_types) != 1 or not is_activity_type(answer.content_types[0]):
        raise FetchRefused(Refusal.ANSWER_TYPE, ", ".join(answer.content_types)[:100])
    try:
        document = decode_object(answer.body)
    except BadJson as error:
        raise FetchRefused(Refusal.MALFORMED, str(error)) from error
    return Fetched(document=document, url=answer.url, raw_bytes=answer.body)


async def _get(client: GuardedClient, url: str, signing: Signing, redirects: Redirects) -> _Answer:
    request = Outgoing(url=url, headers={"Accept": ACCEPT}, signing=signing, redirects=redirects)
    async with client.send(request) as incoming:
        return _Answer(
            status=incoming.status,
            url=incoming.url,
            content_types=incoming.headers.getall("Content-Type", []),
            retry_after=incoming.headers.get("Retry-After", ""),
            body=await _wanted_body(incoming),
        )


async def _wanted_body(incoming: Incoming) -> bytes:
    return await incoming.read() if incoming.status == 200 else b""


def is_activity_type(content_type: str) -> bool:
    """Whether a Content-Type header names ActivityPub and nothing that merely looks like it (cases 3 and 4)."""
    message = Message()
    message["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")
    kind = message.get_content_type()
    if kind == "application/activity+json":
        return True
    profile = message.get_param("profile")
    return kind == "application/ld+json" and isinstance(profile, str) and ACTIVITY_STREAMS in profile.split()


def _id_of(found: Fetched) -> str:
    named = found.document.get("id")
    if not isinstance(named, str):
        raise FetchRefused(Refusal.ID, "none")
    try:
        return parse(named).url  # with its fragment, if any: then it is no address a document can come from
    except BadAddress as error:
        raise FetchRefused(Refusal.ID, str(error)) from error
