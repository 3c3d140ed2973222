"""Tests of federation/build/actor.py: what others need to find, verify and follow us."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from federation.build.actor import document
from tests.federation.build.samples import ANA, HALL, HUB, URLS, an_actor

KEYED: dict[str, Any] = {
    "public_key": "-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----\n",
    "public_key_id": f"{HUB.uri}#main-key",
    "multikey": "z6Mkx",
    "multikey_id": f"{HUB.uri}#ed25519-key",
    "private_key": "SECRET RSA",
    "ed25519_private": "SECRET ED",
}
FULL = replace(
    HUB,
    **KEYED,
    display_name="Hub Bern",
    display_names={"de": "Hub Bern", "fr": "Hub Berne"},
    summary="<p>Cooperative</p>",
    fields=[{"name": "Web", "value": '<a href="https://coop.example" rel="me">coop.example</a>'}],
    icon_url=URLS.media("i.png"),
    banner_url=URLS.media("b.webp"),
    also_known_as=["https://old.example/users/hub"],
    locked=True,
    indexable=True,
)
MADE = document(FULL, URLS, place=HALL)


def test_the_hub_is_an_organization_with_all_that_others_need() -> None:
    assert (MADE["type"], MADE["id"], MADE["url"]) == ("Organization", HUB.uri, "https://hub.example/@hub")
    assert (MADE["preferredUsername"], MADE["webfinger"]) == ("hub", "hub@hub.example")
    assert (MADE["name"], MADE["nameMap"]) == ("Hub Bern", {"de": "Hub Bern", "fr": "Hub Berne"})
    for key in ("inbox", "outbox", "followers", "following", "featured"):
        assert MADE[key] == f"{HUB.uri}/{key}"
    assert MADE["upcomingEvents"] == f"{HUB.uri}/upcoming"
    assert MADE["endpoints"] == {"sharedInbox": "https://hub.example/inbox"}
    assert (MADE["manuallyApprovesFollowers"], MADE["discoverable"], MADE["indexable"]) == (True, True, True)
    assert (MADE["attributionDomains"], MADE["alsoKnownAs"]) == (["hub.example"], ["https://old.example/users/hub"])
    assert MADE["location"]["name"] == "Halle"


def test_both_keys_name_their_owner_and_the_actor_lists_them() -> None:
    assert MADE["publicKey"] == {
        "id": f"{HUB.uri}#main-key",
        "owner": HUB.uri,
        "publicKeyPem": KEYED["public_key"],
    }
    assert MADE["assertionMethod"] == [
        {
            "id": f"{HUB.uri}#ed25519-key",
            "type": "Multikey",
            "controller": HUB.uri,
            "publicKeyMultibase": "z6Mkx",
        }
    ]


def test_no_private_key_ever_leaves() -> None:
    assert "SECRET" not in json.dumps(MADE)


def test_keys_without_stored_ids_have_the_usual_ones() -> None:
    made = document(replace(FULL, public_key_id=None, multikey_id=None), URLS)
    assert made["publicKey"]["id"] == f"{HUB.uri}#main-key"
    assert made["assertionMethod"][0]["id"] == f"{HUB.uri}#ed25519-key"


def test_pictures_say_what_they_are() -> None:
    assert MADE["icon"] == {"type": "Image", "mediaType": "image/png", "url": "https://hub.example/media/i.png"}
    assert MADE["image"]["mediaType"] == "image/webp"


def test_profile_fields_are_property_values() -> None:
    assert MADE["attachment"] == [
        {"type": "PropertyValue", "name": "Web", "value": '<a href="https://coop.example" rel="me">coop.example</a>'}
    ]


def test_the_hub_names_itself_as_the_hub_and_others_name_it() -> None:
    assert MADE["coop:hub"] == MADE["id"]
    assert document(ANA, URLS)["coop:hub"] == HUB.uri


@pytest.mark.parametrize(
    ("role", "kind", "upcoming"),
    [
        ("member", "Person", True),
        ("area", "Service", True),
        ("group", "Group", True),
        ("log", "Service", False),
        ("instance", "Application", False),
    ],
)
def test_every_role_has_its_type_and_only_those_with_events_list_them(role: str, kind: str, upcoming: bool) -> None:
    uri = URLS.actor_of(role, "x")  # type: ignore[arg-type]
    made = document(an_actor("x", uri=uri, kind=kind, role_here=role), URLS)
    assert made["type"] == kind
    assert ("upcomingEvents" in made) is upcoming
    assert ("featured" in made) is (role != "instance")


def test_what_the_software_can_do_is_said_by_the_instance_and_through_it() -> None:
    instance = document(
        an_actor("hub.example", uri=URLS.instance_actor, role_here="instance", kind="Application"), URLS
    )
    (rfc9421,) = instance["implements"]
    assert rfc9421["href"] == "https://datatracker.ietf.org/doc/html/rfc9421"
    assert "generator" not in instance
    assert MADE["generator"] == {"type": "Application", "id": "https://hub.example/actor", "implements": [rfc9421]}
    assert instance["webfinger"] == "hub.example@hub.example"


def test_a_bare_actor_has_a_name_and_no_empty_pictures_or_keys() -> None:
    made = document(an_actor("ana"), URLS)
    assert made["name"] == "ana"
    assert not {"icon", "image", "publicKey", "assertionMethod", "nameMap", "movedTo", "location"} & set(made)


def test_an_actor_that_moved_says_where() -> None:
    assert document(replace(ANA, moved_to="https://new.example/a"), URLS)["movedTo"] == "https://new.example/a"


def test_a_name_is_a_plain_line() -> None:
    assert document(replace(ANA, display_name="Ana\n<b>"), URLS)["name"] == "Ana ‹b›"
