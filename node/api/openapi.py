"""The description of our JSON API (OpenAPI 3.1), made from the table of endpoints and the structs they read and answer;
and the JSON Schemas of what people send."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec
from aiohttp import web

from node.api.answers import as_json
from node.api.endpoints import BASE, Endpoint, endpoints
from node.api.once import HEADER
from node.errors import NotFound
from node.store.hub import hub
from node.web.handlers import reading
from node.web.keys import URLS
from schemas.drafts import KINDS
from schemas.json_schema import schema
from schemas.limits import IDEMPOTENCY_KEY_CHARS
from schemas.modules import module_of
from schemas.published import ErrorAnswer

_PATTERN = re.compile(r"\{(\w+):(?:[^{}]|\{[^{}]*\})+\}")
_REFERENCE = "#/components/schemas/{name}"

DESCRIPTION = """Publish and read events, findings, calls and posts of this hub. Where something is wrong, the answer
names the field and the reason, in the language of `Accept-Language` or of the account, and nothing has changed."""

REFUSALS = {
    "400": "What was sent cannot be read",
    "401": "Nobody is signed in, or the token is not valid",
    "403": "Not allowed, or the token lacks the scope",
    "404": "There is nothing here, or nothing for you",
    "409": "It cannot be done in the present state",
    "410": "It was here and was deleted",
    "413": "That is too large",
    "415": "Only JSON is read",
    "422": "Some fields are wrong; `problems` names each with the reason",
    "429": "Too many requests",
}
_OF_WRITING = ("409", "413", "415")


def table() -> list[Endpoint]:
    """All endpoints, those that describe the others among them."""
    return [*endpoints(), *_documents()]


def description(base_url: str, off: Sequence[str] = ()) -> dict[str, Any]:
    """The whole document for a hub at this address, less what belongs to modules that are `off`."""
    paths: dict[str, dict[str, Any]] = {}
    for one in table():
        if module_of(plain_path(one.path)) in off:
            continue
        paths.setdefault(plain_path(one.path), {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Allmende",
            "version": version("allmende"),
            "description": DESCRIPTION,
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": base_url}],
        "paths": paths,
        "components": {
            "schemas": _shapes()[1],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {f"Refusal{status}": _refusal(words) for status, words in REFUSALS.items()},
        },
    }


def plain_path(path: str) -> str:
    """A route's path without the patterns of its parameters."""
    return _PATTERN.sub(r"{\1}", path)


async def show_openapi(request: web.Request) -> web.Response:
    """The description of this hub's API."""
    async with reading(request) as db:
        off = await hub.modules_off(db)
    return as_json(description(request.app[URLS].base_url, off), shared=True)


async def show_schema(request: web.Request) -> web.Response:
    """The JSON Schema of one kind of draft."""
    kind = request.match_info["kind"]
    if kind not in KINDS:
        raise NotFound
    return web.Response(body=msgspec.json.encode(schema(kind)), content_type="application/schema+json")


def _documents() -> list[Endpoint]:
    documents: list[Endpoint] = [
        Endpoint(
            method="GET",
            path="/api/openapi.json",
            handler=show_openapi,
            summary="This description",
            answer=dict[str, Any],
        )
    ]
    for folder in (f"{BASE}/schemas", "/schemas"):
        path, words = folder + "/{kind:[a-z]+}.schema.json", "The JSON Schema of a kind of draft"
        documents.append(Endpoint(method="GET", path=path, handler=show_schema, summary=words, answer=dict[str, Any]))
    return documents


def _operation(one: Endpoint) -> dict[str, Any]:
    refused = [status for status in REFUSALS if one.scope == "write" or status not in _OF_WRITING]
    told: dict[str, Any] = {
        "operationId": _name(one),
        "summary": one.summary,
        "parameters": _parameters(one),
        "security": [{"token": ["write"]}] if one.scope == "write" else [{}, {"token": ["read"]}],
        "responses": {str(one.status): _success(one)}
        | {status: {"$ref": f"#/components/responses/Refusal{status}"} for status in refused},
    }
    if one.body is not None:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": _reference(one.body)}}}
    if one.form is not None:
        told["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _reference(one.form)}}}
    return told


def _name(one: Endpoint) -> str:
    path = plain_path(one.path)
    below = path.removeprefix(BASE) if path.startswith(BASE) else f"/hub{path}"
    return one.method.lower() + re.sub(r"\W+", "_", below).rstrip("_")


def _parameters(one: Endpoint) -> list[dict[str, Any]]:
    identity = {"type": "string", "pattern": "^[0-9]{1,19}$"}
    named = (name for name in ("id", "answer") if f"{{{name}:" in one.path)
    found: list[dict[str, Any]] = [{"name": name, "in": "path", "required": True, "schema": identity} for name in named]
    if "{kind:" in one.path:
        kinds = {"type": "string", "enum": list(KINDS)}
        found.append({"name": "kind", "in": "path", "required": True, "schema": kinds})
    if one.once:
        key = {"type": "string", "maxLength": IDEMPOTENCY_KEY_CHARS}
        words = "the same key gets the same answer for a day, and nothing is done twice"
        found.append({"name": HEADER, "in": "header", "description": words, "schema": key})
    if one.query is not None:
        found += _query_parameters(one.query)
    return found


def _query_parameters(query: Any) -> list[dict[str, Any]]:
    made = msgspec.json.schema(query)
    fields = made["$defs"][query.__name__]["properties"]
    needed = made["$defs"][query.__name__].get("required", ())
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": field, "description": _said(field)}
        for name, field in fields.items()
    ]


def _said(field: dict[str, Any]) -> str:
    choices = [field, *field.get("anyOf", [])]
    return next((one["description"] for one in choices if "description" in one), "")


def _success(one: Endpoint) -> dict[str, Any]:
    if one.answer is None:
        return {"description": "Done"}
    told: dict[str, Any] = {
        "description": "Done" if one.scope == "write" else "Found",
        "content": {"application/json": {"schema": _reference(one.answer)}},
    }
    headers: dict[str, Any] = {}
    if one.status == 201:
        headers["Location"] = {"description": "where it is", "schema": {"type": "string", "format": "uri"}}
    if one.paged:
        headers["Link"] = {"description": "other pages (RFC 8288)", "schema": {"type": "string"}}
    return told | ({"headers": headers} if headers else {})


def _refusal(words: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": _reference(ErrorAnswer)}}}


@cache
def _shapes() -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    """Each struct that is read or answered with its reference, and what the references lead to."""
    named = [one for entry in table() for one in (entry.body, entry.form, entry.answer) if one is not None]
    types = list(dict.fromkeys([ErrorAnswer, *named]))
    references, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    return dict(zip(types, references, strict=True)), components


def _reference(shape: Any) -> dict[str, Any]:
    return _shapes()[0][shape]
