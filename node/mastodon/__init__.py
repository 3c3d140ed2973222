"""The door for Mastodon-compatible clients: their REST API and streams, on the same deeds and rights as all doors."""
