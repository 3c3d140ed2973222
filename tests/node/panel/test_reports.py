"""Reports in the panel: found, read in their context, noted on, acted on and closed."""

from __future__ import annotations

from node.actions import react
from node.store.moderation import case_files, cases, log, measures, reports
from node.store.people import actors
from node.store.posts import posts
from tests.factories import a_local_actor, a_post, a_remote_actor, a_remote_object
from tests.node.pages.conftest import Browser, Hub
from tests.node.panel.conftest import a_report


async def test_reports_are_listed_by_state_reason_and_server(hub: Hub, mo: Browser) -> None:
    one = await a_report(hub.db, await a_remote_actor(hub.db, "cy", host="https://other.example"), text="one")
    two = await a_report(hub.db, await a_local_actor(hub.db, "dee", urls=hub.urls))
    await cases.close(hub.db, two.id, (await hub.member("em")).account.id, "acted", "")
    shown = {query: (await mo.get(f"/admin/reports{query}")).text for query in (
        "", "?state=closed", "?state=all", "?host=OTHER.example", "?category=legal",
    )}  # fmt: skip
    found = {query: [n for n in (one.id, two.id) if f'"/admin/reports/{n}"' in text] for query, text in shown.items()}
    assert found == {
        "": [one.id],
        "?state=closed": [two.id],
        "?state=all": [one.id, two.id],
        "?host=OTHER.example": [one.id],
        "?category=legal": [],
    }


async def test_a_report_stands_with_its_posts_and_with_what_else_is_known(hub: Hub, mo: Browser) -> None:
    about = await a_remote_actor(hub.db, "cy", host="https://other.example")
    post = await posts.upsert_remote(hub.db, a_remote_object(about, text="Buy my boots"), about)
    assert post
    bo = await hub.member("bo")
    report = await a_report(hub.db, about, bo, post.uri, "https://other.example/gone", text="<b>bad</b>")
    before = await a_report(hub.db, about, bo)
    neighbour = await a_report(hub.db, await a_remote_actor(hub.db, "dee", host="https://other.example"))
    page = await mo.get(f"/admin/reports/{report.id}")
    for words in ("Buy my boots", "https://other.example/gone", "<b>bad</b>", "@cy@other.example", "@bo@"):
        assert words in page.words
    for other in (before, neighbour):
        assert f'"/admin/reports/{other.id}"' in page.text
    assert (await mo.get("/admin/reports/999")).status == 404


async def test_notes_stay_among_the_staff(hub: Hub, mo: Browser, ana: Browser) -> None:
    report = await a_report(hub.db, await a_remote_actor(hub.db))
    there = f"/admin/reports/{report.id}"
    assert "I wrote to them" in (await mo.post(there, {"deed": "note", "note": "I wrote to them"})).words
    assert "I wrote to them" in (await ana.get(there)).words
    for wrong in ("", "x" * 5001):
        assert (await mo.post(there, {"deed": "note", "note": wrong})).status == 422
    assert len(await case_files.list_notes(hub.db, report.id, 9)) == 1


async def test_a_member_who_reported_hears_the_outcome(hub: Hub, mo: Browser) -> None:
    bo = await hub.signed_in("bo")
    actor = await actors.find_local(hub.db, "bo")
    assert actor
    row = await hub.db.fetchval("SELECT id FROM accounts WHERE actor_id = $1", actor.id)
    about = await a_remote_actor(hub.db)
    await hub.db.execute(
        "INSERT INTO reports (actor_id, reporter_id, content) VALUES ($1, $2, 'x')", about.id, actor.id
    )
    number = await hub.db.fetchval("SELECT max(id) FROM reports")
    sent = {"deed": "close", "outcome": "acted", "answer": "Thank you!"}
    page = await mo.post(f"/admin/reports/{number}", sent)
    assert "Something was done" in page.words
    assert "something was done. Thank you!" in (await bo.get("/notifications")).words
    assert row and (await cases.get(hub.db, number)).outcome == "acted"
    again = await mo.post(f"/admin/reports/{number}", sent)
    assert again.status == 409
    assert (await mo.post(f"/admin/reports/{number}", {"deed": "reopen"})).status == 200
    assert (await cases.get(hub.db, number)).resolved_at is None
    wrong = await mo.post(f"/admin/reports/{number}", {"deed": "close", "outcome": "shrug"})
    assert wrong.status == 422
    said = [one.kind for one in await log.list_newest(hub.db, before=None, limit=9)]
    assert said == ["report.reopened", "report.closed"]


