"""Proxies: whether the node learns through them who calls, and from no one else."""

from __future__ import annotations

from federation.addresses import in_networks
from node.doctor.remark import Remark, note, ok, warn, wrong
from node.logs import escape
from node.settings import Settings
from schemas.mirror import Mirrored

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
            "Whoever calls can pass for any address: the proxy hands on the X-Forwarded-For that callers write.",
            "Let the proxy add the address it sees (nginx: proxy_set_header X-Forwarded-For "
            "$proxy_add_x_forwarded_for), and trust no more networks than the proxies'.",
        )
    ]


def _judge_caller(settings: Settings, seen: Mirrored, *, named: bool, trusted: bool) -> list[Remark]:
    if named and trusted:
        return [ok(f"The proxy at {seen.remote} is trusted, and says that {escape(seen.client)} called.")]
    if named:
        return [
            wrong(
                f"A proxy at {seen.remote} speaks for the callers, but is not trusted: all of them count as one, and a "
                "limit meant for one stops all.",
                f"Set ALLMENDE_TRUSTED_PROXIES={seen.remote}.",
            )
        ]
    if settings.https:
        return [
            wrong(
                f"The proxy at {seen.remote} does not say who calls: all callers count as one, and a limit meant for "
                "one stops all.",
                "Let it set X-Forwarded-For, and name it in ALLMENDE_TRUSTED_PROXIES.",
            )
        ]
    if settings.trusted_proxies:
        says = "Proxies are trusted, but the public address leads past them."
        return [warn(says, "Unset ALLMENDE_TRUSTED_PROXIES if there is no proxy.")]
    return []


def _judge_names(settings: Settings, seen: Mirrored) -> list[Remark]:
    remarks = []
    if seen.host.lower() != settings.authority:
        says = f"The proxy tells the node another host ({escape(seen.host)}) than {settings.authority}."
        remarks.append(note(says, "The node goes by ALLMENDE_BASE_URL, so this harms nobody."))
    proto = seen.forwarding.get("X-Forwarded-Proto", "")
    scheme = "https" if settings.https else "http"
    if proto and proto.rpartition(",")[2].strip().lower() != scheme:
        says = f"The proxy says that callers come by {escape(proto)}, but the hub's address begins with {scheme}."
        remarks.append(warn(says, "See whether all callers reach the proxy encrypted."))
    return remarks
