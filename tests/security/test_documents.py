"""What this hub says to other servers holds no script either (case 67): every field in which a member can write, in
every document that is served, whatever a reader makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from node.actions import edit
from node.store.members import accounts
from schemas.records import Post, Viewer
from tests.drafts import a_draft
from tests.peer import ACTIVITY_JSON
from tests.security.conftest import World
from tests.security.eyes import BIDI, dangers
from tests.security.test_content import OVERLAY, SCRIPT

pytestmark = pytest.mark.asyncio(loop_scope="session")

AS_HTML = {"content", "contentMap", "summary", "summaryMap", "value"}
"""What readers take for HTML; `name` and `nameMap` are text everywhere, and `source` says of itself what it is."""
ADDRESSES = {"id", "url", "href", "inbox", "outbox", "followers", "following", "inReplyTo", "replies", "context"}
KINDS = ("event", "finding", "call", "post")


def fields_of(document: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """All texts of a document, with the name they stand under."""
    if isinstance(document, str):
        yield name, document
    elif isinstance(document, list):
        for one in document:
            yield from fields_of(one, name)
    elif isinstance(document, dict):
        for key, value in document.items():
            if key not in ("@context", "source"):
                yield from fields_of(value, name if name.endswith("Map") else key)


def wrong_in(document: Any) -> list[tuple[str, str]]:
    """What would run somewhere, or lead to where no reader should go."""
    found = list(fields_of(document))
    html = [(key, text) for key, text in found if key in AS_HTML and dangers(text)]
    links = [(key, text) for key, text in found if key in ADDRESSES and not text.startswith(("http://", "https://"))]
    turned = [(key, text) for key, text in found if BIDI.search(text)]
    return html + links + turned


async def test_the_eye_sees_what_is_wrong() -> None:
    assert wrong_in({"content": SCRIPT, "contentMap": {"de": OVERLAY}, "url": "javascript:x", "name": "\u202ex"})
    assert len(wrong_in({"summaryMap": {"de": "<b onclick=x>"}, "attachment": [{"value": "<script>"}]})) == 2
    assert not wrong_in({"name": SCRIPT, "content": "<p>Hello</p>", "source": {"content": SCRIPT}})


def hostile(kind: str) -> dict[str, Any]:
    """All that a member can write into a thing of this kind."""
    text = SCRIPT[:150]
    if kind == "post":
        return {"text": SCRIPT + OVERLAY, "summary": text, "sensitive": True}
    versions = [{"language": "en", "name": text, "text": SCRIPT}, {"language": "de", "name": text, "text": OVERLAY}]
    place = {"name": text, "street": text, "locality": text}
    details: dict[str, dict[str, Any]] = {
        "event": {"place": place},
        "finding": {"claim": text, "reasons": [text, text], "scope": text, "contributors": [text]},
        "call": {"place": place, "skills": [text[:40]], "effort": text[:80], "contact": text},
    }
    return {"versions": versions} | details[kind]


async def documents_of(world: World, post: Post) -> list[Any]:
    """All that is served of a thing: itself, by JSON, the activities about it, and where it is listed."""
    rows = await world.db.fetch("SELECT uri FROM activities WHERE post_id = $1", post.id)
    paths = [post.uri, *(row["uri"] for row in rows), f"{world.ada}/outbox?page=1", f"{world.ada}/outbox", world.ada]
    found = []
    for path in paths:
        answer = await world.look(path.removeprefix(world.hub.base_url), ACTIVITY_JSON)
        assert answer.status in (200, 404), path
        if answer.status == 200:
            assert answer.headers["Content-Type"].startswith("application/")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            found.append(json.loads(answer.body))
    return found


@pytest.mark.parametrize("kind", KINDS)
async def test_case_67_no_script_of_a_member_is_in_a_document_for_other_servers(world: World, kind: str) -> None:
    post = await world.publish(kind, **hostile(kind))
    documents = await documents_of(world, post)
    assert len(documents) >= 3
    assert [wrong for one in documents for wrong in wrong_in(one)] == []
    assert "alert67" in json.dumps(documents[0])


@pytest.mark.parametrize("kind", KINDS)
async def test_case_67_nor_after_it_was_changed(world: World, kind: str) -> None:
    post = await world.publish(kind)
    me = await world.known(world.ada)
    account = await accounts.find_by_actor(world.db, me.id) if me else None
    assert me and account
    who = Viewer(account=account, actor=me, acting=me, scopes=("*",))
    async with world.db.transaction():
        await edit.edit(world.node, world.db, who, post.id, a_draft(kind, **hostile(kind)))
    assert [wrong for one in await documents_of(world, post) for wrong in wrong_in(one)] == []


async def test_case_67_a_name_holds_no_script(world: World) -> None:
    await world.db.execute("UPDATE actors SET display_name = $2 WHERE uri = $1", world.ada, SCRIPT)
    try:
        document = json.loads((await world.look("/actors/ada", ACTIVITY_JSON)).body)
        page = (await world.look("/@ada")).body.decode()
    finally:
        await world.db.execute("UPDATE actors SET display_name = 'Ada' WHERE uri = $1", world.ada)
    assert (wrong_in(document), dangers(page)) == ([], [])
    assert "alert67" in page


async def test_case_67_what_others_wrote_is_not_passed_on_with_its_script(world: World) -> None:
    mine = await world.publish("event")
    reply = world.note(world.evil, content=SCRIPT, inReplyTo=mine.uri)
    await world.says(world.evil, "Create", reply)
    shown = [
        json.loads((await world.look(f"/events/{mine.id}/{part}", ACTIVITY_JSON)).body)
        for part in ("replies", "replies?page=1", "replies?page=true")
    ]
    assert [wrong for one in shown for wrong in wrong_in(one)] == []
    assert reply["id"] in json.dumps(shown)
