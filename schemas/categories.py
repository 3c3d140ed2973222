"""What kinds of events there are: the words of FEP-8a8e, and for each the word that every calendar knows."""

COMMON = (
    "ARTS",
    "AUTO_BOAT_AIR",
    "BOOK_CLUBS",
    "BUSINESS",
    "CAUSES",
    "COMEDY",
    "COMMUNITY",
    "CRAFTS",
    "FAMILY_EDUCATION",
    "FASHION_BEAUTY",
    "FILM_MEDIA",
    "FOOD_DRINK",
    "GAMES",
    "LANGUAGE_CULTURE",
    "LEARNING",
    "LGBTQ",
    "MEETING",
    "MOVEMENTS_POLITICS",
    "MUSIC",
    "NETWORKING",
    "OUTDOORS_ADVENTURE",
    "PARTY",
    "PERFORMING_VISUAL_ARTS",
    "PETS",
    "PHOTOGRAPHY",
    "SCIENCE_TECH",
    "SPIRITUALITY_RELIGION_BELIEFS",
    "SPORTS",
    "THEATRE",
)
"""The 29 that FEP-8a8e and Mobilizon share: only these go out as `category`."""

FINER = {
    "CLIMATE_ENVIRONMENT": "CAUSES",
    "CREATIVE_JAM": "ARTS",
    "DIY_MAKER_SPACES": "CRAFTS",
    "FESTIVALS": "PARTY",
    "HEALTH": "COMMUNITY",
    "INCLUSIVE_SPACES": "COMMUNITY",
    "MEDITATION_WELLBEING": "SPIRITUALITY_RELIGION_BELIEFS",
    "WORKSHOPS_SKILL_SHARING": "LEARNING",
}
"""Words that some calendars lack, and the common one nearest to each; the finer word travels as a hashtag."""

ALL = frozenset(COMMON) | frozenset(FINER)
DEFAULT = "MEETING"
"""What readers make of a word they do not know, too."""


def common(category: str) -> str:
    """The common word for a category; a stranger becomes the default."""
    return category if category in COMMON else FINER.get(category, DEFAULT)


def hashtag(category: str) -> str:
    """A category as a hashtag without its `#`: WORKSHOPS_SKILL_SHARING → WorkshopsSkillSharing."""
    return "".join(word.capitalize() for word in category.split("_"))
