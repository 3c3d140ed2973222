"""Why a call to the public address came to nothing, in plain words."""

from __future__ import annotations

from federation.outcomes import Failure, FetchError, FetchFailed, FetchGone, FetchRefused, Refusal
from node.doctor.remark import Remark, wrong
from node.observability.logs import escape
from schemas.reasons import msgid

FAILURES = {
    Failure.CONNECT: (
        msgid("Nobody answers at {where}."),
        msgid("Start the node (`allmende serve`) and the proxy in front of it, and open the port in the firewall."),
    ),
    Failure.DISCONNECTED: (
        msgid("{where} breaks off in the middle."),
        msgid("Look into the log of the proxy, then of the node."),
    ),
    Failure.DNS: (
        msgid("The name in {where} leads nowhere."),
        msgid("Make DNS records for it, or correct ALLMENDE_BASE_URL."),
    ),
    Failure.HTTP: (msgid("What answers at {where} does not speak HTTP."), msgid("Look which program listens there.")),
    Failure.TIMEOUT: (
        msgid("{where} does not answer in time."),
        msgid("See whether the node runs and what the proxy waits for."),
    ),
    Failure.TLS: (
        msgid("The certificate at {where} is not accepted, so no other server will talk to this hub."),
        msgid("Let the proxy get a certificate for that very name, with the whole chain."),
    ),
}
REFUSALS = {
    Refusal.ANSWER_TYPE: (
        msgid("{where} answers with a page where servers ask for ActivityPub."),
        msgid("A cache in front has to honour `Vary: Accept`; or it is another program that answers there."),
    ),
    Refusal.DOWNGRADE: (
        msgid("{where} sends callers on to an address without encryption."),
        msgid("Let the proxy answer instead of redirecting."),
    ),
    Refusal.HANDLE: (
        msgid("What WebFinger at {where} says leads to somebody else than this hub."),
        msgid("Let the proxy hand /.well-known/webfinger on to the node, with its query."),
    ),
    Refusal.ID: (
        msgid("{where} calls itself by another address than ALLMENDE_BASE_URL."),
        msgid("Set ALLMENDE_BASE_URL to what everybody knows the hub by."),
    ),
    Refusal.MALFORMED: (msgid("{where} does not answer with JSON."), msgid("Look which program answers there.")),
}
OTHERWISE = (
    msgid("{where} cannot be used: {why}."),
    msgid("Look which program answers there, and what the proxy changes."),
)


def explain(error: FetchError, where: str) -> Remark:
    """The sentence for an error of the guarded client; `where` is what was called."""
    sentence, do = OTHERWISE
    if isinstance(error, FetchGone):
        sentence = msgid("There is nothing at {where}.")
        do = msgid("Let the proxy hand every path on to the node, unchanged.")
    elif isinstance(error, FetchFailed) and error.status is not None:
        return explain_status(error.status, where)
    elif isinstance(error, FetchFailed):
        sentence, do = FAILURES.get(error.failure, OTHERWISE)
    elif isinstance(error, FetchRefused):
        sentence, do = REFUSALS.get(error.reason, OTHERWISE)
    cause = f" ({escape(str(error.__cause__))})" if error.__cause__ and str(error.__cause__) else ""
    return wrong(sentence, do, where=where + cause, why=escape(str(error)))


def explain_status(status: int, where: str) -> Remark:
    """The sentence for an HTTP status that a healthy hub does not answer with."""
    if status in (502, 504):
        do = msgid("Start the node (`allmende serve`), or correct the address at which the proxy looks for it.")
        says = msgid("The proxy at {where} answers, but finds no node behind it (status {status}).")
        return wrong(says, do, where=where, status=status)
    if status == 503:
        do = msgid("Look into the log of the node: is the database up?")
        return wrong(msgid("{where} is too busy to answer (status 503)."), do, where=where)
    if 300 <= status < 400:
        do = msgid("Set ALLMENDE_BASE_URL to where the hub really is, or let the proxy answer instead of redirecting.")
        says = msgid("{where} sends callers on to another address (status {status}).")
        return wrong(says, do, where=where, status=status)
    do = msgid("See whether it is this node that answers, and its log.")
    return wrong(msgid("{where} answers with status {status}."), do, where=where, status=status)
