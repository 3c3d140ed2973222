"""`federation/read/text.py`: language versions, their order and their safety."""

from typing import Any

import pytest

from schemas.limits import READ_CONTENT_CHARS, READ_LINE_CHARS, VERSIONS


def told(found: Any) -> list[tuple[str, str]]:
    """Languages and texts in order."""
    return [(version.language, version.content) for version in found.versions]


@pytest.mark.parametrize(
    ("keys", "read"),
    [
        ({"content": "x"}, [("und", "x")]),
        ({"content": "x", "inLanguage": "de"}, [("de", "x")]),
        ({"content": "x", "language": {"identifier": "fr", "name": "Français"}}, [("fr", "x")]),
        ({"content": "x", "@context": [{"@language": "de"}]}, [("de", "x")]),
        ({"content": "x", "@context": [{"@language": "und"}]}, [("und", "x")]),
        ({"content": "b", "contentMap": {"de": "a", "en": "b"}}, [("en", "b"), ("de", "a")]),
        ({"content": None, "contentMap": {"fr": "c", "de": "a"}}, [("fr", "c"), ("de", "a")]),
        ({"content": "x", "contentMap": {"de": "a"}}, [("und", "x"), ("de", "a")]),
        ({"content": "x", "contentMap": {"de": "a"}, "inLanguage": "en"}, [("en", "x"), ("de", "a")]),
        ({"content": "x", "contentMap": {"DE_at": "x", "nonsense!": "y", "en": None}}, [("de-AT", "x")]),
        ({"content": "x", "contentMap": ["x"]}, [("und", "x")]),
    ],
)
def test_the_primary_language_is_the_one_whose_text_stands_alone_too(
    thing: Any, keys: dict[str, Any], read: Any
) -> None:
    found = thing(**keys)
    assert told(found) == read
    assert found.language == (None if read[0][0] == "und" else read[0][0])


def test_a_text_that_a_language_lacks_is_the_unmapped_one(thing: Any) -> None:
    found = thing(type="Article", name="Title", content="a", contentMap={"de": "a", "en": "b"}, summaryMap={"en": "s"})
    assert [(one.name, one.summary) for one in found.versions] == [("Title", "s"), ("Title", "s")]


def test_a_title_that_matches_no_language_hides_no_text(thing: Any) -> None:
    found = thing(type="Article", name="Title", nameMap={"de": "Titel"}, content=None, contentMap={"de": "a"})
    assert told(found) == [("und", "a"), ("de", "a")]


def test_case_73_every_language_is_cleaned(thing: Any) -> None:
    found = thing(
        content="<script>x</script>ok",
        contentMap={"de": "<img src=x onerror=alert(1)>ok", "en": "<script>x</script>ok"},
        nameMap={"de": "<b>N\u202e</b>"},
        summaryMap={"de": "&lt;script&gt;s"},
        type="Article",
    )
    for version in found.versions:
        assert version.content == "ok"
        assert not {"<", "\u202e"} & set(version.name + version.summary)


def test_the_words_of_a_sister_hub_come_before_what_it_composed_for_others(thing: Any) -> None:
    own = {
        "de": {"name": "Fest", "summary": "Kurz", "content": "<p>Lang<script>x</script></p>"},
        "en": {"name": "Party"},
    }
    found = thing(
        type="Article", name="Abgesagt: Fest", content="composed", **{"coop:versions": own | {"<b>": {"name": "x"}}}
    )
    assert [(one.language, one.name, one.summary, one.content) for one in found.versions] == [
        ("de", "Fest", "Kurz", "<p>Lang</p>"),
        ("en", "Party", "", ""),
    ]


@pytest.mark.parametrize("own", [{}, {"de": {}}, {"de": "x"}, "x", 5, ["x"]])
def test_malformed_words_of_a_hub_are_ignored(thing: Any, own: Any) -> None:
    assert told(thing(**{"coop:versions": own})) == [("und", "<p>Text</p>")]


def test_plain_text_becomes_paragraphs(thing: Any) -> None:
    assert (
        thing(content="a <b>\nc\n\nd", mediaType="text/plain").versions[0].content == "<p>a &lt;b&gt;<br>c</p><p>d</p>"
    )


def test_case_63_texts_and_languages_are_cut(thing: Any) -> None:
    codes = ["de", "en", "fr", "it", "es", "pt", "nl", "da", "sv", "nb", "fi", "pl", "cs", "sk", "hu"]
    assert len(thing(contentMap={code: code for code in codes}).versions) == VERSIONS
    found = thing(type="Article", name="n" * 5000, content="c" * (READ_CONTENT_CHARS + 5))
    assert (len(found.versions[0].name), len(found.versions[0].content)) == (READ_LINE_CHARS, READ_CONTENT_CHARS)
