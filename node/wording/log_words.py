"""What the entries of the log are called: on its pages, in its feed, and in the notes that its actor publishes."""

from __future__ import annotations

from node.wording.language import gettext
from schemas.reasons import msgid

KINDS = {
    "measure.proposed": msgid("Measure proposed"),
    "measure.executed": msgid("Measure in force"),
    "measure.confirmed": msgid("Measure confirmed after an emergency"),
    "measure.ended": msgid("Measure ended"),
    "measure.kept": msgid("Measure kept after a review"),
    "measure.lapsed": msgid("Measure undone: nobody confirmed it in time"),
    "measure.expired": msgid("Proposal over: nothing was done"),
    "decision.passed": msgid("Vote passed"),
    "decision.failed": msgid("Vote failed"),
    "report.closed": msgid("Report closed"),
    "report.reopened": msgid("Report taken up again"),
    "report.assigned": msgid("Report assigned"),
    "report.forwarded": msgid("Report forwarded"),
    "report.taken_out": msgid("Reported post no longer passed on"),
    "appeal.sent": msgid("Appeal sent"),
    "appeal.decided": msgid("Appeal decided"),
    "mandate.begun": msgid("Office begun"),
    "mandate.ended": msgid("Office ended"),
    "mandate.declined": msgid("Office declined"),
    "mandate.overdue": msgid("Office goes on after its term, for want of another"),
    "federation.mode": msgid("Federation mode changed"),
    "server.purged": msgid("Server purged"),
    "server.let_in": msgid("Server let in"),
    "server.kept_out": msgid("Server kept out"),
    "list.taken_in": msgid("List of domains taken in"),
    "list.forgotten": msgid("List of domains forgotten"),
    "list.proposed": msgid("List of domains proposed"),
    "list.confirmed": msgid("List of domains confirmed"),
    "list.applied": msgid("Domains of a list in force"),
    "circle.invited": msgid("Hub asked into the circle"),
    "circle.joined": msgid("Hub in the circle"),
    "circle.declined": msgid("Hub not taken into the circle"),
    "circle.left": msgid("Circle ended"),
    "recommendation.sent": msgid("Recommended to the circle"),
    "recommendation.retracted": msgid("Recommendation taken back"),
    "hub.look": msgid("Look of the hub changed"),
    "hub.sign_ups": msgid("Way into the hub changed"),
    "hub.card": msgid("Card of the hub changed"),
    "hub.rules": msgid("Rules of the house changed"),
    "hub.modules": msgid("What the hub uses changed"),
    "hub.retention": msgid("What is kept for how long changed"),
    "hub.area": msgid("Areas of the hub changed"),
    "hub.announcement": msgid("Announcement made or taken back"),
    "hub.back_up": msgid("Back-up asked for"),
    "hub.mail": msgid("Mail server changed"),
    "hub.apps": msgid("Apps shut out"),
    "hub.emoji": msgid("Emoji of the hub changed"),
    "organisation.made": msgid("Organisation made"),
    "editor.named": msgid("Editor of an organisation named"),
    "editor.dropped": msgid("Editor of an organisation taken away"),
    "log.redacted": msgid("Entry taken out of the log"),
}


def name_of(language: str, kind: str) -> str:
    """The kind of an entry in words; one that nobody named, as it is."""
    return gettext(language, KINDS[kind]) if kind in KINDS else kind
