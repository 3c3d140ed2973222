"""A finding as it goes over the wire: Article after FEP-b2b8, abstract in `summary`, sources in text and `citation`."""

from collections.abc import Iterable

from federation import sanitise
from federation.build import lines, markup, parts
from federation.build.parts import Document
from federation.build.urls import Urls
from federation.build.words import words
from schemas.licences import name_of
from schemas.limits import LINE_CHARS
from schemas.records import Post
from schemas.things import FindingDetail, Link, Version

BASED_ON = "https://schema.org/isBasedOn"


def document(post: Post, urls: Urls) -> Document:
    """The Article of a post of that kind. Raises ValueError for a post without a finding."""
    finding = post.finding
    if finding is None:
        raise ValueError(f"{post.uri} is no finding")
    return (
        parts.at_context("finding", "quote")
        | parts.head(post)
        | parts.addressed(post, urls)
        | parts.dated(post)
        | _texts(post, finding)
        | _credits(finding)
        | parts.picture(post.attachments)
        | {"attachment": parts.media(post.attachments)}
        | parts.tagged(post, urls, links=_based_on(finding))
        | {"preview": {"type": "Note", "content": markup.paragraph(markup.plain(_abstract(finding, post.versions[0])))}}
        | parts.source(post.versions[0])
        | parts.thread(post, urls)
        | _own(finding, post.versions[0])
        | parts.quotable(post, urls)
        | parts.own_versions(post.versions)
    )


def _texts(post: Post, finding: FindingDetail) -> Document:
    def name(version: Version) -> str:
        return lines.title(prefix(finding, version.language) + version.name)

    def summary(version: Version) -> str:
        return prefix(finding, version.language) + _abstract(finding, version)

    def content(version: Version) -> str:
        return sanitise.html(full_text(finding, version, primary=version is post.versions[0]))

    return (
        parts.in_languages("name", post.versions, name)
        | parts.in_languages("summary", post.versions, summary)
        | parts.in_languages("content", post.versions, content)
        | {"mediaType": "text/html", "inLanguage": post.versions[0].language, "sensitive": post.sensitive}
    )


def prefix(finding: FindingDetail, language: str) -> str:
    """What goes before the title of a finding that no longer holds as it was; else nothing."""
    spoken = words(language)
    return {"retracted": spoken.retracted, "corrected": spoken.corrected}.get(finding.state, "")


def _abstract(finding: FindingDetail, version: Version) -> str:
    """One line: the author's, else the claim, else the first sentence."""
    said = version.summary or finding.claim or lines.first_sentence(version.content)
    return lines.cut(lines.line(said), LINE_CHARS)


def full_text(finding: FindingDetail, version: Version, *, primary: bool) -> str:
    """The author's text with all that a reader who sees nothing else must know. Claim and reasons have one language,
    the primary one, and stand with that."""
    spoken = words(version.language)
    retracted = finding.state == "retracted"
    return "".join(
        (
            markup.paragraph(markup.strong(spoken.retracted + spoken.retracted_note)) if retracted else "",
            markup.paragraph(markup.plain(finding.retraction)) if retracted and finding.retraction else "",
            markup.paragraph(markup.strong(finding.claim)) if primary else "",
            version.content,
            markup.section(spoken.reasons, _plain_list(finding.reasons)) if primary else "",
            _labelled(spoken.scope, markup.plain(finding.scope)) if primary else "",
            markup.section(spoken.corrections, _plain_list(_corrections(finding))),
            markup.section(spoken.sources, markup.bullets(map(_source, finding.sources), "ol")),
            _labelled(spoken.born_of, markup.link(finding.born_of) if finding.born_of else ""),
            _labelled(spoken.contributors, markup.plain(", ".join(finding.contributors))),
            _labelled(
                spoken.license, markup.link(finding.license, name_of(finding.license)) if finding.license else ""
            ),
        )
    )


def _labelled(label: str, inner: str) -> str:
    return markup.paragraph(markup.strong(label.rstrip()), " ", inner) if inner else ""


def _plain_list(texts: Iterable[str]) -> str:
    return markup.bullets(map(markup.plain, texts))


def _corrections(finding: FindingDetail) -> Iterable[str]:
    return (f"{one.at:%Y-%m-%d}: {one.text}" for one in finding.corrections)


def _source(source: Link) -> str:
    return markup.link(source.url, source.name)


def _credits(finding: FindingDetail) -> Document:
    """Licence and citations by address, so that machines find them (schema.org)."""
    told: Document = {"license": finding.license} if finding.license else {}
    cited = [source.url for source in finding.sources] + ([finding.born_of] if finding.born_of else [])
    return told | ({"citation": list(dict.fromkeys(cited))} if cited else {})


def _based_on(finding: FindingDetail) -> list[Document]:
    if not finding.born_of:
        return []
    return [
        {
            "type": "Link",
            "mediaType": parts.AP_TYPE,
            "href": finding.born_of,
            "name": markup.shown(finding.born_of),
            "rel": BASED_ON,
        }
    ]


def _put_right(finding: FindingDetail) -> Document:
    told: Document = {}
    if finding.corrections:
        said = finding.corrections
        told["corrections"] = [{"published": parts.instant(one.at), "content": one.text} for one in said]
    if finding.state == "retracted" and finding.retraction:
        told["retraction"] = {"published": parts.instant(finding.retracted_at), "content": finding.retraction}
    return told


def _own(finding: FindingDetail, version: Version) -> Document:
    """The facts. A finding always has a claim on the wire, if need be its abstract: that is how readers know it."""
    return {
        "coop:finding": {
            "kind": finding.finding_kind,
            "claim": finding.claim or _abstract(finding, version),
            "reasons": list(finding.reasons),
            "scope": finding.scope,
            "state": finding.state,
            "bornOf": finding.born_of,
            "contributors": list(finding.contributors),
            "sources": [{"url": source.url, "name": source.name} for source in finding.sources],
        }
        | _put_right(finding)
    }
