"""Any post as its document, by kind; and what is left of one that is gone."""

from datetime import datetime

from federation import audience
from federation.build import activities, call, event, finding, note
from federation.build.parts import Document
from federation.build.urls import Urls
from schemas.contexts import ACTIVITYSTREAMS
from schemas.records import Post
from schemas.times import utc_text


def thing(post: Post, urls: Urls) -> Document:
    """The document of a post of ours, `@context` first; a boost is its Announce. Half a record raises ValueError."""
    match post.kind:
        case "event":
            return event.document(post, urls)
        case "finding":
            return finding.document(post, urls)
        case "call":
            return call.document(post, urls)
        case "post":
            return note.document(post, urls)
        case "boost":
            return _boost(post, urls)


def tombstone(uri: str, former_type: str, deleted: datetime) -> Document:
    """What is served, with 410, where something was."""
    return {
        "@context": ACTIVITYSTREAMS,
        "id": uri,
        "type": "Tombstone",
        "formerType": former_type,
        "deleted": utc_text(deleted),
    }


def _boost(post: Post, urls: Urls) -> Document:
    boosted = post.boost_of
    if boosted is None:
        raise ValueError(f"{post.uri} boosts nothing")
    followers = post.actor.followers or urls.followers(post.actor.uri)
    to, cc = audience.addressing(post.audience, followers, (boosted.actor.uri,))
    return activities.announce(post.uri, post.actor.uri, boosted.uri, published=post.published_at, to=to, cc=cc)
