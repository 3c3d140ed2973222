"""Tests of schemas/decoding.py: what has the wrong shape is named, all at once, and nothing else is ever raised."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import reasons
from schemas.decoding import CHOICES, DraftError, decode
from schemas.drafts import KINDS
from schemas.json_schema import schema
from schemas.limits import DRAFT_BYTES, DRAFT_PROBLEMS

Make = Callable[..., dict[str, Any]]


def problems(data: Any) -> dict[str, str]:
    with pytest.raises(DraftError) as raised:
        decode(data)
    return {one.field: one.reason.format(**one.values) for one in raised.value.problems}


@pytest.mark.parametrize("kind", ["event", "finding", "call", "post", "poll"])
def test_a_full_draft_is_read_from_bytes_and_from_an_object(kind: str, draft: Make) -> None:
    given = draft(kind)
    before = copy.deepcopy(given)
    assert decode(given) == decode(json.dumps(given).encode())
    assert given == before
    assert msgspec.to_builtins(decode(given))["kind"] == given["kind"]


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, {"kind": "post", "text": "\ud800"}, {"kind": object()}],
)
def test_what_is_not_json_is_said_to_be_no_json(data: Any) -> None:
    assert list(problems(data).values()) == [reasons.NOT_JSON]


@pytest.mark.parametrize("data", [b"[]", b'"event"', b"3", b"null", b"true"])
def test_json_that_is_no_object_is_refused(data: bytes) -> None:
    assert problems(data) == {"": reasons.NOT_AN_OBJECT}


def test_a_draft_larger_than_the_limit_is_refused_unread() -> None:
    assert "1048576" in problems(b" " * (DRAFT_BYTES + 1))[""]


def test_an_unknown_kind_is_told_the_kinds() -> None:
    assert problems({"kind": "party"}) == {"kind": "This must be one of: event, finding, call, post."}
    assert problems({}) == {"kind": reasons.REQUIRED}


def test_a_nul_is_no_text_wherever_it_stands(draft: Make) -> None:
    sent = draft("event", tags=["fine", "b\x00d"])
    assert problems(sent) == {"tags.1": reasons.NO_TEXT}


def test_all_fields_of_the_wrong_shape_are_named_at_once(draft: Make) -> None:
    sent = draft("event", capacity=0, waiting_list="yes", join_mode="maybe", colour="red", starts=None)
    sent["place"]["latitude"] = 900
    sent["versions"] = [{"language": 1, "name": "x"}, 7, {"name": "y"}, {"language": "fr", "name": "", "size": 3}]
    assert problems(sent) == {
        "capacity": "This must be at least 1.",
        "waiting_list": reasons.NOT_YES_OR_NO,
        "join_mode": "This must be one of: free, restricted, invite, external, none.",
        "colour": reasons.UNKNOWN_FIELD,
        "starts": reasons.REQUIRED,
        "place.latitude": "This must be at most 90.",
        "versions.0.language": reasons.NOT_TEXT,
        "versions.1": reasons.NOT_AN_OBJECT,
        "versions.2.language": reasons.REQUIRED,
        "versions.3.name": reasons.EMPTY,
        "versions.3.size": reasons.UNKNOWN_FIELD,
    }


def test_a_flood_of_mistakes_is_answered_with_a_bounded_list() -> None:
    sent = {"kind": "post", "text": "x"} | {f"field{index}": 1 for index in range(1000)}
    assert len(problems(sent)) == DRAFT_PROBLEMS


@pytest.mark.parametrize("name", ["a`b", "a - at `$.kind`", "$.kind", "a.b[0]", "", "[0]", "ü"])
def test_an_unknown_field_may_have_any_name(name: str) -> None:
    assert reasons.UNKNOWN_FIELD in problems({"kind": "post", "text": "x", name: 1}).values()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = sorted({name for kind in KINDS for name in schema(kind)["properties"]})


@given(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=12), st.sampled_from(sorted(KINDS)))
def test_whatever_is_sent_becomes_a_draft_or_a_list_of_problems(fields: dict[str, Any], kind: str) -> None:
    try:
        decode(fields | {"kind": kind})
    except DraftError as error:
        assert error.problems
        for one in error.problems:
            assert one.reason.format(**one.values)


def _wrong_values(rule: dict[str, Any]) -> Iterator[Any]:
    """For each constraint of a field in a JSON Schema, a value that breaks that one."""
    if "anyOf" in rule:
        rule = next(one for one in rule["anyOf"] if one.get("type") != "null")
    kind = rule.get("type")
    if "enum" in rule:
        yield "no such choice"
    elif kind:
        yield {"string": 7, "integer": "7", "number": "7", "boolean": 1, "array": 7, "object": 7}[kind]
    if "maxLength" in rule:
        yield "x" * (rule["maxLength"] + 1)
    if rule.get("minLength"):
        yield ""
    if "minimum" in rule:
        yield rule["minimum"] - 1
    if "maximum" in rule:
        yield rule["maximum"] + 1
    if rule.get("minItems"):
        yield []
    if "maxItems" in rule:
        yield [{"language": "de", "name": "x"} if "$ref" in rule.get("items", {}) else "x"] * (rule["maxItems"] + 1)


def _constraints() -> Iterator[tuple[str, str, Any]]:
    for kind in KINDS:
        for name, rule in schema(kind)["properties"].items():
            if name != "kind":
                yield from ((kind, name, value) for value in _wrong_values(rule))


@pytest.mark.parametrize(("kind", "name", "value"), list(_constraints()))
def test_every_constraint_has_words_of_its_own(kind: str, name: str, value: Any, draft: Make) -> None:
    sent = draft(kind) | {name: value}
    found = problems(sent)
    assert found, f"{name} was taken"
    assert all(field.split(".")[0] == name for field in found)
    assert reasons.NOT_VALID not in found.values()
    assert not any("{" in reason for reason in found.values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_closed_list_is_told_in_full(kind: str) -> None:
    made = schema(kind)
    holders = [made, *made["$defs"].values()]
    for holder in holders:
        for name, rule in holder["properties"].items():
            closed = rule.get("enum") or rule.get("items", {}).get("enum")
            if closed and name != "kind":
                assert sorted(CHOICES[name]) == sorted(closed)
