"""`federation/read/actor.py`: actors, their keys, and claims that are not theirs to make."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from federation import read
from federation.normalise import document
from federation.signatures.keys import load_public_key, make_ed25519_pair, make_rsa_pair, public_text
from schemas.limits import READ_ALIASES, READ_FIELDS
from schemas.objects import RemoteActor

ANA = "https://a.example/u/ana"

Reading = Callable[..., RemoteActor]


@cache
def rsa() -> str:
    """A public key as PEM."""
    return make_rsa_pair().public_pem


@cache
def multikey() -> str:
    """A public key as Multikey."""
    return public_text(load_public_key(make_ed25519_pair().public_pem))


@pytest.fixture
def actor() -> Reading:
    """Read an actor with these keys on top of what every actor has."""

    def reading(**keys: Any) -> RemoteActor:
        common = {"id": ANA, "type": "Person", "preferredUsername": "ana", "inbox": f"{ANA}/inbox"}
        return read.actor(document(common | keys), now=datetime(2026, 3, 1, tzinfo=UTC))

    return reading


def test_an_actor_is_read_with_all_that_describes_it(actor: Reading) -> None:
    found = actor(
        name="Ana <b>B</b>",
        nameMap={"de": "Änna"},
        summary="<p onclick=x>Hi</p>",
        url="https://a.example/@ana",
        endpoints={"sharedInbox": "https://a.example/inbox"},
        outbox=f"{ANA}/outbox",
        followers=f"{ANA}/followers",
        featured={"type": "Collection", "id": f"{ANA}/featured"},
        upcomingEvents=f"{ANA}/upcoming",
        manuallyApprovesFollowers="true",
        discoverable=True,
        attachment=[{"type": "PropertyValue", "name": "Web", "value": "<a href='https://x.example/'>x</a>"}],
        icon={"type": "Image", "url": "https://media.example/i.png"},
        published="2020-01-01T00:00:00Z",
        webfinger="acct:ana@A.example",
    )
    assert (found.id, found.kind, found.name, found.display_name) == (ANA, "Person", "ana", "Ana B")
    assert (found.display_names, found.summary, found.url) == ({"de": "Änna"}, "<p>Hi</p>", "https://a.example/@ana")
    assert (found.shared_inbox, found.featured, found.upcoming) == (
        "https://a.example/inbox",
        f"{ANA}/featured",
        f"{ANA}/upcoming",
    )
    assert (found.locked, found.discoverable, found.indexable) == (True, True, False)
    assert found.fields == (("Web", '<a href="https://x.example/" rel="nofollow noopener noreferrer">x</a>'),)
    assert (found.icon_url, found.webfinger) == ("https://media.example/i.png", "ana@a.example")
    assert found.published == datetime(2020, 1, 1, tzinfo=UTC)


def test_keys_are_those_that_name_the_actor(actor: Reading) -> None:
    key = {"id": f"{ANA}#main-key", "owner": ANA, "publicKeyPem": rsa()}
    other = {"id": f"{ANA}#ed", "type": "Multikey", "controller": ANA, "publicKeyMultibase": multikey()}
    found = actor(publicKey=[key], assertionMethod=other)
    assert (found.public_key_id, found.multikey_id, found.multikey) == (f"{ANA}#main-key", f"{ANA}#ed", multikey())
    assert found.public_key is not None
    assert found.public_key.strip() == rsa().strip()


@pytest.mark.parametrize(
    "changed",
    [
        {"owner": "https://a.example/u/bob"},
        {"owner": None},
        {"owner": "https://good.example/u/x"},
        {"id": "https://good.example/u/x#main-key"},
        {"id": None},
        {"publicKeyPem": "-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----"},
        {"publicKeyPem": None},
        {"controller": "https://a.example/u/bob"},
    ],
)
def test_case_8_a_key_that_is_not_the_actors_own_is_left_out(actor: Reading, changed: dict[str, Any]) -> None:
    key = {"id": f"{ANA}#main-key", "owner": ANA, "publicKeyPem": rsa()}
    found = actor(publicKey=key | changed)
    assert (found.public_key_id, found.public_key) == (None, None)


def test_case_8_a_key_with_two_owners_is_refused(actor: Reading) -> None:
    with pytest.raises(read.BadDocument, match=r"publicKey\.owner"):
        actor(publicKey={"id": f"{ANA}#main-key", "owner": [ANA, "https://good.example/u/x"], "publicKeyPem": rsa()})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "https://a.example/u/ana#x"),
        ("id", None),
        ("inbox", None),
        ("inbox", "https://victim.example/inbox"),
        ("inbox", "javascript:alert(1)"),
        ("preferredUsername", None),
        ("preferredUsername", "a\u202eb"),
        ("preferredUsername", "a b"),
        ("preferredUsername", "a@b.example"),
        ("preferredUsername", "a/b"),
        ("preferredUsername", "<script>"),
        ("preferredUsername", "x" * 3000),
        ("preferredUsername", "-"),
    ],
)
def test_an_actor_without_an_id_an_inbox_or_a_name_of_its_own_is_refused(actor: Reading, key: str, value: Any) -> None:
    with pytest.raises(read.BadDocument, match=key):
        actor(**{key: value})


def test_what_is_no_actor_is_unwanted(actor: Reading) -> None:
    with pytest.raises(read.Unwanted, match="Note"):
        actor(type="Note")
    with pytest.raises(read.Unwanted, match="gone"):
        actor(type="Tombstone")


@pytest.mark.parametrize("key", ["outbox", "followers", "following", "featured", "upcomingEvents"])
def test_collections_of_another_origin_are_left_out(actor: Reading, key: str) -> None:
    found = actor(**{key: "https://victim.example/c"}, endpoints={"sharedInbox": "https://victim.example/inbox"})
    assert getattr(found, {"upcomingEvents": "upcoming"}.get(key, key)) is None
    assert found.shared_inbox is None


@pytest.mark.parametrize("url", ["https://evil.example/@ana", "javascript:alert(1)", "data:text/html,x", None])
def test_case_19_a_page_elsewhere_is_not_linked(actor: Reading, url: Any) -> None:
    assert actor(url=url).url == ANA


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:image/png;base64,x", None, 5])
def test_case_19_a_picture_has_a_web_address_or_none(actor: Reading, url: Any) -> None:
    assert actor(icon={"type": "Image", "url": url}).icon_url is None


def test_a_name_may_come_from_the_preferred_handle(actor: Reading) -> None:
    assert actor(preferredUsername=None, webfinger="ana@a.example").name == "ana"


@pytest.mark.parametrize("written", ["ana", "ana@", "@", "a\u202eb@a.example", "x" * 500 + "@a.example", 5])
def test_case_72_an_odd_handle_is_no_handle(actor: Reading, written: Any) -> None:
    assert actor(webfinger=written).webfinger is None


def test_cases_62_and_63_other_names_and_fields_are_cut(actor: Reading) -> None:
    field = {"type": "PropertyValue", "name": "n", "value": "v"}
    found = actor(alsoKnownAs=[f"https://b.example/{number}" for number in range(300)], attachment=[field] * 300)
    assert (len(found.also_known_as), len(found.fields)) == (READ_ALIASES, READ_FIELDS)


@pytest.mark.parametrize(
    ("keys", "is_hub"),
    [
        ({"type": "Organization", "coop:hub": ANA}, True),
        ({"type": "Organization", "coop:hub": True}, True),
        ({"type": "Organization", "generator": {"type": "Application", "name": "Allmende"}}, True),
        ({"type": "Organization", "coop:hub": "https://a.example/u/other"}, False),
        ({"type": "Organization"}, False),
        ({"coop:hub": ANA}, False),
        ({"type": "Organization", "generator": "https://a.example/actor"}, False),
    ],
)
def test_a_hub_is_an_organization_that_names_itself(actor: Reading, keys: dict[str, Any], is_hub: bool) -> None:
    assert actor(**keys).is_hub is is_hub


def test_emoji_in_what_an_actor_is_called_are_read(actor: Reading) -> None:
    picture = {"type": "Image", "url": "https://peer.example/blob.png"}
    found = actor(name="Kim :blob:", tag=[{"type": "Emoji", "name": ":blob:", "icon": picture}])
    assert found.emoji == (("blob", "https://peer.example/blob.png"),)
