"""One line per happening, on stderr: JSON where a program reads it, coloured text on a terminal. Strangers' text in
it can neither end the line nor move the cursor (case 86)."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import msgspec
import structlog
from structlog.typing import EventDict, Processor

from node.observability import journal
from node.observability.log_advice import advised
from schemas.limits import LOG_VALUE_CHARS

_ENCODER = msgspec.json.Encoder(enc_hook=str)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class OurLogger(structlog.WriteLogger):
    """One that knows which part of the node speaks."""

    ours = True

    def __init__(self, name: str = "") -> None:
        super().__init__(sys.stderr)
        self.name = name


def configure(level: str = "info", *, terminal: bool | None = None) -> None:
    """Set up structlog and the standard library's logging for this process; `terminal` is found out by default."""
    terminal = sys.stderr.isatty() if terminal is None else terminal
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        escaped,
        journal.kept,
        advised,
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(serializer=_json)
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=OurLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[_bare, renderer]))
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)
    logging.getLogger("asyncpg").setLevel(logging.ERROR)  # that the database is away is told by us, and once


def leave_out(name: str, kind: type[BaseException]) -> None:
    """Let a library's logger say nothing of errors of that kind, from now on: of such as strangers can cause as many of
    as they like, and nobody here can mend."""
    logging.getLogger(name).addFilter(lambda record: not (record.exc_info and isinstance(record.exc_info[1], kind)))


def escaped(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Write control and direction characters of all texts as escapes, and cut texts that go on for ever."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = escape(value)
    return event


def escape(text: str, most: int = LOG_VALUE_CHARS) -> str:
    """A text that stays on its line. Our own tracebacks keep their line breaks as escapes too."""
    cut = text if len(text) <= most else text[:most] + "…"
    if cut.isprintable():  # nearly every text, and quicker to see
        return cut
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), cut)


def _bare(_logger: Any, _name: str, event: EventDict) -> EventDict:
    event.pop("_record", None)
    event.pop("_from_structlog", None)
    return event


def _json(event: EventDict, **_options: Any) -> str:
    return _ENCODER.encode(event).decode()
