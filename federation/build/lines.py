"""What can be said of a thing in one plain line of a language: date, place, first sentence. It is all that Mastodon
shows of an event beside its title and link, and the content warning of others."""

import re
from datetime import datetime
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_interval, format_skeleton

from federation.build.words import event_prefix, words
from federation.sanitise import plain
from schemas.limits import LINE_CHARS
from schemas.things import CallDetail, EventDetail, Place, Version
from schemas.times import instant_to_local

DOT = " · "
_FALLBACK = "en_GB"
_OWN_HABITS = {"en": _FALLBACK, "und": _FALLBACK}
"""English without a region is Europe's: 14:00 and 7 March."""

_DATE, _TIME = "yMMMEd", "Hm"
_BLANKS = re.compile(r"\s+")
_SENTENCE = re.compile(r"(?<=[.!?…。！？])\s")
_FIRST_SENTENCE_CHARS = 160
# Mastodon reads a summary as HTML once more: nothing in it may look like a tag or a character reference.
_NEUTRAL = str.maketrans({"<": "‹", ">": "›", "&": "+"})
_NO_TAGS = str.maketrans({"<": "‹", ">": "›"})


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """How a language writes dates: its own locale, that of its parent language, or British English."""
    written = _OWN_HABITS.get(language, language).split("-x-", maxsplit=1)[0]
    for tag in (written, written.split("-", maxsplit=1)[0]):
        try:
            return Locale.parse(tag.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(_FALLBACK)


def title(text: str) -> str:
    """A title as a plain line without tags (FEP-8a8e, FEP-b2b8 `name`)."""
    return _blanks(text).translate(_NO_TAGS)


def line(text: str) -> str:
    """Any text as one neutral line: no tags, no `&`."""
    return _blanks(text).translate(_NEUTRAL)


def first_sentence(html: str) -> str:
    """The first sentence of an HTML text, cut between words where it is long."""
    sentence = _SENTENCE.split(plain(html, single_line=True), maxsplit=1)[0]
    return cut(sentence, _FIRST_SENTENCE_CHARS)


def cut(text: str, most: int) -> str:
    """At most so many characters, cut between words where that is possible."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    return (head.rpartition(" ")[0] or head).rstrip(" ,;:.·–") + "…"


def teaser(version: Version) -> str:
    """What the author says in one line, or the first sentence."""
    return cut(line(version.summary or first_sentence(version.content)), LINE_CHARS)


def event_when(event: EventDetail, language: str) -> str:
    """`Sat 7 Mar 2026, 14:00–17:00 (Europe/Zurich)`: the wall time of the event, not the reader's."""
    locale, starts, ends = locale_of(language), event.starts_local, event.ends_local
    if ends is None:
        said = _moment(starts, locale)
    elif ends.date() == starts.date():
        said = f"{_date(starts, locale)}, {_times(starts, ends, locale)}"
    else:
        said = f"{_moment(starts, locale)} – {_moment(ends, locale)}"
    return f"{_blanks(said)} ({event.zone})"


def event_where(event: EventDetail, language: str) -> str:
    """The place, or that it is online, or both."""
    parts = [place_line(event.place)] if event.place else []
    return DOT.join([*parts, words(language).online] if event.online_url else parts)


def place_line(place: Place) -> str:
    """`Hall, Gasse 1, 3011 Bern`."""
    town = " ".join(part for part in (place.postal_code, place.locality) if part)
    return ", ".join(part for part in (place.name, place.street, town) if part)


def event_summary(event: EventDetail, version: Version) -> str:
    """The one line: what changed, when, where, and the author's own line."""
    said = (event_when(event, version.language), event_where(event, version.language), teaser(version))
    prefix = event_prefix(event.status, version.language)
    return prefix + line(DOT.join(part for part in said if part))


def moment(instant: datetime, zone: str, language: str) -> str:
    """An instant as date and time on the clocks of a zone, which is named."""
    said = _moment(instant_to_local(instant, zone), locale_of(language))
    return f"{_blanks(said)} ({zone})"


def call_facts(call: CallDetail, language: str) -> list[tuple[str, str]]:
    """What one must know to answer a call, as (label, value) in the order in which it is read; all plain text."""
    spoken = words(language)
    hours = spoken.hours.format(count=call.effort_hours) if call.effort_hours else ""
    where = (place_line(call.place) if call.place else "", spoken.remote if call.remote else "")
    period = " – ".join(moment(one, call.zone, language) for one in (call.begins, call.ends) if one)
    facts = (
        (spoken.skills, ", ".join(call.skills)),
        (spoken.effort, ", ".join(part for part in (call.effort, hours) if part)),
        (spoken.place, ", ".join(part for part in where if part)),
        (spoken.period, period),
        (spoken.places if call.purpose == "request" else spoken.free_places, _free(call)),
        (spoken.deadline, moment(call.deadline, call.zone, language) if call.deadline else ""),
        (spoken.answer, _ways(call, language) if call.state == "open" else ""),
        (spoken.contact, call.contact if "mail" not in call.respond_by else ""),
    )
    return [(label, _blanks(value)) for label, value in facts if value]


def _free(call: CallDetail) -> str:
    return str(max(call.places - call.places_taken, 0)) if call.places else ""


def _ways(call: CallDetail, language: str) -> str:
    spoken = words(language)
    ways = []
    if "reply" in call.respond_by:
        ways.append(spoken.answer_reply)
    if "web" in call.respond_by:
        ways.append(spoken.answer_link)
    if "mail" in call.respond_by and call.contact:
        ways.append(spoken.answer_mail.format(address=call.contact))
    return ", ".join(ways)


def _date(local: datetime, locale: Locale) -> str:
    return format_skeleton(_DATE, local, locale=locale)


def _moment(local: datetime, locale: Locale) -> str:
    return f"{_date(local, locale)}, {format_skeleton(_TIME, local, locale=locale)}"


def _times(starts: datetime, ends: datetime, locale: Locale) -> str:
    return format_interval(starts, ends, _TIME, locale=locale)


def _blanks(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()
