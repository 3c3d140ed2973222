"""What a member prefers when writing and reading: kept from the page, read by apps and by our own forms."""

from __future__ import annotations

from node.store.access import apps, tokens
from node.store.members import accounts
from node.store.people import actors
from schemas.preferences import preferences_of
from tests.node.pages.conftest import Browser, Hub

PAGE = "/settings/preferences"
CHOSEN = {
    "privacy": "private",
    "quote_policy": "nobody",
    "language": "de",
    "sensitive": "true",
    "expand_media": "hide_all",
    "expand_spoilers": "true",
}


async def test_what_is_chosen_is_kept_and_new_posts_begin_so(hub: Hub, ana: Browser) -> None:
    page = await ana.post(PAGE, CHOSEN)
    assert (page.status, "Saved." in page.text) == (200, True)
    assert 'value="private" selected' in page.text and 'value="hide_all" checked' in page.text
    actor = await actors.find_local(hub.db, "ana")
    assert actor is not None
    account = await accounts.find(
        hub.db, await hub.db.fetchval("SELECT id FROM accounts WHERE actor_id = $1", actor.id)
    )
    assert account is not None
    kept = preferences_of(account.preferences)
    assert (kept.privacy, kept.language, kept.sensitive, kept.expand_media) == ("private", "de", True, "hide_all")
    assert (kept.expand_spoilers, kept.autoplay_gifs, kept.show_application) == (True, False, False)
    form = (await ana.get("/new/post")).text
    assert 'value="followers" selected' in form or 'value="followers" checked' in form
    assert 'value="de" selected' in form


async def test_apps_read_what_was_chosen(hub: Hub, ana: Browser) -> None:
    await ana.post(PAGE, CHOSEN)
    account_id = await hub.db.fetchval("SELECT id FROM accounts")
    token = await tokens.insert(hub.db, account_id, ("read",))
    headers = {"Authorization": f"Bearer {token}"}
    async with ana.session.get(f"{hub.base}/api/v1/preferences", headers=headers) as answer:
        said = await answer.json()
    assert said["posting:default:visibility"] == "private" and said["posting:default:language"] == "de"
    assert said["reading:expand:media"] == "hide_all" and said["reading:expand:spoilers"] is True
    async with ana.session.get(f"{hub.base}/api/v1/accounts/verify_credentials", headers=headers) as answer:
        source = (await answer.json())["source"]
    assert (source["privacy"], source["sensitive"], source["quote_policy"]) == ("private", True, "nobody")


async def test_others_see_the_app_only_where_its_writer_says_so(hub: Hub, ana: Browser) -> None:
    account_id = await hub.db.fetchval("SELECT id FROM accounts")
    app, _ = await apps.insert(hub.db, name="Tusky", redirect_uris=("urn:ietf:wg:oauth:2.0:oob",), scopes=("write",))
    issued = await tokens.issue(hub.db, app.id, ("read", "write"), account_id=account_id)
    mine = {"Authorization": f"Bearer {issued.token}"}
    async with ana.session.post(f"{hub.base}/api/v1/statuses", json={"status": "Hello"}, headers=mine) as answer:
        made = (await answer.json())["id"]
    for chosen, seen in (({"show_application": "true"}, "Tusky"), ({}, None)):
        await ana.post(PAGE, CHOSEN | chosen)
        for headers, name in (({}, seen), (mine, "Tusky")):
            async with ana.session.get(f"{hub.base}/api/v1/statuses/{made}", headers=headers) as answer:
                app_shown = (await answer.json())["application"]
            assert (app_shown and app_shown["name"]) == name, (chosen, headers)


async def test_nonsense_is_said_beside_its_field_and_nothing_is_kept(hub: Hub, ana: Browser) -> None:
    page = await ana.post(PAGE, CHOSEN | {"privacy": "friends", "language": "no language"})
    assert page.status == 422
    assert 'href="#privacy"' in page.text and 'href="#language"' in page.text
    assert await hub.db.fetchval("SELECT preferences::text FROM accounts") == "{}"


async def test_strangers_are_sent_to_the_door(hub: Hub, stranger: Browser) -> None:
    assert (await stranger.get(PAGE, follow=False)).status in (303, 401)
