"""The administrative part of the Mastodon API: for moderation clients, on the deeds and permissions of the panel."""
