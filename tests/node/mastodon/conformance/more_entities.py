"""Notices, the instance and what it tells everybody, as clients decode them."""

from __future__ import annotations

from tests.node.mastodon.conformance.entities import ACCOUNT, EMOJI, MENTION, STATUS, TAG_IN_STATUS
from tests.node.mastodon.conformance.shapes import (
    BOOL,
    DIGITS,
    ID,
    INT,
    LANGUAGE,
    MOMENT,
    TEXT,
    URL,
    WORDS,
    Maybe,
    choice,
    entity,
    many,
    opt,
    some,
)

NOTIFICATION = entity(
    {
        "id": ID,
        "type": WORDS,
        "created_at": MOMENT,
        "group_key": WORDS,
        "account": ACCOUNT,
        "status": Maybe(opt(STATUS)),
    }
)
GROUP = entity(
    {
        "group_key": WORDS,
        "notifications_count": INT,
        "type": WORDS,
        "most_recent_notification_id": INT,
        "page_min_id": Maybe(ID),
        "page_max_id": Maybe(ID),
        "latest_page_notification_at": Maybe(MOMENT),
        "sample_account_ids": some(ID),
        "status_id": Maybe(opt(ID)),
    }
)
GROUPED = entity({"accounts": many(ACCOUNT), "statuses": many(STATUS), "notification_groups": some(GROUP)})
COUNT = entity({"count": INT})
_SUMMARY = entity({"pending_requests_count": INT, "pending_notifications_count": INT})
_DECISION = choice("accept", "filter", "drop")
POLICY = entity(
    {
        "for_not_following": _DECISION,
        "for_not_followers": _DECISION,
        "for_new_accounts": _DECISION,
        "for_private_mentions": _DECISION,
        "for_limited_accounts": _DECISION,
        "summary": _SUMMARY,
    }
)
POLICY_V1 = entity(
    {
        "filter_not_following": BOOL,
        "filter_not_followers": BOOL,
        "filter_new_accounts": BOOL,
        "filter_private_mentions": BOOL,
        "summary": _SUMMARY,
    }
)
REQUEST = entity(
    {
        "id": ID,
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "account": ACCOUNT,
        "notifications_count": DIGITS,
        "last_status": Maybe(opt(STATUS)),
    }
)
MERGED = entity({"merged": BOOL})
_ALERTS = ("follow", "favourite", "reblog", "mention", "poll", "status")
PUSH = entity(
    {
        "id": INT,
        "endpoint": URL,
        "server_key": WORDS,
        "standard": BOOL,
        "policy": choice("all", "followed", "follower", "none"),
        "alerts": entity(dict.fromkeys(_ALERTS, BOOL)),
    }
)

RULE = entity({"id": TEXT, "text": TEXT, "hint": TEXT, "translations": Maybe(entity({}))})
_LIVE = entity({"local": WORDS, "remote": WORDS})
CONFIGURATION = entity(
    {
        "urls": entity({"streaming": WORDS, "status": opt(TEXT), "about": opt(URL), "privacy_policy": opt(URL),
                        "terms_of_service": opt(URL)}),
        "vapid": entity({"public_key": WORDS}),
        "accounts": entity({"max_featured_tags": INT, "max_pinned_statuses": INT, "max_profile_fields": INT,
                            "profile_field_name_limit": INT, "profile_field_value_limit": INT,
                            "max_display_name_length": INT, "max_note_length": INT}),
        "statuses": entity({"max_characters": INT, "max_media_attachments": INT, "characters_reserved_per_url": INT}),
        "media_attachments": entity({"supported_mime_types": some(WORDS), "description_limit": INT,
                                     "image_size_limit": INT, "image_matrix_limit": INT, "video_size_limit": INT,
                                     "video_frame_rate_limit": INT, "video_matrix_limit": INT}),
        "polls": entity({"max_options": INT, "max_characters_per_option": INT, "min_expiration": INT,
                         "max_expiration": INT}),
        "translation": entity({"enabled": BOOL}),
        "timelines_access": entity({"live_feeds": _LIVE, "hashtag_feeds": _LIVE, "trending_link_feeds": _LIVE}),
        "limited_federation": BOOL,
    }
)  # fmt: skip
INSTANCE = entity(
    {
        "domain": WORDS,
        "title": WORDS,
        "version": WORDS,
        "source_url": URL,
        "description": TEXT,
        "usage": entity({"users": entity({"active_month": INT})}),
        "thumbnail": entity({"url": URL}),
        "icon": many(entity({"src": URL, "size": WORDS})),
        "languages": some(LANGUAGE),
        "configuration": CONFIGURATION,
        "registrations": entity({"enabled": BOOL, "approval_required": BOOL, "reason_required": opt(BOOL),
                                 "message": opt(TEXT), "min_age": opt(INT), "url": opt(URL)}),
        "api_versions": entity({"mastodon": INT}),
        "contact": entity({"email": TEXT, "account": opt(ACCOUNT)}),
        "rules": many(RULE),
    }
)  # fmt: skip
INSTANCE_V1 = entity(
    {
        "uri": WORDS,
        "title": WORDS,
        "short_description": TEXT,
        "description": TEXT,
        "email": TEXT,
        "version": WORDS,
        "urls": entity({"streaming_api": WORDS}),
        "stats": entity({"user_count": INT, "status_count": INT, "domain_count": INT}),
        "thumbnail": opt(URL),
        "languages": some(LANGUAGE),
        "registrations": BOOL,
        "approval_required": BOOL,
        "invites_enabled": BOOL,
        "configuration": entity({}),
        "contact_account": opt(ACCOUNT),
        "rules": many(RULE),
        "max_toot_chars": INT,
    }
)
EXTENDED_DESCRIPTION = entity({"updated_at": opt(TEXT), "content": TEXT})
ACTIVITY = entity({"week": DIGITS, "statuses": DIGITS, "logins": DIGITS, "registrations": DIGITS})
DOMAIN_BLOCK = entity(
    {"domain": WORDS, "digest": WORDS, "severity": choice("silence", "suspend"), "comment": opt(TEXT)}
)
ANNOUNCEMENT = entity(
    {
        "id": ID,
        "content": TEXT,
        "starts_at": opt(MOMENT),
        "ends_at": opt(MOMENT),
        "all_day": BOOL,
        "published_at": MOMENT,
        "updated_at": MOMENT,
        "read": Maybe(BOOL),
        "mentions": many(MENTION),
        "statuses": many(entity({"id": ID, "url": URL})),
        "tags": many(TAG_IN_STATUS),
        "emojis": many(EMOJI),
        "reactions": many(entity({"name": WORDS, "count": INT, "me": Maybe(BOOL)})),
    }
)
USERINFO = entity(
    {"iss": URL, "sub": WORDS, "name": WORDS, "preferred_username": WORDS, "profile": URL, "picture": URL}
)
OAUTH_SERVER = entity(
    {
        "issuer": URL,
        "authorization_endpoint": URL,
        "token_endpoint": URL,
        "revocation_endpoint": URL,
        "userinfo_endpoint": URL,
        "app_registration_endpoint": URL,
        "scopes_supported": some(WORDS),
        "response_types_supported": some(WORDS),
        "grant_types_supported": some(WORDS),
        "code_challenge_methods_supported": some(WORDS),
        "token_endpoint_auth_methods_supported": some(WORDS),
    }
)
