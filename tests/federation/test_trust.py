"""`federation/trust.py`: who may say what about whose things; the numbers are those of the security cases."""

from typing import Any

import pytest

from federation import read, trust
from federation.normalise import document
from schemas.objects import RemoteActivity

BOB, ALICE, EVIL = "https://good.example/u/bob", "https://good.example/u/alice", "https://evil.example/u/eve"
NOTE = "https://good.example/n/1"


def said(kind: str, actor: str = BOB, **rest: Any) -> RemoteActivity:
    """An activity as it is once read."""
    return read.activity(document({"type": kind, "actor": actor, "object": NOTE, **rest}))


def note(author: str = BOB, own_id: str = NOTE, **rest: Any) -> dict[str, Any]:
    """A Note as it comes in a Create."""
    return {"type": "Note", "id": own_id, "attributedTo": author, "content": "x", **rest}


def decision(signer: str, activity: RemoteActivity, **rest: Any) -> str:
    """What trust decides; every refusal has a reason."""
    verdict = trust.may_say(signer, activity, **rest)
    assert verdict.reason or verdict.decision == "take"
    return verdict.decision


def test_an_author_may_publish_change_and_delete_what_is_its_own() -> None:
    assert decision(BOB, said("Create", object=note())) == "take"
    assert decision(BOB, said("Update", object=note()), owner=BOB) == "take"
    assert decision(BOB, said("Delete"), owner=BOB) == "take"
    assert decision(BOB, said("Update", object={"type": "Person", "id": BOB})) == "take"


def test_an_object_without_an_author_is_its_senders() -> None:
    assert decision(BOB, said("Create", object={"type": "Note", "id": NOTE, "content": "x"})) == "take"


def test_of_several_authors_of_one_origin_each_may_publish() -> None:
    assert decision(BOB, said("Create", object=note([BOB, ALICE]))) == "take"  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["Create", "Update", "Invite"])
@pytest.mark.parametrize(
    "carried",
    [
        note(author=ALICE),
        note(author="https://good.example/u/x", own_id="https://good.example/n/2"),
        note(author=EVIL, own_id="https://good.example/n/2"),
        note(author=[BOB, EVIL]),  # type: ignore[arg-type]
        {"type": "Person", "id": ALICE},
        note(own_id="https://other.example/n/1"),
        note(own_id="https://good.example:444/n/1"),
        note(own_id="http://good.example/n/1"),
    ],
)
def test_case_1_what_is_not_the_senders_own_is_asked_of_its_origin(kind: str, carried: dict[str, Any]) -> None:
    assert decision(BOB, said(kind, object=carried)) == "refetch"


def test_case_1_a_thing_under_anothers_id_is_never_taken_from_the_sender() -> None:
    assert decision(EVIL, said("Create", EVIL, object=note(author=EVIL, own_id=NOTE))) == "refetch"


@pytest.mark.parametrize("kind", ["Create", "Delete", "Follow", "Like", "Announce", "Undo", "Move", "Flag"])
def test_case_9_nothing_is_done_on_the_word_of_another_signer(kind: str) -> None:
    assert decision(EVIL, said(kind, object=note())) == "refetch"


@pytest.mark.parametrize("kind", ["Update", "Delete"])
def test_cases_13_and_88_a_neighbour_on_the_same_host_changes_nothing(kind: str) -> None:
    assert decision(BOB, said(kind, object=note()), owner=ALICE) == "refetch"


def test_case_13_an_actor_is_not_updated_by_its_neighbour() -> None:
    assert decision(BOB, said("Update", object={"type": "Person", "id": ALICE})) == "refetch"


def test_an_id_of_another_origin_than_the_actor_is_refused() -> None:
    assert decision(EVIL, said("Like", EVIL, id="https://good.example/likes/1")) == "refuse"


def test_what_cannot_be_stored_under_an_id_is_refused() -> None:
    assert decision(BOB, said("Create", object={"type": "Note", "content": "x"})) == "refuse"
    assert decision(BOB, said("Delete", object={"type": "Tombstone"})) == "refuse"


def test_a_create_by_id_is_looked_up() -> None:
    assert decision(BOB, said("Create", object=NOTE)) == "refetch"


@pytest.mark.parametrize(
    "gone", [NOTE, {"type": "Tombstone", "id": NOTE}, {"type": "Note", "id": NOTE, "object": EVIL}]
)
def test_case_87_a_foreign_delete_is_confirmed_at_the_origin(gone: Any) -> None:
    assert decision(EVIL, said("Delete", EVIL, object=gone)) == "refetch"


