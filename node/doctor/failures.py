"""Why a call to the public address came to nothing, in plain words."""

from __future__ import annotations

from federation.outcomes import Failure, FetchError, FetchFailed, FetchGone, FetchRefused, Refusal
from node.doctor.remark import Remark, wrong
from node.logs import escape

FAILURES = {
    Failure.CONNECT: (
        "Nobody answers at {where}.",
        "Start the node (`allmende serve`) and the proxy in front of it, and open the port in the firewall.",
    ),
    Failure.DISCONNECTED: ("{where} breaks off in the middle.", "Look into the log of the proxy, then of the node."),
    Failure.DNS: ("The name in {where} leads nowhere.", "Make DNS records for it, or correct ALLMENDE_BASE_URL."),
    Failure.HTTP: ("What answers at {where} does not speak HTTP.", "Look which program listens there."),
    Failure.TIMEOUT: ("{where} does not answer in time.", "See whether the node runs and what the proxy waits for."),
    Failure.TLS: (
        "The certificate at {where} is not accepted, so no other server will talk to this hub.",
        "Let the proxy get a certificate for that very name, with the whole chain.",
    ),
}
REFUSALS = {
    Refusal.ANSWER_TYPE: (
        "{where} answers with a page where servers ask for ActivityPub.",
        "A cache in front has to honour `Vary: Accept`; or it is another program that answers there.",
    ),
    Refusal.DOWNGRADE: (
        "{where} sends callers on to an address without encryption.",
        "Let the proxy answer instead of redirecting.",
    ),
    Refusal.HANDLE: (
        "What WebFinger at {where} says leads to somebody else than this hub.",
        "Let the proxy hand /.well-known/webfinger on to the node, with its query.",
    ),
    Refusal.ID: (
        "{where} calls itself by another address than ALLMENDE_BASE_URL.",
        "Set ALLMENDE_BASE_URL to what everybody knows the hub by.",
    ),
    Refusal.MALFORMED: ("{where} does not answer with JSON.", "Look which program answers there."),
}
OTHERWISE = ("{where} cannot be used: {why}.", "Look which program answers there, and what the proxy changes.")


def explain(error: FetchError, where: str) -> Remark:
    """The sentence for an error of the guarded client; `where` is what was called."""
    sentence, do = OTHERWISE
    if isinstance(error, FetchGone):
        sentence, do = "There is nothing at {where}.", "Let the proxy hand every path on to the node, unchanged."
    elif isinstance(error, FetchFailed) and error.status is not None:
        return explain_status(error.status, where)
    elif isinstance(error, FetchFailed):
        sentence, do = FAILURES.get(error.failure, OTHERWISE)
    elif isinstance(error, FetchRefused):
        sentence, do = REFUSALS.get(error.reason, OTHERWISE)
    cause = f" ({escape(str(error.__cause__))})" if error.__cause__ and str(error.__cause__) else ""
    says = sentence.format(where=where, why=escape(str(error)))
    return wrong(says.removesuffix(".") + cause + "." if cause else says, do)


def explain_status(status: int, where: str) -> Remark:
    """The sentence for an HTTP status that a healthy hub does not answer with."""
    if status in (502, 504):
        do = "Start the node (`allmende serve`), or correct the address at which the proxy looks for it."
        return wrong(f"The proxy at {where} answers, but finds no node behind it (status {status}).", do)
    if status == 503:
        return wrong(
            f"{where} is too busy to answer (status 503).", "Look into the log of the node: is the database up?"
        )
    if 300 <= status < 400:
        do = "Set ALLMENDE_BASE_URL to where the hub really is, or let the proxy answer instead of redirecting."
        return wrong(f"{where} sends callers on to another address (status {status}).", do)
    return wrong(f"{where} answers with status {status}.", "See whether it is this node that answers, and its log.")
