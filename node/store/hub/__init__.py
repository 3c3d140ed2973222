"""The hub itself: its card, settings, texts, numbers, announcements, fields of activity."""
