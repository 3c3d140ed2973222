"""The JSON Schemas (2020-12) of what people send, made from the drafts' structs.

After a change: `for kind in event finding call post; do python -m schemas.json_schema $kind
> schemas/json/$kind.schema.json; done`. A test holds the files against this."""

import sys
from typing import Any

import msgspec

from schemas.drafts import KINDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ID = "https://w3id.org/allmende/schemas/{kind}"


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of drafts of a kind (event, finding, call, post)."""
    made = msgspec.json.schema(KINDS[kind])
    definitions = made["$defs"]
    top = definitions.pop(KINDS[kind].__name__)
    return {"$schema": DIALECT, "$id": ID.format(kind=kind), **top, "title": kind.capitalize(), "$defs": definitions}


def text(kind: str) -> str:
    """The schema as the file in schemas/json holds it."""
    return msgspec.json.format(msgspec.json.encode(schema(kind)), indent=2).decode() + "\n"


if __name__ == "__main__":
    sys.stdout.write(text(sys.argv[1]))
