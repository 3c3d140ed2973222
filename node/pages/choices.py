"""What people choose from in our forms: languages, countries, zones, areas, categories, licences, audiences, places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from node.store.db import Db
from node.store.events import events
from node.store.posts.reading import Wanted
from node.theming.frame import Frame
from node.wording.choosing import OFFERED_LANGUAGES, Options, countries, european_zones
from node.wording.showing import own_name
from schemas.licences import SHORT_NAMES
from schemas.limits import PAGE_ITEMS_MOST
from schemas.reasons import msgid
from schemas.telling import Circle
from schemas.things import Audience, Place

__all__ = [
    "OFFERED_LANGUAGES",
    "Options",
    "area_options",
    "audiences",
    "categories",
    "countries",
    "european_zones",
    "known_places",
    "languages",
    "licences",
]

CATEGORIES = {
    "MEETING": msgid("Meeting"),
    "COMMUNITY": msgid("Community"),
    "LEARNING": msgid("Learning"),
    "WORKSHOPS_SKILL_SHARING": msgid("Workshops, sharing skills"),
    "NETWORKING": msgid("Networking"),
    "CAUSES": msgid("Causes"),
    "CLIMATE_ENVIRONMENT": msgid("Climate and environment"),
    "MOVEMENTS_POLITICS": msgid("Movements and politics"),
    "BUSINESS": msgid("Business"),
    "CRAFTS": msgid("Crafts"),
    "DIY_MAKER_SPACES": msgid("Repairing, making"),
    "SCIENCE_TECH": msgid("Science and technology"),
    "FOOD_DRINK": msgid("Food and drink"),
    "OUTDOORS_ADVENTURE": msgid("Outdoors"),
    "FAMILY_EDUCATION": msgid("Family and education"),
    "HEALTH": msgid("Health"),
    "INCLUSIVE_SPACES": msgid("Inclusive spaces"),
    "LGBTQ": msgid("LGBTQ"),
    "LANGUAGE_CULTURE": msgid("Language and culture"),
    "BOOK_CLUBS": msgid("Reading groups"),
    "FILM_MEDIA": msgid("Film and media"),
    "MUSIC": msgid("Music"),
    "THEATRE": msgid("Theatre"),
    "PERFORMING_VISUAL_ARTS": msgid("Performing and visual arts"),
    "ARTS": msgid("Arts"),
    "CREATIVE_JAM": msgid("Creative jam"),
    "PHOTOGRAPHY": msgid("Photography"),
    "FESTIVALS": msgid("Festivals"),
    "PARTY": msgid("Party"),
    "GAMES": msgid("Games"),
    "SPORTS": msgid("Sports"),
    "COMEDY": msgid("Comedy"),
    "AUTO_BOAT_AIR": msgid("Cars, boats, planes"),
    "FASHION_BEAUTY": msgid("Fashion and beauty"),
    "MEDITATION_WELLBEING": msgid("Meditation and well-being"),
    "SPIRITUALITY_RELIGION_BELIEFS": msgid("Spirituality, religion, beliefs"),
    "PETS": msgid("Animals"),
}

AUDIENCES: dict[Audience, str] = {
    "public": msgid("Everybody"),
    "unlisted": msgid("Everybody who has the link; it is in no list"),
    "followers": msgid("Followers only"),
    "hub": msgid("Members of this hub only"),
    "direct": msgid("Named people only"),
}


CIRCLES_SAID: dict[Circle, str] = {
    "public": msgid("Everybody"),
    "followers": msgid("Those who follow me"),
    "hub": msgid("Members of this hub"),
    "self": msgid("Only me"),
}
"""Who may read a single field of a profile."""


def circles(say: Callable[..., str]) -> Options:
    """Who may read a field."""
    return [(name, say(words)) for name, words in CIRCLES_SAID.items()]


def languages(frame: Frame, also: list[str]) -> Options:
    """Languages of a text: the hub's first, then those usual here, each by its own name."""
    codes = dict.fromkeys([frame.language, *frame.hub.languages, *(code for code in also if code), *OFFERED_LANGUAGES])
    return [(code, own_name(code)) for code in codes]


def area_options(frame: Frame) -> Options:
    """The hub's areas in its order."""
    return [(area.name, area.label(frame.language)) for area in frame.areas]


def categories(say: Callable[..., str]) -> Options:
    """Categories of events by name."""
    return [(code, say(name)) for code, name in CATEGORIES.items()]


def licences() -> Options:
    """Licences by their short names."""
    return [(name, name) for name in SHORT_NAMES]


def audiences(say: Callable[..., str], kind: str) -> Options:
    """For whom something may be; only short posts go to named people."""
    return [(name, say(words)) for name, words in AUDIENCES.items() if name != "direct" or kind == "post"]


async def known_places(db: Db, viewer: int | None) -> dict[str, Place]:
    """Places where the hub's events of the last year were, by a short key: where people meet, they meet again."""
    year_ago = datetime.now(UTC) - timedelta(days=366)
    found = await events.list_between(db, year_ago, viewer=viewer, wanted=Wanted(local=True), limit=PAGE_ITEMS_MOST)
    places = {event.event.place.uri: event.event.place for event in found if event.event and event.event.place}
    return {uri.rpartition("/")[2]: place for uri, place in places.items() if uri}
