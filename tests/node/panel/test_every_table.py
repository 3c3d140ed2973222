"""Every table of the panel against the list of what a table does: it sorts, filters, turns pages, acts on what is
ticked after a preview, goes out as a file in words, keeps its view in the address and becomes cards on a phone; all of
it with links and forms alone, without scripts. A table that the code draws and that stands on no page here fails."""

from __future__ import annotations

import csv
import re
from html import unescape
from pathlib import Path

from node.panel.embedded import OF_CASES, OF_MEASURES
from node.theming.frame import LANGUAGE_COOKIE
from tests.node.pages.conftest import TOKEN, Browser, Hub
from tests.node.panel.scene import PEER, fill
from tests.node.panel.test_rules import unlimited

CODE = Path(__file__).parents[3] / "node" / "panel"
TABLES: dict[str, tuple[str, ...]] = {
    "/admin/reports": ("",),
    "/admin/reports/{report}": ("measures", "server_measures", "others", "neighbours"),
    "/admin/appeals": ("waiting", "decided"),
    "/admin/appeals/{appeal}": ("measures",),
    "/admin/decisions": ("mine", "others", "decided"),
    "/admin/decisions/{decision}": ("roll",),
    "/admin/accounts?state=elsewhere": ("",),
    "/admin/accounts/{account}": ("measures", "server_measures"),
    "/admin/roles": ("held", "sets"),
    "/admin/applications": ("",),
    "/admin/members": ("",),
    "/admin/organisations": ("organisations",),
    "/admin/organisations/{organisation}": ("editors",),
    "/admin/servers": ("",),
    f"/admin/servers/{PEER}": ("measures", "cases"),
    f"/admin/servers/sub.{PEER}": ("above",),
    "/admin/federation": ("waiting",),
    "/admin/drafts": ("",),
    "/admin/lists": ("lists",),
    "/admin/circle": ("hubs", "heard", "ours"),
    "/admin/desk?q=https://x.example/a/1": ("lines", "owed"),
    "/admin/queue": ("hosts", "jobs", "refused"),
    "/admin/mail": ("",),
    "/admin/journal": ("",),
    "/admin/apps": ("",),
    "/admin/operations": ("backups", "faults", "room"),
    "/admin/settings/emoji": ("emoji",),
    "/admin/settings/announcements": ("told",),
    "/admin/log": ("",),
    "/log": ("",),
}
"""Where each stands; the one of a page that has no other has no name."""

UNSORTED = {"To do", "Picture", "What they say", "What it would break", "For the staff"}
"""Buttons, pictures and long words."""

ACTS = {
    "/admin/reports", "/admin/accounts?state=elsewhere", "/admin/applications", "/admin/members", "/admin/servers",
    "/admin/federation", "/admin/drafts", "/admin/circle ours", "/admin/queue hosts", "/admin/mail", "/admin/apps",
    "/admin/settings/emoji", "/admin/settings/announcements", "/admin/organisations/{organisation}",
}  # fmt: skip
"""Where several rows are dealt with at once. Elsewhere each has to be looked at by itself, or nothing can be done."""

CODES = {
    "executed", "proposed", "ended", "waiting", "refused", "spam", "suspend", "reject_media", "sensitive", "second",
    "alone", "vote", "acted", "no_breach", "open", "closed", "steward", "moderator", "confirm_address", "none", "yes",
    "reading", "asked", "told", "warning", "limit", "freeze", "true", "false", "in", "out",
}  # fmt: skip


def code_names() -> set[str]:
    """What the tables are called that the code draws."""
    text = "".join(one.read_text(encoding="utf-8") for one in CODE.glob("*.py") if one.stem != "sheets")
    return {*re.findall(r'\bsheet\(\s*request,\s*"(\w+)"', text), *OF_MEASURES, *OF_CASES, "waiting", "decided"}


def boards_in_code() -> int:
    """How many rooms draw one without a name."""
    rooms = [one.read_text(encoding="utf-8") for one in CODE.glob("*.py") if one.stem != "tables"]
    return sum(bool(re.search(r"[^_]board\(\s*request", text)) for text in rooms)


def test_every_table_stands_here() -> None:
    named = [name for names in TABLES.values() for name in names]
    assert {one for one in named if one} == code_names()
    assert named.count("") == boards_in_code() + 1, "and the public log"