async def test_a_measure_is_taken_from_the_report(hub: Hub, mo: Browser, ana: Browser) -> None:
    about = await a_remote_actor(hub.db, "cy")
    there = f"/admin/reports/{(await a_report(hub.db, about)).id}"
    limit = {"kind": "limit", "public_reason": "spam", "private_reason": "see mail", "ends_at": "2099-01-01"}
    page = await mo.post(f"{there}/measures", limit, form=there)
    assert "In force" in page.words
    kept = await measures.find_in_force(hub.db, "limit", "actor", about.uri)
    assert kept and kept.ends_at and kept.private_reason == "see mail"
    assert (await actors.get(hub.db, about.id)).limited_at is not None
    page = await mo.post(f"{there}/measures", {"kind": "suspend"}, form=there)
    assert "Waits for a second person" in page.words
    proposed = (await measures.list_proposed(hub.db, "actor"))[0]
    assert (await mo.post(f"/admin/measures/{proposed.id}", {"deed": "confirm"}, form=there)).status == 403
    assert (await ana.post(f"/admin/measures/{proposed.id}", {"deed": "confirm"}, form=there)).status == 200
    assert (await actors.get(hub.db, about.id)).suspended_at is not None


async def test_a_measure_that_makes_no_sense_is_refused_beside_its_field(hub: Hub, mo: Browser) -> None:
    there = f"/admin/reports/{(await a_report(hub.db, await a_local_actor(hub.db, urls=hub.urls))).id}"
    for wrong, words in (
        ({"kind": "reject_media"}, "must be one of"),
        ({"kind": "warn"}, "must not be empty"),
        ({"kind": "limit", "ends_at": "2001-01-01"}, "in the past"),
        ({"kind": "limit", "ends_at": "soon"}, "Write the date"),
        ({"kind": "limit", "public_reason": "x" * 2001}, "2000 characters"),
    ):
        page = await mo.post(f"{there}/measures", wrong, form=there)
        assert page.status == 422
        assert words in page.words
    assert await measures.list_in_force(hub.db, "actor") == []


async def test_a_warned_member_reads_why(hub: Hub, mo: Browser) -> None:
    bo = await hub.signed_in("bo")
    actor = await actors.find_local(hub.db, "bo")
    assert actor
    post = await a_post(hub.db, actor)
    there = f"/admin/reports/{(await a_report(hub.db, actor, None, post.uri)).id}"
    await mo.post(f"{there}/measures", {"kind": "warn", "public_reason": "No advertising, please."}, form=there)
    assert "warn you: No advertising, please." in (await bo.get("/notifications")).words


async def test_a_case_shows_what_was_reported_as_it_was_and_what_it_answered(hub: Hub, mo: Browser) -> None:
    about = await a_remote_actor(hub.db, "cy", host="https://other.example")
    asked = await posts.upsert_remote(hub.db, a_remote_object(about, text="Who buys boots?"), about)
    assert asked
    said = await posts.upsert_remote(hub.db, a_remote_object(about, text="Buy MINE", in_reply_to=asked.uri), about)
    assert said
    report = await a_report(hub.db, about, None, said.uri)
    await posts.tombstone(hub.db, said.id)
    page = await mo.get(f"/admin/reports/{report.id}")
    for words in ("Buy MINE", "Deleted since", "Who buys boots?", "Answered by what was reported"):
        assert words in page.words
    kept = await case_files.list_exhibits(hub.db, report.id)
    assert [(one.uri, one.reported, one.gone) for one in kept] == [(asked.uri, False, False), (said.uri, True, True)]


