"""Which calls fit whom, and what is said of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from node.fitting import because, fits
from schemas.matching import Reasons, Wishes
from schemas.records import Actor, Post
from schemas.things import CallDetail, Place, Version

NOW = datetime(2026, 5, 1, tzinfo=UTC)
BERLIN, POTSDAM, ROME = (52.52, 13.405), (52.39, 13.065), (41.9, 12.5)
ANA = Wishes(
    skills=("Facilitation", "carpentry"), areas=("housing",), languages=("de",), latitude=52.52, longitude=13.405
)


def at(position: tuple[float, float]) -> Place:
    return Place(name="Hall", latitude=position[0], longitude=position[1])


def a_call(*, language: str = "de", area: str | None = None, **detail: Any) -> Post:
    actor = Actor(
        id=1, uri="https://a.example/b", kind="Person", local=False, name="b", host="a.example", url="", inbox="",
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    return Post(
        id=2, uri="https://a.example/c", url="", kind="call", type="Note", local=False, actor=actor, audience="public",
        versions=[Version(language=language, name="Help")], area=area, published_at=NOW, updated_at=NOW,
        received_at=NOW, call=CallDetail(**detail),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("call", "reasons"),
    [
        (
            a_call(skills=("facilitation",), place=at(POTSDAM)),
            Reasons(skills=("facilitation",), language="de", within_km=30),
        ),
        (a_call(skills=("facilitation",), place=at(ROME)), None),
        (
            a_call(skills=("facilitation",), place=at(ROME), remote=True),
            Reasons(skills=("facilitation",), language="de", remote=True),
        ),
        (a_call(skills=("plumbing",), area="housing"), None),
        (a_call(area="housing"), Reasons(area="housing", language="de")),
        (a_call(area="it"), None),
        (a_call(skills=("carpentry",), language="fr"), None),
        (a_call(skills=("carpentry",), language="und"), Reasons(skills=("carpentry",))),
        (a_call(skills=("carpentry",), language="de-AT"), Reasons(skills=("carpentry",), language="de")),
    ],
)
def test_a_call_fits_by_what_both_have_in_common(call: Post, reasons: Reasons | None) -> None:
    assert fits(ANA, call) == reasons


def test_who_looks_for_nothing_is_told_of_nothing() -> None:
    assert fits(Wishes(), a_call(skills=("carpentry",), area="housing")) is None


def test_the_reasons_are_said_in_the_readers_language() -> None:
    reasons = Reasons(skills=("facilitation",), language="de", within_km=30)
    assert because(reasons, "en") == "facilitation + German + within 30 km"
    assert because(reasons, "de") == "facilitation + Deutsch + höchstens 30 km entfernt"
    assert because(Reasons(area="housing", remote=True), "en", {"housing": "Housing"}) == "Housing + from anywhere"
