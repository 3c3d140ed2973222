"""The register of members: written, found, taken in from a file after a look at it, given out and erased."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import msgspec
import pytest

from node.actions import accounts, register
from node.actions.accounts import NewAccount, Ready
from node.errors import Forbidden
from node.secrets.passwords import hashed
from node.store.members import leaving, members
from node.store.tabular import Slice
from schemas.limits import MEMBERS_CSV_ROWS
from schemas.members import read
from tests.factories import keys
from tests.node.pages.conftest import PASSWORD, Browser, Hub


@pytest.fixture(autouse=True)
async def empty_register(hub: Hub) -> None:
    """Of those who have an account nobody stands in it yet."""
    await hub.db.execute("DELETE FROM members")


IDA = {
    "name": "Ida Koch",
    "number": "7",
    "class": "ordinary",
    "email": "ida@home.example",
    "since": "2024-02-29",
    "shares": "3",
    "dues": "due",
    "notes": "Pays in cash.",
    "consents": ["letters", "nonsense"],
}
FILE = """Mitgliedsnummer;Name;Eintritt;Anteile;E-Mail;Laune
8;Bo Berg;1.3.2025;2;bo@x.example;gut
9;;1.3.2025;2;;
7;Twin;;;;
10;Cy;31.2.2025;;;
8;Again;;;;
11;=1+1;;;;
"""


async def test_an_entry_is_written_found_changed_and_erased(hub: Hub, ana: Browser) -> None:
    page = await ana.post("/admin/members/new", IDA)
    assert "Kept." in page.words
    number = (await members.list_of(hub.db, "all", Slice()))[0].id
    kept = await members.find(hub.db, number)
    assert kept and (kept.shares, list(kept.consents), kept.handle) == (3, ["letters"], None)
    for query in ("?q=IDA", "?state=due", "?sort=-shares", "?q=ordinary"):
        assert "Ida Koch" in (await ana.get(f"/admin/members{query}")).words
    assert "Ida Koch" not in (await ana.get("/admin/members?state=former")).words
    there = f"/admin/members/{number}"
    await ana.post(there, IDA | {"handle": "ana", "until": "2025-01-01", "keep_until": "2025-06-01"})
    assert "@ana" in (await ana.get("/admin/members?state=former")).words
    sent = {"chosen": str(number), "deed": "paid"}
    assert "Ida Koch" in (await ana.post("/admin/members", sent)).words
    await ana.post("/admin/members", sent | {"sure": "yes"})
    assert (await members.list_of(hub.db, "over", Slice()))[0].dues == "paid"
    await ana.post("/admin/members", sent | {"deed": "erase", "sure": "yes"})
    assert await members.find(hub.db, number) is None


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "This must not be empty."),
        ("email", "nobody", "This is no mail address."),
        ("since", "2025-02-30", "Write the date as"),
        ("until", "2020-01-01", "The end must come after the start."),
        ("shares", "-1", "This must be a whole number."),
        ("shares", "9999999", "This must be at most"),
        ("dues", "maybe", "This must be one of"),
        ("handle", "nobody", "There is no member of this name."),
        ("notes", "x" * 5001, "This may have 5000 characters at most."),
    ],
)
async def test_what_is_wrong_is_said_beside_it(ana: Browser, field: str, typed: str, words: str) -> None:
    page = await ana.post("/admin/members/new", IDA | {field: typed})
    assert page.status == 422 and words in page.words


async def test_a_number_stands_once(ana: Browser) -> None:
    await ana.post("/admin/members/new", IDA)
    page = await ana.post("/admin/members/new", IDA | {"name": "Twin"})
    assert page.status == 422 and "in the register already" in page.words


async def test_a_file_is_looked_at_before_anything_is_written(hub: Hub, ana: Browser) -> None:
    await ana.post("/admin/members/new", IDA)
    page = await ana.post("/admin/members/import", {"text": FILE})
    assert "2 lines are right. 4 lines are not and are left out." in page.words
    assert "Line 3: Name: This must not be empty." in page.words
    assert "Line 4: Number: This number is in the register already" in page.words
    assert "Line 5: Member since: Write the date" in page.words and "Line 6: Number:" in page.words
    assert len(await members.list_of(hub.db, "all", Slice())) == 1
    columns = {"map.0": "number", "map.1": "name", "map.2": "", "map.3": "shares", "map.4": "email", "map.5": "class"}
    again = await ana.post("/admin/members/import", {"text": FILE, **columns})
    assert "3 lines are right." in again.words
    done = await ana.post("/admin/members/import", {"text": FILE, **columns, "sure": "yes"})
    assert "3 were taken in." in done.words
    bo = (await members.list_of(hub.db, "all", Slice(words="Bo Berg")))[0]
    assert (bo.number, bo.since, bo.shares, bo.category) == ("8", None, 2, "gut")


async def test_case_139_files_are_bounded_and_cells_are_no_formulas(hub: Hub, ana: Browser) -> None:
    many = "name\n" + "x\n" * (MEMBERS_CSV_ROWS + 1)
    for text, words in (
        (many, "5000 of these at most"),
        ("name\n" + "x" * 400_001, "larger than"),
        ("name\n", "empty"),
    ):
        page = await ana.post("/admin/members/import", {"text": text})
        assert page.status == 422 and words in page.words
    await ana.post("/admin/members/import", {"text": FILE, "sure": "yes"})
    out = await ana.get("/admin/members?format=csv")
    rows = list(csv.reader(io.StringIO(out.text)))
    assert rows[0][:3] == ["number", "name", "kind"]
    assert "'=1+1" in [row[1] for row in rows]
    await members.erase(hub.db, [one.id for one in await members.list_of(hub.db, "all", Slice())])
    await ana.post("/admin/members/import", {"text": out.text, "sure": "yes"})
    assert {"=1+1", "Bo Berg"} <= {one.name for one in await members.list_of(hub.db, "all", Slice())}


async def test_somebody_gets_all_that_is_kept_about_them_and_nobody_else_does(hub: Hub, ana: Browser) -> None:
    await ana.post("/admin/members/new", IDA | {"handle": "ana"})
    number = (await members.list_of(hub.db, "all", Slice()))[0].id
    page = await ana.get(f"/admin/members/{number}/extract")
    told = msgspec.json.decode(page.text)
    assert (told["register"]["notes"], told["register"]["shares"]) == ("Pays in cash.", 3)
    assert "attachment" in page.headers["Content-Disposition"]
    mo = await hub.signed_in("mo", "moderator")
    for path in ("", "/new", "/import", f"/{number}", f"/{number}/extract"):
        assert (await mo.get(f"/admin/members{path}")).status == 403
    with pytest.raises(Forbidden):
        await register.extract(hub.db, await hub.member("bo"), number)


async def test_columns_are_guessed_in_three_languages_and_names_and_addresses_put_together(hub: Hub) -> None:
    headings = ["Nummer", "Nr", "Vorname", "Nom", "joined", "?", "PLZ", "Ort", "Straße"]
    columns = ["number", "", "name", "name", "since", "", "address", "address", "address"]
    assert register.guessed(headings) == columns
    assert register.guessed(["Name", "Art"], [["Eva", "Vollmitglied"]]) == ["name", "class"]
    assert register.guessed(["Name", "Art"], [["Eva", "person"], ["Bo", ""]]) == ["name", "kind"]
    row = ["1", "2", "Eva ", "Muster", "", "x", "04109", "Leipzig", ""]
    [line] = await register.lines_of(hub.db, [headings, row], columns)
    assert (line.entry.name, line.entry.address) == ("Eva Muster", "04109, Leipzig")


def test_days_are_read_as_people_write_them() -> None:
    for typed in ("2025-03-01", "1.3.2025"):
        entry, problems = read({"name": "x", "since": typed})
        assert entry.since and entry.since.isoformat() == "2025-03-01" and not problems


async def test_who_gets_an_account_stands_in_the_register_once_and_says_what_they_agree_to(hub: Hub) -> None:
    known = await members.insert(hub.db, read({"name": "Nia Ndiaye", "email": "nia@home.example", "number": "7"})[0])
    for name, proved in (("nia", True), ("omar", True), ("pia", False)):
        new = NewAccount(name=name, email=f"{name}@home.example", password="-", display_name=name.title())
        new = msgspec.structs.replace(new, confirmed=proved)
        await accounts.create(hub.db, hub.urls, new, Ready(password_hash=await hashed(PASSWORD), keys=keys()))
    listed = {one.name: one for one in await members.list_of(hub.db, "all", Slice())}
    assert (listed["Nia Ndiaye"].id, listed["Nia Ndiaye"].handle, len(listed)) == (known, "nia", 3)
    assert (listed["Omar"].handle, listed["Omar"].consents) == ("omar", {})
    nia = hub.browser()
    await nia.post("/sign-in", {"who": "nia", "password": PASSWORD})
    assert "Number 7" in (await nia.get("/settings/membership")).words
    await nia.post("/settings/membership", {"consents": ["letters", "nonsense"]})
    mine = await members.find(hub.db, known)
    assert mine and list(mine.consents) == ["letters"]
    await nia.post("/settings/membership", {})
    mine = await members.find(hub.db, known)
    assert mine and mine.consents == {}


@pytest.mark.parametrize(
    ("owed", "left"), [({}, None), ({"shares": "3"}, "x@home.example"), ({"keep_until": "2999-01-01"}, "")]
)
async def test_what_is_left_of_an_entry_when_somebody_leaves(hub: Hub, owed: dict[str, str], left: str | None) -> None:
    bo = await hub.member("bo")
    said = {"name": "Bo", "email": "x@home.example", "notes": "Shy.", "since": "2020-02-02"}
    number = await members.insert(hub.db, read(said | owed, {"letters": "2020-02-02"})[0], bo.account.id)
    await leaving.forget(hub.db, bo.account.id, bo.actor.id, "bo")
    entry = await members.find(hub.db, number)
    assert (entry is None) is (left is None)
    if entry:
        assert (entry.email or "", entry.notes, entry.consents, entry.account_id) == (left, "", {}, None)
        assert entry.until == datetime.now(UTC).date() and entry.keep_until
