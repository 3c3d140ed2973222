"""Apps as clients know them: the one a post was written with, and one's own registration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from node.store.access.apps import App


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """The app by which something was published."""

    name: str
    website: str | None


class KnownApplication(Application, frozen=True, kw_only=True):
    """An app as it sees itself. `redirect_uri` holds all addresses, one a line, as older clients expect."""

    id: str
    scopes: Sequence[str]
    redirect_uri: str
    redirect_uris: Sequence[str]
    vapid_key: str


class CredentialApplication(KnownApplication, frozen=True, kw_only=True):
    """A registration just made: the only time its secret is told. It never runs out."""

    client_id: str
    client_secret: str
    client_secret_expires_at: int = 0


def known(app: App, vapid_key: str) -> KnownApplication:
    """An app for itself."""
    return KnownApplication(**_fields(app, vapid_key))


def registered(app: App, secret: str, vapid_key: str) -> CredentialApplication:
    """An app that has just registered."""
    return CredentialApplication(**_fields(app, vapid_key), client_id=app.client_id, client_secret=secret)


def _fields(app: App, vapid_key: str) -> dict[str, Any]:
    return {
        "id": str(app.id),
        "name": app.name,
        "website": app.website,
        "scopes": app.scopes,
        "redirect_uri": "\n".join(app.redirect_uris),
        "redirect_uris": app.redirect_uris,
        "vapid_key": vapid_key,
    }
