"""Nobody speaks for another: ids, origins, handles, addresses (cases 1–49, 62, 103, 105), against a running node."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from node.wording.showing import page_path
from tests.peer import AS2
from tests.security.conftest import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

FORGED = "<p>forged in another's name</p>"


async def nothing_forged(world: World) -> None:
    """No page of a stranger shows a forgery."""
    assert [path for path, text in (await world.pages()).items() if "forged" in text] == []


async def test_what_is_honest_arrives(world: World) -> None:
    note = world.note(world.good)
    assert (await world.says(world.good, "Create", note)).state == "accepted"
    assert await world.post(note["id"])


@pytest.mark.parametrize("there", [True, False])
async def test_case_1_a_post_of_good_is_not_written_by_evil(world: World, there: bool) -> None:
    true = world.note(world.good)
    if not there:
        world.good.routes.pop(true["id"].removeprefix(world.good.base_url))
    await world.says(world.evil, "Create", true | {"content": FORGED})
    kept = await world.post(true["id"])
    assert kept is None or "forged" not in kept.version().content
    await nothing_forged(world)


async def test_case_1_an_id_of_good_under_the_name_of_evil_is_not_kept(world: World) -> None:
    stolen = world.good.url("/notes/stolen")
    note = world.note(world.evil, id=stolen, content=FORGED)
    await world.says(world.evil, "Create", note)
    assert await world.post(stolen) is None


async def test_case_2_an_address_of_evil_does_not_answer_for_an_id_of_good(world: World) -> None:
    true = world.note(world.good)
    lying = world.evil.serve("/lying", true | {"content": FORGED})
    await world.says(world.evil, "Announce", lying)
    assert await world.post(lying) is None
    kept = await world.post(true["id"])
    assert kept is None or "forged" not in kept.version().content


async def test_case_5_an_open_redirect_does_not_lend_its_origin(world: World) -> None:
    stolen = world.good.url("/redirect/me")
    body = world.evil.serve("/forged", world.note(world.good, id=stolen, content=FORGED))
    world.good.redirect("/redirect/me", body)
    await world.says(world.evil, "Announce", stolen)
    assert await world.post(stolen) is None
    await nothing_forged(world)


async def test_case_9_a_signature_by_evil_does_not_make_good_speak(world: World) -> None:
    follow = world.activity(world.good, "Follow", world.ada)
    before = await world.count("SELECT count(*) FROM follows")
    outcome = await world.send(world.evil, follow)
    assert outcome.state == ""
    assert await world.count("SELECT count(*) FROM follows") == before


async def test_case_10_a_key_document_says_nothing_of_other_keys(world: World) -> None:
    theirs = {"id": world.good.key_id, "owner": world.good.actor_id, "publicKeyPem": world.evil.keys.public_pem}
    actor = world.actor(world.evil)
    poisoned = actor | {"publicKey": [actor["publicKey"], theirs]}
    world.evil.serve(actor["id"].removeprefix(world.evil.base_url), poisoned)
    await world.send(
        world.evil, world.activity(world.evil, "Follow", world.ada, actor=actor["id"]), key_id=f"{actor['id']}#main-key"
    )
    note = world.note(world.good, content=FORGED)
    note["id"] = world.good.url("/notes/poisoned")
    outcome = await world.send(world.evil, world.activity(world.good, "Create", note), key_id=world.good.key_id)
    assert outcome.status in (401, 403)
    assert await world.post(note["id"]) is None


async def test_case_13_bob_does_not_update_alice_of_his_own_host(world: World) -> None:
    alice, bob = world.actor(world.evil, name="Alice"), world.actor(world.evil)
    await world.befriend(alice["id"])
    update = world.activity(world.evil, "Update", alice | {"name": "forged"}, actor=bob["id"])
    await world.send(world.evil, update, key_id=f"{bob['id']}#main-key")
    known = await world.known(alice["id"])
    assert known and known.display_name == "Alice"
    note = world.note(world.evil, attributedTo=alice["id"])
    await world.send(
        world.evil, world.activity(world.evil, "Create", note, actor=alice["id"]), key_id=f"{alice['id']}#main-key"
    )
    changed = world.activity(world.evil, "Update", note | {"content": FORGED, "updated": "2026-10-02T10:00:00Z"})
    await world.send(world.evil, changed | {"actor": bob["id"]}, key_id=f"{bob['id']}#main-key")
    kept = await world.post(note["id"])
    assert kept and "forged" not in kept.version().content


async def test_case_15_a_handle_of_good_is_not_bound_to_an_actor_of_evil(world: World) -> None:
    handle = f"gwen@{world.good.domain}"
    actor = world.actor(world.evil, webfinger=handle)
    links = [{"rel": "self", "type": "application/activity+json", "href": actor["id"]}]
    before, world.evil.jrd = world.evil.jrd, {"subject": f"acct:{handle}", "links": links}
    known = await world.befriend(actor["id"])
    world.evil.jrd = before
    assert known.host == world.evil.domain
    assert (await world.look(f"/@gwen@{world.good.domain}")).status == 404


@pytest.mark.parametrize(
    "spelt", ["{scheme}://user@{host}{path}", "{base}/x/..{path}", "{base}/%2e%2e{path}", "{scheme}://{host}.{path}"]
)
async def test_case_18_odd_spellings_of_an_id_are_not_another_post(world: World, spelt: str) -> None:
    true = world.note(world.good)
    path = true["id"].removeprefix(world.good.base_url)
    odd = spelt.format(scheme="http", host=world.good.domain, base=world.good.base_url, path=path)
    await world.says(world.evil, "Create", true | {"id": odd, "content": FORGED})
    await world.says(world.good, "Create", true | {"id": odd, "content": FORGED})
    assert await world.post(odd) is None or await world.post(odd) == await world.post(true["id"])


@pytest.mark.parametrize("url", ["javascript:alert(19)", "data:text/html,19", "https://elsewhere.example/19", "//x/19"])
async def test_case_19_a_page_elsewhere_is_not_linked_as_the_posts_own(world: World, url: str) -> None:
    note = world.note(world.evil, url=url)
    await world.says(world.evil, "Create", note)
    kept = await world.post(note["id"])
    assert kept and kept.url == note["id"]
    assert url not in (await world.look(page_path(kept))).body.decode()


async def test_case_23_words_with_another_meaning_are_not_read(world: World) -> None:
    context: list[Any] = [AS2, {"author": "as:attributedTo", "attributedTo": "as:summary", "actor": "as:object"}]
    note = world.note(world.evil, author=world.good.actor_id, content=FORGED) | {"@context": context}
    activity = world.activity(world.evil, "Create", note) | {"@context": context}
    assert (await world.send(world.evil, activity)).state == "refused"
    assert await world.post(note["id"]) is None


async def test_case_31_the_same_words_twice_have_one_effect(world: World) -> None:
    mine = await world.publish("post")
    like = world.activity(world.evil, "Like", mine.uri)
    for _ in range(3):
        assert (await world.send(world.evil, like)).status == 202
    kept = await world.post(mine.uri)
    assert kept and kept.likes_count == 1


async def test_case_33_what_was_deleted_does_not_come_back(world: World) -> None:
    note = world.note(world.evil)
    create = world.activity(world.evil, "Create", note)
    await world.send(world.evil, create)
    await world.says(world.evil, "Delete", {"type": "Tombstone", "id": note["id"]})
    await world.send(world.evil, create)
    await world.says(world.evil, "Create", note)
    await world.says(world.evil, "Update", note | {"updated": "2026-11-01T10:00:00Z"})
    assert await world.post(note["id"]) is None


async def test_case_33_a_deletion_that_comes_first_wins(world: World) -> None:
    note = world.note(world.evil)
    await world.says(world.evil, "Delete", note["id"])
    await world.says(world.evil, "Create", note)
    assert await world.post(note["id"]) is None


async def test_case_49_nothing_in_a_document_sends_us_into_private_networks(world: World) -> None:
    inside = "http://169.254.169.254/latest/meta-data"
    picture = {"type": "Image", "mediaType": "image/png", "url": inside}
    actor = world.actor(world.evil, icon=picture, image=picture, featured=inside, outbox=inside, movedTo=inside)
    await world.befriend(actor["id"])
    emoji = {"type": "Emoji", "name": ":x:", "icon": picture}
    note = world.note(world.evil, attachment=[picture], tag=[emoji], inReplyTo=inside, quoteUrl=inside, replies=inside)
    await world.says(world.evil, "Create", note)
    assert await world.count("SELECT count(*) FROM media WHERE state = 'ready' AND remote_url = $1", inside) == 0
    assert await world.known(inside) is None and await world.post(inside) is None


async def test_case_62_circles_of_moves_lead_nowhere(world: World) -> None:
    one, two = world.actor(world.evil), world.actor(world.evil)
    names = [f"{world.evil.base_url}/users/{n}" for n in range(60)]
    for document, other in ((one, two), (two, one)):
        path = document["id"].removeprefix(world.evil.base_url)
        world.evil.serve(path, document | {"movedTo": other["id"], "alsoKnownAs": [other["id"], *names]})
    known = await world.befriend(one["id"])
    assert len(known.also_known_as) <= 50
    move = world.activity(world.evil, "Move", one["id"], actor=one["id"], target=two["id"])
    assert (await world.send(world.evil, move, key_id=f"{one['id']}#main-key")).state in ("refused", "ignored")
    assert (
        await world.count(
            "SELECT count(*) FROM follows f JOIN actors a ON a.id = followed_id WHERE a.uri = $1", two["id"]
        )
        == 0
    )


async def test_case_62_a_chain_of_moves_is_followed_for_no_step(world: World) -> None:
    chain = [world.actor(world.evil) for _ in range(12)]
    for old, new in pairwise(chain):
        path = old["id"].removeprefix(world.evil.base_url)
        world.evil.serve(path, old | {"movedTo": new["id"], "alsoKnownAs": [one["id"] for one in chain]})
    await world.befriend(chain[0]["id"])
    asked = {one["id"]: len(_asked(world, one["id"])) for one in chain}
    move = world.activity(world.evil, "Move", chain[0]["id"], actor=chain[0]["id"], target=chain[1]["id"])
    outcome = await world.send(world.evil, move, key_id=f"{chain[0]['id']}#main-key")
    assert outcome.state in ("refused", "ignored")
    assert [one["id"] for one in chain[2:] if len(_asked(world, one["id"])) > asked[one["id"]]] == []
    question = "SELECT count(*) FROM follows f JOIN actors a ON a.id = followed_id WHERE a.uri = ANY($1)"
    assert await world.count(question, [one["id"] for one in chain[1:]]) == 0


async def test_case_62_one_honest_step_is_followed(world: World) -> None:
    new = world.actor(world.evil)
    old = world.actor(world.evil)
    world.evil.serve(new["id"].removeprefix(world.evil.base_url), new | {"alsoKnownAs": [old["id"]]})
    await world.befriend(old["id"])
    move = world.activity(world.evil, "Move", old["id"], actor=old["id"], target=new["id"])
    assert (await world.send(world.evil, move, key_id=f"{old['id']}#main-key")).state == "accepted"
    question = "SELECT count(*) FROM follows f JOIN actors a ON a.id = followed_id WHERE a.uri = $1"
    assert (await world.count(question, new["id"]), await world.count(question, old["id"])) == (1, 0)


def _asked(world: World, uri: str) -> list[object]:
    return list(world.evil.requests(uri.removeprefix(world.evil.base_url)))


async def test_case_62_an_actor_with_ten_thousand_other_names_is_none(world: World) -> None:
    actor = world.actor(world.evil)
    names = [f"{world.evil.base_url}/users/{n}" for n in range(10_000)]
    world.evil.serve(actor["id"].removeprefix(world.evil.base_url), actor | {"alsoKnownAs": names})
    like = world.activity(world.evil, "Like", world.ada, actor=actor["id"])
    await world.send(world.evil, like, key_id=f"{actor['id']}#main-key")
    assert await world.known(actor["id"]) is None


@pytest.mark.parametrize(
    "odd",
    [
        {"actor": ["{evil}", "{good}"]},
        {"actor": {"id": "{good}", "name": "x"}},
        {"actor": None},
        {"type": ["Create", "Delete"]},
        {"type": []},
        {"object": ["{evil}/notes/a"] * 1000},
        {"id": ["{evil}/a", "{evil}/b"]},
        {"id": "{good}/activities/103"},
    ],
)
async def test_case_103_what_can_be_read_in_two_ways_does_nothing(world: World, odd: dict[str, Any]) -> None:
    def filled(value: Any) -> Any:
        if isinstance(value, str):
            return value.format(evil=world.evil.actor_id, good=world.good.actor_id)
        if isinstance(value, list):
            return [filled(one) for one in value]
        return {k: filled(v) for k, v in value.items()} if isinstance(value, dict) else value

    note = world.note(world.good, content=FORGED, id=world.good.url("/notes/103"))
    world.good.routes.pop("/notes/103")
    activity = world.activity(world.evil, "Create", note) | {key: filled(value) for key, value in odd.items()}
    outcome = await world.send(world.evil, activity)
    assert outcome.status in (202, 400, 401, 403)
    assert outcome.state in ("", "refused", "ignored")
    assert await world.post(note["id"]) is None


async def test_case_105_a_header_about_collections_makes_us_drop_nobody(world: World) -> None:
    before = await world.count("SELECT count(*) FROM follows WHERE state = 'accepted'")
    header = f'collectionId="{world.good.actor_id}/followers", url="{world.evil.url("/sync")}", digest="{"0" * 64}"'
    note = world.activity(world.evil, "Create", world.note(world.evil))
    answer = await world.evil.post(world.inbox, note, headers={"Collection-Synchronization": header})
    await world.settled()
    assert answer.status == 202
    assert world.evil.requests("/sync") == []
    assert await world.count("SELECT count(*) FROM follows WHERE state = 'accepted'") == before


async def test_case_112_who_follows_is_a_number_only(world: World) -> None:
    for actor in ("ada", "hub"):
        for collection in (f"/actors/{actor}/followers", f"/actors/{actor}/following"):
            shown = await world.evil.get(world.hub.base_url + collection)
            assert shown.status == 200
            assert not {"items", "orderedItems", "first"} & set(shown.json)
            assert "/users/" not in shown.body.decode()
