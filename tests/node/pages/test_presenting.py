"""A member says on our pages how they present themselves, and an editor how the hub does; nothing typed is lost."""

from __future__ import annotations

import io
import re
from typing import Any

import aiohttp
import pytest

from node.store.members import accounts
from node.store.people import actors
from schemas.limits import PROFILE_FIELD_CHARS, PROFILE_NAME_CHARS
from schemas.records import Actor
from tests import files
from tests.node.pages.conftest import TOKEN, Browser, Hub, Page
from tests.node.pages.form_reader import fields_of

PATH = "/settings/profile"
PICTURE = files.image(size=(900, 600))


async def send(
    browser: Browser, changes: dict[str, Any], pictures: dict[str, bytes] | None = None, path: str = PATH
) -> Page:
    """The form as it stands, with some of it changed."""
    page = await browser.get(path)
    return await send_again(browser, page, changes, pictures, path)


async def send_again(
    browser: Browser, page: Page, changes: dict[str, Any], pictures: dict[str, bytes] | None = None, path: str = PATH
) -> Page:
    token = TOKEN.search(page.text)
    assert token
    fields = {name: values[0] for name, values in fields_of(page.text, path).items() if ".file" not in name}
    form = aiohttp.FormData({**fields, **changes, "form_token": token[1]}, default_to_multipart=True)
    for name, content in (pictures or {}).items():
        form.add_field(name, io.BytesIO(content), filename="a.png")
    async with browser.session.post(browser.base + path, data=form, headers={"Origin": browser.base}) as answer:
        return Page(answer.status, str(answer.url), answer.headers, await answer.text())


async def ana_of(hub: Hub, name: str = "ana") -> Actor:
    found = await actors.find_local(hub.db, name)
    assert found
    return found


async def updates(hub: Hub) -> int:
    found: int = await hub.db.fetchval("SELECT count(*) FROM activities WHERE type = 'Update'")
    return found


async def test_a_member_says_who_they_are(hub: Hub, ana: Browser) -> None:
    said = {
        "display_name": "Ana Meier",
        "note": "I *mend* things.",
        "fields.0.name": "Web",
        "fields.0.value": "https://ana.example",
        "locked": "true",
        "discoverable": "true",
    }
    page = await send(ana, said)
    assert (page.status, "Saved." in page.words) == (200, True)
    actor = await ana_of(hub)
    assert (actor.display_name, actor.locked, actor.discoverable, actor.bot) == ("Ana Meier", True, True, False)
    assert "<em>mend</em>" in actor.summary
    assert [one["name"] for one in actor.fields] == ["Web"]
    assert 'href="https://ana.example"' in actor.fields[0]["value"]
    again = fields_of(page.text, PATH)
    assert {name: again[name][0] for name in said} == said
    shown = await hub.browser().get("/@ana")
    assert "Ana Meier" in shown.words
    assert "I mend things." in shown.words


async def test_followers_are_told_only_of_what_others_can_see(hub: Hub, ana: Browser) -> None:
    before = await updates(hub)
    await send(ana, {"zone": "Europe/Paris"})
    assert await updates(hub) == before
    await send(ana, {"note": "New."})
    assert await updates(hub) == before + 1


