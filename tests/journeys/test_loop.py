"""A finding of one hub becomes a call of another: both show the chain, and what is put right or retracted is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from node.actions import edit, withdraw
from node.store.posts import origins, posts
from schemas.drafts import CallDraft, FindingDraft
from schemas.drafts.parts import VersionDraft
from tests.journeys.conftest import Hub, eventually
from tests.journeys.test_story import arrived, doing, met, published

GERMAN = VersionDraft(language="de", name="Zwölf", text="Eins.")
WORDS = (VersionDraft(language="en", name="Twelve", text="One."), GERMAN)


async def test_the_loop_goes_from_hub_to_hub(hubs: Callable[..., Awaitable[Hub]]) -> None:
    bern, lyon = await hubs("Bern", "127.0.0.2"), await hubs("Lyon", "127.0.0.3")
    await met(lyon, bern)
    learnt = FindingDraft(
        versions=WORDS, claim="It pays.", contributors=("Maria",), license="CC-BY-4.0", acting_as="hub"
    )
    finding = await published(bern, learnt)
    await arrived(lyon, finding.uri)

    call = await published(
        lyon, CallDraft(versions=WORDS, remote=True, born_of=finding.uri, acting_as="hub", skills=("law",))
    )
    there = await arrived(bern, call.uri)  # nobody in Bern follows Lyon
    assert there.born_of == finding.uri
    async with doing(bern) as (_, db, viewer):
        chain = await origins.chain_of(db, finding, None)
        assert [(step, one.uri) for step, one in chain.after] == [(1, call.uri)]
        assert await db.fetchval("SELECT count(*) FROM posts WHERE uri = $1", call.uri) == 1
        corrected = FindingDraft(
            versions=(VersionDraft(language="en", name="Twelve", text="Two."), GERMAN),
            claim="It pays.",
            contributors=("Maria",),
            license="CC-BY-4.0",
            correction="Not one but two.",
        )
        await edit.edit(_, db, viewer, finding.id, corrected)
    copy = await arrived(lyon, finding.uri, lambda post: bool(post.finding and post.finding.corrections))
    assert copy.finding
    assert copy.finding.corrections[0].text == "Not one but two."
    assert (copy.finding.state, copy.finding.contributors) == ("corrected", ("Maria",))
    assert copy.finding.license == "https://creativecommons.org/licenses/by/4.0/"
    english, german = (one.changed_at for one in copy.versions)
    assert english
    assert german
    assert german < english

    async with doing(bern) as (node, db, viewer):
        await withdraw.retract_finding(node, db, viewer, finding.id, reason="Counted wrongly.")
    copy = await arrived(lyon, finding.uri, lambda post: bool(post.finding and post.finding.state == "retracted"))
    assert copy.finding
    assert copy.finding.retraction == "Counted wrongly."
    assert copy.finding.retracted_at

    async def shown_in_lyon() -> bool:
        async with doing(lyon) as (_, db, _viewer):
            own = await posts.find(db, call.id)
            chain = await origins.chain_of(db, own, None) if own else None
            return bool(chain and [one.uri for one in chain.before] == [finding.uri])

    await eventually(shown_in_lyon, "Lyon shows where its call came from")
