"""From what a person types (a handle or an address) to an actor, with the handle confirmed from both sides.

FEP-4adb, FEP-2c59; case 15. Handle → JRD → actor → its own handle → JRD, which names the actor."""

import re
from urllib.parse import quote

import msgspec

from federation.addresses import BadAddress, parse
from federation.client import GuardedClient, Signer, deadline
from federation.discovery import read_discovery
from federation.fetch import Fetched, fetch_document
from federation.knocking import SchemeMemory
from federation.outcomes import FetchRefused, Refusal
from schemas.discovery import ACTIVITY_JSON, LD_JSON, REL_SELF, Jrd
from schemas.limits import DISCOVERY_LINKS, HANDLE_NAME_CHARS, LOOKUP_SECONDS

_HANDLE = re.compile(rf"(?:acct:|@)?([A-Za-z0-9_.-]{{1,{HANDLE_NAME_CHARS}}})@([^@/?#\s]+)")


class Handle(msgspec.Struct, frozen=True, kw_only=True):
    """name@domain; the domain is canonical and has a port only where it is not the default one."""

    name: str
    domain: str

    def __str__(self) -> str:
        return f"{self.name}@{self.domain}"

    def means(self, other: "Handle") -> bool:
        """Whether both name the same account: names are compared without case."""
        return self.domain == other.domain and self.name.lower() == other.name.lower()


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """An actor as fetched from its own origin, and the handle that both sides agree on."""

    actor: Fetched
    handle: Handle


def read_handle(text: str) -> Handle | None:
    """A handle from `acct:name@host`, `@name@host` or `name@host`; None for anything else."""
    match = _HANDLE.fullmatch(text.strip())
    if match is None:
        return None
    try:
        origin = parse(f"https://{match[2]}/").origin
    except BadAddress:
        return None
    return Handle(name=match[1], domain=origin.removeprefix("https://"))


async def find_actor(client: GuardedClient, identifier: str, signer: Signer, memory: SchemeMemory) -> Found:
    """The actor behind a handle or an address, with its confirmed handle.

    Raises FetchRefused (HANDLE where the two sides disagree), FetchFailed, FetchGone. That the document is an actor
    and not a post is for its reader to see.
    """
    async with deadline(LOOKUP_SECONDS):
        asked = read_handle(identifier)
        if asked is None:
            actor = await resolve(client, identifier, signer, memory)
            return Found(actor=actor, handle=await confirmed_handle(client, actor))
        claimed, selves = await _account(client, asked)
        actor = await fetch_document(client, selves[0], signer, memory)
        handle = claimed
        if actor.url not in selves or not _own_handle(actor).means(claimed):
            handle = await confirmed_handle(client, actor)
        if not handle.means(claimed):
            raise FetchRefused(Refusal.HANDLE, str(asked))
        return Found(actor=actor, handle=handle)


async def confirmed_handle(client: GuardedClient, actor: Fetched) -> Handle:
    """The handle of an actor already fetched, if WebFinger of the handle's own domain leads back to this actor."""
    handle, selves = await _account(client, _own_handle(actor))
    if actor.url not in selves:
        raise FetchRefused(Refusal.HANDLE, str(handle))
    return handle


async def resolve(client: GuardedClient, url: str, signer: Signer, memory: SchemeMemory) -> Fetched:
    """The document behind an address that someone typed: itself, or what WebFinger of its host names (FEP-4adb)."""
    try:
        return await fetch_document(client, url, signer, memory, may_move=True)
    except FetchRefused as refused:
        if refused.reason is not Refusal.ANSWER_TYPE:
            raise
        address = parse(url)
    jrd = await _webfinger(client, address.origin, address.document)
    return await fetch_document(client, _selves(jrd)[0], signer, memory)


async def _account(client: GuardedClient, asked: Handle) -> tuple[Handle, list[str]]:
    """What WebFinger says of a handle: the handle it goes by, and the actors it names.

    A domain may say that another one speaks for it (split domains): that one is asked, once, and must agree.
    """
    jrd = await _webfinger_of(client, asked)
    subject = read_handle(jrd.subject or "") or asked
    if not subject.means(asked):
        jrd = await _webfinger_of(client, subject)
        agreed = read_handle(jrd.subject or "")
        if agreed is None or not agreed.means(subject):
            raise FetchRefused(Refusal.HANDLE, str(asked))
    return subject, _selves(jrd)


async def _webfinger_of(client: GuardedClient, handle: Handle) -> Jrd:
    resource = f"acct:{handle}"
    if client.plain_http:
        try:
            return await _webfinger(client, f"http://{handle.domain}", resource)
        except FetchRefused as refused:
            if refused.reason not in (Refusal.NETWORK, Refusal.PORT):
                raise
    return await _webfinger(client, f"https://{handle.domain}", resource)


async def _webfinger(client: GuardedClient, origin: str, resource: str) -> Jrd:
    url = f"{origin}/.well-known/webfinger?resource={quote(resource, safe=':@')}"
    return await read_discovery(client, url, Jrd)


def _selves(jrd: Jrd) -> list[str]:
    found = []
    for link in (jrd.links or ())[:DISCOVERY_LINKS]:
        if link.rel == REL_SELF and link.type in (ACTIVITY_JSON, LD_JSON) and link.href:
            try:
                found.append(parse(link.href).url)
            except BadAddress:
                continue
    if not found:
        raise FetchRefused(Refusal.HANDLE, "no actor named")
    return found


def _own_handle(actor: Fetched) -> Handle:
    stated = actor.document.get("webfinger")
    handle = read_handle(stated) if isinstance(stated, str) else None
    if handle is None:
        name, domain = actor.document.get("preferredUsername"), parse(actor.url).origin.partition("://")[2]
        handle = read_handle(f"{name}@{domain}") if isinstance(name, str) else None
    if handle is None:
        raise FetchRefused(Refusal.HANDLE, "the actor has no name")
    return handle