async def test_language_and_zone_of_the_account_are_kept_and_spoken_from_then_on(hub: Hub, ana: Browser) -> None:
    page = await send(ana, {"language": "fr", "zone": "Asia/Tokyo"})
    assert "Enregistré." in page.words
    assert 'lang="fr"' in (await ana.get("/desk")).text
    account = await accounts.find_by_actor(hub.db, (await ana_of(hub)).id)
    assert account
    assert (account.language, account.zone) == ("fr", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"display_name": "x" * (PROFILE_NAME_CHARS + 1)}, "display_name", "100 characters at most"),
        ({"fields.1.name": "a", "fields.1.value": "x" * (PROFILE_FIELD_CHARS + 1)}, "fields-1-value", "255"),
        ({"fields.2.name": "x" * (PROFILE_FIELD_CHARS + 1)}, "fields-2-name", "255"),
        ({"fields.3.value": "nameless"}, "fields-3-name", "must not be empty"),
        ({"zone": "Moon/Sea"}, "zone", "no time zone"),
        ({"language": "tlh"}, "language", "one of"),
        ({"icon.alt": "x" * 2000}, "icon-alt", "characters at most"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    hub: Hub, ana: Browser, changes: dict[str, str], field: str, said: str
) -> None:
    page = await send(ana, {"note": "Kept.", **changes})
    assert page.status == 422
    wrong = re.search(rf'id="{field}-wrong">([^<]+)<', page.text)
    assert wrong
    assert said in wrong[1]
    assert f'href="#{field}"' in page.text
    assert fields_of(page.text, PATH)["note"] == ["Kept."]
    assert (await ana_of(hub)).summary == ""


async def test_pictures_are_seen_before_they_are_kept_and_need_not_be_sent_again(hub: Hub, ana: Browser) -> None:
    both = {"icon.file": PICTURE, "banner.file": PICTURE}
    seen = await send(ana, {"preview": "true", "icon.alt": "me", "display_name": "Ana M."}, both)
    assert "It is not saved yet." in seen.words
    assert (await ana_of(hub)).icon_id is None
    page = await send_again(ana, seen, {"banner.alt": "our hall"})
    assert "Saved." in page.words
    actor = await ana_of(hub)
    rows = await hub.db.fetch("SELECT id, alt, width FROM media ORDER BY id")
    assert [(row["id"], row["alt"], row["width"]) for row in rows] == [
        (actor.icon_id, "me", 400),
        (actor.banner_id, "our hall", 900),
    ]
    assert actor.display_name == "Ana M."
    assert 'alt="our hall"' in (await hub.browser().get("/@ana")).text
    await send(ana, {"icon.drop": "true", "icon.alt": ""})
    actor = await ana_of(hub)
    assert (actor.icon_id, actor.icon_url) == (None, None)
    assert actor.banner_id == rows[1]["id"]


async def test_what_is_no_picture_is_refused_and_the_other_one_kept(hub: Hub, ana: Browser) -> None:
    page = await send(ana, {"note": "Kept."}, {"icon.file": b"%PDF-1.4 no", "banner.file": PICTURE})
    assert page.status == 422
    assert re.search(r'id="icon-file-wrong">[^<]+<', page.text)
    assert fields_of(page.text, PATH)["banner.medium"]
    assert (await ana_of(hub)).banner_id is None


async def test_case_81_nobody_hangs_a_picture_of_somebody_else(hub: Hub, ana: Browser) -> None:
    await send(ana, {}, {"icon.file": PICTURE})
    bo = await hub.signed_in("bo")
    await send(bo, {"icon.medium": str((await ana_of(hub)).icon_id)})
    assert (await ana_of(hub, "bo")).icon_id is None


async def test_who_looks_after_the_hub_presents_it(hub: Hub, ana: Browser) -> None:
    page = await send(ana, {"note": "We share.", "icon.alt": "logo"}, {"icon.file": PICTURE}, f"{PATH}?as=hub")
    assert "Saved." in page.words
    found = await actors.hub(hub.db)
    assert "We share." in found.summary
    assert found.icon_id
    assert (await ana_of(hub)).icon_id is None


async def test_a_member_does_not_present_the_hub(hub: Hub) -> None:
    bo = await hub.signed_in("bo")
    assert (await bo.get(f"{PATH}?as=hub")).status == 403
    assert (await bo.post(f"{PATH}?as=hub", {"note": "Mine!"}, form=PATH)).status == 403
    assert "Mine!" not in (await actors.hub(hub.db)).summary


async def test_a_stranger_is_asked_to_sign_in(stranger: Browser) -> None:
    assert (await stranger.get(PATH)).status == 401
