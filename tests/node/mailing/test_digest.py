"""The weekly letter comes once a week, catches up once, tells what its reader may see, and nothing where nothing is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from node.actions.match import match_call
from node.mailing.digest import next_moment, send_digests
from node.mailing.rendering import write
from node.node import Node
from node.store.calls import matches
from node.store.db import Db
from node.store.hub import hub as hubs
from node.store.notices import mail_choices, mails, notifications
from node.store.notices.mails import Mail
from node.store.people import follows
from node.store.posts import posts
from schemas.matching import Wishes
from schemas.things import CallDetail
from tests.factories import a_member, a_post, a_remote_actor, a_remote_object, an_event_detail


@pytest.mark.parametrize(
    ("weekday", "hour", "zone", "after", "following"),
    [
        (4, 17, "UTC", "2026-11-23T09:00+00:00", "2026-11-26T17:00+00:00"),
        (4, 17, "UTC", "2026-11-26T17:00+00:00", "2026-12-03T17:00+00:00"),
        (4, 17, "Europe/Berlin", "2026-11-26T15:59+00:00", "2026-11-26T16:00+00:00"),
        (1, 0, "Pacific/Auckland", "2026-11-22T10:00+00:00", "2026-11-22T11:00+00:00"),
        (7, 2, "Europe/Berlin", "2026-03-27T12:00+00:00", "2026-03-29T01:00+00:00"),
        (7, 17, "Europe/Berlin", "2026-10-18T15:00+00:00", "2026-10-25T16:00+00:00"),
        (4, 17, "no/zone", "2026-11-23T09:00+00:00", "2026-11-26T17:00+00:00"),
    ],
    ids=["this week", "to the minute", "her clock", "ahead of us", "an hour that is not", "winter time", "no zone"],
)
def test_the_next_moment_is_an_hour_of_the_readers_clock(
    weekday: int, hour: int, zone: str, after: str, following: str
) -> None:
    found = next_moment(weekday, hour, zone, datetime.fromisoformat(after))
    assert found == datetime.fromisoformat(following)


async def due(db: Db) -> None:
    """Everybody's letter is overdue by some weeks."""
    await db.execute("UPDATE digests SET next_at = now() - interval '30 days', since = now() - interval '37 days'")


async def letters(db: Db) -> list[Mail]:
    return [one for one in await mails.list_latest(db, None, 20) if one.kind == "digest"]


async def test_a_week_is_told_once_whatever_is_repeated_or_was_missed(node: Node, db: Db) -> None:
    ida, tom = await a_member(db, "ida"), await a_member(db, "tom")
    await send_digests(node)
    assert await letters(db) == [], "a newcomer's first one is due at the next hour"
    await a_post(db, tom.actor, kind="event")
    await due(db)
    await send_digests(node)
    await send_digests(node)
    assert sorted(one.recipient for one in await letters(db)) == sorted(str(one.account.email) for one in (ida, tom))
    digest = await mail_choices.find_digest(db, ida.account.id)
    assert digest and digest.next_at > datetime.now(UTC)


async def test_a_letter_tells_what_its_reader_may_see_and_follows(node: Node, db: Db) -> None:
    ida, tom = await a_member(db, "ida", language="de"), await a_member(db, "tom")
    near, far = await a_remote_actor(db, "near"), await a_remote_actor(db, "far")
    await follows.insert(db, ida.actor.id, near.id, "http://localhost:8080/activities/1", accepted=True)
    soon = datetime.now(UTC) + timedelta(days=3)
    for title, more in {
        "Reparaturtreff": {},
        "Abgesagtes": {"event": an_event_detail(soon, status="cancelled")},
        "In fernen Tagen": {"event": an_event_detail(soon + timedelta(days=60))},
        "Nur für Wenige": {"audience": "direct"},
    }.items():
        await a_post(db, tom.actor, kind="event", text=title, **more)
    await a_post(db, tom.actor, kind="finding", text="Wärmepumpen <b>")
    await a_post(db, tom.actor, kind="call", text="Bänke bauen")
    for actor, title in ((near, "Beim Nachbarhub"), (far, "Ganz woanders")):
        await posts.upsert_remote(db, a_remote_object(actor, kind="event", text=title), actor)
    named = await a_post(db, tom.actor, mention_ids=[ida.actor.id])
    await notifications.insert(db, ida.account.id, "mention", from_id=tom.actor.id, post_id=named.id)
    await send_digests(node)
    await due(db)
    await send_digests(node)
    mail = next(one for one in await letters(db) if one.recipient == ida.account.email)
    letter = write(mail, await hubs.get(db), node.settings)
    for told in ("Reparaturtreff", "Beim Nachbarhub", "Wärmepumpen <b>", "Bänke bauen", "hat dich erwähnt"):
        assert told in letter.text
    for hidden in ("Abgesagtes", "In fernen Tagen", "Nur für Wenige", "Ganz woanders"):
        assert hidden not in letter.text
    assert "Wärmepumpen &lt;b&gt;" in letter.html
    assert mail.unsubscribe and mail.unsubscribe in letter.text


async def test_a_letter_tells_which_calls_fit_its_reader_and_why_and_tells_nobody_else(node: Node, db: Db) -> None:
    ida, tom = await a_member(db, "ida", language="de"), await a_member(db, "tom", language="de")
    await matches.keep_wishes(db, ida.account.id, Wishes(skills=("carpentry",), languages=("en",)))
    far = await a_remote_actor(db)
    asked = a_remote_object(far, kind="call", text="A roof", call=CallDetail(skills=("carpentry",), remote=True))
    call = await posts.upsert_remote(db, asked, far)
    assert call
    await match_call(node, call.id)
    await send_digests(node)
    await due(db)
    await send_digests(node)
    [mail] = await letters(db)
    assert mail.recipient == ida.account.email != tom.account.email
    letter = write(mail, await hubs.get(db), node.settings)
    for told in ("Aufrufe, die zu dir passen", "Warum: carpentry + Englisch + von überall", f"/calls/{call.id}"):
        assert told in letter.text
    assert "Warum: carpentry + Englisch" in letter.html


@pytest.mark.parametrize(
    "spoil",
    [
        "INSERT INTO mail_choices SELECT id, 'digest', false FROM accounts",
        "UPDATE accounts SET email = NULL",
        "UPDATE accounts SET confirmed_at = NULL",
        "UPDATE accounts SET disabled_at = now()",
        "UPDATE actors SET suspended_at = now() WHERE local AND name = 'ida'",
        "DELETE FROM posts",
    ],
    ids=["switched off", "no address", "not confirmed", "closed", "suspended", "nothing to tell"],
)
async def test_nobody_gets_a_letter_who_should_not(node: Node, db: Db, spoil: str) -> None:
    ida = await a_member(db, "ida")
    await a_post(db, ida.actor, kind="event")
    await send_digests(node)
    await due(db)
    await db.execute(spoil)
    await send_digests(node)
    assert await letters(db) == []
    digest = await mail_choices.find_digest(db, ida.account.id)
    assert digest and digest.next_at > datetime.now(UTC), "and their turn is over"
