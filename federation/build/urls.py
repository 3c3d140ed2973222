"""Every address of this node, made in one place. The routes answer what this file says.

An object's id is its url. Collections of an actor or an object live below its id."""

from typing import Literal
from urllib.parse import quote, urlsplit

from schemas.tags import normal

HUB_NAME = "hub"

Role = Literal["hub", "instance", "member", "area", "group", "log"]
Addressed = Literal["post", "event", "finding", "call", "boost"]

_FOLDERS: dict[Addressed, str] = {
    "post": "posts",
    "event": "events",
    "finding": "findings",
    "call": "calls",
    "boost": "activities",  # a boost is its Announce
}


class Urls:
    """The addresses below one base URL, such as https://hub.example or http://127.0.0.1:8080."""

    __slots__ = ("base_url", "domain")

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self.domain = urlsplit(self.base_url).netloc.lower()
        """What stands after the @ of our handles: the host, with its port unless that is the default."""

    def _at(self, *parts: str | int) -> str:
        return "/".join([self.base_url, *(quote(str(part), safe="") for part in parts)])

    def ours(self, uri: str) -> bool:
        """Whether an id lies below our base URL."""
        return uri == self.base_url or uri.startswith(self.base_url + "/")

    # Actors

    def actor_of(self, role: Role, name: str) -> str:
        """The id of a local actor by what it is for; `name` is that of its handle."""
        match role:
            case "instance":
                return self.instance_actor
            case "area":
                return self.area(name)
            case "group":
                return self.group(name)
            case "hub" | "member" | "log":
                return self.actor(name)

    def hub(self) -> str:
        """The hub's own actor."""
        return self.actor(HUB_NAME)

    def actor(self, name: str) -> str:
        """A member, the hub or the log."""
        return self._at("actors", name)

    def area(self, name: str) -> str:
        """A field of activity: a followable Service actor."""
        return self._at("areas", name)

    def group(self, name: str) -> str:
        """A working group."""
        return self._at("groups", name)

    def profile(self, name: str) -> str:
        """The page of an actor at /actors; areas and groups have their page at their id."""
        return f"{self.base_url}/@{quote(name, safe='')}"

    @property
    def instance_actor(self) -> str:
        """The Application actor that signs our GETs; always served unsigned."""
        return self._at("actor")

    @property
    def shared_inbox(self) -> str:
        """One inbox for everybody here."""
        return self._at("inbox")

    # Below an actor; `actor` is its id, or the name of one at /actors.

    def _below(self, actor: str, part: str) -> str:
        return f"{actor if '/' in actor else self.actor(actor)}/{part}"

    def inbox(self, actor: str) -> str:
        """Where an actor is told things."""
        return self._below(actor, "inbox")

    def outbox(self, actor: str) -> str:
        """What an actor said in public."""
        return self._below(actor, "outbox")

    def followers(self, actor: str) -> str:
        """The collection that stands for an actor's followers in `to` and `cc`; served as a number only."""
        return self._below(actor, "followers")

    def following(self, actor: str) -> str:
        """Whom an actor follows; served as a number only."""
        return self._below(actor, "following")

    def followers_synchronization(self, actor: str) -> str:
        """Followers of the asker's origin (FEP-8fcf)."""
        return self._below(actor, "followers_synchronization")

    def featured(self, actor: str) -> str:
        """What an actor pinned."""
        return self._below(actor, "featured")

    def upcoming(self, actor: str) -> str:
        """Events of an actor that have not ended (FEP-8a8e `upcomingEvents`)."""
        return self._below(actor, "upcoming")

    def main_key(self, actor: str) -> str:
        """The id of an actor's RSA key; `actor` is the actor's id."""
        return f"{actor}#main-key"

    def ed25519_key(self, actor: str) -> str:
        """The id of an actor's Ed25519 key; `actor` is the actor's id."""
        return f"{actor}#ed25519-key"

    # Things

    def thing(self, kind: Addressed, id: int) -> str:
        """A post, event, finding, call or boost."""
        return self._at(_FOLDERS[kind], id)

    def activity(self, id: int) -> str:
        """Something one of our actors said."""
        return self._at("activities", id)

    def place(self, id: int) -> str:
        """A place. Another address is another place: peers remember places by id for ever."""
        return self._at("places", id)

    def context(self, id: int) -> str:
        """A thread or a series, named by the id of what it began with."""
        return self._at("contexts", id)

    def stamp(self, id: int) -> str:
        """Our consent to a quote (FEP-044f)."""
        return self._at("stamps", id)

    def tag(self, name: str) -> str:
        """The page of a hashtag, with or without its `#`."""
        return self._at("tags", normal(name))

    def collection(self, id: int) -> str:
        """People whom somebody recommends together."""
        return self._at("collections", id)

    def media(self, path: str) -> str:
        """A processed medium by its random path."""
        return f"{self.base_url}/media/{quote(path)}"

    # Below a thing; the argument is the thing's id.

    def replies(self, post_uri: str) -> str:
        """Answers to a thing."""
        return f"{post_uri}/replies"

    def likes(self, post_uri: str) -> str:
        """Likes of a thing; a number only."""
        return f"{post_uri}/likes"

    def shares(self, post_uri: str) -> str:
        """Boosts of a thing; a number only."""
        return f"{post_uri}/shares"

    def attendees(self, event_uri: str) -> str:
        """Who comes to an event; a number only."""
        return f"{event_uri}/attendees"

    def organizers(self, event_uri: str) -> str:
        """Who holds an event (FEP-8a8e `organizers`)."""
        return f"{event_uri}/organizers"

    def intent(self, call_uri: str) -> str:
        """The ValueFlows Intent that answers to a call satisfy."""
        return f"{call_uri}#primary"

    # The rest

    def log_entry(self, number: int) -> str:
        """An entry of the public log."""
        return self._at("log", number)

    @property
    def hubs(self) -> str:
        """The approved other hubs."""
        return self._at("hubs")

    @property
    def authorize_interaction(self) -> str:
        """Where a member arrives from another server's "follow" or "reply" button."""
        return self._at("authorize_interaction")

    @property
    def ns(self) -> str:
        """What our own terms mean, as a page."""
        return self._at("ns", "coop")

    def feed(self, name: Literal["events.ics", "events.atom", "findings.atom", "calls.atom"]) -> str:
        """A feed of the hub; filters go in the query."""
        return self._at(name)

    def nodeinfo(self, version: Literal["2.0", "2.1"]) -> str:
        """A NodeInfo document."""
        return self._at("nodeinfo", version)
