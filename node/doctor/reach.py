"""Whether other servers can reach this hub and verify what it signs: it signs requests to itself, sends them through
the public address, and the node says what arrived (`activitypub/mirror.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal

import msgspec

from federation.client import Outgoing, Signing
from federation.fetch import fetch_document
from federation.knocking import RecentSchemes
from federation.outcomes import FetchError
from federation.signatures.pending import Scheme
from node.doctor.clock import check_date
from node.doctor.failures import explain, explain_status
from node.doctor.patient import Patient
from node.doctor.proxies import SPOOFED, judge_proxies, judge_spoofed
from node.doctor.remark import Remark, ok, wrong
from schemas.limits import DOCTOR_SECONDS, MIRROR_BYTES
from schemas.mirror import PATH, Mirrored
from schemas.reasons import msgid

BODY = b'{"look": "here"}'
METHODS: tuple[tuple[Literal["GET", "POST"], Scheme], ...] = (
    ("GET", Scheme.DRAFT),
    ("POST", Scheme.DRAFT),
    ("POST", Scheme.RFC9421),
)
CHANGED = msgid(
    "Let the proxy hand on path, query, body and the headers Date, Digest, Content-Digest and Signature* as they are."
)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back."""

    status: int
    date: str | None
    body: bytes

    @property
    def mirrored(self) -> Mirrored | None:
        """What the node saw, if it is the node's mirror that answered."""
        try:
            return msgspec.json.decode(self.body, type=Mirrored) if self.status == 200 else None
        except msgspec.DecodeError:
            return None


async def check_reach(patient: Patient) -> list[Remark]:
    """Sign in each way, send, and compare what arrived."""
    where = patient.settings.base_url
    seen: Mirrored | None = None
    clock: list[Remark] = []
    for method, scheme in METHODS:
        try:
            answer = await _send(patient, PATH, method, scheme)
        except FetchError as error:
            return [explain(error, where)]
        seen = answer.mirrored
        if seen is None or seen.body_bytes != (len(BODY) if method == "POST" else 0):
            return [await _why_not(patient, answer, method, scheme)]
        clock = check_date(answer.date, datetime.now(UTC))
    assert seen is not None  # noqa: S101 (METHODS is not empty)
    says = msgid("Other servers can reach this hub at {where} and verify what it signs, in both ways of signing.")
    reached = ok(says, where=where)
    return [reached, *clock, *judge_proxies(patient.settings, seen), *await _check_spoofing(patient, seen)]


async def _send(
    patient: Patient,
    path: str,
    method: Literal["GET", "POST"],
    scheme: Scheme,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One signed request, no redirect followed. Raises FetchError."""
    request = Outgoing(
        url=patient.settings.base_url + path,
        method=method,
        headers={"Accept": "application/json", **(headers or {})},
        body=BODY if method == "POST" else None,
        signing=Signing(signer=patient.signer, scheme=scheme),
        redirects="none",
        max_bytes=MIRROR_BYTES,
        seconds=DOCTOR_SECONDS,
    )
    async with patient.client.send(request) as incoming:
        return Answer(status=incoming.status, date=incoming.headers.get("Date"), body=await incoming.read())


async def _why_not(patient: Patient, answer: Answer, method: Literal["GET", "POST"], scheme: Scheme) -> Remark:
    """The mirror did not answer: another program, another hub, or a signature that was spoilt on its way."""
    where = patient.settings.base_url
    if answer.status not in (200, 404):
        return explain_status(answer.status, where)
    try:
        found = await fetch_document(patient.client, patient.urls.instance_actor, patient.signer, RecentSchemes())
    except FetchError as error:
        return explain(error, patient.urls.instance_actor)
    key = found.document.get("publicKey")
    if not isinstance(key, dict) or key.get("publicKeyPem") != patient.instance.public_key:
        return wrong(
            msgid("Another hub answers at {where}: its key is not the one in this database."),
            msgid("Stop the other one, or use the database and the data folder that it uses."),
            where=where,
        )
    refused = await _reason(patient, scheme)
    says = msgid("What this hub signs does not arrive as it was sent ({method}, {scheme}): {why}.")
    return wrong(says, CHANGED, method=method, scheme=str(scheme), why=refused)


async def _reason(patient: Patient, scheme: Scheme) -> str:
    """The inbox tells every sender what is wrong with its signature; of ours it says 403 if the form is right."""
    try:
        answer = await _send(patient, "/inbox", "POST", scheme)
        told = msgspec.json.decode(answer.body)
    except (FetchError, msgspec.DecodeError):
        return "the signature does not verify"
    title = told.get("title") if isinstance(told, dict) and answer.status == 401 else None
    return str(title).rpartition(": ")[2].rstrip(".") if title else "the signature does not verify"


async def _check_spoofing(patient: Patient, seen: Mirrored) -> list[Remark]:
    """Call once more as somebody who claims to speak for another address."""
    if "X-Forwarded-For" not in seen.forwarding:
        return []
    try:
        answer = await _send(patient, PATH, "GET", Scheme.DRAFT, {"X-Forwarded-For": SPOOFED})
    except FetchError as error:
        return [explain(error, patient.settings.base_url)]
    again = answer.mirrored
    return judge_spoofed(again) if again else []
