"""What a status says: a short post its text, anything else its title, the facts in one line, its text and its link, all
in one language."""

from __future__ import annotations

import msgspec

from federation.build import finding as findings
from federation.build import lines, markup
from federation.build.note import quoting
from federation.build.words import call_prefix, event_prefix, words
from federation.sanitise import plain
from node.wording.language import gettext
from node.wording.showing import version_for
from schemas.records import Post
from schemas.things import CallDetail, EventDetail, FindingDetail, Version

UNKNOWN = "und"


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """The words of one version: HTML, content warning, title and one line of facts in plain text."""

    language: str | None
    content: str
    spoiler_text: str = ""
    title: str = ""
    line: str = ""


def said(post: Post, language: str) -> Said:
    """What a post says to a reader of this language: in its version, else in the author's primary one."""
    return said_in(post, version_for(post, language))


def said_in(post: Post, version: Version) -> Said:
    """What a post says in one of its versions, also in one that it has no more."""
    spoken = None if version.language == UNKNOWN else version.language
    title, line, text = _parts(post, version)
    if post.kind == "post" and not title:
        content = quoting(post) + version.content if post.local else version.content
        return Said(language=spoken, content=content, spoiler_text=plain(version.summary, single_line=True))
    head = markup.paragraph(markup.strong(title)) if title else ""
    facts = markup.paragraph(markup.plain(line)) if line else ""
    return Said(
        language=spoken,
        content=head + facts + text + markup.paragraph(markup.link(post.url)),
        title=title,
        line=line,
    )


def source_text(post: Post, version: Version) -> str:
    """What its author typed; of what came from elsewhere, or has no source, the text without its marks."""
    return version.source or plain(version.content)


def _parts(post: Post, version: Version) -> tuple[str, str, str]:
    """Title, line of facts, text."""
    if post.event:
        return _event(post.event, version)
    if post.finding:
        return _finding(post, post.finding, version)
    if post.call:
        return _call(post.call, version)
    return lines.title(version.name), "", version.content


def _event(event: EventDetail, version: Version) -> tuple[str, str, str]:
    facts = (lines.event_when(event, version.language), lines.event_where(event, version.language))
    text = _with_summary(version)
    if event.online_url and event.online_url not in text:
        label = markup.plain(f"{words(version.language).online}: ")
        text += markup.paragraph(label, markup.link(event.online_url))
    title = event_prefix(event.status, version.language) + version.name
    return lines.title(title), lines.DOT.join(one for one in facts if one), text


def _finding(post: Post, finding: FindingDetail, version: Version) -> tuple[str, str, str]:
    primary = not post.versions or version.language == post.versions[0].language
    title = findings.prefix(finding, version.language) + version.name
    kind = gettext(version.language.partition("-")[0], finding.finding_kind.capitalize())
    return lines.title(title), kind, findings.full_text(finding, version, primary=primary)


def _call(call: CallDetail, version: Version) -> tuple[str, str, str]:
    spoken = words(version.language)
    facts = (f"{label}{value}" for label, value in lines.call_facts(call, version.language))
    kind = spoken.call if call.purpose == "request" else spoken.offer
    title = call_prefix(call.state, version.language) + kind + version.name
    return lines.title(title), lines.DOT.join(facts), _with_summary(version)


def _with_summary(version: Version) -> str:
    """The text, after the author's own line where the text does not begin with it."""
    summary = version.summary.strip()
    if not summary or plain(version.content, single_line=True).startswith(summary.rstrip("…")):
        return version.content
    return markup.paragraph(markup.plain(summary)) + version.content
