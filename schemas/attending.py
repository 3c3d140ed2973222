"""What organisers ask of those who come: how many may come along, and questions; and what is wrong with an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from schemas import reasons
from schemas.limits import COMPANIONS, QUESTION_CHARS, QUESTION_OPTIONS, QUESTIONS
from schemas.problems import Problem
from schemas.things import Thing

Asked = Literal["text", "choice"]


class Question(Thing, frozen=True, kw_only=True):
    """One question. `id` stays while the words change; `options` are those of a choice."""

    id: str
    label: str
    kind: Asked = "text"
    options: tuple[str, ...] = ()
    required: bool = False


class Terms(Thing, frozen=True, kw_only=True):
    """What an event asks: up to `companions` people may come along with one answer."""

    companions: int = 0
    questions: tuple[Question, ...] = ()

    @property
    def needed(self) -> bool:
        """Whether somebody cannot say yes with one tap."""
        return any(one.required for one in self.questions)

    @property
    def empty(self) -> bool:
        """Whether nothing is asked."""
        return not self.questions and not self.companions


def wrong_answers(terms: Terms, companions: int | None, answers: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with an answer that says yes or maybe; `companions` is None for what is no number."""
    if companions is None:
        yield Problem(field="companions", reason=reasons.NOT_WHOLE)
    elif not 0 <= companions <= terms.companions:
        yield Problem(field="companions", reason=reasons.TOO_BIG, values={"max": terms.companions})
    for one in terms.questions:
        given, field = answers.get(one.id, ""), f"question.{one.id}"
        if one.required and not given:
            yield Problem(field=field, reason=reasons.REQUIRED)
        elif one.kind == "choice" and given and given not in one.options:
            yield Problem(field=field, reason=reasons.NOT_A_CHOICE, values={"choices": ", ".join(one.options)})
        elif len(given) > QUESTION_CHARS:
            yield Problem(field=field, reason=reasons.TOO_LONG, values={"max": QUESTION_CHARS})


def wrong_terms(terms: Terms) -> Iterator[Problem]:
    """What is wrong with what is asked."""
    if not 0 <= terms.companions <= COMPANIONS:
        yield Problem(field="companions", reason=reasons.TOO_BIG, values={"max": COMPANIONS})
    if len(terms.questions) > QUESTIONS:
        yield Problem(field="", reason=reasons.TOO_MANY, values={"max": QUESTIONS})
    for index, one in enumerate(terms.questions):
        if len(one.label) > QUESTION_CHARS:
            yield Problem(field=f"questions.{index}.label", reason=reasons.TOO_LONG, values={"max": QUESTION_CHARS})
        if one.kind == "choice" and len(one.options) < 2:
            yield Problem(field=f"questions.{index}.options", reason=reasons.TOO_FEW, values={"min": 2})
        if len(one.options) > QUESTION_OPTIONS:
            most = Problem(field="", reason=reasons.TOO_MANY, values={"max": QUESTION_OPTIONS})
            yield msgspec.structs.replace(most, field=f"questions.{index}.options")
