"""The discovery documents this node serves, in the shapes that others read."""

import json
from typing import Any
from xml.etree import ElementTree

import msgspec

from schemas.discovery import (
    Coop,
    Geo,
    Metadata,
    NodeInfo,
    Software,
    Usage,
    Users,
    actor_jrd,
    as_version,
    host_meta,
    host_meta_jrd,
    nodeinfo_index,
    service_jrd,
    to_json,
)

HUB = "https://hub.example"
INFO = NodeInfo(
    version="2.1",
    software=Software(name="allmende", version="0.1.0", repository="https://code.example/allmende"),
    open_registrations=False,
    usage=Usage(users=Users(total=12, active_month=6, active_halfyear=9), local_posts=340, local_comments=80),
    metadata=Metadata(
        node_name="Hub Bern",
        node_description="Cooperative hub",
        languages=("de", "fr"),
        staff_accounts=(f"{HUB}/actors/hub",),
        coop=Coop(hub=f"{HUB}/actors/hub", known_hubs=f"{HUB}/hubs", topics=("housing",), geo=Geo(lat=46.95, lon=7.44)),
    ),
)


def read(document: msgspec.Struct) -> Any:
    return json.loads(to_json(document))


def test_webfinger_of_an_actor() -> None:
    jrd = actor_jrd(
        handle="hub@hub.example",
        actor=f"{HUB}/actors/hub",
        profile=f"{HUB}/@hub",
        subscribe=f"{HUB}/authorize_interaction?uri={{uri}}",
        intents={"Create": f"{HUB}/compose?inReplyTo={{inReplyTo}}&text={{content}}"},
    )
    assert read(jrd) == {
        "subject": "acct:hub@hub.example",
        "aliases": [f"{HUB}/@hub", f"{HUB}/actors/hub"],
        "links": [
            {"rel": "self", "type": "application/activity+json", "href": f"{HUB}/actors/hub"},
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": f"{HUB}/@hub"},
            {
                "rel": "http://ostatus.org/schema/1.0/subscribe",
                "template": f"{HUB}/authorize_interaction?uri={{uri}}",
            },
            {
                "rel": "https://w3id.org/fep/3b86/Create",
                "template": f"{HUB}/compose?inReplyTo={{inReplyTo}}&text={{content}}",
            },
        ],
    }


def test_webfinger_of_the_node_itself_names_the_instance_actor() -> None:
    assert read(service_jrd(resource=f"{HUB}/", instance_actor=f"{HUB}/actor")) == {
        "subject": f"{HUB}/",
        "links": [
            {
                "rel": "https://www.w3.org/ns/activitystreams#Service",
                "type": "application/activity+json",
                "href": f"{HUB}/actor",
            }
        ],
    }


def test_the_nodeinfo_index_names_both_versions_and_the_instance_actor() -> None:
    index = nodeinfo_index(
        addresses={"2.0": f"{HUB}/nodeinfo/2.0", "2.1": f"{HUB}/nodeinfo/2.1"}, instance_actor=f"{HUB}/actor"
    )
    assert read(index) == {
        "links": [
            {"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0", "href": f"{HUB}/nodeinfo/2.0"},
            {"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": f"{HUB}/nodeinfo/2.1"},
            {"rel": "https://www.w3.org/ns/activitystreams#Application", "href": f"{HUB}/actor"},
        ]
    }


def test_nodeinfo_2_1() -> None:
    assert read(INFO) == {
        "version": "2.1",
        "software": {"name": "allmende", "version": "0.1.0", "repository": "https://code.example/allmende"},
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": False,
        "usage": {
            "users": {"total": 12, "activeMonth": 6, "activeHalfyear": 9},
            "localPosts": 340,
            "localComments": 80,
        },
        "metadata": {
            "nodeName": "Hub Bern",
            "nodeDescription": "Cooperative hub",
            "languages": ["de", "fr"],
            "staffAccounts": [f"{HUB}/actors/hub"],
            "federation": {"enabled": True},
            "coop": {
                "hub": f"{HUB}/actors/hub",
                "knownHubs": f"{HUB}/hubs",
                "topics": ["housing"],
                "geo": {"lat": 46.95, "lon": 7.44},
            },
        },
    }


def test_nodeinfo_2_0_has_no_repository() -> None:
    older = read(as_version(INFO, "2.0"))
    assert older["version"] == "2.0"
    assert older["software"] == {"name": "allmende", "version": "0.1.0"}
    assert as_version(INFO, "2.1") == INFO


def test_host_meta_in_both_forms() -> None:
    template = f'{HUB}/.well-known/webfinger?resource={{uri}}&a="b"'
    (link,) = ElementTree.fromstring(host_meta(template))
    assert link.attrib == {"rel": "lrdd", "type": "application/jrd+json", "template": template}
    assert read(host_meta_jrd(template))["links"] == [link.attrib]
