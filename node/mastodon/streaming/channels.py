"""What a client can listen to: the names of streams, what each needs, and the errors as Mastodon says them."""

from __future__ import annotations

from typing import Literal

import msgspec

from node.mastodon.endpoint import allows
from node.mastodon.errors import Refused
from node.store.timelines.streams import Traits
from schemas.limits import ID_DIGITS, ID_MOST
from schemas.tags import is_tag, normal

Kind = Literal["user", "notification", "public", "hashtag", "list", "direct"]

NO_SCOPE = "Access token does not have the required scopes"
_PUBLIC = ("public", "public:local", "public:remote")

KINDS: dict[str, Kind] = {
    "user": "user",
    "user:notification": "notification",
    **{f"{name}{media}": "public" for name in _PUBLIC for media in ("", ":media")},
    "hashtag": "hashtag",
    "hashtag:local": "hashtag",
    "list": "list",
    "direct": "direct",
}


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """One stream. `argument`: the tag in its stored form, or the list's id; `written`: as the client wrote it."""

    name: str
    kind: Kind
    argument: str = ""
    written: str = ""

    @property
    def stream(self) -> list[str]:
        """How a frame names it."""
        return [self.name, self.written] if self.written else [self.name]

    @property
    def list_id(self) -> int:
        """Of a list."""
        return int(self.argument)

    def takes(self, post: Traits) -> bool:
        """Whether a post that its listener finds in public stands in this public stream or tag."""
        if self.kind == "hashtag":
            local_only = self.name.endswith(":local")
            return post.public and self.argument in post.tags and (post.local or not local_only)
        parts = self.name.split(":")
        if not post.listed or ("media" in parts and not post.media):
            return False
        if "local" in parts:
            return post.local
        return post.public and not (post.local and "remote" in parts)


def channel(name: str, tag: str, list_id: str) -> Channel:
    """The stream that a client asks for; Refused (400) for one that there is not."""
    kind = KINDS.get(name)
    if kind is None:
        raise Refused(400, "Unknown stream type")
    if kind == "hashtag":
        if not is_tag(tag):
            raise Refused(400, "Missing tag name parameter")
        return Channel(name=name, kind=kind, argument=normal(tag), written=tag)
    if kind == "list":
        if not (list_id.isascii() and list_id.isdecimal()) or len(list_id) > ID_DIGITS or int(list_id) > ID_MOST:
            raise Refused(400, "Missing list name parameter")
        return Channel(name=name, kind=kind, argument=list_id, written=list_id)
    return Channel(name=name, kind=kind)


def require_scope(scopes: tuple[str, ...], wanted: Channel) -> None:
    """Refused (401) unless a token may listen to a stream."""
    if not allows(scopes, "read:notifications" if wanted.kind == "notification" else "read:statuses"):
        raise Refused(401, NO_SCOPE)


def hears_notices(scopes: tuple[str, ...]) -> bool:
    """Whether the stream `user` of a token brings notices, too."""
    return allows(scopes, "read:notifications")
