"""What jobs are called where people read of them."""

from __future__ import annotations

from collections.abc import Mapping

from node.wording.language import gettext
from schemas.reasons import msgid

NAMES: Mapping[str, str] = {
    "apply_list": msgid("Apply a list of servers"),
    "ask_for_looks": msgid("Ask to look again at measures"),
    "back_up": msgid("Back up the database"),
    "backfill_actor": msgid("Fetch older posts of somebody followed"),
    "bring_along": msgid("Follow those of an imported list"),
    "check_hub": msgid("See whether a hub is one"),
    "check_up": msgid("Call the doctor"),
    "confirm_gone": msgid("See whether an account is gone"),
    "delete_account": msgid("Delete an account"),
    "erase_posts": msgid("Remove what somebody published who is gone"),
    "fetch_card": msgid("Fetch the preview of a link"),
    "fetch_list": msgid("Fetch a list of servers"),
    "fetch_media": msgid("Fetch a file of another server"),
    "learn_post": msgid("Fetch a post that is spoken of"),
    "make_export": msgid("Pack data to take along"),
    "mark_media": msgid("Take away or give back files of a server"),
    "match_call": msgid("Tell members whom a call fits"),
    "mail_notices": msgid("Send notices by mail"),
    "meet_host": msgid("See what a server runs"),
    "process_media": msgid("Make pictures fit to show"),
    "publish_scheduled": msgid("Publish what was planned"),
    "purge_actor": msgid("Remove what is kept of an account"),
    "push_notice": msgid("Send a notice to an app"),
    "read_hubs": msgid("Read which hubs another knows"),
    "read_list": msgid("Read a list of servers"),
    "recheck": msgid("Look again at something elsewhere"),
    "remind_attendees": msgid("Remind those who come"),
    "remove_files": msgid("Remove files"),
    "restore_follows": msgid("Follow again what a measure cut"),
    "send_digests": msgid("Send the weekly letter"),
    "send_reset": msgid("Send a link for a new password"),
    "sweep_media": msgid("Clear away files nobody needs"),
    "sync_followers": msgid("Compare followers with another server"),
    "take_held": msgid("Take in what waited for a look"),
    "tell_attendees": msgid("Tell those who come of a change"),
    "tell_counts": msgid("Tell other servers new counts"),
    "tend_calls": msgid("See which calls end"),
    "tell_dates": msgid("Announce coming dates"),
    "tell_log": msgid("Publish an entry of the log"),
    "tell_poll_over": msgid("Say that a poll is over"),
    "tell_suspended": msgid("Tell others of a suspension"),
    "trim_media": msgid("Make room for new copies"),
    "try_back_up": msgid("Restore a back-up for trial"),
    "verify_links": msgid("Check the links of a profile"),
    "verify_quote": msgid("See whether a quote is allowed"),
    "watch_node": msgid("See how the node fares"),
}


def name_of_job(language: str, kind: str) -> str:
    """The name of a kind of job in a language."""
    return gettext(language, NAMES[kind]) if kind in NAMES else kind
