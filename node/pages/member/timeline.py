"""/timeline: what comes from those a member follows, from this hub and its network, with a form to write on top."""

from __future__ import annotations

from typing import Literal

import msgspec
from aiohttp import web

from node.caches.kept import Kept
from node.pages import choices
from node.pages.bookmarks import links_of_walk
from node.pages.member import composer
from node.store.db import Db
from node.store.posts import post_marks, posts
from node.store.posts.post_marks import Marks
from node.store.posts.reading import Page
from node.store.timelines import feeds, timelines
from node.store.timelines.feeds import Narrowed
from node.store.timelines.timelines import Walk
from node.theming.frame import Frame, frame, render, with_query
from node.web.handlers import query, reading, signed_in
from node.web.keys import NODE
from node.web.uploads import takes_files
from schemas.limits import LIST_ITEMS, TIMELINE_WALKS
from schemas.reasons import msgid
from schemas.records import Post

PATH = "/timeline"
TABS = {"home": msgid("People I follow"), "hub": msgid("This hub"), "network": msgid("Everywhere")}
KINDS = {"post": msgid("Posts"), "event": msgid("Events"), "finding": msgid("Findings"), "call": msgid("Calls")}


class Asked(Page, frozen=True, kw_only=True):
    """Which timeline, and what of it. `quote`: the number of a post to begin a text about."""

    tab: Literal["home", "hub", "network"] = "home"
    kind: Literal["post", "event", "finding", "call"] | None = None
    language: str | None = None
    quote: int | None = None

    def wants(self, post: Post) -> bool:
        """Whether a post, or what was passed on by it, is of the kind and in the language that is asked for."""
        shown = post.boost_of or post
        spoken = {one.language.partition("-")[0] for one in shown.versions}
        return (self.kind is None or shown.kind == self.kind) and (not self.language or self.language in spoken)


async def show_timeline(request: web.Request) -> web.Response:
    """GET /timeline?tab=home, hub or network, narrowed by ?kind= and ?language=."""
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        asked = query(request, Asked)
        quoted = (await posts.get_many(db, [asked.quote], who.actor.id)).get(asked.quote) if asked.quote else None
    return await page(request, around, asked, composer.Written(form=composer.first_form(around, quoted)))


@takes_files
async def write(request: web.Request) -> web.Response:
    """POST /timeline: publish at once, and go on reading; what is wrong is said beside what was typed."""
    asked = query(request, Asked)
    written = await composer.take(request)
    if written.made is not None:
        back = composer.way_back(request, written.made, asked.tab)
        raise web.HTTPSeeOther(back)
    async with reading(request) as db:
        around = await frame(request, db)
    return await page(request, around, asked, written)


async def page(request: web.Request, around: Frame, asked: Asked, written: composer.Written) -> web.Response:
    """The page, with a form as it was left."""
    async with reading(request) as db:
        who = await signed_in(request, db)
        found, shown = await _walked(request.app[NODE].kept, db, who.actor.id, asked)
        shown = [one for one in shown if around.hub.uses(f"{(one.boost_of or one).kind}s")]
        marks = await marks_of(db, shown, who.actor.id)
    codes = dict.fromkeys([around.language, *around.hub.languages, *choices.OFFERED_LANGUAGES])
    values = {
        "posts": shown,
        "marks": marks,
        "ends": links_of_walk(request, found, asked),
        "asked": asked,
        "tabs": [
            (name, around.say(words), with_query(request, tab=name, max_id=None, min_id=None, quote=None))
            for name, words in TABS.items()
        ],
        "kinds": [(name, around.say(words)) for name, words in KINDS.items()],
        "language_choices": list(codes),
        "back": request.path_qs,
        **composer.values(around, written.form),
    }
    return render(request, "pages/timeline.html", around, values, status=422 if written.form.problems else 200)


async def marks_of(db: Db, shown: list[Post], viewer: int) -> dict[int, Marks]:
    """What the viewer did with posts and with what was passed on by them."""
    return await post_marks.of_posts(db, [(post.boost_of or post).id for post in shown], viewer)


async def _walked(kept: Kept, db: Db, viewer: int, asked: Asked) -> tuple[Walk, list[Post]]:
    """A page. A filter may leave little of one: then the next ones are looked through, some at most."""
    narrow = asked.kind is not None or bool(asked.language)
    page = Page(max_id=asked.max_id, min_id=asked.min_id, limit=LIST_ITEMS)
    walk = await _walk(db, viewer, asked.tab, page)
    cursors, shown = list(walk.cursors), [post for post in await kept.posts(db, walk.ids) if asked.wants(post)]
    for _ in range(TIMELINE_WALKS if narrow and page.min_id is None else 0):
        if len(shown) >= LIST_ITEMS or len(walk.cursors) < LIST_ITEMS:
            break
        walk = await _walk(db, viewer, asked.tab, msgspec.structs.replace(page, max_id=walk.cursors[-1]))
        cursors += walk.cursors
        shown += [post for post in await kept.posts(db, walk.ids) if asked.wants(post)]
    ended = len(walk.cursors) < LIST_ITEMS and page.min_id is None
    ids = [post.id for post in shown]
    return Walk(ids=ids, cursors=cursors[: LIST_ITEMS - 1] if ended else cursors), shown


async def _walk(db: Db, viewer: int, tab: str, page: Page) -> Walk:
    if tab == "home":
        return await timelines.list_home(db, viewer, page)
    return await feeds.list_public(db, viewer, Narrowed(local=tab == "hub"), page)
