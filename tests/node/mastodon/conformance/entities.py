"""The entities of the Mastodon API as clients decode them."""

from __future__ import annotations

from tests.node.mastodon.conformance.shapes import (
    BOOL,
    DATE,
    DIGITS,
    ID,
    INT,
    LANGUAGE,
    MOMENT,
    NUMBER,
    TEXT,
    URL,
    WORDS,
    Maybe,
    anything,
    choice,
    entity,
    many,
    opt,
    some,
)

VISIBILITY = choice("public", "unlisted", "private", "direct")
QUOTE_POLICY = choice("public", "followers", "nobody")

EMOJI = entity({"shortcode": WORDS, "url": URL, "static_url": URL, "visible_in_picker": BOOL})
FIELD = entity({"name": TEXT, "value": TEXT, "verified_at": opt(MOMENT)})
ROLE = entity({"id": TEXT, "name": TEXT, "color": TEXT})

FEATURE_APPROVAL = entity(
    {
        "automatic": many(TEXT),
        "manual": many(TEXT),
        "current_user": choice("automatic", "manual", "denied", "missing", "unknown"),
    }
)

_ACCOUNT = {
    "id": ID,
    "username": WORDS,
    "acct": WORDS,
    "url": URL,
    "uri": URL,
    "display_name": TEXT,
    "note": TEXT,
    "avatar": URL,
    "avatar_static": URL,
    "header": URL,
    "header_static": URL,
    "locked": BOOL,
    "bot": BOOL,
    "group": BOOL,
    "discoverable": opt(BOOL),
    "indexable": BOOL,
    "emojis": many(EMOJI),
    "fields": many(FIELD),
    "roles": Maybe(many(ROLE)),
    "created_at": MOMENT,
    "last_status_at": opt(DATE),
    "followers_count": INT,
    "following_count": INT,
    "statuses_count": INT,
    "avatar_description": TEXT,
    "header_description": TEXT,
    "show_media": BOOL,
    "show_media_replies": BOOL,
    "show_featured": BOOL,
    "feature_approval": FEATURE_APPROVAL,
}
ACCOUNT = entity(_ACCOUNT)
SOURCE = entity(
    {
        "privacy": VISIBILITY,
        "sensitive": BOOL,
        "language": opt(LANGUAGE),
        "note": TEXT,
        "fields": many(FIELD),
        "follow_requests_count": INT,
        "hide_collections": opt(BOOL),
        "discoverable": opt(BOOL),
        "indexable": BOOL,
        "quote_policy": QUOTE_POLICY,
    }
)
CREDENTIAL_ROLE = entity(
    {"id": TEXT, "name": TEXT, "color": TEXT, "permissions": DIGITS, "highlighted": BOOL, "collection_limit": INT}
)
CREDENTIAL_ACCOUNT = entity({"source": SOURCE, "role": CREDENTIAL_ROLE}, _ACCOUNT)
MUTED_ACCOUNT = entity({"mute_expires_at": opt(MOMENT)}, _ACCOUNT)
_BOOLEANS = (
    "following showing_reblogs notifying followed_by blocking blocked_by muting muting_notifications requested "
    "requested_by domain_blocking endorsed"
)
RELATIONSHIP = entity({"id": ID, "note": TEXT, "languages": opt(many(TEXT))} | dict.fromkeys(_BOOLEANS.split(), BOOL))

