"""The key by which push services know the hub: one, whoever asks first."""

from __future__ import annotations

import asyncio
from base64 import urlsafe_b64decode

from cryptography.hazmat.primitives.asymmetric import ec

from node.actions.setup import prepare
from node.store.notices import vapid
from node.store.pool import Pool
from tests.factories import URLS


async def test_the_key_is_made_once_however_many_ask_at_once(pool: Pool) -> None:
    async with pool.acquire() as one, pool.acquire() as other:
        await prepare(one, URLS)
        first, second = await asyncio.gather(vapid.public_key(one), vapid.public_key(other))
        assert first == second == await vapid.public_key(one)
        point = urlsafe_b64decode(first)
        assert len(point) == 65 and ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
