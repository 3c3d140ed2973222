"""Whether others find the hub: its handle by WebFinger, what it is by NodeInfo, and its actor, as a peer would look."""

from __future__ import annotations

from federation.build.urls import HUB_NAME
from federation.knocking import RecentSchemes
from federation.lookup import find_actor
from federation.nodeinfo import read_nodeinfo
from federation.outcomes import FetchError
from node.doctor.failures import explain
from node.doctor.patient import Patient
from node.doctor.remark import Remark, ok, wrong
from schemas.reasons import msgid


async def check_discovery(patient: Patient) -> list[Remark]:
    """Look the hub up from its handle to its actor and back, and read its NodeInfo."""
    return [await _look_up(patient), await _read_nodeinfo(patient)]


async def _look_up(patient: Patient) -> Remark:
    handle = f"{HUB_NAME}@{patient.urls.domain}"
    try:
        found = await find_actor(patient.client, handle, patient.signer, RecentSchemes())
    except FetchError as error:
        return explain(error, f"{patient.settings.base_url} (WebFinger and actor of {handle})")
    if found.actor.url != patient.urls.hub():
        return wrong(
            msgid("The handle @{handle} leads to {address} and not to this hub."),
            msgid("Let the proxy hand /.well-known/webfinger on to this node."),
            handle=handle,
            address=found.actor.url,
        )
    return ok(msgid("Others find the hub by its handle @{handle}."), handle=handle)


async def _read_nodeinfo(patient: Patient) -> Remark:
    try:
        info = await read_nodeinfo(patient.client, patient.settings.base_url)
    except FetchError as error:
        return explain(error, f"{patient.settings.base_url}/.well-known/nodeinfo")
    if info.software != "allmende":
        says = msgid("NodeInfo at {address} tells of another program ({program}).")
        do = msgid("Let the proxy hand /.well-known/nodeinfo and /nodeinfo on to this node.")
        return wrong(says, do, address=patient.settings.base_url, program=info.software or "?")
    return ok(msgid("Others can read what it runs: Allmende {version}."), version=info.version)
