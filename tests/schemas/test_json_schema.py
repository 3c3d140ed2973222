"""Tests of schemas/json_schema.py: the published files are what the code reads, and the examples satisfy both."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import schemas
from schemas.check import DraftError, decode, read
from schemas.json_schema import schema, text

HERE = Path(schemas.__file__).parent
KINDS = ["event", "finding", "call", "post"]


def example(kind: str) -> dict[str, Any]:
    read_back: dict[str, Any] = json.loads((HERE / "examples" / f"{kind}.json").read_text())
    return read_back


@pytest.mark.parametrize("kind", KINDS)
def test_the_published_schema_is_made_from_the_code(kind: str) -> None:
    assert (HERE / "json" / f"{kind}.schema.json").read_text() == text(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_a_valid_schema_with_a_sentence_for_the_kind(kind: str) -> None:
    made = schema(kind)
    Draft202012Validator.check_schema(made)
    assert made["description"]
    assert made["title"] == kind.capitalize()


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_satisfies_its_schema_and_may_be_published(kind: str, now: datetime) -> None:
    Draft202012Validator(schema(kind)).validate(example(kind))
    read(example(kind), now)


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_needs_nothing_that_a_hub_may_lack(kind: str) -> None:
    assert not {"area", "image", "attachments", "organisers", "co_hosts", "born_of", "group"} & set(example(kind))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("change", ["unknown", "missing", "type"])
def test_schema_and_code_refuse_the_same(kind: str, change: str) -> None:
    sent = example(kind)
    if change == "unknown":
        sent["colour"] = "red"
    elif change == "missing":
        del sent["kind"]
    else:
        sent["audience"] = 7
    assert not Draft202012Validator(schema(kind)).is_valid(sent)
    with pytest.raises(DraftError):
        decode(sent)


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [("event", "starts", "tomorrow"), ("finding", "born_of", "ftp://x.example"), ("event", "area", "No Area")],
)
def test_the_schema_says_what_only_the_rules_check(kind: str, field: str, value: str) -> None:
    assert not Draft202012Validator(schema(kind)).is_valid(example(kind) | {field: value})
