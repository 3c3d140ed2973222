"""What other websites embed: public things of this hub as a quotation, and nothing that is not for everybody."""

from __future__ import annotations

import pytest

from schemas.records import Viewer
from tests.factories import a_post, a_remote_actor
from tests.node.mastodon.conftest import ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")
O = "/api/oembed"  # noqa: E741 - as it is called


async def test_a_public_thing_is_quoted_with_a_link_and_its_author(hub: ClientHub, ana: Viewer) -> None:
    event = await hub.publish(ana, kind="event")
    post = await hub.publish(ana, "<script>alert(1)</script> & benches")
    told = (await hub.stranger.get(O, url=event.url, maxwidth=300)).json
    assert (told["type"], told["version"], told["title"], told["width"]) == ("rich", "1.0", "Repair café", 300)
    assert (told["author_name"], told["provider_name"]) == ("Ana", "Werkhof")
    assert f'href="{event.url}"' in told["html"]
    html = (await hub.stranger.get(O, url=post.url)).json["html"]
    assert "<script" not in html and "benches" in html


@pytest.mark.parametrize("audience", ["hub", "followers", "direct"])
async def test_nothing_else_is(hub: ClientHub, ana: Viewer, audience: str) -> None:
    hidden = await hub.publish(ana, "Geheimnis", audience=audience)
    mine = await hub.client_of(ana)
    remote = await a_post(hub.db, await a_remote_actor(hub.db), local=False)
    for url in (hidden.url, remote.url, f"{hub.base}/posts/4242", "https://elsewhere.example/1", "x", ""):
        for asker in (hub.stranger, mine):
            assert (await asker.get(O, url=url)).status == 404, url
