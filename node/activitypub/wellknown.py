"""How others find us: WebFinger, host-meta, NodeInfo. All of it is public."""

from __future__ import annotations

from importlib.metadata import version

from aiohttp import web

from federation.addresses import BadAddress, canonical
from federation.lookup import read_handle
from node.errors import NodeError, NotFound
from node.node import Node
from node.store.db import Db
from node.store.hub import areas, hub, usage
from node.store.people import actors
from node.web.handlers import reading
from node.web.keys import NODE
from schemas import discovery
from schemas.contexts import terms_text
from schemas.limits import ADDRESS_BYTES, NODEINFO_CACHE_SECONDS, WEBFINGER_CACHE_SECONDS
from schemas.records import Actor


class BadQuestion(NodeError):
    """WebFinger needs one resource."""

    status = 400
    message = "Please name one resource."


async def webfinger(request: web.Request) -> web.Response:
    """Who is acct:name@host, or who lives at this address; or this server itself (RFC 7033, FEP-d556)."""
    asked = request.query.getall("resource", [])
    if len(asked) != 1 or len(asked[0]) > ADDRESS_BYTES:
        raise BadQuestion
    node = request.app[NODE]
    if asked[0].rstrip("/") == node.urls.base_url:
        jrd = discovery.service_jrd(resource=asked[0], instance_actor=node.urls.instance_actor)
    else:
        async with reading(request) as db:
            actor = await _resource(node, db, asked[0])
        if actor is None or actor.deleted_at or actor.suspended_at:
            raise NotFound
        jrd = _about(node, actor)
    return _answer(discovery.to_json(jrd), discovery.JRD_JSON, WEBFINGER_CACHE_SECONDS)


async def host_meta(request: web.Request) -> web.Response:
    """Where WebFinger is, for software that still asks (RFC 6415)."""
    body = discovery.host_meta(_template(request.app[NODE])).encode()
    return _answer(body, "application/xrd+xml", WEBFINGER_CACHE_SECONDS)


async def host_meta_json(request: web.Request) -> web.Response:
    """The same as JSON."""
    body = discovery.to_json(discovery.host_meta_jrd(_template(request.app[NODE])))
    return _answer(body, discovery.JRD_JSON, WEBFINGER_CACHE_SECONDS)


async def nodeinfo_index(request: web.Request) -> web.Response:
    """Where NodeInfo is, and who signs for this server (FEP-2677)."""
    urls = request.app[NODE].urls
    addresses = {"2.1": urls.nodeinfo("2.1"), "2.0": urls.nodeinfo("2.0")}
    jrd = discovery.nodeinfo_index(addresses=addresses, instance_actor=urls.instance_actor)
    return _answer(discovery.to_json(jrd), "application/json", NODEINFO_CACHE_SECONDS)


async def nodeinfo(request: web.Request) -> web.Response:
    """What this server is, in true figures (FEP-f1d5, FEP-0151)."""
    wanted = request.match_info["version"]
    if wanted not in discovery.NODEINFO_VERSIONS:
        raise NotFound
    async with reading(request) as db:
        info = await _nodeinfo(request.app[NODE], db)
    kind = f'application/json; profile="{discovery.REL_NODEINFO}{wanted}#"'
    return _answer(discovery.to_json(discovery.as_version(info, wanted)), kind, NODEINFO_CACHE_SECONDS)


async def _resource(node: Node, db: Db, resource: str) -> Actor | None:
    handle = read_handle(resource)
    if handle is not None:
        found = await actors.find_local(db, handle.name) if handle.domain == node.urls.domain else None
    else:
        found = await _by_address(node, db, resource)
    return found if found is not None and found.local else None


async def _by_address(node: Node, db: Db, resource: str) -> Actor | None:
    try:
        address = canonical(resource)
    except BadAddress:
        return None
    if not node.urls.ours(address):
        return None
    profile = node.urls.profile("")
    if address.startswith(profile):
        return await actors.find_local(db, address.removeprefix(profile))
    return await actors.find(db, address)


def _about(node: Node, actor: Actor) -> discovery.Jrd:
    interaction = node.urls.authorize_interaction
    return discovery.actor_jrd(
        handle=f"{actor.name}@{node.urls.domain}",
        actor=actor.uri,
        profile=actor.url,
        subscribe=f"{interaction}?uri={{uri}}",
        intents=dict.fromkeys(("Object", "Follow", "Like", "Announce", "Join"), f"{interaction}?uri={{object}}")
        | {"Create": f"{interaction}?uri={{inReplyTo}}"},
    )


async def _nodeinfo(node: Node, db: Db) -> discovery.NodeInfo:
    ours, counted = await hub.get(db), await usage.count(db)
    coop = discovery.Coop(
        hub=node.urls.hub(), known_hubs=node.urls.hubs, topics=[area.name for area in await areas.list_all(db)]
    )
    return discovery.NodeInfo(
        version="2.1",
        software=discovery.Software(name="allmende", version=version("allmende")),
        open_registrations=ours.sign_ups.takes_anybody,
        usage=discovery.Usage(
            users=discovery.Users(
                total=counted.accounts, active_month=counted.active_month, active_halfyear=counted.active_halfyear
            ),
            local_posts=counted.posts,
            local_comments=counted.comments,
        ),
        metadata=discovery.Metadata(
            node_name=ours.name,
            node_description=ours.description,
            languages=ours.languages,
            staff_accounts=[node.urls.hub()],
            coop=coop,
        ),
    )


def _template(node: Node) -> str:
    return f"{node.urls.base_url}/.well-known/webfinger?resource={{uri}}"


def _answer(body: bytes, content_type: str, seconds: int) -> web.Response:
    return web.Response(
        body=body,
        headers={
            "Content-Type": content_type,
            "Access-Control-Allow-Origin": "*",
            "Cache-Control": f"public, max-age={seconds}",
        },
    )


async def show_terms(request: web.Request) -> web.Response:
    """What our own terms (https://w3id.org/allmende/ns#) mean, as Markdown."""
    return web.Response(text=terms_text(), content_type="text/markdown", charset="utf-8")
