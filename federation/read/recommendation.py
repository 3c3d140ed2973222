"""What a hub of a circle recommends about a domain."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from federation import sanitise
from federation.addresses import BadAddress, canonical_domain
from federation.read.errors import BadDocument
from federation.read.fields import Document, moment, text
from schemas.limits import CIRCLE_EVIDENCE, REASON_CHARS

Severity = Literal["limit", "suspend", "reject_media", "reject_reports"]
SEVERITIES: tuple[Severity, ...] = ("limit", "suspend", "reject_media", "reject_reports")


class Recommended(msgspec.Struct, frozen=True, kw_only=True):
    """A recommendation, read and cleaned; `hearsay`: it rests on what others recommend."""

    uri: str
    domain: str
    severity: Severity
    reason: str
    evidence: list[str]
    hearsay: bool
    published: datetime | None
    expires: datetime


def recommendation(doc: Document) -> Recommended:
    """Read a normalised document; BadDocument without an id, a domain, a severity we know, a reason and an end."""
    uri, severity, expires = text(doc, "id"), text(doc, "coop:severity"), moment(doc, "endTime")
    known = next((one for one in SEVERITIES if one == severity), None)
    reason = sanitise.plain(text(doc, "content"))[:REASON_CHARS]
    if not uri or known is None or expires is None or not reason:
        raise BadDocument("object", "a recommendation needs an id, a severity, a reason and an end")
    try:
        written = text(doc, "coop:domain")
        domain = canonical_domain(written) if "." in written else ""
    except BadAddress:
        domain = ""
    if not domain:
        raise BadDocument("coop:domain", "no domain")
    listed = doc.get("coop:evidence")
    named = [sanitise.url(one) for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    return Recommended(
        uri=uri,
        domain=domain,
        severity=known,
        reason=reason,
        evidence=[one for one in named if one][:CIRCLE_EVIDENCE],
        hearsay=doc.get("coop:hearsay") is not False,  # who does not say that they saw it themselves did not
        published=moment(doc, "published"),
        expires=expires,
    )
