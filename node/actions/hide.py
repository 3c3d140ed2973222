"""See and hear somebody, or a whole server, no more, without telling anybody; and what one keeps about others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from federation.addresses import BadAddress, origin_of
from node.actions.follow import reject_follow, unfollow
from node.errors import Forbidden, Invalid
from node.node import Node
from node.store import happenings
from node.store.db import Db
from node.store.people import follows, mutes, notes
from schemas.limits import MUTE_SECONDS, NOTE_CHARS
from schemas.problems import Problem
from schemas.reasons import TOO_LONG, msgid
from schemas.records import Actor

NO_SERVER = msgid("This is not the name of another server.")
NOT_FOLLOWED = msgid("You can show only people whom you follow on your profile.")


async def mute(db: Db, actor: Actor, muted: Actor, *, notifications: bool = True, seconds: int = 0) -> None:
    """Hide somebody's posts, and unless said otherwise what they notify of; for so many seconds, or (0) for good."""
    if actor.id == muted.id:
        raise Forbidden("You cannot mute yourself.")
    ends_at = datetime.now(UTC) + timedelta(seconds=min(seconds, MUTE_SECONDS)) if seconds > 0 else None
    await mutes.insert(db, actor.id, muted.id, notifications=notifications, ends_at=ends_at)
    await happenings.add(db, "follow.changed", actor.id)


async def unmute(db: Db, actor: Actor, muted: Actor) -> None:
    """Show them again."""
    await mutes.delete(db, actor.id, muted.id)
    await happenings.add(db, "follow.changed", actor.id)


async def hide_server(node: Node, db: Db, actor: Actor, written: str) -> None:
    """Hide everybody on a server; follows in both directions end. Invalid for what is no other server."""
    host = host_of_server(node, written)
    await mutes.block_domain(db, actor.id, host)
    for other in await follows.followers_at(db, actor.id, host):
        await reject_follow(node, db, actor, other)
    for other in await follows.followed_at(db, actor.id, host):
        await unfollow(node, db, actor, other)
    await happenings.add(db, "follow.changed", actor.id)


async def show_server(node: Node, db: Db, actor: Actor, written: str) -> None:
    """Show it again; follows do not come back by themselves."""
    await mutes.unblock_domain(db, actor.id, host_of_server(node, written))
    await happenings.add(db, "follow.changed", actor.id)


async def endorse(db: Db, actor: Actor, endorsed: Actor) -> None:
    """Show somebody on one's profile. Invalid for whom one does not follow."""
    known = await follows.find(db, actor.id, endorsed.id)
    if known is None or known.state != "accepted":
        raise Invalid([Problem(field="base", reason=NOT_FOLLOWED)])
    await notes.endorse(db, actor.id, endorsed.id)


async def note(db: Db, actor: Actor, about: Actor, text: str) -> None:
    """Keep a private note about somebody in place of the one that was; an empty one is none."""
    if len(text) > NOTE_CHARS:
        raise Invalid([Problem(field="comment", reason=TOO_LONG, values={"max": NOTE_CHARS})])
    await notes.set_note(db, actor.id, about.id, text.strip())


def host_of_server(node: Node, written: str) -> str:
    """The host that somebody means; Invalid for what is no other server."""
    try:
        host = origin_of(f"https://{written.strip()}/").partition("://")[2]
    except BadAddress:
        host = ""
    if not host or "/" in written or host == node.urls.domain:
        raise Invalid([Problem(field="domain", reason=NO_SERVER)])
    return host
