"""Licences of findings: their usual short names and the addresses that stand for them on the wire."""

SHORT_NAMES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC-BY-NC-SA-4.0": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    "CC-BY-ND-4.0": "https://creativecommons.org/licenses/by-nd/4.0/",
    "CC-BY-NC-ND-4.0": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
}

_NAMES = {address: name for name, address in SHORT_NAMES.items()}


def address_of(licence: str) -> str:
    """The address of a licence given by its short name; anything else is returned as it is."""
    return SHORT_NAMES.get(licence, licence)


def name_of(licence: str) -> str:
    """What people call a licence given by its address; an unknown address is its own name."""
    return _NAMES.get(licence, licence)
