"""The job that writes to those who have not seen their notices: all of a kind in one letter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from node.mailing import kinds, letters
from node.node import Node
from node.store.db import Db
from node.store.members import accounts
from node.store.notices import notice_mails, notices
from node.store.notices.notice_mails import Unseen
from node.store.notices.notices import Notice
from node.store.people import people
from node.store.posts import posts
from node.wording import showing, telling
from schemas.limits import LIST_ITEMS, NOTICE_MAIL_GAP_SECONDS, NOTICE_MAIL_ITEMS, NOTICE_MAIL_WAIT_SECONDS
from schemas.records import Account


async def mail_notices(node: Node) -> None:
    """Write every letter that is due; each commits by itself."""
    async with node.database.pool.acquire() as db:
        found = await notice_mails.due(
            db,
            kinds.OF_NOTICES,
            kinds.USUAL,
            after=timedelta(seconds=NOTICE_MAIL_WAIT_SECONDS),
            gap=timedelta(seconds=NOTICE_MAIL_GAP_SECONDS),
            limit=LIST_ITEMS,
        )
        for one in found:
            async with db.transaction():
                await _write(node, db, one)
    if found:
        node.wake()


async def _write(node: Node, db: Db, unseen: Unseen) -> None:
    account = await accounts.find(db, unseen.account_id)
    needs = kinds.KINDS[unseen.kind].needs
    if account is None or not await notice_mails.claim(db, account.id, unseen.kind, unseen.notices[0]):
        return
    shown = await notices.get_many(db, unseen.notices[:NOTICE_MAIL_ITEMS])
    if not shown or (needs and needs not in account.permissions):
        return
    facts = {
        "items": [await _item(node, db, account, one) for one in shown],
        "more": len(unseen.notices) - len(shown),
        "all": f"{node.urls.base_url}/notifications",
    }
    await letters.put(db, node.urls, account, "notices", facts, switch=unseen.kind)


async def _item(node: Node, db: Db, account: Account, notice: Notice) -> dict[str, Any]:
    """What a notice says, with the first words of what everybody may read, and where to look."""
    teller = (await people.get_many(db, [notice.from_id])).get(notice.from_id)
    things = await posts.get_many(db, [notice.post_id], notice.actor_id) if notice.post_id else {}
    post = things.get(notice.post_id or 0)
    path = "/admin/reports" if notice.kind == "report" else showing.page_path(post) if post else "/notifications"
    return {
        "words": telling.sentence(account.language, notice, teller, post, notice.actor_id),
        "excerpt": showing.excerpt(post, account.language) if post and post.audience in ("public", "unlisted") else "",
        "link": node.urls.base_url + path,
    }