MENTION = entity({"id": ID, "username": WORDS, "acct": WORDS, "url": URL})
HISTORY = entity({"day": DIGITS, "uses": DIGITS, "accounts": DIGITS})
TAG_IN_STATUS = entity({"name": WORDS, "url": URL})
TAG = entity(
    {
        "id": TEXT,
        "name": WORDS,
        "url": URL,
        "history": many(HISTORY),
        "following": Maybe(BOOL),
        "featuring": Maybe(BOOL),
    }
)
_COLLECTION_ITEM = entity({"id": ID, "account_id": ID, "state": choice("pending", "accepted"), "created_at": MOMENT})
_COLLECTION = entity(
    {
        "id": ID,
        "account_id": ID,
        "uri": URL,
        "url": opt(URL),
        "name": WORDS,
        "description": TEXT,
        "language": opt(LANGUAGE),
        "local": BOOL,
        "sensitive": BOOL,
        "discoverable": BOOL,
        "tag": opt(TAG_IN_STATUS),
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "item_count": INT,
        "items": many(_COLLECTION_ITEM),
    }
)
COLLECTION = entity({"collection": _COLLECTION})
COLLECTIONS = entity({"collections": some(_COLLECTION)})
COLLECTION_ITEM = entity({"collection_item": _COLLECTION_ITEM})
COLLECTION_WITH_ACCOUNTS = entity({"collection": _COLLECTION, "accounts": some(ACCOUNT)})
FEATURED_TAG = entity({"id": ID, "name": WORDS, "url": URL, "statuses_count": DIGITS, "last_status_at": opt(DATE)})
_SIZE = entity({"width": INT, "height": INT, "size": WORDS, "aspect": NUMBER})
MEDIUM = entity(
    {
        "id": ID,
        "type": choice("image", "gifv", "video", "audio", "unknown"),
        "url": URL,
        "preview_url": opt(URL),
        "remote_url": opt(URL),
        "meta": opt(entity({"original": Maybe(_SIZE), "small": Maybe(_SIZE)})),
        "description": opt(TEXT),
        "blurhash": opt(TEXT),
    }
)
POLL = entity(
    {
        "id": ID,
        "expires_at": opt(MOMENT),
        "expired": BOOL,
        "multiple": BOOL,
        "votes_count": INT,
        "voters_count": opt(INT),
        "options": some(entity({"title": WORDS, "votes_count": opt(INT)})),
        "emojis": many(EMOJI),
        "voted": BOOL,
        "own_votes": many(INT),
    }
)
CARD = entity(
    {
        "url": URL,
        "title": TEXT,
        "description": TEXT,
        "type": choice("link", "photo", "video", "rich"),
        "authors": many(entity({"name": TEXT, "url": TEXT})),
        "author_name": TEXT,
        "author_url": TEXT,
        "provider_name": TEXT,
        "provider_url": TEXT,
        "html": TEXT,
        "width": INT,
        "height": INT,
        "image": opt(URL),
        "embed_url": TEXT,
        "blurhash": opt(TEXT),
    }
)
_FILTER = {
    "id": ID,
    "title": WORDS,
    "context": some(choice("home", "notifications", "public", "thread", "account")),
    "expires_at": opt(MOMENT),
    "filter_action": choice("warn", "hide", "blur"),
}
KEYWORD = entity({"id": ID, "keyword": WORDS, "whole_word": BOOL})
FILTER_STATUS = entity({"id": ID, "status_id": ID})
FILTER = entity({"keywords": many(KEYWORD), "statuses": many(FILTER_STATUS)}, _FILTER)
FILTER_V1 = entity(
    {
        "id": ID,
        "phrase": WORDS,
        "context": some(WORDS),
        "whole_word": BOOL,
        "expires_at": opt(MOMENT),
        "irreversible": BOOL,
    }
)
FILTER_RESULT = entity(
    {
        "filter": entity({"keywords": Maybe(many(KEYWORD))}, _FILTER),
        "keyword_matches": opt(many(TEXT)),
        "status_matches": opt(many(ID)),
    }
)
QUOTE_STATE = choice(
    "accepted", "pending", "rejected", "revoked", "deleted", "unauthorized",
    "blocked_account", "blocked_domain", "muted_account",
)  # fmt: skip
_PLAIN_STATUS = {
    "id": ID,
    "uri": URL,
    "url": opt(URL),
    "created_at": MOMENT,
    "edited_at": opt(MOMENT),
    "account": ACCOUNT,
    "content": TEXT,
    "visibility": VISIBILITY,
    "sensitive": BOOL,
    "spoiler_text": TEXT,
    "media_attachments": many(MEDIUM),
    "application": Maybe(opt(entity({"name": WORDS, "website": opt(URL)}))),
    "mentions": many(MENTION),
    "tags": many(TAG_IN_STATUS),
    "tagged_collections": many(_COLLECTION),
    "emojis": many(EMOJI),
    "replies_count": INT,
    "reblogs_count": INT,
    "favourites_count": INT,
    "quotes_count": INT,
    "in_reply_to_id": opt(ID),
    "in_reply_to_account_id": opt(ID),
    "language": opt(LANGUAGE),
    "poll": opt(POLL),
    "card": opt(CARD),
    "quote_approval": entity({"automatic": many(TEXT), "manual": many(TEXT), "current_user": TEXT}),
}
_QUOTED = entity({"reblog": opt(anything)}, _PLAIN_STATUS)
_QUOTE = entity({"state": QUOTE_STATE, "quoted_status": Maybe(opt(_QUOTED)), "quoted_status_id": Maybe(opt(ID))})
_STATUS = _PLAIN_STATUS | {"quote": opt(_QUOTE)}
STATUS_FOR_GUESTS = entity({"reblog": opt(entity({"reblog": opt(anything)}, _STATUS))}, _STATUS)
_MINE = {
    "favourited": BOOL,
    "reblogged": BOOL,
    "muted": BOOL,
    "bookmarked": BOOL,
    "pinned": Maybe(BOOL),
    "filtered": many(FILTER_RESULT),
}
STATUS = entity({"reblog": opt(entity(_MINE | {"reblog": opt(anything)}, _STATUS))} | _MINE, _STATUS)
BOOST = entity({"reblog": STATUS, "reblogged": BOOL}, _STATUS)
DELETED_STATUS = entity({"text": TEXT}, _STATUS)
STATUS_SOURCE = entity({"id": ID, "text": TEXT, "spoiler_text": TEXT})
STATUS_EDIT = entity(
    {
        "content": TEXT,
        "spoiler_text": TEXT,
        "sensitive": BOOL,
        "created_at": MOMENT,
        "account": ACCOUNT,
        "media_attachments": many(MEDIUM),
        "emojis": many(EMOJI),
        "poll": Maybe(opt(anything)),
    }
)
CONTEXT = entity({"ancestors": many(STATUS), "descendants": many(STATUS)})
CONVERSATION = entity({"id": ID, "unread": BOOL, "accounts": some(ACCOUNT), "last_status": opt(STATUS)})
SCHEDULED = entity(
    {
        "id": ID,
        "scheduled_at": MOMENT,
        "params": entity({"text": TEXT, "visibility": opt(VISIBILITY), "media_ids": opt(many(ID))}),
        "media_attachments": many(MEDIUM),
    }
)
LIST = entity({"id": ID, "title": WORDS, "replies_policy": choice("followed", "list", "none"), "exclusive": BOOL})
SEARCH = entity(
    {"accounts": many(ACCOUNT), "statuses": many(STATUS), "hashtags": many(TAG), "collections": many(_COLLECTION)}
)
MARKER = entity({"last_read_id": ID, "version": INT, "updated_at": MOMENT})
REPORT = entity(
    {
        "id": ID,
        "action_taken": BOOL,
        "action_taken_at": opt(MOMENT),
        "category": choice("spam", "legal", "violation", "other"),
        "comment": TEXT,
        "forwarded": BOOL,
        "created_at": MOMENT,
        "status_ids": opt(many(ID)),
        "rule_ids": opt(many(TEXT)),
        "target_account": ACCOUNT,
    }
)
PREFERENCES = entity(
    {
        "posting:default:visibility": VISIBILITY,
        "posting:default:sensitive": BOOL,
        "posting:default:language": opt(LANGUAGE),
        "posting:default:quote_policy": QUOTE_POLICY,
        "reading:expand:media": choice("default", "show_all", "hide_all"),
        "reading:expand:spoilers": BOOL,
        "reading:autoplay:gifs": BOOL,
    }
)
SUGGESTION = entity({"source": TEXT, "sources": many(TEXT), "account": ACCOUNT})
FAMILIAR = entity({"id": ID, "accounts": many(ACCOUNT)})
APPLICATION = entity(
    {"name": WORDS, "website": opt(URL), "scopes": some(WORDS), "redirect_uri": WORDS, "redirect_uris": some(WORDS)}
)
CREDENTIAL_APPLICATION = entity(
    {
        "id": ID,
        "name": WORDS,
        "website": opt(URL),
        "scopes": some(WORDS),
        "redirect_uri": WORDS,
        "redirect_uris": some(WORDS),
        "client_id": WORDS,
        "client_secret": WORDS,
        "client_secret_expires_at": INT,
        "vapid_key": WORDS,
    }
)
TOKEN = entity({"access_token": WORDS, "token_type": choice("Bearer"), "scope": WORDS, "created_at": INT})
