"""What strangers wrote is text in every room of the panel, and no page of it runs anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from node.actions import domain_lists, moderate
from node.actions.domain_lists import NewList
from node.actions.moderate import Order
from node.store.moderation import drafts, log
from node.store.servers import circle, hosts
from node.store.servers.circle import Recommendation
from tests.factories import a_post, a_remote_actor, an_application
from tests.node.pages.conftest import Browser, Hub
from tests.node.panel.conftest import a_report
from tests.node.panel.test_rules import RULES, unlimited

BAD = "<script>x</script><img src=x onerror=x>{{7*7}}%s"


async def test_case_141_words_from_elsewhere_stay_words_in_every_room(hub: Hub, ana: Browser) -> None:
    named = await hostile_words(hub)
    rooms = [path for method, path in RULES if method == "GET" and ("{" not in path or path in named)]
    seen = 0
    for path in [*rooms, "/admin/servers/peer.example", "/admin/desk?q=peer.example", "/log"]:
        unlimited(hub)
        page = await ana.get(path.replace("{id}", str(named.get(path, 1))))
        assert page.status in (200, 404), path
        assert "<script>x" not in page.text and "<img src=x" not in page.text and "49%s" not in page.text, path
        assert "unsafe-inline" not in page.headers["Content-Security-Policy"], path
        assert page.headers["Cache-Control"] == "no-store", path
        seen += "&lt;script&gt;x" in page.text
    assert seen >= 8


async def hostile_words(hub: Hub) -> dict[str, int]:
    """Put them wherever strangers can; the numbers of what has rooms of its own."""
    about = await a_remote_actor(hub.db, host="https://peer.example", display_name=BAD, summary=BAD)
    post = await a_post(hub.db, about, text=BAD.replace("<", "&lt;"))
    kept = await a_report(hub.db, about, None, post.uri, text=BAD)
    await hosts.keep_nodeinfo(hub.db, "peer.example", BAD, BAD, is_hub=False)
    await hosts.note_error(hub.db, "peer.example", BAD)
    await circle.put(hub.db, about.id, BAD, "asks", "https://peer.example/offers/1")
    await circle.recommend(hub.db, a_recommendation(about.id))
    await drafts.put_one(hub.db, "loud.example", "limit", BAD)
    lou = await hub.member("lou", "steward")
    await domain_lists.take_in(hub.db, lou, NewList(name=BAD, purpose="block", body=b"a.example"))
    order = Order(kind="limit", target_kind="actor", target=about.uri, public_reason=BAD, private_reason=BAD)
    measure = await moderate.take(hub.db, None, order)
    await log.append(hub.db, "measure.kept", {"said": BAD}, public=BAD)
    await an_application(hub.db, "kim")
    await hub.db.execute("UPDATE applications SET display_name = $1, notes = $1", BAD)
    return {"/admin/reports/{id}": kept.id, "/admin/accounts/{id}": about.id, "/admin/decisions/{id}": measure.id}


def a_recommendation(by: int) -> Recommendation:
    now = datetime.now(UTC)
    return Recommendation(
        id=0,
        uri="https://peer.example/offers/2#recommendation",
        offer_uri="https://peer.example/offers/2",
        actor_id=by,
        domain="loud.example",
        kind="limit",
        reason=BAD,
        evidence=["https://peer.example/?x=%3Cscript%3E"],
        hearsay=False,
        published_at=now,
        expires_at=now + timedelta(days=9),
        retracted_at=None,
        draft_id=None,
    )
