"""What a mail server answered, or did not, in plain words: for stewards, who need not know what 535 5.7.8 means."""

from __future__ import annotations

import re

from schemas.reasons import msgid

PLAIN: tuple[tuple[str, str], ...] = (
    (r"offers no encryption", msgid("The mail server offers no encryption, so nothing is said to it.")),
    (r"certificate|ssl|tls", msgid("No encrypted connection comes about: check the port, and its certificate.")),
    (r"name or service|nodename|getaddrinfo|no address", msgid("The name of the mail server leads nowhere.")),
    (r"refused|connect call failed", msgid("Nobody listens at that address and port.")),
    (r"timed? ?out|unreachable", msgid("The mail server does not answer in time.")),
    (r"\b(530|534|535)\b|authentication", msgid("The mail server does not accept the user or the password.")),
    (
        r"does not take mail from us",
        msgid("The mail server does not take mail from the address that letters come from."),
    ),
    (r"\b(550|551|553)\b", msgid("There is no such mailbox, or the mail server does not want letters to it.")),
    (r"\b(552|452)\b", msgid("The mailbox is full, or the letter too large.")),
    (r"\b554\b", msgid("The mail server takes the letter for spam, or us for somebody who sends it.")),
    (r"\b4\d\d\b", msgid("The mail server puts the letter off; it is tried again.")),
    (r"could not be written", msgid("The letter could not be written: something is wrong with its template.")),
    (r"disconnected|connection lost|reset|closed", msgid("The mail server broke off the connection.")),
)
OTHERWISE = msgid("The mail server answers in a way we do not know.")


def plain(error: str) -> str:
    """The sentence (a msgid) for an error as it was kept."""
    return next((words for pattern, words in PLAIN if re.search(pattern, error, re.IGNORECASE)), OTHERWISE)
