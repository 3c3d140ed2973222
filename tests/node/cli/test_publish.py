"""`allmende publish FILE.json`: the address of what was published, or what is wrong, field by field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from node.settings import Settings
from node.store.db import Db
from node.store.people import follows
from node.store.posts import posts
from schemas.records import Viewer
from tests import files
from tests.drafts import json_of
from tests.factories import a_member, a_remote_actor, the_hub
from tests.node.cli.conftest import Allmende

EXAMPLES = Path("schemas/examples").resolve()


@pytest.fixture
async def steward(db: Db) -> Viewer:
    """A hub that is set up, and its steward."""
    await the_hub(db)
    return await a_member(db, "stella", roles=("member", "steward"))


@pytest.mark.parametrize("kind", ["event", "finding", "call", "post"])
async def test_an_example_is_published_by_the_hub(allmende: Allmende, db: Db, steward: Viewer, kind: str) -> None:
    follower = await a_remote_actor(db)
    await follows.insert(db, follower.id, (await the_hub(db)).id, "https://peer.example/f", accepted=True)
    done = await allmende("publish", str(EXAMPLES / f"{kind}.json"))
    assert (done.status, done.err) == (0, "")
    post = await posts.find_by_uri(db, done.out.strip())
    assert post and (post.kind, post.actor.name, post.written_by) == (kind, "hub", steward.account.id)
    assert await db.fetchval("SELECT count(*) FROM deliveries") == 1


async def test_a_member_can_be_named_and_standard_input_read(allmende: Allmende, db: Db, steward: Viewer) -> None:
    done = await allmende("publish", "--as", "@stella", "-", given=json.dumps(json_of("post")))
    post = await posts.find_by_uri(db, done.out.strip())
    assert post and post.actor.id == steward.actor.id


async def test_what_is_wrong_is_named_and_nothing_changes(allmende: Allmende, db: Db, steward: Viewer) -> None:
    file = EXAMPLES.parent / "things.py"
    bad = json.dumps(json_of("event", area="sailing"))
    skipped = json.dumps(json_of("event", starts="2027-03-28T02:30", capacity=0))
    answers = [
        await allmende("publish", str(file)),
        await allmende("publish", "-", given=bad),
        await allmende("publish", "-", given=skipped, LC_ALL="de_DE.UTF-8"),
    ]
    assert [(done.status, done.out) for done in answers] == [(2, "")] * 3
    assert "FILE: This is not JSON." in answers[0].err
    assert "area: This hub has no area of this name." in answers[1].err
    assert "capacity: " in answers[2].err
    assert "must be at least" not in answers[2].err
    assert await db.fetchval("SELECT count(*) FROM posts") == 0


async def test_without_a_hub_or_a_member_nothing_is_published(allmende: Allmende, settings: Settings, db: Db) -> None:
    for words in (("-",), ("--as", "nobody", "-")):
        done = await allmende("publish", *words, given=json.dumps(json_of("post")))
        assert (done.status, done.out) == (1, "")
        assert "Traceback" not in done.err
        assert done.err.startswith("Error: ")
    assert (await allmende("publish", "nothing.json")).status == 2


async def test_a_picture_and_a_film_beside_the_draft_are_published_with_it(
    allmende: Allmende, db: Db, steward: Viewer, tmp_path: Path
) -> None:
    (tmp_path / "poster.png").write_bytes(files.image())
    (tmp_path / "talk.webm").write_bytes(files.film("webm", "libvpx", "libopus"))
    attached = [{"path": "poster.png", "alt": "a red boat"}, {"path": "talk.webm"}]
    (tmp_path / "post.json").write_text(json.dumps(json_of("post", attachments=attached)))
    done = await allmende("publish", str(tmp_path / "post.json"))
    assert (done.status, done.err) == (0, "")
    post = await posts.find_by_uri(db, done.out.strip())
    assert post
    assert [one.media_type for one in post.attachments] == ["image/jpeg", "video/mp4"]
    assert post.attachments[0].alt == "a red boat"


async def test_the_picture_of_an_event_is_found_beside_its_draft(
    allmende: Allmende, db: Db, steward: Viewer, tmp_path: Path
) -> None:
    (tmp_path / "poster.png").write_bytes(files.image())
    (tmp_path / "event.json").write_text(json.dumps(json_of("event", image={"path": "poster.png", "alt": "a boat"})))
    done = await allmende("publish", str(tmp_path / "event.json"))
    assert (done.status, done.err) == (0, "")
    post = await posts.find_by_uri(db, done.out.strip())
    assert post
    assert [one.alt for one in post.attachments] == ["a boat"]


@pytest.mark.parametrize("path", ["nothing.png", "../secret.png", "/etc/passwd", ".", "page.html", "broken.mp4"])
async def test_a_file_that_cannot_be_taken_is_named_and_nothing_changes(
    allmende: Allmende, db: Db, steward: Viewer, tmp_path: Path, path: str
) -> None:
    folder = tmp_path / "drafts"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(files.image())
    (folder / "page.html").write_bytes(b"<!doctype html>")
    (folder / "broken.mp4").write_bytes(files.film()[:2000])
    (folder / "post.json").write_text(json.dumps(json_of("post", attachments=[{"path": path}])))
    done = await allmende("publish", str(folder / "post.json"))
    assert (done.status, done.out) == (2, "")
    assert "attachments.0.path: " in done.err
    assert await db.fetchval("SELECT count(*) FROM posts") == 0
