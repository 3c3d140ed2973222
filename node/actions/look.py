"""Choosing how the hub looks: nothing that could not be read, nothing that asks other servers for something."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from node.errors import Forbidden, Invalid
from node.store.db import Db
from node.store.hub import hub
from node.store.moderation import log
from schemas import reasons
from schemas.limits import LOOK_CSS_CHARS
from schemas.look import BLOCKS, TEXT_CONTRAST, Look, contrast, fetches, is_colour, readable
from schemas.problems import Problem
from schemas.records import Viewer

NO_COLOUR = reasons.msgid("A colour is # and six digits or letters from a to f, such as #1d5c41.")
TOO_PALE = reasons.msgid(
    "Text in this colour could not be read: its contrast is {found} to 1, and {needed} is needed. "
    "The nearest that can be read is {nearest}."
)
FETCHES = reasons.msgid("The style may not ask for anything elsewhere: no @import, no address in url(), no backslash.")


async def change(db: Db, by: Viewer, look: Look, *, themes: Collection[str], paper: str) -> None:
    """Let the hub look like this. `themes`: those that are here; `paper`: the ground of the chosen one by day. Raises
    Forbidden without `manage_hub`, Invalid with what is wrong with which field."""
    if not by.may("manage_hub"):
        raise Forbidden
    wrong = list(_wrong(look, themes, paper))
    if wrong:
        raise Invalid(wrong)
    await hub.set_look(db, look)
    said = {"theme": look.theme, "colour": look.colour, "accent": look.accent, "blocks": list(look.blocks)}
    await log.append(db, "hub.look", {"by": by.actor.uri, **said, "css": len(look.css)})


def _wrong(look: Look, themes: Collection[str], paper: str) -> Iterator[Problem]:
    if look.theme and look.theme not in themes:
        yield Problem(field="theme", reason=reasons.NOT_A_CHOICE, values={"choices": ", ".join(themes)})
    for field in ("colour", "accent"):
        yield from _wrong_colour(field, getattr(look, field), paper)
    if len(set(look.blocks)) < len(look.blocks) or not set(look.blocks) <= set(BLOCKS):
        yield Problem(field="blocks", reason=reasons.NOT_A_CHOICE, values={"choices": ", ".join(BLOCKS)})
    if len(look.css) > LOOK_CSS_CHARS:
        yield Problem(field="css", reason=reasons.TOO_LONG, values={"max": LOOK_CSS_CHARS})
    if fetches(look.css):
        yield Problem(field="css", reason=FETCHES)


def _wrong_colour(field: str, colour: str, paper: str) -> Iterator[Problem]:
    if colour and not is_colour(colour):
        yield Problem(field=field, reason=NO_COLOUR)
    elif colour and (found := contrast(colour, paper)) < TEXT_CONTRAST:
        nearest = readable(colour, paper)
        values: dict[str, str | int] = {"found": f"{found:.1f}", "needed": f"{TEXT_CONTRAST:.1f}", "nearest": nearest}
        yield Problem(field=field, reason=TOO_PALE, values=values)
