"""An entry of the public log as it goes over the wire: with all that proves its place in the chain."""

from federation.build import parts
from federation.build.parts import Document
from federation.build.urls import Urls
from schemas.log_entry import LogEntry
from schemas.times import utc_text


def document(entry: LogEntry, urls: Urls) -> Document:
    """A `coop:LogEntry`. Whoever keeps the links can check that nothing was changed or taken out since: a link is
    SHA-256 over the previous link, number, kind, time and content hash (node/chain.py says how)."""
    told = parts.at_context() | {
        "id": urls.log_entry(entry.id),
        "type": "coop:LogEntry",
        "url": urls.log_entry(entry.id),
        "attributedTo": urls.actor("log"),
        "published": utc_text(entry.at),
        "coop:number": entry.id,
        "coop:kind": entry.kind,
        "coop:at": f"{entry.at:%Y-%m-%dT%H:%M:%S.%f}Z",
        "coop:contentHash": entry.content_hash.hex(),
        "coop:link": entry.link.hex(),
        "content": entry.public or "",
    }
    if entry.id > 1:
        told["coop:prev"] = urls.log_entry(entry.id - 1)
    if entry.redacted_why is not None:
        told["coop:redacted"] = entry.redacted_why
    return told
