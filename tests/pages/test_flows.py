"""The flows that must be excellent, walked through by people in browsers at two hubs that federate: on a phone without
scripts, and at a desk with them. In the full run in the other theme, too, and in the dark. What stewards do stands in
`test_moderation_flows.py` and `test_decision_flows.py`, what joining asks of them in `test_joining_flow.py`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from tests import files
from tests.databases import Databases
from tests.journeys.conftest import eventually
from tests.node.pages.letters import last
from tests.pages.looking import PHONE
from tests.pages.pair import CHEAP, Pair, Way, pair_of_hubs, shows

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

# A phone without scripts, a desk with them.
OPTIONS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": PHONE, "java_script_enabled": False, "locale": "en-GB"},
    "desk": {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"},
}
WAYS = [Way(name, "commons", options) for name, options in OPTIONS.items()]
REST = [
    Way(f"{name} {theme[-4:]} {scheme}", theme, options | {"color_scheme": scheme})
    for (name, options), theme, scheme in product(OPTIONS.items(), ("commons", "example-coop"), ("light", "dark"))
    if (theme, scheme) != ("commons", "light")
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(databases: Databases, one_chromium: Chromium) -> AsyncIterator[Pair]:
    """The hubs of all flows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("node.secrets.passwords._HASHER", CHEAP)
        async with pair_of_hubs(one_chromium, databases) as pair:
            yield pair


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[*WAYS, *[pytest.param(one, marks=pytest.mark.full) for one in REST]],
    ids=lambda way: way.name,
)
async def way(request: pytest.FixtureRequest, pair: Pair) -> Way:
    """One after the other; both hubs wear its theme."""
    way: Way = request.param
    for hub in (pair.bern, pair.lyon):
        await hub.db.execute("UPDATE hub SET look = $1", {"theme": "" if way.theme == "commons" else way.theme})
    return way


def next_month() -> str:
    """A day on which meetings of these tests take place, as a field for dates takes it."""
    return f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}"


async def publish_event(page: Page, title: str) -> None:
    """From the home page of an editor: three fields and a button."""
    await page.goto("/")
    await page.locator("a[href='/new']").locator("visible=true").first.click()
    await page.get_by_role("link", name="An event", exact=True).click()
    await page.get_by_label("Title").fill(title)
    await page.get_by_label("Begins").fill(f"{next_month()}T19:00")
    if await page.locator("#known_place").count():
        await page.locator("#known_place").select_option(index=1)
    else:
        await page.get_by_label("Name of the place").fill("Great hall")
        await page.get_by_label("Town").fill("Leipzig")
    await as_the_hub(page)
    await page.get_by_role("button", name="Publish").last.click()
    await page.wait_for_url("**/events/*")


async def as_the_hub(page: Page) -> None:
    """In the name of the hub, where a page asks; the field is folded away where there are more important ones."""
    choice = page.locator("[name=acting_as][value=hub]")
    if not await choice.is_visible():
        await page.locator("details:has([name=acting_as]) > summary").click()
    await choice.check()


async def copy_of(pair: Pair, page: Page, title: str, start: str) -> None:
    """Find what came from the other hub in a list of this one, on whichever of its pages, and open it."""
    link = page.get_by_role("main").get_by_role("link", name=title)
    onward = page.get_by_role("navigation", name="Pages").locator("[rel=next]")

    async def found() -> bool:
        await page.goto(start)
        while not await link.count():
            if not await onward.count():
                return False
            await page.goto(await onward.get_attribute("href") or "")
        return True

    await eventually(found, f"{title} from {start} on")
    await link.first.click()
    await page.get_by_role("heading", level=1, name=title).wait_for()


async def an_event(pair: Pair, way: Way, title: str) -> str:
    """An event of Bern; its path there."""
    async with pair.at(pair.bern, way, "ana") as page:
        await publish_event(page, title)
        return page.url.removeprefix(pair.bern.base)


async def test_an_event_is_published_and_stands_in_the_calendar_of_the_other_hub(pair: Pair, way: Way) -> None:
    title = f"Repair café ({way.name})"
    async with pair.at(pair.bern, way, "ana") as page:
        await page.goto("/new/event")
        await page.get_by_label("Title").fill(title)
        await page.get_by_role("button", name="Publish").last.click()
        if way.options.get("java_script_enabled") is False:
            assert await page.get_by_role("alert").is_visible()
        assert await page.get_by_label("Title").input_value() == title, "nothing that was typed is lost"
        await publish_event(page, title)
        assert await page.get_by_role("heading", level=1).inner_text() == title
        assert await page.get_by_text("Great hall").first.is_visible()
    async with pair.at(pair.lyon, way) as page:
        await copy_of(pair, page, title, "/events")
        assert await page.get_by_text("Great hall").first.is_visible()


