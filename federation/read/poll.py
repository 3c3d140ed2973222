"""A poll: AS2 `Question`; and a vote, which is a Note with nothing but a name."""

from federation.read.fields import Document, count, documents, embedded, moment, reference, text
from federation.read.text import line
from schemas.limits import READ_OPTIONS
from schemas.things import Poll, PollOption


def poll(doc: Document) -> Poll | None:
    """The poll of a Question, or None if it offers nothing to choose. Equal options count as one."""
    multiple = not documents(doc, "oneOf", 1)
    options: dict[str, PollOption] = {}
    for one in documents(doc, "anyOf" if multiple else "oneOf", READ_OPTIONS):
        name = line(text(one, "name"))
        votes = count(embedded(one, "replies"), "totalItems") or 0
        if name:
            options.setdefault(name, PollOption(name=name, votes=votes))
    if not options:
        return None
    return Poll(
        options=tuple(options.values()),
        multiple=multiple,
        ends_at=moment(doc, "endTime") or moment(doc, "closed"),
        closed=doc.get("closed") not in (None, False),
        voters=count(doc, "votersCount"),
    )


def vote(doc: Document) -> str | None:
    """The option voted for, or None for anything but a vote; the name is compared letter by letter later."""
    if doc.get("type") != "Note" or reference(doc, "inReplyTo") is None:
        return None
    if text(doc, "content").strip() or embedded(doc, "contentMap") or doc.get("attachment"):
        return None
    return line(text(doc, "name")) or None
