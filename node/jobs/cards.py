"""Asking linked pages what they say of themselves."""

from __future__ import annotations

import structlog

from federation.outcomes import FetchFailed, FetchRefused
from federation.page_card import fetch_card as ask_page
from node.node import Node
from node.remote import may_fetch
from node.store.posts import cards

_log = structlog.get_logger("node.cards")


async def fetch_card(node: Node, card_id: int) -> None:
    """Make the card of a linked page, through the guarded client. Our own pages are not asked: they would be asked by
    ourselves. Raises FetchFailed where later may do better."""
    async with node.database.pool.acquire() as db:
        card = await cards.find(db, card_id)
    if card is None:
        return
    told = None
    if may_fetch(node, card.url) and not node.urls.ours(card.url):
        try:
            told = await ask_page(node.client, card.url)
        except FetchRefused as error:
            _log.info("no card", url=card.url, reason=str(error))
        except FetchFailed as error:
            if error.temporary:
                raise
    async with node.database.pool.acquire() as db, db.transaction():
        await (cards.keep(db, card, told) if told else cards.fail(db, card.id))
    node.wake()
