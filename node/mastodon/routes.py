"""Every address of the Mastodon API. To add one: a line in the ENDPOINTS of its file; a new file: a line here."""

from __future__ import annotations

from aiohttp import web

from node.mastodon import (
    account_statuses,
    accounts,
    announcements,
    apps,
    collections,
    conversations,
    directory,
    favourites,
    filters,
    filters_v1,
    instance,
    lists,
    markers,
    media,
    notification_policy,
    notifications,
    notifications_v2,
    oembed,
    polls,
    preferences,
    profile,
    push,
    quotes,
    relationships,
    reports,
    scheduled,
    search,
    sign_ups,
    status_deeds,
    statuses,
    tags,
    timelines,
    trends,
)
from node.mastodon.admin import accounts as admin_accounts
from node.mastodon.admin import applications as admin_applications
from node.mastodon.admin import domains
from node.mastodon.admin import nothing as admin_nothing
from node.mastodon.admin import reports as admin_reports
from node.mastodon.endpoint import Endpoint, add, nothing
from node.mastodon.streaming.routes import add_streaming

ENDPOINTS: tuple[Endpoint, ...] = (
    *apps.ENDPOINTS,
    *sign_ups.ENDPOINTS,
    *account_statuses.ENDPOINTS,
    *collections.ENDPOINTS,
    *accounts.ENDPOINTS,
    *relationships.ENDPOINTS,
    *profile.ENDPOINTS,
    *media.ENDPOINTS,
    *instance.ENDPOINTS,
    *preferences.ENDPOINTS,
    *directory.ENDPOINTS,
    *reports.ENDPOINTS,
    *announcements.ENDPOINTS,
    *favourites.ENDPOINTS,
    *lists.ENDPOINTS,
    *timelines.ENDPOINTS,
    *conversations.ENDPOINTS,
    *filters.ENDPOINTS,
    *filters_v1.ENDPOINTS,
    *search.ENDPOINTS,
    *tags.ENDPOINTS,
    *trends.ENDPOINTS,
    *notification_policy.ENDPOINTS,
    *notifications.ENDPOINTS,
    *notifications_v2.ENDPOINTS,
    *markers.ENDPOINTS,
    *push.ENDPOINTS,
    *statuses.ENDPOINTS,
    *status_deeds.ENDPOINTS,
    *polls.ENDPOINTS,
    *quotes.ENDPOINTS,
    *scheduled.ENDPOINTS,
    *oembed.ENDPOINTS,
    *admin_accounts.ENDPOINTS,
    *admin_applications.ENDPOINTS,
    *admin_reports.ENDPOINTS,
    *domains.ENDPOINTS,
    *admin_nothing.ENDPOINTS,
)


def add_mastodon(router: web.UrlDispatcher) -> None:
    """Put them on the application; what is not there answers 404 in JSON, whatever the method."""
    add(router, ENDPOINTS)
    add_streaming(router)
    for version in ("v1", "v2", "v1_alpha"):
        router.add_route("*", f"/api/{version}/{{tail:.*}}", nothing)
