"""`federation/read/activity.py`: who does what to what."""

from typing import Any

import pytest

from federation import read
from federation.normalise import document
from schemas.limits import READ_FLAGGED, READ_MESSAGE_CHARS
from schemas.objects import RemoteActivity

BO, EVENT = "https://b.example/u/bo", "https://a.example/e/1"


def said(**keys: Any) -> RemoteActivity:
    """Read an activity with these keys on top of what every activity has."""
    return read.activity(document({"type": "Like", "id": f"{BO}#likes/1", "actor": BO, "object": EVENT} | keys))


def test_an_activity_has_an_actor_and_an_object() -> None:
    found = said(to="as:Public", cc=[EVENT, "no address"], published="2026-03-01T10:00:00Z")
    assert (found.type, found.id, found.actor, found.object_id, found.object) == (
        "Like",
        f"{BO}#likes/1",
        BO,
        EVENT,
        None,
    )
    assert (found.to, found.cc) == (("https://www.w3.org/ns/activitystreams#Public",), (EVENT,))
    assert found.published is not None


def test_an_embedded_object_keeps_its_id() -> None:
    found = said(object={"type": "Event", "id": EVENT})
    assert (found.object_id, found.object) == (EVENT, {"type": "Event", "id": EVENT})
    assert said(id=None, object={"type": "Follow", "actor": BO, "object": EVENT}).object_id is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("type", None),
        ("actor", None),
        ("actor", "acct:bo@b.example"),
        ("actor", "https://bo@b.example/"),
        ("actor", []),
        ("actor", {}),
        ("id", "tag:b.example,2026:1"),
        ("object", None),
        ("object", []),
        ("object", [EVENT, BO]),
        ("object", "urn:x"),
        ("object", {"type": "Note", "id": "file:///etc/passwd"}),
    ],
)
def test_case_103_what_has_no_plain_type_actor_or_object_is_refused(key: str, value: Any) -> None:
    with pytest.raises(read.BadDocument, match=key):
        said(**{key: value})


def test_an_activity_may_be_without_an_id() -> None:
    assert said(id=None).id is None


def test_a_report_lists_what_it_is_about() -> None:
    found = said(type="Flag", object=[BO, {"type": "Note", "id": EVENT}, BO, "x"], content="<b>spam</b>")
    assert (found.objects, found.object_id, found.object, found.content) == ((BO, EVENT), None, None, "spam")
    assert said(type="Flag").objects == (EVENT,)
    with pytest.raises(read.BadDocument, match="object"):
        said(type="Flag", object=["x"])


def test_case_99_a_long_report_is_cut() -> None:
    found = said(type="Flag", object=[f"https://a.example/{n}" for n in range(900)], content="x" * 9000)
    assert (len(found.objects), len(found.content or "")) == (READ_FLAGGED, READ_MESSAGE_CHARS)


def test_an_emoji_reaction_is_read_in_both_spellings() -> None:
    tag = {"type": "Emoji", "name": ":blob:"}
    assert said(content=":blob:", tag=tag).content == said(_misskey_reaction=":blob:").content == ":blob:"
    assert said(tag=tag).tag == ({"type": "Emoji", "name": ":blob:"},)


def test_a_message_comes_with_a_wish_to_join() -> None:
    assert said(type="Join", participationMessage="two <b>people</b>").message == "two people"


def test_answers_carry_their_result_by_id_or_embedded() -> None:
    assert said(type="Accept", result="https://a.example/stamps/1").result == {"id": "https://a.example/stamps/1"}
    assert said(type="Accept", result={"type": "Agreement", "id": EVENT}).result == {"type": "Agreement", "id": EVENT}
    assert said(type="Accept", result={"type": "Agreement"}).result is None


def test_targets_and_instruments_are_ids() -> None:
    found = said(
        type="Add", target={"type": "Collection", "id": f"{BO}/featured"}, instrument={"id": EVENT}, origin="x"
    )
    assert (found.target, found.instrument, found.origin) == (f"{BO}/featured", EVENT, None)
