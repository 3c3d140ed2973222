"""Which language a reader gets, and sentences with their gaps filled."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from node.actions.keywords import wish
from node.wording.language import accepted, choose, fill, gettext, ngettext, pgettext, supported


@pytest.mark.parametrize(
    ("wishes", "header", "hub", "given"),
    [
        ((), "", None, "en"),
        ((), "", "fr", "fr"),
        ((), "fr-CH, fr;q=0.9, en;q=0.8", "de", "fr"),
        ((), "nl, de;q=0.2, en;q=0.7", "fr", "en"),
        ((), "nl, sv", "de", "de"),
        (("de", None), "fr", "en", "de"),
        ((None, "fr"), "de", "en", "fr"),
        (("nl", "DE_at"), "fr", "en", "de"),
        (("../../etc", ""), "xx;q=nonsense, *;q=1", None, "en"),
    ],
)
def test_the_first_wish_that_can_be_fulfilled_wins(
    wishes: tuple[str | None, ...], header: str, hub: str | None, given: str
) -> None:
    assert choose(wishes, header, hub) == given


def test_languages_of_a_header_come_by_their_weight_and_refused_ones_not_at_all() -> None:
    assert accepted("de;q=0.5, en, fr;q=0, it;q=x") == ["en", "de"]
    assert len(accepted(",".join(["de"] * 1000))) == 20


@pytest.mark.parametrize("language", ["", None, "de-", "d", "german", "DE-AT-1996"])
def test_a_language_is_known_by_its_primary_tag(language: str | None) -> None:
    assert supported(language) in ("de", None)
    assert (supported(language) == "de") == (language in ("de-", "DE-AT-1996"))


def test_a_sentence_is_said_in_the_language_asked_for() -> None:
    assert gettext("de", "Sign in") == "Anmelden"
    assert gettext("fr", "Sign in") == "Se connecter"
    assert gettext("en", "Sign in") == "Sign in"
    assert gettext("nl", "Sign in") == "Sign in"
    assert gettext("de", "No such sentence") == "No such sentence"
    assert gettext("de", "") == ""


def test_plural_forms_follow_the_language() -> None:
    singular, plural = "{number} seat left", "{number} seats left"
    assert [ngettext("de", singular, plural, n) for n in (0, 1, 2)] == [
        "0 Plätze frei",
        "1 Platz frei",
        "2 Plätze frei",
    ]
    assert [ngettext("fr", singular, plural, n) for n in (0, 1, 2)] == [
        "0 place libre",
        "1 place libre",
        "2 places libres",
    ]


def test_a_word_is_translated_by_its_context() -> None:
    assert pgettext("de", "bar", "Events") == "Termine"
    assert gettext("de", "Events") == "Veranstaltungen"


def test_case_145_values_are_put_in_as_they_are() -> None:
    assert gettext("en", "Until {day}", day="{0.__class__} %s {{7*7}}") == "Until {0.__class__} %s {{7*7}}"


def test_markup_in_a_gap_leaves_the_other_gaps_escaped() -> None:
    said = fill("{who} & {what}", {"who": Markup("<b>Ana</b>"), "what": "<script>"})
    assert said == Markup("<b>Ana</b> &amp; &lt;script&gt;")
    assert isinstance(said, Markup)


@pytest.mark.parametrize(("language", "words"), [("en", "“”"), ("de", "„“"), ("fr", "«»")])
def test_the_words_with_which_one_answers_an_event_are_those_that_count(language: str, words: str) -> None:
    said = gettext(
        language,
        "On Mastodon and the like, reply to this event with one word: “coming”, “maybe” or “not coming”. "
        "The organisers see your name and your answer.",
    )
    opening, closing = words
    quoted = [part.partition(closing)[0].strip() for part in said.split(opening)[1:]]
    assert [wish(one, [language]) for one in quoted] == ["going", "maybe", "declined"]


def test_no_line_begins_with_a_high_mark_in_french() -> None:
    said = gettext("fr", "The mail server {server} refuses the login: {why}.", server="m", why="no")
    assert said == "Le serveur de courrier m refuse la connexion\N{NO-BREAK SPACE}: no."
