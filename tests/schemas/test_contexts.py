"""Tests of schemas/contexts: every term has one meaning, and nothing needs fetching beyond two well-known names."""

import re
from typing import Any

import pytest

from schemas.contexts import ACTIVITYSTREAMS, NAMESPACE, SECURITY, context, terms_text


def meaning(definition: Any) -> str:
    return definition["@id"] if isinstance(definition, dict) else definition


ALL: dict[str, Any] = context("place", "event", "finding", "call", "actor", "collection", "quote")[-1]
PREFIXES = {"as": f"{ACTIVITYSTREAMS}#"} | {
    name: meaning(one) for name, one in ALL.items() if meaning(one).endswith(("#", "/"))
}


@pytest.mark.parametrize("term", sorted(ALL))
def test_every_term_stands_for_an_address(term: str) -> None:
    prefix, _, rest = meaning(ALL[term]).partition(":")
    assert rest
    assert prefix in ("http", "https") or prefix in PREFIXES


@pytest.mark.parametrize("groups", [(), ("place", "event"), ("finding",), ("place", "call")])
def test_a_thing_needs_one_remote_context_only(groups: tuple[Any, ...]) -> None:
    first, terms = context(*groups)
    assert first == ACTIVITYSTREAMS
    assert terms["coop"] == NAMESPACE


def test_an_actor_needs_the_context_of_keys_too() -> None:
    assert context("actor")[:2] == (ACTIVITYSTREAMS, SECURITY)


def test_no_core_word_gets_another_meaning() -> None:
    core = {"id", "type", "actor", "object", "attributedTo", "to", "cc", "publicKey", "owner", "publicKeyPem", "as"}
    assert not core & ALL.keys()


def test_each_of_our_own_terms_is_explained() -> None:
    explained = set(re.findall(r"`(coop:\w+)`", terms_text()))
    assert {"coop:call", "coop:finding", "coop:area", "coop:locations", "coop:rsvpFor", "coop:hub"} <= explained
