"""The running node as one value: what jobs, receivers and doors need besides a database connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from federation.build.urls import Urls
from federation.client import GuardedClient, Signer
from federation.knocking import SchemeMemory
from node.caches.kept import Kept
from node.caches.lists import Lists
from node.caches.remembered import Remembered
from node.caches.watch import Watch
from node.health.troubles import Troubles
from node.media.workshop import Workshop
from node.observability.counting import Tallies
from node.observability.meters import Meters
from node.observability.tracing import Traces
from node.policy import Policy
from node.precedence import Precedence
from node.settings import Settings
from node.store.pool import Database
from schemas.records import Actor


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """`client` calls other servers, `signer` signs for the instance actor, `schemes` knows how hosts want it done.

    `wake` tells the workers that there is something to do: cheap, after a commit, as often as you like. `wake_for_news`
    is for what only streams want to know. `workshop` is where media are processed, `meters` what counts.
    """

    settings: Settings
    database: Database
    client: GuardedClient
    urls: Urls
    policy: Policy
    instance: Actor
    signer: Signer
    schemes: SchemeMemory
    tallies: Tallies
    wake: Callable[[], None]
    wake_for_news: Callable[[], None]
    wake_for_arrivals: Callable[[], None]
    kept: Kept = msgspec.field(default_factory=Kept)
    lists: Lists = msgspec.field(default_factory=lambda: Lists(Watch()))
    answers: Remembered[Any, Any] = msgspec.field(default_factory=lambda: Remembered(Watch()))
    traces: Traces = msgspec.field(default_factory=Traces)
    precedence: Precedence = msgspec.field(default_factory=Precedence)
    troubles: Troubles = msgspec.field(default_factory=Troubles)
    meters: Meters = msgspec.field(default_factory=Meters)
    workshop: Workshop = msgspec.field(default_factory=Workshop)
