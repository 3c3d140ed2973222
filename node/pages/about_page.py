"""/about: how we work; /take-part: the doors; and what machines ask first: robots.txt, the sitemap, the manifest."""

from __future__ import annotations

from importlib.metadata import version

from aiohttp import web
from markupsafe import Markup

from federation import markdown
from node.store.hub import hub, hub_texts, openness
from node.store.hub.hub_texts import HubText
from node.store.members import mandates
from node.theming.frame import Frame, frame, render
from node.web.handlers import reading
from node.web.keys import URLS
from node.wording.showing import own_name
from schemas.limits import FEED_SECONDS, SITEMAP_ITEMS
from schemas.modules import module_of
from schemas.times import utc_text

MAIN_PAGES = ("/", "/events", "/map", "/findings", "/calls", "/hubs", "/people", "/about", "/take-part", "/log")
NOT_FOR_ROBOTS = ("/admin", "/settings", "/desk", "/interact", "/search", "/oauth/", "/sign-in", "/new", "/report")


async def show_about(request: web.Request) -> web.Response:
    """/about: who we are, rules, offices with their terms, how we deal with other servers, numbers, software."""
    async with reading(request) as db:
        around = await frame(request, db)
        values = {
            "told": shown(request, around, await hub_texts.find(db, "about")),
            "officers": await openness.officers(db),
            "vacancies": await mandates.vacancies(db),
            "limits": await openness.limits(db),
            "numbers": await openness.numbers(db),
            "version": version("allmende"),
            "spoken": [own_name(code) for code in around.hub.languages],
        }
    return render(request, "pages/about.html", around, values)


async def show_take_part(request: web.Request) -> web.Response:
    """/take-part: come, follow, subscribe, join, help, start a hub."""
    async with reading(request) as db:
        around = await frame(request, db)
    return render(request, "pages/take_part.html", around)


def shown(request: web.Request, around: Frame, text: HubText | None) -> dict[str, object] | None:
    """A text of the stewards as a page shows it: HTML, its language, and when it was changed."""
    if text is None:
        return None
    language = around.language if text.versions.get(around.language) else next(iter(text.versions), "")
    return {
        "html": rendered(request, text.in_language(around.language)),
        "language": language,
        "updated_at": text.updated_at,
        "effective_on": text.effective_on,
    }


def rendered(request: web.Request, source: str) -> Markup:
    """Markdown of the stewards as safe HTML."""
    made = markdown.render(source, mention=lambda _: None, tag=request.app[URLS].tag)
    return Markup(made)  # noqa: S704 - sanitised by `render`


async def robots(request: web.Request) -> web.Response:
    """/robots.txt: forms and what is for members need no search engine."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    lines += ["", f"Sitemap: {request.app[URLS].base_url}/sitemap.xml", ""]
    return _for_a_while("\n".join(lines), "text/plain")


async def sitemap(request: web.Request) -> web.Response:
    """/sitemap.xml: our pages, and what was published here for everybody (sitemaps.org)."""
    base = request.app[URLS].base_url
    async with reading(request) as db:
        found = await openness.addresses(db, SITEMAP_ITEMS)
        off = await hub.modules_off(db)
    entries = [
        Markup("<url><loc>{}</loc></url>").format(base + path)
        for path in MAIN_PAGES
        if (module_of(path) or "") not in off
    ]
    entry = Markup("<url><loc>{}</loc><lastmod>{}</lastmod></url>")
    entries += [entry.format(address, utc_text(changed)) for address, changed in found]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return _for_a_while(head + "\n".join(entries) + "\n</urlset>\n", "application/xml")


async def manifest(request: web.Request) -> web.Response:
    """/manifest.webmanifest: by which the hub can be put among the programs of a phone."""
    async with reading(request) as db:
        around = await frame(request, db)
    response = render(request, "feeds/manifest.json", around)
    response.content_type = "application/manifest+json"
    return response


def _for_a_while(body: str, media_type: str) -> web.Response:
    headers = {"Cache-Control": f"public, max-age={FEED_SECONDS}"}
    return web.Response(text=body, content_type=media_type, charset="utf-8", headers=headers)
