"""What clients decode: one struct per entity of the Mastodon API, and how a record becomes one."""
