"""Tests of federation/build/finding.py: Article after FEP-b2b8."""

import pytest
from msgspec.structs import replace

from federation import sanitise
from federation.build.finding import document
from schemas.things import FindingDetail, Version
from tests.federation.build.samples import FINDING, PICTURE, URLS, a_finding, a_post, in_languages

MADE = document(a_finding(), URLS)


def test_it_is_an_article_with_title_abstract_and_text() -> None:
    assert (MADE["type"], MADE["id"], MADE["url"]) == ("Article", *["https://hub.example/findings/12"] * 2)
    assert MADE["nameMap"] == {"de": "Repair-Café", "en": "Repair café"}
    assert MADE["summaryMap"]["en"] == "Bring what is broken."
    assert MADE["inLanguage"] == "de"


@pytest.mark.parametrize(
    ("summary", "claim", "content", "abstract"),
    [
        ("Mine.", "Claim.", "<p>Text.</p>", "Mine."),
        ("", "Claim.", "<p>Text.</p>", "Claim."),
        ("", "", "<p>Text. More.</p>", "Text."),
        ("", "a\n<b> & c", "", "a ‹b› + c"),
    ],
)
def test_the_abstract_is_the_authors_line_or_the_claim_or_the_first_sentence(
    summary: str, claim: str, content: str, abstract: str
) -> None:
    version = Version(language="en", name="x", summary=summary, content=content)
    made = document(a_finding(FindingDetail(claim=claim), versions=[version]), URLS)
    assert made["summary"] == abstract
    assert "\n" not in made["summary"]


def test_all_that_it_rests_on_stands_in_the_text_for_those_who_see_nothing_else() -> None:
    content = MADE["content"]
    for part in (
        "<strong>Bills fall by a third.</strong>",
        "<strong>Kaputtes</strong>",
        "<h2>Gründe</h2>",
        "<li>Measured for two winters.</li>",
        "<h2>Quellen</h2>",
        ">Doe 2024</a>",
        ">other.example/findings/3</a>",
        "Shared houses",
        "Ana, @bo@other.example",
        ">CC-BY-SA-4.0</a>",
        ">hub.example/events/17</a>",
    ):
        assert part in content
    assert content == sanitise.html(content)


def test_claim_and_reasons_have_one_language_and_sources_are_in_all() -> None:
    english = MADE["contentMap"]["en"]
    assert "Bills fall" not in english
    assert "<h2>Sources</h2>" in english


def test_licence_and_citations_are_there_for_machines() -> None:
    assert MADE["license"] == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert MADE["citation"] == [
        "https://doi.org/10.1000/x",
        "https://other.example/findings/3",
        "https://hub.example/events/17",
    ]


def test_what_it_came_from_is_linked_as_activitypub() -> None:
    (link,) = [one for one in MADE["tag"] if one["type"] == "Link"]
    assert link["href"] == "https://hub.example/events/17"
    assert link["mediaType"].startswith("application/ld+json")


def test_the_picture_comes_before_the_data() -> None:
    assert [one["type"] for one in MADE["attachment"]] == ["Image", "Document"]
    assert MADE["image"]["url"] == PICTURE.url
    assert MADE["attachment"][1]["mediaType"] == "text/csv"


def test_our_own_key_holds_the_facts() -> None:
    assert MADE["coop:finding"] == {
        "kind": "open question",
        "claim": "Bills fall by a third.",
        "reasons": ["Measured for two winters.", "Three houses, one result."],
        "scope": "Shared houses",
        "state": "valid",
        "bornOf": "https://hub.example/events/17",
        "contributors": ["Ana", "@bo@other.example"],
        "sources": [
            {"url": "https://doi.org/10.1000/x", "name": "Doe 2024"},
            {"url": "https://other.example/findings/3", "name": ""},
        ],
    }
    assert MADE["coop:versions"]["en"] == {
        "name": "Repair café",
        "summary": "Bring what is broken.",
        "content": "<p>Bring it.</p>",
    }


def test_a_retracted_finding_says_so_before_everything() -> None:
    made = document(a_finding(replace(FINDING, state="retracted"), versions=in_languages("en")), URLS)
    assert made["name"] == "Retracted: Repair café"
    assert made["summary"].startswith("Retracted: ")
    assert made["content"].startswith("<p><strong>Retracted: Those who published this")
    assert made["coop:finding"]["state"] == "retracted"


def test_a_corrected_finding_says_so_in_its_title() -> None:
    made = document(a_finding(replace(FINDING, state="corrected"), versions=in_languages("fr")), URLS)
    assert made["name"] == "Corrigé : Repair café"


def test_the_authors_markdown_goes_along() -> None:
    assert MADE["source"] == {"content": "Bring **Kaputtes** mit. Und Freunde.", "mediaType": "text/markdown"}


def test_what_people_typed_into_facts_is_never_markup() -> None:
    evil = "<script>x</script>\"'"
    detail = FindingDetail(claim=evil, reasons=(evil,), scope=evil, contributors=(evil,))
    content = document(a_finding(detail), URLS)["content"]
    assert "<script" not in content
    assert content.count("&lt;script&gt;") == 4


def test_a_bare_finding_has_no_empty_parts() -> None:
    made = document(a_finding(FindingDetail(), attachments=[], versions=in_languages("en")), URLS)
    assert made["content"] == "<p>Bring it.</p>"
    assert not {"license", "citation", "image"} & set(made)


def test_a_post_that_is_no_finding_is_refused() -> None:
    with pytest.raises(ValueError, match="no finding"):
        document(a_post(), URLS)
