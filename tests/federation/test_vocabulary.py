"""`federation/vocabulary.py`: little-boxes' opinion, and that asking for it has no other effect."""

import copy
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from little_boxes import activitypub as boxes

from federation.read import BadDocument, Unwanted
from federation.terms import ACTORS, THINGS, VERBS
from federation.vocabulary import check

BO, ANA = "https://b.example/bo", "https://a.example/ana"
EVENT = "https://a.example/events/1"


def said(kind: str, carried: Any = EVENT, actor: str = BO, **rest: Any) -> dict[str, Any]:
    """A normalised activity."""
    return {"type": kind, "id": f"{actor}#1", "actor": actor, "object": carried, **rest}


def thing(kind: str, **rest: Any) -> dict[str, Any]:
    """Something embedded."""
    return {"type": kind, "id": f"{BO}/things/1", **rest}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_we_read_is_known_to_little_boxes_through_its_metaclass(verb: str) -> None:
    registered = boxes._ACTIVITY_CLS[boxes.ActivityType(verb)]
    assert issubclass(registered, boxes.BaseActivity)
    assert registered.ACTIVITY_TYPE.value == verb
    assert check(said(verb)).verb == verb


@pytest.mark.parametrize("kind", [*THINGS, *ACTORS])
def test_every_thing_and_actor_is_known_too(kind: str) -> None:
    assert boxes.ActivityType(kind) in boxes._ACTIVITY_CLS


@pytest.mark.parametrize("verb", ["View", "Travel", "BaseActivity", "Note", "Person", "", None, 5, ["Create"]])
def test_an_unknown_verb_is_unwanted(verb: Any) -> None:
    with pytest.raises(Unwanted, match="activity"):
        check(said("Create") | {"type": verb})


@pytest.mark.parametrize("kind", THINGS)
def test_everything_that_can_stand_in_a_timeline_may_be_created(kind: str) -> None:
    opinion = check(said("Create", thing(kind, attributedTo=[BO])))
    assert (opinion.about, opinion.effect) == (kind, "inbox_create")


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        *(("Create", kind) for kind in ("Place", "Person", "Like", "Tombstone", "ChatMessage")),
        ("Follow", "Note"),
        ("Accept", "Note"),
        ("Undo", "Create"),
        ("Undo", "Undo"),
        ("Undo", "Delete"),
        ("Like", "Person"),
        ("Join", "Note"),
        ("Offer", "Note"),
        ("Block", "Note"),
        ("TentativeAccept", "Follow"),
        ("Move", "Event"),
    ],
)
def test_what_a_verb_may_not_carry_is_unwanted(verb: str, kind: str) -> None:
    with pytest.raises(Unwanted, match=f"{verb} of {kind}"):
        check(said(verb, thing(kind, actor=BO, object=EVENT)))


@pytest.mark.parametrize(
    "broken", [said("Create", thing("Note")) | {"actor": ""}, said("Create", {"id": "x"}), said("Like", [EVENT, BO])]
)
def test_an_activity_without_an_actor_or_a_plain_object_is_bad(broken: dict[str, Any]) -> None:
    with pytest.raises(BadDocument):
        check(broken)


@pytest.mark.parametrize(
    "undone", ["Follow", "Like", "Announce", "Block", "EmojiReact", "Join", "Accept", "Offer", "Dislike"]
)
def test_case_89_an_undo_is_by_whoever_did_it(undone: str) -> None:
    own, foreign = thing(undone, actor=BO, object=ANA), thing(undone, actor=ANA, object=EVENT)
    assert check(said("Undo", own)).about == undone
    with pytest.raises(BadDocument, match="undoes"):
        check(said("Undo", foreign))


def test_an_opinion_that_is_remembered_is_not_taken_for_that_of_another_outline() -> None:
    for actor in (BO, ANA):
        follow = thing("Follow", actor=actor, object="https://c.example/cy")
        assert check(said("Undo", follow, actor)).effect == "undo_new_follower"
        with pytest.raises(BadDocument):
            check(said("Undo", follow, "https://d.example/dee"))
        with pytest.raises(Unwanted):
            check(said("Undo", thing("Note", actor=actor, object=EVENT), actor))


def test_an_embedded_follow_without_an_id_can_be_undone() -> None:
    assert check(said("Undo", {"type": "Follow", "actor": BO, "object": ANA})).effect == "undo_new_follower"


@pytest.mark.parametrize("answer", ["Accept", "Reject"])
def test_case_90_a_follow_is_answered_by_whom_it_asks_for(answer: str) -> None:
    assert check(said(answer, thing("Follow", actor=ANA, object=BO))).about == "Follow"
    with pytest.raises(BadDocument, match="answers"):
        check(said(answer, thing("Follow", actor=ANA, object=ANA)))


@pytest.mark.parametrize(
    ("verb", "about"),
    [
        ("Accept", "Event"),
        ("Accept", "Invite"),
        ("Accept", "Join"),
        ("Accept", "Offer"),
        ("Accept", "QuoteRequest"),
        ("Reject", "Event"),
        ("TentativeAccept", "Event"),
        ("TentativeReject", "Invite"),
        ("Ignore", "Join"),
    ],
)
def test_what_an_answer_is_about_is_told(verb: str, about: str) -> None:
    assert check(said(verb, thing(about, actor=ANA, object=EVENT))).about == about


def test_what_is_only_named_is_looked_up_among_the_known_and_else_missed() -> None:
    assert check(said("Undo", f"{BO}/likes/1")).missing == (f"{BO}/likes/1",)
    known = {f"{BO}/likes/1": {"type": "Like", "actor": BO, "object": EVENT}, EVENT: {"type": "Event", "id": EVENT}}
    assert check(said("Undo", f"{BO}/likes/1"), known).effect == "undo_inbox_like"
    assert check(said("TentativeAccept", EVENT), known).about == "Event"
    with pytest.raises(BadDocument, match="undoes"):
        check(said("Undo", f"{BO}/likes/1", actor=ANA), known)
    with pytest.raises(Unwanted):
        check(said("TentativeAccept", EVENT), {EVENT: {"type": "Note"}})


def test_a_report_may_be_about_several_things() -> None:
    assert check(said("Flag", [ANA, EVENT])).effect == "inbox_flag"


def test_a_document_is_never_changed(capsys: pytest.CaptureFixture[str]) -> None:
    doc = said("Create", thing("Note", content="x", tag=[]), **{"@context": ["https://www.w3.org/ns/activitystreams"]})
    before = copy.deepcopy(doc)
    check(doc)
    assert doc == before
    assert capsys.readouterr() == ("", "")


def test_checks_in_several_threads_do_not_meet() -> None:
    def one(number: int) -> tuple[str, ...] | str | None:
        known = {f"{BO}/{number}": {"type": "Like", "actor": BO, "object": EVENT}} if number % 2 else {}
        opinion = check(said("Undo", f"{BO}/{number}"), known)
        return opinion.missing or opinion.about

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(one, range(200)))
    assert found == ["Like" if number % 2 else (f"{BO}/{number}",) for number in range(200)]


def test_asking_opens_no_connection_and_importing_prints_nothing() -> None:
    program = (
        "import sys\n"
        "calls = {'socket.connect', 'socket.getaddrinfo', 'socket.gethostbyname', 'socket.sendto'}\n"
        "sys.addaudithook(lambda event, _: event in calls and sys.exit(event))\n"
        "from federation.vocabulary import check\n"
        f"check({said('Create', thing('Note', attributedTo=[BO]))!r})\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
