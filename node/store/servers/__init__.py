"""Other servers and hubs: what we know of them, whether we talk, what they said that waits."""