@pytest.mark.parametrize("undone", ["Like", "Follow", "Announce", "Block"])
def test_case_89_nobody_undoes_what_another_did(undone: str) -> None:
    foreign = {"type": undone, "id": "https://good.example/a/1", "actor": ALICE, "object": NOTE}
    assert decision(BOB, said("Undo", object=foreign)) == "refuse"
    assert decision(EVIL, said("Undo", EVIL, object="https://good.example/a/1")) == "refuse"
    assert decision(BOB, said("Undo", object={**foreign, "actor": BOB})) == "take"
    assert decision(BOB, said("Undo", object="https://good.example/a/1")) == "take"
    assert decision(BOB, said("Undo", object={"type": undone, "id": "https://good.example/a/1"})) == "refuse"


@pytest.mark.parametrize("answer", ["Accept", "Reject"])
def test_case_90_only_the_followed_answers_a_follow(answer: str) -> None:
    follow = {"type": "Follow", "id": "https://hub.example/f/1", "actor": "https://hub.example/a", "object": ALICE}
    assert decision(BOB, said(answer, object=follow)) == "refuse"
    assert decision(ALICE, said(answer, ALICE, object=follow)) == "take"


def test_case_20_nobody_moves_another() -> None:
    moving = said("Move", EVIL, object=BOB, target=EVIL)
    assert decision(EVIL, moving) == "refuse"
    assert decision(BOB, said("Move", BOB, object=BOB, target=EVIL)) == "take"


@pytest.mark.parametrize("kind", ["Add", "Remove"])
def test_case_98_collections_of_other_origins_are_not_changed(kind: str) -> None:
    assert decision(EVIL, said(kind, EVIL, target=f"{BOB}/featured")) == "refuse"
    assert decision(EVIL, said(kind, EVIL)) == "refuse"
    assert decision(BOB, said(kind, target=f"{BOB}/featured")) == "take"


def test_case_92_a_boost_is_taken_but_not_the_foreign_post_inside() -> None:
    boost = said("Announce", EVIL, object=note(content="altered"))
    assert decision(EVIL, boost) == "take"
    assert boost.object is not None
    assert not trust.owns(EVIL, boost.object)
    assert trust.owns(BOB, boost.object)


def test_an_agreement_is_offered_in_ones_own_name() -> None:
    agreement = {"type": "Agreement", "id": f"{BOB}#agreement", "attributedTo": BOB}
    assert decision(BOB, said("Offer", object=agreement)) == "take"
    assert decision(BOB, said("Offer", object={**agreement, "attributedTo": ALICE})) == "refuse"
    assert decision(EVIL, said("Offer", EVIL, object={**agreement, "attributedTo": EVIL})) == "refuse"


def test_case_100_a_quote_is_asked_for_by_its_own_author() -> None:
    assert decision(BOB, said("QuoteRequest", instrument=NOTE)) == "take"
    assert decision(EVIL, said("QuoteRequest", EVIL, instrument=NOTE)) == "refuse"
    assert decision(BOB, said("QuoteRequest")) == "refuse"


@pytest.mark.parametrize("kind", ["Like", "Follow", "Block", "Join", "Leave", "EmojiReact", "Flag"])
def test_what_speaks_of_its_actor_only_is_taken(kind: str) -> None:
    assert decision(BOB, said(kind, object="https://hub.example/events/1")) == "take"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://good.example/x", "https://GOOD.example:443/x", True),
        ("https://good.example./x", "https://good.example/x", True),
        ("https://good.example/x", "https://good.example/X", False),
        ("https://user@good.example/x", "https://good.example/x", False),
        ("https://good.example/a/../x", "https://good.example/x", False),
        ("https://good.example/%2e%2e/x", "https://good.example/%2e%2e/x", False),
        ("acct:x@good.example", "acct:x@good.example", False),
    ],
)
def test_case_18_ids_are_compared_in_one_spelling(one: str, other: str, same: bool) -> None:
    assert trust.same_id(one, other) is same


def test_an_actor_owns_itself_and_its_parts_and_nothing_of_its_neighbour() -> None:
    assert trust.owns(BOB, BOB)
    assert trust.owns(BOB, f"{BOB}#main-key")
    assert not trust.owns(BOB, ALICE)
    assert not trust.owns(BOB, {"type": "Note", "attributedTo": [BOB]})
