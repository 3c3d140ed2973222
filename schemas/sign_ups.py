"""How people come into a hub: who may join, what they are asked, how many one may invite (section 8 of the design)."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import msgspec

Mode: TypeAlias = Literal["open", "application", "invitation", "closed"]
MODES: Final[tuple[Mode, ...]] = ("open", "application", "invitation", "closed")


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One question to who wants to join, by language; `needed`: it must be answered."""

    texts: dict[str, str]
    needed: bool = False

    def text(self, language: str) -> str:
        """The question in this language, else in the first one."""
        return self.texts.get(language) or next(iter(self.texts.values()), "")


FIRST_QUESTION: Final = Question(
    texts={
        "en": "What brings you to us?",
        "de": "Was führt dich zu uns?",
        "fr": "Qu’est-ce qui vous amène chez nous\u202f?",
    },
    needed=True,
)
"""What a hub asks that has not written questions of its own."""


class SignUps(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stewards chose. `look_at_invited`: invited people wait for a decision, too; `quota`: places that one member
    may give away in a month; `days`: how long an invitation holds; `refused`, `allowed`: mail domains besides the list
    of those to throw away; `welcome`, `farewell`: what the letters of the two decisions say of the hub's own, by
    language (a bare text is in whichever the stewards wrote)."""

    mode: Mode = "application"
    questions: tuple[Question, ...] = (FIRST_QUESTION,)
    look_at_invited: bool = False
    quota: int = 5
    days: int = 14
    refused: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    welcome: dict[str, str] | str = {}
    farewell: dict[str, str] | str = {}

    @property
    def takes_anybody(self) -> bool:
        """Whether whoever comes may ask for an account."""
        return self.mode in ("open", "application")

    def words(self, taken_in: bool, language: str) -> str:
        """What the hub says of its own in the letter of a decision, in the reader's language, else in the first one."""
        texts = self.welcome if taken_in else self.farewell
        if isinstance(texts, str):
            return texts
        return texts.get(language) or next(iter(texts.values()), "")
