"""`federation/read/tags.py`: hashtags, mentions, emoji, links and quotes."""

from typing import Any

import pytest

from schemas.limits import READ_EMOJI, READ_MENTIONS, TAGS

AP = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
QUOTED = "https://b.example/n/9"


def emoji(name: Any, url: Any = "https://a.example/b.png") -> dict[str, Any]:
    """A custom emoji."""
    return {"type": "Emoji", "name": name, "icon": {"type": "Image", "mediaType": "image/png", "url": url}}


@pytest.mark.parametrize(
    ("tag", "read"),
    [
        ({"type": "Hashtag", "name": "#Repair"}, ("repair",)),
        ({"type": "as:Hashtag", "name": "Straße"}, ("strasse",)),
        ("#bern", ("bern",)),
        ({"type": "Hashtag", "name": "#1234"}, ()),
        ({"type": "Hashtag", "name": '#"><img>'}, ()),
        ({"type": "Hashtag"}, ()),
        ({"name": "#test"}, ()),
    ],
)
def test_hashtags_have_one_form(thing: Any, tag: Any, read: Any) -> None:
    assert thing(tag=tag).tags == read


def test_mentions_are_ids(thing: Any) -> None:
    tags = [{"type": "Mention", "href": "https://B.example/bo", "name": "@bo"}, {"type": "Mention", "href": "acct:x"}]
    assert thing(tag=tags).mentions == ("https://b.example/bo",)


@pytest.mark.parametrize("name", ['x" onerror="', ":a b:", f":{'x' * 80}:", None, "::", "<img>"])
def test_case_68_emoji_with_anything_else_in_the_shortcode_are_dropped(thing: Any, name: Any) -> None:
    assert thing(tag=emoji(name)).emoji == ()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:image/svg+xml,x", 'https://a.example/" onerror="x', None, 5]
)
def test_case_68_emoji_without_a_web_address_are_dropped(thing: Any, url: Any) -> None:
    assert thing(tag=emoji(":x:", url)).emoji == ()


def test_emoji_are_a_shortcode_and_a_picture(thing: Any) -> None:
    assert thing(tag=[emoji(":blob:"), emoji("cat")]).emoji == (
        ("blob", "https://a.example/b.png"),
        ("cat", "https://a.example/b.png"),
    )


@pytest.mark.parametrize(
    "keys",
    [
        {"quote": QUOTED},
        {"quoteUrl": QUOTED},
        {"quoteUri": QUOTED},
        {"_misskey_quote": QUOTED},
        {"tag": {"type": "Link", "mediaType": AP, "href": QUOTED, "rel": "https://misskey-hub.net/ns#_misskey_quote"}},
    ],
)
def test_a_quote_is_read_in_its_five_spellings_and_is_no_link(thing: Any, keys: Any) -> None:
    found = thing(**keys)
    assert (found.quote, found.links) == (QUOTED, ())


def test_links_come_from_attachments_and_tags(thing: Any) -> None:
    found = thing(
        attachment={"type": "Link", "href": "https://c.example/", "name": "<b>Site</b>"},
        tag={"type": "Link", "mediaType": AP, "href": "https://d.example/g", "name": "Group", "rel": "x"},
    )
    assert [(one.url, one.name) for one in found.links] == [
        ("https://c.example/", "Site"),
        ("https://d.example/g", "Group"),
    ]
    assert thing(attachment={"type": "Link", "href": "payto://iban/DE7"}).links == ()


def test_case_63_tags_of_all_kinds_are_cut(thing: Any) -> None:
    many = range(330)
    tags = [{"type": "Hashtag", "name": f"#t{n}"} for n in many] + [emoji(f":e{n}:") for n in many]
    tags += [{"type": "Mention", "href": f"https://b.example/{n}"} for n in many]
    found = thing(tag=tags)
    assert (len(found.tags), len(found.emoji), len(found.mentions)) == (TAGS, READ_EMOJI, READ_MENTIONS)
