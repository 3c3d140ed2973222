"""A visitor's own server, asked by WebFinger how somebody there follows, answers, likes, passes on or joins what is
here: FEP-3b86 names a way for each, OStatus one for all. Where it names none, the visitor goes on by hand."""

from __future__ import annotations

from typing import Literal, get_args
from urllib.parse import quote, urlsplit

import msgspec
import structlog

from federation.addresses import BadAddress, canonical_domain, parse
from federation.discovery import read_discovery
from federation.lookup import read_handle
from federation.outcomes import FetchError, FetchGone
from node.node import Node
from node.remote import may_fetch
from schemas.discovery import REL_INTENT, REL_SUBSCRIBE, Jrd
from schemas.limits import ADDRESS_BYTES

Intent = Literal["Object", "Follow", "Create", "Like", "Announce", "Join"]
INTENTS: tuple[Intent, ...] = get_args(Intent)
GAPS = ("{object}", "{uri}", "{inReplyTo}")
"""What stands in templates for the thing here; `Create` names it as what is answered (FEP-3b86)."""

_log = structlog.get_logger("node.pages.interact")


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody answers from: a server, and who they are there if they said so."""

    domain: str
    account: str | None = None

    @property
    def resources(self) -> tuple[str, ...]:
        """What WebFinger is asked for, one after the other: without a name, the server itself (FEP-d556)."""
        return (self.account,) if self.account else (f"https://{self.domain}", f"acct:{self.domain}@{self.domain}")


def read(typed: str) -> Server | None:
    """A handle such as @name@example.social, a server, or the address of a page there; None for anything else."""
    handle = read_handle(typed)
    if handle is not None:
        return Server(domain=handle.domain, account=f"acct:{handle}")
    try:
        host = urlsplit(typed).netloc if "://" in typed else typed.rstrip("/")
        domain = canonical_domain(host.partition(":")[0])
        return Server(domain=parse(f"https://{host}/").origin.removeprefix("https://")) if "." in domain else None
    except (BadAddress, ValueError):
        return None


async def ask(node: Node, server: Server) -> Jrd | None:
    """What the server says of the account or of itself; None if it does not answer or does not know the account."""
    if not may_fetch(node, f"https://{server.domain}/"):
        return None
    scheme = "http" if node.client.plain_http else "https"
    known: Jrd | None = None
    for resource in server.resources:
        url = f"{scheme}://{server.domain}/.well-known/webfinger?resource={quote(resource, safe=':@/')}"
        try:
            known = await read_discovery(node.client, url, Jrd)
        except FetchError as error:
            _log.info("no way on", resource=resource, reason=str(error))
            known = known or (Jrd() if isinstance(error, FetchGone) and not server.account else None)
            continue
        if any(link.template for link in known.links or ()):
            break
    return known


def onward(jrd: Jrd, intent: Intent, uri: str) -> str | None:
    """Where to go on: the way for just this, else for any object, else the one of OStatus; None if there is none."""
    templates = {link.rel: link.template for link in jrd.links or () if link.rel and link.template}
    for rel in (REL_INTENT + intent, REL_INTENT + "Object", REL_SUBSCRIBE):
        address = _filled(templates.get(rel) or "", uri)
        if address:
            return address
    return None


def _filled(template: str, uri: str) -> str | None:
    """The address of a template; None where it does not say where the thing goes, or is no web address. What else it
    leaves open stays empty."""
    if len(template) > ADDRESS_BYTES or not any(gap in template for gap in GAPS):
        return None
    for gap in GAPS:
        template = template.replace(gap, quote(uri, safe=""))
    while "{" in template and "}" in template.partition("{")[2]:
        before, _, rest = template.partition("{")
        template = before + rest.partition("}")[2]
    try:
        parse(template)
    except BadAddress:
        return None
    return template if urlsplit(template).scheme in ("https", "http") else None
