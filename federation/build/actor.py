"""Our actors as others see them: the hub is an Organization, members are Persons, areas and the log Services, groups
Groups, the instance an Application."""

from mimetypes import guess_type

import msgspec

from federation.build import parts
from federation.build.lines import title
from federation.build.parts import Document
from federation.build.urls import Urls
from schemas.records import Actor
from schemas.things import Place
from schemas.times import utc_text

IMPLEMENTS = [
    {"href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421: HTTP Message Signatures"},
]
"""What others could not guess from our documents (FEP-844e)."""

_WITH_EVENTS = ("hub", "member", "area", "group")


def document(actor: Actor, urls: Urls, *, place: Place | None = None) -> Document:
    """The document of a local actor. `place`: where it is at home. Private keys never enter. One that is suspended
    says so (Mastodon hides it then) and keeps its keys, but says nothing of itself."""
    if actor.suspended_at:
        actor, place = _silent(actor), None
    told = (
        parts.at_context("place", "actor")
        | {"id": actor.uri, "type": _type(actor), "preferredUsername": actor.name}
        | {"webfinger": f"{actor.name}@{urls.domain}"}
        | _names(actor)
        | {"url": actor.url}
        | _collections(actor, urls)
        | _switches(actor)
        | {"attributionDomains": [urls.domain, *actor.attribution_domains], "alsoKnownAs": list(actor.also_known_as)}
        | ({"movedTo": actor.moved_to} if actor.moved_to else {})
        | _images(actor)
        | ({"location": parts.place(place)} if place else {})
        | {"attachment": [_field(one["name"], one["value"]) for one in actor.fields]}
        | _keys(actor, urls)
        | _software(actor, urls)
        | ({"suspended": True} if actor.suspended_at else {})
    )
    return told | {"coop:hub": urls.hub()}


def _silent(actor: Actor) -> Actor:
    return msgspec.structs.replace(
        actor, display_name="", display_names={}, summary="", fields=[], icon_url=None, banner_url=None
    )


def _type(actor: Actor) -> str:
    """A program that posts as a member is a Service: that is how others know it."""
    return "Service" if actor.bot and actor.kind == "Person" else actor.kind


def _names(actor: Actor) -> Document:
    told: Document = {"name": title(actor.display_name or actor.name)}
    if actor.display_names:
        told["nameMap"] = {language: title(name) for language, name in actor.display_names.items()}
    return told | {"summary": actor.summary}


def _collections(actor: Actor, urls: Urls) -> Document:
    told: Document = {
        "inbox": actor.inbox,
        "outbox": actor.outbox or urls.outbox(actor.uri),
        "followers": actor.followers or urls.followers(actor.uri),
        "following": actor.following or urls.following(actor.uri),
    }
    if actor.role_here != "instance":
        told["featured"] = actor.featured or urls.featured(actor.uri)
    if actor.role_here in _WITH_EVENTS:
        told["upcomingEvents"] = actor.upcoming or urls.upcoming(actor.uri)
    return told | {"endpoints": {"sharedInbox": urls.shared_inbox}}


def _switches(actor: Actor) -> Document:
    return {
        "manuallyApprovesFollowers": actor.locked,
        "discoverable": actor.discoverable,
        "indexable": actor.indexable,
        "published": utc_text(actor.published_at or actor.created_at),
        "updated": utc_text(actor.updated_at),
    }


def _images(actor: Actor) -> Document:
    told: Document = {}
    if actor.icon_url:
        told["icon"] = _image(actor.icon_url)
    if actor.banner_url:
        told["image"] = _image(actor.banner_url)
    return told


def _image(url: str) -> Document:
    kind, _ = guess_type(url)
    return {"type": "Image"} | ({"mediaType": kind} if kind else {}) | {"url": url}


def _field(name: str, value: str) -> Document:
    """A profile field; `value` is sanitised HTML."""
    return {"type": "PropertyValue", "name": name, "value": value}


def _keys(actor: Actor, urls: Urls) -> Document:
    """RSA for everyone, Ed25519 beside it (FEP-521a); both name their owner, and the actor lists both."""
    told: Document = {}
    if actor.public_key:
        told["publicKey"] = {
            "id": actor.public_key_id or urls.main_key(actor.uri),
            "owner": actor.uri,
            "publicKeyPem": actor.public_key,
        }
    if actor.multikey:
        told["assertionMethod"] = [
            {
                "id": actor.multikey_id or urls.ed25519_key(actor.uri),
                "type": "Multikey",
                "controller": actor.uri,
                "publicKeyMultibase": actor.multikey,
            }
        ]
    return told


def _software(actor: Actor, urls: Urls) -> Document:
    """What our software can do: on the instance actor itself, and on all others through `generator` (FEP-844e)."""
    if actor.role_here == "instance":
        return {"implements": IMPLEMENTS}
    return {"generator": {"type": "Application", "id": urls.instance_actor, "implements": IMPLEMENTS}}
