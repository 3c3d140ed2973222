"""The page of a finding: versions side by side and compared, corrections, a retraction with its reason, pictures."""

from __future__ import annotations

import io
import re

import aiohttp
from PIL import Image

from node.jobs.media import remove_files
from node.media.storage import storage_of
from node.store.posts import posts
from schemas.drafts import FindingDraft
from schemas.drafts.parts import LinkDraft
from tests import files
from tests.node.pages.conftest import TOKEN, Browser, Hub, Page
from tests.node.pages.form_reader import fields_of
from tests.node.pages.test_loop import WORDS, made

FINDING = FindingDraft(versions=WORDS, claim="It pays.", sources=(LinkDraft(url="https://example.org/a"),))


async def changed(ana: Browser, page: Page, **fields: str) -> Page:
    """The finding at this address, changed in its form."""
    path = page.url.removeprefix(ana.base) + "/edit"
    form = fields_of((await ana.get(path)).text)
    return await ana.post(path, {**form, **{name.replace("__", "."): value for name, value in fields.items()}})


async def published(ana: Browser, **fields: str) -> Page:
    """A finding in two languages."""
    texts = {"versions.0.text": "# Why\n\nSee [this](https://example.org).", "versions.1.text": "Sieh selbst."}
    said = {"versions.0.language": "en", "versions.0.name": "Twelve", "versions.1.language": "de"}
    more = {"versions.1.name": "Zwölf", "audience": "public", "claim": "It pays.", "finding_kind": "insight"}
    return await ana.post("/new/finding", {**texts, **said, **more, **fields})


async def test_versions_are_compared_and_the_older_one_says_so(ana: Browser) -> None:
    page = await published(ana)
    path = page.url.removeprefix(ana.base)
    form = await ana.get(f"{path}/edit")
    assert "Do the versions say the same?" in form.words
    assert form.words.count("differs") == 3
    assert "older than" not in form.words
    await changed(ana, page, versions__0__text="# Why\n\nSee [this](https://example.org).\n\nNew here.")
    assert "This version is older" in (await ana.get(f"{path}?version=de")).words
    assert "This version is older" not in (await ana.get(f"{path}?version=en")).words
    form = await ana.get(f"{path}/edit")
    assert "older than the first version" in form.words
    assert "<li>New here.</li>" in form.text
    await changed(ana, page, versions__1__current="true")
    assert "This version is older" not in (await ana.get(f"{path}?version=de")).words


async def test_a_language_is_added_compared_and_dropped_without_losing_words(ana: Browser) -> None:
    form = fields_of((await ana.get("/new/finding")).text, "/new/finding") | {"versions.0.name": ["One"]}
    more = await ana.post("/new/finding", {**form, "more": "version"})
    form = fields_of(more.text, "/new/finding")
    assert "versions.1.name" in form
    more = await ana.post(
        "/new/finding", {**form, "versions.1.name": "Eins", "versions.1.text": "a", "more": "compare"}
    )
    assert "Do the versions say the same?" in more.words
    form = fields_of(more.text, "/new/finding")
    less = fields_of((await ana.post("/new/finding", {**form, "more": "drop.1"})).text, "/new/finding")
    assert "versions.1.name" not in less
    assert less["versions.0.name"] == ["One"]
    same = fields_of((await ana.post("/new/finding", {**form, "more": "drop.0"})).text, "/new/finding")
    assert same["versions.0.name"] == ["One"]


async def test_a_correction_is_dated_and_stays(ana: Browser) -> None:
    page = await published(ana)
    after = await changed(ana, page, correction="It was eleven, not twelve.")
    assert "This finding has been corrected." in after.words
    assert "It was eleven, not twelve." in after.words
    after = await changed(ana, page, correction="And in towns only.")
    assert after.words.index("And in towns only.") < after.words.index("It was eleven, not twelve.")
    assert "It was eleven" in (await changed(ana, page, scope="Towns")).words


async def test_a_retraction_needs_a_reason_and_shows_it(hub: Hub, ana: Browser, stranger: Browser) -> None:
    page = await published(ana)
    path = page.url.removeprefix(ana.base)
    refused = await ana.post(f"{path}/retract", {"reason": " "})
    assert refused.status == 422
    assert (await ana.post(f"{path}/retract", {"reason": "x" * 100_000})).status in (413, 422)
    done = await ana.post(f"{path}/retract", {"reason": "We counted wrongly."})
    assert "The finding is retracted." in done.text
    seen = await stranger.get(path)
    assert seen.status == 200
    assert "We counted wrongly." in seen.words
    assert (await ana.get(f"{path}/retract")).status == 404
    assert (await stranger.get(f"{path}/retract")).status == 401
    bo = await hub.signed_in("bo")
    other = await published(ana)
    assert (await bo.get(f"{other.url.removeprefix(ana.base)}/retract")).status == 403


