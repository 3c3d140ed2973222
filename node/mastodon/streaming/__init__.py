"""Streams: clients hear at once of what happens, over a WebSocket or as server-sent events."""
