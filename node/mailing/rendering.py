"""Letters as text and HTML out of the theme's templates `mail/<kind>.txt` and `.html`, in the reader's language. The
first line of the text is the subject; values are data, never templates (case 145)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2
import msgspec

from node.settings import Settings
from node.store.notices.mails import Mail
from node.theming import theme
from node.wording import moments
from node.wording.browsers import browser_of
from node.wording.language import choose, gettext, ngettext, pgettext
from schemas.limits import MAIL_SUBJECT_CHARS
from schemas.records import Hub

SUBJECT = "Subject:"


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody reads: the subject on one line, and the same twice."""

    subject: str
    text: str
    html: str


def write(mail: Mail, hub: Hub, settings: Settings) -> Letter:
    """The letter. Templates know their facts by name, and the words of `_words`. Raises jinja2.TemplateError."""
    environment = _environment(theme.chosen(settings.data, hub.look))
    values = {**mail.facts, **_words(mail, hub, settings)}
    text = environment.get_template(f"mail/{mail.kind}.txt").render(values)
    first, _, rest = text.lstrip().partition("\n")
    subject = " ".join(first.removeprefix(SUBJECT).split())
    html = environment.get_template(f"mail/{mail.kind}.html").render({**values, "subject": subject})
    return Letter(
        subject="".join(letter for letter in subject if letter.isprintable())[:MAIL_SUBJECT_CHARS],
        text=rest.strip().replace("\0", "") + "\n",
        html=html.replace("\0", ""),
    )


@cache
def _environment(folders: tuple[Path, ...]) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=theme.load(folders)[0].loader(),
        autoescape=jinja2.select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    environment.globals.update(line=lambda text: " ".join(str(text).split()), browser_of=browser_of)
    return environment


def _words(mail: Mail, hub: Hub, settings: Settings) -> Mapping[str, Any]:
    language = choose((mail.language,), "", hub.language)
    return {
        "_": partial(gettext, language),
        "ngettext": partial(ngettext, language),
        "pgettext": partial(pgettext, language),
        "say_moment": _said(lambda when, zone: moments.moment(language, when, zone), hub),
        "say_day": _said(lambda when, zone: moments.day(language, when.astimezone(moments.known_zone(zone))), hub),
        "lang": language,
        "hub": hub,
        "base_url": settings.base_url,
        "unsubscribe": mail.unsubscribe,
    }


def _said(say: Callable[[datetime, str], str], hub: Hub) -> Callable[..., str]:
    """A moment as facts hold it (a datetime, or as ISO 8601) in a zone, the hub's where none is named."""
    return lambda when, zone=None: say(
        datetime.fromisoformat(when) if isinstance(when, str) else when, str(zone or hub.zone)
    )
