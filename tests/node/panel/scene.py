"""A hub with something in every table of its panel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from node.actions import decisions, domain_lists, moderate, organise
from node.actions.domain_lists import NewList
from node.actions.moderate import Order
from node.actions.organise import NewOrganisation
from node.store.access import tokens
from node.store.members import accounts
from node.store.moderation import appeals, decision_rules
from node.store.moderation.decision_rules import Rule
from node.store.people import actors
from node.store.servers import circle, tallies
from node.store.servers.circle import Recommendation
from node.store.upkeep import back_ups
from schemas.records import Actor, Measure, Viewer
from tests.factories import a_post, a_remote_actor, an_application, keys
from tests.node.pages.conftest import Hub
from tests.node.panel.conftest import a_report

PEER = "peer.example"
MACHINE = """
    INSERT INTO jobs (kind, host, last_error, attempts) VALUES ('recheck', 'peer.example', 'TimeoutError', 2);
    INSERT INTO jobs (kind, once) VALUES ('back_up', 'b');
    INSERT INTO journal (at, level, source, words, detail)
         VALUES (now(), 'warning', 'node.inbox', 'slow', 'x'), (now(), 'error', 'node.outbox', 'late', 'y');
    INSERT INTO mails (kind, recipient, language, facts, message_id, state, last_error)
         VALUES ('confirm_address', 'lea@x.example', 'en', '{}', 'm1', 'refused', '550'),
                ('new_sign_in', 'kim@x.example', 'en', '{}', 'm2', 'refused', '550');
    INSERT INTO announcements (versions, told_at)
         VALUES ('[{"language": "en", "content": "<p>Tonight</p>", "source": "Tonight"}]', now());
    INSERT INTO emojis (shortcode, url, category) VALUES ('saw', 'https://x.example/saw.png', 'tools'),
                                                         ('bench', 'https://x.example/b.png', 'tools');
    INSERT INTO members (number, name, dues, shares) VALUES ('7', 'Bo', 'due', 3), ('8', 'Cy', 'paid', 1);
    INSERT INTO activities (id, uri, type, actor_id, audience, document)
         SELECT 7, 'https://x.example/a/1', 'Create', id, 'public', '{}' FROM actors WHERE local LIMIT 1;
    INSERT INTO deliveries (activity_id, signer_id, host, inbox, last_error)
         SELECT a.id, a.actor_id, 'peer.example', 'https://peer.example/inbox', 'timeout' FROM activities a LIMIT 1;
    INSERT INTO traces (way, host, activity, type, fine, words)
         VALUES ('in', 'peer.example', 'https://x.example/a/1', 'Follow', true, 'taken');
    UPDATE hosts SET waits_since = now(), software = 'mastodon' WHERE host = 'new.example';
"""


async def fill(hub: Hub) -> dict[str, int]:
    """Put something into each; numbers of what has pages of its own."""
    about = await a_remote_actor(hub.db, "cy", host=f"https://{PEER}", display_name="Cy")
    mo, lou = await hub.member("mo", "moderator"), await hub.member("lou", "steward")
    said = await a_post(hub.db, about, text="Buy my boots")
    first = await a_report(hub.db, about, mo, said.uri)
    await a_report(hub.db, about)
    await a_report(hub.db, await a_remote_actor(hub.db, "di", host=f"https://{PEER}"))
    await hub.db.execute("INSERT INTO hosts (host) VALUES ('peer.example'), ('new.example') ON CONFLICT DO NOTHING")
    await hub.db.execute(MACHINE)
    vote = await _measures(hub, lou, about)
    await _federation(hub, lou, about)
    await tallies.add_many(hub.db, {(PEER, "Create", "unsigned"): 3, (PEER, "Like", "unsigned"): 1})
    for name in ("kim", "joy"):
        await an_application(hub.db, name)
    await tokens.insert(hub.db, lou.account.id, ["read"], name="Tusky")
    await back_ups.insert(hub.db, "monday.tar", size=9_000_000)
    made = await organise.create(hub.db, hub.urls, lou, NewOrganisation(name="choir", display_name="Choir"), keys())
    await organise.name_editor(hub.db, lou, made.id, "lou")
    return {"report": first.id, "account": about.id, "decision": vote.id, "organisation": made.id,
            "appeal": await _appeals(hub, mo)}  # fmt: skip


async def _measures(hub: Hub, lou: Viewer, about: Actor) -> Measure:
    """In force, waiting for ana, waiting for lou, and one put to the vote, which is given back."""
    ana = await _viewer(hub, "ana")
    for kind in ("limit", "sensitive"):
        await moderate.take(hub.db, None, Order(kind=kind, target_kind="actor", target=about.uri, public_reason="Ads"))  # type: ignore[arg-type]
    await moderate.take(hub.db, None, Order(kind="reject_media", target_kind="domain", target=PEER))
    await moderate.take(hub.db, lou, Order(kind="suspend", target_kind="domain", target="bad.example"))
    await moderate.take(hub.db, ana, Order(kind="suspend", target_kind="domain", target="worse.example"))
    await decision_rules.put(hub.db, Rule(kind="suspend", how="vote", quorum=50, days=7))
    vote = await moderate.take(hub.db, lou, Order(kind="suspend", target_kind="actor", target=about.uri))
    await decisions.vote(hub.db, ana, vote.id, "yes", "Clear")
    return vote


async def _appeals(hub: Hub, mo: Viewer) -> int:
    """One that waits, whose number is given back, and one that was decided."""
    found = []
    for kind in ("freeze", "limit"):
        order = Order(kind=kind, target_kind="actor", target=mo.actor.uri)  # type: ignore[arg-type]
        found.append(await appeals.insert(hub.db, (await moderate.take(hub.db, None, order)).id, "No."))
    await hub.db.execute("UPDATE appeals SET decided_at = now(), granted = false WHERE id = $1", found[1])
    assert found[0]
    return found[0]


async def _federation(hub: Hub, lou: Viewer, about: Actor) -> None:
    """Two lists, drafts, a hub of the circle, and recommendations in both directions."""
    for name in ("Friends", "Region"):
        number = await domain_lists.take_in(hub.db, lou, NewList(name=name, purpose="block", body=b"a.example"))
        await hub.db.execute(
            "INSERT INTO drafts (list_id, domain, kind, reason) VALUES ($1, 'noise.example', 'limit', 'Spam')", number
        )
    await circle.put(hub.db, about.id, "Region", "member", f"https://{PEER}/o/0")
    now = datetime.now(UTC)
    for by in (about, await actors.hub(hub.db)):
        offer = f"{by.uri}/offers/1"
        await circle.recommend(hub.db, Recommendation(
            id=0, uri=f"{offer}#it", offer_uri=offer, actor_id=by.id, domain="loud.example", kind="limit",
            reason="Noise", evidence=[], hearsay=False, published_at=now, expires_at=now + timedelta(days=9),
            retracted_at=None, draft_id=None))  # fmt: skip


async def _viewer(hub: Hub, name: str) -> Viewer:
    actor = await actors.find_local(hub.db, name)
    account = await accounts.find_by_actor(hub.db, actor.id) if actor else None
    assert actor and account
    return Viewer(account=account, actor=actor, acting=actor, scopes=("*",))