async def test_contributors_are_people_or_plain_names(hub: Hub, ana: Browser) -> None:
    page = await published(ana, contributors="@ana\nana\nMaria from next door")
    assert page.text.count('href="/@ana"') >= 2
    assert "<dd>ana</dd>" in page.text
    assert "<dd>Maria from next door</dd>" in page.text


async def test_pictures_have_credit_licence_and_a_page_each(hub: Hub, ana: Browser, stranger: Browser) -> None:
    token = TOKEN.search((await ana.get("/new/finding")).text)
    assert token
    body = aiohttp.FormData({"form_token": token[1], "versions.0.language": "en", "versions.0.name": "Seen"})
    said = {"claim": "It holds.", "audience": "public", "finding_kind": "insight", "new.alt": "A red car"}
    for name, value in {**said, "new.credit": "Ana Peeters", "new.license": "CC-BY-4.0"}.items():
        body.add_field(name, value)
    body.add_field("new.file", files.image(size=(900, 600)), filename="car.png", content_type="image/png")
    async with ana.session.post(ana.base + "/new/finding", data=body, headers={"Origin": ana.base}) as answer:
        text, url = await answer.text(), str(answer.url)
    assert "Picture: Ana Peeters" in text
    path = url.removeprefix(ana.base)
    listed = await stranger.get(f"{path}/pictures")
    assert "A red car" in listed.words
    assert "CC-BY-4.0" in listed.words
    assert "Picture 1 of 1" in (await stranger.get(f"{path}/pictures/1")).words
    for wrong in ("0", "2", "x", "9" * 30):
        assert (await stranger.get(f"{path}/pictures/{wrong}")).status == 404
    assert (await stranger.get(f"{path.replace('findings', 'calls')}/pictures")).status == 404
    kept = await posts.find_by_uri(hub.db, url)
    assert kept
    assert kept.attachments[0].license == "https://creativecommons.org/licenses/by/4.0/"


async def test_a_thing_without_pictures_has_no_page_of_them(hub: Hub, stranger: Browser) -> None:
    bare = await made(hub, FINDING)
    assert (await stranger.get(f"/findings/{bare.id}/pictures")).status == 404
    assert (await stranger.get(f"/findings/{bare.id}/pictures/1")).status == 404


async def test_smaller_copies_of_a_picture_are_offered_served_and_removed_with_it(hub: Hub, ana: Browser) -> None:
    token = TOKEN.search((await ana.get("/new/finding")).text)
    assert token
    body = aiohttp.FormData({"form_token": token[1], "versions.0.language": "en", "versions.0.name": "Seen"})
    body.add_field("claim", "It holds.")
    body.add_field("audience", "public")
    body.add_field("new.file", files.image(size=(1400, 700)), filename="car.png", content_type="image/png")
    async with ana.session.post(ana.base + "/new/finding", data=body, headers={"Origin": ana.base}) as answer:
        text, url = await answer.text(), str(answer.url)
    copies = re.findall(r"(\S+-w(\d+)\.webp) \d+w", text)
    assert [width for _, width in copies] == ["480", "960"]
    for address, _ in copies:
        async with ana.session.get(address.replace('srcset="', "")) as served:
            assert (served.status, served.content_type) == (200, "image/webp")
    lighter = re.findall(r"([^\s\"]+-w\d+\.avif) (\d+)w", text)
    assert (lighter[0][1], '<source type="image/avif"' in text) == ("480", True)
    async with ana.session.get(lighter[0][0]) as served:
        assert (served.status, served.content_type) == (200, "image/avif")
        Image.open(io.BytesIO(await served.read())).verify()
    small = copies[0][0].replace('srcset="', "")
    async with ana.session.get(small.replace("-w480", "-w481")) as none:
        assert none.status == 404
    await ana.post(f"{url.removeprefix(ana.base)}/delete", {})
    [job] = await hub.db.fetch("SELECT arguments FROM jobs WHERE kind = 'remove_files'")
    await remove_files(hub.node, job["arguments"]["names"])
    kept = [one.name async for lot in storage_of(hub.node.settings).list_all() for one in lot]
    assert kept == []