async def test_somebody_of_another_server_answers_with_one_word_and_changes_it_by_the_link(
    pair: Pair, way: Way
) -> None:
    title = f"Assembly ({way.name})"
    event = await an_event(pair, way, title)
    async with pair.at(pair.bern, way) as page:
        await page.goto(event)
        await page.get_by_role("link", name="Answer from your own server").click()
        await page.get_by_label("Your address or server").fill(f"@lou@{pair.lyon.base.partition('//')[2]}")
        await page.get_by_role("button", name="Go on").click()
        onward = await page.get_by_role("link", name="Go on at").get_attribute("href")
    assert onward
    async with pair.at(pair.lyon, way, "lou") as page:
        await page.goto(onward)
        assert await page.get_by_role("heading", level=1).inner_text() == title
        await page.get_by_label("Your reply").fill("I’m coming!")
        await page.get_by_role("button", name="Reply").click()
        await page.wait_for_url("**/posts/*")
        await page.goto("/notifications")
        told = page.get_by_role("main").get_by_role("link", name=f"{title}: you are coming")
        await shows(page, told)
        await told.first.click()
        link = await page.locator(".prose a[href*='/rsvp/']").first.get_attribute("href")
    assert link
    async with pair.at(pair.bern, way) as page:
        await page.goto(event)
        assert await page.get_by_text("1 person is coming").is_visible()
        await page.goto(link)
        await page.get_by_label("I cannot come").check()
        await page.get_by_role("button", name="Save my answer").click()
        assert await page.get_by_text("You are not coming").is_visible()
        await page.goto(event)
        assert not await page.get_by_text("1 person is coming").is_visible()


async def test_somebody_without_an_account_answers_and_is_ticked_off(pair: Pair, way: Way) -> None:
    event = await an_event(pair, way, f"Open day ({way.name})")
    async with pair.at(pair.bern, way) as page:
        await page.goto(event)
        await page.get_by_text("Answer by mail, without an account").click()
        await page.get_by_label("Your name").fill("Kai")
        await page.get_by_label("Your mail address").fill("kai@post.example")
        await page.get_by_role("button", name="Send me the link").click()
        assert await page.get_by_role("heading", level=1).inner_text() == "Look into your mail"
        letter = await last(pair.bern, "rsvp")
        assert (
            await pair.bern.db.fetchval("SELECT count(*) FROM mail_attachments WHERE mail_id = $1", letter.mail.id) == 1
        )
        await page.goto(letter.link("/rsvp/"))
        await page.get_by_role("button", name="Confirm my answer").click()
        assert await page.get_by_text("You are coming").is_visible()
    async with pair.at(pair.bern, way, "ana") as page:
        await page.goto(f"{event}/check-in?q=kai")
        await page.get_by_role("button", name="Kai").click()
        assert await page.get_by_text("1 of 1 are here").is_visible()


async def test_an_event_is_cancelled_after_a_look_at_who_is_told(pair: Pair, way: Way) -> None:
    title = f"Summer party ({way.name})"
    event = await an_event(pair, way, title)
    async with pair.at(pair.lyon, way, "lou") as page:
        await copy_of(pair, page, title, "/events")
        await page.get_by_role("button", name="I am coming").click()
        await shows(page, page.get_by_text("You are coming"))
    async with pair.at(pair.bern, way, "ana") as page:
        await page.goto(event)
        await page.get_by_role("link", name="Cancel the event").click()
        told = page.get_by_text("1 person on another server, by a direct message")
        await shows(page, told)
        await page.get_by_label("Why?").fill("The roof leaks.")
        await page.get_by_role("button", name="Yes, cancel it").click()
        assert await page.get_by_text("This event is cancelled.").is_visible()
    async with pair.at(pair.lyon, way, "lou") as page:
        await page.goto("/notifications")
        told = page.get_by_role("main").get_by_role("link", name=f"{title}: This event is cancelled.")
        await shows(page, told)
        await told.first.click()
        assert await page.get_by_text("The roof leaks.").first.is_visible()
        await copy_of(pair, page, title, "/events")
        await shows(page, page.get_by_text("This event is cancelled."))


async def test_a_meeting_is_documented_and_read_elsewhere(pair: Pair, way: Way, tmp_path: Path) -> None:
    title, picture = f"Bicycle day ({way.name})", tmp_path / "bicycle.png"
    picture.write_bytes(files.image(size=(900, 600)))
    event = await an_event(pair, way, title)
    past = "UPDATE events SET starts_at = now() - interval '1 day', ends_at = NULL WHERE post_id = $1"
    await pair.bern.db.execute(past, int(event.rpartition("/")[2]))
    async with pair.at(pair.bern, way, "ana") as page:
        await page.goto(event)
        await page.get_by_role("link", name="Document it").first.click()
        await page.fill('[name="claim"]', "Whoever mends together knows the street.")
        await page.fill('[name="versions.0.text"]', "Eleven bicycles run again.")
        await page.set_input_files('[name="new.file"]', picture)
        await page.fill('[name="new.alt"]', "A bicycle on a stand")
        await as_the_hub(page)
        await page.get_by_role("button", name="Publish").last.click()
        await page.wait_for_url("**/findings/*")
        assert await page.locator(".chain li").count() == 2
        assert await page.locator(".cover img").is_visible()
        await page.goto(event)
        assert await page.get_by_role("heading", name="What was found").is_visible()
    async with pair.at(pair.lyon, way) as page:
        await copy_of(pair, page, title, "/findings")
        assert await page.get_by_text("Whoever mends together knows the street.").first.is_visible()


