"""`federation/read/finding.py`: findings of sister hubs; other articles are posts."""

from typing import Any

import pytest


def test_an_article_with_our_terms_is_a_finding(thing: Any) -> None:
    own = {
        "kind": "open question",
        "claim": "Bills <b>fell</b>",
        "reasons": ["Measured", 5, "Compared"],
        "scope": "Three houses",
        "state": "corrected",
        "bornOf": "https://a.example/e/1",
        "contributors": ["Ana", None],
        "sources": [{"url": "https://doi.example/x", "name": "Doe"}, {"url": "javascript:x"}, "y"],
    }
    found = thing(type="Article", name="Heat", license="https://l.example/by", **{"coop:finding": own})
    finding = found.finding
    assert (found.kind, finding.finding_kind, finding.claim) == ("finding", "open question", "Bills fell")
    assert (finding.reasons, finding.scope, finding.state) == (("Measured", "Compared"), "Three houses", "corrected")
    assert (finding.born_of, finding.contributors) == ("https://a.example/e/1", ("Ana",))
    assert [(one.url, one.name) for one in finding.sources] == [("https://doi.example/x", "Doe")]
    assert finding.license == "https://l.example/by"


def test_sources_without_names_come_from_the_citations(thing: Any) -> None:
    cited = ["https://doi.example/x", "javascript:x"]
    found = thing(type="Article", citation=cited, **{"coop:finding": {"claim": "x", "kind": "no kind", "state": 5}})
    assert [one.url for one in found.finding.sources] == ["https://doi.example/x"]
    assert (found.finding.finding_kind, found.finding.state) == ("insight", "valid")


@pytest.mark.parametrize("own", [None, {}, "x", {"claim": 5}, {"claim": "<script>x</script>"}, []])
def test_an_article_without_a_claim_is_a_post(thing: Any, own: Any) -> None:
    assert thing(type="Article", **{"coop:finding": own}).kind == "post"


def test_a_note_is_no_finding(thing: Any) -> None:
    assert thing(**{"coop:finding": {"claim": "x"}}).kind == "post"
