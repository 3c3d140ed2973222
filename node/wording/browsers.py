"""Browsers by names that people know, out of what they say of themselves in the header User-Agent."""

from __future__ import annotations

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Vivaldi/", "Vivaldi"),
            ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
            ("Safari/", "Safari"))  # fmt: skip
"""What stands in the header, and whose it is; those that also name what they resemble come first."""

SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
           ("Mac OS X", "macOS"), ("Linux", "Linux"))  # fmt: skip


def browser_of(agent: str) -> str:
    """Such as “Firefox, Android”; what is no browser's header is shown as it is."""
    browser = next((name for sign, name in BROWSERS if sign in agent), None)
    if browser is None:
        return agent
    system = next((name for sign, name in SYSTEMS if sign in agent), None)
    return f"{browser}, {system}" if system else browser
