"""`federation/read/media.py`: media from attachments, flyers and files, and what is none."""

from typing import Any

import pytest

from schemas.limits import ATTACHMENTS, READ_ALT_CHARS

IMAGE = "https://media.example/i.png"


def only(found: Any) -> Any:
    """The one attachment."""
    (one,) = found.attachments
    return one


def test_a_medium_is_read_with_all_that_describes_it(thing: Any) -> None:
    told = {
        "type": "Document",
        "mediaType": "image/jpeg; q=1",
        "url": IMAGE,
        "name": "A <b>cow</b>",
        "width": 640,
        "height": "480",
    }
    told |= {
        "blurhash": "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH",
        "focalPoint": [0.5, -0.5],
        "icon": {"type": "Image", "url": IMAGE},
    }
    one = only(thing(attachment=told))
    assert (one.url, one.media_type, one.alt, one.width, one.height) == (IMAGE, "image/jpeg", "A cow", 640, 480)
    assert (one.blurhash, one.focus, one.preview_url) == (told["blurhash"], (0.5, -0.5), IMAGE)


@pytest.mark.parametrize(
    ("told", "media_type"),
    [
        ({"type": "Image", "url": IMAGE}, "image/png"),
        ({"type": "Image", "url": "https://media.example/i"}, "image/*"),
        ({"url": IMAGE}, "image/png"),
        ({"type": "Document", "url": "https://media.example/x"}, "application/octet-stream"),
        ({"type": "Image", "url": {"type": "Link", "href": IMAGE}}, "image/png"),
        ({"type": "Image", "url": [{"type": "Link", "href": IMAGE, "mediaType": "image/png"}]}, "image/png"),
        ({"type": "Document", "href": IMAGE}, "image/png"),
        ({"type": "Image", "url": IMAGE, "mediaType": "<script>"}, "image/png"),
    ],
)
def test_a_medium_is_found_in_all_its_shapes(thing: Any, told: Any, media_type: str) -> None:
    assert only(thing(attachment=told)).media_type == media_type


@pytest.mark.parametrize(
    "told",
    [
        {"type": "Image", "url": "javascript:alert(1)"},
        {"type": "Image", "url": "data:image/png;base64,x"},
        {"type": "Image"},
        {"type": "Note", "name": "n", "url": IMAGE},
        {"type": "Recipe", "url": IMAGE},
        {"type": "PropertyValue", "name": "x", "value": "y"},
        {"type": "Link", "href": IMAGE},
        {"type": "Document", "url": {"type": "Link", "href": IMAGE, "mediaType": "text/html"}},
        5,
    ],
)
def test_case_81_what_is_no_medium_is_left_out(thing: Any, told: Any) -> None:
    assert thing(attachment=told).attachments == ()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("blurhash", '"><img src=x>'), ("blurhash", "U" * 500)),
        *(("focalPoint", [2, 0]), ("focalPoint", [0]), ("focalPoint", "x")),
        *(("width", -1), ("width", 10**9), ("height", "tall")),
    ],
)
def test_details_that_cannot_be_are_not_said(thing: Any, key: str, value: Any) -> None:
    one = only(thing(attachment={"type": "Image", "url": IMAGE, key: value}))
    assert (one.blurhash, one.focus, one.width, one.height) == (None, None, None, None)


def test_a_description_is_the_summary_before_the_name(thing: Any) -> None:
    told = {"type": "Image", "url": IMAGE, "name": "n", "summary": "<i>s</i>"}
    assert only(thing(attachment=told)).alt == "s"
    assert len(only(thing(attachment=told | {"summary": "s" * 20_000})).alt) == READ_ALT_CHARS


def test_a_flyer_comes_first_unless_it_is_attached_too(event: Any) -> None:
    flyer, other = {"type": "Image", "url": IMAGE}, {"type": "Image", "url": "https://media.example/o.png"}
    assert [one.url for one in event(image=flyer, attachment=[other]).attachments] == [IMAGE, other["url"]]
    assert [one.url for one in event(image=flyer, attachment=[other, flyer]).attachments] == [other["url"], IMAGE]


def test_a_video_is_its_own_medium(thing: Any) -> None:
    links = [
        {"type": "Link", "mediaType": "text/html", "href": "https://a.example/w/1"},
        {"type": "Link", "mediaType": "video/mp4", "href": "https://a.example/v.mp4", "height": 720},
    ]
    found = thing(type="Video", name="Film", url=links)
    assert (only(found).url, only(found).media_type, found.url) == (
        "https://a.example/v.mp4",
        "video/mp4",
        "https://a.example/w/1",
    )


def test_case_63_media_are_cut(thing: Any) -> None:
    many = [{"type": "Image", "url": f"https://media.example/{number}.png"} for number in range(200)]
    assert len(thing(attachment=many).attachments) == ATTACHMENTS
