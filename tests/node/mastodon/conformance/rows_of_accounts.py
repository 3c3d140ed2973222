"""Accounts, relations, profile, lists, instance."""

from __future__ import annotations

from tests.node.mastodon.conformance.entities import (
    ACCOUNT,
    APPLICATION,
    COLLECTION,
    COLLECTION_ITEM,
    COLLECTION_WITH_ACCOUNTS,
    COLLECTIONS,
    CREDENTIAL_ACCOUNT,
    CREDENTIAL_APPLICATION,
    EMOJI,
    FAMILIAR,
    FEATURED_TAG,
    LIST,
    MEDIUM,
    MUTED_ACCOUNT,
    PREFERENCES,
    RELATIONSHIP,
    REPORT,
    STATUS,
    SUGGESTION,
    TAG,
    TOKEN,
)
from tests.node.mastodon.conformance.more_entities import (
    ACTIVITY,
    ANNOUNCEMENT,
    DOMAIN_BLOCK,
    EXTENDED_DESCRIPTION,
    INSTANCE,
    INSTANCE_V1,
    RULE,
)
from tests.node.mastodon.conformance.rows import Row, delete, get, patch, post, put
from tests.node.mastodon.conformance.shapes import INT, TEXT, WORDS, anything, entity, many, nothing, some

