"""A reply that is nothing but a keyword answers an event. Words per language; everything else is just a reply."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

Wish = Literal["going", "maybe", "declined"]

WORDS: dict[str, dict[Wish, frozenset[str]]] = {
    "en": {
        "going": frozenset({"yes", "going", "coming", "attending", "i'm going", "i'm coming", "i'm in", "count me in"}),
        "maybe": frozenset({"maybe", "perhaps", "interested"}),
        "declined": frozenset({"no", "not going", "not coming", "i'm not coming", "can't come", "cancel"}),
    },
    "de": {
        "going": frozenset({"ja", "dabei", "bin dabei", "ich bin dabei", "komme", "ich komme", "zusage", "zugesagt"}),
        "maybe": frozenset({"vielleicht", "eventuell", "interessiert", "unter vorbehalt"}),
        "declined": frozenset({"nein", "komme nicht", "ich komme nicht", "nicht dabei", "absage", "abgesagt"}),
    },
    "fr": {
        "going": frozenset({"oui", "je viens", "je participe", "présent", "présente", "j'y serai"}),
        "maybe": frozenset({"peut-être", "peut être", "intéressé", "intéressée"}),
        "declined": frozenset({"non", "je ne viens pas", "je ne participe pas", "absent", "absente", "j'annule"}),
    },
}

LONGEST_REPLY = 200
MENTION = re.compile(r"@[\w.\-]+(?:@[\w.\-]+(?::\d+)?)?")
AROUND = ' \t\r\n.!,;:)…"“”„«»‹›'


def wish(text: str, languages: Iterable[str]) -> Wish | None:
    """What a reply (plain text) wishes if all of it, less mentions, is one keyword in one of the languages."""
    if len(text) > LONGEST_REPLY:
        return None
    said = unicodedata.normalize("NFC", MENTION.sub(" ", text)).replace("’", "'").casefold()
    said = " ".join(said.split()).strip(AROUND)
    for language in languages:
        for wished, words in WORDS.get(language.split("-")[0], {}).items():
            if said in words:
                return wished
    return None
