"""Tests of our documents against every narrow reader, and of the readers' rules themselves."""

import copy
import json
from typing import Any

import msgspec
import pytest

from federation.build.thing import thing
from schemas.records import Post
from tests.federation.build.readers import (
    OF_EVENTS,
    OF_THINGS,
    Document,
    complaints,
    gotosocial,
    mastodon,
    mastodon_status,
)
from tests.federation.build.samples import (
    FULL_EVENT,
    LATER,
    URLS,
    a_call,
    a_finding,
    an_event,
    every_event,
    every_other_thing,
    in_languages,
)

EVENTS = every_event()
OTHERS = every_other_thing()


def as_sent(post: Post) -> Document:
    """The document after the wire: what msgspec wrote, read by another JSON library."""
    sent: Document = json.loads(msgspec.json.encode(thing(post, URLS)))
    return sent


def test_every_event_is_read_whole_by_every_narrow_reader() -> None:
    found = {index: said for index, post in enumerate(EVENTS) if (said := complaints(as_sent(post)))}
    assert not found
    assert len(EVENTS) > 300


def test_everything_else_is_read_whole_by_every_reader_of_posts() -> None:
    found = {index: said for index, post in enumerate(OTHERS) if (said := complaints(as_sent(post)))}
    assert not found


GOOD = as_sent(an_event(FULL_EVENT, updated_at=LATER))


def changed(**fields: Any) -> Document:
    made = copy.deepcopy(GOOD)
    made.update(fields)
    return made


def without(key: str) -> Document:
    return {name: value for name, value in GOOD.items() if name != key}


def located(**fields: Any) -> Document:
    return changed(location=GOOD["location"] | fields)


BAD_IMAGE_ORDER = [GOOD["attachment"][1], GOOD["attachment"][0]]
PROPERTY = {"type": "PropertyValue", "name": "x", "value": "y"}

BROKEN = [
    ("Mobilizon", without("id"), "id missing"),
    ("Mobilizon", without("name"), "name missing"),
    ("Mobilizon", without("startTime"), "startTime missing"),
    ("Mobilizon", changed(actor=None, attributedTo=None), "no organiser"),
    ("Mobilizon", changed(location=[GOOD["location"]]), "location is no object"),
    ("Mobilizon", located(address="Gasse 1"), "address is no object"),
    ("Mobilizon", located(latitude="46.95"), "latitude is no float"),
    ("Mobilizon", located(longitude=7), "longitude is no float"),
    ("Mobilizon", changed(image=[GOOD["image"]]), "image is an array"),
    ("Mobilizon", changed(joinMode="none"), "joinMode unknown"),
    ("Mobilizon", changed(category=["MEETING"]), "category unknown"),
    ("Mobilizon", changed(category="DIY_MAKER_SPACES"), "category unknown"),
    ("Mobilizon", changed(status="EventScheduled"), "status unknown"),
    ("Mobilizon", changed(to="https://hub.example"), "to is no list"),
    ("Mobilizon", changed(contacts=None), "contacts is no list"),
    ("Mobilizon", changed(content=None), "content is no text"),
    ("Mobilizon", changed(attachment=[{"url": "x"}]), "attachment without type"),
    ("Mobilizon", changed(attachment=[GOOD["image"]]), "banner not found"),
    ("Gancio", without("id"), "id missing"),
    ("Gancio", without("name"), "name missing"),
    ("Gancio", without("startTime"), "startTime missing"),
    ("Gancio", changed(attachment=GOOD["attachment"][0]), "attachment is no list"),
    ("Gancio", without("tag"), "tag is no list"),
    ("Gancio", changed(attachment=[{"type": "Link"}, GOOD["attachment"][0]]), "attachment without mediaType"),
    ("Gancio", changed(attachment=BAD_IMAGE_ORDER), "the first attachment is not the image"),
    ("Gancio", changed(tag=[{"type": "Hashtag"}]), "tag without name"),
    *[("PieFed", without(key), f"{key} absent") for key in ("startTime", "endTime", "feeAmount", "onlineLink")],
    ("PieFed", changed(image="https://hub.example/m.jpg"), "image is no object with url"),
    ("PieFed", changed(attachment=[{"url": "x"}]), "attachment without type"),
    ("Friendica", without("startTime"), "no startTime"),
    ("Friendica", changed(startTime="2026-03-07T14:00:00"), "startTime without offset"),
    ("WP Event Bridge", without("name"), "name missing"),
    ("WP Event Bridge", without("startTime"), "startTime missing"),
    ("WP Event Bridge", located(address={"street": "x"}), "address cannot be read"),
    ("WP Event Bridge", changed(image="x", attachment=[]), "picture not found"),
    ("Pleroma", changed(type=["Event"]), "type is no string"),
    ("Pleroma", changed(url=[GOOD["url"]]), "url is no string"),
    ("Pleroma", changed(actor="https://hub.example/actors/ana"), "actor is not attributedTo"),
    ("Pleroma", changed(attachment=[*GOOD["attachment"], PROPERTY]), "attachment of type PropertyValue"),
    ("Pleroma", changed(tag=GOOD["tag"][0]), "tag is no list"),
    ("Pleroma", changed(tag=[{"type": "Link", "href": "x"}]), "Link tag without"),
    ("Misskey", changed(type=["Event", "Note"]), "type is no string"),
    ("Misskey", changed(url="http://hub.example/e/1"), "url is no https address"),
    ("Misskey", changed(url="https://www.hub.example/e/1"), "url is no https address"),
    ("Lemmy", changed(type=["Event"]), "type is no string"),
    ("Lemmy", changed(attributedTo=[GOOD["attributedTo"]]), "attributedTo is no string"),
    ("Lemmy", changed(attachment=[{"type": "Document"}]), "the first attachment has no address"),
    ("GoToSocial", changed(updated="2026-02-28T10:00:00Z"), "updated before published"),
    ("GoToSocial", changed(attributedTo="https://x.example/a"), "id on another host"),
    ("Mastodon", changed(attributedTo="https://x.example/a"), "id on another host"),
    ("Mastodon", changed(type="Proposal"), "type is dropped"),
    ("Mastodon", changed(type="Note"), "a Note with a name is a vote"),
    ("Mastodon", changed(url=[{"href": "x"}]), "url is no string"),
    ("Mastodon", changed(name=""), "no title"),
    ("Mastodon", changed(name="a <b>b</b>"), "markup in name or summary"),
    ("Mastodon", changed(summary="a &lt;b&gt;"), "markup in name or summary"),
    ("Mastodon", changed(summary="Q & A"), "summary is not one neutral line"),
    ("Mastodon", changed(summary="a\nb"), "summary is not one neutral line"),
    ("Mastodon", changed(nameMap={"en": GOOD["name"], "de": "x"}), "the maps begin with different languages"),
    ("Mastodon", changed(content="<p>other</p>"), "content is not the first of contentMap"),
    ("Mastodon", changed(content="x" * 2**20), "larger than 1 MiB"),
]


