"""Offices: given by decision and with consent, handed over, ended with their term; never all vacant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from node.actions import decisions, offices
from node.actions.mandates import Change, propose_change, propose_role
from node.errors import Conflict, Forbidden, Invalid, NotFound
from node.store.db import Db
from node.store.hub import hub
from node.store.members import accounts, mandates, offers, roles
from node.store.members.mandates import Item, Mandate
from node.store.moderation import log
from node.store.notices import notifications
from schemas.records import Viewer
from tests.factories import URLS, a_member, the_hub


async def founded(db: Db) -> Viewer:
    await hub.prepare(db, URLS.base_url)
    await the_hub(db)
    return await a_member(db, "ana", roles=("steward",))


def soon(days: float = 100) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


async def office_of(db: Db, who: Viewer, role: str = "steward") -> Mandate:
    found = await mandates.holds(db, who.account.id, role)
    assert found
    return found


async def as_of_now(db: Db, who: Viewer) -> Viewer:
    account = await accounts.find(db, who.account.id)
    assert account
    return Viewer(account=account, actor=who.actor, acting=who.actor, scopes=("*",))


async def ends_in(db: Db, mandate: Mandate, seconds: float) -> None:
    await db.execute(
        """
        UPDATE mandates SET starts_at = now() - interval '1 year', ends_at = now() + $2 * interval '1 second'
         WHERE id = $1
        """,
        mandate.id,
        seconds,
    )


async def kinds(db: Db) -> list[str]:
    return [entry.kind async for entry in log.entries(db)]


async def test_an_office_is_proposed_confirmed_taken_and_handed_over_with_its_list(db: Db) -> None:
    ana = await founded(db)
    bo = await a_member(db, "bo", roles=("steward",))
    cy = await a_member(db, "cy", roles=("member",))
    held = await office_of(db, ana)
    await offices.hand_over(db, ana, held.id, [Item(text="Keys of the shed", done=True)])
    change = Change(deed="give", name="@cy", mandate=held.id, ends_at=soon(), public_reason="fresh air")
    proposed = await propose_change(db, ana, change)
    with pytest.raises(Forbidden):
        await decisions.confirm(db, ana, proposed.id)
    await decisions.confirm(db, bo, proposed.id)
    assert not (await as_of_now(db, cy)).may("manage_roles")  # not before consent
    (offer,) = await offers.list_open(db, cy.account.id)
    with pytest.raises(NotFound):
        await offices.take(db, bo, offer.id)
    begun = await offices.take(db, cy, offer.id)
    assert begun.handover == (Item(text="Keys of the shed"),)
    assert (await as_of_now(db, cy)).may("manage_roles")
    assert not (await as_of_now(db, ana)).may("manage_roles")
    with pytest.raises(NotFound):
        await offices.take(db, cy, offer.id)
    assert await kinds(db) == ["measure.proposed", "measure.executed", "mandate.begun"]
    told = [one.kind for one in await notifications.list_of(db, cy.account.id, before=None, limit=9)]
    assert told == ["office_offered"]
    kind, to = await db.fetchrow("SELECT kind, recipient FROM mails")
    assert (kind, to) == ("office_offered", "cy@hub.example")


async def test_an_office_with_a_day_begins_on_that_day_and_the_one_before_ends_then(db: Db) -> None:
    ana = await founded(db)
    cy = await a_member(db, "cy")
    held = await office_of(db, ana)
    change = Change(deed="give", name="cy", mandate=held.id, starts_at=soon(10), ends_at=soon(100))
    assert (await propose_change(db, ana, change)).state != "proposed"
    (offer,) = await offers.list_open(db)
    begun = await offices.take(db, cy, offer.id)
    assert begun.starts_at == offer.starts_at == change.starts_at
    assert not (await as_of_now(db, cy)).may("manage_roles") and (await as_of_now(db, ana)).may("manage_roles")
    assert (await mandates.get(db, held.id)).ends_at == change.starts_at
    assert [one.mandate.id for one in await mandates.list_coming(db)] == [begun.id]
    await db.execute(
        "UPDATE mandates SET starts_at = starts_at - interval '10 days', ends_at = ends_at - interval '10 days'"
    )
    await offices.look_after(db)
    assert (await as_of_now(db, cy)).may("manage_roles") and not (await as_of_now(db, ana)).may("manage_roles")
    assert "mandate.overdue" not in await kinds(db)


async def test_of_two_stewards_none_prolongs_their_own_office_alone(db: Db) -> None:
    ana = await founded(db)
    bo = await a_member(db, "bo", roles=("steward",))
    mandate = await office_of(db, ana)
    proposed = await propose_change(db, ana, Change(deed="prolong", mandate=mandate.id, ends_at=soon(700)))
    assert (proposed.state, (await office_of(db, ana)).ends_at) == ("proposed", mandate.ends_at)
    with pytest.raises(Forbidden):
        await decisions.confirm(db, ana, proposed.id)
    await decisions.confirm(db, bo, proposed.id)
    assert (await office_of(db, ana)).ends_at != mandate.ends_at


async def test_who_says_no_has_no_office(db: Db) -> None:
    ana = await founded(db)
    cy = await a_member(db, "cy")
    await propose_change(db, ana, Change(deed="give", role="moderator", name="cy", ends_at=soon()))
    (offer,) = await offers.list_open(db)
    await offices.decline(db, cy, offer.id)
    assert await offers.list_open(db) == []
    assert await mandates.holds(db, cy.account.id, "moderator") is None
    assert (await kinds(db))[-1] == "mandate.declined"


async def test_who_gives_no_offices_proposes_none_and_a_change_must_make_sense(db: Db) -> None:
    ana = await founded(db)
    held = await office_of(db, ana)
    with pytest.raises(Forbidden):
        await propose_change(db, await a_member(db, roles=("moderator",)), Change(deed="give"))
    for wrong, field in (
        (Change(deed="give", role="moderator", name="nobody", ends_at=soon()), "name"),
        (Change(deed="give", role="king", name="ana", ends_at=soon()), "role"),
        (Change(deed="give", role="moderator", name="ana"), "ends_at"),
        (Change(deed="give", role="moderator", name="ana", ends_at=soon(-1)), "ends_at"),
        (Change(deed="give", role="moderator", name="ana", starts_at=soon(9), ends_at=soon(8)), "starts_at"),
        (Change(deed="prolong", mandate=held.id, ends_at=soon(9999)), "ends_at"),
        (Change(deed="deputy", mandate=held.id, name="ana"), "name"),
    ):
        with pytest.raises(Invalid) as refused:
            await propose_change(db, ana, wrong)
        assert field in {one.field for one in refused.value.problems}


async def test_four_weeks_before_the_end_its_holder_is_told_once(db: Db) -> None:
    ana = await founded(db)
    await ends_in(db, await office_of(db, ana), 27 * 86_400)
    for _ in range(2):
        await offices.look_after(db)
    found = await db.fetch("SELECT kind, recipient FROM mails")
    assert [tuple(one) for one in found] == [("mandate_ending", "ana@hub.example")]
    told = await notifications.list_of(db, ana.account.id, before=None, limit=9)
    assert [(one.kind, one.detail["role"]) for one in told] == [("mandate_ending", "steward")]


async def test_powers_end_with_the_term(db: Db) -> None:
    ana = await founded(db)
    bo = await a_member(db, "bo", roles=("moderator",))
    await ends_in(db, await office_of(db, bo, "moderator"), -1)
    assert not (await as_of_now(db, bo)).may("moderate_accounts")
    await offices.look_after(db)
    await offices.look_after(db)
    assert (await kinds(db)).count("mandate.ended") == 1
    assert ("moderator", 0) in [(one.role, one.held) for one in await mandates.vacancies(db)]
    assert (await as_of_now(db, ana)).may("manage_roles")


async def test_a_deputy_who_agreed_stands_in_and_one_who_did_not_does_not(db: Db) -> None:
    ana = await founded(db)
    bo, cy = await a_member(db, "bo", roles=("moderator",)), await a_member(db, "cy")
    office = await office_of(db, bo, "moderator")
    await propose_change(db, ana, Change(deed="deputy", mandate=office.id, name="cy"))
    await ends_in(db, office, 60)
    with pytest.raises(NotFound):
        await offices.answer_as_deputy(db, bo, office.id, agrees=True)
    await offices.answer_as_deputy(db, cy, office.id, agrees=True)
    await offices.look_after(db)
    begun = await db.fetchrow(
        "SELECT interim, starts_at FROM mandates WHERE account_id = $1 AND interim", cy.account.id
    )
    assert begun["starts_at"] == (await mandates.get(db, office.id)).ends_at
    other = await a_member(db, "dee", roles=("moderator",))
    theirs = await office_of(db, other, "moderator")
    await propose_change(db, ana, Change(deed="deputy", mandate=theirs.id, name="cy"))
    await ends_in(db, theirs, 60)
    await offices.look_after(db)
    assert await db.fetchval("SELECT count(*) FROM mandates WHERE interim") == 1


async def test_the_last_who_gives_offices_goes_on_and_everybody_sees_the_vacancy(db: Db) -> None:
    ana = await founded(db)
    office = await office_of(db, ana)
    with pytest.raises(Conflict):
        await offices.lay_down(db, ana, office.id)
    with pytest.raises(Conflict):
        await propose_change(db, ana, Change(deed="end", mandate=office.id))
    assert [one.role for one in await mandates.vacancies(db)] == ["moderator"]
    await ends_in(db, office, -3600)  # the node was away at the end
    await offices.look_after(db)
    await offices.look_after(db)
    assert (await as_of_now(db, ana)).may("manage_roles")
    (_, vacant) = await mandates.vacancies(db)
    assert (vacant.role, vacant.held, vacant.since is not None) == ("steward", 0, True)
    assert (await kinds(db)).count("mandate.overdue") == 1
    cy = await a_member(db, "cy")
    await propose_change(db, ana, Change(deed="give", name="cy", mandate=office.id, ends_at=soon()))
    await offices.take(db, cy, (await offers.list_open(db))[0].id)
    assert not (await as_of_now(db, ana)).may("manage_roles")
    assert [one.role for one in await mandates.vacancies(db)] == ["moderator"]


async def test_one_of_two_may_lay_an_office_down(db: Db) -> None:
    ana = await founded(db)
    bo = await a_member(db, "bo", roles=("steward",))
    with pytest.raises(Forbidden):
        await offices.lay_down(db, bo, (await office_of(db, ana)).id)
    await offices.lay_down(db, ana, (await office_of(db, ana)).id)
    assert not (await as_of_now(db, ana)).may("manage_roles")


async def test_a_role_can_be_made_and_changed_but_somebody_must_give_offices(db: Db) -> None:
    ana = await founded(db)
    await propose_role(db, ana, "treasurer", ["see_queue", "publish"], 1, "")
    assert (await roles.list_all(db))["treasurer"].permissions == ["publish", "see_queue"]
    with pytest.raises(Conflict):
        await propose_role(db, ana, "steward", ["publish"], 1, "")
    with pytest.raises(Invalid) as refused:
        await propose_role(db, ana, "Bad Name", ["fly"], 999, "")
    assert {one.field for one in refused.value.problems} == {"role", "permissions", "seats"}
    with pytest.raises(Forbidden):
        await propose_role(db, await a_member(db), "x", [], 0, "")


async def test_a_list_for_the_handover_is_written_by_its_holder_and_has_bounds(db: Db) -> None:
    ana = await founded(db)
    office = await office_of(db, ana)
    with pytest.raises(Forbidden):
        await offices.hand_over(db, await a_member(db), office.id, [])
    for items in ([Item(text="x")] * 41, [Item(text="x" * 301)]):
        with pytest.raises(Invalid):
            await offices.hand_over(db, ana, office.id, items)