class Table:
    """One on its page."""

    def __init__(self, browser: Browser, path: str, name: str, text: str) -> None:
        self.browser, self.path, self.name, self.page = browser, path, name, text
        self.prefix, mark = (f"{name}.", f"csv={name}") if name else ("", "format=csv")
        before, _, _ = text.partition(f'{mark}"')
        assert before != text, "no file"
        self.mark = mark
        self.csv = unescape(before.rpartition('href="')[2]) + mark
        self.text = before[before.rindex("<table") :]
        self.form = before[before.rfind("<form", 0, before.rindex("<table")) :] if "chosen" in self.text else ""
        self.headings = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', self.text, re.DOTALL)

    def query(self, more: str) -> str:
        """This page with something more in its address."""
        return f"{self.path}{'&' if '?' in self.path else '?'}{more}"

    async def sorts(self) -> None:
        plain = {unescape(re.sub(r"<[^>]+>", "", one)).strip() for one in self.headings if "<a " not in one} - {"Tick"}
        assert plain <= UNSORTED, plain
        links = [re.search(r'href="([^"]+)"', one) for one in self.headings if "<a " in one]
        assert links
        for link in links[-1:] if self.name else links:  # several of a page are sorted by one piece of code
            page = await self.browser.get(unescape(link[1]))  # type: ignore[index]
            assert page.status == 200 and 'aria-sort="ascending"' in page.text, link
        options = f'name="{self.prefix}sort"'
        assert options in self.page, "a phone has no headings: it is ordered by a field"

    async def filters_and_turns(self) -> None:
        assert f'name="{self.prefix}q"' in self.page
        narrowed = await self.browser.get(self.query(f"{self.prefix}page=3&{self.prefix}q=nosuchwordanywhere"))
        left = Table(self.browser, self.path, self.name, narrowed.text) if self.mark in narrowed.text else None
        assert narrowed.status == 200 and (left is None or "<td" not in left.text)

    async def goes_out_in_words(self) -> None:
        file = await self.browser.get(f"{self.csv}&lang=de")
        assert file.headers["Content-Type"].startswith("text/csv")
        head, *rows = csv.reader(file.text.splitlines())
        assert rows and all(len(row) == len(head) for row in rows)
        if self.path != "/admin/members":  # that file is taken in again: it speaks as machines do
            said = [unescape(re.sub(r"<[^>]+>|[↑↓]", "", one)).strip() for one in self.headings]
            assert len(head) == len([one for one in said if one not in ("Tick", "To do", "Picture")])
            assert not {cell for row in rows for cell in row} & CODES
            assert all(any(row) for row in rows)

    def is_made_of_cards(self) -> None:
        cells = re.findall(r"<(?:td|th scope=\"row\")([^>]*)>", self.text)
        assert cells and all("data-label=" in one for one in cells)

    async def acts(self) -> None:
        assert 'name="return_to"' in self.form
        ticked = re.findall(r'name="chosen" value="([^"]*)"', self.text)
        action = re.search(r'action="([^"]+)"', self.form)
        deeds = re.findall(r'name="deed" value="(\w+)"', self.text)
        token = TOKEN.search(self.page)
        assert ticked and action and deeds and token
        if len(ticked) > 1:
            all_ticked = await self.browser.get(self.query(f"{self.prefix}tick=all"))
            assert all_ticked.text.count(" checked><span") == len(ticked)
        for deed in deeds:
            sent = [*(("chosen", one) for one in ticked), ("deed", deed), ("form_token", token[1]), ("category", "x")]
            seen = await self.browser.post_bare(unescape(action[1]), sent, Origin=self.browser.base)
            assert seen.status == 200 and 'name="sure"' in seen.text, (deed, seen.status)


async def looked_at(browser: Browser, path: str, names: tuple[str, ...], key: str) -> list[str]:
    """What is wrong with the tables of a page."""
    wrong = []
    page = await browser.get(path)
    assert page.status == 200, path
    for name in names:
        try:
            table = Table(browser, path, name, page.text)
            table.is_made_of_cards()
            await table.sorts()
            await table.filters_and_turns()
            await table.goes_out_in_words()
            browser.keep(LANGUAGE_COOKIE, "en")
            assert ("chosen" in table.text) == (f"{key} {name}" in ACTS or (len(names) == 1 and key in ACTS))
            if "chosen" in table.text:
                await table.acts()
        except AssertionError as error:
            wrong.append(f"{key} {name}: {error}"[:400])
    return wrong


async def test_every_table_does_what_a_table_does(hub: Hub, ana: Browser) -> None:
    numbers = await fill(hub)
    wrong = []
    for path, names in TABLES.items():
        unlimited(hub)
        wrong += await looked_at(ana, path.format(**numbers), names, path)
    assert not wrong, "\n".join(wrong)