@pytest.mark.parametrize(("reader", "document", "complaint"), BROKEN)
def test_a_reader_complains_of_what_it_cannot_read(reader: str, document: Document, complaint: str) -> None:
    said = list((OF_EVENTS | OF_THINGS)[reader](document))
    assert any(one.startswith(complaint) for one in said), said


def test_each_reader_is_held_against_something_it_refuses() -> None:
    assert {reader for reader, _, _ in BROKEN} == set(OF_EVENTS) | set(OF_THINGS)


def test_an_event_becomes_a_status_that_says_all_one_must_know() -> None:
    status = mastodon_status(GOOD)
    assert status.text == (
        "Repair-Café\n\n"
        "Sa., 7. März 2026, 14:00–17:00 Uhr (Europe/Zurich) · Halle, Gasse 1, 3011 Bern · Online · Bring Kaputtes mit."
        "\n\nhttps://hub.example/events/17"
    )
    assert (status.language, status.spoiler, status.visibility) == ("de", "", "public")
    assert status.media == ("A bench with tools",)


def test_a_cancelled_event_says_so_first() -> None:
    cancelled = an_event(msgspec.structs.replace(FULL_EVENT, status="cancelled"), versions=in_languages("fr", "en"))
    status = mastodon_status(as_sent(cancelled))
    assert status.text.startswith("Annulé : Repair café\n\nAnnulé : sam. 7 mars 2026")
    assert status.language == "fr"


def test_a_finding_becomes_title_abstract_and_link() -> None:
    status = mastodon_status(as_sent(a_finding(versions=in_languages("en", "de"))))
    assert status.text == "Repair café\n\nBring what is broken.\n\nhttps://hub.example/findings/12"


def test_a_call_becomes_a_status_with_everything_in_it() -> None:
    status = mastodon_status(as_sent(a_call(versions=in_languages("en"))))
    for part in ("Call: Repair café", "Bring it.", "carpentry, planning", "20 hours", "15 Apr 2026", "#<span>CoopCall"):
        assert part in status.text
    assert (status.language, status.spoiler) == ("en", "")


@pytest.mark.parametrize(
    ("audience", "visibility"),
    [("public", "public"), ("unlisted", "unlisted"), ("followers", "private"), ("direct", "direct")],
)
def test_mastodon_shows_a_thing_to_whom_it_is_for(audience: str, visibility: str) -> None:
    assert mastodon_status(as_sent(an_event(audience=audience))).visibility == visibility


def test_something_edited_in_the_second_it_was_published_was_not_updated_before() -> None:
    odd = an_event(updated_at=an_event().published_at.replace(year=2025))
    assert list(gotosocial(as_sent(odd))) == []
    assert list(mastodon(as_sent(odd))) == []
