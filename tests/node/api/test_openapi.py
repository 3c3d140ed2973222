"""The description and the routes are one: whatever is in one is in the other, and answers are what it says."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web
from jsonschema import Draft202012Validator

from node.api.openapi import description, plain_path, table
from schemas.drafts import KINDS
from tests.drafts import json_of
from tests.node.api.conftest import BASE, Hub, Program

OURS = (BASE, "/api/openapi.json", "/schemas/")
OF_ANOTHER_DOOR = {f"{BASE}/mirror"}
"""Answers to signed requests of servers: how `allmende doctor` sees this hub from outside."""


def routes(app: web.Application) -> set[tuple[str, str]]:
    found = set()
    for route in app.router.routes():
        path = route.resource.canonical if route.resource else ""
        if path.startswith(OURS) and path not in OF_ANOTHER_DOOR and route.method != "HEAD":
            found.add((route.method.lower(), path))
    return found


def described(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {(method, path) for path, methods in document["paths"].items() for method in methods}


async def test_each_route_is_described_and_each_description_has_a_route(hub: Hub) -> None:
    document = (await hub.stranger.get("/api/openapi.json")).json
    assert described(document) == routes(hub.app)
    assert len(described(document)) == len(table())


def test_parameters_have_plain_names_in_the_description() -> None:
    assert plain_path("/a/{id:[0-9]{1,19}}/b/{kind:[a-z]+}.json") == "/a/{id}/b/{kind}.json"


def test_all_references_lead_somewhere() -> None:
    document = description("https://hub.example")

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(reference := value.get("$ref"), str):
                target = document
                for step in reference.removeprefix("#/").split("/"):
                    target = target[step]
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(document)
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names))
    assert all(one["summary"] and one["responses"] for one in operations)
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("kind", KINDS)
async def test_answers_are_as_described(hub: Hub, program: Program, kind: str) -> None:
    document = (await hub.stranger.get("/api/openapi.json")).json

    def validator(name: str) -> Draft202012Validator:
        return Draft202012Validator({"$ref": f"#/components/schemas/{name}"} | {"components": document["components"]})

    made = await program.post(f"/{kind}s", json_of(kind))
    validator("Published").validate(made.json)
    validator(KINDS[kind].__name__).validate(json_of(kind))
    refused = await program.post(f"/{kind}s", {"kind": kind})
    validator("ErrorAnswer").validate(refused.json)


@pytest.mark.parametrize("below", ["/schemas", f"{BASE}/schemas"])
@pytest.mark.parametrize("kind", KINDS)
async def test_the_schemas_are_published(hub: Hub, below: str, kind: str) -> None:
    answer = await hub.stranger.get(f"{below}/{kind}.schema.json")
    assert answer.headers["Content-Type"] == "application/schema+json"
    Draft202012Validator(answer.json).validate(json_of(kind))
    assert not Draft202012Validator(answer.json).is_valid(json_of(kind) | {"colour": "red"})
    assert (await hub.stranger.get(f"{below}/nothing.schema.json")).status == 404