_NEW_APP = {"client_name": "Toast", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": "read write"}
_SIGN_UP = {"username": "{name}", "email": "{name}@example.org", "password": "a long enough phrase",
            "agreement": True, "locale": "en"}  # fmt: skip

APPS: tuple[Row, ...] = (
    post("/api/v1/emails/confirmations", entity({"error": TEXT}), "write:accounts", status=403),
    post("/api/v1/apps", CREDENTIAL_APPLICATION, sent=_NEW_APP, bad=(
        ({"client_name": "Toast"}, 422), (_NEW_APP | {"redirect_uris": "javascript:alert(1)"}, 422),
        (_NEW_APP | {"scopes": "everything"}, 422))),
    get("/api/v1/apps/verify_credentials", APPLICATION, "", asker="app"),
    post("/api/v1/accounts", TOKEN, "write:accounts", asker="app", sent=_SIGN_UP, bad=(
        (_SIGN_UP | {"username": "not a name"}, 422), (_SIGN_UP | {"agreement": False}, 422),
        (_SIGN_UP | {"email": "no mail"}, 422), (_SIGN_UP | {"password": "short"}, 422))),
)  # fmt: skip

ACCOUNTS: tuple[Row, ...] = (
    get("/api/v1/accounts/verify_credentials", CREDENTIAL_ACCOUNT, "read:accounts"),
    patch("/api/v1/accounts/update_credentials", CREDENTIAL_ACCOUNT, "write:accounts",
          sent={"note": "I repair bicycles.", "fields_attributes": {"0": {"name": "Web", "value": "https://a.example"}},
                "source": {"privacy": "unlisted", "language": "de"}},
          bad=(({"source": {"privacy": "whoever"}}, 422), ({"display_name": "x" * 10_000}, 422))),
    get("/api/v1/accounts", some(ACCOUNT), "read:accounts", asker="anyone", sent={"id[]": "{friend}"}),
    get("/api/v1/accounts/{friend}", ACCOUNT, "read:accounts", asker="anyone"),
    get("/api/v1/accounts/lookup", ACCOUNT, "read:accounts", asker="anyone", sent={"acct": "{friend_name}"},
        bad=(({"acct": "nobody_at_all"}, 404),)),
    get("/api/v1/accounts/search", some(ACCOUNT), "read:accounts", sent={"q": "{friend_name}"}),
    get("/api/v1/accounts/relationships", some(RELATIONSHIP), "read:follows", sent={"id[]": "{friend}"}),
    get("/api/v1/accounts/familiar_followers", some(FAMILIAR), "read:follows", sent={"id[]": "{friend}"}),
    get("/api/v1/accounts/{friend}/statuses", some(STATUS), "read:statuses", asker="anyone"),
    get("/api/v1/accounts/{friend}/followers", some(ACCOUNT), "read:accounts", asker="anyone"),
    get("/api/v1/accounts/{friend}/following", some(ACCOUNT), "read:accounts", asker="anyone"),
    get("/api/v1/accounts/{friend}/lists", many(LIST), "read:lists"),
    get("/api/v1/accounts/{friend}/featured_tags", many(FEATURED_TAG), "read:accounts", asker="anyone"),
    get("/api/v1/accounts/{friend}/endorsements", many(ACCOUNT), "read:accounts", asker="anyone"),
    get("/api/v1/accounts/{friend}/identity_proofs", many(anything), "read:accounts", asker="anyone"),
    post("/api/v1/accounts/{friend}/follow", RELATIONSHIP, "write:follows", sent={"reblogs": "false"}),
    post("/api/v1/accounts/{other}/unfollow", RELATIONSHIP, "write:follows"),
    post("/api/v1/accounts/{other}/block", RELATIONSHIP, "write:blocks"),
    post("/api/v1/accounts/{other}/unblock", RELATIONSHIP, "write:blocks"),
    post("/api/v1/accounts/{other}/mute", RELATIONSHIP, "write:mutes", sent={"duration": "600"}),
    post("/api/v1/accounts/{other}/unmute", RELATIONSHIP, "write:mutes"),
    post("/api/v1/accounts/{friend}/note", RELATIONSHIP, "write:accounts", sent={"comment": "met in Ghent"}),
    post("/api/v1/accounts/{friend}/endorse", RELATIONSHIP, "write:accounts"),
    post("/api/v1/accounts/{friend}/unendorse", RELATIONSHIP, "write:accounts"),
    post("/api/v1/accounts/{friend}/pin", RELATIONSHIP, "write:accounts"),
    post("/api/v1/accounts/{friend}/unpin", RELATIONSHIP, "write:accounts"),
    post("/api/v1/accounts/{other}/remove_from_followers", RELATIONSHIP, "write:follows"),
    get("/api/v1/endorsements", many(ACCOUNT), "read:accounts"),
    get("/api/v1/blocks", some(ACCOUNT), "read:blocks"),
    get("/api/v1/mutes", some(MUTED_ACCOUNT), "read:mutes"),
    get("/api/v1/domain_blocks", some(TEXT), "read:blocks"),
    post("/api/v1/domain_blocks", nothing, "write:blocks", sent={"domain": "spam.example"},
         bad=(({}, 422), ({"domain": "not a domain/"}, 422))),
    delete("/api/v1/domain_blocks", nothing, "write:blocks", sent={"domain": "other.example"}),
    get("/api/v1/domain_blocks/preview", anything, "read:blocks", sent={"domain": "other.example"}),
    get("/api/v1/follow_requests", some(ACCOUNT), "read:follows"),
    post("/api/v1/follow_requests/{asking}/authorize", RELATIONSHIP, "write:follows"),
    post("/api/v1/follow_requests/{asking_too}/reject", RELATIONSHIP, "write:follows"),
    get("/api/v1/preferences", PREFERENCES, "read:accounts"),
    get("/api/v1/directory", many(ACCOUNT), asker="anyone"),
    get("/api/v1/suggestions", many(ACCOUNT), "read"),
    get("/api/v2/suggestions", many(SUGGESTION), "read"),
    delete("/api/v1/suggestions/{friend}", nothing, "write", missing=False),
    post("/api/v1/reports", REPORT, "write:reports",
         sent={"account_id": "{friend}", "status_ids": ["{friends_status}"], "comment": "spam", "category": "spam"},
         bad=(({}, 404), ({"account_id": "{friend}", "category": "dislike"}, 422))),
    get("/api/v1/reports", some(REPORT), "read:reports"),
)  # fmt: skip

PROFILE: tuple[Row, ...] = (
    get("/api/v1/profile", anything, "read:accounts"),
    patch("/api/v1/profile", anything, "write:accounts", sent={"display_name": "Ana of the bench"}),
    put("/api/v1/profile", anything, "write:accounts", sent={"bot": "0"}),
    delete("/api/v1/profile/avatar", CREDENTIAL_ACCOUNT, "write:accounts"),
    delete("/api/v1/profile/header", CREDENTIAL_ACCOUNT, "write:accounts"),
)

COLLECTIONS_OF_PEOPLE: tuple[Row, ...] = (
    post("/api/v1/collections", COLLECTION, "write:collections",
         sent={"name": "Makers", "tag_name": "#wood", "account_ids": ["{friend}"], "language": "en"},
         bad=(({}, 422), ({"name": "x" * 41}, 422), ({"name": "x", "tag_name": "two words"}, 422))),
    get("/api/v1/collections/{collection}", COLLECTION_WITH_ACCOUNTS, "read:collections", asker="anyone"),
    put("/api/v1/collections/{collection}", COLLECTION, "write:collections", sent={"description": "They build."},
        bad=(({"name": ""}, 422),)),
    delete("/api/v1/collections/{fresh_collection}", nothing, "write:collections"),
    post("/api/v1/collections/{fresh_empty_collection}/items", COLLECTION_ITEM, "write:collections",
         sent={"account_id": "{friend}"}, bad=(({}, 422), ({"account_id": "4242"}, 422))),
    delete("/api/v1/collections/{full_collection}/items/{item}", nothing, "write:collections"),
    post("/api/v1/collections/{friends_collection}/items/{item_of_mine}/revoke", nothing, "write:collections"),
    get("/api/v1/accounts/{me}/collections", COLLECTIONS, "read:collections", asker="anyone"),
    get("/api/v1/accounts/{friend}/in_collections", COLLECTIONS, "read:collections", asker="anyone"),
)  # fmt: skip

LISTS: tuple[Row, ...] = (
    get("/api/v1/lists", some(LIST), "read:lists"),
    post("/api/v1/lists", LIST, "write:lists", sent={"title": "Neighbours", "replies_policy": "none"},
         bad=(({}, 422), ({"title": "x", "replies_policy": "some"}, 422))),
    get("/api/v1/lists/{list}", LIST, "read:lists", foreign={"list": "foreign_list"}),
    put("/api/v1/lists/{list}", LIST, "write:lists", sent={"title": "Near", "exclusive": "1"},
        foreign={"list": "foreign_list"}),
    delete("/api/v1/lists/{fresh_list}", nothing, "write:lists", foreign={"fresh_list": "foreign_list"}),
    get("/api/v1/lists/{list}/accounts", some(ACCOUNT), "read:lists", foreign={"list": "foreign_list"}),
    post("/api/v1/lists/{empty_list}/accounts", nothing, "write:lists", sent={"account_ids": ["{friend}"]},
         foreign={"empty_list": "foreign_list"}, bad=(({"account_ids": ["{other}"]}, 404),)),
    delete("/api/v1/lists/{fresh_list}/accounts", nothing, "write:lists", sent={"account_ids": ["{friend}"]},
           foreign={"fresh_list": "foreign_list"}),
)  # fmt: skip

MEDIA: tuple[Row, ...] = (
    get("/api/v1/media/{medium}", MEDIUM, "write:media", foreign={"medium": "foreign_medium"}),
    put("/api/v1/media/{medium}", MEDIUM, "write:media", sent={"description": "A bench", "focus": "0.1,-0.2"},
        foreign={"medium": "foreign_medium"}, bad=(({"focus": "a,b"}, 422), ({"description": "x" * 20_000}, 422))),
    delete("/api/v1/media/{fresh_medium}", nothing, "write:media", foreign={"fresh_medium": "foreign_medium"}),
)  # fmt: skip

TAGS: tuple[Row, ...] = (
    get("/api/v1/tags/bench", TAG, asker="anyone"),
    post("/api/v1/tags/bench/follow", TAG, "write:follows"),
    post("/api/v1/tags/wood/unfollow", TAG, "write:follows"),
    post("/api/v1/tags/bench/feature", TAG, "write:accounts"),
    post("/api/v1/tags/wood/unfeature", TAG, "write:accounts"),
    get("/api/v1/followed_tags", some(TAG), "read:follows"),
    get("/api/v1/featured_tags", some(FEATURED_TAG), "read:accounts"),
    post("/api/v1/featured_tags", FEATURED_TAG, "write:accounts", sent={"name": "repair"},
         bad=(({"name": "not a tag"}, 422), ({}, 422))),
    get("/api/v1/featured_tags/suggestions", many(TAG), "read:accounts"),
    delete("/api/v1/featured_tags/{featured_tag}", nothing, "write:accounts",
           foreign={"featured_tag": "foreign_featured_tag"}),
)  # fmt: skip

INSTANCE_ROWS: tuple[Row, ...] = (
    get("/api/v1/instance", INSTANCE_V1, asker="anyone"),
    get("/api/v2/instance", INSTANCE, asker="anyone"),
    get("/api/v1/instance/activity", many(ACTIVITY), asker="anyone"),
    get("/api/v1/instance/domain_blocks", many(DOMAIN_BLOCK), asker="anyone"),
    get("/api/v1/instance/extended_description", EXTENDED_DESCRIPTION, asker="anyone"),
    get("/api/v1/instance/languages", some(entity({"code": TEXT, "name": TEXT})), asker="anyone"),
    get("/api/v1/instance/peers", many(TEXT), asker="anyone"),
    get("/api/v1/instance/privacy_policy", EXTENDED_DESCRIPTION, asker="anyone"),
    get("/api/v1/instance/terms_of_service", entity({"content": TEXT, "effective_date": TEXT}), asker="anyone"),
    get("/api/v1/instance/terms_of_service/{today}", entity({"content": TEXT}), asker="anyone"),
    get("/api/v1/instance/rules", many(RULE), asker="anyone"),
    get("/api/v1/instance/translation_languages", entity({}), asker="anyone"),
    get("/api/v1/custom_emojis", many(EMOJI), asker="anyone"),
    get(
        "/api/oembed",
        entity({"type": WORDS, "version": WORDS, "html": WORDS, "width": INT}),
        asker="anyone",
        sent={"url": "{base}/events/{event}"},
        bad=(({"url": "nonsense"}, 404), ({}, 404)),
    ),
    get("/api/v1/announcements", some(ANNOUNCEMENT), ""),
    post("/api/v1/announcements/{announcement}/dismiss", nothing, "write:accounts"),
    put("/api/v1/announcements/{announcement}/reactions/👍", nothing, "write:favourites"),
    delete("/api/v1/announcements/{announcement}/reactions/👍", nothing, "write:favourites"),
)

ROWS = (*APPS, *ACCOUNTS, *PROFILE, *COLLECTIONS_OF_PEOPLE, *LISTS, *MEDIA, *TAGS, *INSTANCE_ROWS)
