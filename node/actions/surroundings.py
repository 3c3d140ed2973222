"""What only the hub knows about a draft: who is meant by a handle, which area, medium or post is named. Everything that
is not there is complained of at once, by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from federation import markdown
from federation.build.urls import Urls
from federation.lookup import read_handle
from node.errors import Invalid
from node.store.db import Db
from node.store.hub import areas
from node.store.people import group_members, naming
from node.store.people.naming import Handle
from node.store.posts import attachments, posts
from schemas.drafts import CallDraft, Draft, EventDraft, FindingDraft, PostDraft
from schemas.drafts.parts import MediumDraft
from schemas.limits import MENTIONS
from schemas.problems import Problem
from schemas.reasons import msgid
from schemas.records import Actor, Medium, Post, Viewer

NOT_KNOWN = msgid("Nobody of this name is known here. Look the account up first.")
NO_SUCH_AREA = msgid("This hub has no area of this name.")
NO_SUCH_GROUP = msgid("There is no group of this name in which you are.")
NO_SUCH_MEDIUM = msgid("You have uploaded no medium of this id.")
NOT_READY = msgid("This medium is still being processed.")
FILE_NOT_UPLOADED = msgid("Upload the file first and name it by its id.")
NO_SUCH_POST = msgid("There is nothing at this address that you may see.")
NO_THING = msgid("This is neither an event nor a call nor a finding.")
STAYS_HERE = msgid("What this answers stays in the hub, and so must the answer.")

LARGEST_ID = 2**63 - 1
"""What fits the database."""


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """Whom and what a draft means. `people`: as written in its fields. `mentioned`: by handle, from its texts."""

    people: Mapping[str, Actor] = {}
    mentioned: Mapping[Handle, Actor] = {}
    media: Mapping[int, Medium] = {}
    group: Actor | None = None
    parent: Post | None = None


async def look_around(
    db: Db, urls: Urls, viewer: Viewer, author: Actor, draft: Draft, *, before: Post | None = None
) -> Surroundings:
    """Find all that a draft names, as far as its author may see it; Invalid says what is not there. `before`: the post
    that is edited; what it answers stays, also where that is gone by now."""
    wanted = _media(draft)
    ids = [number for one in wanted.values() if one.media_id and (number := int(one.media_id)) <= LARGEST_ID]
    found = Surroundings(
        people=await find_people(db, urls, named(draft)),
        mentioned=await naming.find_by_handles(db, list(handles(texts(draft), urls))),
        media=await attachments.find_own(db, (viewer.actor.id, author.id), ids),
        group=await _group(db, urls, draft, author),
        parent=await (_answered(db, before) if before else _parent(db, draft, author)),
    )
    problems = [
        *_unknown(draft, found),
        *_unusable(wanted, found),
        *(await _misplaced(db, urls, draft, author, found)),
        *(_wrong_answer(draft, found) if before is None else ()),
    ]
    if problems:
        raise Invalid(problems)
    return found


async def find_people(db: Db, urls: Urls, names: Iterable[str]) -> dict[str, Actor]:
    """The actors that these handles and addresses stand for, by what was written."""
    written = {name: handle_of(name, urls) for name in names}
    by_handle = await naming.find_by_handles(db, [handle for handle in written.values() if handle])
    by_address = await naming.find_by_addresses(db, [name for name, handle in written.items() if handle is None])
    found = {name: by_handle.get(handle) if handle else by_address.get(name) for name, handle in written.items()}
    return {name: actor for name, actor in found.items() if actor}


def handle_of(name: str, urls: Urls) -> Handle | None:
    """`ana`, `@ana`, `@bo@hub.example` or the address of a profile here as name and host; None for other addresses."""
    if name.startswith(f"{urls.base_url}/@"):
        name = name.removeprefix(f"{urls.base_url}/")
    if "://" in name:
        return None
    local, _, host = name.removeprefix("@").partition("@")
    known = read_handle(f"{local}@{host}") if host else None
    return local.lower(), known.domain if known else host.lower() or urls.domain


def named(draft: Draft) -> list[str]:
    """The people in the fields of a draft, as written."""
    event = (*draft.organisers, *draft.co_hosts) if isinstance(draft, EventDraft) else ()
    group = (draft.group,) if draft.group else ()
    return list(dict.fromkeys((*draft.to, *event, *group)))


def texts(draft: Draft) -> list[str]:
    """The Markdown of a draft, each language version's."""
    return [draft.text] if isinstance(draft, PostDraft) else [version.text for version in draft.versions]


