"""What an arriving activity does: a table from verb to receiver. To take a new verb, write `inbox/<verb>.py` with
`receive_<verb>` and add its line below; what is not in the table is answered 202 and counted."""

from __future__ import annotations

from collections.abc import Mapping

from node.inbox.accept import receive_accept, receive_ignore, receive_reject, receive_tentative_accept
from node.inbox.announce import receive_announce
from node.inbox.create import receive_create, receive_invite
from node.inbox.delete import receive_delete
from node.inbox.feature import receive_add, receive_remove
from node.inbox.flag import receive_flag
from node.inbox.follow import receive_block, receive_follow
from node.inbox.join import receive_join, receive_leave, receive_tentative_join
from node.inbox.like import receive_like
from node.inbox.move import receive_move
from node.inbox.offer import receive_offer
from node.inbox.outcome import Ignored, Needs, Outcome, Receiver, Refused, Taken
from node.inbox.quote_request import receive_quote_request
from node.inbox.undo import receive_undo
from node.inbox.update import receive_update

RECEIVERS: Mapping[str, Receiver] = {
    "Accept": receive_accept,
    "Add": receive_add,
    "Announce": receive_announce,
    "Block": receive_block,
    "Create": receive_create,
    "Delete": receive_delete,
    "EmojiReact": receive_like,
    "Flag": receive_flag,
    "Follow": receive_follow,
    "Ignore": receive_ignore,
    "Invite": receive_invite,
    "Join": receive_join,
    "Leave": receive_leave,
    "Like": receive_like,
    "Move": receive_move,
    "Offer": receive_offer,
    "QuoteRequest": receive_quote_request,
    "Reject": receive_reject,
    "Remove": receive_remove,
    "TentativeAccept": receive_tentative_accept,
    "TentativeJoin": receive_tentative_join,
    "TentativeReject": receive_reject,
    "Undo": receive_undo,
    "Update": receive_update,
}

__all__ = ["RECEIVERS", "Ignored", "Needs", "Outcome", "Receiver", "Refused", "Taken"]
