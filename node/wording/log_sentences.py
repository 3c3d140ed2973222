"""What the public line of an entry of the log says, in a reader's language. The line itself, as the chain covers it, is
in short English; here it is said anew from what the entry holds, and of that only what everybody may know: servers,
roles and kinds, never a person. What cannot be said anew stands as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from node.wording import moments
from node.wording.language import gettext
from schemas.log_entry import LogEntry
from schemas.reasons import msgid

Content = Mapping[str, Any]

MEASURES = {
    "warn": msgid("Warn"),
    "sensitive": msgid("Mark as sensitive"),
    "limit": msgid("Limit"),
    "freeze": msgid("Freeze"),
    "suspend": msgid("Suspend"),
    "reject_media": msgid("Take no media"),
    "reject_reports": msgid("Take no reports"),
    "purge": msgid("Purge"),
    "role": msgid("Change of role"),
    "rules": msgid("Change of rules"),
    "allow": msgid("Let in"),
}
ROLES = {
    "member": msgid("Member"),
    "editor": msgid("Editor"),
    "moderator": msgid("Moderator"),
    "steward": msgid("Steward"),
}
DEEDS = {
    "give": msgid("given"),
    "end": msgid("ended"),
    "prolong": msgid("prolonged"),
    "deputy": msgid("deputy named"),
    "permissions": msgid("permissions changed"),
}
HOW = {
    "alone": msgid("One person alone"),
    "second": msgid("A second person confirms"),
    "vote": msgid("A vote of the stewards"),
}
OUTCOMES = {
    "acted": msgid("Something was done"),
    "no_breach": msgid("No rule was broken"),
    "elsewhere": msgid("Others have to decide"),
}
MODES = {
    "open": msgid("Open"),
    "ask": msgid("Ask first"),
    "circle": msgid("Circle only"),
    "application": msgid("By application"),
    "invitation": msgid("By invitation"),
    "closed": msgid("Closed"),
}
UNTIL = re.compile(r" · until (\d{4}-\d{2}-\d{2})$")


def sentence(language: str, entry: LogEntry) -> str:
    """The public line of an entry in this language; empty for one that is only for the staff, or was taken out."""
    if entry.public is None:
        return ""
    content = msgspec.json.decode(entry.content) if entry.content else {}
    say = SAYERS.get(entry.kind.partition(".")[0])
    said = say(language, entry.public, content) if say else None
    return entry.public if said is None else said


def _measure(language: str, public: str, content: Content) -> str | None:
    if "kind" not in content or "target_kind" not in content:
        return None
    if (reason := _reason(public, content)) is None:
        return None
    parts = [
        _word(language, MEASURES, content["kind"]),
        _named(language, content),
        str(content.get("told", "")),
        gettext(language, "by one person alone") if content.get("stands_alone") and content["how"] != "alone" else "",
    ]
    return " · ".join(one for one in parts if one) + (f": {reason}" if reason else "")


def _reason(public: str, content: Content) -> str | None:
    """The reason for everybody; None where an older entry does not say where it begins."""
    if "public_reason" in content:
        return str(content["public_reason"])
    return None if " : " in public or content["kind"] == "rules" else public.partition(": ")[2]


def _named(language: str, content: Content) -> str:
    detail = content.get("detail") or {}
    if content["kind"] == "rules":
        rules = sorted((detail.get("rules") or {}).items())
        return ", ".join(f"{_rule(language, name)}: {_word(language, HOW, rule['how'])}" for name, rule in rules)
    if content["kind"] == "role":
        role, deed = detail.get("role", ""), detail.get("deed", "")
        return f"{_word(language, ROLES, role)} {_word(language, DEEDS, deed)}".strip()
    if content["target_kind"] == "domain":
        return str(content.get("target", ""))
    return gettext(language, "an account")


def _rule(language: str, name: str) -> str:
    own = {"role": "Offices and roles", "rules": "These rules"}
    if name in own:
        return gettext(language, own[name])
    server = name.startswith("server_")
    kind = _word(language, MEASURES, name.removeprefix("server_"))
    return gettext(language, "Server: {kind}" if server else "Person: {kind}", kind=kind)


def _report(language: str, _public: str, content: Content) -> str | None:
    if "report" not in content:
        return None
    named = gettext(language, "Report {number}", number=content["report"])
    return f"{named} · {_word(language, OUTCOMES, content['outcome'])}" if content.get("outcome") else named


def _appeal(language: str, _public: str, content: Content) -> str | None:
    if "measure" not in content:
        return None
    named = gettext(language, "Measure {number}", number=content["measure"])
    if "granted" not in content:
        return named
    return f"{named} · {gettext(language, GRANTED if content['granted'] else UPHELD)}"


GRANTED, UPHELD = msgid("Lifted"), msgid("It stands")


def _mandate(language: str, public: str, content: Content) -> str | None:
    if "role" not in content:
        return None
    named, ends = _word(language, ROLES, content["role"]), UNTIL.search(public)
    if ends is None:
        return named
    day = moments.short_day(language, date.fromisoformat(ends[1]))
    return f"{named} · {gettext(language, 'until {day}', day=day)}"


def _mode(language: str, public: str, content: Content) -> str | None:
    return _word(language, MODES, content["mode"]) if "mode" in content else None


def _recommendation(language: str, public: str, content: Content) -> str | None:
    if "kind" not in content:
        return None
    reason = public.partition(": ")[2]
    return f"{_word(language, MEASURES, content['kind'])} · {content.get('target', '')}" + (reason and f": {reason}")


def _redacted(language: str, public: str, content: Content) -> str | None:
    if "entry" not in content:
        return None
    named = gettext(language, "Entry {number} of the log", number=content["entry"])
    return f"{named}: {public.partition(': ')[2]}"


def _word(language: str, words: Mapping[str, str], name: str) -> str:
    return gettext(language, words[name]) if name in words else name


SAYERS: Mapping[str, Callable[[str, str, Content], str | None]] = {
    "measure": _measure,
    "decision": _measure,
    "report": _report,
    "appeal": _appeal,
    "mandate": _mandate,
    "federation": _mode,
    "hub": _mode,
    "recommendation": _recommendation,
    "log": _redacted,
}
