"""Work that waits: arrivals, deliveries, jobs, and who has leased what."""
