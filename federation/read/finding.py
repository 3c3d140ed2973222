"""A finding of a sister hub: `Article` with `coop:finding` (schemas/contexts/terms.md)."""

from typing import Any, get_args

from federation import sanitise
from federation.read.fields import Document, address, embedded, entries, moment, references, text, unique
from federation.read.text import line
from schemas.limits import CONTRIBUTORS, CORRECTIONS, READ_MESSAGE_CHARS, REASONS, SOURCES
from schemas.things import Correction, FindingDetail, FindingKind, Link


def detail(doc: Document) -> FindingDetail | None:
    """What was learnt, or None for an article that is no finding or whose claim is missing."""
    told = embedded(doc, "coop:finding")
    claim = _sentences(told.get("claim"))
    if not claim:
        return None
    state = text(told, "state")
    return FindingDetail(
        finding_kind=_kind(text(told, "kind")),
        claim=claim,
        reasons=unique(map(_sentences, entries(told, "reasons")), REASONS),
        scope=line(text(told, "scope")),
        born_of=address(text(told, "bornOf")),
        sources=_sources(doc, told),
        contributors=unique((line(one) for one in entries(told, "contributors") if isinstance(one, str)), CONTRIBUTORS),
        license=sanitise.url(text(doc, "license")),
        state="retracted" if state == "retracted" else "corrected" if state == "corrected" else "valid",
        corrections=_corrections(told),
        retraction=_sentences(embedded(told, "retraction").get("content")) if state == "retracted" else "",
        retracted_at=moment(embedded(told, "retraction"), "published") if state == "retracted" else None,
    )


def _kind(said: str) -> FindingKind:
    return next((kind for kind in get_args(FindingKind) if kind == said), "insight")


def _corrections(told: Document) -> tuple[Correction, ...]:
    """What was put right, with its date; the latest ones of very many."""
    said = [(moment(one, "published"), _sentences(one.get("content"))) for one in _objects(told, "corrections")]
    return tuple(Correction(at=at, text=text) for at, text in said if at and text)[-CORRECTIONS:]


def _objects(told: Document, key: str) -> list[Document]:
    return [one for one in entries(told, key) if isinstance(one, dict)]


def _sources(doc: Document, told: Document) -> tuple[Link, ...]:
    """The sources with their names; without them the addresses of `citation`."""
    found = {
        url: line(text(one, "name")) for one in _objects(told, "sources") if (url := sanitise.url(text(one, "url")))
    }
    found = found or dict.fromkeys(references(doc, "citation", SOURCES), "")
    return tuple(Link(url=url, name=name) for url, name in list(found.items())[:SOURCES])


def _sentences(said: Any) -> str:
    return sanitise.plain(said[:READ_MESSAGE_CHARS]) if isinstance(said, str) else ""
