"""Members of this hub: how they come, what they may do and hold, what they set, and how they leave."""
