"""What a measure does when it comes into force, and what is undone when it ends: on actors, servers, roles and rules.

Peers are told where they must know: that a member of ours is suspended or no longer (Update of the actor), and that a
suspended person elsewhere and ours no longer follow each other (Reject, Undo). A suspended server hears nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from federation.build import activities as say
from federation.build.urls import Urls
from node.actions import measured, offices
from node.actions.warn import warn
from node.errors import NotFound
from node.outbox import new_activity_id, tell
from node.policy import CHANNEL
from node.store.access import pending_sign_ins, sessions, tokens
from node.store.db import Db
from node.store.hub import hub
from node.store.members import accounts
from node.store.moderation import decision_rules, marks, measures, severed
from node.store.moderation.decision_rules import Rule
from node.store.people import actors
from node.store.posts import reactions
from node.store.queues import jobs
from schemas.limits import SUSPENSION_GRACE_DAYS
from schemas.records import Actor, Measure

RESTORE = "restore_follows"
SHUTS_OUT = ("freeze", "suspend", "purge")
"""What takes an account from its member."""


async def apply(db: Db, measure: Measure, *, on: bool) -> Measure:
    """Put a measure in force, or lift it; as it stands then. NotFound for an actor that is not there."""
    match measure.target_kind:
        case "domain":
            await _on_domain(db, measure, on=on)
        case "hub" if measure.kind == "rules" and on:
            for name, rule in measure.detail["rules"].items():
                await decision_rules.put(db, Rule(kind=name, **rule))
        case "hub" if on:
            await offices.change_permissions(db, measure)
        case "actor":
            actor = await actors.find(db, measure.target)
            if actor is None:
                raise NotFound
            if on and measure.kind in SHUTS_OUT and measure.proposed_by is not None:
                await offices.require_successor(db, measure.target)
            return await _on_actor(db, measure, actor, on=on)
    return measure


async def _on_domain(db: Db, measure: Measure, *, on: bool) -> None:
    if measure.kind == "reject_media":
        await jobs.add(db, "mark_media", {"domain": measure.target}, once=f"mark_media {measure.id} {on}")
    if measure.kind not in ("limit", "suspend"):
        return  # what a server's media and reports are worth is asked of the measures themselves
    if measure.kind == "suspend" and on:
        await severed.cut_domain(db, measure.id, measure.target)
        await measures.drop_deliveries(db, measure.target)
    await measures.mark_domain(db, measure.target)
    if measure.kind == "suspend":
        await reactions.recount(db, measure.target)
        if not on:
            await jobs.add(db, RESTORE, {}, once=f"{RESTORE} {measure.id}")
    await measures.announce(db, CHANNEL)


async def _on_actor(db: Db, measure: Measure, actor: Actor, *, on: bool) -> Measure:
    if on:
        await measured.tell(db, measure, actor)
    match measure.kind:
        case "warn" if on:
            await warn(db, measure, actor)
        case "sensitive":
            await marks.mark_actor(db, actor.id, "sensitive", on=on)
            await marks.mark_posts(db, actor.id, on=on)
        case "limit":
            await marks.mark_actor(db, actor.id, "limit", on=on)
        case "freeze":
            await marks.mark_actor(db, actor.id, "freeze", on=on)
            if actor.local:
                await marks.shut_out(db, actor.id, on=on)
                await _end_visits(db, actor)
        case "suspend":
            return await _suspend(db, measure, actor, on=on)
        case "purge" if on:
            await jobs.add(db, "purge_actor", {"actor_id": actor.id}, once=f"purge {actor.id}")
        case "role" if on:
            await offices.change(db, measure, actor)
    return measure


async def _suspend(db: Db, measure: Measure, actor: Actor, *, on: bool) -> Measure:
    """A member's servers elsewhere hide them too; follows of somebody elsewhere are cut, and kept aside."""
    if on and not actor.local:
        await severed.cut_actor(db, measure.id, actor.id)
        await _tell_severed(db, measure, actor)  # while something can still be said to them
    await marks.mark_actor(db, actor.id, "suspend", on=on)
    if actor.local:
        if on:
            await _end_visits(db, actor)
        await jobs.add(db, "tell_suspended", {"actor_id": actor.id}, once=f"suspended {measure.id} {on}")
    elif not on:
        await jobs.add(db, RESTORE, {}, once=f"{RESTORE} {measure.id}")
    if on and measure.ends_at is None:
        return await marks.set_purge(db, measure.id, datetime.now(UTC) + timedelta(days=SUSPENSION_GRACE_DAYS))
    return measure


async def _tell_severed(db: Db, measure: Measure, actor: Actor) -> None:
    """Ours follow no more (Undo), and are no longer followed (Reject), so that what is for followers reaches nobody
    there. Mastodon has no word that would bring back a follower who was rejected: that half is not kept."""
    if not (cut := await severed.list_of(db, measure.id)):
        return
    urls = Urls((await hub.get(db)).base_url)
    for one in cut:
        _, uri = new_activity_id(urls)
        if one.follower_id == actor.id:
            ours = await actors.get(db, one.followed_id)
            document = say.reject(uri, ours.uri, say.follow(one.uri, actor.uri, ours.uri), to=[actor.uri])
        else:
            ours = await actors.get(db, one.follower_id)
            document = say.undo(uri, ours.uri, say.follow(one.uri, ours.uri, actor.uri), to=[actor.uri])
        await tell(db, ours, document, audience="direct", to=[actor])
    await severed.forget_theirs(db, measure.id)


async def _end_visits(db: Db, actor: Actor) -> None:
    """Sessions, apps, streams and half a sign-in end at once."""
    account = await accounts.find_by_actor(db, actor.id)
    if account is not None:
        await sessions.delete_of(db, account.id)
        await tokens.revoke_all(db, account.id)
        await pending_sign_ins.end_of(db, account.id)
