"""What a member finds behind their own door: timeline, calendar, data, and the way out."""