async def test_a_case_belongs_to_somebody_and_others_belong_to_it(hub: Hub, mo: Browser) -> None:
    about = await a_remote_actor(hub.db, "cy")
    one, other = await a_report(hub.db, about), await a_report(hub.db, about)
    there = f"/admin/reports/{one.id}"
    assert "Yours" in (await mo.post(there, {"deed": "mine"})).words
    assert f'"{there}"' in (await mo.get("/admin/reports?whose=mine")).text
    assert f'"{there}"' not in (await mo.get("/admin/reports?whose=nobody")).text
    ana = await hub.db.fetchval("SELECT a.id FROM accounts a JOIN actors ON actors.id = actor_id WHERE name = 'ana'")
    await mo.post(there, {"deed": "assign", "assigned": str(ana)})
    assert (await cases.get(hub.db, one.id)).assigned_to == ana
    bo = await hub.member("bo")
    assert (await mo.post(there, {"deed": "assign", "assigned": str(bo.account.id)})).status == 422
    assert "They belong together" in (await mo.post(there, {"deed": "link", "other": str(other.id)})).words
    assert await case_files.list_linked(hub.db, other.id, 9) == [one.id]
    assert (await mo.post(there, {"deed": "link", "other": "999"})).status == 404
    assert (await mo.post(there, {"deed": "link", "other": str(one.id)})).status == 404
    assert (await mo.post(there, {"deed": "link", "other": "x"})).status == 422
    await mo.post(there, {"deed": "unlink", "other": str(other.id)})
    assert await case_files.list_linked(hub.db, other.id, 9) == []


async def test_staff_tell_their_server_later_and_once(hub: Hub, mo: Browser) -> None:
    there = f"/admin/reports/{(await a_report(hub.db, await a_remote_actor(hub.db, 'cy'))).id}"
    assert "Their server is told." in (await mo.post(there, {"deed": "forward"})).words
    assert await hub.db.fetchval("SELECT count(*) FROM activities WHERE type = 'Flag'") == 1
    assert (await mo.post(there, {"deed": "forward"})).status == 409


async def test_a_reported_post_is_no_longer_passed_on_by_the_hub(hub: Hub, mo: Browser) -> None:
    about, itself = await a_remote_actor(hub.db), await actors.hub(hub.db)
    post = await posts.upsert_remote(hub.db, a_remote_object(about), about)
    assert post
    await react.boost(hub.node, hub.db, itself, post.id)
    there = f"/admin/reports/{(await a_report(hub.db, about, await hub.member('bo'), post.uri)).id}"
    assert "passes it on to its followers" in (await mo.get(there)).words
    wrong = await mo.post(there, {"deed": "take_out", "passed_on": f"{post.id}-{about.id}"})
    assert wrong.status == 404
    page = await mo.post(there, {"deed": "take_out", "passed_on": f"{post.id}-{itself.id}"})
    assert "It is no longer passed on." in page.words and "passes it on to its followers" not in page.words
    assert await posts.find_boost(hub.db, itself.id, post.id) is None
    assert await hub.db.fetchval("SELECT count(*) FROM activities WHERE type = 'Undo'") == 1
    (entry,) = await log.list_newest(hub.db, before=None, limit=1)
    assert (entry.kind, itself.display_name in str(entry.public)) == ("report.taken_out", True)


async def test_somebody_elsewhere_who_reported_hears_the_outcome_without_details(hub: Hub, mo: Browser) -> None:
    cy, mine = await a_remote_actor(hub.db, "cy"), await a_local_actor(hub.db, urls=hub.urls)
    server = await a_remote_actor(hub.db, "instance", kind="Application")
    for reporter, verb in ((cy, "Create"), (server, "Accept")):
        uri = f"{reporter.uri}/flags/1"
        kept = await reports.insert(
            hub.db, mine.id, reporter_id=reporter.id, host="peer.example", uri=uri, posts=[], content="x"
        )
        assert kept
        sent = {"deed": "close", "outcome": "acted", "answer": "Dee is a bad person"}
        assert (await mo.post(f"/admin/reports/{kept.id}", sent)).status == 200
        (row,) = await hub.db.fetch("SELECT type, document FROM activities v WHERE $1 = ANY (recipients)", reporter.uri)
        assert row["type"] == verb and "done something about it" in row["document"]
        assert "bad person" not in row["document"]
        assert ('"coop:outcome":"acted"' in row["document"] and uri in row["document"]) == (verb == "Accept")


