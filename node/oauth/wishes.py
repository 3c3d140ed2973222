"""What an app asks of a member (RFC 6749, 4.1.1; RFC 7636, 4.3), read strictly: what is shown is what is given."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit

import msgspec
from multidict import MultiMapping

from node.oauth.errors import NO_CODE, TWICE, UNKNOWN_APP, WRONG_ADDRESS, WRONG_PROOF, WRONG_SCOPES, WrongWish
from node.store.access import apps
from node.store.access.apps import App
from node.store.db import Db
from schemas import scopes
from schemas.limits import CODE_CHALLENGE_CHARS, OAUTH_VALUE_CHARS
from schemas.redirects import OUT_OF_BAND, with_parameters

NAMES = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "response_mode",
)
CHALLENGE = re.compile(rf"[A-Za-z0-9_-]{{{CODE_CHALLENGE_CHARS}}}")


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A request that may be granted. `sent` is what the form on our page sends along."""

    app: App
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    code_challenge: str | None
    sent: dict[str, str]

    @property
    def shown_only(self) -> bool:
        """Whether the code is shown on a page instead of sent to an address."""
        return self.redirect_uri == OUT_OF_BAND

    @property
    def host(self) -> str:
        """The host the answer goes to; empty where it goes to a program on the reader's own device."""
        parts = urlsplit(self.redirect_uri)
        return parts.netloc if parts.scheme in ("http", "https") else ""

    @property
    def address(self) -> str:
        """Where this very request is asked again, after signing in."""
        return f"/oauth/authorize?{urlencode(self.sent)}"

    def answered(self, **values: str) -> str:
        """The app's address with an answer."""
        return with_parameters(self.redirect_uri, urlencode(values | ({"state": self.state} if self.state else {})))


async def read(db: Db, sent: MultiMapping[str]) -> Wish:
    """The wish in a query or form. WrongWish for anything that is not right: nobody is sent anywhere with that."""
    if any(len(sent.getall(name, [])) > 1 or len(sent.get(name, "")) > OAUTH_VALUE_CHARS for name in NAMES):
        raise WrongWish(TWICE)
    app = await apps.find(db, sent.get("client_id", ""))
    if app is None:
        raise WrongWish(UNKNOWN_APP)
    redirect_uri = sent.get("redirect_uri", "")
    if redirect_uri not in app.redirect_uris:  # byte for byte (case 126)
        raise WrongWish(WRONG_ADDRESS)
    if sent.get("response_type") != "code" or sent.get("response_mode", "query") != "query":
        raise WrongWish(NO_CODE)
    asked = scopes.parse(sent.get("scope", ""))
    if scopes.unknown(asked) or not scopes.within(asked, app.scopes):
        raise WrongWish(WRONG_SCOPES)
    return Wish(
        app=app,
        redirect_uri=redirect_uri,
        scopes=asked,
        state=sent.get("state", ""),
        code_challenge=_challenge(sent),
        sent={name: sent[name] for name in NAMES if name in sent},
    )


def _challenge(sent: MultiMapping[str]) -> str | None:
    """The proof key's challenge; None where the app sends none. `plain`, which is also what a missing method means,
    proves nothing to whoever reads along."""
    challenge = sent.get("code_challenge", "")
    if not challenge and not sent.get("code_challenge_method"):
        return None
    if sent.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(challenge):
        raise WrongWish(WRONG_PROOF)
    return challenge
