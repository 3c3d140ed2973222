"""Forms: where problems are shown, and where a form may lead."""

from __future__ import annotations

import pytest

from node.web.forms import Form, counted, local_path, with_problems
from schemas.problems import Problem
from schemas.reasons import EMPTY, TOO_LONG

KNOWN = {"name", "reasons", "versions.0.name", "place", "place.name"}


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("name", "name"),
        ("reasons.2", "reasons"),
        ("versions.0.name", "versions.0.name"),
        ("place.latitude", "place"),
        ("unheard.of", ""),
        ("", ""),
    ],
)
def test_a_problem_stands_at_its_field_or_at_the_one_that_holds_it(field: str, shown: str) -> None:
    form = with_problems({}, [Problem(field=field, reason=EMPTY)], KNOWN, "de")
    assert form.problems == {shown: ["Das darf nicht leer sein."]}


def test_the_same_is_said_once_about_a_field() -> None:
    twice = [Problem(field=f"reasons.{n}", reason=TOO_LONG, values={"max": 5}) for n in range(2)]
    assert with_problems({}, twice, KNOWN, "en").problems == {"reasons": ["This may have 5 characters at most."]}


def test_what_was_entered_is_kept() -> None:
    form = Form({"name": ["Ana"], "areas": ["it", "housing"]})
    assert (form.value("name"), form.value("nothing"), form.values("areas")) == ("Ana", "", ["it", "housing"])


def test_lists_in_forms_are_counted_and_bounded() -> None:
    assert counted({}, "versions") == 0
    assert counted({"versions.0.name": [], "versions.2.text": [], "versions.x.name": []}, "versions") == 3
    assert counted({"versions.999999999.name": []}, "versions") == 50
    assert Form({}).count("versions") == 1


@pytest.mark.parametrize(
    "wish",
    [
        None,
        "",
        "events",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:x",
        "/a\r\nSet-Cookie: x",
    ],
)
def test_case_136_a_form_leads_to_a_path_of_ours_or_to_the_usual_one(wish: str | None) -> None:
    assert local_path(wish, "/desk") == "/desk"


def test_a_path_of_ours_is_kept_with_its_query() -> None:
    assert local_path("/events?area=it&when=past", "/desk") == "/events?area=it&when=past"