async def test_messages_are_written_in_three_languages_and_fill_the_answer(hub: Hub, mo: Browser) -> None:
    there = "/admin/replies"
    sent = {"name": "Advert", "outcome": "acted", "en": "No adverts here.", "de": "Keine Werbung hier."}
    page = await mo.post(there, sent)
    assert "Advert" in page.words
    assert (await mo.post(there, sent)).status == 422
    for wrong in ({"name": "", "en": "x"}, {"name": "y"}, {"name": "y", "en": "x", "outcome": "shrug"}):
        assert (await mo.post(there, wrong)).status == 422
    kept = {one.name: one for one in await case_files.list_templates(hub.db)}["Advert"]
    bo = await hub.member("bo", language="de")
    report = await a_report(hub.db, await a_remote_actor(hub.db), bo)
    filled = (await mo.get(f"/admin/reports/{report.id}?template={kept.id}")).text
    assert "Keine Werbung hier." in filled
    assert "No adverts here." in (await mo.get(f"{there}?edit={kept.id}")).text
    await mo.post(f"{there}/{kept.id}", {"deed": "delete"}, form=there)
    assert "Advert" not in (await mo.get(there)).words


async def test_some_cases_are_handled_at_once_after_a_look(hub: Hub, mo: Browser) -> None:
    about = await a_remote_actor(hub.db, "cy")
    numbers = [str((await a_report(hub.db, about)).id) for _ in range(3)]
    there = "/admin/reports"
    back = f"{there}?state=all&sort=-when"
    chosen = {"deed": "no_breach", "chosen": numbers[:2], "return_to": back}
    look = await mo.post(there, chosen)
    assert "these 2 cases" in look.words
    assert await hub.db.fetchval("SELECT count(*) FROM reports WHERE resolved_at IS NOT NULL") == 0
    after = await mo.post(there, chosen | {"sure": "yes"})
    assert "Done with 2 of them." in after.words
    assert after.url == hub.base + back
    assert (await mo.post(there, {"deed": "no_breach"})).status == 422
    assert (await mo.post(there, {"deed": "burn", "chosen": numbers})).status == 422


async def test_the_table_sorts_and_goes_out_as_a_file_without_formulas(hub: Hub, mo: Browser) -> None:
    first = await a_report(hub.db, await a_remote_actor(hub.db, "zoe"))
    second = await a_report(hub.db, await a_remote_actor(hub.db, "al"))
    for sort, order in (("", [second, first]), ("number", [first, second]), ("about", [second, first])):
        text = (await mo.get(f"/admin/reports?sort={sort}")).text
        assert [text.index(f'"/admin/reports/{one.id}"') for one in order] == sorted(
            text.index(f'"/admin/reports/{one.id}"') for one in order
        )
    file = await mo.get("/admin/reports?format=csv&q=zoe")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "'@zoe@peer.example" in file.text
    assert "@al@" not in file.text


async def test_who_is_reported_neither_sees_nor_handles_the_case(hub: Hub, mo: Browser, ana: Browser) -> None:
    """Else they would know who reported them, and could close it. Alone on a hub, somebody has to."""
    moderator = await actors.find_local(hub.db, "mo")
    assert moderator
    report = await a_report(hub.db, moderator, await hub.member("bo"), text="Mo is rude")
    there = f"/admin/reports/{report.id}"
    assert (await mo.get(there)).status == 403
    for page in ("/admin", "/admin/reports", "/admin/reports?format=csv", "/admin/reports?q=rude"):
        assert "Mo is rude" not in (found := (await mo.get(page)).text)
        assert f'"{there}"' not in found
    for sent in ({"deed": "close", "outcome": "no_breach"}, {"deed": "mine"}, {"deed": "note", "note": "x"}):
        assert (await mo.post(there, sent, form="/admin/reports")).status == 403
    assert (await cases.get(hub.db, report.id)).resolved_at is None
    assert "Mo is rude" in (await ana.get(there)).words
    await hub.db.execute("UPDATE mandates SET ends_at = now() WHERE role = 'steward'")
    assert "Mo is rude" in (await mo.get(there)).words