def handles(sources: Iterable[str], urls: Urls) -> list[Handle]:
    """The handles in some texts, each once, and no more than MENTIONS."""
    found = (handle_of(written, urls) for source in sources for written in markdown.names(source).handles)
    return list(dict.fromkeys(handle for handle in found if handle))[:MENTIONS]


def _media(draft: Draft) -> dict[str, MediumDraft]:
    """The media of a draft by field, pictures of the head first."""
    found: dict[str, MediumDraft] = {}
    if isinstance(draft, EventDraft | FindingDraft | CallDraft) and draft.image:
        found["image"] = draft.image
    if isinstance(draft, FindingDraft | PostDraft):
        found |= {f"attachments.{index}": medium for index, medium in enumerate(draft.attachments)}
    return found


def _unknown(draft: Draft, found: Surroundings) -> Iterator[Problem]:
    fields = {"to": draft.to}
    if isinstance(draft, EventDraft):
        fields |= {"organisers": draft.organisers, "co_hosts": draft.co_hosts}
    for field, names in fields.items():
        for index, name in enumerate(names):
            if name not in found.people:
                yield Problem(field=f"{field}.{index}", reason=NOT_KNOWN)


def _unusable(wanted: Mapping[str, MediumDraft], found: Surroundings) -> Iterator[Problem]:
    for field, draft in wanted.items():
        if draft.media_id is None:
            yield Problem(field=f"{field}.path", reason=FILE_NOT_UPLOADED)
            continue
        medium = found.media.get(int(draft.media_id))
        if medium is None or medium.state == "failed":
            yield Problem(field=f"{field}.media_id", reason=NO_SUCH_MEDIUM)
        elif medium.state != "ready":
            yield Problem(field=f"{field}.media_id", reason=NOT_READY)


async def _misplaced(db: Db, urls: Urls, draft: Draft, author: Actor, found: Surroundings) -> list[Problem]:
    problems = []
    if draft.group and found.group is None:
        problems.append(Problem(field="group", reason=NO_SUCH_GROUP))
    if draft.area and await areas.find(db, draft.area) is None:
        problems.append(Problem(field="area", reason=NO_SUCH_AREA))
    if not isinstance(draft, PostDraft) and draft.born_of:
        problems += await _born_wrong(db, urls, draft.born_of, author)
    return problems


def _wrong_answer(draft: Draft, found: Surroundings) -> Iterator[Problem]:
    if not isinstance(draft, PostDraft) or not draft.in_reply_to:
        return
    if found.parent is None:
        yield Problem(field="in_reply_to", reason=NO_SUCH_POST)
    elif found.parent.audience in ("hub", "group") and draft.audience not in ("hub", "group", "direct"):
        yield Problem(field="audience", reason=STAYS_HERE)


async def _born_wrong(db: Db, urls: Urls, born_of: str, author: Actor) -> list[Problem]:
    """What is ours or known must be a thing, no short post; an address elsewhere that we do not know is taken as it
    is."""
    origin = await posts.find_visible(db, born_of, author.id)
    if origin is None:
        return [Problem(field="born_of", reason=NO_SUCH_POST)] if urls.ours(born_of) else []
    if origin.kind not in ("event", "call", "finding"):
        return [Problem(field="born_of", reason=NO_THING)]
    return []


async def _group(db: Db, urls: Urls, draft: Draft, author: Actor) -> Actor | None:
    if draft.group is None:
        return None
    group = (await find_people(db, urls, [draft.group])).get(draft.group)
    if group is None or not group.local or group.role_here != "group":
        return None
    inside = group.id == author.id or await group_members.is_member(db, group.id, author.id)
    return group if inside else None


async def _parent(db: Db, draft: Draft, author: Actor) -> Post | None:
    if not isinstance(draft, PostDraft) or draft.in_reply_to is None:
        return None
    return await posts.find_visible(db, draft.in_reply_to, author.id)


async def _answered(db: Db, post: Post) -> Post | None:
    return await posts.find(db, post.in_reply_to_id) if post.in_reply_to_id else None
