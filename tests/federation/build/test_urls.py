"""Tests of federation/build/urls.py: the addresses that others keep never change."""

import pytest

from federation.build.urls import Urls

URLS = Urls("https://Hub.example/")


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (URLS.hub(), "/actors/hub"),
        (URLS.actor("ana"), "/actors/ana"),
        (URLS.profile("ana"), "/@ana"),
        (URLS.area("housing"), "/areas/housing"),
        (URLS.group("bench"), "/groups/bench"),
        (URLS.instance_actor, "/actor"),
        (URLS.shared_inbox, "/inbox"),
        (URLS.inbox("ana"), "/actors/ana/inbox"),
        (URLS.inbox(URLS.area("housing")), "/areas/housing/inbox"),
        (URLS.outbox("ana"), "/actors/ana/outbox"),
        (URLS.followers(URLS.instance_actor), "/actor/followers"),
        (URLS.main_key(URLS.hub()), "/actors/hub#main-key"),
        (URLS.thing("event", 17), "/events/17"),
        (URLS.thing("finding", 12), "/findings/12"),
        (URLS.thing("call", 9), "/calls/9"),
        (URLS.thing("post", 3), "/posts/3"),
        (URLS.thing("boost", 4), "/activities/4"),
        (URLS.activity(4), "/activities/4"),
        (URLS.place(8), "/places/8"),
        (URLS.context(17), "/contexts/17"),
        (URLS.tag("#Straßenfest"), "/tags/strassenfest"),
        (URLS.tag("日本"), "/tags/%E6%97%A5%E6%9C%AC"),
        (URLS.media("ab/cd.webp"), "/media/ab/cd.webp"),
        (URLS.replies(URLS.thing("event", 17)), "/events/17/replies"),
        (URLS.intent(URLS.thing("call", 9)), "/calls/9#primary"),
        (URLS.hubs, "/hubs"),
        (URLS.authorize_interaction, "/authorize_interaction"),
        (URLS.feed("events.ics"), "/events.ics"),
        (URLS.ns, "/ns/coop"),
    ],
)
def test_an_address_is_the_one_that_was_fixed(made: str, expected: str) -> None:
    assert made == "https://Hub.example" + expected


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("hub", "/actors/x"),
        ("member", "/actors/x"),
        ("log", "/actors/x"),
        ("area", "/areas/x"),
        ("group", "/groups/x"),
        ("instance", "/actor"),
    ],
)
def test_an_actor_is_addressed_by_what_it_is_for(role: str, path: str) -> None:
    assert URLS.actor_of(role, "x") == "https://Hub.example" + path  # type: ignore[arg-type]


def test_the_domain_keeps_a_port_that_is_not_the_default() -> None:
    assert Urls("http://127.0.0.1:8080").domain == "127.0.0.1:8080"
    assert URLS.domain == "hub.example"


@pytest.mark.parametrize(
    "uri", ["https://hub.example.evil/events/1", "https://other.example/", "", "https://Hub.exampl"]
)
def test_an_address_of_another_server_is_not_ours(uri: str) -> None:
    assert not URLS.ours(uri)


def test_an_address_below_the_base_is_ours() -> None:
    assert URLS.ours("https://Hub.example/events/1")


@pytest.mark.parametrize("name", ["../admin", "a/b", "a?b=c", "a#b"])
def test_a_name_cannot_leave_its_folder(name: str) -> None:
    made = URLS.tag(name)
    assert made.startswith("https://Hub.example/tags/")
    assert not set("/?#") & set(made.removeprefix("https://Hub.example/tags/"))
