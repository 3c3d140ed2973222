"""How the OAuth door refuses: a page for the person in front of it, JSON for apps (RFC 6749, 5.2)."""

from __future__ import annotations

from node.errors import NodeError
from schemas.reasons import msgid

UNKNOWN_APP = msgid("This hub does not know the app that sent you. It may have to be set up anew.")
WRONG_ADDRESS = msgid("The app asked to be answered at an address that it did not register. Nothing was sent there.")
NO_CODE = msgid("The app asked for something that this hub does not give: it must ask for a code.")
WRONG_SCOPES = msgid("The app asked for more than it registered for, or for something that does not exist.")
WRONG_PROOF = msgid("The app wanted to prove itself in a way that is not safe: it must use S256.")
TWICE = msgid("The app said the same thing twice, or too much at once.")


class WrongWish(NodeError):
    """What an app sent somebody here with makes no sense. It is shown, and nobody is sent anywhere: an address is
    answered to only after a person has said yes or no (RFC 9700, 4.11)."""

    status = 400


class Refusal(Exception):
    """An answer to an app: one of the error codes of RFC 6749 and a sentence in English for its maker."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.description, self.status = error, description, status


class InvalidGrant(Refusal):
    """One answer for every reason why a code is not good: whoever guesses learns nothing."""

    def __init__(self) -> None:
        words = (
            "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used "
            "in the authorization request, or was issued to another client."
        )
        super().__init__("invalid_grant", words)


class InvalidClient(Refusal):
    """The app is not who it says."""

    def __init__(self) -> None:
        words = "Client authentication failed due to unknown client, no client authentication included, or wrong secret"
        super().__init__("invalid_client", words, 401)