async def test_a_finding_of_one_hub_becomes_a_call_of_the_other(pair: Pair, way: Way) -> None:
    title = f"Twelve households carry a car ({way.name})"
    async with pair.at(pair.bern, way, "ana") as page:
        await page.goto("/new/finding")
        await page.fill('[name="versions.0.name"]', title)
        await page.fill('[name="versions.0.text"]', "Everybody drives less.")
        await page.fill('[name="claim"]', "A shared car pays from twelve households on.")
        await as_the_hub(page)
        await page.get_by_role("button", name="Publish").last.click()
        await page.wait_for_url("**/findings/*")
        finding = page.url
    async with pair.at(pair.lyon, way, "ana") as page:
        await copy_of(pair, page, title, "/findings")
        await page.get_by_role("link", name="Start a call from this").click()
        assert title in await page.input_value('[name="versions.0.name"]'), "what is known is carried over"
        await page.get_by_label("From anywhere").check()
        await as_the_hub(page)
        await page.get_by_role("button", name="Publish").last.click()
        await page.wait_for_url("**/calls/*")
        assert await page.locator(".chain li").count() == 2
    async with pair.at(pair.bern, way) as page:
        await page.goto(finding.removeprefix(pair.bern.base))
        await shows(page, page.locator(".chain li", has_text="127.0.0.3"))


async def test_a_call_that_fits_is_answered_from_the_other_hub(pair: Pair, way: Way) -> None:
    title = f"Who can build a roof? ({way.name})"
    async with pair.at(pair.lyon, way, "lou") as page:
        await page.goto("/settings/matching")
        await page.fill('[name="skills"]', "carpentry")
        await page.get_by_role("button", name="Save the changes").click()
    async with pair.at(pair.bern, way, "ana") as page:
        await page.goto("/new/call")
        await page.fill('[name="versions.0.name"]', title)
        await page.fill('[name="versions.0.text"]', "Two weekends in May.")
        await page.fill('[name="skills"]', "carpentry")
        await page.get_by_label("From anywhere").check()
        await as_the_hub(page)
        await page.get_by_role("button", name="Publish").last.click()
        await page.wait_for_url("**/calls/*")
        call = page.url.removeprefix(pair.bern.base)
    async with pair.at(pair.lyon, way, "lou") as page:
        await page.goto("/desk")
        fitting = page.locator(".fit").get_by_role("link", name=title)
        await shows(page, fitting)
        await fitting.click()
        assert await page.get_by_text("This call fits you, because").is_visible()
        await page.get_by_role("link", name="I can help").click()
        await page.get_by_label("Your answer").fill("I have built three. I bring my saw.")
        await page.get_by_role("button", name="Send").click()
        assert await page.get_by_text("You have answered").is_visible()
    async with pair.at(pair.bern, way, "ana") as page:
        await page.goto(f"{call}/desk")
        await shows(page, page.get_by_text("I bring my saw."))
        await page.get_by_role("button", name="Accept").click()
        assert await page.get_by_text("Accepted").first.is_visible()
    async with pair.at(pair.lyon, way, "lou") as page:
        await copy_of(pair, page, title, "/calls")
        await shows(page, page.get_by_text("Your answer was accepted"))


async def test_a_member_moves_from_one_hub_to_the_other(pair: Pair, way: Way) -> None:
    name = f"mo{[*WAYS, *REST].index(way)}"
    for hub in (pair.bern, pair.lyon):
        await hub.member(name)
    old, new = f"{pair.bern.base}/actors/{name}", f"{pair.lyon.base}/actors/{name}"
    async with pair.at(pair.lyon, way, "lou") as page:
        await page.goto(f"/follow?who={old}")
        await page.get_by_role("button", name="Follow").first.click()
    async with pair.at(pair.lyon, way, name) as page:
        await page.goto("/settings/moving")
        await page.get_by_label("Your former account").fill(old)
        await page.get_by_role("button", name="Name it").click()
        assert await page.get_by_text("This account may move here now.").is_visible()
    async with pair.at(pair.bern, way, name) as page:
        await page.goto("/settings/moving")
        await page.get_by_label("Your new account").fill(new)
        await page.get_by_role("button", name="Move", exact=True).click()
        assert await page.get_by_text("1 follower is sent there").is_visible()
        await page.get_by_role("button", name="Yes, move").click()
        assert await page.get_by_text("You have moved. Your followers are told.").is_visible()
