"""The documents of `fediverse-pasture-inputs` (https://inputs.funfedi.dev): each is taken, ignored or refused with a
reason."""

from typing import Any

import pytest

ACTOR = "http://pasture-one-actor/actor"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT = ["https://www.w3.org/ns/activitystreams", {"Hashtag": "as:Hashtag", "sensitive": "as:sensitive"}]
REFUSED = {
    "id: missing, or no http(s) address",
    "type: missing",
    "attributedTo: missing",
    "object: invalid object, missing type",
    "the object has no id",
}
IGNORED = {*(f"type {kind}" for kind in ("Place", "Profile", "Relationship")), "gone"}
IGNORED |= {f"Create of {kind}" for kind in ("Place", "Profile", "Relationship", "Tombstone")}


def made_object(example: dict[str, Any], number: int) -> dict[str, Any]:
    """The object of an example as the package's own transformer makes it: a null takes a key away."""
    note = {"type": "Note", "attributedTo": ACTOR, "to": [PUBLIC], "id": f"{ACTOR}/{number}"}
    whole = {"@context": CONTEXT} | note | {"published": "2026-03-01T10:00:00Z"} | example
    return {key: value for key, value in whole.items() if value is not None}


def made_activity(example: dict[str, Any], number: int) -> dict[str, Any]:
    """The Create around it."""
    carried = made_object(example, number)
    context = carried.pop("@context", None)
    create = {"type": "Create", "actor": ACTOR, "to": [PUBLIC], "id": f"{ACTOR}/{number}/create", "object": carried}
    return create | {"published": "2026-03-01T10:00:00Z"} | ({"@context": context} if context else {})


@pytest.mark.parametrize("make", [made_object, made_activity])
def test_every_document_of_the_pasture_has_an_outcome_and_a_reason(arrive: Any, pasture: Any, make: Any) -> None:
    outcomes: dict[str, int] = {}
    examples = [example for name in sorted(pasture) for example in pasture[name]]
    assert len(examples) >= 262
    for number, example in enumerate(examples):
        found = arrive(make(example, number))
        outcomes[found.outcome] = outcomes.get(found.outcome, 0) + 1
        if found.outcome == "taken":
            assert found.thing.versions
        else:
            assert found.reason in {"ignored": IGNORED, "refused": REFUSED}[found.outcome], (example, found.reason)
    assert outcomes["taken"] > 0.95 * len(examples)


@pytest.mark.parametrize(
    ("page", "reading"),
    [
        ("public_addressing", lambda thing: thing.audience == "public"),
        ("quotes", lambda thing: thing.quote == "http://pasture-one-actor/assets/note1.jsonap"),
        ("attributed_to", lambda thing: thing.attributed_to == ACTOR),
        ("url", lambda thing: thing.url.startswith("http://pasture-one-actor/")),
        ("html_tags_bad", lambda thing: not any("<$" in one.content for one in thing.versions)),
        ("image_attachments", lambda thing: len(thing.attachments) == 1 or "inline" in thing.versions[0].content),
        ("language", lambda thing: thing.versions[0].content in ("text", "Deutsch", "English")),
    ],
)
def test_pages_that_vary_one_thing_are_read_as_meant(arrive: Any, pasture: Any, page: str, reading: Any) -> None:
    names = [name for name in pasture if name.startswith(page) or page.startswith(name)]
    assert names
    for number, example in enumerate(pasture[names[0]]):
        found = arrive(made_object(example, number))
        assert reading(found.thing), example
