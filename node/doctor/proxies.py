"""Proxies: whether the node learns through them who calls, and from no one else."""

from __future__ import annotations

from federation.addresses import in_networks
from node.doctor.remark import Remark, note, ok, warn, wrong
from node.observability.logs import escape
from node.settings import Settings
from schemas.mirror import Mirrored
from schemas.reasons import msgid

SPOOFED = "203.0.113.7"  # an address for examples, which nobody has (RFC 5737)


def judge_proxies(settings: Settings, seen: Mirrored) -> list[Remark]:
    """What the node saw of a request through the public address, against ALLMENDE_TRUSTED_PROXIES."""
    named = "X-Forwarded-For" in seen.forwarding
    trusted = in_networks(seen.remote, settings.trusted_proxies)
    return [*_judge_caller(settings, seen, named=named, trusted=trusted), *_judge_names(settings, seen)]


def judge_spoofed(seen: Mirrored) -> list[Remark]:
    """The same for a request that came with an X-Forwarded-For of its own."""
    if seen.client != SPOOFED:
        return []
    return [
        wrong(
            msgid("Whoever calls can pass for any address: the proxy hands on the X-Forwarded-For that callers write."),
            msgid(
                "Let the proxy add the address it sees (nginx: proxy_set_header X-Forwarded-For "
                "$proxy_add_x_forwarded_for), and trust no more networks than the proxies’."
            ),
        )
    ]


def _judge_caller(settings: Settings, seen: Mirrored, *, named: bool, trusted: bool) -> list[Remark]:
    if named and trusted:
        says = msgid("The proxy at {proxy} is trusted, and says that {caller} called.")
        return [ok(says, proxy=seen.remote, caller=escape(seen.client))]
    if named:
        return [
            wrong(
                msgid(
                    "A proxy at {proxy} speaks for the callers, but is not trusted: all of them count as one, and a "
                    "limit meant for one stops all."
                ),
                msgid("Set ALLMENDE_TRUSTED_PROXIES={proxy}."),
                proxy=seen.remote,
            )
        ]
    if settings.https:
        return [
            wrong(
                msgid(
                    "The proxy at {proxy} does not say who calls: all callers count as one, and a limit meant for one "
                    "stops all."
                ),
                msgid("Let it set X-Forwarded-For, and name it in ALLMENDE_TRUSTED_PROXIES."),
                proxy=seen.remote,
            )
        ]
    if settings.trusted_proxies:
        says = msgid("Proxies are trusted, but the public address leads past them.")
        return [warn(says, msgid("Unset ALLMENDE_TRUSTED_PROXIES if there is no proxy."))]
    return []


def _judge_names(settings: Settings, seen: Mirrored) -> list[Remark]:
    remarks = []
    if seen.host.lower() != settings.authority:
        says = msgid("The proxy tells the node another host ({told}) than {host}.")
        do = msgid("The node goes by ALLMENDE_BASE_URL, so this harms nobody.")
        remarks.append(note(says, do, told=escape(seen.host), host=settings.authority))
    proto = seen.forwarding.get("X-Forwarded-Proto", "")
    scheme = "https" if settings.https else "http"
    if proto and proto.rpartition(",")[2].strip().lower() != scheme:
        says = msgid("The proxy says that callers come by {told}, but the hub’s address begins with {scheme}.")
        do = msgid("See whether all callers reach the proxy encrypted.")
        remarks.append(warn(says, do, told=escape(proto), scheme=scheme))
    return remarks
