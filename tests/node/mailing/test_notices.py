"""Whoever has not seen a notice for a while hears of it by mail: all of a kind together, not again soon, by choice."""

from __future__ import annotations

from node.mailing.notices import mail_notices
from node.mailing.rendering import write
from node.node import Node
from node.store.db import Db
from node.store.hub import hub as hubs
from node.store.notices import mail_choices, mails, notifications
from node.store.notices.mails import Mail
from schemas.records import Viewer
from tests.factories import a_local_actor, a_member, a_post


async def letters(node: Node, db: Db) -> list[Mail]:
    """Those in the outbox, after a look who should be written to."""
    await mail_notices(node)
    return list(reversed(await mails.list_latest(db, None, 20)))


async def notice(
    db: Db, reader: Viewer, kind: notifications.Kind, text: str = "Hello", audience: str = "public"
) -> None:
    """One that nobody has seen for an hour, about a post by somebody."""
    teller = await a_local_actor(db)
    post = await a_post(db, teller, text=text, audience=audience, mention_ids=[reader.actor.id])
    await notifications.insert(db, reader.account.id, kind, from_id=teller.id, post_id=post.id)
    await db.execute("UPDATE notifications SET created_at = now() - interval '1 hour'")


async def test_what_is_unseen_is_told_once_and_together(node: Node, db: Db) -> None:
    ida = await a_member(db, "ida", language="de")
    for text in ("Erstes", "Zweites"):
        await notice(db, ida, "mention", text)
    [mail] = await letters(node, db)
    letter = write(mail, await hubs.get(db), node.settings)
    assert letter.subject.startswith("2 Mitteilungen")
    assert letter.text.index("Erstes") < letter.text.index("Zweites")
    assert mail.unsubscribe and "kind=mention" in mail.unsubscribe
    await notice(db, ida, "mention", "Drittes")
    assert len(await letters(node, db)) == 1, "not again soon"
    await db.execute("UPDATE notice_mails SET sent_at = now() - interval '1 day'")
    [_, later] = await letters(node, db)
    assert "Drittes" in (told := write(later, await hubs.get(db), node.settings).text) and "Erstes" not in told


async def test_what_is_seen_or_fresh_or_old_or_held_back_is_not_told(node: Node, db: Db) -> None:
    ida = await a_member(db, "ida")
    for change in (
        "seen_at = now()",
        "created_at = now()",
        "created_at = now() - interval '3 days'",
        "filtered = true",
    ):
        await db.execute("DELETE FROM notifications")
        await notice(db, ida, "mention")
        await db.execute(f"UPDATE notifications SET {change}")
        assert await letters(node, db) == []


async def test_each_kind_is_a_choice(node: Node, db: Db) -> None:
    ida, tom = await a_member(db, "ida"), await a_member(db, "tom")
    await mail_choices.choose(db, ida.account.id, "mention", False)
    await mail_choices.choose(db, tom.account.id, "follow", True)
    for who in (ida, tom):
        await notice(db, who, "mention")
        await notice(db, who, "follow")
    told = {
        (one.recipient, str(one.unsubscribe).partition("kind=")[2].partition("&")[0]) for one in await letters(node, db)
    }
    assert told == {("tom@hub.example", "mention"), ("tom@hub.example", "follow")}


async def test_words_of_few_stay_here(node: Node, db: Db) -> None:
    ida = await a_member(db, "ida")
    await notice(db, ida, "mention", "Our secret", "direct")
    for mail in await letters(node, db):
        assert "Our secret" not in write(mail, await hubs.get(db), node.settings).text


async def test_reports_are_told_to_those_who_see_cases_only(node: Node, db: Db) -> None:
    ida, mo = await a_member(db, "ida"), await a_member(db, "mo", roles=("moderator",))
    for who in (ida, mo):
        await notice(db, who, "report")
    [mail] = await letters(node, db)
    assert mail.recipient == "mo@hub.example"
    assert "/admin/reports" in write(mail, await hubs.get(db), node.settings).text
