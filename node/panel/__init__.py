"""The door for those who look after the hub: what waits, and later cases, people and settings."""
