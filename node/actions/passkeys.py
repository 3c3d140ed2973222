"""Passkeys (WebAuthn, level 3) as a second factor. The library is imported where it is used: it is large, and most
requests never need it."""

# ruff: noqa: PLC0415

from __future__ import annotations

import msgspec

from node.settings import Settings
from node.store.access import factors
from node.store.access.factors import Passkey
from node.store.db import Db
from schemas.limits import PASSKEY_CHARS
from schemas.records import Account, Actor

CLAIMED = (ValueError, KeyError, TypeError, IndexError, RecursionError)
"""What the decoders below the library raise for bytes that nobody's browser sends."""


def creation_options(
    settings: Settings, hub: str, account: Account, actor: Actor, known: list[Passkey], challenge: bytes
) -> str:
    """What a browser needs to make a passkey, as JSON; not on a device that has one already."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    options = generate_registration_options(
        rp_id=settings.host,
        rp_name=hub or settings.host,
        user_id=account.id.to_bytes(8, "big"),
        user_name=actor.name,
        user_display_name=actor.display_name or actor.name,
        challenge=challenge,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
    )
    return options_to_json(options)


async def add(db: Db, settings: Settings, account_id: int, challenge: bytes, answer: str, name: str) -> bool:
    """Keep the passkey that a browser made for this challenge. False for one that is not right, or known."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    if len(answer) > PASSKEY_CHARS:
        return False
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=settings.host,
            expected_origin=settings.base_url,
        )
    except (WebAuthnException, *CLAIMED):
        return False
    return await factors.add_passkey(
        db,
        account_id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name,
    )


def request_options(settings: Settings, known: list[Passkey], challenge: bytes) -> str:
    """What a browser needs to sign with one of these passkeys, as JSON."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    options = generate_authentication_options(
        rp_id=settings.host,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
    )
    return options_to_json(options)


async def check(db: Db, settings: Settings, account_id: int, challenge: bytes, answer: str) -> bool:
    """Whether one of the account's passkeys has signed the challenge, here, and is no copy that lags behind."""
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    if len(answer) > PASSKEY_CHARS:
        return False
    try:
        named = base64url_to_bytes(msgspec.json.decode(answer)["id"])
        passkey = next(one for one in await factors.list_passkeys(db, account_id) if one.credential_id == named)
        signed = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=settings.host,
            expected_origin=settings.base_url,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
        )
    except (WebAuthnException, StopIteration, msgspec.DecodeError, *CLAIMED):
        return False
    await factors.used_passkey(db, passkey, signed.new_sign_count)
    return True
